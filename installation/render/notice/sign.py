"""The printed sign: an A4 page with the icon, the words in several languages, who is responsible, and a code that says more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import segno

from installation.config.notice_texts import Words
from installation.render.notice.fonts import Face, Letters, filled, find_face, lines
from installation.render.notice.icon import icon
from installation.types import ByteArray

DPI = 300
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARGIN_MM, HEAD_MM, FOOT_MM = 18.0, 112.0, 58.0
ICON_MM, QR_MM, GUTTER_MM = 50.0, 36.0, 10.0
LARGEST_MM, SMALLEST_MM = 6.2, 2.6
"""Height of the lines' letters in the text, as large as all of it allows; smaller ones cannot be read standing."""
QUIET = 4
"""Modules of white round a code (ISO/IEC 18004)."""
_LEADING = 1.28
Colour = tuple[int, int, int]
_NIGHT: Colour = (17, 19, 27)
_INK: Colour = (26, 28, 36)
_GREY: Colour = (108, 112, 124)
_PAPER: Colour = (255, 255, 255)
_WARM: Colour = (255, 224, 184)


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands on the page. ``words``: at least one language's; ``no_pictures``: whether it may say that none are stored.
    Empty ``responsible`` and ``contact`` leave lines to write on; without a ``url`` there is no code."""

    words: tuple[Words, ...]
    no_pictures: bool
    responsible: str = ""
    contact: str = ""
    url: str = ""
    font: str = ""

    def text(self, one: Words) -> str:
        """The paragraph in one language."""
        return f"{one.sign} {one.no_pictures}".strip() if self.no_pictures else one.sign


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """``rgb`` (H, W, 3) uint8; ``missing``: letters that no font here has; ``fits``: whether all words stand on the page."""

    rgb: ByteArray
    missing: str
    fits: bool


def px(millimetres: float) -> int:
    """Pixels of a length on the page."""
    return round(millimetres / 25.4 * DPI)


def draw_sign(sign: Sign) -> Drawn:
    """The whole page. ValueError for a url that is too long for a code."""
    page = np.full((px(HEIGHT_MM), px(WIDTH_MM), 3), _PAPER, np.uint8)
    heads = [find_face(one.title, sign.font) for one in sign.words]
    bodies = [find_face(sign.text(one), sign.font, plain=True) for one in sign.words]
    _draw_head(page, sign, heads)
    fits = _draw_text(page, sign, heads, bodies)
    feet = _draw_foot(page, sign)
    missing = "".join(face.missing for face in (*heads, *bodies, *feet))
    return Drawn(page, "".join(dict.fromkeys(missing)), fits)


def _draw_head(page: ByteArray, sign: Sign, faces: Sequence[Face]) -> None:
    """Icon and titles, white on night."""
    page[: px(HEAD_MM)] = _NIGHT
    covers = np.asarray(np.round(icon(px(ICON_MM)) * 255), np.uint8)
    _ink(page, covers, px(9), (page.shape[1] - covers.shape[1]) // 2, _WARM)
    room = px(WIDTH_MM - 2 * MARGIN_MM)
    size_mm = 13.5
    while (first := Letters(faces[0].path, px(size_mm))).width(sign.words[0].title) > room and size_mm > 5:
        size_mm *= 0.96
    covers = first.coverage(sign.words[0].title)
    top_mm = 64.0
    _ink(page, covers, px(top_mm), (page.shape[1] - covers.shape[1]) // 2, _PAPER)
    rows = _title_rows(sign.words[1:], faces[1:], room)
    row_mm = min(8.0 if len(rows) > 1 else 10.0, (HEAD_MM - 6.0 - 82.0) / max(len(rows), 1))
    for number, row in enumerate(rows):
        letters = [Letters(face.path, px(0.675 * row_mm)) for _, face in row]
        gap = px(7.0)
        masks = [one.coverage(title) for one, (title, _) in zip(letters, row, strict=True)]
        left = (page.shape[1] - sum(mask.shape[1] for mask in masks) - gap * (len(masks) - 1)) // 2
        for mask in masks:
            _ink(page, mask, px(82.0 + number * row_mm), left, (205, 208, 218))
            left += mask.shape[1] + gap


def _title_rows(words: Sequence[Words], faces: Sequence[Face], room_px: int) -> list[list[tuple[str, Face]]]:
    """The other languages' titles, as many in a row as fit."""
    rows: list[list[tuple[str, Face]]] = []
    left_px = 0
    for one, face in zip(words, faces, strict=True):
        wide = Letters(face.path, px(5.4)).width(one.title) + px(7.0)
        if not rows or wide > left_px:
            rows.append([])
            left_px = room_px
        rows[-1].append((one.title, face))
        left_px -= wide
    return rows


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    letters: Letters
    high_px: int
    colour: Colour


