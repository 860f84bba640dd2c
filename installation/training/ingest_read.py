"""An artist's folder, picture by picture: what can be trained on, and by name why the rest cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.base.names import printable
from installation.training.ingest_files import PICTURES, pictures_of, remedy
from installation.types import ByteArray, FloatArray

MIN_SIDE_PX, SOFT_SIDE_PX = 256, 640
"""Below the first a picture is left out. The texture training brings short sides to the second: less is enlarged and soft."""
MAX_SHORT_SIDE_PX, MAX_LONG_SIDE_PX = 960, 3840
BLANK_LEVELS = 2.0
"""A picture whose brightness spreads less than this (of 255) shows nothing."""
SAME_BITS, SAME_LEVELS = 6, 12.0
"""Two pictures are one when at most so many of the 63 bits of their hashes differ and, at 8 x 8 pixels, their colours differ
by less than this on average (of 255): the same motif in other colours is another picture."""


class IngestError(ValueError):
    """A folder or a wish that cannot be taken; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Taken:
    """A picture to train on: ``rgb`` (H, W, 3) uint8 sRGB, upright, its size bounded; ``size`` is the file's own (w, h)."""

    file: Path
    rgb: ByteArray
    size: tuple[int, int]

    @property
    def is_soft(self) -> bool:
        """Whether the training has to enlarge it."""
        return min(self.size) < SOFT_SIDE_PX


@dataclass(frozen=True)
class LeftOut:
    """A file that is not trained on, and why."""

    file: Path
    reason: str


def read_folder(folder: Path) -> Iterator[Taken | LeftOut]:
    """Every picture of ``folder`` and the folders in it, in the order of names; duplicates of earlier ones are left out.

    Raises IngestError where there is no such folder or no picture in it.
    """
    if not folder.is_dir():
        raise IngestError(f"{folder} is no folder; name the folder that your pictures are in")
    files, _ = pictures_of(folder)
    if not files:
        raise IngestError(f"{folder} has no pictures; what can be read ends in {', '.join(sorted(PICTURES))}")
    known: list[tuple[Path, int, FloatArray]] = []
    for file in files:
        found = read_picture(file)
        if isinstance(found, Taken):
            code, colours = perceptual_hash(found.rgb), _colours(found.rgb)
            twin = _twin(code, colours, known)
            if twin is not None:
                found = LeftOut(file, f"shows the same as {printable(str(twin.relative_to(folder)))}")
            else:
                known.append((file, code, colours))
        yield found


def read_picture(file: Path) -> Taken | LeftOut:
    """One file, turned upright by its EXIF note, shrunk to MAX_SHORT_SIDE_PX and MAX_LONG_SIDE_PX if it is larger."""
    try:
        data = file.read_bytes()
    except OSError as error:
        return LeftOut(file, f"cannot be read ({error.strerror})")
    if data.startswith(b"\xff\xd8") and is_cut_short(data):
        return LeftOut(file, "is cut short; copy it anew")
    bgr = _decode(data, cv2.IMREAD_COLOR)
    if bgr is None:
        what = remedy(file, data[:16])
        return LeftOut(file, what or "cannot be decoded: it is broken, or no picture; open it and store it anew")
    height, width = bgr.shape[:2]
    if min(height, width) < MIN_SIDE_PX:
        return LeftOut(
            file, f"is tiny ({width} x {height}); at least {MIN_SIDE_PX} pixels on the short side are needed"
        )
    if _has_holes(data):
        return LeftOut(file, "has transparent parts; lay it on a ground and store it anew")
    if float(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY).std()) < BLANK_LEVELS:
        return LeftOut(file, "is blank")
    scale = min(1.0, MAX_SHORT_SIDE_PX / min(height, width), MAX_LONG_SIDE_PX / max(height, width))
    if scale * min(height, width) < MIN_SIDE_PX:
        return LeftOut(file, f"is a narrow strip ({width} x {height}); cut it into pieces")
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else bgr
    return Taken(file, np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGB), np.uint8), (width, height))


def _decode(data: bytes, how: int) -> ByteArray | None:
    """BGR or as stored; None for what OpenCV refuses, by an exception or without one."""
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), how) if data else None
    except cv2.error:
        return None
    return None if picture is None else np.asarray(picture, np.uint8 if how == cv2.IMREAD_COLOR else None)


def _has_holes(data: bytes) -> bool:
    """Whether more than a hundredth of the picture lets the ground through."""
    stored = _decode(data, cv2.IMREAD_UNCHANGED)
    if stored is None or stored.ndim != 3 or stored.shape[2] != 4:
        return False
    opaque = np.iinfo(stored.dtype).max if stored.dtype.kind == "u" else 1.0
    return bool((stored[:, :, 3] < 0.98 * opaque).mean() > 0.01)


def is_cut_short(jpeg: bytes) -> bool:
    """Whether a JPEG lacks the mark of its end behind its last scan: it would be decoded to a picture with a grey rest."""
    scan = jpeg.rfind(b"\xff\xda")
    return scan >= 0 and jpeg.find(b"\xff\xd9", scan) < 0


def perceptual_hash(rgb: ByteArray) -> int:
    """63 bits: which of the lowest frequencies of the brightness (8 x 8 of the cosine transform of 32 x 32 pixels, without
    the mean) are above their median. Size, compression and a little brightness leave nearly all of them as they are
    (Zauner 2010, "Implementation and benchmarking of perceptual image hash functions").
    """
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()[1:]
    return sum(1 << bit for bit, above in enumerate(low > np.median(low)) if above)


def _colours(rgb: ByteArray) -> FloatArray:
    return np.asarray(cv2.resize(rgb, (8, 8), interpolation=cv2.INTER_AREA), np.float32)


def _twin(code: int, colours: FloatArray, known: list[tuple[Path, int, FloatArray]]) -> Path | None:
    for file, other, other_colours in known:
        alike = (code ^ other).bit_count() <= SAME_BITS
        if alike and float(np.abs(colours - other_colours).mean()) < SAME_LEVELS:
            return file
    return None
