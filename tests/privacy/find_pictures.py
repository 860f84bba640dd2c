"""Finds the marked picture, or a part of it, in what was written: cut out, scaled, turned, packed as JPEG, in grey or mirrored.

The marked picture is full of detail, so that SIFT (Lowe 2004) knows its places again; enough of them that agree on one shift,
scale and turn are no chance.
"""

import io
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from installation.types import ByteArray

ENOUGH = 8
"""So many places that agree; pictures of the piece without a camera in them have had up to 4."""
_SMALL, _LARGE = 220, 1280
"""Smaller pictures are enlarged, larger ones made smaller before they are looked at, pixels of the longer side."""
_WIDTHS = (48, 64, 96, 112, 128, 160, 192, 224, 256, 320, 480, 640)
"""Widths that are tried for pixels without a head."""
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"BM", b"GIF8", b"II*\x00", b"MM\x00*")
_VIDEO = (b"ftyp", b"\x1a\x45\xdf\xa3", b"moov")
_STEP = 5


@cache
def _sift() -> cv2.SIFT:
    return cv2.SIFT_create(nfeatures=4000, contrastThreshold=0.02)


@cache
def _reference(key: int) -> tuple[list[cv2.KeyPoint], np.ndarray]:
    shown = _references[key]
    grey = cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)
    points, described = _sift().detectAndCompute(grey, None)
    return list(points), described


_references: list[ByteArray] = []


def look_for(pictures: list[ByteArray]) -> None:
    """What is looked for: (H, W, 3) uint8 RGB; each is looked for mirrored, too."""
    _references.clear()
    _reference.cache_clear()
    for shown in pictures:
        _references.extend((shown, np.ascontiguousarray(shown[:, ::-1])))


def agreeing(picture: np.ndarray) -> int:
    """How many places of ``picture`` (H, W) or (H, W, 3 or 4) uint8 agree that it shows what is looked for."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(np.ascontiguousarray(picture[:, :, :3]), cv2.COLOR_BGR2GRAY)
    longer = max(grey.shape)
    if min(grey.shape) < 12:
        return 0
    factor = 1.0 if _SMALL <= longer <= _LARGE else (_SMALL if longer < _SMALL else _LARGE) / longer
    if factor != 1.0:
        grey = cv2.resize(
            grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        )
    points, described = _sift().detectAndCompute(np.ascontiguousarray(grey), None)
    if described is None or len(points) < ENOUGH:
        return 0
    return max(_agreeing(list(points), described, key) for key in range(len(_references)))


def _agreeing(points: list[cv2.KeyPoint], described: np.ndarray, key: int) -> int:
    known, known_described = _reference(key)
    pairs = cv2.BFMatcher().knnMatch(described, known_described, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.8 * pair[1].distance]
    if len(good) < ENOUGH:
        return 0
    here = np.array([points[match.queryIdx].pt for match in good], np.float32)
    there = np.array([known[match.trainIdx].pt for match in good], np.float32)
    cv2.setRNGSeed(1)
    fit, inside = cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=3.0)
    if fit is None:
        return 0
    kept = inside.ravel().astype(bool)
    # Places that all map to one spot agree on nothing.
    return len(np.unique(there[kept].round(), axis=0)) if np.ptp(there[kept], axis=0).min() > 8 else 0


def pictures_in(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """(what it is, (H, W[, 3]) uint8) of every picture, array or frame of a video in ``data``."""
    whole = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if whole is not None:
        yield "picture", whole
    elif any(sign in data[:64] for sign in _VIDEO):
        yield from _frames(data)
    for sign in _SIGNS[:2]:
        at = data.find(sign, 1)
        while at >= 0:
            inner = cv2.imdecode(np.frombuffer(data, np.uint8)[at:], cv2.IMREAD_COLOR)
            if inner is not None:
                yield f"picture at byte {at}", inner
            at = data.find(sign, at + 1)
    at = data.find(b"\x93NUMPY")
    while at >= 0:
        yield from _arrays(data[at:])
        at = data.find(b"\x93NUMPY", at + 1)


def raw_pictures(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """``data`` read as pixels without a head, in the widths that are usual."""
    for dtype, size in ((np.uint8, 1), (np.dtype("<f4"), 4)):
        values = np.frombuffer(data, dtype, len(data) // size)
        if len(values) < 24 * _WIDTHS[0]:
            continue
        if size == 4:
            with np.errstate(all="ignore"):
                if not np.isfinite(values).all() or np.abs(values).max(initial=0) > 300:
                    continue
                values = _bytes_of(values)
        for channels in (3, 1):
            for width in _WIDTHS:
                rows = len(values) // (width * channels)
                if 24 <= rows <= 2 * width and len(values) == rows * width * channels:
                    shown = values[: rows * width * channels].reshape(rows, width, channels)
                    yield f"pixels, {width} wide", np.ascontiguousarray(shown[:, :, 0] if channels == 1 else shown)


def _bytes_of(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return np.asarray((values - low) * (255 / max(high - low, 1e-9)), np.uint8)


def _arrays(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, OSError, EOFError):
        return
    array = np.squeeze(array)
    if array.ndim == 3 and array.shape[0] in (1, 3, 4) and array.shape[2] > 4:
        array = array.transpose(1, 2, 0)
    for shown in array if array.ndim == 4 else [array]:
        if shown.ndim in (2, 3) and np.isfinite(shown).all() and min(shown.shape[:2]) >= 12:
            shown = shown if shown.dtype == np.uint8 else _bytes_of(shown.astype(np.float64))
            yield "array", np.ascontiguousarray(shown if shown.ndim == 2 else shown[:, :, :3])


def _frames(data: bytes) -> Iterator[tuple[str, np.ndarray]]:
    with tempfile.NamedTemporaryFile(suffix=".mkv") as file:
        file.write(data)
        file.flush()
        capture, number = cv2.VideoCapture(str(Path(file.name))), 0
        while capture.grab():
            if number % _STEP == 0:
                good, shown = capture.retrieve()
                if good:
                    yield f"frame {number}", shown
            number += 1
        capture.release()
