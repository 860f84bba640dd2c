"""Capture against sources that misbehave on purpose."""

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture import capture as capture_module
from installation.capture.capture import Capture
from installation.capture.devices.source import CaptureError, SourceInfo
from installation.config.capture import CaptureConfig
from installation.types import Frame

PATIENCE_S = 40.0


def wait_for(condition: Callable[[], bool]) -> None:
    """Until ``condition`` holds; fails after a time that only a broken program needs."""
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, "what was waited for did not happen"
        time.sleep(0.01)


class Bench:
    """A camera on a bench: every source made from it does what ``behaviour`` says now."""

    def __init__(self) -> None:
        self.behaviour = "good"
        self.opened = 0
        self.closed = 0
        self.let_go = threading.Event()
        self.grabs = 0

    def make(self) -> "FakeSource":
        return FakeSource(self)


class FakeSource:
    """Implements the Source protocol; ``behaviour`` is good, freeze, hang, fail or lost."""

    live = True

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def open(self) -> SourceInfo:
        self._bench.opened += 1
        if self._bench.behaviour == "lost":
            raise CaptureError("the bench camera cannot be opened", "plug it in")
        return SourceInfo("camera", "bench camera", 48, 32, 100.0, requested=(64, 32, 100.0))

    def rewind(self) -> None:
        raise AssertionError("a live source has no start")

    def grab(self) -> float | None:
        if self._bench.behaviour == "hang":
            self._bench.let_go.wait(PATIENCE_S)
        if self._bench.behaviour == "fail":
            raise CaptureError("the bench camera gave no picture", "plug it in")
        if self._bench.behaviour != "freeze":
            self._bench.grabs += 1
        time.sleep(0.01)
        return 0.0

    def retrieve(self) -> np.ndarray:
        rgb = np.zeros((32, 48, 3), np.uint8)
        rgb[0, :, 0] = np.arange(48)
        rgb[4:, :, 1] = self._bench.grabs % 251
        return rgb

    def close(self) -> None:
        self._bench.closed += 1


@pytest.fixture
def notices() -> Notices:
    return Notices(RealClock())


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def capture(bench: Bench, notices: Notices) -> Iterator[Capture]:
    config = CaptureConfig(stall_s=0.2, reopen_max_s=1.0)
    running = Capture(bench.make, config, RealClock(), notices)
    running.start()
    yield running
    bench.let_go.set()
    running.close()


def told(notices: Notices, text: str) -> bool:
    return any(text in notice.message for notice in notices.active())


def newest(capture: Capture) -> Frame:
    frame = capture.frames.peek()[1]
    assert frame is not None
    return frame


def wait_for_new(capture: Capture) -> None:
    seq = capture.frames.peek()[0]
    wait_for(lambda: capture.frames.peek()[0] > seq + 2)


def test_frames_are_mirrored_contiguous_and_stamped(capture: Capture) -> None:
    wait_for_new(capture)
    first = newest(capture)
    wait_for_new(capture)
    second = newest(capture)
    assert first.rgb[0, :, 0].tolist() == list(range(47, -1, -1))
    assert first.rgb.dtype == np.uint8
    assert first.rgb.flags.c_contiguous
    assert not first.rgb.flags.writeable
    assert second.t_s > first.t_s
    assert second.seq > first.seq
    age_s = capture.age_s()
    assert age_s is not None
    assert age_s >= 0


def test_requested_and_obtained_are_compared(capture: Capture) -> None:
    wait_for_new(capture)
    info = capture.info
    assert info is not None
    assert not info.as_requested
    assert (info.width, info.height) == (48, 32)
    assert "asked for 64x32" in info.describe()
    wait_for(lambda: capture.info is not None and capture.info.measured_fps > 0)


def test_a_repeated_picture_is_a_stall_and_frames_come_back(capture: Capture, bench: Bench, notices: Notices) -> None:
    wait_for_new(capture)
    bench.behaviour = "freeze"
    wait_for(lambda: bench.opened >= 3)
    wait_for(lambda: told(notices, "nothing new"))
    frozen = newest(capture).seq
    wait_for(lambda: bench.opened >= 4)
    # Opening again does not make the same picture new.
    assert newest(capture).seq == frozen
    wait_for(lambda: told(notices, "nothing new"))
    bench.behaviour = "good"
    wait_for_new(capture)
    wait_for(lambda: notices.active() == ())


