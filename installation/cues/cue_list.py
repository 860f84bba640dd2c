"""The cue list: where it stands, what comes next, what follows by itself, hold. Pure: it is told how much time passes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from installation.live_commands.cue_sheet import Cue, Sheet

SHORTEST_FOLLOW_S = 0.1
"""A row of cues that follow at once goes through its cues no faster."""


class CueList:
    """``running`` is the number of the cue that was gone to last, also where the file has it no more; None before the first."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.running: float | None = None
        self.held = False
        self.since_s = 0.0
        """How long the running cue runs, without what was held."""
        self._follow_s: float | None = None
        self._watch = _Presence()

    def replace(self, sheet: Sheet, fade_s: float) -> None:
        """Go on with another list: the running cue goes on as the new one has it."""
        self._sheet = sheet
        cue = self.cue
        self._follow_s = None if cue is None else _follow_s(cue, fade_s)

    @property
    def cue(self) -> Cue | None:
        """The running cue."""
        return next((cue for cue in self._sheet.cues if cue.number == self.running), None)

    @property
    def next(self) -> Cue | None:
        """The cue that go goes to: the one it names, else the one with the next number; None at the end."""
        running = self.cue
        if running is not None and running.next is not None:
            return next((cue for cue in self._sheet.cues if cue.number == running.next), None)
        return next((cue for cue in self._sheet.cues if self.running is None or cue.number > self.running), None)

    @property
    def before(self) -> Cue | None:
        """The cue with the number before; None at the beginning."""
        found = [cue for cue in self._sheet.cues if self.running is not None and cue.number < self.running]
        return found[-1] if found else None

    @property
    def follows_in_s(self) -> float | None:
        """Seconds until the next cue follows by itself; None where none does."""
        return None if self._follow_s is None or self.next is None else max(0.0, self._follow_s - self.since_s)

    def went_to(self, cue: Cue, fade_s: float) -> None:
        """``cue`` runs from now on, and ends a hold. ``fade_s``: how long its fade takes."""
        self.running, self.since_s, self.held = cue.number, 0.0, False
        self._follow_s = _follow_s(cue, fade_s)

    def advance(self, dt_s: float) -> Cue | None:
        """``dt_s`` seconds later: the cue that follows now, or None."""
        if self.held:
            return None
        self.since_s += max(dt_s, 0.0)
        return self.next if self._follow_s is not None and self.since_s >= self._follow_s else None

    def see(self, somebody: bool, dt_s: float) -> list[Cue]:
        """Cues that presence fires: somebody comes where nobody was, or everybody has been gone for so long."""
        came, before_s, empty_s = self._watch.see(somebody, dt_s)
        return [
            cue
            for cue in self._sheet.cues
            if (came and cue.arrives) or (cue.empty_s is not None and before_s < cue.empty_s <= empty_s)
        ]

    def held_pose(self, labels: Iterable[str]) -> list[Cue]:
        """Cues that these poses fire."""
        there = set(labels)
        return [cue for cue in self._sheet.cues if there & set(cue.poses)]


def _follow_s(cue: Cue, fade_s: float) -> float | None:
    wait_s = fade_s if cue.follow_done else cue.follow_s
    return None if wait_s is None else max(wait_s, SHORTEST_FOLLOW_S)


@dataclass
class _Presence:
    """Who was there: ``empty_s`` counts only after somebody was."""

    was_somebody: bool = False
    empty_s: float = -1.0
    is_counting: bool = False

    def see(self, somebody: bool, dt_s: float) -> tuple[bool, float, float]:
        """(whether somebody came, how long it was empty before, and how long it is now); below 0 while it is not."""
        came = somebody and not self.was_somebody
        left = self.was_somebody and not somebody
        self.was_somebody = somebody
        before_s = self.empty_s
        if somebody:
            self.is_counting, self.empty_s = False, -1.0
        elif left:
            self.is_counting, before_s, self.empty_s = True, -1.0, 0.0
        elif self.is_counting:
            self.empty_s += max(dt_s, 0.0)
        return came, (self.empty_s if somebody else before_s), self.empty_s
