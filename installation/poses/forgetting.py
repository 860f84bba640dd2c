"""Deleting rows of the pose table: line by line, counted, and read back before it is called done."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from installation.base.files import TYPED, write_whole
from installation.poses.table_text import (
    HEADER,
    PoseTableError,
    cells_of,
    header_at,
    is_blank,
    key_of,
    layout_of,
    read_lines,
    same,
    separator_of,
    take_of,
)

MAX_SAID = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """What rows to delete: those that match everything given."""

    person: str | None = None
    label: str | None = None
    take: int | None = None

    def matches(self, key: tuple[str, ...]) -> bool | None:
        """Whether a row of (label, person, take) is meant; None where the row does not say."""
        label, person, take = (*key, "", "", "")[:3]
        answers: list[bool | None] = []
        for wanted, found in ((self.label, label), (self.person, person)):
            if wanted is not None:
                answers.append(same(wanted) == found if found else None)
        if self.take is not None:
            number = take_of(take)
            answers.append(None if number is None else number == self.take)
        if False in answers:
            return False
        return None if None in answers else True

    def __str__(self) -> str:
        take = None if self.take is None else f"take {self.take}"
        return ", ".join(part for part in (self.person, self.label, take) if part is not None)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """``rows``: how many were deleted. ``left``: the rows that are left, by label and person. ``doubtful``: line numbers,
    as they are now, of rows that may be meant but do not say so clearly."""

    rows: int
    left: Counter[tuple[str, str]]
    doubtful: tuple[int, ...] = ()


def forget(path: Path, wanted: Rows) -> Forgotten:
    """Delete the rows that match; every other line stays as it is, sign by sign. The caller holds the table's lock.

    Raises PoseTableError where the file cannot be read, has no header, or says afterwards that rows are still there; OSError
    where it cannot be written.
    """
    lines = read_lines(path)
    begin, separator = _layout(path, lines)
    kept = [line for line in lines[begin:] if is_blank(line) or _is_meant(line, separator, wanted) is not True]
    gone = len(lines) - begin - len(kept)
    if gone:
        write_whole(path, "".join((*lines[:begin], *kept)).encode("utf-8"))
        lines = read_lines(path)
        if lines[begin:] != kept:
            raise PoseTableError(f"{path}: was changed while rows were deleted; close it elsewhere and delete again")
    rows = [(number, line) for number, line in enumerate(lines[begin:], begin + 1) if not is_blank(line)]
    keys = ((*key_of(line), "", "") for _, line in rows)
    left = Counter((key[0], key[1]) for key in keys)
    return Forgotten(gone, left, tuple(number for number, line in rows if _is_doubtful(line, separator, wanted)))


def meant(wanted: Rows, left: Counter[tuple[str, str]]) -> str:
    """What to say where nothing matched: whose rows there are, and which name was probably meant."""
    hints = []
    for place, (name, kind) in enumerate(((wanted.label, "label"), (wanted.person, "person"))):
        names = sorted({key[place] for key in left if key[place]})
        if name is not None and same(name) not in names:
            near = _near(name, names)
            there = ", ".join(names[:20]) or "no rows at all"
            hints.append(
                f"no {kind} is called {name!r}; " + (f"did you mean {near!r}?" if near else f"the table has {there}")
            )
    return "; ".join(hints) or f"these do not come together in a row; see: {TYPED} poses list"


def _layout(path: Path, lines: list[str]) -> tuple[int, str]:
    """(index of the first row, separator). Rows of another version are deleted as well: only the
    first three columns must be the same."""
    at = header_at(lines)
    if at < len(lines) and key_of(lines[at]) == HEADER[:3]:
        return at + 1, separator_of(lines[at])
    layout = layout_of(path, lines)
    return layout.begin, layout.separator


def _is_meant(line: str, separator: str, wanted: Rows) -> bool | None:
    """Whether a row is meant, read as the reader does or as what any separator parts; None where it does not say."""
    answers = {wanted.matches(key_of(line)), wanted.matches(tuple(cells_of(line, separator)[:3]))}
    return True if True in answers else None if None in answers else False


def _is_doubtful(line: str, separator: str, wanted: Rows) -> bool:
    """Whether a row that was kept may be meant: it does not say whose it is, or the name stands in another column."""
    if _is_meant(line, separator, wanted) is None:
        return True
    key = key_of(line)
    if wanted.person is None or (len(key) > 1 and key[1] == same(wanted.person)):
        return False
    return same(wanted.person) in {same(cell) for cell in re.split(r"[,;\t]", line)}


def _near(name: str, names: list[str]) -> str | None:
    """A name that differs by capitals and spaces only, or else one that looks like it."""
    folded = {"".join(one.casefold().split()): one for one in names}
    bare = "".join(same(name).casefold().split())
    return folded.get(bare) or next((folded[one] for one in get_close_matches(bare, folded, 1)), None)
