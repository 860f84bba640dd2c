"""Which picture was on a machine's screen when: a line a picture, so that machines of a wall can be compared afterwards."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from installation.base.side_files import CLOSE_S, DiskRoom, SideFile, check_place

log = logging.getLogger(__name__)

NAME = "frames.log"


class FrameLine(NamedTuple):
    """``at_s``: this machine's monotonic clock when the picture was on the screen. ``leader_s``: the leader's, as known here.
    ``frame``: number of the wall's picture. ``is_late``: there was no state for its moment."""

    at_s: float
    leader_s: float
    frame: int
    is_late: bool


class FramesLog:
    """Writes ``frames.log`` into a folder. ``on_fault`` and ``room`` as for ``SideFile``. Raises OutputError."""

    def __init__(self, folder: Path, on_fault: Callable[[str], None] = log.error, room: DiskRoom | None = None) -> None:
        check_place(folder, "cannot write", is_folder=True)
        self._file = SideFile(folder / NAME, on_fault, room)

    def drawn(self, line: FrameLine) -> None:
        """A picture is on the screen."""
        self._file.write(f"{line.at_s!r} {line.leader_s!r} {line.frame} {int(line.is_late)}\n")

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Close the file within ``timeout_s`` seconds."""
        self._file.close(timeout_s)


def read_frames(path: Path) -> list[FrameLine]:
    """The whole lines of a log, also of one that is being written."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        at_s, leader_s, frame, is_late = line.split(" ")
        found.append(FrameLine(float(at_s), float(leader_s), int(frame), is_late == "1"))
    return found
