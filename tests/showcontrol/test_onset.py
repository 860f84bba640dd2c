"""Beats from motion: each stroke once, none at rest, none from noise."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.showcontrol.onset import REFRACTORY_S, OnsetDetector


def fired(energy: np.ndarray, rate_hz: float) -> list[tuple[float, float]]:
    detector = OnsetDetector()
    found = [(n / rate_hz, detector.update(float(value), n / rate_hz)) for n, value in enumerate(energy)]
    return [(t_s, strength) for t_s, strength in found if strength > 0]


def strokes(period_s: float, height: float, rate_hz: float, seconds: float = 8.0) -> tuple[np.ndarray, np.ndarray]:
    """(energy, times of the strokes): rises within 0.1 s, falls within 0.25 s."""
    t_s = np.arange(0, seconds, 1 / rate_hz)
    starts_s = np.arange(0.5, seconds - 0.4, period_s)
    since = t_s[:, None] - starts_s[None, :]
    up, down = np.clip(since / 0.1, 0, 1), np.clip(1 - (since - 0.1) / 0.25, 0, 1)
    return height * (up * down).max(1), starts_s


@pytest.mark.parametrize("rate_hz", [15.0, 24.0, 30.0, 60.0])
@pytest.mark.parametrize(("period_s", "height"), [(0.5, 0.8), (0.6, 0.4), (1.0, 0.3)])
def test_each_stroke_is_one_beat_and_not_late(rate_hz: float, period_s: float, height: float) -> None:
    energy, starts_s = strokes(period_s, height, rate_hz)
    beats = fired(energy + 0.05, rate_hz)
    assert len(beats) == len(starts_s)
    late_s = [beat - start for (beat, _), start in zip(beats, starts_s, strict=True)]
    # The first picture in which it moves, and one more where the camera caught the very start.
    assert max(late_s) <= 2 / rate_hz + 1e-6
    assert min(late_s) > 0


def test_a_stronger_stroke_is_a_stronger_beat() -> None:
    weak, strong = (fired(strokes(1.0, height, 30.0)[0], 30.0) for height in (0.2, 0.6))
    assert max(strength for _, strength in weak) < min(strength for _, strength in strong)


def test_rest_slow_motion_and_trembling_make_no_beat() -> None:
    t_s = np.arange(0, 20, 1 / 24)
    noise = np.random.default_rng(1).normal(0, 0.01, len(t_s))
    assert fired(np.zeros_like(t_s), 24) == []
    assert fired(np.clip(0.1 + noise, 0, 1), 24) == []
    assert fired(0.5 - 0.5 * np.cos(2 * np.pi * 0.15 * t_s), 24) == []


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=80), st.floats(0.001, 0.4))
def test_beats_are_in_range_and_never_too_close(values: list[float], dt_s: float) -> None:
    detector = OnsetDetector()
    times = []
    for number, value in enumerate(values):
        strength = detector.update(value, number * dt_s)
        assert 0 <= strength <= 1
        if strength > 0:
            times.append(number * dt_s)
    assert all(b - a >= REFRACTORY_S - 1e-9 for a, b in itertools.pairwise(times))


def test_a_clip_that_begins_again_goes_on() -> None:
    energy, starts_s = strokes(1.0, 0.6, 30.0, 4.0)
    detector = OnsetDetector()
    counts = [sum(detector.update(float(v), n / 30) > 0 for n, v in enumerate(energy)) for _ in range(2)]
    assert counts == [len(starts_s)] * 2
