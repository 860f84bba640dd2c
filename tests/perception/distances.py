"""Footage as a camera would show it that stands nearer, or that a visitor walks up to."""

from pathlib import Path

import cv2
import numpy as np

from installation.types import ByteArray, FloatArray

HEIGHT_PX = 360
NECK = 0.1
"""Heights of a body from its crown to a little below its nose."""


def pictures(path: Path, count: int) -> list[tuple[float, ByteArray]]:
    """(seconds, picture as mirrored) of a clip's beginning."""
    capture, found = cv2.VideoCapture(str(path)), []
    pace = capture.get(cv2.CAP_PROP_FPS)
    for number in range(count):
        good, bgr = capture.read()
        if not good:
            break
        found.append((number / pace, np.ascontiguousarray(bgr[:, ::-1, ::-1])))
    capture.release()
    return found


def nearer(
    rgb: ByteArray, nose: FloatArray, body: float, share: float, aspect: float = 4 / 3
) -> tuple[ByteArray, float]:
    """The part of ``rgb`` from the crown down that is as high as ``share`` of a ``body`` (its height in the picture's); and how
    high it is in the picture's height. ``nose`` is (x, y) of that visitor in [0, 1]."""
    height, width = rgb.shape[:2]
    high = min(share * body, 1.0)
    high_px = round(high * height)
    wide_px = min(round(aspect * high_px), width)
    top = round(min(max(nose[1] - NECK * body, 0.0) * height, height - high_px))
    left = round(min(max(nose[0] * width - wide_px / 2, 0.0), width - wide_px))
    cut = rgb[top : top + high_px, left : left + wide_px]
    size = (round(HEIGHT_PX * wide_px / high_px), HEIGHT_PX)
    how = cv2.INTER_AREA if high_px > HEIGHT_PX else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(cut, size, interpolation=how), np.uint8), high_px / height
