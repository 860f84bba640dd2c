"""The section ``hours``: when the gallery is open, and what happens while it is closed. docs/hours.md is its guide."""

from __future__ import annotations

import re
import zoneinfo
from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from installation.config.hosts import HostName
from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section

DAY_MINUTES = 24 * 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"
_TIME = r"(\d{1,2})(?::(\d{2}))?"
_SPAN = re.compile(rf"\s*{_TIME}\s*[-\u2013]\s*{_TIME}\s*")
_HOW = "write it as 10:00-18:00, several as 10:00-13:00, 14:00-18:00, or closed"

Span = tuple[int, int]
"""Opening and closing in minutes since the day's midnight; past midnight the closing is above DAY_MINUTES."""


def spans_of(text: str) -> tuple[Span, ...]:
    """The spans of "10:00-13:00, 20:00-02:00", in their order; none for "closed" and an empty text. Raises ValueError."""
    if text.strip().lower() in ("", CLOSED):
        return ()
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise ValueError(f"{part.strip()!r} is no span of time; {_HOW}")
        start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        if start == DAY_MINUTES:
            raise ValueError(f"{part.strip()!r} begins when the day is over; that is 00:00 of the next day")
        spans.append((start, end if end > start else end + DAY_MINUTES))
    spans.sort()
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise ValueError(f"two of the spans overlap; {_HOW}")
    return tuple(spans)


def minutes_of(text: str) -> int:
    """Minutes since midnight of a time of day such as "04:30". Raises ValueError."""
    found = re.fullmatch(_TIME, text.strip())
    if found is None or (minutes := _minutes(found[1], found[2])) == DAY_MINUTES:
        raise ValueError(f"{text!r} is no time of day; write it in quotes, such as '04:30'")
    return minutes


def _minutes(hours: str, minutes: str | None) -> int:
    total = int(hours) * 60 + int(minutes or 0)
    if total > DAY_MINUTES or int(minutes or 0) > 59:
        raise ValueError(f"a day goes from 00:00 to 24:00; {hours}:{minutes or '00'} is none of its times")
    return total


def _spans(text: str) -> str:
    try:
        spans_of(text)
    except ValueError as error:
        raise PydanticCustomError("hours", "{what}", {"what": str(error)}) from error
    return text


def _time(text: str) -> str:
    if text:
        try:
            minutes_of(text)
        except ValueError as error:
            raise PydanticCustomError("hours", "{what}", {"what": str(error)}) from error
    return text


def _zone(name: str) -> str:
    if name:
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            text = "there is no such time zone; they are called Europe/Berlin, America/New_York ..."
            raise PydanticCustomError("zone", text) from error
    return name


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise PydanticCustomError("date", "a date is written year-month-day, such as 2026-12-24") from error


DayHours = Annotated[str, Field(max_length=200), AfterValidator(_spans)]
_DAY = "times at which it is open, such as 10:00-18:00; several with commas, past midnight 20:00-02:00; closed"


class ProjectorConfig(Section):
    """One projector or display that is switched on and off over PJLink."""

    name: str = Field("", max_length=40, description="for messages; empty: its host")
    host: HostName = Field(description="name or address of the projector")
    port: int = Field(4352, ge=1, le=65535, description="TCP port; PJLink's own is 4352")
    password: str = Field("", max_length=32, description="PJLink password; empty: it asks for none")

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return self.name or self.host


class HoursConfig(Section):
    """Opening hours, what happens outside them, projectors, the nightly restart. See docs/hours.md."""

    enabled: bool = Field(
        False, description="keep to the opening hours below; off: always open", json_schema_extra=ARTIST
    )
    monday: DayHours = Field("00:00-24:00", description=_DAY, json_schema_extra=ARTIST)
    tuesday: DayHours = Field("00:00-24:00", description="as monday", json_schema_extra=ARTIST)
    wednesday: DayHours = Field("00:00-24:00", description="as monday", json_schema_extra=ARTIST)
    thursday: DayHours = Field("00:00-24:00", description="as monday", json_schema_extra=ARTIST)
    friday: DayHours = Field("00:00-24:00", description="as monday", json_schema_extra=ARTIST)
    saturday: DayHours = Field("00:00-24:00", description="as monday", json_schema_extra=ARTIST)
    sunday: DayHours = Field("00:00-24:00", description="as monday", json_schema_extra=ARTIST)
    dates: dict[Annotated[str, AfterValidator(_date)], DayHours] = Field(
        default_factory=dict,
        max_length=400,
        description="days that differ from their weekday: date in quotes ('2026-12-24') and times, or closed",
        json_schema_extra=ARTIST,
    )
    time_zone: Annotated[str, Field(max_length=60), AfterValidator(_zone)] = Field(
        "",
        description="zone of these times, such as Europe/Berlin; empty: that of the machine",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    closed_level: float = Field(
        0.0,
        ge=0,
        le=1,
        description="share of the light of picture and lamps outside the hours: 0 black, 0.1 dim, 1 as ever",
        json_schema_extra=ARTIST,
    )
    fade_s: float = Field(4.0, ge=0, le=60, description="how long the light takes to go and to come, seconds")
    read_camera: bool = Field(
        False,
        description="read the camera outside the hours, too; off: it is closed and nobody is seen",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    lead_s: float = Field(
        300.0, ge=0, le=7200, description="projectors go on so long before opening, for they must warm up; seconds"
    )
    projectors: list[ProjectorConfig] = Field(
        default_factory=list, max_length=16, description="switched on and off over PJLink, a list of host and password"
    )
    restart: Annotated[str, Field(max_length=5), AfterValidator(_time)] = Field(
        "",
        description="time of day at which the piece starts anew, such as '04:30' (guard or service only); empty: never",
        json_schema_extra=NOT_FROM_NETWORK,
    )

    @model_validator(mode="after")
    def _each_projector_once(self) -> HoursConfig:
        places = [(one.host, one.port) for one in self.projectors]
        if len(set(places)) < len(places):
            raise PydanticCustomError("projectors", "two of the projectors have the same host and port")
        labels = [one.label for one in self.projectors]
        if len(set(labels)) < len(labels):
            raise PydanticCustomError("projectors", "two of the projectors have the same name; each has its own")
        return self

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """When it is open on ``day``."""
        text = self.dates.get(day.isoformat())
        return spans_of(text if text is not None else getattr(self, WEEKDAYS[day.weekday()]))
