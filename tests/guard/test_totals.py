"""Counts that go on over a restart, the figures as Prometheus text, the line a day."""

from datetime import datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from installation.base.clock import ManualClock
from installation.guard.days import Days
from installation.guard.figures import Figures
from installation.guard.hooks import EndedRun, StartedRun
from installation.guard.metrics import Metrics
from installation.guard.totals import FRESH_S, Totals


def started(number: int = 1, safe: str = "") -> StartedRun:
    return StartedRun(number=number, pid=10 + number, t_s=0.0, safe=safe)


def ended(number: int = 1, why: str = "killed", figures: Figures | None = None) -> EndedRun:
    return EndedRun(number, 10 + number, why, f"{why} as a test", -9, 0.0, 60.0, True, figures)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1000.0)


@pytest.fixture
def totals(clock: ManualClock) -> Totals:
    return Totals(clock)


def test_counts_go_on_over_a_restart_and_faults_are_counted_when_they_appear(totals: Totals) -> None:
    totals.started(started())
    totals.beat(Figures(frames=10, arrivals=2, seen_s=5.0, pictures=1, faults=("a: 1",)))
    totals.beat(Figures(frames=100, arrivals=3, seen_s=50.0, pictures=4, faults=("a: 1", "b: 2")))
    totals.beat(Figures(frames=110, arrivals=3, seen_s=50.0, pictures=4))
    totals.ended(ended())
    totals.started(started(2))
    totals.beat(Figures(frames=7, arrivals=1, seen_s=1.5, pictures=0, faults=("a: 1",)))
    counts = totals.standing().counts
    assert (counts.frames, counts.arrivals, counts.seen_s, counts.pictures) == (117, 4, 51.5, 4)
    assert (counts.faults, counts.runs, counts.restarts, counts.ends) == (3, 2, 1, {"killed": 1})


def test_counts_never_go_back_when_a_run_begins_unheard(totals: Totals) -> None:
    totals.started(started())
    totals.beat(Figures(frames=100, arrivals=3))
    totals.beat(Figures(frames=5, arrivals=0))
    assert totals.standing().counts.frames == 105
    assert totals.standing().counts.arrivals == 3


def test_ready_is_who_shows_pictures_and_beats(totals: Totals, clock: ManualClock) -> None:
    assert totals.standing().trouble == "the piece does not run"
    totals.started(started())
    assert totals.standing().trouble == "the piece is starting"
    totals.ready(started())
    assert totals.standing().trouble == "no beat"
    totals.beat(Figures(frames=1))
    assert totals.standing().trouble == ""
    clock.advance(FRESH_S + 0.1)
    assert totals.standing().trouble == "no beat"
    totals.beat(Figures(frames=2))
    totals.ended(ended())
    assert totals.standing().trouble == "the piece does not run"


def read(text: bytes) -> dict[str, float]:
    """As Prometheus's own parser reads it."""
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_prometheus_reads_all_of_it(totals: Totals, clock: ManualClock) -> None:
    metrics = Metrics(totals.standing)
    assert read(metrics.text())["mien_up"] == 0
    totals.started(started(1, safe="three failures"))
    totals.ready(started())
    told = {
        "frames": 50,
        "fps": 29.5,
        "perception_hz": 20.0,
        "visitors": 2,
        "arrivals": 5,
        "seen_s": 61.5,
        "pictures": 8,
    }
    totals.beat(Figures(**told, pss_mb=100.0, quality=3, scene='a "scene"\n', faults=("x: y",), notices=("n: m",)))
    clock.advance(0.5)
    found = read(metrics.text())
    assert found["mien_frames_total"] == 50
    assert found["mien_visitors_total"] == 5
    assert found["mien_seen_seconds_total"] == 61.5
    assert found["mien_pictures_total"] == 8
    assert found["mien_faults_total"] == found["mien_faults_active"] == found["mien_notices_active"] == 1
    assert (found["mien_visitors_here"], found["mien_frames_per_second"]) == (2, 29.5)
    assert found["mien_perception_per_second"] == 20.0
    assert found["mien_memory_bytes"] == 100.0 * 2**20
    assert found["mien_beat_age_seconds"] == found["mien_guard_age_seconds"] == 0.5
    assert found["mien_safe_settings"] == found["mien_up"] == found["mien_ready"] == 1
    assert found['mien_scene_info[a "scene"\n]'] == 1
    totals.ended(ended(why="hang"))
    found = read(metrics.text())
    assert found["mien_ends_total[hang]"] == 1
    assert found["mien_frames_total"] == 50
    assert found["mien_ready"] == found["mien_up"] == 0
    assert not [name for name in found if not name.startswith("mien_")]


class Wall:
    """The time on the wall, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 3, 9, 30)

    def __call__(self) -> datetime:
        return self.now


def test_each_day_has_its_line_and_the_last_one_what_there_is(totals: Totals, tmp_path: Path) -> None:
    wall, path = Wall(), tmp_path / "logs" / "days.log"
    days = Days(totals.standing, wall, path)
    totals.started(started())
    totals.beat(Figures(frames=10, arrivals=214, seen_s=187 * 60.0, pictures=900, faults=("a: 1",)))
    days.tick(0.0)
    wall.now = datetime(2026, 8, 4, 0, 0, 1)
    days.tick(0.5)  # looked at once a second
    assert not path.exists()
    days.tick(1.5)
    totals.ended(ended())
    totals.started(started(2))
    totals.beat(Figures(frames=10, arrivals=1, seen_s=30.0, pictures=2))
    wall.now = datetime(2026, 8, 4, 14, 3)
    days.close()
    assert path.read_text().splitlines() == [
        "2026-08-03 09:30-24:00 visitors 214 seen_minutes 187 pictures 900 faults 1 restarts 0",
        "2026-08-04 00:00-14:03 visitors 1 seen_minutes 0 pictures 2 faults 0 restarts 1",
    ]


def test_a_disk_that_takes_no_line_is_no_trouble(
    totals: Totals, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "logs").write_text("a file")
    days = Days(totals.standing, Wall(), tmp_path / "logs" / "days.log")
    days.close()
    assert "visitors 0" in caplog.text
    assert "the line of the day is not in" in caplog.text
