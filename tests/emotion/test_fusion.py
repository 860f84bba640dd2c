"""Face and body become one estimate; either alone still says something; nonsense is refused."""

from itertools import pairwise

import numpy as np
import pytest

from installation.capture.acts import CYCLE_S
from installation.capture.performer import PerformerScript
from installation.config import EmotionConfig
from installation.emotion.body import BodyReader, affect, posture
from installation.emotion.fusion import COORDINATES, EmotionEstimator, body_probabilities
from installation.types import EMOTIONS, Box, Observation, Person


def seconds_of(emotion: str) -> tuple[float, float]:
    """The first stretch in which the performer plays ``emotion``, without its first second and a half."""
    script = PerformerScript(1)
    played = [n / 10 for n in range(int(CYCLE_S * 10)) if script.mood(n / 10) == emotion]
    end = next((a for a, b in pairwise(played) if b - a > 0.2), played[-1])
    return played[0] + 1.5, end


def estimates_of(emotion: str, drop_face: bool) -> list:
    script, estimator = PerformerScript(1), EmotionEstimator(EmotionConfig())
    start, end = seconds_of(emotion)
    found = []
    for n in range(int(start * 30), int(end * 30)):
        observation = script.observe(n / 30, n)
        if drop_face:
            (p,) = observation.people
            bare = Person(p.id, p.box, p.confidence, p.pose, p.pose_world)
            observation = Observation(observation.t_s, n, (bare,), observation.frame_size)
        found += estimator.estimate(observation)
    return found[15:]


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_performed_mood_is_read_from_face_and_body(emotion: str) -> None:
    probabilities = np.mean([e.probabilities for e in estimates_of(emotion, drop_face=False)], axis=0)
    assert EMOTIONS[int(probabilities.argmax())] == emotion
    assert probabilities.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_body_without_a_face_still_tells_joy_from_sadness() -> None:
    happy, sad = estimates_of("happy", drop_face=True), estimates_of("sad", drop_face=True)
    assert np.mean([e.valence for e in happy]) > 0.1 > -0.1 > np.mean([e.valence for e in sad])
    assert np.mean([e.arousal for e in happy]) > np.mean([e.arousal for e in sad]) + 0.3
    assert np.mean([e.energy for e in happy]) > 3 * np.mean([e.energy for e in sad])
    assert np.mean([e.confidence for e in happy]) < np.mean([e.confidence for e in estimates_of("happy", False)])


def test_body_cues_do_not_depend_on_size() -> None:
    world = PerformerScript(1).observe(9.0, 270).people[0].pose_world
    assert world is not None
    larger = world.copy()
    larger[:, :3] *= 1.7
    assert posture(larger) == pytest.approx(posture(world), abs=1e-5)


def test_a_still_body_has_no_energy_and_a_jittering_one_next_to_none() -> None:
    world = PerformerScript(1).observe(3.0, 90).people[0].pose_world
    assert world is not None
    rng, still, jitter = np.random.default_rng(1), BodyReader(), BodyReader()
    for n in range(30):
        calm = still.read(n / 30, world)
        noisy = world.copy()
        noisy[:, :3] += rng.normal(0, 0.005, (33, 3)).astype(np.float32)
        shaken = jitter.read(n / 30, noisy)
    assert calm.energy == 0.0
    assert shaken.energy < 0.1
    assert all(-1 <= value <= 1 for value in affect(shaken))


def test_body_probabilities_peak_where_an_emotion_lies() -> None:
    for number, (valence, arousal) in enumerate(COORDINATES):
        p = body_probabilities(float(valence), float(arousal))
        assert p.sum() == pytest.approx(1.0, abs=1e-5)
        assert p[number] >= p.max() - 1e-6


def test_nothing_readable_gives_neutral_with_no_confidence() -> None:
    person = Person(1, Box(0.4, 0.2, 0.6, 0.9), 0.6)
    (found,) = EmotionEstimator(EmotionConfig()).estimate(Observation(0.0, 1, (person,), (640, 360)))
    assert EMOTIONS[int(found.probabilities.argmax())] == "neutral"
    assert found.confidence == 0.0


def test_not_a_number_is_refused_and_the_last_good_estimate_held() -> None:
    estimator = EmotionEstimator(EmotionConfig())
    expression = np.full(7, 1 / 7, np.float32)
    good = Person(1, Box(0.4, 0.2, 0.6, 0.9), 1.0, face_box=Box(0.4, 0.2, 0.6, 0.5), expression=expression)
    (before,) = estimator.estimate(Observation(0.0, 1, (good,), (640, 360)))
    bad = Person(1, good.box, 1.0, face_box=good.face_box, expression=np.full(7, np.nan, np.float32))
    (after,) = estimator.estimate(Observation(0.1, 2, (bad,), (640, 360)))
    assert after is before
    assert estimator.refused == 1
