"""What was changed from the desk, to be taken back and made again. Pure."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from installation.desk.file_edits import FileEdit

DRAG_S = 0.8
"""Changes of one setting that follow each other so fast are one: a dial that is dragged."""
MOST_STEPS, MOST_BYTES = 500, 20_000_000
"""Of what can be taken back; a step of a large file keeps its text twice, 256 kB at most."""
NEIGHBOURS = 8
"""So many dials are dragged at the same time."""


@dataclass
class _Step:
    before: dict[str, Any]
    after: dict[str, Any]
    t_s: float
    is_whole: bool = False
    """Several changes at once: nothing is added to it."""

    size: int = field(init=False)
    """Bytes of the memory that its values take."""

    def __post_init__(self) -> None:
        self.size = _size(self.before) + _size(self.after)

    def drag(self, path: str, after: Any, now_s: float) -> None:
        """Another value came of a setting that this step changed."""
        self.size += _size(after) - _size(self.after[path])
        self.after[path], self.t_s = after, now_s


class History:
    """The steps of all browsers together: MOST_STEPS, of MOST_BYTES in all; the oldest are forgotten."""

    def __init__(self) -> None:
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return bool(self._undone)

    def changed(self, path: str, before: Any, after: Any, now_s: float) -> None:
        """A setting went from one value to another. What was taken back before is lost."""
        self._undone.clear()
        step = self._dragged(path, now_s)
        if step is None:
            self._add(_Step({path: before}, {path: after}, now_s))
        else:
            step.drag(path, after, now_s)
            self._forget()

    def changed_together(self, before: Mapping[str, Any], after: Mapping[str, Any], now_s: float) -> None:
        """Several settings went from ``before`` to ``after`` at once, which is one step. What was taken back is lost."""
        if after:
            self._undone.clear()
            self._add(_Step(dict(before), dict(after), now_s, is_whole=True))

    def undo(self) -> Mapping[str, Any] | None:
        """The values to go back to; None without a step."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        return step.before

    def redo(self) -> Mapping[str, Any] | None:
        """The values to go to again; None without a step."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        return step.after

    def _dragged(self, path: str, now_s: float) -> _Step | None:
        """The step of a dial that is being moved; others may be moved from another browser meanwhile."""
        for step in self._done[:-NEIGHBOURS:-1]:
            if now_s - step.t_s >= DRAG_S:
                return None
            if not step.is_whole and path in step.after:
                return step
        return None

    def _add(self, step: _Step) -> None:
        self._done.append(step)
        self._forget()

    def _forget(self) -> None:
        """The oldest steps, where there are too many; the newest stays."""
        del self._done[:-MOST_STEPS]
        kept = sum(step.size for step in self._done)
        while kept > MOST_BYTES and len(self._done) > 1:
            kept -= self._done.pop(0).size


def _size(value: Any) -> int:
    if isinstance(value, FileEdit):
        # Of its two texts; the way back, which the same step has, counts the other.
        return sys.getsizeof(value.wanted)
    if isinstance(value, dict):
        return sys.getsizeof(value) + sum(_size(name) + _size(one) for name, one in value.items())
    if isinstance(value, list | tuple):
        return sys.getsizeof(value) + sum(map(_size, value))
    return sys.getsizeof(value)
