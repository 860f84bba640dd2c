"""The newest lines of the log on disk, as the desk's page shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from installation.base.files import FileStamp, file_stamp
from installation.base.secrets import hide

TAIL_BYTES = 200_000
MOST_ENTRIES = 400
MOST_LETTERS = 4000
"""Of one entry; a stack of calls may be longer."""
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LINE = re.compile(rf"(\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d) ({'|'.join(LEVELS)}) +(.*)")


@dataclass(frozen=True)
class Entry:
    """One message; what follows in lines of its own, such as a stack of calls, belongs to it."""

    time: str
    level: str
    text: str


class LogTail:
    """``read`` looks at the disk; call it in a thread, one call at a time."""

    def __init__(self) -> None:
        self._stamp: tuple[Path, FileStamp] | None = None
        self._entries: list[Entry] = []

    def read(self, path: Path) -> list[Entry] | None:
        """The newest MOST_ENTRIES within TAIL_BYTES of the file's end, oldest first; None where nothing is new.

        OSError where it cannot be read.
        """
        stamp = (path, file_stamp(path))
        if stamp == self._stamp:
            return None
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL_BYTES))
            text = file.read(TAIL_BYTES).decode("utf-8", "replace")
        if size > TAIL_BYTES:
            text = text.partition("\n")[2]
        self._stamp, self._entries = stamp, entries(text)
        return self._entries


def entries(text: str) -> list[Entry]:
    """The newest MOST_ENTRIES of a log's text; lines before the first message are left out. Passwords are masked in the log
    itself, and once more here."""
    found: list[Entry] = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is not None:
            found.append(Entry(match[1], match[2], hide(match[3])[:MOST_LETTERS]))
        elif found and len(found[-1].text) < MOST_LETTERS:
            last = found[-1]
            found[-1] = Entry(last.time, last.level, f"{last.text}\n{hide(line)}"[:MOST_LETTERS])
    return found[-MOST_ENTRIES:]
