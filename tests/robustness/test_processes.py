"""Shared memory that is not there, processes that die, hang, stop or cannot begin, threads that end: the show goes on."""

import errno
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker, util
from pathlib import Path

import numpy as np
import psutil
import pytest

from installation.base.clock import RealClock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.base.supervisor import Supervisor
from installation.base.threads import report_ended_threads, try_to_start, unending
from installation.config.capture import CaptureConfig
from installation.config.output import VideoConfig
from installation.config.settings import Config
from installation.perception import frame_memory
from installation.perception import process as perception_process
from installation.perception.eyes import LiveEyes, PerformerEyes
from installation.perception.frame_memory import FIRST_RETRY_S, MEMORY
from installation.perception.process import FAILURES_IN_A_ROW, FRAME, PROCESS, PerceptionProcess
from installation.perception.turns import MAKE_AGAIN_S, PosePool
from installation.render.captures.video_recorder import VideoRecorder
from installation.types import Frame, Observation

ROOT = Path(__file__).resolve().parents[2]
FAKES = ROOT / "tests" / "perception"
sys.path.insert(0, str(FAKES))
assert importlib.util.find_spec("fake_perceivers") is not None
import fake_perceivers  # noqa: E402

posix = pytest.mark.skipif(os.name != "posix", reason="signals and /dev/shm are POSIX")
SHM = Path("/dev/shm")


def until(true: Callable[[], object], seconds: float = 40.0) -> None:
    """Wait for a condition, in steps of 10 ms."""
    pause, end_s = threading.Event(), time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end_s, "it did not happen"
        pause.wait(0.01)


