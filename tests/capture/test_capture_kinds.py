"""Sources of every kind, and a source that goes wrong in every way."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.capture.capture import Capture
from installation.capture.sources import CaptureError, PictureFolder, SourceInfo, VideoSource, source_for
from installation.clock import RealClock
from installation.config import CaptureConfig
from installation.notices import Notices
from installation.types import ByteArray, Frame

CONFIG = CaptureConfig(stall_s=0.3, reopen_max_s=1.0, mirror=False)


def wait_for(done: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Whether it became true in time; looks every 10 ms."""
    for _ in range(int(seconds * 100)):
        if done():
            return True
        threading.Event().wait(0.01)
    return False


def picture(number: int, width: int = 64, height: int = 48) -> ByteArray:
    """Left half red, right half blue, brightness by number."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2, 0] = 100 + number % 100
    rgb[:, width // 2 :, 2] = 100 + number % 100
    return rgb


class Fake:
    """A source that plays a script: an array, None for the end, an exception to raise, or an event to hang on."""

    live, paced = True, False

    def __init__(self, script: Iterator[object]) -> None:
        self._script = script
        self.closed = False

    def open(self) -> SourceInfo:
        return SourceInfo("fake", 64, 48, 30.0)

    def skip(self) -> bool:
        return True

    def read(self) -> ByteArray | None:
        step = next(self._script)
        if isinstance(step, Exception):
            raise step
        if isinstance(step, threading.Event):
            step.wait(30)
            return None
        threading.Event().wait(0.005)
        assert step is None or isinstance(step, np.ndarray)
        return step

    def close(self) -> None:
        self.closed = True


class Lives:
    """Makes a fake source for each opening, each with the next script; the last one repeats."""

    def __init__(self, *scripts: Callable[[], Iterator[object]]) -> None:
        self._scripts, self.made = list(scripts), []

    def __call__(self) -> Fake:
        script = self._scripts[min(len(self.made), len(self._scripts) - 1)]
        self.made.append(Fake(script()))
        return self.made[-1]


def moving() -> Iterator[object]:
    number = 0
    while True:
        number += 1
        yield picture(number)


def running(make: Callable[[], object], config: CaptureConfig = CONFIG) -> tuple[Capture, Notices]:
    notices = Notices(RealClock())
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    return capture, notices


@pytest.mark.parametrize(
    "trouble",
    [
        lambda: iter([picture(1), CaptureError("unplugged")]),
        lambda: iter([picture(1), *[picture(2)] * 100_000]),
        lambda: iter([picture(1), threading.Event()]),
    ],
    ids=["error", "repeated picture", "hang"],
)
def test_a_source_in_trouble_is_opened_again_and_told(trouble: Callable[[], Iterator[object]]) -> None:
    lives = Lives(trouble, moving)
    capture, notices = running(lives)
    try:
        assert wait_for(lambda: len(lives.made) >= 2 and capture.frames.peek()[0] > 5)
        assert [note.stage for note in notices.history("fault")] == ["capture"]
        assert wait_for(lambda: notices.active() == ())
    finally:
        capture.close()
    assert lives.made[-1].closed


def test_frames_are_numbered_stamped_contiguous_and_read_only() -> None:
    capture, _ = running(Lives(moving))
    try:
        first = capture.frames.wait_newer(0, 5.0)
        assert first is not None
        later = capture.frames.wait_newer(first[0], 5.0)
        assert later is not None
    finally:
        capture.close()
    a, b = first[1], later[1]
    assert b.seq > a.seq
    assert b.t_s > a.t_s
    assert a.rgb.flags.c_contiguous
    assert not a.rgb.flags.writeable
    assert capture.age_s() is not None


def test_pictures_are_mirrored_once() -> None:
    capture, _ = running(Lives(moving), CaptureConfig(mirror=True))
    try:
        got = capture.frames.wait_newer(0, 5.0)
    finally:
        capture.close()
    assert got is not None
    frame: Frame = got[1]
    assert frame.rgb[0, 0, 2] > 0
    assert frame.rgb[0, -1, 0] > 0


def write_film(path: Path, count: int, fps: float) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (64, 48))
    for number in range(count):
        writer.write(picture(number)[:, :, ::-1])
    writer.release()


def test_a_film_loops_at_its_own_pace(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    write_film(path, 10, 50.0)
    capture, notices = running(lambda: source_for(str(path), CONFIG))
    try:
        assert wait_for(lambda: capture.frames.peek()[0] >= 25)
        first_s = None
        seq, frame = capture.frames.peek()
        assert frame is not None
        first_s, first_seq = frame.t_s, seq
        assert wait_for(lambda: capture.frames.peek()[0] >= first_seq + 25)
        _, frame = capture.frames.peek()
        assert frame is not None
        rate = (frame.seq - first_seq) / (frame.t_s - first_s)
    finally:
        capture.close()
    assert 30 < rate < 60
    assert notices.history("fault") == ()


def test_a_folder_of_one_still_picture_is_not_taken_for_a_stall(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "one.png"), picture(1))
    capture, notices = running(lambda: source_for(str(tmp_path), CONFIG))
    try:
        assert wait_for(lambda: capture.frames.peek()[0] >= 20)
    finally:
        capture.close()
    assert notices.history("fault") == ()


class Mjpeg(http.server.BaseHTTPRequestHandler):
    """An MJPEG camera over HTTP."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        number = 0
        try:
            while not self.server.stopping.is_set():
                number += 7
                data = cv2.imencode(".jpg", picture(number)[:, :, ::-1])[1].tobytes()
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
                self.wfile.write(head.encode() + data + b"\r\n")
                self.server.stopping.wait(0.03)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Mjpeg)
        self.stopping = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()


