"""NDI as a source: found by a part of its name, read picture by picture, and found again after its program was restarted."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.files import ROOT
from installation.base.notices import Notices
from installation.capture.capture import Capture
from installation.capture.devices import ndi
from installation.capture.devices.ndi import NdiSource
from installation.capture.devices.source import CaptureError
from installation.capture.sources import choose, source_for
from installation.config.capture import CaptureConfig

LOOPBACK = {"ndi": {"networks": {"ips": "127.0.0.1,", "discovery": ""}, "adapters": {"allowed": ["127.0.0.1"]}}}
SENDER = """
import time
import numpy as np
from installation.config.sends import SendConfig
from installation.sends.way import Sent, make_way
way = make_way(SendConfig(name="Stage left", per_second=25))
print(way.open((320, 240)), flush=True)
rgba = np.full((240, 320, 4), 255, np.uint8)
for number in range(10_000):
    rgba[..., :3] = 200, 20, 60
    rgba[: number % 200 + 20, :, 1] = 120
    way.send(Sent(rgba, 0.0))
    time.sleep(0.04)
"""


@pytest.fixture(autouse=True)
def loopback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NDI speaks to this machine alone."""
    pytest.importorskip("cyndilib")
    (tmp_path / "ndi-config.v1.json").write_text(json.dumps(LOOPBACK))
    monkeypatch.setenv("NDI_CONFIG_DIR", str(tmp_path))


def sender() -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", SENDER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "NDI source" in process.stdout.readline()
    return process


def until(done: Callable[[], bool], within_s: float = 40.0) -> None:
    start_s = time.monotonic()
    while not done():
        assert time.monotonic() - start_s < within_s
        time.sleep(0.02)


@pytest.mark.timeout(170)
def test_a_program_that_sends_is_seen_and_seen_again_after_a_restart() -> None:
    config, notices, clock = CaptureConfig(source="ndi:stage"), Notices(RealClock()), RealClock()
    make_source = choose(config, notices)
    assert make_source is not None
    capture, sending = Capture(make_source, config, clock, notices), sender()
    try:
        capture.start()
        until(lambda: capture.frames.peek()[0] > 20)
        frame = capture.frames.peek()[1]
        assert frame is not None
        assert frame.rgb.shape == (240, 320, 3)
        assert np.abs(frame.rgb[-10:].astype(float).mean((0, 1)) - (200, 20, 60)).max() < 6
        assert "Stage left" in capture.describe()
        sending.kill()
        sending.communicate()
        until(lambda: bool(notices.active("fault")))
        seen, sending = capture.frames.peek()[0], sender()
        until(lambda: capture.frames.peek()[0] > seen + 5)
        until(lambda: not notices.active("fault"))
    finally:
        capture.close()
        sending.kill()
        sending.communicate()


def test_a_name_that_nobody_has_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndi, "FIND_S", 0.5)
    source = source_for("NDI: nobody at all", CaptureConfig())
    assert isinstance(source, NdiSource)
    with pytest.raises(CaptureError, match=r"there is no NDI source 'nobody at all'; sources seen: "):
        source.open()


def test_without_its_package_it_says_how_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cyndilib.finder", None)
    monkeypatch.setitem(sys.modules, "cyndilib.receiver", None)
    with pytest.raises(CaptureError, match=r"NDI needs cyndilib .*run\.py setup --with ndi"):
        source_for("ndi:x", CaptureConfig()).open()
