"""Sources that give broken pictures, hang, raise or cannot be looked at; and the end of the process meanwhile."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from installation import app
from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.supervisor import StopSignal
from installation.capture import capture as capture_module
from installation.capture.capture import Capture
from installation.capture.devices.opencv import OpenCvSource
from installation.capture.devices.source import MAX_BAD, BadPictureError, CaptureError, Source, SourceInfo
from installation.capture.sources import choose, look_at, probe, source_for
from installation.commands.shared import LoadedSettings
from installation.config.capture import CaptureConfig
from installation.config.settings import Config
from tests.capture.test_devices import StreamServer
from tests.robustness.films import film
from tests.robustness.test_pictures import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Bench:
    """A source on a bench. ``act`` is called in the place of each ``retrieve`` and may raise or wait."""

    def __init__(self, live: bool, act: Callable[[], None]) -> None:
        self.live, self.act = live, act
        self.opened = self.shown = 0

    def open(self) -> SourceInfo:
        self.opened += 1
        return SourceInfo("camera" if self.live else "file", "bench", 8, 6, 100.0)

    def rewind(self) -> None: ...

    def grab(self) -> float | None:
        time.sleep(0.005)
        self.shown += 1
        return self.shown / 100

    def retrieve(self) -> np.ndarray:
        self.act()
        return np.full((6, 8, 3), self.shown % 256, np.uint8)

    def read(self) -> np.ndarray | None: ...

    def close(self) -> None: ...


@contextmanager
def running(make: Callable[[], Source], **settings: float) -> Iterator[tuple[Capture, Notices]]:
    notices = Notices(RealClock())
    # Where a stall is not what is looked for, a busy machine makes none.
    config = CaptureConfig(**{"reopen_max_s": 1.0, "stall_s": 30.0} | settings)
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    try:
        yield capture, notices
    finally:
        capture.close()


def came(capture: Capture, more: int) -> None:
    seq = capture.frames.peek()[0]
    wait_until(lambda: capture.frames.peek()[0] >= seq + more)


@pytest.fixture
def server() -> Iterator[StreamServer]:
    made = StreamServer()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.ending.set()
    made.shutdown()
    made.server_close()
    thread.join(20)


def test_undecodable_pictures_in_a_stream_are_skipped_and_counted(
    server: StreamServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.spoils = lambda number: number % 7 in (3, 4)
    config = CaptureConfig(source=f"http://127.0.0.1:{server.server_port}/", stall_s=20.0)
    make = choose(config, Notices(RealClock()))
    assert make is not None
    with running(make, stall_s=20.0) as (capture, notices):
        came(capture, 25)
        info = capture.info
        assert info is not None
        assert info.skipped >= 6
        assert f"{info.skipped} pictures skipped" in info.describe()
        assert server.connections == 1
        assert notices.history("fault") == ()
    told = [record.message for record in caplog.records if "skipped" in record.message]
    assert 1 <= len(told) <= 6, "each time that they are twice as many"
    assert "pictures that cannot be decoded are skipped, 2 so far" in told[0]


@pytest.mark.parametrize("live", [True, False])
def test_too_many_bad_pictures_in_a_row_open_the_source_again(live: bool) -> None:
    bad = threading.Event()

    def act() -> None:
        if bad.is_set():
            raise BadPictureError("bench gave a picture that cannot be decoded", "look at the cable")

    bench = Bench(live, act)
    with running(lambda: bench) as (capture, notices):
        came(capture, 3)
        bad.set()
        wait_until(lambda: bench.opened >= 2)
        wait_until(lambda: any("look at the cable" in one.message for one in notices.active("fault")))
        bad.clear()
        came(capture, 3)
        wait_until(lambda: notices.active() == ())
        info = capture.info
        assert info is not None
        assert info.skipped >= MAX_BAD - 1


@pytest.mark.parametrize("error", [ValueError("odd"), MemoryError(), RuntimeError("driver"), ZeroDivisionError()])
@pytest.mark.parametrize("live", [True, False])
def test_whatever_a_source_raises_is_a_fault_and_it_is_opened_again(live: bool, error: Exception) -> None:
    failing = threading.Event()

    def act() -> None:
        if failing.is_set():
            raise error

    bench = Bench(live, act)
    with running(lambda: bench) as (capture, notices):
        came(capture, 2)
        failing.set()
        wait_until(lambda: bench.opened >= 2)
        wait_until(lambda: any(type(error).__name__ in one.message for one in notices.active("fault")))
        failing.clear()
        came(capture, 2)
        wait_until(lambda: notices.active() == ())


def test_a_slow_file_is_waited_for_and_not_opened_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_module, "OPEN_S", 0.3)
    slow, go_on = threading.Event(), threading.Event()

    def act() -> None:
        if slow.is_set():
            assert go_on.wait(60)

    bench = Bench(False, act)
    with running(lambda: bench, stall_s=1.0) as (capture, notices):
        came(capture, 2)
        slow.set()
        wait_until(lambda: notices.active("fault"))
        assert "disk" in notices.active("fault")[0].message
        assert (bench.opened, capture.hanging) == (1, 0)
        go_on.set()
        came(capture, 2)
        wait_until(lambda: notices.active() == ())
        assert bench.opened == 1
        assert len(notices.history("fault")) == 1


def test_a_camera_whose_first_pictures_are_broken_is_looked_at_on() -> None:
    left = [5]

    def act() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise BadPictureError("bench gave a picture that cannot be decoded")

    assert look_at(Bench(True, act)).width == 8


def test_whatever_a_source_raises_when_it_is_looked_at_is_its_error() -> None:
    def act() -> None:
        raise ValueError("an odd driver")

    with pytest.raises(CaptureError, match="an odd driver"):
        look_at(Bench(True, act))


@pytest.mark.parametrize("spec", ["~nobody-of-this-name/a.mp4", "x" * 5000, "a\0b/c.mp4"])
def test_a_path_that_cannot_be_looked_at_is_an_error_of_the_source(spec: str) -> None:
    with pytest.raises(CaptureError):
        source_for(spec, CaptureConfig())


def test_sound_alone_and_a_film_without_pictures_are_no_video(tmp_path: Path) -> None:
    sound = tmp_path / "sound.wav"
    with av.open(str(sound), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), "s16", "mono")
        frame.sample_rate = 8000
        for packet in stream.encode(frame):
            out.mux(packet)
    empty = film(tmp_path / "empty.mkv", 5, codec="mjpeg", pixels="yuvj420p", spoil=range(5))
    bare = tmp_path / "bare.avi"
    bare.write_bytes(film(tmp_path / "b.avi", 5, codec="mpeg4").read_bytes()[:600])
    for path in (sound, empty, bare):
        with pytest.raises(CaptureError, match="is it a video"):
            probe(str(path))


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (float("nan"), 48), (-1, -1)])
def test_a_size_that_a_driver_states_is_not_believed(width: float, height: float) -> None:
    class Driver:
        def isOpened(self) -> bool:
            return True

        def get(self, what: int) -> float:
            return {3: width, 4: height, 5: float("nan")}.get(what, 0.0)

        def release(self) -> None: ...

    class Odd(OpenCvSource):
        kind, hint = "camera", "try another"

        def _connect(self) -> Driver:
            return Driver()

    source = Odd("odd camera", CaptureConfig())
    if width == 60_000:
        with pytest.raises(CaptureError, match=r"odd camera is too large: 60000 x 60000"):
            source.open()
    else:
        assert 0 in (source.open().width, source.open().height)
        assert source.open().fps == 0


def test_a_missing_source_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: None)
    config = Config.model_validate({"capture": {"source": str(tmp_path / "gone.mp4")}})
    caplog.set_level(logging.INFO)
    assert app.run(app.RunOptions(LoadedSettings(config, [], {})), StopSignal()) == 2
    assert sum("gone.mp4" in record.message for record in caplog.records) == 1


LEAVING = """
import sys, threading
import cv2, numpy as np
from installation.base.leaving import leave
data, begun = cv2.imencode(".png", np.random.default_rng(0).integers(0, 255, (600, 800), np.uint8))[1], threading.Event()
def decode():
    while True:
        begun.set()
        cv2.imdecode(data, 1)
if sys.argv[1] == "busy":
    threading.Thread(target=decode, daemon=True).start()
    begun.wait()
print("the last words")
leave(int(sys.argv[2]))
"""


@pytest.mark.parametrize(("how", "code"), [("busy", 3), ("idle", 0)])
def test_a_decoder_at_work_does_not_abort_the_end(how: str, code: int) -> None:
    """Without ``leave`` this ends with "terminate called without an active exception" and code 134."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING, how, str(code)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "the last words\n", "")
