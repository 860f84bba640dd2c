"""What the piece counts for the graphs, and what the page's process keeps of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from installation.desk.pages.graphs import GRAPHS, data, summary
from installation.desk.trail import SECONDS, Trail
from installation.record.rates import Rates
from installation.record.timings import MOST_A_SECOND, Timings, spread

NOON = datetime(2026, 6, 1, 12)


def test_each_second_has_its_pictures_and_its_observations() -> None:
    timings = Timings()
    for n in range(200):
        timings.drawn(10 + n * 0.02)
        if n % 2:
            timings.observed(10 + n * 0.02, 30.0 + n % 10)
    newest = timings.seconds[-1]
    assert [one.number for one in timings.seconds] == [10, 11, 12]
    assert (newest.frames, newest.observations) == (50, 25)
    assert newest.frame_ms == pytest.approx((20.0, 20.0, 20.0))
    assert newest.osc_ms == (35.0, 39.0, 39.0)


def test_one_late_picture_is_seen_in_p99_alone() -> None:
    assert spread([10.0] * 99 + [80.0]) == (10.0, 10.0, 10.0)
    assert spread([10.0] * 98 + [70.0, 80.0]) == (10.0, 10.0, 70.0)
    assert spread([]) is None


def test_a_second_without_pictures_is_a_gap_and_a_flood_takes_no_memory() -> None:
    timings = Timings()
    timings.drawn(1.0)
    timings.drawn(1.5)
    timings.drawn(4.2)
    assert [one.number for one in timings.seconds] == [1]
    for n in range(5000):
        timings.observed(4.3 + n * 1e-5, 1.0)
    timings.drawn(5.0)
    assert timings.seconds[-1].observations == 5000
    assert timings.seconds[-1].frame_ms is not None
    assert timings.seconds[-1].frame_ms[2] == pytest.approx(2700.0), (
        "how long it stood still is in the second it ended in"
    )
    assert MOST_A_SECOND < 5000


def test_rates_count_as_before() -> None:
    rates = Rates()
    rates.begin(0.0)
    for n in range(30):
        rates.drawn(n / 30)
        rates.observed(n / 30, 12.0)
    assert rates.turn(1.0) == pytest.approx((30.0, 30.0, 0.0))


def rows(first: int, count: int) -> list[dict[str, Any]]:
    timings, found = Timings(), []
    for second in range(first, first + count + 1):
        for n in range(10):
            timings.drawn(second + n / 10)
            timings.observed(second + n / 10, 20.0)
        found += [json.loads(json.dumps(one.row(500.0))) for one in list(timings.seconds)[-1:]]
    return found


def test_the_trail_keeps_two_minutes_without_repetitions() -> None:
    trail = Trail()
    told = rows(100, 200)
    for at in range(len(told)):
        for _ in range(5):  # five snapshots a second tell the same three rows
            trail.take({"timings": told[max(0, at - 2) : at + 1]}, NOON, 0.0)
    numbers = [row["number"] for row in trail.seconds]
    assert numbers == list(range(180, 300))
    assert len(numbers) == SECONDS


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.title)
def test_a_graph_has_a_gap_where_a_second_is_missing(graph: Any) -> None:
    told = rows(100, 12)
    del told[5]
    lines = data(graph, told)
    assert len(lines) == len(graph.lines)
    for line in lines:
        assert [point[0] for point in line] == list(range(-11, 1))
        assert [point[0] for point in line if point[1] is None] == [-6]
    words = summary(graph, told)
    assert all(name in words for name in graph.lines)
    assert data(graph, []) == [[] for _ in graph.lines]
    assert summary(graph, []) == "Nothing yet."


def notice(stage: str, t_s: float, now_s: float, kind: str = "fault") -> dict[str, Any]:
    return {"kind": kind, "stage": stage, "message": f"{stage} fails", "t_s": t_s, "age_s": now_s - t_s}


def test_the_trail_knows_when_a_notice_began_and_ended() -> None:
    trail = Trail()
    camera, disk = notice("camera", 4.0, 10.0), notice("disk", 9.0, 10.0)
    trail.take({"raised": [camera, disk], "notices": [camera, disk]}, NOON, 10.0)
    version = trail.notices_version
    trail.take({"raised": [camera, disk], "notices": [camera, disk]}, NOON, 10.0)
    assert trail.notices_version == version, "nothing new"
    trail.take({"raised": [camera, disk], "notices": [disk]}, NOON + timedelta(seconds=3), 13.0)
    first, second = trail.raised
    assert (first.stage, first.at, first.ended) == ("camera", NOON - timedelta(seconds=6), NOON + timedelta(seconds=3))
    assert second.ended is None


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_set_makes_no_notice_longer_or_shorter(hours: int) -> None:
    """It ended a minute after it began, whatever the wall says then; the next one has the new time."""
    trail = Trail()
    camera, disk = notice("camera", 10.0, 10.0), notice("disk", 70.0, 70.0)
    trail.take({"raised": [camera], "notices": [camera]}, NOON, 10.0)
    later = NOON + timedelta(hours=hours, seconds=60)
    trail.take({"raised": [camera, disk], "notices": [disk]}, later, 70.0)
    first, second = trail.raised
    assert first.ended == NOON + timedelta(seconds=60)
    assert (second.at, second.ended) == (later, None)


def test_a_notice_that_came_and_went_between_two_looks_is_known() -> None:
    trail = Trail()
    trail.take({"raised": [notice("camera", 4.0, 10.0)], "notices": []}, NOON, 10.0)
    assert [(one.stage, one.ended) for one in trail.raised] == [("camera", NOON)]


def test_what_a_part_that_fails_leaves_out_harms_nothing() -> None:
    trail = Trail()
    trail.take({"raised": None, "notices": None, "timings": None}, NOON, 10.0)
    trail.take({}, NOON, 10.0)
    assert not trail.raised
    assert not trail.seconds
