"""Smoothed blendshapes: calm at rest, quick for a blink, back to zeros where the face is lost. Times in seconds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.emotion import SmoothingConfig
from installation.emotion.face_filter import FADE_S, HELD_S, FaceFilter
from installation.emotion.smoothing import Smoother
from installation.types import BLENDSHAPES, NO_BLENDSHAPES, EmotionEstimate, FloatArray, neutral_probabilities


def shapes(value: float) -> FloatArray:
    return np.full(BLENDSHAPES, value, np.float32)


def feed(seen: list[float | None], rate: float, start_s: float = 0.0, face: FaceFilter | None = None) -> list[float]:
    """What the filter shows of one value after each picture."""
    face, found = face or FaceFilter(1.0), []
    for n, value in enumerate(seen):
        t_s = start_s + n / rate
        face.update(None if value is None else shapes(value), t_s)
        found.append(float(face.at(t_s)[0]))
    return found


@pytest.mark.parametrize("rate", [15, 24, 60])
def test_a_face_sets_in_and_then_is_where_it_is(rate: int) -> None:
    found = feed([0.6] * 2 * rate, rate)
    assert found[0] < 0.6
    assert (np.diff(found) >= -1e-6).all()
    assert found[rate // 2 :] == pytest.approx([0.6] * (2 * rate - rate // 2), abs=0.01)


@pytest.mark.parametrize("rate", [15, 24, 60])
def test_a_blink_gets_through_and_jitter_is_halved(rate: int) -> None:
    blink = [max(0.0, 1 - abs(n / rate - 1.5) / 0.1) for n in range(3 * rate)]
    assert max(feed(blink, rate)) > 0.75 * max(blink)
    rng = np.random.default_rng(1)
    jitter = (0.3 + rng.normal(0, 0.02, 20 * rate)).tolist()
    assert np.std(feed(jitter, rate)[rate:]) < 0.6 * np.std(jitter)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=60), st.floats(0.005, 0.5))
def test_it_stays_between_nothing_and_what_was_seen(seen: list[float | None], step_s: float) -> None:
    most = max((value for value in seen if value is not None), default=0.0)
    found = feed(seen, 1 / step_s)
    assert min(found) >= 0
    assert max(found) <= most + 1e-6


def test_a_lost_face_is_held_and_then_goes_to_zeros() -> None:
    face = FaceFilter(1.0)
    feed([0.8] * 60, 30, face=face)
    last_s = 59 / 30
    assert face.at(last_s + 0.9 * HELD_S)[0] == pytest.approx(0.8, abs=0.01)
    assert face.at(last_s + HELD_S + FADE_S)[0] == pytest.approx(0.8 / np.e, abs=0.01)
    assert face.at(last_s + 20) is NO_BLENDSHAPES
    # Found again while it fades, it goes on from there.
    found = feed([0.8] * 30, 30, last_s + HELD_S + FADE_S, face)
    assert found[0] == pytest.approx(0.8 / np.e, abs=0.02)
    assert np.diff(found).max() < 0.2
    assert found[-1] == pytest.approx(0.8, abs=0.01)


def estimate(t_s: float, seen: FloatArray | None) -> EmotionEstimate:
    return EmotionEstimate(
        t_s, 1, neutral_probabilities(), 0.0, 0.0, 0.9, 0.1, 0.2, (0.5, 0.5, 0.8), extent="bust", blendshapes=seen
    )


def test_they_travel_with_a_visitor_and_fade_when_the_face_or_the_visitor_is_lost() -> None:
    smoother = Smoother(SmoothingConfig())
    for n in range(30):
        (state,) = smoother.update((estimate(n / 30, shapes(0.5)),), n / 30)
    assert state.extent == "bust"
    assert state.blendshapes == pytest.approx(shapes(0.5), abs=0.01)
    assert not state.blendshapes.flags.writeable
    for n in range(30, 60):
        (turned,) = smoother.update((estimate(n / 30, None),), n / 30)
    assert 0 < turned.blendshapes[0] < 0.15
    (gone,) = smoother.advance(2.6)
    assert gone.blendshapes[0] < turned.blendshapes[0]
    assert state.blendshapes[0] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("bad", [shapes(np.nan), np.zeros(51, np.float32)])
def test_what_are_no_blendshapes_is_refused_and_the_last_state_holds(bad: FloatArray) -> None:
    smoother = Smoother(SmoothingConfig())
    for n in range(30):
        (good,) = smoother.update((estimate(n / 30, shapes(0.5)),), n / 30)
    (held,) = smoother.update((estimate(1.0, bad),), 1.0)
    assert smoother.refused == 1
    assert np.array_equal(held.blendshapes, good.blendshapes)
