"""Nothing is read of whoever has just come; where they are and how they move is known at once."""

from dataclasses import replace

import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import BodyConfig, EmotionConfig
from installation.config.poses import PosesConfig
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.reading import FORGET_S, Reading
from installation.types import NEUTRAL, EmotionEstimate, Observation, Person
from tests.conftest import probabilities

SCRIPT = PerformerScript(1)
START_S = next(n / 10 for n in range(2000) if SCRIPT.mood(n / 10) == "happy")


def seen(t_s: float, *people: Person) -> Observation:
    return Observation(t_s, round(t_s * 30), people, (640, 360))


def somebody(number: int, t_s: float = 3.0) -> Person:
    """The performer with a number, an angry face and a pose of the artist's."""
    (found,) = SCRIPT.observe(t_s, 0).people
    return replace(
        found, id=number, expression=probabilities("angry"), poses=(("arms_up", 0.9),), gestures=("Victory",)
    )


def test_a_newcomer_is_not_read_until_the_dwell_is_over() -> None:
    reading, visitor = Reading(3.0), somebody(1)
    for t_s in (10.0, 11.5, 12.99):
        (found,) = reading.gate(seen(t_s, visitor)).people
        assert (found.expression, found.blendshapes, found.poses, found.gestures) == (None, None, (), ())
        assert (found.box, found.pose is visitor.pose, found.face is visitor.face) == (visitor.box, True, True)
        assert reading.unread == {1}
    observation = seen(13.0, visitor)
    assert reading.gate(observation) is observation, "nothing is copied where nothing is to be taken out"
    assert (reading.unread, reading.arrived_s) == (frozenset(), 10.0)


def test_who_is_there_is_read_on_while_others_come() -> None:
    reading = Reading(2.0)
    reading.gate(seen(0.0, somebody(1)))
    old, new = reading.gate(seen(5.0, somebody(1), somebody(2))).people
    assert old.expression is not None
    assert new.expression is None
    assert reading.arrived_s == 5.0


def test_the_points_of_an_unread_face_do_not_go_out() -> None:
    reading = Reading(2.0)
    reading.gate(seen(0.0, somebody(1)))
    within = reading.gate(seen(5.0, somebody(1), somebody(2)))
    out = reading.without_faces(within)
    assert [one.face is None for one in out.people] == [False, True]
    later = reading.gate(seen(9.0, somebody(1), somebody(2)))
    assert reading.without_faces(later) is later


def test_who_comes_back_soon_is_no_newcomer_and_a_new_source_knows_nobody() -> None:
    reading = Reading(2.0)
    reading.gate(seen(0.0, somebody(1)))
    reading.gate(seen(FORGET_S - 1, somebody(1)))
    assert (reading.unread, reading.arrived_s) == (frozenset(), 0.0)
    reading.gate(seen(2 * FORGET_S + 1, somebody(1)))
    assert reading.unread == {1}
    reading.gate(seen(2 * FORGET_S + 5, somebody(1)))
    assert reading.unread == frozenset()
    reading.clear()
    reading.gate(seen(2 * FORGET_S + 6, somebody(1)))
    assert reading.unread == {1}


def test_without_a_dwell_everybody_is_read_at_once() -> None:
    observation = seen(0.0, somebody(1))
    assert Reading(0.0).gate(observation) is observation


def test_numbers_of_visitors_who_left_are_not_kept() -> None:
    reading = Reading(1.0)
    for n in range(150):
        reading.gate(seen(n * 10.0, somebody(n)))
    assert len(reading._stays) <= FORGET_S / 10 + 1


def played(dwell_s: float, seconds: float, face: bool) -> list[EmotionEstimate]:
    """What is estimated of the performer's first seconds; with ``face``, an angry one."""
    reading, estimator = Reading(dwell_s), EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    found: list[EmotionEstimate] = []
    for n in range(round(seconds * 30)):
        observation = SCRIPT.observe(START_S + n / 30, n)
        people = tuple(replace(one, expression=probabilities("angry") if face else None) for one in observation.people)
        observation = reading.gate(replace(observation, people=people))
        found += estimator.estimate(observation, reading.unread)
    return found


@pytest.mark.parametrize("face", [True, False])
def test_neither_face_nor_body_is_estimated_meanwhile_but_place_and_motion_are(face: bool) -> None:
    held, free = played(2.0, 5.0, face), played(0.0, 5.0, face)
    for one in held[:60]:
        assert one.probabilities[NEUTRAL] == pytest.approx(1.0)
        assert (one.confidence, one.blendshapes) == (0.0, None)
        assert abs(one.valence) + abs(one.arousal + 0.1) < 1e-6, "those of neutral"
    for one, other in zip(held, free, strict=True):
        assert one.position == other.position
        assert (one.energy, one.openness) == (other.energy, other.openness)
    assert max(one.energy for one in held[:60]) > 0.05
    moved = [abs(one.valence - other.valence) for one, other in zip(held[:60], free, strict=False)]
    assert max(moved) > 0.02, "it would have been read"
    np.testing.assert_allclose(held[-1].probabilities, free[-1].probabilities, atol=0.05)
    assert held[-1].confidence > 0
