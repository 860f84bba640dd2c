"""Streams of real servers, which go away and come back: MJPEG over HTTP by ffmpeg, SRT by libsrt's own program."""

import logging
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.secrets import learn
from installation.capture.capture import Capture
from installation.capture.devices.source import CaptureError
from installation.capture.sources import choose, probe
from installation.config.capture import CaptureConfig
from tests.capture.test_rtsp import until

SENDER = Path(__file__).with_name("sender.py")
PASSPHRASE = "opensesame12"


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(type=kind) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Programs:
    """Programs that are started and killed."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.running.append(process)
        return process

    def sender(self, address: str) -> None:
        process = self.start(sys.executable, SENDER, address)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"sending"

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def programs() -> Iterator[Programs]:
    made = Programs()
    yield made
    for process in made.running:
        made.kill(process)


def is_the_ball(rgb: np.ndarray) -> bool:
    return rgb.shape == (240, 320, 3) and rgb.max() > 200 and float(np.median(rgb)) < 60


@pytest.mark.timeout(150)
def test_mjpeg_of_a_server_that_is_restarted_is_seen_again(programs: Programs) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("ffmpeg is not installed (Debian: ffmpeg)")
    address = f"http://127.0.0.1:{free_port()}/video.mjpg"
    pictures = ("-re", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25", "-c:v", "mjpeg", "-q:v", "4")
    serving = (program, "-v", "error", *pictures, "-f", "mpjpeg", "-listen", "1", address)
    server = programs.start(*serving)
    config, notices = CaptureConfig(source=address), Notices(RealClock())
    make = choose(config, notices)
    assert make is not None
    capture = Capture(make, config, RealClock(), notices)
    capture.start()
    try:
        until(lambda: capture.frames.peek()[0] > 5, 60.0)
        frame = capture.frames.peek()[1]
        assert frame is not None
        assert frame.rgb.shape == (240, 320, 3)
        assert np.ptp(frame.rgb.reshape(-1, 3), axis=0).min() > 200, "the test card has every colour"
        programs.kill(server)
        until(lambda: bool(notices.active("fault")), 20.0)
        programs.start(*serving)
        before = capture.frames.peek()[0]
        until(lambda: capture.frames.peek()[0] > before + 3 and not notices.active("fault"), 60.0)
    finally:
        capture.close()


@pytest.mark.timeout(150)
def test_srt_with_a_passphrase_is_seen_and_seen_again(programs: Programs, caplog: pytest.LogCaptureFixture) -> None:
    program = shutil.which("srt-live-transmit")
    if program is None:
        pytest.skip("srt-live-transmit is not installed (Debian: srt-tools)")
    caplog.set_level(logging.DEBUG)
    inner, port = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
    programs.sender(f"udp://127.0.0.1:{inner}?pkt_size=1316")
    serving = (program, f"udp://127.0.0.1:{inner}", f"srt://127.0.0.1:{port}?mode=listener&passphrase={PASSPHRASE}")
    server = programs.start(*serving)
    address = f"srt://127.0.0.1:{port}?passphrase={PASSPHRASE}"
    config, notices = CaptureConfig(source=address), Notices(RealClock())
    learn(config.model_dump())
    make = choose(config, notices)
    assert make is not None
    capture = Capture(make, config, RealClock(), notices)
    told: list[str] = []
    capture.start()
    try:
        until(lambda: capture.frames.peek()[0] > 5, 60.0)
        frame = capture.frames.peek()[1]
        assert frame is not None
        assert is_the_ball(frame.rgb)
        told.append(capture.describe())
        programs.kill(server)
        until(lambda: bool(notices.active("fault")), 20.0)
        told += [notice.message for notice in notices.active()]
        programs.start(*serving)
        before = capture.frames.peek()[0]
        until(lambda: capture.frames.peek()[0] > before + 3 and not notices.active("fault"), 60.0)
    finally:
        capture.close()
    assert any(f"srt://127.0.0.1:{port}?passphrase=***" in one for one in told), told
    assert PASSPHRASE not in "\n".join([*told, caplog.text])


def test_srt_without_a_sender_is_an_error_that_says_so() -> None:
    address = f"srt://127.0.0.1:{free_port(socket.SOCK_DGRAM)}?passphrase={PASSPHRASE}"
    with pytest.raises(CaptureError, match=r"srt://127\.0\.0\.1:\d+\?passphrase=\*\*\* cannot be opened") as caught:
        probe(address)
    assert PASSPHRASE not in str(caught.value)
