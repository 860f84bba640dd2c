"""How an MP4 or QuickTime file wants its pictures turned: telephones store them as the sensor lies and say the rest here.

FFmpeg through OpenCV gives an angle only, which makes a mirrored picture one that stands on its head. The eight ways a
rectangle can lie on itself are told apart here; what is in between is taken for the nearest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import cv2
import numpy as np

from installation.types import ByteArray

MAX_BOXES = 10_000
_INSIDE = (b"moov", b"trak")
_MATRIX_AT = {b"mvhd": (36, 48), b"tkhd": (40, 52)}
"""Where the matrix begins in a header of version 0 and of version 1 (ISO/IEC 14496-12, 8.2.2 and 8.3.2)."""


class Turn(NamedTuple):
    """Rows and columns exchanged or not, after that mirrored across (left and right) or down (top and bottom)."""

    transposed: bool = False
    across: bool = False
    down: bool = False

    def apply(self, picture: ByteArray) -> ByteArray:
        """(H, W, 3) turned; (W, H, 3) where rows and columns are exchanged."""
        if self.transposed:
            picture = np.asarray(cv2.transpose(picture), np.uint8)
        if self.across or self.down:
            how = -1 if self.across and self.down else 1 if self.across else 0
            picture = np.asarray(cv2.flip(picture, how), np.uint8)
        return picture

    def size(self, width: int, height: int) -> tuple[int, int]:
        """(width, height) of a picture of this size once it is turned."""
        return (height, width) if self.transposed else (width, height)


def turn_of(path: Path) -> Turn | None:
    """How ``path`` wants to be shown, from the header of its first video track; None for a file that is no MP4 or MOV, or
    whose headers cannot be read."""
    try:
        with path.open("rb") as file:
            if file.read(12)[4:8] not in (b"ftyp", b"moov", b"wide", b"free", b"skip", b"mdat"):
                return None
            return _read(file, path.stat().st_size)
    except (OSError, struct.error):
        return None


def take_over(film: Any, path: Path) -> Turn:
    """Have the ``cv2.VideoCapture`` of ``path`` give its pictures as they are stored; gives how to turn them. A file whose
    matrix cannot be read here is left to OpenCV."""
    turn = turn_of(path)
    if turn is None:
        return Turn()
    film.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
    return turn


def turn_by(matrix: np.ndarray) -> Turn:
    """The turn of (2, 2) ``matrix`` ((a, b), (c, d)): a point (x, y), y downwards, comes to (a x + c y, b x + d y)."""
    (a, b), (c, d) = (tuple(float(value) for value in row) for row in matrix)
    transposed = abs(b) + abs(c) > abs(a) + abs(d)
    across, down = (c, b) if transposed else (a, d)
    return Turn(transposed, across < 0, down < 0)


def _read(file: BinaryIO, size: int) -> Turn | None:
    movie = np.eye(2)
    for kind, body in _headers(file, 0, size, [MAX_BOXES]):
        at = _MATRIX_AT[kind][1 if body[0] == 1 else 0]
        a, b, _, c, d, _, _, _, _ = struct.unpack_from(">9i", body, at)
        matrix = np.array([[a, b], [c, d]]) / 65536
        if kind == b"mvhd":
            movie = matrix
        elif any(struct.unpack_from(">2I", body, at + 36)):  # width and height: a track to be seen
            return turn_by(matrix @ movie)
    return None


def _headers(file: BinaryIO, start: int, end: int, left: list[int]) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of the movie's and the tracks' headers between two places of the file, in their order."""
    while start + 8 <= end and left[0] > 0:
        left[0] -= 1
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", file.read(8)), 16
        stop = end if size == 0 else start + size
        if stop < start + head:
            return  # no box
        if kind in _MATRIX_AT:
            yield kind, file.read(min(stop - start - head, 128))
        elif kind in _INSIDE:
            yield from _headers(file, start + head, min(stop, end), left)
        start = stop
