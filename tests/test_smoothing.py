"""The filter's promises: constant in, constant out; within range; the same at any frame rate; calm labels; even fades."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config import SmoothingConfig
from installation.smoothing import GAP_S, OneEuro, Smoother
from installation.types import EMOTIONS, EmotionEstimate

finite = st.floats(-1, 1)


def estimate(t_s: float, emotion: str, share: float = 0.8, **more: object) -> EmotionEstimate:
    p = np.full(7, (1 - share) / 6, np.float32)
    p[EMOTIONS.index(emotion)] = share
    values = {
        "valence": 0.0,
        "arousal": 0.0,
        "confidence": 1.0,
        "energy": 0.0,
        "openness": 0.0,
        "position": (0.5, 0.5, 0.5),
    }
    return EmotionEstimate(t_s=t_s, person_id=1, probabilities=p, **{**values, **more})


@given(finite, st.lists(st.floats(0.001, 0.2), min_size=1, max_size=60))
def test_constant_in_constant_out(value: float, steps: list[float]) -> None:
    one = OneEuro(0.8, 1.5, 1.0)
    t_s = 0.0
    for step in steps:
        t_s += step
        assert one.update(np.array([value]), t_s)[0] == pytest.approx(value, abs=1e-12)


@given(st.lists(finite, min_size=2, max_size=80))
def test_never_leaves_the_range_of_what_was_fed(values: list[float]) -> None:
    one = OneEuro(0.8, 1.5, 1.0)
    out = [one.update(np.array([value]), number / 30)[0] for number, value in enumerate(values)]
    assert min(values) - 1e-9 <= min(out)
    assert max(out) <= max(values) + 1e-9


def test_thirty_and_sixty_pictures_a_second_agree() -> None:
    def follow(rate: int) -> float:
        one = OneEuro(0.8, 0.0, 1.0)
        one.update(np.array([0.0]), 0.0)
        return float([one.update(np.array([1.0]), n / rate)[0] for n in range(1, rate // 2 + 1)][-1])

    assert follow(30) == pytest.approx(follow(60), abs=1e-9)


def test_not_a_number_is_refused_and_the_last_good_state_holds() -> None:
    smoother = Smoother(SmoothingConfig())
    smoother.update((estimate(0.0, "sad"),), 0.0)
    before = smoother.update((estimate(0.1, "sad"),), 0.1)[0]
    after = smoother.update((estimate(0.2, "sad", valence=float("nan")),), 0.2)[0]
    assert smoother.refused == 1
    assert after.valence == before.valence
    assert np.isfinite(after.probabilities).all()


def test_a_true_change_reaches_ninety_percent_within_a_second() -> None:
    smoother = Smoother(SmoothingConfig())
    for n in range(48):
        smoother.update((estimate(n / 24, "neutral", 0.9),), n / 24)
    reached = None
    for n in range(48, 96):
        state = smoother.update((estimate(n / 24, "happy", 0.9),), n / 24)[0]
        low, high = 0.1 / 6, 0.9
        if reached is None and state.probabilities[EMOTIONS.index("happy")] >= low + 0.9 * (high - low):
            reached = (n - 48) / 24
    assert reached is not None
    assert reached <= 1.0


def test_a_valence_ramp_lags_less_than_150_ms() -> None:
    smoother = Smoother(SmoothingConfig())
    lags = []
    for n in range(72):
        true = min(max((n / 24 - 0.5), -1.0), 1.0)
        state = smoother.update((estimate(n / 24, "neutral", valence=true),), n / 24)[0]
        if 24 <= n < 34:
            lags.append(true - state.valence)  # a ramp of one unit a second: the difference is the lag in seconds
    assert max(lags) < 0.15


def test_thirty_percent_wrong_labels_switch_less_than_once_a_second() -> None:
    rng = np.random.default_rng(5)
    smoother = Smoother(SmoothingConfig())
    labels = []
    for n in range(24 * 60):
        shown = "happy" if rng.random() > 0.3 else EMOTIONS[rng.integers(7)]
        labels.append(smoother.update((estimate(n / 24, shown),), n / 24)[0].label)
    switches = sum(a != b for a, b in pairwise(labels))
    assert switches < 60
    assert labels[-1] == "happy"


def test_presence_fades_in_and_out_in_its_time() -> None:
    config = SmoothingConfig(fade_in_s=0.5, fade_out_s=1.0)
    smoother = Smoother(config)
    presence = {}
    for n in range(31):
        presence[n] = smoother.update((estimate(n / 30, "happy"),), n / 30)[0].presence
    assert presence[0] == 0.0
    assert presence[8] == pytest.approx(8 / 15, abs=0.01)
    assert presence[15] == pytest.approx(1.0, abs=0.01)
    gone = [smoother.advance(1.0 + n / 30) for n in range(1, 60)]
    assert gone[int(GAP_S * 30) - 1][0].presence == 1.0
    assert 0.3 < gone[22][0].presence < 0.7
    assert gone[-1] == ()


def test_time_that_does_not_rise_changes_nothing() -> None:
    smoother = Smoother(SmoothingConfig())
    smoother.update((estimate(1.0, "happy"),), 1.0)
    smoother.advance(1.2)
    before = smoother.advance(1.15)
    again = smoother.update((estimate(1.1, "happy"),), 1.1)
    assert before[0].presence == again[0].presence