def test_an_mjpeg_camera_over_http_that_goes_away_and_comes_back() -> None:
    server = Server()
    port = server.server_address[1]
    capture, notices = running(lambda: source_for(f"http://127.0.0.1:{port}/live", CONFIG))
    try:
        assert wait_for(lambda: capture.frames.peek()[0] >= 5)
        _, frame = capture.frames.peek()
        assert frame is not None
        assert frame.rgb.shape == (48, 64, 3)
        assert frame.rgb[20, 5, 0] > 80 > frame.rgb[20, 5, 2]
        server.stop()
        assert wait_for(lambda: bool(notices.active()))
        before = capture.frames.peek()[0]
        server = Server(port)
        assert wait_for(lambda: capture.frames.peek()[0] > before + 3)
        assert wait_for(lambda: notices.active() == ())
    finally:
        capture.close()
        server.stop()


@pytest.mark.parametrize(
    ("spec", "kind"),
    [(0, VideoSource), ("2", VideoSource), ("rtsp://u:p@host/x", VideoSource), ("HTTP://a/b", VideoSource)],
)
def test_what_a_source_setting_means(spec: str | int, kind: type) -> None:
    assert isinstance(source_for(spec, CONFIG), kind)


def test_a_source_that_is_not_there_is_told_with_near_names(tmp_path: Path) -> None:
    (tmp_path / "visitors.mp4").touch()
    with pytest.raises(CaptureError, match=r"did you mean visitors\.mp4"):
        source_for(str(tmp_path / "visitor.mp4"), CONFIG)


def test_a_folder_without_pictures_and_a_broken_picture_are_told(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="no pictures"):
        PictureFolder(tmp_path, 10).open()
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(CaptureError, match=r"a\.png"):
        PictureFolder(tmp_path, 10).open()


def test_a_file_that_is_no_film_is_told(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film" * 100)
    capture, notices = running(lambda: source_for(str(path), CONFIG))
    try:
        assert wait_for(lambda: bool(notices.active()))
    finally:
        capture.close()
    assert "film.mp4" in notices.history("fault")[0].message


def test_a_password_in_an_address_is_not_shown() -> None:
    source = source_for("rtsp://user:secret@127.0.0.1:9/x", CONFIG)
    with pytest.raises(CaptureError) as error:
        source.open()
    assert "secret" not in str(error.value)
