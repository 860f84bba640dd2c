"""A network camera for real: GStreamer's RTSP server, with a user and a password, which is restarted while it is read."""

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.secrets import learn
from installation.capture.capture import STAGE, Capture
from installation.capture.sources import choose
from installation.config.capture import CaptureConfig

PYTHON, SERVER = "/usr/bin/python3", Path(__file__).with_name("rtsp_server.py")
PASSWORD = "opensesame-9"
BACK_S = 3.0
DOWN_S = (1.0, 5.0)
"""How long the server is away at its restarts: a glitch, and long enough for the pauses between tries to have grown."""


def has_server() -> bool:
    code = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    return (
        shutil.which(PYTHON) is not None and subprocess.run([PYTHON, "-c", code], capture_output=True).returncode == 0
    )


class Server:
    """The server, started and killed."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [PYTHON, str(SERVER), str(self.port), "artist", PASSWORD]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "serving"

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def server() -> Iterator[Server]:
    if not has_server():
        pytest.skip("GStreamer's RTSP server is not installed (Debian: gir1.2-gst-rtsp-server-1.0 and its plugins)")
    made = Server()
    made.start()
    yield made
    made.kill()


def until(done: Callable[[], bool], within_s: float) -> float:
    """Seconds until ``done``."""
    start_s = time.monotonic()
    while not done():
        assert time.monotonic() - start_s < within_s
        time.sleep(0.02)
    return time.monotonic() - start_s


@pytest.mark.timeout(150)
def test_a_server_that_is_restarted_is_seen_again_within_three_seconds(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = f"rtsp://artist:{PASSWORD}@127.0.0.1:{server.port}/stage"
    config, notices, clock = CaptureConfig(source=address), Notices(RealClock()), RealClock()
    learn(config.model_dump())
    make_source = choose(config, notices)
    assert make_source is not None
    capture = Capture(make_source, config, clock, notices)
    told: list[str] = []
    try:
        capture.start()
        until(lambda: capture.frames.peek()[0] > 10, 30.0)
        frame = capture.frames.peek()[1]
        assert frame is not None
        assert frame.rgb.shape == (240, 320, 3)
        assert frame.rgb.max() > 200, "the white ball"
        assert np.median(frame.rgb) < 60, "on black"
        for down_s in DOWN_S:
            server.kill()
            until(lambda: bool(notices.active("fault")), 10.0)
            time.sleep(down_s)
            told += [f"{notice.stage}: {notice.message}" for notice in notices.active()]
            server.start()
            seen = capture.frames.peek()[0]
            back_s = until(lambda before=seen: capture.frames.peek()[0] > before + 3, 30.0)
            assert back_s < BACK_S, f"after {down_s} s away it took {back_s:.1f} s"
            until(lambda: not notices.active("fault"), 5.0)
        told.append(capture.describe())
    finally:
        capture.close()
    assert any(one.startswith(f"{STAGE}: rtsp://artist:***@127.0.0.1:{server.port}/stage") for one in told), told
    assert PASSWORD not in "\n".join([*told, caplog.text])
