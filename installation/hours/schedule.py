"""From the settings and the time to open or closed, and until when. Pure: reads no clock.

Times in the settings are those of clocks on the wall; here they become moments (UTC), so that a day of 23 or 25 hours is
right. A time that a clock passes over when summer begins is taken as if the clock had not been changed yet (02:30 is 03:30
then); of a time that comes twice when it ends, the first is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from installation.base.time_of_day import moment, wall_time
from installation.config.hours import HoursConfig, minutes_of

LOOK_DAYS = 60
"""Changes are looked for so many days ahead."""
SHORT_BREAK = timedelta(minutes=30)
"""Projectors stay on when they would be off for no longer: lamps live by the number of their starts."""


@dataclass(frozen=True)
class OpenState:
    """``until``: the next change, UTC; None: none within LOOK_DAYS. ``since``: the last one, where it is known."""

    is_open: bool
    until: datetime | None = None
    since: datetime | None = None


def zone_of(config: HoursConfig) -> ZoneInfo | None:
    """None: that of the machine."""
    return ZoneInfo(config.time_zone) if config.time_zone else None


def state_at(config: HoursConfig, now: datetime) -> OpenState:
    """Open or closed at the UTC moment ``now``, by the settings alone."""
    if not config.enabled:
        return OpenState(True)
    last: datetime | None = None
    horizon = now + timedelta(days=LOOK_DAYS - 2)
    for start, end in _openings(config, now):
        if end <= now:
            last = end
        elif start <= now:
            return OpenState(True, end if end < horizon else None, start)
        else:
            return OpenState(False, start, last)
    return OpenState(False, None, last)


def projectors_on(config: HoursConfig, state: OpenState, now: datetime) -> bool:
    """Whether projectors are to be on: while it is open, shortly before, and in short breaks."""
    if state.is_open or state.until is None:
        return state.is_open
    lead = timedelta(seconds=config.lead_s)
    is_break = state.since is not None and state.until - state.since <= SHORT_BREAK + lead
    return is_break or state.until - now <= lead


def next_restart(config: HoursConfig, now: datetime) -> datetime | None:
    """The first moment of the nightly restart after ``now``; None where there is none."""
    if not config.restart:
        return None
    zone, minutes = zone_of(config), minutes_of(config.restart)
    today = wall_time(now, zone).date()
    moments = (moment(today + timedelta(days=days), minutes, zone) for days in range(-1, 3))
    return next(at for at in moments if at > now)


def _openings(config: HoursConfig, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """(opening, closing) from two days before ``now`` on, those that touch as one."""
    zone = zone_of(config)
    today = wall_time(now, zone).date()
    open_from: datetime | None = None
    open_to: datetime | None = None
    for days in range(-2, LOOK_DAYS):
        day = today + timedelta(days=days)
        for first, last in config.spans_on(day):
            start, end = moment(day, first, zone), moment(day, last, zone)
            if end <= start:
                continue  # within the hour that is passed over
            if open_from is not None and open_to is not None and start <= open_to:
                open_to = max(open_to, end)
                continue
            if open_from is not None and open_to is not None:
                yield open_from, open_to
            open_from, open_to = start, end
    if open_from is not None and open_to is not None:
        yield open_from, open_to
