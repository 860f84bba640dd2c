"""Files, folders and network streams, through Capture as the app uses them."""

import http.server
import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture.capture import Capture
from installation.capture.devices.pictures import PictureSource
from installation.capture.devices.source import CaptureError
from installation.capture.devices.stream import StreamSource
from installation.capture.devices.video_file import VideoFileSource
from installation.capture.sources import choose, probe, source_for
from installation.config.capture import CaptureConfig

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
LEVELS = (20, 70, 120, 170, 220)


def flat(level: int, width: int = 64, height: int = 48) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "steps.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 20.0, (64, 48))
    assert writer.isOpened()
    for level in LEVELS:
        writer.write(flat(level))
    writer.release()
    return path


def watch(capture: Capture, count: int) -> list[tuple[float, int]]:
    """(t_s, grey level) of the next ``count`` frames that a reader gets."""
    seen, seq = [], 0
    while len(seen) < count:
        got = capture.frames.wait_newer(seq, 20.0)
        assert got is not None, "no frame came"
        seq, frame = got
        seen.append((frame.t_s, int(frame.rgb[10, 10, 0])))
    return seen


def play(spec: str | Path, count: int, **settings: float) -> tuple[list[tuple[float, int]], Notices, Capture]:
    notices = Notices(RealClock())
    config = CaptureConfig(source=str(spec), **settings)
    make = choose(config, notices)
    assert make is not None
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    try:
        return watch(capture, count), notices, capture
    finally:
        capture.close()


def test_a_video_loops_without_a_seam(video: Path) -> None:
    seen, notices, capture = play(video, 14)
    times = [t_s for t_s, _ in seen]
    steps = [int(np.argmin(np.abs(np.array(LEVELS) - level))) for _, level in seen]
    assert all(b > a for a, b in itertools.pairwise(times))
    # Pictures may be passed over on a busy machine, all five after a quarter of a second; else they come in turn, and the first
    # follows the last.
    turns = zip(itertools.pairwise(steps), itertools.pairwise(times), strict=True)
    assert all((b - a) % 5 or t_b - t_a > 0.2 for (a, b), (t_a, t_b) in turns)
    assert sum(b < a for a, b in itertools.pairwise(steps)) >= 2
    assert notices.history("fault") == ()
    info = capture.info
    assert info is not None
    assert (info.kind, info.width, info.height) == ("file", 64, 48)
    assert info.fps == pytest.approx(20.0)


def test_a_video_is_given_its_own_times(video: Path) -> None:
    source = VideoFileSource(video, CaptureConfig())
    source.open()
    assert [source.grab() for _ in range(6)] == [pytest.approx(k / 20) for k in range(5)] + [None]
    source.close()


@pytest.mark.parametrize("can_seek", [True, False])
def test_a_video_starts_again_whether_it_can_be_sought_in_or_not(video: Path, can_seek: bool) -> None:
    source = VideoFileSource(video, CaptureConfig())
    source.open()
    try:
        for _ in range(3):
            times = list(iter(source.grab, None))
            assert times == [pytest.approx(k / 20) for k in range(5)]
            source.rewind()
            if not can_seek:
                source._capture.set(cv2.CAP_PROP_POS_FRAMES, 3)
    finally:
        source.close()


def test_a_gif_keeps_its_delays() -> None:
    path = FOOTAGE / "intel_people-detection.gif"
    if not path.is_file():
        pytest.skip("the footage is not here")
    source = VideoFileSource(path, CaptureConfig())
    info = source.open()
    first, second = source.grab(), source.grab()
    source.close()
    assert (info.width, info.height) == (480, 270)
    assert first == 0
    assert second == pytest.approx(0.08)


def test_a_folder_plays_sorted_and_skips_what_is_broken(tmp_path: Path) -> None:
    for name, level in (("c.png", 200), ("a.png", 50), ("b.png", 120)):
        assert cv2.imwrite(str(tmp_path / name), flat(level))
    (tmp_path / "aa.png").write_bytes(b"not a picture")
    (tmp_path / "notes.txt").write_text("not one either")
    seen, notices, _ = play(tmp_path, 12, per_second=40.0)
    levels = [level for _, level in seen]
    assert set(levels) == {50, 120, 200}
    order = [level for level, _ in itertools.groupby(levels)]
    assert all(
        (a, b) in {(50, 120), (120, 200), (200, 50), (50, 200), (120, 50), (200, 120)}
        for a, b in itertools.pairwise(order)
    )
    source = PictureSource(tmp_path, 10.0)
    source.open()
    assert [source.grab() is not None and int(source.retrieve()[0, 0, 0]) for _ in range(5)] == [
        50,
        50,
        120,
        200,
        False,
    ]
    assert notices.history("fault") == ()


