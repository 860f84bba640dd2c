"""Cues by the time of day: which have come since the last look. Pure; the time of day may jump."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from installation.base.time_of_day import moment, wall_time
from installation.live_commands.cue_sheet import Cue

LATE = timedelta(seconds=60)
"""What was missed by no more than this (a stall, a small correction of the clock) is done as if nothing had been."""
BACK = timedelta(minutes=5)
"""A clock set back by less does not make a moment come twice."""
FAR_BACK = timedelta(hours=24)
"""Cues further back say nothing about now."""
AHEAD = timedelta(days=8)
"""The next cue is looked for so far."""


class DayTimes:
    """The moments of ``cues`` on each day in ``zone`` (None: the machine's)."""

    def __init__(self, cues: Sequence[Cue], zone: ZoneInfo | None) -> None:
        self.replace(cues, zone)
        self._last: datetime | None = None
        self._done: dict[tuple[float, int], datetime] = {}

    def replace(self, cues: Sequence[Cue], zone: ZoneInfo | None) -> None:
        """Go on with other cues; what has come already does not come again."""
        self._cues, self._zone = tuple(cue for cue in cues if cue.times), zone
        self._day: date | None = None
        self._moments: list[tuple[datetime, int, Cue]] = []
        self._whens: list[datetime] = []

    def begin(self, now: datetime) -> Cue | None:
        """Look for the first time, at the UTC moment ``now``: the cue whose time passed last, within a day; None for none."""
        self._last = now
        passed = list(self._between(now - FAR_BACK, now))
        for when, at, cue in passed:
            self._done[cue.number, at] = when
        return passed[-1][2] if passed else None

    def due(self, now: datetime) -> tuple[list[Cue], bool]:
        """(cues whose time has come since the last look, in order; whether they are late).

        After a gap, or when the clock was set forwards, it is the last of them alone: that of the present.
        """
        last, self._last = self._last, now
        if last is None or now <= last:
            if last is not None and last - now > BACK:
                self._done = {key: when for key, when in self._done.items() if when <= now}
            return [], False
        is_late = now - last > LATE
        found = []
        for when, at, cue in self._between(max(last, now - FAR_BACK), now):
            if self._done.get((cue.number, at)) != when:
                self._done[cue.number, at] = when
                found.append(cue)
        return (found[-1:] if is_late else found), is_late

    def next(self, now: datetime) -> tuple[Cue, datetime] | None:
        """The next cue by its time, and when; None within a week without any."""
        return next(((cue, when) for when, _, cue in self._between(now, now + AHEAD)), None)

    def _between(self, after: datetime, until: datetime) -> Iterator[tuple[datetime, int, Cue]]:
        """(moment, its minutes, cue) of ``after`` < moment <= ``until``, in order; they lie within FAR_BACK and AHEAD."""
        if not self._cues:
            return
        self._reckon(wall_time(after, self._zone).date())
        yield from self._moments[bisect_right(self._whens, after) : bisect_right(self._whens, until)]

    def _reckon(self, day: date) -> None:
        """All moments about ``day``, once a day: zones take microseconds for each."""
        if day == self._day:
            return
        found = []
        for days in range(-1, AHEAD.days + 3):
            one = day + timedelta(days=days)
            for cue in self._cues:
                if not cue.days or one.weekday() in cue.days:
                    found += [(moment(one, at, self._zone), at, cue) for at in cue.times]
        found.sort(key=lambda row: (row[0], row[2].number))
        self._day, self._moments, self._whens = day, found, [when for when, _, _ in found]
