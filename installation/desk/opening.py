"""Opening hours as the page shows and checks them: the week as bars, what is wrong with a form, what of it is new. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from installation.config.hours import DAY_MINUTES, HoursConfig
from installation.config.load import load_config
from installation.config.save import save_settings
from installation.config.section import plain
from installation.config.yaml_text import Place

PREFIX = "/control/hours"
DAYS = 7


@dataclass(frozen=True)
class Day:
    """One day: ``spans`` are the minutes of the day at which it is open, those of the night before included; ``text`` says what
    begins on it."""

    day: date
    spans: tuple[tuple[int, int], ...]
    text: str
    is_special: bool


def week(config: HoursConfig, today: date, days: int = DAYS) -> list[Day]:
    """``days`` days from ``today`` on."""
    return [_day(config, today + timedelta(days=number)) for number in range(days)]


def wall_now(now: datetime, zone: str) -> datetime:
    """What clocks on the wall show at the moment ``now``; ``zone`` empty: those of this machine."""
    return now.astimezone(ZoneInfo(zone) if zone else None)


def said(until: str | None, zone: str) -> str:
    """The moment of a change (ISO 8601), as clocks on the wall show it: "Fri 27 Nov, 18:00"; empty for none."""
    if until is None:
        return ""
    at = wall_now(datetime.fromisoformat(until), zone)
    return f"{at:%a %d %b, %H:%M}"


def form_of(
    values: Mapping[str, Any], lists: Mapping[str, Any], projectors: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The settings of the running piece as plain data of a ``HoursConfig``."""
    found: dict[str, Any] = {}
    for name, field in HoursConfig.model_fields.items():
        value = values.get(f"{PREFIX}/{name}")
        if value is not None:
            found[name] = bool(value) if field.annotation is bool else value
    return {**found, "dates": dict(lists.get(f"{PREFIX}/dates") or {}), "projectors": [dict(one) for one in projectors]}


def mistakes(form: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by place: ``monday``, ``dates.2026-12-24``, ``projectors.0.host``; "" for what concerns several."""
    try:
        HoursConfig.model_validate(form)
    except ValidationError as error:
        found: dict[str, str] = {}
        for one in error.errors():
            place = ".".join(str(part) for part in one["loc"] if part != "[key]")
            found.setdefault(place, one["msg"])
        return found
    return {}


def write(paths: Sequence[Path], wanted: HoursConfig, names: Iterable[str] = HoursConfig.model_fields) -> int:
    """Write what of these settings differs from the files into the last of them; gives how many. ConfigError, OSError."""
    old = load_config(paths, running=True).hours
    changes: dict[Place, Any] = {
        ("hours", name): plain(getattr(wanted, name)) for name in names if getattr(old, name) != getattr(wanted, name)
    }
    if changes:
        save_settings(paths, changes)
    return len(changes)


def _day(config: HoursConfig, day: date) -> Day:
    late = ((start - DAY_MINUTES, end - DAY_MINUTES) for start, end in config.spans_on(day - timedelta(days=1)))
    own = config.spans_on(day)
    spans = [(max(0, start), min(DAY_MINUTES, end)) for start, end in (*late, *own) if end > 0]
    return Day(day, _joined(spans), _text(own), day.isoformat() in config.dates)


def _joined(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def _text(spans: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans) or "closed"


def _clock(minutes: int) -> str:
    inside = minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES
    return f"{inside // 60:02d}:{inside % 60:02d}"
