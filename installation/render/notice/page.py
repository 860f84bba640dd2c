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
    letters: Letters
    top: int
    width: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A page before it is drawn: its ``size`` (width, height), the icon's width and the gap beside or below it."""

    size: tuple[int, int]
    title_px: int
    icon_px: int
    gap_px: int
    lines: tuple[_Line, ...]
    high_px: int
    stands: bool


def wall_page(size: tuple[int, int], words: Sequence[Words], faces: Sequence[Face], scale: float) -> Page:
    """The page for a picture of ``size`` (width, height) pixels; ``words`` and their ``faces`` in the order of the languages.
    ``scale`` is a factor on the letters; what does not fit is made smaller, down to what a screen can show."""
    # Several at once are smaller each, but larger together.
    scale /= len(words) ** 0.3
    while True:
        plan = _plan(size, words, faces, scale)
        fits = plan.size[0] <= WIDEST * size[0] and plan.size[1] <= HIGHEST * size[1]
        if fits or plan.title_px <= _SMALLEST_PX:
            return _drawn(plan)
        scale *= _SHRINK


def _plan(size: tuple[int, int], words: Sequence[Words], faces: Sequence[Face], scale: float) -> _Plan:
    shorter, stands = min(size), size[0] < size[1]
    title_px = max(round(TITLE * shorter * scale), _SMALLEST_PX)
    text_px = max(round(TEXT * shorter * scale), _SMALLEST_PX - 1)
    icon_px = round(title_px * (2.9 if len(words) == 1 else 3.6))
    gap_px = round(icon_px * (0.22 if stands else 0.33))
    room_px = round(WIDEST * size[0]) - (0 if stands else icon_px + gap_px)
    found, high_px = _rows(words, faces, title_px, text_px, room_px)
    wide = max((line.width for line in found), default=1)
    below = max(wide, icon_px), high_px + icon_px + gap_px
    beside = wide + icon_px + gap_px, max(high_px, icon_px)
    return _Plan(below if stands else beside, title_px, icon_px, gap_px, tuple(found), high_px, stands)


def _drawn(plan: _Plan) -> Page:
    """Icon on the left, words on its right; in a picture on end, words below it."""
    width, height = plan.size
    mask = np.zeros((height, width, 2), np.uint8)
    drawn = np.asarray(np.round(icon(plan.icon_px) * 255), np.uint8)
    beside = plan.icon_px + plan.gap_px
    if plan.stands:
        _lay(mask[..., 1], drawn, 0, (width - plan.icon_px) // 2)
    else:
        _lay(mask[..., 1], drawn, (height - plan.icon_px) // 2, 0)
    for line in plan.lines:
        covers = line.letters.coverage(line.text)
        if plan.stands:
            _lay(mask[..., 0], covers, beside + line.top, (width - covers.shape[1]) // 2)
        else:
            _lay(mask[..., 0], covers, (height - plan.high_px) // 2 + line.top, beside)
    return Page(mask, plan.title_px)


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
                found.append(_Line(line, letters, top, letters.width(line)))
                top += round(px * _LEADING)
    return found, top


def _lay(onto: ByteArray, covers: ByteArray, top: int, left: int) -> None:
    """Lay a mask down; what stands over the page's edges is cut."""
    part = onto[max(top, 0) : top + covers.shape[0], left : left + covers.shape[1]]
    piece = covers[max(-top, 0) :][: part.shape[0], : part.shape[1]]
    np.maximum(part, piece, out=part)
