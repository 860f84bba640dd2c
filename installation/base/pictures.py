"""Picture files by any name: Python reads and writes the bytes, for OpenCV ends the process over names that are no UTF-8."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.types import ByteArray


def read_bgr(path: Path) -> ByteArray | None:
    """The picture (H, W, 3) uint8 BGR, upright by its EXIF note; None for what cannot be read or decoded."""
    try:
        data = np.fromfile(path, np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size > 0 else None
    except (OSError, ValueError, cv2.error):
        return None
    return None if picture is None else np.asarray(picture, np.uint8)


def write_bgr(path: Path, bgr: ByteArray, options: Sequence[int] = ()) -> None:
    """Store a picture (H, W, 3) BGR in the format that the name ends in. OSError where it cannot be written; ValueError for
    a format that OpenCV does not write."""
    try:
        good, data = cv2.imencode(path.suffix, bgr, list(options))
    except cv2.error as error:
        raise ValueError(f"{path.name}: no picture can be stored under such a name ({error.err})") from error
    if not good:
        raise ValueError(f"{path.name}: the picture cannot be encoded")
    path.write_bytes(data.tobytes())
