"""Pictures as files, in the format that a name's ending says."""

from __future__ import annotations

from pathlib import Path

import cv2

from installation.base.files import write_whole
from installation.render.captures.png import LEVEL, write_picture
from installation.types import ByteArray

_LOSSLESS_WEBP = 101
_OTHERS = {
    ".jpg": [cv2.IMWRITE_JPEG_QUALITY, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444],
    ".webp": [cv2.IMWRITE_WEBP_QUALITY, _LOSSLESS_WEBP],
}
_OTHERS[".jpeg"] = _OTHERS[".jpg"]


def store_picture(path: Path, rgb: ByteArray, level: int = LEVEL) -> None:
    """Write one picture (H, W, 3) uint8 sRGB, row 0 on top: JPEG, lossless WebP, or else PNG, packed at ``level``.

    The file has its name only when it is whole. OSError when the place cannot be written, or the format has no room for
    a picture of this size.
    """
    options = _OTHERS.get(path.suffix.lower())
    if options is None:
        write_picture(path, rgb, level)
        return
    try:
        good, data = cv2.imencode(path.suffix.lower(), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)
    except cv2.error:
        good = False
    if not good:
        raise OSError(0, f"{rgb.shape[1]}x{rgb.shape[0]} pixels are too many for {path.suffix}; store it as .png")
    write_whole(path, data.tobytes(), is_precious=False)
