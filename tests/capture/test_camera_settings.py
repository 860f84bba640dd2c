"""A camera's settings, to the border of the kernel and of OpenCV: what is asked, what is told, what comes back with the camera.

No camera is here: the kernel's side is ``kernel.py``. Its numbers are checked against the system's own headers.
"""

import logging
import math
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.capture.capture import SETTINGS_STAGE, Capture
from installation.capture.devices import camera as camera_module
from installation.capture.devices import v4l2
from installation.capture.devices.camera import CameraSource
from installation.capture.devices.camera_settings import CameraSetting, apply_settings
from installation.capture.devices.opencv_controls import OpenCvControls
from installation.capture.sources import look_at
from installation.config.capture import CaptureConfig
from tests.capture import kernel as k
from tests.capture.kernel import Kernel

LOCKED = {"exposure_s": 0.008, "white_balance_k": 4500.0, "focus": 30.0, "sensor_gain": 90.0, "mains_hz": 50}


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    made = Kernel(monkeypatch)
    made.plug_in(0)
    return made


def applied(**settings: Any) -> dict[str, CameraSetting]:
    controls = v4l2.V4l2Controls(0)
    try:
        return {one.name: one for one in apply_settings(CaptureConfig(**settings), controls)}
    finally:
        controls.close()


def test_what_is_locked_is_locked_in_the_kernels_units(kernel: Kernel) -> None:
    found = applied(**LOCKED)
    values = kernel.values[0]
    assert (values[k.EXPOSURE_AUTO], values[k.EXPOSURE]) == (1, 80), "manual, 80 x 100 us"
    assert (values[k.WHITE_AUTO], values[k.WHITE]) == (0, 4500)
    assert (values[k.FOCUS_AUTO], values[k.FOCUS]) == (0, 30)
    assert (values[k.GAIN], values[k.MAINS]) == (90, 1)
    assert all(one.as_asked for one in found.values())
    assert found["exposure"].describe() == "exposure 0.008 s"
    assert found["white balance"].describe() == "white balance 4500 K"
    assert found["mains"].describe() == "mains 50 Hz"
    assert kernel.open == {}, "the device is let go of"


def test_the_automatic_is_the_rule_and_comes_back(kernel: Kernel) -> None:
    applied(**LOCKED)
    found = applied()
    values = kernel.values[0]
    assert (values[k.EXPOSURE_AUTO], values[k.WHITE_AUTO], values[k.FOCUS_AUTO]) == (3, 1, 1)
    assert values[k.MAINS] == 1, "null leaves it"
    assert all(one.as_asked for one in found.values())
    assert found["exposure"].describe() == "exposure automatic, now 0.008 s"
    assert "mains" not in found


def test_null_leaves_what_another_program_has_set(kernel: Kernel) -> None:
    applied(**LOCKED)
    kernel.asked.clear()
    assert applied(exposure_s=None, white_balance_k=None, focus=None, sensor_gain=None) == {}
    assert kernel.asked == []


def test_a_camera_with_an_iris_has_another_automatic(kernel: Kernel) -> None:
    kernel.ranges[0][k.EXPOSURE_AUTO] = k.Range(0, 1)
    kernel.values[0][k.EXPOSURE_AUTO] = 1
    assert applied()["exposure"].automatic
    assert kernel.values[0][k.EXPOSURE_AUTO] == 0


def test_the_end_of_the_range_is_taken_and_told(kernel: Kernel) -> None:
    found = applied(exposure_s=0.5, focus=33.0, white_balance_k=2000.0)
    assert kernel.values[0][k.EXPOSURE] == 2047
    assert found["exposure"].describe() == "exposure 0.205 s (asked for 0.5 s)"
    assert found["white balance"].describe() == "white balance 2800 K (asked for 2000 K)"
    assert kernel.values[0][k.FOCUS] == 35, "the nearest step"
    assert found["focus"].as_asked


def test_what_a_camera_has_not_is_told_only_where_it_was_asked_for(kernel: Kernel) -> None:
    kernel.plug_in(0, {k.EXPOSURE_AUTO: k.Range(0, 3), k.EXPOSURE: k.Range(1, 5000)})
    assert set(applied()) == {"exposure"}
    found = applied(focus=10.0, mains_hz=60)
    assert {name for name, one in found.items() if not one.as_asked} == {"focus", "mains"}
    assert found["focus"].describe() == "focus cannot be set here (asked for 10)"


