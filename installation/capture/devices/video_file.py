"""A video file, played at its own pace, round and round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2

from installation.base.names import name_for_native_code
from installation.capture.devices.opencv import OpenCvSource
from installation.capture.devices.source import CaptureError, SourceInfo
from installation.config.capture import CaptureConfig


class VideoFileSource(OpenCvSource):
    """``path`` through OpenCV's FFmpeg."""

    kind = "file"
    hint = "is it a video, and whole? Convert it to MP4 (H.264) otherwise"
    live = False

    def __init__(self, path: Path, config: CaptureConfig) -> None:
        super().__init__(path.name, config)
        self.target = str(path)
        self._count = 0
        self._first_s, self._media_s = 0.0, 0.0
        self._sought = False

    def open(self) -> SourceInfo:
        """Open, or open again, at the first picture."""
        info = super().open()
        self._count, self._media_s, self._sought = 0, 0.0, False
        return info

    def rewind(self) -> None:
        """By seeking, which takes half the time of opening."""
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        self._count, self._media_s, self._sought = 0, 0.0, True

    def grab(self) -> float | None:
        """Fetch without converting. A file without a first picture is an error, not an end."""
        good = self._capture.grab()
        if self._sought:
            # Not every file can be sought in: some stay at the end, some go to a later key picture.
            self._sought = False
            if not good or abs(self._stamp_s() - self._first_s) > 1e-3:
                self.open()
                good = self._capture.grab()
        if not good:
            if self._count == 0:
                raise CaptureError(f"{self.name} holds no picture that can be decoded", self.hint)
            return None
        self._media_s = self._picture_s()
        self._count += 1
        return self._media_s

    def _connect(self) -> Any:
        with name_for_native_code(Path(self.target)) as name:
            return cv2.VideoCapture(name, cv2.CAP_FFMPEG)

    def _picture_s(self) -> float:
        """The container's time stamp; where stamps do not rise, one interval after the picture before."""
        stamp_s = self._stamp_s()
        if self._count == 0:
            self._first_s = stamp_s
            return 0.0
        if stamp_s - self._first_s > self._media_s:
            return stamp_s - self._first_s
        return self._media_s + 1 / (self._fps or self._config.per_second)

    def _stamp_s(self) -> float:
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
