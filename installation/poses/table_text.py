"""The text of a pose table: as it is written here, and as spreadsheets save it again.

German Excel puts semicolons between columns and commas into numbers; others put spaces behind commas, quotes round names, a
byte order mark in front, ``sep=;`` on top or empty columns at the end. Each line stands for itself: a quote that is never
closed spoils one row, not the rest of the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installation.base.pose_rows import MAX_BYTES, SEPARATORS
from installation.base.pose_rows import header_at as header_at
from installation.base.pose_rows import is_blank as is_blank
from installation.base.pose_rows import key_of as key_of
from installation.base.pose_rows import lines_of as lines_of
from installation.base.pose_rows import same as same
from installation.base.pose_rows import take_of as take_of
from installation.base.text_files import TextFileError, read_text_file
from installation.poses.features import COLUMNS

HEADER = ("label", "person", "take", *COLUMNS)


class PoseTableError(Exception):
    """A table that cannot be read or written: file:line, what is wrong, and how to fix it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``begin``: the index of the first line behind the header. ``decimal``: the sign within numbers."""

    begin: int
    separator: str = ","
    decimal: str = "."

    def row(self, label: str, person: str, take: int, values: list[float]) -> str:
        """A row as the others are written, with its line end."""
        numbers = (f"{value:.4f}".replace(".", self.decimal) for value in values)
        return self.separator.join((label, person, str(take), *numbers)) + "\n"


def read_lines(path: Path) -> list[str]:
    """All lines, with their ends as they are. Raises PoseTableError."""
    try:
        return lines_of(read_text_file(path, MAX_BYTES))
    except FileNotFoundError as error:
        raise PoseTableError(f"{path}: there is no such table; record poses first") from error
    except OSError as error:
        raise PoseTableError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    except TextFileError as error:
        hint = "; a spreadsheet calls it CSV UTF-8" if "UTF-8" in str(error) else ""
        raise PoseTableError(f"{error.at(str(path))}{hint}") from error


def layout_of(path: Path, lines: list[str]) -> Layout:
    """How the table is written. Raises PoseTableError for one of other columns; a text without a line is an empty table."""
    at = header_at(lines)
    if at == len(lines):
        return Layout(at)
    separator = separator_of(lines[at])
    _check_header(path, at + 1, cells_of(lines[at], separator))
    first = next((line for line in lines[at + 1 :] if not is_blank(line)), "")
    decimal = "," if separator != "," and "," in first else "."
    return Layout(at + 1, separator, decimal)


def separator_of(header: str) -> str:
    """What stands between the columns of a header."""
    return max(SEPARATORS, key=lambda sign: len(cells_of(header, sign)))


def rows_of(lines: list[str], layout: Layout) -> Iterator[tuple[int, str]]:
    """(line number from 1, line) of each line behind the header that says something."""
    for number, line in enumerate(lines[layout.begin :], layout.begin + 1):
        if not is_blank(line):
            yield number, line


def cells_of(line: str, separator: str) -> list[str]:
    """The cells without the spaces and quotes round them, as many as say something."""
    text = line.lstrip("\ufeff").rstrip("\r\n")
    # No cell has a quote of its own: one that is not closed is a slip, and so are those round a whole line.
    if text.count('"') % 2 or re.fullmatch(r'"[^"]*"', text):
        text = text.replace('"', "")
    try:
        found = [same(cell) for cell in next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])]
    except csv.Error:  # a cell of more than 128 kB
        return [same(text)]
    while len(found) > len(HEADER) and not found[-1]:
        found.pop()
    return found


def number_of(cell: str) -> float:
    """A measurement; ValueError for what is none, or far from any."""
    value = float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    if not abs(value) < 1e6:
        raise ValueError(cell)
    return value


def _check_header(path: Path, line: int, cells: list[str]) -> None:
    if tuple(cells) == HEADER:
        return
    wrong = next((n for n, (a, b) in enumerate(zip(cells, HEADER)) if a != b), min(len(cells), len(HEADER)))
    found = repr(cells[wrong][:40]) if wrong < len(cells) else "missing"
    expected = repr(HEADER[wrong]) if wrong < len(HEADER) else "nothing"
    raise PoseTableError(
        f"{path}:{line}: column {wrong + 1} is {found}, expected {expected}; put the header back; if another version wrote "
        f"it, move the file away and record again"
    )