@pytest.mark.parametrize("behaviour", ["fail", "lost"])
def test_an_error_is_reopened_until_it_works(capture: Capture, bench: Bench, notices: Notices, behaviour: str) -> None:
    wait_for_new(capture)
    bench.behaviour = behaviour
    if behaviour == "lost":
        bench.behaviour = "fail"
        wait_for(lambda: bool(notices.active()))
        bench.behaviour = "lost"
    wait_for(lambda: bench.opened >= 3)
    wait_for(lambda: told(notices, "plug it in"))
    bench.behaviour = "good"
    wait_for_new(capture)
    wait_for(lambda: notices.active() == ())
    wait_for(lambda: bench.closed >= bench.opened - 1)


def test_a_hanging_reader_is_left_behind_and_its_late_frame_dropped(
    capture: Capture, bench: Bench, notices: Notices
) -> None:
    wait_for_new(capture)
    bench.behaviour = "hang"
    wait_for(lambda: capture.hanging == 1)
    bench.behaviour = "good"
    wait_for_new(capture)
    wait_for(lambda: notices.active() == ())
    late = threading.active_count()
    bench.let_go.set()
    wait_for(lambda: capture.hanging == 0)
    wait_for(lambda: threading.active_count() <= late)
    wait_for_new(capture)
    wait_for(lambda: notices.active() == ())


def test_readers_that_hang_are_limited(
    capture: Capture, bench: Bench, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_module, "MAX_HANGING", 2)
    monkeypatch.setattr(capture_module, "OPEN_S", 0.3)
    wait_for_new(capture)
    bench.behaviour = "hang"
    wait_for(lambda: told(notices, "readers hang"))
    # Neither hides the other.
    wait_for(lambda: {notice.stage for notice in notices.active()} == {"capture", "capture driver"})
    opened = bench.opened
    time.sleep(0.5)
    assert bench.opened == opened
    assert capture.hanging == 2
    bench.behaviour = "good"
    bench.let_go.set()
    wait_for_new(capture)
    wait_for(lambda: notices.active() == ())


def test_close_ends_and_releases(capture: Capture, bench: Bench) -> None:
    wait_for_new(capture)
    capture.close()
    wait_for(lambda: bench.closed == bench.opened)
    assert capture.frames.closed


def test_close_does_not_wait_for_a_hanging_driver(capture: Capture, bench: Bench) -> None:
    wait_for_new(capture)
    bench.behaviour = "hang"
    closing = threading.Thread(target=capture.close)
    closing.start()
    closing.join(PATIENCE_S / 2)
    assert not closing.is_alive()
    assert not bench.let_go.is_set()


def test_a_reader_that_is_given_up_while_opening_publishes_nothing(notices: Notices) -> None:
    capture = Capture(Bench().make, CaptureConfig(), RealClock(), notices)
    capture._generation = 5
    capture._read(4)
    assert capture.frames.peek() == (0, None)
    assert capture.info is None


def test_what_was_wrong_with_a_source_goes_with_it(capture: Capture, bench: Bench, notices: Notices) -> None:
    bench.behaviour = "fail"
    wait_for(lambda: bool(notices.active("fault")))
    capture.close()
    assert notices.active("fault"), "closing alone says nothing: the piece may be ending"
    capture.resolve_notices()
    assert notices.active() == ()


def test_at_rest_the_camera_is_closed_and_the_last_picture_black(
    capture: Capture, bench: Bench, notices: Notices
) -> None:
    wait_for_new(capture)
    assert newest(capture).rgb.any()
    capture.rest(True)
    wait_for(lambda: bench.closed == bench.opened and not newest(capture).rgb.any())
    grabs, last = bench.grabs, newest(capture)
    time.sleep(0.3)  # longer than a stall
    assert (bench.grabs, bench.opened) == (grabs, bench.closed)
    wait_for(lambda: not notices.active("fault"))
    assert "not read now" in capture.describe()
    capture.rest(False)
    wait_for_new(capture)
    assert newest(capture).rgb.any()
    assert newest(capture).seq > last.seq


def test_a_camera_that_rests_from_the_start_is_not_opened(bench: Bench, notices: Notices) -> None:
    resting = Capture(bench.make, CaptureConfig(), RealClock(), notices)
    resting.rest(True)
    resting.start()
    time.sleep(0.2)
    resting.close()
    assert bench.opened == 0
