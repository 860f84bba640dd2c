"""The text of a pose table: as it is written here, and as spreadsheets save it again.

German Excel puts semicolons between columns and commas into numbers; others put spaces behind commas, quotes round names, a
byte order mark in front, ``sep=;`` on top or empty columns at the end. Each line stands for itself: a quote that is never
closed spoils one row, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from installation.base.text_files import TextFileError, read_text_file
from installation.poses.features import COLUMNS

HEADER = ("label", "person", "take", *COLUMNS)
MAX_BYTES = 64 * 1024 * 1024
"""Some 80,000 rows; five hours of recording have as many."""
_SEPARATORS = ",;\t"
_HIDDEN = [
    chr(code) for code in range(0x3001) if chr(code).isspace() or unicodedata.category(chr(code)) in ("Cc", "Cf")
]
_ROUND = "".join(_HIDDEN) + "\ufeff\"'`´“”„‟‘’‚‛«»"
"""What a spreadsheet or a hand may leave round a cell."""
_TAKE = re.compile(r"[0-9]{1,6}", re.ASCII)
_HINT = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)
"""Excel's own line on top that says what stands between the columns."""


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


def lines_of(text: str) -> list[str]:
    """Lines with their ends: \\n, \\r\\n or \\r, and no other sign ends one."""
    return list(io.StringIO(text, newline=""))


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


def header_at(lines: list[str]) -> int:
    """The index of the first line that says something; len(lines) without any."""
    at = 0
    while at < len(lines) and (is_blank(lines[at]) or _HINT.fullmatch(lines[at].lstrip("\ufeff"))):
        at += 1
    return at


def separator_of(header: str) -> str:
    """What stands between the columns of a header."""
    return max(_SEPARATORS, key=lambda sign: len(cells_of(header, sign)))


def rows_of(lines: list[str], layout: Layout) -> Iterator[tuple[int, str]]:
    """(line number from 1, line) of each line behind the header that says something."""
    for number, line in enumerate(lines[layout.begin :], layout.begin + 1):
        if not is_blank(line):
            yield number, line


def is_blank(line: str) -> bool:
    """Whether a line says nothing; a spreadsheet leaves separators behind."""
    return not line.strip(_SEPARATORS + _ROUND)


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


def key_of(line: str) -> tuple[str, ...]:
    """(label, person, take) as far as they are there, however broken the rest of the line is.

    No name has a separator, a quote or a space at its ends, so none of them can hide whose row it is.
    """
    return tuple(same(cell) for cell in re.split(f"[{_SEPARATORS}]", line.lstrip("\ufeff"), maxsplit=3)[:3])


def same(name: str) -> str:
    """A name or a cell as it is compared: without spaces, quotes and hidden signs round it, and in Unicode's form NFC, for
    accents can be written in two ways that look the same."""
    bare = name.strip(_ROUND)
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


def take_of(cell: str) -> int | None:
    """A take's number from 1; None for what is none."""
    return int(cell) if _TAKE.fullmatch(cell) and int(cell) >= 1 else None


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
