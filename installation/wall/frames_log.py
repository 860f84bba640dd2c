"""Which picture was on a machine's screen when: a line a picture, so that machines of a wall can be compared afterwards."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from installation.base.side_files import CLOSE_S, DiskRoom, SideFile, check_place

log = logging.getLogger(__name__)

NAME = "frames.log"


class FrameLine(NamedTuple):
    """``at_s``: this machine's monotonic clock when the picture was on the screen. ``leader_s``: the leader's, as known here.
    ``frame``: number of the tick that the picture belongs to; pictures are ``every`` ticks apart. ``is_late``: there was no
    state for its moment."""

    at_s: float
    leader_s: float
    frame: int
    every: int
    is_late: bool


class FramesLog:
    """Writes ``frames.log`` into a folder. ``on_fault`` and ``room`` as for ``SideFile``. Raises OutputError."""

    def __init__(self, folder: Path, on_fault: Callable[[str], None] = log.error, room: DiskRoom | None = None) -> None:
        check_place(folder, "cannot write", is_folder=True)
        self._file = SideFile(folder / NAME, on_fault, room)

    def drawn(self, line: FrameLine) -> None:
        """A picture is on the screen."""
        self._file.write(f"{line.at_s!r} {line.leader_s!r} {line.frame} {line.every} {int(line.is_late)}\n")

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """Close the file within ``timeout_s`` seconds."""
        self._file.close(timeout_s)


def read_frames(path: Path) -> list[FrameLine]:
    """The whole lines of a log, also of one that is being written."""
    found = []
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        at_s, leader_s, frame, every, is_late = line.split(" ")
        found.append(FrameLine(float(at_s), float(leader_s), int(frame), int(every), is_late == "1"))
    return found


def differences(logs: Sequence[Sequence[FrameLine]], step_s: float = 0.005) -> list[int]:
    """How many pictures apart the screens were, every ``step_s`` seconds for as long as all of them showed something: the
    highest number on any of them less the lowest. By ``at_s``, so on one machine, or machines whose clocks agree."""
    if not logs or not all(logs):
        return []
    from_s, until_s = max(log[0].at_s for log in logs), min(log[-1].at_s for log in logs)
    found = []
    at = [0] * len(logs)
    for step in range(math.ceil((until_s - from_s) / step_s)):
        now_s = from_s + step * step_s
        for k, lines in enumerate(logs):
            while at[k] + 1 < len(lines) and lines[at[k] + 1].at_s <= now_s:
                at[k] += 1
        shown = [lines[at[k]] for k, lines in enumerate(logs)]
        frames, every = [one.frame for one in shown], max(one.every for one in shown)
        found.append(math.ceil((max(frames) - min(frames)) / every))
    return found


def longest_apart_s(apart: Sequence[int], most: int = 1, step_s: float = 0.005) -> float:
    """The longest time for which ``differences`` were above ``most``, seconds."""
    longest = now = 0
    for one in apart:
        now = now + 1 if one > most else 0
        longest = max(longest, now)
    return longest * step_s
