"""How strongly an emotion is shown: more is never a lower level, and a level does not flicker."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.emotion import GroupConfig
from installation.emotion.group import Group
from installation.emotion.intensity import LEVELS, MARGIN, LevelHysteresis, intensity
from installation.types import EMOTIONS, EmotionState

unit = st.floats(0, 1)


def shares(label: str, share: float) -> list[float]:
    rest = (1 - share) / 6
    return [share if name == label else rest for name in EMOTIONS]


@given(unit, unit, unit, unit)
def test_more_of_an_emotion_is_never_less_intense(share: float, more: float, valence: float, arousal: float) -> None:
    low, high = sorted((share, more))
    assert 0 <= intensity(low, valence, arousal) <= intensity(high, valence, arousal) <= 1
    calm, strong = sorted((valence, arousal))
    assert intensity(share, calm, -calm) <= intensity(share, strong, -strong)


@pytest.mark.parametrize("label", EMOTIONS)
def test_an_emotion_that_grows_goes_through_all_levels_in_order(label: str) -> None:
    level = LevelHysteresis()
    seen = [level.update(label, shares(label, share), 0.9, 0.0) for share in np.linspace(0.2, 1.0, 81)]
    assert seen == sorted(seen)
    assert set(seen) == {0, 1, 2}
    back = [level.update(label, shares(label, share), 0.9, 0.0) for share in np.linspace(1.0, 0.2, 81)]
    assert back == sorted(back, reverse=True)
    assert back[-1] == 0


def test_a_share_that_trembles_about_a_bound_keeps_its_level() -> None:
    level = LevelHysteresis()
    for bound in LEVELS:
        trembling = [
            level.update("happy", shares("happy", bound + 0.8 * MARGIN * (-1) ** n), 1.0, 0.0) for n in range(40)
        ]
        assert len(set(trembling)) == 1


def test_another_emotion_begins_with_the_level_it_has() -> None:
    level = LevelHysteresis()
    assert level.update("happy", shares("happy", 0.9), 0.9, 0.5) == 2
    assert level.update("sad", shares("sad", 0.5), -0.6, 0.0) == 1


def test_the_group_has_the_level_of_a_visitor_alone_and_of_a_mean(state_of: Callable[..., EmotionState]) -> None:
    strong = replace(state_of("happy", valence=0.9, arousal=0.5), level=2)
    group = Group(GroupConfig())
    assert group.update((strong,), 0.0) is strong
    mixed = group.update((strong, replace(strong, person_id=7)), 0.1)
    assert mixed is not None
    assert mixed.level == LevelHysteresis().update(mixed.label, mixed.probabilities.tolist(), 0.9, 0.5)
