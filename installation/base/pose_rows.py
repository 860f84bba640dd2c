"""Whose row a line of the pose table is: its first three cells, read without knowing the other columns.

The piece reads all of it (poses/table_text.py), the operator's page counts what is there.
"""

from __future__ import annotations

import io
import re
import unicodedata

MAX_BYTES = 64 * 1024 * 1024
"""Some 80,000 rows; five hours of recording have as many."""
SEPARATORS = ",;\t"
_HIDDEN = [
    chr(code) for code in range(0x3001) if chr(code).isspace() or unicodedata.category(chr(code)) in ("Cc", "Cf")
]
_ROUND = "".join(_HIDDEN) + "\ufeff\"'`´“”„‟‘’‚‛«»"
"""What a spreadsheet or a hand may leave round a cell."""
_TAKE = re.compile(r"[0-9]{1,6}", re.ASCII)
_HINT = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)
"""Excel's own line on top that says what stands between the columns."""


def lines_of(text: str) -> list[str]:
    """Lines with their ends: \\n, \\r\\n or \\r, and no other sign ends one."""
    return list(io.StringIO(text, newline=""))


def header_at(lines: list[str]) -> int:
    """The index of the first line that says something; len(lines) without any."""
    at = 0
    while at < len(lines) and (is_blank(lines[at]) or _HINT.fullmatch(lines[at].lstrip("\ufeff"))):
        at += 1
    return at


def is_blank(line: str) -> bool:
    """Whether a line says nothing; a spreadsheet leaves separators behind."""
    return not line.strip(SEPARATORS + _ROUND)


def key_of(line: str) -> tuple[str, ...]:
    """(label, person, take) as far as they are there, however broken the rest of the line is.

    No name has a separator, a quote or a space at its ends, so none of them can hide whose row it is.
    """
    return tuple(same(cell) for cell in re.split(f"[{SEPARATORS}]", line.lstrip("\ufeff"), maxsplit=3)[:3])


def same(name: str) -> str:
    """A name or a cell as it is compared: without spaces, quotes and hidden signs round it, and in Unicode's form NFC, for
    accents can be written in two ways that look the same."""
    bare = name.strip(_ROUND)
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


def take_of(cell: str) -> int | None:
    """A take's number from 1; None for what is none."""
    return int(cell) if _TAKE.fullmatch(cell) and int(cell) >= 1 else None
