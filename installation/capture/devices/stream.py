"""A network stream: what begins with http, https, rtsp or rtsps."""

from __future__ import annotations

from typing import Any

import cv2

from installation.base.names import percent_encoded
from installation.base.secrets import masked
from installation.capture.devices.opencv import OpenCvSource
from installation.config.capture import CaptureConfig

SCHEMES = ("rtsp://", "rtsps://", "http://", "https://")
OPEN_MS = 5000


class StreamSource(OpenCvSource):
    """``url`` through OpenCV's FFmpeg; its name has *** for the password."""

    kind = "stream"
    hint = "does the address open in a video player on this machine?"

    def __init__(self, url: str, config: CaptureConfig) -> None:
        super().__init__(masked(url), config)
        self.target = url

    def _connect(self) -> Any:
        # The reader of a stream that fell silent ends by itself at about the time when it is given up anyway.
        read_ms = int(1000 * self._config.stall_s)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_ms]
        return cv2.VideoCapture(percent_encoded(self.target), cv2.CAP_FFMPEG, limits)
