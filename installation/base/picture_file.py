"""Picture files by any name: read within bounds where a show runs, and written. Python opens them, OpenCV decodes the bytes:
it ends the process over names that are no UTF-8."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.sizes import fit_within
from installation.types import ByteArray

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".avif", ".jp2"})
LONGEST_PX = 1920
"""Pictures come as large as a good camera's at most: what is larger is shrunk to this on its longer side."""
MAX_PIXELS = 64_000_000
"""What must be decoded whole may have so many (8000 x 8000, 200 MB)."""
MAX_JPEG_PIXELS = 256_000_000
"""A JPEG that is not progressive is decoded at a half, a quarter or an eighth of its size."""
_REDUCED = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))


class PictureError(Exception):
    """A file that gives no picture; the message says why, and what to do, without the file's name."""


def read_picture(path: Path) -> ByteArray:
    """``path`` as (H, W, 3) uint8 RGB, upright, at most LONGEST_PX on its longer side, at least 1 pixel on either; of an
    animation the first picture. Raises PictureError."""
    try:
        if not path.is_file():  # opening a pipe would wait for ever
            raise PictureError("is no file, or is gone")
        with path.open("rb") as file:  # Python opens it, for OpenCV knows no accents in names on Windows
            width, height, reducible = _look_at_header(file)
            _check_size(width, height, MAX_JPEG_PIXELS if reducible else MAX_PIXELS)
            file.seek(0)
            data = np.frombuffer(file.read(), np.uint8)
    except OSError as error:
        raise PictureError(f"cannot be read ({error.strerror or error})") from error
    try:
        bgr = cv2.imdecode(data, _how(max(width, height)) if reducible else cv2.IMREAD_COLOR)
    except (cv2.error, MemoryError):
        bgr = None
    if bgr is None:
        raise PictureError("cannot be decoded: it is cut short or broken; copy or store it anew")
    return _within_bounds(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8))


def _look_at_header(file: io.BufferedReader) -> tuple[int, int, bool]:
    """Width and height in pixels as stored, and whether the file can be decoded at a reduced size."""
    from PIL import Image  # 2 MB that a piece with a camera does without

    # Our limits are in the place of Pillow's, which warns at one and raises at another.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(file) as picture:
            reducible = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
            return picture.width, picture.height, reducible
    except Exception as error:  # the border to Pillow, whose readers raise whatever a broken header leads to
        raise PictureError("is no picture that can be decoded; store it anew as PNG or JPEG") from error


def _check_size(width: int, height: int, limit: int) -> None:
    if width * height > limit:
        most = f"{limit // 1_000_000} million"
        raise PictureError(
            f"is too large: {width} x {height} pixels where {most} are the most; store it in a smaller size"
        )


def _how(longer: int) -> int:
    """The strongest reduction that leaves at least LONGEST_PX of the longer side."""
    return next((how for by, how in _REDUCED if longer >= by * LONGEST_PX), cv2.IMREAD_COLOR)


def _within_bounds(rgb: ByteArray) -> ByteArray:
    height, width = rgb.shape[:2]
    size = fit_within(width, height, LONGEST_PX)
    return rgb if size == (width, height) else np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def read_bgr(path: Path) -> ByteArray | None:
    """The picture (H, W, 3) uint8 BGR, upright by its EXIF note; None for what cannot be read or decoded."""
    try:
        data = np.fromfile(path, np.uint8) if path.is_file() else np.empty(0, np.uint8)
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


def jpeg(rgb: ByteArray, quality: int = 80) -> bytes:
    """``rgb`` (H, W, 3) uint8 sRGB as a JPEG. Raises PictureError."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise PictureError("cannot be written as JPEG")
    return data.tobytes()
