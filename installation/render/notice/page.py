"""A page of the notice for the wall: icon and words in one or several languages, as large as fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.config.notice_texts import Words
from installation.render.notice.fonts import Face, Letters, lines
from installation.render.notice.icon import icon
from installation.types import ByteArray

TITLE, TEXT = 0.090, 0.053
"""Height of the letters' lines, in the picture's shorter sides, for one language."""
WIDEST, HIGHEST = 0.86, 0.66
"""Of the picture: what a page covers at most."""
_LEADING = 1.16
_SHRINK = 0.93
_SMALLEST_PX = 7


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """``mask`` (H, W, 2) uint8, row 0 on top: how much letters, and the icon, cover each pixel. ``title_px``: the height of the
    titles' lines."""

    mask: ByteArray
    title_px: int


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    face: str
    px: int
    top: int


def wall_page(size: tuple[int, int], words: Sequence[Words], faces: Sequence[Face], scale: float) -> Page:
    """The page for a picture of ``size`` (width, height) pixels; ``words`` and their ``faces`` in the order of the languages.
    ``scale`` is a factor on the letters; what does not fit is made smaller, down to what a screen can show."""
    # Several at once are smaller each, but larger together.
    scale /= len(words) ** 0.3
    while True:
        page = _laid_out(size, words, faces, scale)
        height, width = page.mask.shape[:2]
        if (height <= HIGHEST * size[1] and width <= WIDEST * size[0]) or page.title_px <= _SMALLEST_PX:
            return page
        scale *= _SHRINK


def _laid_out(size: tuple[int, int], words: Sequence[Words], faces: Sequence[Face], scale: float) -> Page:
    shorter, stands = min(size), size[0] < size[1]
    title_px = max(round(TITLE * shorter * scale), _SMALLEST_PX)
    text_px = max(round(TEXT * shorter * scale), _SMALLEST_PX - 1)
    icon_px = round(title_px * (2.9 if len(words) == 1 else 3.6))
    gap_px = round(0.55 * icon_px * (0.4 if stands else 0.6))
    width = round(WIDEST * size[0]) - (0 if stands else icon_px + gap_px)
    found, height = _rows(words, faces, title_px, text_px, width)
    letters = [(line, Letters(line.face, line.px).coverage(line.text)) for line in found]
    wide = max(mask.shape[1] for _, mask in letters)
    page_size = (
        (height + icon_px + gap_px, max(wide, icon_px)) if stands else (max(height, icon_px), wide + icon_px + gap_px)
    )
    mask = np.zeros((*page_size, 2), np.uint8)
    drawn = np.asarray(np.round(icon(icon_px) * 255), np.uint8)
    if stands:
        _lay(mask[..., 1], drawn, 0, (page_size[1] - icon_px) // 2)
        for line, covers in letters:
            _lay(mask[..., 0], covers, icon_px + gap_px + line.top, (page_size[1] - covers.shape[1]) // 2)
    else:
        _lay(mask[..., 1], drawn, (page_size[0] - icon_px) // 2, 0)
        for line, covers in letters:
            _lay(mask[..., 0], covers, (page_size[0] - height) // 2 + line.top, icon_px + gap_px)
    return Page(mask, title_px)


def _rows(
    words: Sequence[Words], faces: Sequence[Face], title_px: int, text_px: int, width: int
) -> tuple[list[_Line], int]:
    """All lines with their places, and the height of all together."""
    found: list[_Line] = []
    top = 0
    for number, (one, face) in enumerate(zip(words, faces, strict=True)):
        top += round(0.55 * title_px) if number else 0
        for text, px in ((one.title, title_px), (one.text, text_px)):
            letters = Letters(face.path, px)
            for line in lines(letters, text, width):
                found.append(_Line(line, face.path, px, top))
                top += round(px * _LEADING)
    return found, top


def _lay(onto: ByteArray, covers: ByteArray, top: int, left: int) -> None:
    """Lay a mask down; what stands over the page's edges is cut."""
    part = onto[max(top, 0) : top + covers.shape[0], left : left + covers.shape[1]]
    piece = covers[max(-top, 0) :][: part.shape[0], : part.shape[1]]
    np.maximum(part, piece, out=part)