class Running:
    """A perception process with what it reads and says."""

    def __init__(self, make: Callable = fake_perceivers.make_echo, timeout_s: float = 30.0) -> None:
        self.frames: Latest[Frame] = Latest("frames")
        self.notices = Notices(RealClock())
        self.process = PerceptionProcess(make, self.frames, self.notices, timeout_s)
        self._seq = 0
        self.process.start()

    def show(self, value: int, t_s: float = 0.0, shape: tuple[int, int] = (48, 64)) -> int:
        """Publish a frame of one colour; its number."""
        self._seq += 1
        self.frames.put(Frame(t_s, self._seq, np.full((*shape, 3), value, np.uint8)))
        return self._seq

    def sees(self, value: int, t_s: float = 0.0, shape: tuple[int, int] = (48, 64)) -> Observation:
        """Publish a frame and wait for what is seen in it."""
        seq = self.show(value, t_s, shape)

        def found() -> bool:
            newest = self.process.observations.peek()[1]
            return newest is not None and newest.seq == seq

        until(found)
        newest = self.process.observations.peek()[1]
        assert newest is not None
        assert newest.compute_ms == value
        assert newest.frame_size == (shape[1], shape[0])
        return newest

    def active(self, stage: str) -> str:
        """What is said about ``stage`` now; empty: nothing."""
        return " ".join(notice.message for notice in self.notices.active() if notice.stage == stage)

    def faults(self) -> list[str]:
        return [notice.message for notice in self.notices.history("fault")]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Running]]:
    monkeypatch.setattr(perception_process, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(perception_process, "LONGEST_PAUSE_S", 0.02)
    all_of_them: list[Running] = []

    def begin(*args: object, **more: object) -> Running:
        running = Running(*args, **more)
        all_of_them.append(running)
        return running

    yield begin
    for running in all_of_them:
        running.process.close()


# --- shared memory


IN_SMALL_SHM = """
import json, sys
sys.path[:0] = [{root!r}, {fakes!r}]
import numpy as np
import fake_perceivers
from installation.base.clock import RealClock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.perception.process import PerceptionProcess
from installation.types import Frame
frames, notices = Latest(), Notices(RealClock())
process = PerceptionProcess(fake_perceivers.make_echo, frames, notices, 5.0)
process.start()
seen, means = 0, []
for number, shape in enumerate([(720, 1280), (40, 40), (720, 1280)], 1):
    frames.put(Frame(0.0, number, np.full((*shape, 3), 10 * number, np.uint8)))
    seen, observation = process.observations.wait_newer(seen, 60.0)
    means.append(observation.compute_ms)
said = [notice.message for notice in notices.active()]
process.close()
print(json.dumps([means, said, len(notices.history("fault")), process.restarts]))
"""


@posix
@pytest.mark.parametrize(
    "options",
    [
        "size=256k",
        pytest.param("ro", marks=pytest.mark.long),
        pytest.param("size=4k,nr_inodes=1", marks=pytest.mark.long),
    ],
)
def test_a_picture_larger_than_shared_memory_goes_through_the_pipe(options: str) -> None:
    mount = f"mount -t tmpfs -o {options} tmpfs /dev/shm"
    if subprocess.run(["unshare", "-m", "sh", "-c", mount], capture_output=True, check=False).returncode != 0:
        pytest.skip("this user cannot mount a small /dev/shm")
    code = IN_SMALL_SHM.format(root=str(ROOT), fakes=str(FAKES))
    command = ["unshare", "-m", "sh", "-c", mount + ' && exec "$0" "$@"', sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr
    means, (said,), faults, restarts = json.loads(done.stdout)
    assert means == [10, 20, 30]
    assert "through a pipe" in said
    assert "--shm-size" in said
    assert (faults, restarts) == (0, 0)


def test_shared_memory_is_used_again_once_there_is_room(start: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    real, room = frame_memory.reserved, threading.Event()

    def reserved(size: int) -> object:
        if room.is_set():
            return real(size)
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr(frame_memory, "reserved", reserved)
    running = start()
    running.sees(10)
    assert "No such file" in running.active(MEMORY)
    room.set()
    running.sees(20, t_s=FIRST_RETRY_S / 2)
    assert running.active(MEMORY)
    running.sees(30, t_s=FIRST_RETRY_S)
    until(lambda: running.active(MEMORY) == "")
    assert len(running.notices.history("fallback")) == 1


@posix
def test_a_block_that_somebody_removed_is_made_anew(start: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd clears /dev/shm of a user who logs out."""
    if not SHM.is_dir():
        pytest.skip("no /dev/shm here")
    real, removed = frame_memory.reserved, threading.Event()

    def reserved(size: int) -> object:
        block = real(size)
        if not removed.is_set():
            (SHM / block.name).unlink()
            removed.set()
        return block

    monkeypatch.setattr(frame_memory, "reserved", reserved)
    running = start()
    running.show(10)
    until(lambda: running.active(MEMORY))
    running.sees(20, t_s=1.0)
    assert "cannot reach it" in running.active(MEMORY)
    running.sees(30, t_s=2 * FIRST_RETRY_S)
    until(lambda: running.active(MEMORY) == "")
    assert running.process.restarts == 0


def test_what_is_reserved_is_there() -> None:
    block = frame_memory.reserved(1 << 20)
    try:
        assert block.size >= 1 << 20
        if sys.platform == "linux":
            assert (SHM / block.name).stat().st_blocks * 512 >= 1 << 20
    finally:
        block.close()
        block.unlink()


@posix
def test_python_s_own_tracker_of_shared_memory_may_be_killed(start: Callable) -> None:
    running = start()
    running.sees(10)
    tracker = getattr(resource_tracker, "_resource_tracker", None)
    pid = getattr(tracker, "_pid", None)
    if pid is None:
        pytest.skip("this Python keeps its tracker elsewhere")
    os.kill(pid, signal.SIGKILL)
    running.sees(20)

    def restart() -> None:
        os.kill(running.process.pid, signal.SIGKILL)
        until(lambda: running.process.restarts == 1)
        running.sees(30, shape=(100, 100))

    with pytest.warns(UserWarning, match="resource_tracker"):
        restart()


# --- the child


@posix
@pytest.mark.parametrize("stopped_with", [pytest.param("memory", marks=pytest.mark.long), "pipe"])
def test_a_stopped_child_is_replaced(start: Callable, monkeypatch: pytest.MonkeyPatch, stopped_with: str) -> None:
    if stopped_with == "pipe":
        monkeypatch.setattr(frame_memory, "reserved", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    running = start(timeout_s=0.5)
    running.sees(10)
    pid = running.process.pid
    os.kill(pid, signal.SIGSTOP)
    running.show(20, shape=(720, 1280))
    until(running.faults)
    assert "for 0.5 s" in running.faults()[0]
    running.sees(30)
    until(lambda: not psutil.pid_exists(pid))


@posix
def test_closing_does_not_wait_for_a_child_that_reads_nothing(start: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_memory, "reserved", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    running = start(timeout_s=60.0)
    running.sees(10)
    pid = running.process.pid
    os.kill(pid, signal.SIGSTOP)
    running.show(20, shape=(720, 1280))
    until(lambda: running.frames.drops == 0 and psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    started_s = time.monotonic()
    running.process.close()
    assert time.monotonic() - started_s < 30.0
    until(lambda: not psutil.pid_exists(pid))
    until(lambda: not any(thread.name == "perception" for thread in threading.enumerate()))


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_how_a_child_was_killed_is_named(start: Callable, number: signal.Signals) -> None:
    running = start()
    running.sees(10)
    os.kill(running.process.pid, number)
    until(running.faults)
    assert f"killed by {number.name}" in running.faults()[0]
    assert ("out of memory" in running.faults()[0]) == (number is signal.SIGKILL)
    running.sees(20)
    until(lambda: running.active(PROCESS) == "")


def test_a_child_that_can_perceive_nothing_more_is_replaced(start: Callable) -> None:
    """CUDA is lost for good within a process once its driver has failed; memory once it is full of holes."""
    running = start()
    running.sees(10)
    pid = running.process.pid
    for _ in range(FAILURES_IN_A_ROW - 1):
        seen = running.show(249)
        until(lambda seen=seen: running.process._seq == seen and "MemoryError" in running.active(FRAME))
    assert running.process.pid == pid
    until(lambda: running.show(249) and running.process.restarts == 1)
    assert f"{FAILURES_IN_A_ROW} pictures in a row" in " ".join(running.faults())
    running.sees(20)
    until(lambda: running.active(FRAME) == running.active(PROCESS) == "")


def test_where_no_process_can_be_started_it_is_tried_until_one_can(
    start: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(util, "spawnv_passfds", refuse)
        running = start()
        until(lambda: running.process.restarts >= 3)
    assert "no process for perception can be started" in running.faults()[0]
    running.sees(10)
    until(lambda: running.active(PROCESS) == "")


def test_an_error_nobody_foresaw_does_not_end_the_watching_thread(
    start: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start()
    running.sees(10)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(running.process._out, "send", lambda *_: [][1])
        running.show(20)
        until(running.faults)
    assert "IndexError" in running.faults()[0]
    running.sees(30)


@pytest.mark.parametrize("restarts", [2, pytest.param(20, marks=pytest.mark.long)])
def test_restarts_leave_nothing_behind(start: Callable, monkeypatch: pytest.MonkeyPatch, restarts: int) -> None:
    """No file, no process and no block of shared memory, however often it comes to it."""
    real, blocks = frame_memory.reserved, list[str]()

    def reserved(size: int) -> object:
        block = real(size)
        blocks.append(block.name)
        return block

    monkeypatch.setattr(frame_memory, "reserved", reserved)
    running = start()
    running.sees(10)
    own = psutil.Process()

    def held() -> tuple[int, int]:
        return (own.num_fds() if os.name == "posix" else own.num_handles()), len(own.children())

    before = held()
    for done in range(1, restarts + 1):
        running.show(252)  # it ends itself
        until(lambda done=done: running.process.restarts == done)
        running.sees(20)
    until(lambda: held() == before)
    assert len(blocks) == restarts + 1
    if SHM.is_dir():
        assert [name for name in blocks if (SHM / name).exists()] == []


# --- threads


def test_work_that_fails_begins_again_and_says_so() -> None:
    notices, stop, calls = Notices(RealClock()), threading.Event(), []

    def work() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise MemoryError("no room")

    thread = threading.Thread(target=unending(work, stop, notices, "lamps"))
    thread.start()
    thread.join(20)
    assert len(calls) == 2
    assert notices.active("fault")[0].message == "MemoryError: no room; going on in 0.5 s"


def test_the_pause_after_a_failure_is_cut_short_by_the_end() -> None:
    notices, stop = Notices(RealClock()), threading.Event()
    thread = threading.Thread(target=unending(lambda: [][1], stop, notices, "lamps"))
    thread.start()
    until(lambda: notices.active("fault"))
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), UnicodeError("caf\udce9")])
def test_a_thread_that_ends_unforeseen_is_a_fault(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    notices = Notices(RealClock())
    report_ended_threads(notices)
    thread = threading.Thread(target=lambda: (_ for _ in ()).throw(error), name="helper")
    thread.start()
    thread.join()
    (found,) = notices.active("fault")
    assert found.stage == "thread helper"
    assert type(error).__name__ in found.message


def no_more_threads(*_: object) -> None:
    raise RuntimeError("can't start new thread")


def test_where_no_thread_is_left_that_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    notices = Notices(RealClock())
    monkeypatch.setattr(threading.Thread, "start", no_more_threads)
    assert not try_to_start(threading.Thread(target=print), notices, "eyes")
    assert "can't start new thread" in notices.active("fault")[0].message


def test_all_is_closed_where_no_thread_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    supervisor = Supervisor(RealClock())
    supervisor.add("first", lambda: closed.append("first"))
    supervisor.add("broken", lambda: [][1])
    supervisor.add("last", lambda: closed.append("last"))
    monkeypatch.setattr(threading.Thread, "start", no_more_threads)
    assert supervisor.stop() == ["broken"]
    supervisor.ended()
    assert closed == ["last", "first"]


def test_a_video_without_a_thread_is_a_fault_and_the_next_one_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notices = Notices(RealClock())
    recorder = VideoRecorder(VideoConfig(), RealClock(), notices)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(threading.Thread, "start", no_more_threads)
        recorder.start(tmp_path / "a.mp4", (64, 48), 30.0)
    assert not recorder.recording
    assert "can't start new thread" in notices.active("fault")[0].message
    assert recorder.close(1.0)
    recorder.start(tmp_path / "b.mp4", (64, 48), 30.0)
    until(lambda: recorder.ready)
    assert recorder.close(60.0)
    assert notices.active("fault") == ()


def test_a_change_of_source_waits_for_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    class Performer:
        def __init__(self) -> None:
            self.observations: Latest[Observation] = Latest("observations")
            self.silhouettes: Latest[object] = Latest("silhouettes")

        def start(self) -> None: ...

        def close(self) -> None:
            self.observations.close()

    notices, config = Notices(RealClock()), Config()
    eyes = LiveEyes(config, lambda _: PerformerEyes(Performer()), notices)  # type: ignore[arg-type]
    first = eyes.current
    other = config.model_copy(update={"capture": CaptureConfig(source="simulated")})
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(threading.Thread, "start", no_more_threads)
        eyes.reconfigure(other)
        assert not eyes.take_change()
        assert "can't start new thread" in notices.active("fault")[0].message
    until(lambda: eyes.take_change())
    assert eyes.current is not first
    assert notices.active("fault") == ()
    eyes.close()


def test_a_pose_network_that_cannot_be_made_is_told_and_tried_again() -> None:
    made: list[bool] = []

    class Finder:
        def __init__(self, masks: bool) -> None:
            self.masks = masks

        def close(self) -> None: ...

    def make(masks: bool) -> Finder:
        made.append(masks)
        if len(made) == 2:
            raise MemoryError("70 MB")
        return Finder(masks)

    def second_is_there(t_s: float) -> bool:
        pool.keep({1, 2}, t_s)
        return pool.of(1) is not None and pool.of(2) is not None

    pool = PosePool(make, 4)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="MemoryError: 70 MB"):
        until(lambda: second_is_there(0.0))
    assert not second_is_there(1.0)
    assert len(made) == 2
    until(lambda: second_is_there(MAKE_AGAIN_S))
    pool.close()
