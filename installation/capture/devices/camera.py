"""Cameras: those of this machine, and one of them as a source."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import cv2

from installation.capture.devices.camera_settings import CameraSetting, Controls, apply_settings
from installation.capture.devices.opencv import OpenCvSource
from installation.capture.devices.opencv_controls import OpenCvControls
from installation.capture.devices.source import SourceInfo
from installation.capture.devices.v4l2 import V4l2Controls
from installation.config.capture import CaptureConfig

UNLISTED_CAMERAS = 4
"""How many numbers are tried where the system does not list its cameras."""
V4L = Path("/sys/class/video4linux")


class CameraSource(OpenCvSource):
    """Camera ``number`` through OpenCV: V4L2 on Linux, elsewhere what the system has."""

    kind = "camera"
    hint = "is it plugged in, does no other program use it, and may this user open it?"

    def __init__(self, number: int, config: CaptureConfig) -> None:
        names = {camera.number: camera.name for camera in list_cameras()}
        default = f"camera {number}"
        name = names.get(number, default)
        super().__init__(default if name == default else f"{default} ({name})", config)
        self.target = number

    def open(self) -> SourceInfo:
        """Open through OpenCV and ask for the settings; so they are asked for again when the camera comes back."""
        info = super().open()
        # Some cameras forget their settings when the pictures begin, which is at the first one.
        self._capture.grab()
        return replace(info, settings=self._ask())

    def _ask(self) -> tuple[CameraSetting, ...]:
        try:
            controls = self._controls()
        except OSError:
            return ()  # pulled out since it was opened: whoever reads it will see
        try:
            return apply_settings(self._config, controls)
        finally:
            controls.close()

    def _controls(self) -> Controls:
        """Raises OSError."""
        return V4l2Controls(self.target) if sys.platform.startswith("linux") else OpenCvControls(self._capture)

    def _connect(self) -> Any:
        on_linux = sys.platform.startswith("linux")
        return cv2.VideoCapture(self.target, cv2.CAP_V4L2 if on_linux else cv2.CAP_ANY)

    def _request_size(self) -> tuple[int, int, float]:
        config = self._config
        if sys.platform.startswith("linux"):
            # Most USB cameras give 720p at 30 pictures a second only as MJPEG.
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, config.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, config.height)
        self._capture.set(cv2.CAP_PROP_FPS, config.per_second)
        # An old picture in the driver's queue would add its age to the visitor's wait.
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return config.width, config.height, config.per_second


class CameraInfo(NamedTuple):
    """A camera: its number for OpenCV and its name (made up from the number where the system gives none)."""

    number: int
    name: str

    @property
    def target(self) -> str | int:
        """The setting ``source`` that means it. A name finds the camera again when it was plugged in and got another number; a
        name that two cameras share cannot."""
        same = [camera for camera in list_cameras() if camera.name == self.name]
        return self.name if same == [self] and sys.platform.startswith("linux") else self.number


def list_cameras() -> list[CameraInfo]:
    """The cameras of this machine. Only Linux lists them; elsewhere these are the first numbers, there or not."""
    if not sys.platform.startswith("linux"):
        return [CameraInfo(number, f"camera {number}") for number in range(UNLISTED_CAMERAS)]
    cameras = []
    for entry in V4L.glob("video*"):
        try:
            name = (entry / "name").read_text(encoding="utf-8", errors="replace").strip()
            index_file = entry / "index"
            # A USB camera has a second node, for metadata, that never gives a picture.
            index = int(index_file.read_text()) if index_file.is_file() else 0
            number = int(entry.name.removeprefix("video"))
        except (OSError, ValueError):
            continue  # pulled out while we looked
        if index == 0:
            cameras.append(CameraInfo(number, name))
    return sorted(cameras)


def camera_named(text: str) -> CameraInfo | None:
    """The camera of this name, or one whose name has it as a part; None where there is none, or no names (not on Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    cameras = list_cameras()
    exact = [camera for camera in cameras if camera.name.lower() == text.lower()]
    part = [camera for camera in cameras if text.lower() in camera.name.lower()]
    return next(iter(exact or part), None)
