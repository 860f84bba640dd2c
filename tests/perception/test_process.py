"""The perception process: frames arrive whole, trouble is survived, nothing is left behind."""

import importlib.util
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from installation.base.clock import RealClock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.perception.process import FRAME, PROCESS, SILHOUETTE, PerceptionProcess
from installation.types import Frame
from tests.leftovers import in_shared_memory, left_in_shared_memory

# The child imports this module by its name, so it needs one that both processes know.
_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE))
_SPEC = importlib.util.find_spec("fake_perceivers")
assert _SPEC is not None
import fake_perceivers  # noqa: E402


def frame(seq: int, value: int, shape: tuple[int, int] = (48, 64)) -> Frame:
    return Frame(seq / 30, seq, np.full((*shape, 3), value, np.uint8))


@pytest.fixture
def start() -> Iterator[Callable]:
    running: list[PerceptionProcess] = []

    def begin(
        make: Callable = fake_perceivers.make_echo,
        timeout_s: float = 30.0,
        frames: Latest[Frame] | None = None,
        notices: Notices | None = None,
    ):
        frames = frames if frames is not None else Latest("frames")
        notices = notices if notices is not None else Notices(RealClock())
        process = PerceptionProcess(make, frames, notices, timeout_s)
        process.start()
        running.append(process)
        return frames, notices, process

    yield begin
    for process in running:
        process.close()


def until(done: Callable[[], bool]) -> None:
    """An observation is there a moment before what was wrong is told to be over."""
    end_s = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)


def answer(process: PerceptionProcess, seq: int):
    """The observation of the frame numbered ``seq``, waiting up to 40 seconds."""
    number = 0
    for _ in range(400):
        got = process.observations.wait_newer(number, 0.1)
        if got is not None:
            number = got[0]
            if got[1].seq == seq:
                return got[1]
    raise AssertionError(f"no observation of frame {seq}")


def test_frames_of_any_size_arrive_whole(start: Callable) -> None:
    frames, _, process = start()
    for seq, (value, shape) in enumerate([(10, (48, 64)), (90, (480, 640)), (30, (2, 2)), (200, (481, 640))], start=1):
        frames.put(frame(seq, value, shape))
        observation = answer(process, seq)
        assert observation.compute_ms == value
        assert observation.frame_size == (shape[1], shape[0])
        assert observation.t_s == seq / 30
    assert process.providers == {"expression": "TestProvider"}
    assert process.ready


def test_a_bad_frame_is_reported_and_the_next_one_seen(start: Callable) -> None:
    frames, notices, process = start()
    frames.put(frame(1, 10))
    answer(process, 1)
    pid = process.pid
    frames.put(frame(2, 251))
    while not notices.active():
        threading.Event().wait(0.01)
    assert "a bad frame" in notices.active()[0].message
    frames.put(frame(3, 20))
    assert answer(process, 3).compute_ms == 20
    assert process.pid == pid
    until(lambda: notices.active() == ())


@pytest.mark.parametrize(
    ("word", "timeout_s", "said"), [(252, 5.0, "exit code 7"), (253, 1.0, "did not answer for 1 s")]
)
def test_a_child_that_dies_or_hangs_is_restarted(start: Callable, word: int, timeout_s: float, said: str) -> None:
    frames, notices, process = start(timeout_s=timeout_s)
    frames.put(frame(1, 10))
    answer(process, 1)
    pid = process.pid
    frames.put(frame(2, word))
    while not notices.history("fault"):
        threading.Event().wait(0.01)
    assert said in notices.history("fault")[0].message
    process._timeout_s = 30.0  # the next one is well, on a busy machine too
    while process.pid in (None, pid) or not process.ready:
        threading.Event().wait(0.01)
    frames.put(frame(3, 20))
    assert answer(process, 3).compute_ms == 20
    assert process.restarts == 1
    assert pid is not None
    until(lambda: not psutil.pid_exists(pid))


def test_a_child_that_cannot_start_says_why(start: Callable) -> None:
    _, notices, process = start(fake_perceivers.make_broken)
    while not notices.history("fault"):
        threading.Event().wait(0.01)
    assert "model file is gone" in notices.history("fault")[0].message
    assert not process.ready


def test_closing_leaves_no_process_no_thread_and_no_memory_behind(start: Callable) -> None:
    before = in_shared_memory()
    frames, _, process = start()
    frames.put(frame(1, 10))
    answer(process, 1)
    pid = process.pid
    frames.put(frame(2, 253))
    threading.Event().wait(0.2)
    process.close()
    process.close()
    assert pid is not None
    until(lambda: not psutil.pid_exists(pid))
    until(lambda: not any(thread.name == "perception" for thread in threading.enumerate()))
    assert left_in_shared_memory(before, os.getpid()) == []


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no /dev/shm here")
def test_what_pictures_travel_through_has_no_name_that_could_outlive_a_kill(start: Callable) -> None:
    frames, _, process = start()
    own = f"mien-{os.getpid()}-*"
    for seq, shape in enumerate([(48, 64), (48, 64), (480, 640), (480, 640)], start=1):
        frames.put(frame(seq, 10 * seq, shape))
        assert answer(process, seq).compute_ms == 10 * seq
        until_s = time.monotonic() + 30
        while list(Path("/dev/shm").glob(own)):
            assert time.monotonic() < until_s
    maps = psutil.Process(process.pid).memory_maps(grouped=False)
    assert any("/dev/shm/mien-" in one.path for one in maps), "they go another way"


