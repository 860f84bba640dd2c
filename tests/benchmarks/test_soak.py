"""The soak finds what grows, leaves alone what does not, and runs: some hours of the whole piece in a few seconds."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.soak import CLOSES_H, MORNING_H, OPENS_H, hours_settings, short
from benchmarks.soak_figures import BARS, Figures, judge, more, plot, rise

FLAT = {"memory": 640.0, "piece alone": 400.0, "files": 40.0, "threads": 30.0, "processes": 2.0, "GL objects": 600.0}


def figures_of(**slopes: float) -> Figures:
    """Three days, a row an hour; each figure that is named rises by so much a day from the second on."""
    found, rng = Figures(), np.random.default_rng(1)
    for hour in range(73):
        values = {
            name: value + slopes.get(name.replace(" ", "_"), 0.0) * max(hour - 24, 0) / 24
            for name, value in FLAT.items()
        }
        values["memory"] += rng.normal(0, 2.0)
        values["visitors"] = values["textures"] = 3.0 * hour
        found.add(hour, values)
    return found


def test_what_is_flat_keeps_its_bars(capsys: pytest.CaptureFixture[str]) -> None:
    assert judge(figures_of()) == []
    assert "MISSED" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slopes", "missed"),
    [
        ({"memory": 10.0}, "memory"),
        ({"piece_alone": 5.0}, "piece alone"),
        ({"files": 4.0}, "files"),
        ({"threads": 4.0}, "threads"),
        ({"GL_objects": 3.0}, "GL objects"),
    ],
)
def test_what_grows_misses_its_bar(slopes: dict[str, float], missed: str) -> None:
    assert judge(figures_of(**slopes)) == [missed]


def test_what_was_not_measured_misses_its_bar() -> None:
    found = figures_of()
    found.rows["GL objects"] = [float("nan")] * len(found.hours)
    assert judge(found) == ["GL objects"]


def test_only_what_comes_after_the_first_day_is_judged() -> None:
    found = figures_of()
    found.rows["memory"][:24] = np.linspace(100, 640, 24).tolist()
    assert judge(found) == []


def test_the_line_and_the_highest_values() -> None:
    hours = np.linspace(24, 72, 49)
    by_day = (hours % 24 >= 4) & (hours % 24 < 14)
    for opened in (by_day, np.ones(49, bool)):
        assert rise(hours, 100 + (hours - 24) / 48, opened) == pytest.approx(0.01)
        assert rise(hours, 100 - (hours - 24) / 48, opened) == pytest.approx(-0.01)
    assert rise(hours, 100 + 10.0 * by_day, by_day) == pytest.approx(0.0, abs=1e-9)
    assert rise(hours, 100 + 10.0 * by_day, np.ones(49, bool)) < -0.02, "days and nights alone would tilt it"
    assert more(np.array([9, 9, 9, 3, 4, 3, 3, 5, 3])) == 1


def test_the_picture_shows_every_figure(tmp_path: Path) -> None:
    path = tmp_path / "soak.png"
    plot(figures_of(memory=20.0), path, "three days")
    with Image.open(path) as picture:
        pixels = np.asarray(picture)
    strips = np.array_split(pixels[30:], len(BARS))
    assert all((strip[..., 2].astype(int) - strip[..., 0] > 100).sum() > 50 for strip in strips), "a line in each"


def test_settings_follow_the_hour() -> None:
    rng = np.random.default_rng(1)
    by_day, by_night = (hours_settings(hour - MORNING_H, rng) for hour in (OPENS_H + 1, CLOSES_H + 1))
    assert by_day["generation"]["enabled"]
    assert not by_night["generation"]["enabled"]
    assert hours_settings(OPENS_H + 1 - MORNING_H + 48, rng)["capture"] == by_day["capture"]


@pytest.mark.alone
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="faults are injected on Linux only")
def test_some_hours_of_the_whole_piece_in_a_few_seconds() -> None:
    figures = short(8.0, 16.0, 3, quiet_s=0.3)  # into the opening hours, also where a fault takes its longest
    assert figures.hours[-1] >= 8
    assert len(figures.hours) >= 3
    assert figures.rows["visitors"][-1] > 20, "three come every minute"
    assert figures.rows["processes"][-1] == 2
    assert figures.rows["threads"][-1] <= figures.rows["threads"][0] + 3
    assert np.isfinite(figures.rows["GL objects"]).any()
