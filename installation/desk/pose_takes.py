"""What the pose table holds: rows of each label, person and take, read without the measurements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from installation.base.pose_rows import MAX_BYTES, header_at, is_blank, key_of, lines_of, take_of
from installation.base.text_files import TextFileError, read_text_file


@dataclass(frozen=True)
class Label:
    """One label of the table."""

    name: str
    rows: int
    takes: int
    people: tuple[str, ...]


def labels_in(path: Path) -> list[Label]:
    """All labels in the order of their names; none where there is no table. Lines that are no rows are passed over: training
    names them. Raises OSError, and ValueError for what is no text."""
    try:
        lines = lines_of(read_text_file(path, MAX_BYTES))
    except FileNotFoundError:
        return []
    except TextFileError as error:
        raise ValueError(error.at(path.name)) from error
    counts = Counter[tuple[str, str, int]]()
    for line in lines[header_at(lines) + 1 :]:
        key = () if is_blank(line) else key_of(line)
        take = take_of(key[2]) if len(key) == 3 else None
        if take is not None and key[0]:
            counts[key[0], key[1], take] += 1
    return [_label(name, counts) for name in sorted({label for label, _, _ in counts})]


def _label(name: str, counts: Counter[tuple[str, str, int]]) -> Label:
    own = {key: number for key, number in counts.items() if key[0] == name}
    return Label(name, sum(own.values()), len(own), tuple(sorted({person for _, person, _ in own})))