def test_a_camera_that_says_yes_and_does_nothing_is_found_out(kernel: Kernel) -> None:
    kernel.stubborn |= {k.EXPOSURE_AUTO, k.MAINS}
    kernel.values[0][k.EXPOSURE_AUTO] = 1
    found = applied(mains_hz=50)
    assert found["exposure"].describe() == "exposure 0.025 s (asked for automatic)"
    assert found["mains"].describe() == "mains 60 Hz (asked for 50 Hz)"


def test_a_device_that_is_no_camera_refuses_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one real kernel call that can be made here."""
    real_open = os.open
    monkeypatch.setattr(os, "open", lambda path, flags: real_open("/dev/null", flags))
    found = applied(**LOCKED)
    assert len(found) == 5
    assert not any(one.as_asked for one in found.values())
    assert applied() == {}


class Pictures:
    """A ``cv2.VideoCapture`` whose camera is in ``kernel``; pulled out, it gives no picture."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel, self._number = kernel, 0

    def isOpened(self) -> bool:
        return 0 in self._kernel.ranges

    def set(self, what: int, value: float) -> bool:
        return True

    def get(self, what: int) -> float:
        return {cv2.CAP_PROP_FRAME_WIDTH: 1280.0, cv2.CAP_PROP_FRAME_HEIGHT: 720.0, cv2.CAP_PROP_FPS: 30.0}.get(
            what, 0.0
        )

    def grab(self) -> bool:
        threading.Event().wait(0.01)
        self._number += 1
        return 0 in self._kernel.ranges

    def retrieve(self) -> tuple[bool, np.ndarray]:
        return True, np.full((72, 128, 3), self._number % 256, np.uint8)

    def release(self) -> None: ...


