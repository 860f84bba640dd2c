"""Cues by the time of day: midnight, summer time, clocks that jump, starts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from installation.cues.times import DayTimes
from installation.live_commands.cue_sheet import Cue

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)  # a Friday


def cue(number: float, *times: str, days: tuple[int, ...] = ()) -> Cue:
    minutes = tuple(int(text[:2]) * 60 + int(text[3:]) for text in times)
    return Cue(number, times=minutes, days=days)


def walk(
    times: DayTimes, start: datetime, end: datetime, step: timedelta = timedelta(seconds=0.5)
) -> list[tuple[float, datetime]]:
    found, now = [], start
    while now <= end:
        due, _ = times.due(now)
        found += [(one.number, now) for one in due]
        now += step
    return found


def test_a_cue_comes_once_at_its_time_each_day() -> None:
    times = DayTimes([cue(1, "12:01", "12:03"), cue(2, "12:02")], UTC)
    assert times.begin(NOON) is not None, "yesterday's"
    found = walk(times, NOON, NOON + timedelta(minutes=5))
    assert [number for number, _ in found] == [1, 2, 1]
    assert [when - NOON for _, when in found] == [timedelta(minutes=minutes) for minutes in (1, 2, 3)]
    assert [number for number, _ in walk(times, NOON + timedelta(days=1), NOON + timedelta(days=1, minutes=1))] == [1]


def test_at_the_start_the_last_one_that_passed_is_there() -> None:
    assert DayTimes([cue(1, "09:00"), cue(2, "11:30"), cue(3, "18:00")], UTC).begin(NOON).number == 2
    assert DayTimes([cue(3, "18:00")], UTC).begin(NOON).number == 3, "since yesterday evening"
    assert DayTimes([cue(3, "18:00", days=(4,))], UTC).begin(NOON) is None, "only on Fridays, and today's is to come"
    assert DayTimes([cue(4)], UTC).begin(NOON) is None


def test_midnight_belongs_to_the_day_that_begins() -> None:
    times = DayTimes([cue(1, "00:00", days=(5,)), cue(2, "23:59", days=(4,))], UTC)
    evening = datetime(2026, 6, 5, 23, 58, tzinfo=UTC)
    times.begin(evening)
    assert [number for number, _ in walk(times, evening, evening + timedelta(minutes=3))] == [2, 1]


def test_times_that_the_clock_passes_over_or_shows_twice_come_once() -> None:
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        times = DayTimes([cue(1, "02:30"), cue(2, "01:30"), cue(3, "03:30")], BERLIN)
        start = day - timedelta(hours=3)
        times.begin(start)
        found = walk(times, start, day + timedelta(hours=6), timedelta(seconds=30))
        assert sorted(number for number, _ in found) == [1, 2, 3], day
    spring = [number for number, _ in found]
    assert spring == [2, 1, 3]


def test_the_weekday_is_that_of_the_wall() -> None:
    # 23:30 UTC on Thursday is 01:30 on Friday in Berlin.
    times = DayTimes([cue(1, "01:30", days=(4,)), cue(2, "01:30", days=(3,))], BERLIN)
    start = datetime(2026, 6, 4, 23, 29, tzinfo=UTC)
    times.begin(start)
    assert [number for number, _ in walk(times, start, start + timedelta(minutes=2))] == [1]


def test_a_clock_set_forwards_gives_the_last_cue_of_the_gap_alone() -> None:
    times = DayTimes([cue(1, "13:00"), cue(2, "14:00"), cue(3, "15:00")], UTC)
    times.begin(NOON)
    due, is_late = times.due(NOON + timedelta(hours=2, minutes=30))
    assert ([one.number for one in due], is_late) == ([2], True)
    assert times.due(NOON + timedelta(hours=2, minutes=31)) == ([], False)
    # A board without a battery that hears the time from the network.
    times = DayTimes([cue(1, "13:00")], UTC)
    times.begin(datetime(1970, 1, 2, tzinfo=UTC))
    due, is_late = times.due(NOON)
    assert ([one.number for one in due], is_late) == ([1], True), "since yesterday"


def test_a_clock_set_back_a_little_fires_nothing_twice() -> None:
    times = DayTimes([cue(1, "12:01")], UTC)
    times.begin(NOON)
    minute = timedelta(minutes=1)
    assert [number for number, _ in walk(times, NOON, NOON + minute)] == [1]
    assert walk(times, NOON + minute / 2, NOON + 2 * minute) == []
    # Set back by an hour, the time comes again, and so does the cue.
    assert times.due(NOON - timedelta(hours=1)) == ([], False)
    assert [number for number, _ in walk(times, NOON - minute, NOON + 2 * minute)] == [1]


def test_a_stall_of_seconds_loses_nothing() -> None:
    times = DayTimes([cue(1, "12:01"), cue(2, "12:01"), cue(3, "12:02")], UTC)
    times.begin(NOON + timedelta(seconds=59))
    due, is_late = times.due(NOON + timedelta(seconds=118))
    assert ([one.number for one in due], is_late) == ([1, 2], False)


def test_another_list_fires_nothing_again() -> None:
    times = DayTimes([cue(1, "12:01")], UTC)
    times.begin(NOON)
    walk(times, NOON, NOON + timedelta(minutes=1))
    times.replace([cue(1, "12:01"), cue(2, "12:02")], UTC)
    assert [number for number, _ in walk(times, NOON + timedelta(minutes=1), NOON + timedelta(minutes=3))] == [2]


def test_the_next_one_is_known() -> None:
    times = DayTimes([cue(1, "12:00"), cue(2, "10:00", days=(0,))], UTC)
    found = times.next(NOON)
    assert found is not None
    assert (found[0].number, found[1]) == (1, NOON + timedelta(days=1))
    assert DayTimes([], UTC).next(NOON) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 1439), min_size=1, max_size=5, unique=True),
    st.lists(st.floats(-4000, 4000), max_size=30),
    st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York"), None]),
)
def test_whatever_the_clock_does_no_moment_comes_twice_within_five_minutes(
    minutes: list[int], jumps: list[float], zone: ZoneInfo
) -> None:
    """But for what lies ahead again because somebody set the clock back by more than that."""
    times = DayTimes([Cue(n + 1.0, times=(at,)) for n, at in enumerate(minutes)], zone)
    now = NOON
    times.begin(now)
    fired: list[tuple[float, datetime]] = []
    highest = now
    for jump in jumps:
        now += timedelta(seconds=jump)
        if jump < -300:
            fired = [(number, when) for number, when in fired if when + timedelta(minutes=1) <= now]
        due, _ = times.due(now)
        assert all(
            not (number == one.number and abs(now - when) < timedelta(minutes=5) and now <= highest)
            for one in due
            for number, when in fired
        )
        fired += [(one.number, now) for one in due]
        highest = max(highest, now)
