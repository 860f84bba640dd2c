"""How the operator's text fits into a picture: letters as high as it asks for, lines wrapped, too many of them cut. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

LINES_HIGH, LETTERS_WIDE = 38, 24
"""A line is so much of the picture's height, but no more than so much of its width: a picture on its side is narrow."""
LEAST_PX, MOST_PX = 14, 96
"""Height of a line: smaller letters cannot be read, larger ones need not be."""
ENTRY_ROWS = 6
"""Rows that one line takes at most, however long it is."""
Measure = Callable[[str], int]
"""Width of a text in pixels."""


def line_height(picture: tuple[int, int]) -> int:
    """Height of a line of text in a picture of (width, height) pixels."""
    return min(max(round(min(picture[1] / LINES_HIGH, picture[0] / LETTERS_WIDE)), LEAST_PX), MOST_PX)


def wrapped(text: str, width_px: int, measure: Measure) -> list[str]:
    """``text`` in rows of at most ``width_px``, broken at spaces where there are any; one letter a row at least."""
    rows = []
    while text:
        fits = _longest(text, width_px, measure)
        space = text.rfind(" ", 1, fits + 1) if fits < len(text) else -1
        at = space if space > 0 else fits
        rows.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return rows or [""]


def fitted(lines: Sequence[str], most_rows: int, width_px: int, measure: Measure) -> list[tuple[str, bool]]:
    """(text, whether it is a fault) of each row: as many whole lines as fit into ``most_rows``, and how many more there are.

    A line that begins with ! is a fault or a fallback; the sign is taken off.
    """
    blocks = [(_shortened(wrapped(_plain(line), width_px, measure)), line.startswith("!")) for line in lines]
    if sum(len(rows) for rows, _ in blocks) <= most_rows:
        return [(row, is_fault) for rows, is_fault in blocks for row in rows]
    kept: list[tuple[str, bool]] = []
    for number, (rows, is_fault) in enumerate(blocks):
        if len(kept) + len(rows) >= most_rows:
            return [*kept, (f"+{len(blocks) - number} more", any(fault for _, fault in blocks[number:]))]
        kept += [(row, is_fault) for row in rows]
    return kept


def _longest(text: str, width_px: int, measure: Measure) -> int:
    """How many letters fit, one at least."""
    if measure(text) <= width_px:
        return len(text)
    low, high = 1, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if measure(text[:middle]) <= width_px else (low, middle)
    return low


def _plain(line: str) -> str:
    return line.removeprefix("!").strip()


def _shortened(rows: list[str]) -> list[str]:
    return rows if len(rows) <= ENTRY_ROWS else [*rows[: ENTRY_ROWS - 1], f"{rows[ENTRY_ROWS - 1][:-1]}…"]
