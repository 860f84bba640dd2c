"""Two states of the settings to switch between: A and B. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SLOTS = ("A", "B")


class Compare:
    """What is stored in A and in B, by the settings' addresses."""

    def __init__(self) -> None:
        self._stored: dict[str, dict[str, Any]] = {}
        self._last = ""

    def has(self, slot: str) -> bool:
        """Whether something is stored there."""
        return slot in self._stored

    def store(self, slot: str, values: Mapping[str, Any]) -> None:
        """Keep these values as ``slot``, one of SLOTS. Raises ValueError for another."""
        if slot not in SLOTS:
            raise ValueError(f"there is no {slot!r}; there are {', '.join(SLOTS)}")
        self._stored[slot] = dict(values)
        self._last = slot

    def recalled(self, slot: str) -> Mapping[str, Any]:
        """The values to show ``slot``, which is on from now; KeyError where nothing is stored."""
        found = self._stored[slot]
        self._last = slot
        return found

    def on(self, values: Mapping[str, Any]) -> str:
        """Which of the two is shown while these are the settings' values: "A", "B", or "" where neither is."""
        shown = [slot for slot in SLOTS if slot in self._stored and self._matches(slot, values)]
        return self._last if self._last in shown else (shown[0] if shown else "")

    def differing(self) -> int:
        """In how many settings A and B differ."""
        if len(self._stored) < len(SLOTS):
            return 0
        a, b = (self._stored[slot] for slot in SLOTS)
        return sum(path in b and b[path] != value for path, value in a.items())

    def _matches(self, slot: str, values: Mapping[str, Any]) -> bool:
        # A setting that is gone, such as one of a scene that was taken out, can differ no more.
        return all(values.get(path, value) == value for path, value in self._stored[slot].items())