def test_one_still_picture_is_no_stall_even_at_a_slow_pace(tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "still.png"), flat(90))
    seen, notices, capture = play(tmp_path / "still.png", 4, per_second=2.0, stall_s=0.2)
    assert {level for _, level in seen} == {90}
    assert notices.history("fault") == ()
    info = capture.info
    assert info is not None
    assert info.kind == "folder"


@pytest.mark.parametrize("make_bad", [b"", b"\x00\x00\x00\x18ftypmp42 and then nothing that is a video"])
def test_a_file_that_is_no_video_is_an_error(tmp_path: Path, make_bad: bytes) -> None:
    path = tmp_path / "broken.mp4"
    path.write_bytes(make_bad)
    with pytest.raises(CaptureError, match=r"broken\.mp4.*MP4"):
        choose(CaptureConfig(source=str(path)), Notices(RealClock()))


class StreamServer(http.server.ThreadingHTTPServer):
    """Sends a moving picture as multipart/x-mixed-replace; ``frozen`` repeats the picture, ``silent`` sends none, and in the
    place of those whose number ``spoils`` says come bytes that are no picture."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), StreamHandler)
        self.frozen = False
        self.silent = False
        self.spoils: Callable[[int], bool] = lambda number: False
        self.ending = threading.Event()
        self.connections = 0


class StreamHandler(http.server.BaseHTTPRequestHandler):
    server: StreamServer

    def do_GET(self) -> None:
        self.server.connections += 1
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        step = 0
        try:
            while not self.server.ending.wait(0.02):
                if self.server.silent:
                    continue
                step += 0 if self.server.frozen else 1
                rgb = flat(60, 160, 120)
                cv2.circle(rgb, (20 + 3 * step % 120, 60), 15, (255, 255, 255), -1)
                data = cv2.imencode(".jpg", rgb)[1].tobytes()
                if self.server.spoils(step):
                    data = data[:20] + bytes(len(data) - 20)
                head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                self.wfile.write(head.encode() + data + b"\r\n")
        except OSError:
            pass  # the reader went away

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[StreamServer]:
    running = StreamServer()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield running
    running.ending.set()
    running.shutdown()
    running.server_close()


def test_an_mjpeg_stream_is_read_and_read_again(server: StreamServer) -> None:
    url = f"http://127.0.0.1:{server.server_port}/video.mjpg"
    notices = Notices(RealClock())
    config = CaptureConfig(source=url, stall_s=0.5, reopen_max_s=1.0)
    make = choose(config, notices)
    assert make is not None
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    try:
        watch(capture, 5)
        info = capture.info
        assert info is not None
        assert (info.kind, info.width, info.height) == ("stream", 160, 120)
        for trouble in ("frozen", "silent"):
            setattr(server, trouble, True)
            wait_until(lambda: bool(notices.active()))
            setattr(server, trouble, False)
            wait_until(lambda: not notices.active())
        watch(capture, 5)
        assert server.connections >= 3
    finally:
        capture.close()


def wait_until(condition: "object") -> None:
    for _ in range(1200):
        if condition():
            return
        threading.Event().wait(0.05)
    pytest.fail("what was waited for did not happen")


def test_probe_tells_the_size_of_a_stream(server: StreamServer) -> None:
    info = probe(f"http://127.0.0.1:{server.server_port}/")
    assert (info.kind, info.width, info.height) == ("stream", 160, 120)


def test_a_stream_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CaptureError, match="cannot be opened"):
        probe("http://127.0.0.1:9/")


def test_a_password_is_not_told() -> None:
    source = source_for("rtsp://guard:secret@10.0.0.7/stream", CaptureConfig())
    assert isinstance(source, StreamSource)
    assert source.name == "rtsp://guard:***@10.0.0.7/stream"
