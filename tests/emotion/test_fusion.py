"""Face and body become one estimate; either alone still says something; nonsense is refused."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from installation.capture.simulated.acts import CYCLE_S
from installation.capture.simulated.performer import PerformerScript
from installation.config.emotion import BodyConfig, EmotionConfig
from installation.config.poses import PosesConfig
from installation.emotion.fusion import (
    BODY_TELLS,
    COORDINATES,
    FORGET_S,
    MAX_COVER,
    EmotionEstimator,
    body_probabilities,
    face_confidence,
    hand_cover,
    trust,
)
from installation.types import EMOTIONS, NEUTRAL, Box, EmotionEstimate, FloatArray, Observation, Person
from tests.conftest import probabilities


def seconds_of(emotion: str) -> tuple[float, float]:
    """The first stretch in which the performer plays ``emotion``, without its first second and a half."""
    script = PerformerScript(1)
    played = [n / 10 for n in range(int(CYCLE_S * 10)) if script.mood(n / 10) == emotion]
    end = next((a for a, b in pairwise(played) if b - a > 0.2), played[-1])
    return played[0] + 1.5, end


def estimates_of(emotion: str, drop_face: bool) -> list[EmotionEstimate]:
    script, estimator = PerformerScript(1), EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
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


def test_body_probabilities_peak_where_an_emotion_lies() -> None:
    for number, (valence, arousal) in enumerate(COORDINATES):
        p = body_probabilities(float(valence), float(arousal))
        assert p.sum() == pytest.approx(1.0, abs=1e-5)
        assert p[number] >= p.max() - 1e-6


def test_nothing_readable_gives_neutral_with_no_confidence() -> None:
    person = Person(1, Box(0.4, 0.2, 0.6, 0.9), 0.6)
    estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    (found,) = estimator.estimate(Observation(0.0, 1, (person,), (640, 360)))
    assert EMOTIONS[int(found.probabilities.argmax())] == "neutral"
    assert found.confidence == 0.0


def test_not_a_number_is_refused_and_the_last_good_estimate_held() -> None:
    estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    good = face_of("happy")
    (before,) = estimator.estimate(Observation(0.0, 1, (good,), (640, 360)))
    wrong = [
        replace(good, expression=np.full(7, np.nan, np.float32)),
        replace(good, face_quality=float("nan")),
        replace(good, face_quality=1.5),
        replace(good, pose_world=np.full((33, 4), np.inf, np.float32)),
        replace(good, box=Box(0.0, 0.0, float("nan"), 1.0)),
    ]
    for number, bad in enumerate(wrong, 1):
        (after,) = estimator.estimate(Observation(0.1 * number, number, (bad,), (640, 360)))
        assert after is before
        assert estimator.refused == number


BOX = Box(0.45, 0.1, 0.55, 0.3)


def face_of(emotion: str, quality: float = 1.0, share: float = 0.82) -> Person:
    return Person(
        1, Box(0.4, 0.1, 0.6, 0.9), 1.0, face_box=BOX, expression=probabilities(emotion, share), face_quality=quality
    )


def hidden(pose_world: FloatArray | None = None) -> Person:
    return Person(1, Box(0.4, 0.1, 0.6, 0.9), 1.0, pose_world=pose_world)


def film(
    people: Iterable[Person], fps: float = 30.0, config: EmotionConfig | None = None, start_s: float = 0.0
) -> list[EmotionEstimate]:
    estimator = EmotionEstimator(config or EmotionConfig(calibration_s=0), BodyConfig(), PosesConfig())
    found = []
    for n, person in enumerate(people):
        found += estimator.estimate(Observation(start_s + n / fps, n, (person,), (640, 360)))
    return found


def with_hand(x: float, y: float, z: float = -0.3) -> Person:
    """A face whose left hand lies at (x, y), with its fingers a bit higher; the other one hangs far below."""
    pose = np.zeros((33, 4), np.float32)
    pose[:, :3], pose[:, 3] = (0.5, 0.9, 0.0), 1.0
    for point, up in ((15, 0.0), (17, 0.03), (19, 0.03), (21, 0.02)):
        pose[point, :3] = x, y - up, z
    return replace(face_of("fear"), pose=pose)


def test_confidence_follows_quality_decision_and_hands() -> None:
    assert face_confidence(face_of("happy", 0.0)) == 0.0
    by_quality = [face_confidence(face_of("happy", q)) for q in np.linspace(0, 1, 11)]
    by_decision = [face_confidence(face_of("happy", share=share)) for share in np.linspace(1 / 7, 0.98, 11)]
    assert np.all(np.diff(by_quality) > 0)
    assert np.all(np.diff(by_decision) > 0)
    nearer = [face_confidence(with_hand(0.5, y)) for y in np.linspace(0.45, 0.2, 20)]
    assert np.all(np.diff(nearer) <= 1e-9)
    assert nearer[0] == face_confidence(face_of("fear"))
    assert nearer[-1] == pytest.approx((1 - MAX_COVER) * nearer[0])


def test_a_mixed_face_is_trusted_nearly_as_much_as_a_plain_one_and_shows_its_mix() -> None:
    half = np.zeros(7, np.float32)
    half[[EMOTIONS.index("sad"), EMOTIONS.index("happy")]] = 0.5
    mixed, plain = replace(face_of("sad"), expression=half), face_of("sad", share=1.0)
    assert face_confidence(mixed) > 0.85 * face_confidence(plain)
    # An energetic body beside it does not make it surprise.
    lively = replace(mixed, pose_world=PerformerScript(1).observe(seconds_of("happy")[0] + 1, 1).people[0].pose_world)
    for found in film([mixed] * 30)[-1], film([lively] * 30)[-1]:
        shown = found.probabilities[[EMOTIONS.index("sad"), EMOTIONS.index("happy")]]
        assert shown.min() > 0.35


def test_a_hand_behind_the_head_or_not_seen_covers_nothing() -> None:
    assert hand_cover(with_hand(0.5, 0.2)) == pytest.approx(MAX_COVER)
    assert hand_cover(with_hand(0.5, 0.2, z=0.3)) == 0.0
    unseen = with_hand(0.5, 0.2)
    assert unseen.pose is not None
    unseen.pose[[15, 17, 19, 21], 3] = 0.1
    assert hand_cover(unseen) == 0.0


def test_doubtful_faces_fade_out_smoothly() -> None:
    confidences = np.linspace(0, 1, 201)
    trusted = np.array([trust(c, 0.3) for c in confidences])
    assert np.all(trusted[confidences <= 0.15] == 0)
    assert np.allclose(trusted[confidences >= 0.3], confidences[confidences >= 0.3])
    assert np.all(np.diff(trusted) >= 0)
    assert np.diff(trusted).max() < 0.02
    assert trust(0.01, 0.0) == 0.01


def test_an_unreadable_face_is_no_guess() -> None:
    bad = film([face_of("angry", 0.15)] * 30)
    assert all(EMOTIONS[int(e.probabilities.argmax())] == "neutral" for e in bad)
    assert bad[-1].confidence == 0.0
    good = film([face_of("angry", 1.0)] * 30)
    assert good[-1].confidence > 0.5
    assert EMOTIONS[int(good[-1].probabilities.argmax())] == "angry"


@pytest.mark.parametrize("gone", [hidden(), face_of("fear", 0.1)])
def test_without_evidence_the_estimate_drifts_to_neutral_in_the_time_set(gone: Person) -> None:
    config = EmotionConfig(calibration_s=0, drift_s=1.5)
    slow, quick = (film([face_of("happy")] * n + [gone] * (5 * n), n, config) for n in (10, 60))
    start = slow[9].probabilities[EMOTIONS.index("happy")]
    for fps, found in ((10, slow), (60, quick)):
        happy = np.array([e.probabilities[EMOTIONS.index("happy")] for e in found[fps - 1 :]])
        assert np.abs(np.diff(happy)).max() < start / fps / 1.5 * 1.1  # nothing jumps
        assert happy[round(1.5 * fps)] == pytest.approx(start / np.e, rel=0.02)
        assert found[-1].probabilities[NEUTRAL] > 0.9
        assert abs(found[-1].valence) < 0.06


def test_steady_evidence_does_not_lag() -> None:
    found = film([face_of("happy")] * 10 + [face_of("angry")])
    alone = film([face_of("angry")])
    assert np.allclose(found[-1].probabilities, alone[0].probabilities, atol=1e-6)


def test_a_face_lost_for_a_moment_hardly_shows() -> None:
    found = film(([face_of("happy")] * 3 + [hidden()]) * 15)
    happy = np.array([e.probabilities[EMOTIONS.index("happy")] for e in found])
    assert np.ptp(happy) < 0.03


def test_a_body_with_a_hidden_face_moves_everything() -> None:
    script = PerformerScript(1)
    arms_up, slumped = (script.observe(seconds_of(m)[0] + 1, 1).people[0].pose_world for m in ("happy", "sad"))
    up, down = film([hidden(arms_up)] * 60)[-1], film([hidden(slumped)] * 60)[-1]
    assert up.valence > 0.2 > -0.2 > down.valence
    assert up.arousal > down.arousal + 0.2
    assert 0.5 * np.abs(up.probabilities - down.probabilities).sum() > 0.4
    assert up.confidence > 0.2


def test_a_lively_body_alone_is_aroused_and_no_guess_at_surprise() -> None:
    lively = [e for e in estimates_of("happy", drop_face=True) if e.energy > 0.3]
    assert len(lively) > 30
    assert np.mean([e.arousal for e in lively]) > 0.3
    assert np.mean([EMOTIONS[int(e.probabilities.argmax())] == "neutral" for e in lively]) > 0.95
    # A bowed one is sad: that observers tell from a body.
    slumped = estimates_of("sad", drop_face=True)
    assert np.mean([EMOTIONS[int(e.probabilities.argmax())] == "sad" for e in slumped]) > 0.5


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_body_is_at_most_as_much_of_an_emotion_as_observers_can_tell(emotion: str) -> None:
    tells = dict(zip(EMOTIONS, BODY_TELLS, strict=True))
    found = np.array([e.probabilities[EMOTIONS.index(emotion)] for e in estimates_of(emotion, drop_face=True)])
    assert emotion == "neutral" or found.max() <= tells[emotion]
    assert tells["happy"] == tells["sad"] > tells["angry"] > tells["surprise"] > tells["disgust"]


def test_weights_choose_between_face_and_body() -> None:
    slumped = PerformerScript(1).observe(seconds_of("sad")[0] + 1, 1).people[0].pose_world
    both = replace(face_of("happy"), pose_world=slumped)
    face_only = film([both] * 30, config=EmotionConfig(body_weight=0.0, calibration_s=0))[-1]
    body_only = film([both] * 30, config=EmotionConfig(face_weight=0.0, calibration_s=0))[-1]
    mixed = film([both] * 30)[-1]
    assert EMOTIONS[int(face_only.probabilities.argmax())] == "happy"
    assert EMOTIONS[int(body_only.probabilities.argmax())] == "sad"
    assert body_only.valence < mixed.valence < face_only.valence


def test_the_artist_can_turn_a_cue_around() -> None:
    slumped = PerformerScript(1).observe(seconds_of("sad")[0] + 1, 1).people[0].pose_world
    observation = Observation(0.0, 1, (hidden(slumped),), (640, 360))
    estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    (before,) = estimator.estimate(observation)
    estimator.reconfigure(EmotionConfig(), BodyConfig(valence={"head_drop": 1.0}), PosesConfig())
    (after,) = estimator.estimate(replace(observation, t_s=0.04))
    assert before.valence < -0.2 < 0.2 < after.valence


def test_a_resting_face_is_learned_and_forgotten_with_its_visitor() -> None:
    resting = face_of("sad", share=0.6)
    assert resting.expression is not None
    shown = np.full(7, 0.017, np.float32)
    shown[EMOTIONS.index("sad")], shown[NEUTRAL] = 0.505, 0.41
    wobble = np.random.default_rng(1).normal(0, 0.02, (400, 7))
    faces = [replace(resting, expression=softly(shown, row)) for row in wobble]
    estimator = EmotionEstimator(EmotionConfig(calibration_s=2.0), BodyConfig(), PosesConfig())
    found = [estimator.estimate(Observation(n / 30, n, (face,), (640, 360)))[0] for n, face in enumerate(faces[:150])]
    assert EMOTIONS[int(found[20].probabilities.argmax())] == "sad"
    assert EMOTIONS[int(found[-1].probabilities.argmax())] == "neutral"
    later_s = 150 / 30 + FORGET_S + 1
    (again,) = estimator.estimate(Observation(later_s, 151, (faces[-1],), (640, 360)))
    assert EMOTIONS[int(again.probabilities.argmax())] == "sad"
    off = film(faces[:150], config=EmotionConfig(calibration_s=0))
    assert EMOTIONS[int(off[-1].probabilities.argmax())] == "sad"


def softly(p: FloatArray, noise: npt.NDArray[np.float64]) -> FloatArray:
    moved = p * np.exp(noise)
    return np.asarray(moved / moved.sum(), np.float32)


def test_the_same_observations_give_the_same_estimates() -> None:
    script = PerformerScript(1)
    observations = [script.observe(n / 30, n) for n in range(300)]
    one, two = (EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig()) for _ in range(2))
    for observation in observations:
        for a, b in zip(one.estimate(observation), two.estimate(observation), strict=True):
            assert np.array_equal(a.probabilities, b.probabilities)
            assert (a.valence, a.arousal, a.confidence) == (b.valence, b.arousal, b.confidence)


def test_a_body_passes_its_joints_on_and_a_head_has_none() -> None:
    estimator = EmotionEstimator(EmotionConfig(), BodyConfig(), PosesConfig())
    observation = PerformerScript(1).observe(10.0, 1)
    (person,) = observation.people
    (estimate,) = estimator.estimate(observation)
    assert person.pose is not None
    assert np.array_equal(estimate.joints, person.pose)
    head = replace(person, pose=None, pose_world=None)
    (estimate,) = estimator.estimate(replace(observation, t_s=10.1, people=(head,)))
    assert estimate.joints is None
    broken = replace(person, pose=np.full((33, 4), np.nan, np.float32), face_box=None)
    estimator.estimate(replace(observation, t_s=10.2, people=(broken,)))
    assert estimator.refused == 1
