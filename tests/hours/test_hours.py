"""What opening hours do: light, camera, projectors, the restart; with the time of day moved by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.hours import HoursConfig
from installation.hours.hours import Effects, Hours

WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "10:00-18:00")
START = datetime(2026, 6, 5, tzinfo=UTC)


def settings(**more: object) -> HoursConfig:
    return HoursConfig.model_validate({"enabled": True, "time_zone": "UTC", "fade_s": 3.0, **WEEK, **more})


class World:
    """``t_s`` moves both clocks; ``set_by_s`` is how far the time of day was set besides."""

    def __init__(self, config: HoursConfig, clock: str = "09:00", is_guarded: bool = True) -> None:
        self.t_s, self.set_by_s = 0.0, 0.0
        hour, minute = map(int, clock.split(":"))
        self.begin = START + timedelta(hours=hour, minutes=minute)
        self.events: list[tuple[str, list[Any]]] = []
        self.rests: list[bool] = []
        self.projectors: list[bool | None] = []
        self.restarts = 0
        self.notices = Notices(ManualClock())
        restart = self.restart if is_guarded else None
        effects = Effects(lambda *event: self.events.append(event), self.rests.append, self.projectors.append, restart)
        self.hours = Hours(config, self.wall, effects, self.notices, 0.0)

    def restart(self) -> None:
        self.restarts += 1

    def wall(self) -> datetime:
        return self.begin + timedelta(seconds=self.t_s + self.set_by_s)

    def go(self, minutes: float, somebody: bool = False, step_s: float = 10.0) -> None:
        for _ in range(round(minutes * 60 / step_s)):
            self.t_s += step_s
            self.hours.poll(self.t_s, somebody)

    def notes(self) -> list[str]:
        return [f"{notice.stage}: {notice.message}" for notice in self.notices.active("note")]


def test_a_day() -> None:
    world = World(settings())
    assert world.events == [("hours", ["closed", 0.0, 0.0])]  # dark from the first picture on
    assert (world.rests[-1], world.projectors[-1]) == (True, False)
    assert world.notes() == ["hours: closed until Fri 05 Jun, 10:00 (key O: the other)"]
    world.go(56)
    assert (world.rests[-1], world.projectors[-1]) == (True, True)  # 5 minutes before
    world.go(5)
    assert world.events[1:] == [("hours", ["open", 1.0, 3.0])]
    assert (world.rests[-1], world.projectors[-1], world.notes()) == (False, True, [])
    world.go(8 * 60)
    assert world.events[2:] == [("hours", ["closed", 0.0, 3.0])]
    assert (world.rests[-1], world.projectors[-1]) == (True, False)


def test_without_hours_nothing_is_touched() -> None:
    world = World(HoursConfig())
    world.go(60, step_s=60)
    assert world.events == []
    assert set(world.rests) == {False}
    assert set(world.projectors) == {None}


def test_dim_and_a_camera_that_is_read_all_the_same() -> None:
    world = World(settings(closed_level=0.1, read_camera=True))
    assert world.events == [("hours", ["closed", 0.1, 0.0])]
    assert set(world.rests) == {False}


def test_the_operator_s_word_holds_until_the_next_change() -> None:
    world = World(settings(), "12:00")
    assert world.hours.is_open
    world.hours.wish("")
    assert not world.hours.is_open
    assert world.events == [("hours", ["closed", 0.0, 3.0])]
    assert world.projectors[-1] is False
    world.go(7 * 60, step_s=60)  # past 18:00: the same by now, but by the hours
    assert not world.hours.is_open
    world.hours.wish("open")
    world.go(14 * 60, step_s=60)
    assert world.hours.is_open  # 9:00 of the next day
    assert world.projectors[-1] is True
    world.hours.wish("schedule")
    assert not world.hours.is_open
    with pytest.raises(ValueError, match="open, closed or schedule"):
        world.hours.wish("perhaps")


def test_without_hours_the_operator_can_close_and_open_again() -> None:
    world = World(HoursConfig())
    world.hours.wish("closed")
    assert (world.projectors[-1], world.rests[-1]) == (False, True)
    world.hours.wish("")
    world.go(1)
    assert (world.projectors[-1], world.rests[-1]) == (True, False)


def test_other_hours_take_effect_at_once() -> None:
    world = World(settings(), "12:00")
    world.hours.reconfigure(settings(friday="closed", closed_level=0.2))
    assert world.events == [("hours", ["closed", 0.2, 3.0])]
    world.hours.reconfigure(settings(friday="closed", closed_level=0.3))
    assert world.events[1:] == [("hours", ["closed", 0.3, 3.0])]


def test_the_nightly_restart_comes_once() -> None:
    world = World(settings(restart="04:30"), "01:00")
    world.go(3 * 60 + 29, step_s=60)
    assert world.restarts == 0
    world.go(2)
    assert world.restarts == 1
    world.go(120, step_s=60)
    assert world.restarts == 1


def test_within_opening_hours_it_waits_until_nobody_is_there() -> None:
    world = World(settings(restart="12:00"), "11:30")
    world.go(60, somebody=True)
    assert world.restarts == 0
    world.go(0.8)
    assert world.restarts == 0
    world.go(0.5)
    assert world.restarts == 1


def test_outside_them_it_waits_for_nobody() -> None:
    world = World(settings(restart="04:30", read_camera=True), "04:00")
    world.go(31, somebody=True)
    assert world.restarts == 1


def test_a_piece_that_has_only_just_started_is_not_started_again() -> None:
    """The clock is set back by the network after the restart."""
    world = World(settings(restart="04:30"), "04:29")
    world.go(3)
    assert world.restarts == 0
    world.go(24 * 60, step_s=60)
    assert world.restarts == 1


def test_nobody_would_start_it_again() -> None:
    world = World(settings(restart="04:30"), "04:00", is_guarded=False)
    assert any("nightly restart: not done" in note for note in world.notes())
    world.go(60, step_s=60)
    assert world.restarts == 0


def test_a_clock_that_is_set_brings_the_state_of_now_and_no_restart() -> None:
    """A machine without a battery begins in another year, until the network tells it."""
    world = World(settings(restart="04:30"), "03:00")
    world.go(20)
    assert not world.hours.is_open
    world.set_by_s = 400 * 86400 + 9 * 3600
    world.go(1)
    assert world.hours.is_open
    assert world.restarts == 0
    world.set_by_s = -3600.0
    world.go(1)
    assert not world.hours.is_open


def test_a_time_of_day_that_no_calendar_has_is_a_fault_and_ends_nothing() -> None:
    world = World(settings(), "12:00")
    world.set_by_s = (datetime.max.replace(tzinfo=UTC) - world.wall()).total_seconds() - 3600
    world.go(1)
    assert [notice.stage for notice in world.notices.active("fault")] == ["hours"]
    world.set_by_s = 0.0
    world.go(1)
    assert world.notices.active("fault") == ()
    assert world.hours.is_open