def _draw_text(page: ByteArray, sign: Sign, heads: Sequence[Face], bodies: Sequence[Face]) -> bool:
    """A paragraph a language, in one column or two, as large as all of them fit; gives whether they do."""
    count = 1 if len(sign.words) <= 3 else 2
    wide = px((WIDTH_MM - 2 * MARGIN_MM - (count - 1) * GUTTER_MM) / count)
    top, bottom = px(HEAD_MM + 12.0), px(HEIGHT_MM - FOOT_MM - 5.0)
    size_mm = LARGEST_MM
    while True:
        blocks = [
            _block(one.title, sign.text(one), head, body, size_mm, wide)
            for one, head, body in zip(sign.words, heads, bodies, strict=True)
        ]
        gap = px(1.1 * size_mm)
        columns = _columns([sum(row.high_px for row in block) + gap for block in blocks], count)
        heights = [sum(sum(row.high_px for row in blocks[n]) + gap for n in column) - gap for column in columns]
        fits = max(heights) <= bottom - top
        if fits or size_mm <= SMALLEST_MM:
            break
        size_mm *= 0.97
    for number, column in enumerate(columns):
        at = top
        for n in column:
            for row in blocks[n]:
                if at + row.high_px <= bottom + gap:
                    _ink(
                        page,
                        row.letters.coverage(row.text),
                        at,
                        px(MARGIN_MM) + number * (wide + px(GUTTER_MM)),
                        row.colour,
                    )
                at += row.high_px
            at += gap
    return fits


def _block(title: str, text: str, head: Face, body: Face, size_mm: float, wide: int) -> list[_Row]:
    bold, plain = Letters(head.path, px(1.2 * size_mm)), Letters(body.path, px(size_mm))
    rows = [_Row(line, bold, px(1.2 * size_mm * 1.36), _INK) for line in lines(bold, title, wide)]
    return rows + [_Row(line, plain, px(size_mm * _LEADING), _INK) for line in filled(plain, text, wide)]


def _columns(heights: Sequence[int], count: int) -> list[list[int]]:
    """Blocks in their order in ``count`` columns, split where the longer one is shortest."""
    if count == 1:
        return [list(range(len(heights)))]
    split = min(range(1, len(heights)), key=lambda at: max(sum(heights[:at]), sum(heights[at:])))
    return [list(range(split)), list(range(split, len(heights)))]


def _draw_foot(page: ByteArray, sign: Sign) -> list[Face]:
    """Who is responsible, and the code; gives the fonts that were used."""
    top, left, right = px(HEIGHT_MM - FOOT_MM), px(MARGIN_MM), px(WIDTH_MM - MARGIN_MM)
    page[top : top + px(0.3), left:right] = _GREY
    if sign.url:
        right -= px(QR_MM + 6.0)
        _draw_code(page, sign.url, top + px(6.0), page.shape[1] - px(MARGIN_MM + QR_MM))
    labels = " / ".join(dict.fromkeys(one.responsible for one in sign.words[:3] if one.responsible))
    more = sign.words[0].more
    faces = [
        find_face(text, sign.font, plain=True) for text in (labels, sign.responsible + sign.contact, more + sign.url)
    ]
    at = top + px(6.5)
    _ink(page, Letters(faces[0].path, px(3.4)).coverage(labels), at, left, _GREY)
    at += px(6.5)
    for text, size_mm in ((sign.responsible, 5.2), (sign.contact, 4.4)):
        letters = Letters(faces[1].path, px(size_mm))
        for line in lines(letters, text, right - left):
            _ink(page, letters.coverage(line), at, left, _INK)
            at += px(size_mm * 1.35)
        if not text:
            page[at + px(5.5) : at + px(5.8), left:right] = _GREY
            at += px(9.0)
    if sign.url:
        letters = Letters(faces[2].path, px(3.4))
        for line in [*lines(letters, more, right - left), *_cut(letters, sign.url, right - left)]:
            at = max(at, px(HEIGHT_MM - 26.0))
            _ink(page, letters.coverage(line), at, left, _GREY)
            at += px(3.4 * 1.35)
    return faces


def _cut(letters: Letters, text: str, wide: int) -> list[str]:
    """An address in lines, cut wherever they are full."""
    found = [""]
    for letter in text:
        if letters.width(found[-1] + letter) > wide:
            found.append("")
        found[-1] += letter
    return found


def _draw_code(page: ByteArray, url: str, top: int, left: int) -> None:
    """A QR code of ``url``, QR_MM wide with its quiet margin, of whole pixels."""
    try:
        code = segno.make(url, error="m", micro=False, boost_error=True)
    except segno.DataOverflowError as error:
        raise ValueError("the url is too long for a code; take a shorter one") from error
    dark = np.array([list(row) for row in code.matrix], np.uint8)
    module = px(QR_MM) // (len(dark) + 2 * QUIET)
    covers = np.kron(dark, np.full((module, module), 255, np.uint8))
    side = px(QR_MM)
    inset = (side - len(covers)) // 2
    _ink(page, covers, top + inset, left + side - len(covers), _INK)


def _ink(page: ByteArray, covers: ByteArray, top: int, left: int, colour: Colour) -> None:
    """Lay ``colour`` where ``covers`` (H, W) says; what stands over the page's edges is cut."""
    part = page[max(top, 0) : top + covers.shape[0], max(left, 0) : left + covers.shape[1]]
    share = covers[max(-top, 0) :, max(-left, 0) :][: part.shape[0], : part.shape[1], None].astype(np.float32) / 255
    part[:] = np.round(part + (np.array(colour, np.float32) - part) * share).astype(np.uint8)
