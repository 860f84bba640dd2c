"""A camera's controls as OpenCV hands them on, for Windows; on macOS it hands on none (AVFoundation: size and rate only)."""

from __future__ import annotations

import math
from typing import Any

import cv2

from installation.capture.devices.camera_settings import EXPOSURE, FOCUS, GAIN, WHITE_BALANCE

_AUTO = {
    EXPOSURE: cv2.CAP_PROP_AUTO_EXPOSURE,
    WHITE_BALANCE: cv2.CAP_PROP_AUTO_WB,
    FOCUS: cv2.CAP_PROP_AUTOFOCUS,
}
_NUMBER = {
    EXPOSURE: cv2.CAP_PROP_EXPOSURE,
    WHITE_BALANCE: cv2.CAP_PROP_WB_TEMPERATURE,
    FOCUS: cv2.CAP_PROP_FOCUS,
    GAIN: cv2.CAP_PROP_GAIN,
}


class OpenCvControls:
    """The controls of an opened ``cv2.VideoCapture``; see ``Controls``.

    Media Foundation and DirectShow count exposure in powers of two: -7 is 1/128 s.
    """

    def __init__(self, capture: Any) -> None:
        self._capture = capture
        self._auto: dict[str, bool] = {}
        self._taken: set[str] = set()

    def set_auto(self, name: str, on: bool) -> bool:
        """See Controls."""
        took = name in _AUTO and bool(self._capture.set(_AUTO[name], float(on)))
        if took:
            self._auto[name] = on
        return took

    def set_number(self, name: str, value: float) -> bool:
        """See Controls."""
        if name not in _NUMBER:
            return False
        number = round(math.log2(value)) if name == EXPOSURE else value
        took = bool(self._capture.set(_NUMBER[name], float(number)))
        if took:
            self._taken.add(name)
        return took

    def is_auto(self, name: str) -> bool | None:
        """See Controls: what was taken last, for Media Foundation does not tell."""
        return self._auto.get(name)

    def number(self, name: str) -> float | None:
        """See Controls: only what was set, for 0 and -1 stand for "not there" as well."""
        if name not in self._taken:
            return None
        value = float(self._capture.get(_NUMBER[name]))
        if not math.isfinite(value):
            return None
        return 2.0 ** min(max(value, -30), 10) if name == EXPOSURE else value

    def close(self) -> None:
        """Nothing is held: the capture is its source's."""
