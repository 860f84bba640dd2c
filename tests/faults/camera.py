"""A network camera of the test's own: a moving picture over HTTP, which can be broken in the ways in which cameras break."""

import http.server
import threading
from pathlib import Path

import cv2
import numpy as np

from tests.faults.network import LOCAL, Network

SIZE = (320, 180)
PER_SECOND = 10
MODES = ("moving", "unplugged", "silent", "frozen", "black", "dark", "green", "garbage", "torn", "slow")
"""unplugged: connections are closed at once. silent: they stay, and nothing comes. frozen: the same picture again and again.
black: a sensor's noise and nothing else. dark, green: one colour, without noise. garbage: no JPEG. torn: half of one. slow: one
picture in three seconds."""


class Camera(http.server.ThreadingHTTPServer):
    """Serves ``url``; ``mode`` is one of MODES and may be changed at any time. ``film``: what it sees in place of a figure."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, network: Network, film: Path | None = None) -> None:
        self.film = _frames(film) if film is not None else []
        network.inside(lambda: super(Camera, self).__init__((LOCAL, 0), _Connection))
        self.mode = "moving"
        self.ending = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{LOCAL}:{self.server_port}/camera.mjpg"

    def close(self) -> None:
        self.ending.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that goes away is no error."""


class _Connection(http.server.BaseHTTPRequestHandler):
    server: Camera

    def do_GET(self) -> None:
        if self.server.mode == "unplugged":
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        step = 0
        while not self.server.ending.wait(3.0 if self.server.mode == "slow" else 1 / PER_SECOND):
            mode = self.server.mode
            if mode == "unplugged":
                return
            if mode == "silent":
                continue
            step += 0 if mode == "frozen" else 1
            data = self._jpeg(mode, step)
            head = f"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + data + b"\r\n")
            except OSError:
                return

    def _jpeg(self, mode: str, step: int) -> bytes:
        if mode == "garbage":
            return np.random.default_rng(step).bytes(4000)
        film = self.server.film if mode not in ("black", "dark", "green") else []
        drawn = film[step % len(film)] if film else picture(mode, step)
        whole = bytes(cv2.imencode(".jpg", drawn)[1].tobytes())
        return whole[: len(whole) // 2] if mode == "torn" else whole

    def log_message(self, *args: object) -> None:
        pass


def _frames(film: Path, most: int = 60) -> list[np.ndarray]:
    """Every third picture of a film's beginning, small."""
    found, capture = [], cv2.VideoCapture(str(film))
    while len(found) < most and capture.grab() and capture.grab():
        good, bgr = capture.read()
        if not good:
            break
        found.append(np.asarray(cv2.resize(bgr, SIZE, interpolation=cv2.INTER_AREA), np.uint8))
    capture.release()
    return found


def picture(mode: str, step: int) -> np.ndarray:
    """(H, W, 3) uint8 BGR of a mode."""
    width, height = SIZE
    if mode in ("dark", "green"):
        return np.full((height, width, 3), (0, 0, 0) if mode == "dark" else (0, 135, 0), np.uint8)
    noise = np.random.default_rng(step).integers(0, 6, (height, width, 3), np.uint8)
    if mode == "black":
        return noise
    centre = (width // 2 + round(60 * np.sin(step / 10)), height // 2)
    drawn = np.full((height, width, 3), (70, 60, 50), np.uint8) + noise
    cv2.ellipse(drawn, centre, (26, 60), 0, 0, 360, (140, 160, 190), -1)
    cv2.circle(drawn, (centre[0], 20), 16, (140, 160, 190), -1)
    return drawn
