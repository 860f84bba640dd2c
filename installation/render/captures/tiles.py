"""A picture larger than what can be drawn at once: which parts are drawn, and how they become one. Pure: no OpenGL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from installation.config.wall import Part
from installation.types import ByteArray


class Rect(NamedTuple):
    """Pixels of the whole picture, origin top left; ``right`` and ``bottom`` lie outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.right - self.left, self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Tile:
    """``drawn`` is what is drawn: all tiles of a picture have the same size there. Only ``kept`` goes into the picture; what
    is drawn around it gives glow and other effects that look at their neighbourhood what they need."""

    picture: tuple[int, int]
    drawn: Rect
    kept: Rect

    @property
    def part(self) -> Part:
        """``drawn`` as (x, y, width, height) in shares of the picture, origin top left."""
        width, height = self.picture
        across, down = self.drawn.size
        return self.drawn.left / width, self.drawn.top / height, across / width, down / height


def split(size: tuple[int, int], most: tuple[int, int], margin: int, align: int = 1) -> list[list[Tile]]:
    """Rows of tiles, from the top, that together keep each pixel of a picture of ``size`` (width, height) once.

    No tile is larger than ``most``, and each has at least ``margin`` pixels around what is kept, but at the picture's own
    edges, beyond which nothing is drawn. Tiles begin at multiples of ``align`` (so that a pyramid of half sizes falls on
    the same pixels in each), but for the last of a row or column, which ends with the picture.
    ValueError where ``most`` leaves nothing to keep.
    """
    columns = _cut(size[0], most[0], margin, align)
    rows = _cut(size[1], most[1], margin, align)
    return [
        [
            Tile(size, Rect(x.drawn[0], y.drawn[0], x.drawn[1], y.drawn[1]), Rect(x.kept[0], y.kept[0], x.kept[1], y.kept[1]))
            for x in columns
        ]
        for y in rows
    ]  # fmt: skip


class _Span(NamedTuple):
    drawn: tuple[int, int]
    kept: tuple[int, int]


def _cut(length: int, most: int, margin: int, align: int) -> list[_Span]:
    """One direction of ``split``."""
    if length <= 0 or most <= 0 or margin < 0 or align <= 0:
        raise ValueError(f"cannot cut {length} pixels into {most} with a margin of {margin}, aligned to {align}")
    if length <= most:
        return [_Span((0, length), (0, length))]
    step = (most - 2 * margin) // align * align
    if step <= 0:
        raise ValueError(f"tiles of {most} pixels are all margin ({margin} on each side, aligned to {align})")
    starts = list(range(0, length - most, step)) + [length - most]
    # Two neighbours meet in the middle of what both have drawn: at least ``margin`` from the edge of each.
    seams = [(before + most + after) // 2 for before, after in pairwise(starts)]
    return [
        _Span((start, start + most), kept)
        for start, kept in zip(starts, zip([0, *seams], [*seams, length], strict=True), strict=True)
    ]


def bands(rows: list[list[Tile]], draw: Callable[[Tile], ByteArray]) -> Iterator[ByteArray]:
    """The picture in bands (H, width, 3) from the top, one for each row of tiles; only one is in memory at a time.

    ``draw`` gives the ``drawn`` part of a tile as (H, W, 3) uint8, row 0 on top.
    """
    for row in rows:
        width = row[0].picture[0]
        band = np.empty((row[0].kept.size[1], width, 3), np.uint8)
        for tile in row:
            drawn = draw(tile)
            across, down = tile.drawn.size
            if drawn.shape != (down, across, 3):
                raise ValueError(f"a tile of {across}x{down} was drawn as {drawn.shape}")
            left, top = tile.kept.left - tile.drawn.left, tile.kept.top - tile.drawn.top
            across, down = tile.kept.size
            band[:, tile.kept.left : tile.kept.right] = drawn[top : top + down, left : left + across]
        yield band
