"""Fades on the running settings: how often they step, and whose a setting is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from installation.base.pacing import Every
from installation.cues.morph import Morph, may_glide
from installation.live_commands.cue_sheet import CONTROL, Line
from installation.live_commands.live_settings import PERIOD_S, LiveSettings
from installation.live_commands.table import Argument

FAST_PERIOD_S = 0.025
"""What is drawn as it is set would be seen to step ten times a second: every picture at 30 a second, every other at 60."""
_FAST = ("output", "scene", "picture", "repainting")
"""Sections of which that is so, and whose change costs little. A look's lines ease to their new values by themselves."""
LONGEST_DT_S = 1.0
"""After a stall a fade goes on from where it was."""


class _Lane:
    """Settings that step together."""

    def __init__(self, period_s: float, now_s: float) -> None:
        self.morph, self.due, self.stepped_s = Morph(), Every(period_s), now_s


class Fades:
    """All fades under way. A setting that somebody else changes meanwhile is theirs."""

    def __init__(self, settings: LiveSettings, now_s: float) -> None:
        self._settings = settings
        self._fast, self._slow = _Lane(FAST_PERIOD_S, now_s), _Lane(PERIOD_S, now_s)
        self._seconds = 0.0

    def __len__(self) -> int:
        return len(self._fast.morph) + len(self._slow.morph)

    @property
    def left_s(self) -> float:
        """Seconds until all have arrived."""
        return max(self._fast.morph.left_s, self._slow.morph.left_s)

    @property
    def share(self) -> float:
        """How far the last one that was begun is, [0, 1]."""
        return 1.0 if self._seconds <= 0 else 1.0 - min(1.0, self.left_s / self._seconds)

    def begin(self, lines: Iterable[Line], seconds: float, easing: str, now_s: float) -> list[str]:
        """Bring settings to what ``lines`` say; gives what cannot be, with its place. All else goes on."""
        there = self._settings.table
        by_path = {line.path: line for line in lines if line.path in there}
        goals = {path: cast("Argument", line.value) for path, line in by_path.items()}
        now = {path: self._settings.value(path) for path in goals}
        self._seconds = seconds
        at_once = {path: goal for path, goal in goals.items() if not may_glide(path)}
        for lane in (self._fast, self._slow):
            # What glides already does so up to this moment.
            self._advance(lane, now_s)
            lane.morph.drop(at_once)
        for lane in (self._fast, self._slow):
            is_fast = lane is self._fast
            own = {path: goals[path] for path in goals.keys() - at_once.keys() if _is_fast(path) == is_fast}
            at_once |= lane.morph.begin(now, own, seconds, easing)
        self._settings.begin_glide(goals)
        lost = self._settings.glide(at_once)
        self._settings.end_glide(at_once)
        together = "together with the other settings"
        return [f"{by_path[path].where}: it cannot be {goals[path]!r} {together}" for path in goals if path in lost]

    def step(self, now_s: float, held: bool) -> None:
        """Go on, where it is time to; while ``held`` all stays where it is."""
        for lane in (self._fast, self._slow):
            if held:
                lane.stepped_s = now_s
            elif lane.due.due(now_s):
                self._advance(lane, now_s)

    def _advance(self, lane: _Lane, now_s: float) -> None:
        dt_s = min(now_s - lane.stepped_s, LONGEST_DT_S)
        lane.stepped_s = now_s
        if not len(lane.morph) or dt_s <= 0:
            return
        values, arrived = lane.morph.advance(dt_s)
        lane.morph.drop(self._settings.glide(values))
        self._settings.end_glide(arrived)


def _is_fast(path: str) -> bool:
    return path.removeprefix(CONTROL).split("/", 1)[0] in _FAST
