"""A video file, played at its own pace, round and round."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2

from installation.base.names import name_for_native_code
from installation.capture.devices.display_matrix import Turn, take_over
from installation.capture.devices.media_time import MediaTime
from installation.capture.devices.opencv import OpenCvSource
from installation.capture.devices.source import MAX_BAD, CaptureError, SourceInfo
from installation.config.capture import CaptureConfig
from installation.types import ByteArray

log = logging.getLogger(__name__)


class VideoFileSource(OpenCvSource):
    """``path`` through OpenCV's FFmpeg, turned as the file asks for."""

    kind = "file"
    hint = "is it a video, and whole? Convert it to MP4 (H.264) otherwise"
    live = False

    def __init__(self, path: Path, config: CaptureConfig) -> None:
        super().__init__(path.name, config)
        self.target = str(path)
        self._path, self._turn = path, Turn()
        self._count, self._first_s = 0, 0.0
        self._time = MediaTime(config.per_second)
        self._sought, self._told = False, False

    def open(self) -> SourceInfo:
        """Open, or open again, at the first picture."""
        info = super().open()
        self._start_again(sought=False)
        width, height = self._turn.size(info.width, info.height)
        return replace(info, width=width, height=height)

    def rewind(self) -> None:
        """By seeking, which takes half the time of opening."""
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        self._start_again(sought=True)

    def grab(self) -> float | None:
        """Fetch without converting. A file without a first picture is an error, not an end."""
        good = self._grab_good()
        if self._sought:
            # Not every file can be sought in: some stay at the end, some go to a later key picture.
            self._sought = False
            if not good or abs(self._stamp_s() - self._first_s) > 1e-3:
                self.open()
                good = self._grab_good()
        if not good:
            if self._count == 0:
                raise CaptureError(f"{self.name} holds no picture that can be decoded", self.hint)
            return None
        stamp_s = self._stamp_s()
        if self._count == 0:
            self._first_s = stamp_s
        self._count += 1
        return self._time.advance(stamp_s)

    def retrieve(self) -> ByteArray:
        """The grabbed picture as RGB, as the file wants it shown."""
        return self._turn.apply(super().retrieve())

    def _grab_good(self) -> bool:
        """The next picture that can be decoded; False at the end. Both a broken picture and the end are a failure to OpenCV."""
        for skipped in range(MAX_BAD):
            if self._capture.grab():
                if skipped and not self._told:
                    self._told = True
                    log.warning("%s: there are pictures in it that cannot be decoded; skipped", self.name)
                return True
        return False

    def _connect(self) -> Any:
        with name_for_native_code(self._path) as name:
            capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
        self._turn = take_over(capture, self._path)
        return capture

    def _start_again(self, sought: bool) -> None:
        self._count, self._sought = 0, sought
        self._time = MediaTime(self._fps or self._config.per_second)

    def _stamp_s(self) -> float:
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000