def test_everybody_is_forgotten_where_no_picture_comes_any_more(start: Callable) -> None:
    frames, _, process = start(fake_perceivers.make_forgetful)
    for seq in range(1, 4):
        frames.put(frame(seq, 10))
        before = answer(process, seq).compute_ms
    for seq in range(4, 20):
        threading.Event().wait(3 * fake_perceivers.Forgetful.forget_after_s)
        frames.put(frame(seq, 10))
        if answer(process, seq).compute_ms > before:
            return
    raise AssertionError("nobody was forgotten")


def test_silhouettes_come_while_they_are_wanted_with_their_picture(start: Callable) -> None:
    frames, _, process = start()
    frames.put(frame(1, 10))
    answer(process, 1)
    assert process.silhouettes.peek() == (0, None)
    process.want_silhouettes(True)
    shown = frame(2, 90, (48, 65))
    frames.put(shown)
    answer(process, 2)
    got = process.silhouettes.wait_newer(0, 60.0)
    assert got is not None
    silhouette = got[1]
    assert (silhouette.t_s, silhouette.seq) == (shown.t_s, 2)
    assert silhouette.rgb is shown.rgb
    assert np.array_equal(silhouette.alpha, shown.rgb[:, :, 0])
    assert not silhouette.alpha.flags.writeable
    pid = process.pid
    process.want_silhouettes(False)
    for seq in (3, 4):
        frames.put(frame(seq, 20))
        answer(process, seq)
    assert process.silhouettes.peek()[0] == 1
    assert process.pid == pid


def test_a_silhouette_that_fails_costs_no_observation(start: Callable) -> None:
    frames, notices, process = start()
    process.want_silhouettes(True)
    frames.put(frame(1, 250))
    assert answer(process, 1).compute_ms == 250
    while not notices.active():
        threading.Event().wait(0.01)
    assert "no outline" in notices.active()[0].message
    frames.put(frame(2, 30))
    answer(process, 2)
    got = process.silhouettes.wait_newer(0, 60.0)
    assert got is not None
    assert got[1].seq == 2
    assert process.restarts == 0


def test_closing_ends_the_silhouettes_too(start: Callable) -> None:
    _, _, process = start()
    process.close()
    assert process.silhouettes.closed


def test_another_process_goes_on_with_the_same_frames(start: Callable) -> None:
    frames, notices, old = start()
    frames.put(frame(1, 10))
    answer(old, 1)
    old.close()
    assert not frames.closed
    frames.put(frame(2, 20))
    _, _, new = start(partial(fake_perceivers.make_named, "new"), frames=frames, notices=notices)
    # The newest frame is waiting for it; the older ones were the other's.
    assert answer(new, 2).compute_ms == 20
    frames.put(frame(3, 30))
    assert answer(new, 3).compute_ms == 30
    assert new.providers == {"expression": "new"}
    assert old.observations.closed
    assert not new.observations.closed
    assert notices.history("fault") == ()


def test_one_that_closes_late_leaves_the_next_one_its_memory(start: Callable) -> None:
    frames, _, old = start()
    frames.put(frame(1, 10))
    answer(old, 1)
    _, _, new = start(frames=frames)
    answer(new, 1)
    old.close()
    for seq, shape in ((2, (48, 64)), (3, (480, 640))):
        frames.put(frame(seq, 20, shape))
        assert answer(new, seq).compute_ms == 20
    assert new.restarts == 0


def test_frames_and_silhouettes_fail_apart_and_closing_resolves_what_is_left(start: Callable) -> None:
    frames, notices, process = start()
    process.want_silhouettes(True)
    frames.put(frame(1, 250))
    answer(process, 1)
    frames.put(frame(2, 251))
    while len(notices.active()) < 2:
        threading.Event().wait(0.01)
    assert {note.stage for note in notices.active("fault")} == {FRAME, SILHOUETTE}
    frames.put(frame(3, 250))
    answer(process, 3)
    while notices.active()[-1].stage == FRAME:
        threading.Event().wait(0.01)
    assert [note.stage for note in notices.active()] == [SILHOUETTE]
    process.want_silhouettes(False)
    frames.put(frame(4, 20))
    answer(process, 4)
    frames.put(frame(5, 20))
    answer(process, 5)
    until(lambda: notices.active() == ())
    frames.put(frame(6, 252))
    while not notices.active():
        threading.Event().wait(0.01)
    assert [note.stage for note in notices.active()] == [PROCESS]
    process.close()
    assert notices.active() == ()
