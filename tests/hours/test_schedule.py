"""Opening hours to moments: several spans, past midnight, exceptions, days of 23 and 25 hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError

from installation.config.hours import HoursConfig, minutes_of, spans_of
from installation.config.load import ConfigError, parse_config
from installation.hours.schedule import OpenState, next_restart, projectors_on, state_at

CLOSED_WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "closed")


def hours(**settings: object) -> HoursConfig:
    return HoursConfig.model_validate({"enabled": True, "time_zone": "Europe/Berlin", **CLOSED_WEEK, **settings})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("10:00-18:00", ((600, 1080),)),
        ("10-13, 14:30 - 18", ((600, 780), (870, 1080))),
        ("14:00-18:00, 10:00-13:00", ((600, 780), (840, 1080))),
        ("20:00-02:00", ((1200, 1560),)),
        ("00:00-24:00", ((0, 1440),)),
        ("closed", ()),
        ("", ()),
    ],
)
def test_spans_are_read(text: str, spans: object) -> None:
    assert spans_of(text) == spans


@pytest.mark.parametrize("text", ["10:00", "10:00-25:00", "9:60-10:00", "10-14, 13-15", "24:00-02:00", "morning"])
def test_what_is_no_span_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it|day|overlap"):
        spans_of(text)
    with pytest.raises(ValidationError):
        hours(monday=text)


def test_in_a_file() -> None:
    text = "hours:\n  enabled: true\n  monday: 10:00-18:00\n  dates:\n    {}: closed\n"
    assert parse_config(text.format("'2026-12-24'")).hours.dates == {"2026-12-24": "closed"}
    with pytest.raises(ConfigError, match=r"config.yaml:5: .* put it in quotes"):
        parse_config(text.format("2026-12-24"))
    with pytest.raises(ConfigError, match=r"config.yaml:5: .*such as 2026-12-24"):
        parse_config(text.format("christmas"))
    with pytest.raises(ConfigError, match=r"config.yaml:2: hours\.restart"):
        parse_config("hours:\n  restart: '25:00'\n")
    with pytest.raises(ConfigError, match=r"config.yaml:2: hours\.restart"):
        parse_config("hours:\n  restart: 10:00\n")
    with pytest.raises(ValueError, match="no time of day"):
        minutes_of("24:00")


def test_open_and_closed_with_the_next_change() -> None:
    config = hours(friday="10:00-13:00, 14:00-18:00")  # 5 June 2026 is a Friday; summer time, UTC+2
    assert state_at(config, utc("2026-06-05T07:59:59")).is_open is False
    assert state_at(config, utc("2026-06-05T08:00")) == OpenState(
        True, utc("2026-06-05T11:00"), utc("2026-06-05T08:00")
    )
    assert state_at(config, utc("2026-06-05T11:00")) == OpenState(
        False, utc("2026-06-05T12:00"), utc("2026-06-05T11:00")
    )
    assert state_at(config, utc("2026-06-05T16:00")).until == utc("2026-06-12T08:00")


def test_past_midnight_belongs_to_the_day_before_and_spans_that_touch_are_one() -> None:
    config = hours(friday="20:00-02:00", saturday="02:00-04:00")
    late = state_at(config, utc("2026-06-05T23:30"))  # Saturday, 1:30
    assert late == OpenState(True, utc("2026-06-06T02:00"), utc("2026-06-05T18:00"))


def test_a_date_overrides_its_weekday() -> None:
    config = hours(friday="10:00-18:00", dates={"2026-06-05": "closed", "2026-06-06": "12:00-13:00"})
    assert not state_at(config, utc("2026-06-05T10:00")).is_open
    assert state_at(config, utc("2026-06-05T10:00")).until == utc("2026-06-06T10:00")


def test_always_open_and_always_closed_know_no_change() -> None:
    now = utc("2026-06-05T10:00")
    assert state_at(HoursConfig(), now) == OpenState(True)
    assert state_at(HoursConfig(enabled=True), now).until is None
    assert state_at(HoursConfig(enabled=True), now).is_open
    assert state_at(hours(), now) == OpenState(False)


def test_the_day_of_23_hours() -> None:
    """29 March 2026: clocks go from 2:00 to 3:00, at 1:00 UTC."""
    config = hours(saturday="20:00-04:00", sunday="10:00-18:00")
    opened = state_at(config, utc("2026-03-28T20:00"))
    assert (opened.since, opened.until) == (utc("2026-03-28T19:00"), utc("2026-03-29T02:00"))  # 7 hours, not 8
    assert state_at(config, utc("2026-03-29T08:00")).until == utc("2026-03-29T16:00")
    gap = hours(sunday="02:00-03:00")
    assert not any(state_at(gap, utc("2026-03-29T00:30") + timedelta(minutes=m)).is_open for m in range(120))


def test_the_day_of_25_hours() -> None:
    """25 October 2026: clocks go from 3:00 back to 2:00, at 1:00 UTC."""
    config = hours(saturday="20:00-04:00")
    opened = state_at(config, utc("2026-10-24T20:00"))
    assert (opened.since, opened.until) == (utc("2026-10-24T18:00"), utc("2026-10-25T03:00"))  # 9 hours
    twice = hours(saturday="20:00-02:30")
    assert state_at(twice, utc("2026-10-24T20:00")).until == utc("2026-10-25T00:30")  # the first 2:30


def test_the_machine_s_own_zone_is_used_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        config = hours(friday="10:00-18:00", time_zone="")
        assert state_at(config, utc("2026-06-05T14:00")).until == utc("2026-06-05T22:00")
        assert state_at(config, utc("2026-12-04T15:00")).until == utc("2026-12-04T23:00")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_restart_comes_once_a_night_also_when_clocks_change() -> None:
    config = hours(restart="02:30")
    for day in ("2026-03-28", "2026-10-24"):
        at, found = utc(f"{day}T00:00"), []
        while at < utc(f"{day}T00:00") + timedelta(days=3):
            at = next_restart(config, at) or at
            found.append(at)
        gaps = {round((b - a).total_seconds() / 3600) for a, b in pairwise(found)}
        assert len(found) == 4
        assert gaps <= {23, 24, 25}
    assert next_restart(hours(), utc("2026-06-05T00:00")) is None


def test_projectors_warm_up_before_opening_and_stay_on_in_a_short_break() -> None:
    config = hours(friday="10:00-13:00, 13:20-15:00, 17:00-18:00", lead_s=300.0)

    def on(clock: str) -> bool:
        now = utc(f"2026-06-05T{clock}") - timedelta(hours=2)
        return projectors_on(config, state_at(config, now), now)

    assert [on(clock) for clock in ("09:54", "09:56", "12:00", "13:10", "15:01", "16:54", "16:56", "18:00")] == [
        False, True, True, True, False, False, True, False,
    ]  # fmt: skip
