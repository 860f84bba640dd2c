"""A resting face is learned when it rests, and only then; what is subtracted is bounded."""

import numpy as np
import pytest

from installation.emotion.calibration import FADE_S, MAX_BIAS, NeutralCalibration, resting_bias
from installation.types import EMOTIONS, NEUTRAL, FloatArray

LENGTH_S = 2.0


def reading(**shares: float) -> FloatArray:
    """(7,): these, and the rest spread evenly over the others."""
    p = np.full(7, (1 - sum(shares.values())) / (7 - len(shares)), np.float32)
    for name, share in shares.items():
        p[EMOTIONS.index(name)] = share
    return p


SAD_AT_REST = reading(sad=0.5, neutral=0.45)
"""A face that not quite half of all people would call neutral."""


def feed(
    calibration: NeutralCalibration,
    p: FloatArray,
    start_s: float,
    seconds: float,
    quality: float = 1.0,
    spread: float = 0.1,
    length_s: float = LENGTH_S,
) -> FloatArray:
    """Readings at 15 a second that wander by ``spread``; the last, fed without noise, as corrected."""
    rng = np.random.default_rng(7)
    for n in range(round(seconds * 15)):
        noisy = p * np.exp(rng.normal(0, spread, 7)).astype(np.float32)
        calibration.apply(start_s + n / 15, noisy / noisy.sum(), quality, length_s)
    return calibration.apply(start_s + seconds, p, quality, length_s)


def read(p: FloatArray) -> str:
    return EMOTIONS[int(p.argmax())]


def test_a_resting_face_that_reads_sad_becomes_neutral_and_a_smile_stays_a_smile() -> None:
    calibration = NeutralCalibration()
    rest = feed(calibration, SAD_AT_REST, 0.0, LENGTH_S + FADE_S + 0.5)
    assert calibration.learned
    assert read(rest) == "neutral"
    assert rest[NEUTRAL] > 0.6
    smile = calibration.apply(9.0, reading(happy=0.85), 1.0, LENGTH_S)
    assert read(smile) == "happy"
    assert smile[EMOTIONS.index("happy")] > 0.8
    assert read(calibration.apply(9.1, reading(sad=0.95, neutral=0.02), 1.0, LENGTH_S)) == "sad"
    assert rest.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_face_that_rests_neutral_is_left_alone() -> None:
    calibration = NeutralCalibration()
    neutral = reading(neutral=0.85)
    assert np.allclose(feed(calibration, neutral, 0.0, 5.0), neutral, atol=1e-6)
    assert calibration.learned
    assert np.array_equal(calibration.bias, np.zeros(7))


@pytest.mark.parametrize(
    "p",
    [
        reading(happy=0.8),
        reading(happy=0.5, neutral=0.45),
        reading(sad=0.92, neutral=0.04),
        # As weeping is read while she speaks: most people would say sad, so this is no resting face.
        reading(sad=0.6, neutral=0.3),
        reading(angry=0.6, neutral=0.35),
        reading(surprise=0.6, neutral=0.3),
    ],
)
def test_a_mood_is_not_taken_for_rest(p: FloatArray) -> None:
    calibration = NeutralCalibration()
    assert np.array_equal(feed(calibration, p, 0.0, 10.0), p)
    assert not calibration.learned


def test_an_unsteady_or_badly_read_face_teaches_nothing() -> None:
    shaky, blurred = NeutralCalibration(), NeutralCalibration()
    feed(shaky, SAD_AT_REST, 0.0, 8.0, spread=1.2)
    feed(blurred, SAD_AT_REST, 0.0, 8.0, quality=0.4)
    assert not shaky.learned
    assert not blurred.learned


def test_only_the_first_seconds_count() -> None:
    calibration = NeutralCalibration()
    feed(calibration, reading(happy=0.85), 0.0, 3.5 * LENGTH_S)
    feed(calibration, SAD_AT_REST, 3.5 * LENGTH_S, 8.0)
    assert not calibration.learned


def test_who_arrives_smiling_and_then_rests_is_learned_in_time() -> None:
    calibration = NeutralCalibration()
    feed(calibration, reading(happy=0.85), 0.0, 1.0)
    feed(calibration, SAD_AT_REST, 1.0, 4.0)
    assert calibration.learned


def test_badly_read_seconds_before_do_not_use_up_the_time() -> None:
    calibration = NeutralCalibration()
    feed(calibration, SAD_AT_REST, 0.0, 20.0, quality=0.2)
    feed(calibration, SAD_AT_REST, 20.0, 3.0)
    assert calibration.learned


def test_a_reading_given_again_counts_once() -> None:
    calibration = NeutralCalibration()
    for n in range(90):
        calibration.apply(n / 30, SAD_AT_REST, 1.0, LENGTH_S)
    assert not calibration.learned


def test_nothing_jumps_when_the_correction_sets_in() -> None:
    calibration, last, steps = NeutralCalibration(), None, []
    rng = np.random.default_rng(2)
    for n in range(150):
        noisy = SAD_AT_REST * np.exp(rng.normal(0, 0.01, 7)).astype(np.float32)
        now = calibration.apply(n / 30, noisy / noisy.sum(), 1.0, LENGTH_S)
        steps.append(0.0 if last is None else float(np.abs(now - last).max()))
        last = now
    assert calibration.learned
    assert max(steps) < 0.05


def test_switched_off_it_changes_nothing_even_after_learning() -> None:
    calibration = NeutralCalibration()
    feed(calibration, SAD_AT_REST, 0.0, 4.0)
    assert np.array_equal(calibration.apply(5.0, SAD_AT_REST, 1.0, 0.0), SAD_AT_REST)
    fresh = NeutralCalibration()
    feed(fresh, SAD_AT_REST, 0.0, 8.0, length_s=0.0)
    assert not fresh.learned


def test_the_correction_is_bounded() -> None:
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(300):
        p = rng.dirichlet(np.full(7, 0.5)).astype(np.float32)
        bias = resting_bias(np.repeat(p[None], 10, axis=0))
        if bias is not None:
            found += 1
            assert bias[NEUTRAL] == 0.0
            assert np.all((bias >= 0) & (bias <= MAX_BIAS))
    assert found > 20
