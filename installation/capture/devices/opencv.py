"""What camera, video file and network stream share: they are read through OpenCV."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any, ClassVar

# A camera that is not there, or a stream that is gone, raises our own notices; native code writes nothing to the terminal.
# A V4L2 camera that was pulled out would keep a reader waiting for 10 s.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
# Media Foundation otherwise takes many seconds to open a camera on Windows.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

import cv2
import numpy as np

from installation.capture.devices.media_time import stated_rate
from installation.capture.devices.source import BadPictureError, CaptureError, Kind, SourceInfo
from installation.config.capture import CaptureConfig
from installation.types import ByteArray

if os.environ["OPENCV_LOG_LEVEL"] == "SILENT":
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # for when cv2 was imported before this module


MAX_PIXELS = 64_000_000
"""No camera or film has more pixels than this; a header that says so leads to gigabytes."""


def _stated_size(value: float) -> int:
    """A width or height as a driver states it, pixels; 0 for what is none (some say -1)."""
    return int(value) if 0 < value <= MAX_PIXELS else 0


class OpenCvSource(ABC):
    """See ``Source``. A kind says how it connects, and with ``hint`` what to try when it does not."""

    kind: ClassVar[Kind]
    hint: ClassVar[str]
    live = True

    def __init__(self, name: str, config: CaptureConfig) -> None:
        self.name, self._config = name, config
        self._capture: Any = None
        self._fps = 0.0

    def open(self) -> SourceInfo:
        """Open through OpenCV; see ``Source``."""
        self.close()
        self._capture = capture = self._connect()
        if not capture.isOpened():
            self.close()
            raise CaptureError(f"{self.name} cannot be opened", self.hint)
        requested = self._request_size()
        self._fps = stated_rate(float(capture.get(cv2.CAP_PROP_FPS)))
        width, height = (
            _stated_size(capture.get(what)) for what in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        )
        if width * height > MAX_PIXELS:
            self.close()
            raise CaptureError(
                f"{self.name} is too large: {width} x {height} pixels where {MAX_PIXELS // 1_000_000} million are the most",
                "use a smaller size",
            )
        return SourceInfo(self.kind, self.name, width, height, self._fps, requested)

    def rewind(self) -> None:
        """Only a file goes back; it has a method of its own."""
        raise CaptureError(f"{self.name} has no first picture to go back to")

    def grab(self) -> float | None:
        """Fetch without converting."""
        if not self._capture.grab():
            raise BadPictureError(f"{self.name} gave no picture", self.hint)
        return 0.0

    def retrieve(self) -> ByteArray:
        """The grabbed picture as RGB."""
        good, bgr = self._capture.retrieve()
        if not good or bgr is None or bgr.size == 0:
            raise BadPictureError(f"{self.name} gave a picture that cannot be decoded", self.hint)
        if bgr.ndim != 3 or bgr.shape[2] != 3 or bgr.dtype != np.uint8:
            raise CaptureError(f"{self.name} gives pictures of shape {bgr.shape}", "use another source or format")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)

    def read(self) -> ByteArray | None:
        """The next picture; see ``Source``."""
        return None if self.grab() is None else self.retrieve()

    def close(self) -> None:
        """Release the capture."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    @abstractmethod
    def _connect(self) -> Any:
        """A ``cv2.VideoCapture``, whether it could be opened or not."""

    def _request_size(self) -> tuple[int, int, float] | None:
        """Ask for a size and rate where that can be asked for: (width, height, pictures a second)."""
        return None