@pytest.fixture
def camera(kernel: Kernel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kernel:
    monkeypatch.setattr(camera_module, "V4L", tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(CameraSource, "_connect", lambda source: Pictures(kernel))
    return kernel


def test_a_camera_that_comes_back_is_set_again(camera: Kernel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    config, notices = CaptureConfig(source=0, reopen_max_s=1.0, **LOCKED), Notices(RealClock())
    capture = Capture(lambda: CameraSource(0, config), config, RealClock(), notices)
    capture.start()
    try:
        _until(lambda: capture.frames.peek()[0] > 3)
        info = capture.info
        assert info is not None
        assert "exposure 0.008 s, white balance 4500 K, focus 30, gain 90, mains 50 Hz" in info.describe()
        assert "exposure 0.008 s" in caplog.text
        del camera.ranges[0]
        _until(lambda: bool(notices.active("fault")))
        camera.plug_in(0)
        assert camera.values[0][k.EXPOSURE_AUTO] == 3, "as from the factory"
        _until(lambda: not notices.active("fault"))
        assert camera.values[0][k.EXPOSURE] == 80
        assert camera.values[0][k.MAINS] == 1
        assert notices.history("note") == ()
    finally:
        capture.close()


def test_a_camera_that_ignores_a_request_is_a_note_and_no_fault(camera: Kernel) -> None:
    del camera.ranges[0][k.FOCUS], camera.ranges[0][k.FOCUS_AUTO]
    config, notices = CaptureConfig(source=0, focus=30.0), Notices(RealClock())
    capture = Capture(lambda: CameraSource(0, config), config, RealClock(), notices)
    capture.start()
    try:
        _until(lambda: capture.frames.peek()[0] > 3)
        (note,) = notices.active()
        assert (note.kind, note.stage) == ("note", SETTINGS_STAGE)
        assert "focus cannot be set here (asked for 30)" in note.message
        assert capture.info is not None
        assert "focus cannot be set here (asked for 30)" in capture.info.describe()
    finally:
        capture.close()


def test_a_look_at_a_camera_tells_its_settings(camera: Kernel) -> None:
    info = look_at(CameraSource(0, CaptureConfig()))
    assert [one.name for one in info.settings] == ["exposure", "white balance", "focus", "gain"]
    assert info.refused == ()


class Windows:
    """A ``cv2.VideoCapture`` of Media Foundation: exposure in powers of two, and 0 for what it does not know."""

    def __init__(self, takes: set[int]) -> None:
        self.takes, self.values = takes, {}

    def set(self, what: int, value: float) -> bool:
        if what in self.takes:
            self.values[what] = value
        return what in self.takes

    def get(self, what: int) -> float:
        return self.values.get(what, 0.0)


def test_windows_counts_exposure_in_powers_of_two() -> None:
    device = Windows({cv2.CAP_PROP_AUTO_EXPOSURE, cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTOFOCUS})
    config = CaptureConfig(exposure_s=0.008, mains_hz=50)
    found = {one.name: one for one in apply_settings(config, OpenCvControls(device))}
    assert device.values == {cv2.CAP_PROP_AUTO_EXPOSURE: 0, cv2.CAP_PROP_EXPOSURE: -7, cv2.CAP_PROP_AUTOFOCUS: 1}
    assert found["exposure"].as_asked
    assert math.isclose(found["exposure"].number or 0, 0.0078125)
    assert found["focus"].automatic
    assert not found["mains"].as_asked, "OpenCV has no such property"


def test_where_nothing_can_be_set_only_what_was_asked_for_is_told() -> None:
    """macOS: AVFoundation through OpenCV takes size and rate."""
    assert apply_settings(CaptureConfig(), OpenCvControls(Windows(set()))) == ()
    (told,) = apply_settings(CaptureConfig(exposure_s=0.008), OpenCvControls(Windows(set())))
    assert told.describe() == "exposure cannot be set here (asked for 0.008 s)"


@pytest.mark.parametrize(
    "settings", [{"exposure_s": "automatic"}, {"exposure_s": 0}, {"sensor_gain": -1}, {"mains_hz": 55}, {"focus": True}]
)
def test_a_setting_that_cannot_be_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        CaptureConfig(**settings)
    assert len(caught.value.errors()) == 1


def test_the_numbers_are_those_of_the_systems_headers(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None or not Path("/usr/include/linux/videodev2.h").is_file():
        pytest.skip("no compiler, or no kernel headers (Debian: gcc linux-libc-dev)")
    auto = {name: control.auto for name, control in v4l2.CONTROLS.items()}
    number = {name: control.number for name, control in v4l2.CONTROLS.items()}
    expected = {
        "VIDIOC_G_CTRL": v4l2.GET,
        "VIDIOC_S_CTRL": v4l2.SET,
        "VIDIOC_QUERYCTRL": v4l2.QUERY,
        "V4L2_CID_EXPOSURE_AUTO": auto["exposure"],
        "V4L2_CID_EXPOSURE_ABSOLUTE": number["exposure"],
        "V4L2_CID_AUTO_WHITE_BALANCE": auto["white balance"],
        "V4L2_CID_WHITE_BALANCE_TEMPERATURE": number["white balance"],
        "V4L2_CID_FOCUS_AUTO": auto["focus"],
        "V4L2_CID_FOCUS_ABSOLUTE": number["focus"],
        "V4L2_CID_AUTOGAIN": auto["gain"],
        "V4L2_CID_GAIN": number["gain"],
        "V4L2_CID_POWER_LINE_FREQUENCY": number["mains"],
        "V4L2_EXPOSURE_APERTURE_PRIORITY": 3,
        "V4L2_EXPOSURE_AUTO": 0,
        "V4L2_EXPOSURE_MANUAL": 1,
        "V4L2_CID_POWER_LINE_FREQUENCY_50HZ": 1,
        "V4L2_CID_POWER_LINE_FREQUENCY_60HZ": 2,
        "sizeof(struct v4l2_control)": 8,
        "sizeof(struct v4l2_queryctrl)": 68,
        "offsetof(struct v4l2_queryctrl, minimum)": 40,
        "offsetof(struct v4l2_queryctrl, flags)": 56,
    }
    prints = "\n".join(f'printf("%lu\\n", (unsigned long)({name}));' for name in expected)
    source = tmp_path / "numbers.c"
    source.write_text(
        f"#include <linux/videodev2.h>\n#include <stdio.h>\n#include <stddef.h>\nint main(void) {{ {prints} return 0; }}\n"
    )
    subprocess.run([compiler, str(source), "-o", str(tmp_path / "numbers")], check=True)
    said = subprocess.run([str(tmp_path / "numbers")], capture_output=True, text=True, check=True).stdout.split()
    assert dict(zip(expected, map(int, said), strict=True)) == expected


def _until(done: Any) -> None:
    for _ in range(2000):
        if done():
            return
        threading.Event().wait(0.02)
    pytest.fail("what was waited for did not happen")
