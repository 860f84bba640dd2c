"""The artist's recorded poses: one readable CSV, label first, then person, take and the named columns of a row.

It holds numbers only: no pictures, no landmarks in their places, and no name but the one that the artist typed. Rows may be
appended while the piece runs; deleting rewrites the file in one step, so that nobody ever reads half of it.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation.base.files import write_whole
from installation.config.poses import POSE_LABEL
from installation.poses.features import COLUMNS
from installation.types import FloatArray, read_only

NONE = "none"
"""The label for everything that is no pose: record under it the movements that must not count."""
HEADER = ("label", "person", "take", *COLUMNS)
MAX_ERRORS = 5
_NAME = re.compile(POSE_LABEL)
_PERSON = re.compile(r"\w[\w\-]{0,31}")

_CONSENT = """# What lies here

`{table}` holds poses that people recorded for this installation. Each row is one moment: the label, a name for the person,
the number of the take, and {count} measurements of the posture (directions of limbs, bends, distances in torso lengths, ten
measurements of the expression). There are **no pictures, no sound and no face landmarks**, and nobody can be recognised from
a row by eye. The way a person holds themselves is personal all the same. Therefore:

- Ask everybody before recording, and say what is stored, what it is for, and for how long. Children: ask those who care
  for them.
- Use a made-up name (`p1`, `p2`), not a real one. Keep the list of who is who, if you need one, elsewhere.
- Visitors are never recorded here by the running piece; only `record` writes, and only while somebody asked for it.
- To delete what a person gave: `python3 run.py poses forget PERSON`, then train again: a trained `.onnx` file keeps some
  of the rows it learnt from. Where too little is left to train, delete the `.onnx` file, too. Copies and backups that you
  made yourself are yours to delete.
- To delete everything: delete this folder.
"""


class PoseTableError(Exception):
    """A table that cannot be read or written: file:line, what is wrong, and how to fix it."""


@dataclass(frozen=True, slots=True, eq=False)
class PoseTable:
    """All rows of a file. ``labels``, ``people`` (N,) str, ``takes`` (N,) int, ``features`` (N, len(COLUMNS)) float32."""

    labels: tuple[str, ...]
    people: tuple[str, ...]
    takes: tuple[int, ...]
    features: FloatArray

    def __len__(self) -> int:
        return len(self.labels)


def check_label(label: str) -> str:
    """``label`` as it is, when it can stand in table and settings. Raises PoseTableError."""
    if not _NAME.fullmatch(label):
        raise PoseTableError(
            f"{label!r} is no label: it begins with a letter and has at most 32 letters, digits, - and _, such as arms_up"
        )
    return label


def check_person(person: str) -> str:
    """``person`` as it is, when it can stand in the table. Raises PoseTableError."""
    if not _PERSON.fullmatch(person):
        raise PoseTableError(f"{person!r} is no name for a person: at most 32 letters, digits, - and _, such as p1")
    return person


def append(path: Path, label: str, person: str, take: int, features: FloatArray) -> None:
    """Add rows (N, len(COLUMNS)) at the end in one write; file, folder and the note on consent are made where missing.

    Raises PoseTableError for a bad name or number, for a file of other columns, and where it cannot be written.
    """
    check_label(label)
    check_person(person)
    if take < 1:
        raise PoseTableError(f"a take is counted from 1, not {take}")
    if features.ndim != 2 or features.shape[1] != len(COLUMNS) or not np.isfinite(features).all():
        raise PoseTableError(f"rows must be (N, {len(COLUMNS)}) finite numbers, not {features.shape}")
    rows = [[label, person, str(take), *(f"{value:.4f}" for value in row)] for row in features.tolist()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path):
            _note_on_consent(path)
            text = "" if path.exists() and path.stat().st_size > 0 else _csv([list(HEADER)])
            if not text:
                text = _joint(path)
            _append_whole(path, (text + _csv(rows)).encode())
    except OSError as error:
        raise PoseTableError(
            f"{path}: cannot be written ({error.strerror}); check its permissions and the free space"
        ) from error


def _append_whole(path: Path, data: bytes) -> None:
    """Append and wait for the disk. Where that fails, no half row is left behind: the table is as it was."""
    with path.open("ab", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            if file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                file.truncate(size)
            raise


def read(path: Path) -> PoseTable:
    """All rows of the file. Raises PoseTableError that names the first MAX_ERRORS bad lines."""
    labels, people, takes, rows, errors = [], [], [], [], []
    for line, cells in _records(path):
        if line == 1:
            _check_header(path, cells)
            continue
        problem = _problem(cells)
        if problem is not None:
            errors.append(f"{path}:{line}: {problem}")
            continue
        labels.append(cells[0])
        people.append(cells[1])
        takes.append(int(cells[2]))
        rows.append([float(cell) for cell in cells[3:]])
    if errors:
        more = [f"... and {len(errors) - MAX_ERRORS} more lines"] if len(errors) > MAX_ERRORS else []
        raise PoseTableError("\n".join([*errors[:MAX_ERRORS], *more]))
    features = np.array(rows, np.float32).reshape(len(rows), len(COLUMNS))
    return PoseTable(tuple(labels), tuple(people), tuple(takes), read_only(features))


def counts(path: Path) -> dict[tuple[str, str, int], int]:
    """Rows of each (label, person, take), sorted; empty where there is no file. Raises PoseTableError."""
    if not path.exists():
        return {}
    table = read(path)
    return dict(sorted(Counter(zip(table.labels, table.people, table.takes)).items()))


def next_take(path: Path, person: str) -> int:
    """The number of a new take of ``person``: one more than the highest so far. Raises PoseTableError.

    Cheap enough for the running piece (10,000 rows: 0.08 s instead of 1 s): only the first cells of a row are read, so a
    broken one does not stop a recording.
    """
    if not path.exists() or path.stat().st_size == 0:
        return 1
    taken = [0]
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if number == 1:
            _check_header(path, next(csv.reader([line]), []))
            continue
        cells = next(csv.reader([",".join(line.split(",", 3)[:3])]), [])
        if cells[1:2] == [person] and cells[2:] and cells[2].isascii() and cells[2].isdigit():
            taken.append(int(cells[2]))
    return 1 + max(taken)


def forget(path: Path, person: str | None = None, label: str | None = None, take: int | None = None) -> int:
    """Delete the rows that match everything given; gives how many. A broken line elsewhere does not stop it.

    Raises ValueError when nothing is given, PoseTableError where the file cannot be read or written.
    """
    if person is None and label is None and take is None:
        raise ValueError("say whose rows, or which label's, to delete")
    wanted = (label, person, None if take is None else str(take))
    try:
        with _locked(path):
            records = list(_records(path))
            kept = [
                cells
                for line, cells in records
                if line == 1 or any(want is not None and cells[i : i + 1] != [want] for i, want in enumerate(wanted))
            ]
            if len(kept) < len(records):
                write_whole(path, _csv(kept).encode())
    except OSError as error:
        raise PoseTableError(f"{path}: cannot be rewritten ({error.strerror}); check its permissions") from error
    return len(records) - len(kept)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line number from 1, cells) of every line that is not empty."""
    for line, cells in enumerate(csv.reader(_text(path).split("\n")), start=1):
        if cells:
            yield line, cells


