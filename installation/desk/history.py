"""What was changed from the desk, to be taken back and made again; and two states to compare. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

DRAG_S = 0.8
"""Changes of one setting that follow each other so fast are one: a dial that is dragged."""
MOST_STEPS = 500


@dataclass
class _Step:
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    t_s: float = 0.0


class History:
    """The steps of all browsers together."""

    def __init__(self) -> None:
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._joined: _Step | None = None

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
        step = self._joined
        last = self._done[-1] if self._done else None
        if step is None and last is not None and list(last.after) == [path] and now_s - last.t_s < DRAG_S:
            step = last
        if step is None:
            step = _Step()
            self._done.append(step)
            del self._done[:-MOST_STEPS]
        step.before.setdefault(path, before)
        step.after[path], step.t_s = after, now_s

    @contextmanager
    def together(self) -> Iterator[None]:
        """All changes within are one step."""
        step = self._joined = _Step()
        self._done.append(step)
        try:
            yield
        finally:
            self._joined = None
            if not step.after and step in self._done:
                self._done.remove(step)
            del self._done[:-MOST_STEPS]

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
