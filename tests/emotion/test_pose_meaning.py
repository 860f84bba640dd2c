"""What a person holds becomes a mixture of emotions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.poses import PosesConfig
from installation.emotion.pose_meaning import pose_mixture
from installation.types import EMOTIONS, Box, Person


def holding(*poses: tuple[str, float], gestures: tuple[str, ...] = ()) -> Person:
    return Person(1, Box(0, 0, 1, 1), 1.0, poses=poses, gestures=gestures)


MEANING = PosesConfig(
    meanings={"arms_up": {"happy": 0.7, "surprise": 0.3}, "bow": {"sad": 2 / 3}, "Thumb_Down": {"angry": 1.0}},
    weight=2.0,
    threshold=0.5,
)


def test_a_label_becomes_its_mixture_weighted_by_how_sure_it_is() -> None:
    weight, mixture = pose_mixture(holding(("arms_up", 0.9), ("bow", 0.05)), MEANING)
    assert weight == pytest.approx(1.8)
    expected = {"happy": 0.7, "surprise": 0.3}
    np.testing.assert_allclose(mixture, [expected.get(name, 0.0) for name in EMOTIONS], atol=1e-6)
    assert not mixture.flags.writeable


def test_gestures_and_poses_add_up() -> None:
    weight, mixture = pose_mixture(holding(("bow", 0.5), gestures=("Thumb_Down", "Victory")), MEANING)
    assert weight == pytest.approx(2.0)
    assert mixture[EMOTIONS.index("angry")] == pytest.approx(1 / 1.5)
    assert mixture[EMOTIONS.index("sad")] == pytest.approx(0.5 / 1.5)


def test_what_is_unsure_or_has_no_meaning_does_not_count() -> None:
    assert pose_mixture(holding(("arms_up", 0.49), ("other", 0.5)), MEANING) is None
    assert pose_mixture(holding(gestures=("Victory",)), MEANING) is None
    assert pose_mixture(holding(("arms_up", 0.9)), MEANING.model_copy(update={"weight": 0.0})) is None


@given(st.dictionaries(st.sampled_from(["arms_up", "bow", "other"]), st.floats(0, 1)))
def test_a_mixture_is_always_probabilities(shares: dict[str, float]) -> None:
    found = pose_mixture(holding(*shares.items()), MEANING)
    if found is not None:
        assert 0 < found[0] <= MEANING.weight
        assert found[1].sum() == pytest.approx(1, abs=1e-5)
        assert (found[1] >= 0).all()


def test_none_is_no_pose_and_gestures_are_sure() -> None:
    person = holding(("none", 0.9), ("arms_up", 0.7), ("bow", 0.2), gestures=("Victory", "None"))
    assert person.labels_held(0.6) == ("arms_up", "Victory")
    assert person.held()["Victory"] == 1.0