def _text(path: Path) -> str:
    try:
        # A spreadsheet may have put a byte order mark in front.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PoseTableError(f"{path}: there is no such table; record poses first") from error
    except OSError as error:
        raise PoseTableError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    except UnicodeDecodeError as error:
        raise PoseTableError(f"{path}: is not UTF-8 text; save it as CSV in UTF-8") from error


def _check_header(path: Path, cells: list[str]) -> None:
    if tuple(cells) == HEADER:
        return
    if len(cells) == 1 and ";" in cells[0]:
        raise PoseTableError(f"{path}:1: columns are separated by ';'; save it as CSV with commas and decimal points")
    wrong = next((n for n, (a, b) in enumerate(zip(cells, HEADER)) if a != b), min(len(cells), len(HEADER)))
    found = repr(cells[wrong]) if wrong < len(cells) else "missing"
    expected = repr(HEADER[wrong]) if wrong < len(HEADER) else "nothing"
    raise PoseTableError(
        f"{path}:1: column {wrong + 1} is {found}, expected {expected}; put the header back; if another version wrote "
        f"it, move the file away and record again"
    )


def _problem(cells: list[str]) -> str | None:
    """What is wrong with a row, and the fix; None for a good one."""
    if len(cells) != len(HEADER):
        return f"{len(cells)} columns instead of {len(HEADER)}; delete this line"
    if not _NAME.fullmatch(cells[0]) or not _PERSON.fullmatch(cells[1]):
        return f"label {cells[0]!r} or person {cells[1]!r} has other signs than letters, digits, - and _; correct it"
    if not (cells[2].isascii() and cells[2].isdigit() and int(cells[2]) >= 1):
        return f"take is {cells[2]!r}, not a number from 1; correct it"
    for name, cell in zip(COLUMNS, cells[3:]):
        try:
            good = bool(np.isfinite(float(cell)))
        except ValueError:
            good = False
        if not good:
            return f"{name} is {cell!r}, not a number; delete this line"
    return None


def _joint(path: Path) -> str:
    """What must come before new rows: nothing, or the line end that an interrupted write left out. Checks the header."""
    with path.open("rb") as file:
        first = file.readline().decode("utf-8-sig", "replace").rstrip("\r\n")
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
    _check_header(path, next(csv.reader([first]), []))
    return "" if last == b"\n" else "\n"


def _note_on_consent(path: Path) -> None:
    note = path.with_name("README.md")
    if not note.exists():
        note.write_text(_CONSENT.format(table=path.name, count=len(COLUMNS)), encoding="utf-8")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Lock the table against other processes: rows appended during a rewrite would be lost."""
    if not path.parent.is_dir():
        raise PoseTableError(f"{path}: there is no such table; record poses first")
    with path.with_suffix(".lock").open("a") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file unlocks it
