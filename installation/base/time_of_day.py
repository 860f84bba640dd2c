"""Times that clocks on the wall show, and the moments (UTC) they stand for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moment(day: date, minutes: int, zone: ZoneInfo | None) -> datetime:
    """The UTC moment at which clocks on the wall show ``minutes`` after the midnight that begins ``day``.

    ``zone`` None: that of the machine. A time that a clock passes over when summer begins is taken as if the clock had not been
    changed yet (02:30 is 03:30 then); of a time that comes twice when it ends, the first is meant.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return (wall.replace(tzinfo=zone) if zone is not None else wall).astimezone(UTC)


def wall_time(now: datetime, zone: ZoneInfo | None) -> datetime:
    """What clocks on the wall show at the UTC moment ``now``."""
    return now.astimezone(zone)
