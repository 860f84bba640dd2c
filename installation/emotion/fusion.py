"""Face, body and poses become one estimate, each by its weight and its confidence.

The confidence of a face depends on its quality (``Person.face_quality``), on hands in front of it and a little on how decided
the reading is: a mixed face is read as mixed, not doubted. Below ``abstain_below`` it fades out of the sum. Where evidence
fades, the last evidence is held and drifts to neutral in ``drift_s``, so that a turned head neither jumps nor is guessed at.
"""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from installation.base import landmarks as lm
from installation.base.circumplex import COORDINATES
from installation.base.easing import smooth_step, smooth_steps
from installation.config.emotion import BodyConfig, EmotionConfig
from installation.config.poses import PosesConfig
from installation.emotion.affect_map import affect
from installation.emotion.body import BodyReader, FaceMotion, as_pictured
from installation.emotion.calibration import NeutralCalibration
from installation.emotion.head import read_head
from installation.emotion.pose_meaning import pose_mixture
from installation.emotion.posture import REST, BodyCues, seen
from installation.emotion.size import HeightReader, place
from installation.types import (
    EMOTIONS,
    NEUTRAL,
    EmotionEstimate,
    FloatArray,
    Observation,
    Person,
    neutral_probabilities,
    read_only,
)

Vector = npt.NDArray[np.float64]

FORGET_S = 3.0
"""A person not seen for this long is forgotten."""
HAND_POINTS = ((15, 17, 19, 21), (16, 18, 20, 22))
"""Wrist, little finger, index finger and thumb of either hand among the pose points."""
COVERS, CLEARS = 0.6, 1.1
"""A hand point this near to the face's middle covers it; this far away it does not. In half widths and heights of the face."""
MAX_COVER = 0.6
"""A face that is found is never completely hidden."""
DOUBT = 0.35
"""What a reading loses at full entropy. On FER-2013's public test a reading of entropy 0.3, 0.5, 0.7 or 0.9 is 0.02, 0.06, 0.09
or 0.14 further from ten people's votes (total variation) than ten votes drawn from it would be: most of the entropy is people's
own disagreement (tests/emotion/test_votes.py)."""
BODY_TELLS = np.array([0.6, 0.2, 0.5, 0.9, 0.9, 0.3, 1.0])
"""(7,) how far a body alone can tell each emotion; the rest is neutral. A choice of design; its order is Coulson's (2004): of
postures observers agree on anger, happiness and sadness, less on fear, take surprise for happiness and agree on no disgust."""
BODY_SPEAKS = 0.8
"""Distance from rest (valence and arousal) at which a body counts in full. Somebody who only walks past reaches 0.5."""
BODY_WIDTH = 0.3
"""Squared distance over which an emotion's likeness falls to 1/e: wide, because bodies of similar emotions look alike."""
_EARS = [lm.LEFT_EAR, lm.RIGHT_EAR]


def hand_cover(person: Person) -> float:
    """[0, MAX_COVER]: how much hands cover the face, from the pose's hand points and the face's box; 0 without either.

    A hand with all points in front of the face counts in full, one finger a quarter.

    The network also reads a covered mouth, often as fear or sadness. Raises ValueError for a pose or box
    that is not finite.
    """
    if person.pose is None or person.face_box is None:
        return 0.0
    box, pose = person.face_box, person.pose
    if not (np.isfinite(pose).all() and all(math.isfinite(edge) for edge in box)):
        raise ValueError("pose and face box must be finite")
    half = np.array([max(box.right - box.left, 1e-6), max(box.height, 1e-6)]) / 2
    hands = pose[np.array(HAND_POINTS)]
    away = np.linalg.norm((hands[:, :, :2] - np.array(box.centre)) / half, axis=2)
    # Hands behind the head leave the face free; the ears lie in the head's middle plane.
    before = hands[:, :, 2] < pose[_EARS, 2].mean()
    covers = smooth_steps(-away, -CLEARS, -COVERS) * seen(hands[:, :, 3]) * before
    return MAX_COVER * min(max(float(covers.mean(axis=1).max()), 0.0), 1.0)


def face_confidence(person: Person, cover: float | None = None) -> float:
    """[0, 1]: how far the expression can be trusted, from ``face_quality``, the share that no hand covers, and the
    reading's entropy; 0 without a face. ``cover`` is ``hand_cover``'s answer, where it is known already. Raises ValueError
    for an expression or quality out of its range."""
    if person.expression is None:
        return 0.0
    if not (np.isfinite(person.expression).all() and person.expression.min() >= 0):
        raise ValueError("expression must be finite and not negative")
    if not 0.0 <= person.face_quality <= 1.0:
        raise ValueError(f"face_quality must lie in [0, 1], not {person.face_quality}")
    p = np.clip(person.expression.astype(np.float64), 1e-9, 1.0)
    entropy = float(-(p * np.log(p)).sum()) / math.log(len(EMOTIONS))
    clear = 1.0 - (hand_cover(person) if cover is None else cover)
    return person.face_quality * clear * min(max(1.0 - DOUBT * entropy, 0.0), 1.0)


def trust(confidence: float, abstain_below: float) -> float:
    """``confidence``, faded out smoothly between ``abstain_below`` and half of it."""
    if abstain_below <= 0:
        return confidence
    return confidence * smooth_step(confidence, abstain_below / 2, abstain_below)


def body_probabilities(valence: float, arousal: float) -> FloatArray:
    """(7,) how near each emotion lies to (valence, arousal): a softmax of the squared distance.

    A body alone cannot tell anger from fear, so both become likely.
    """
    distance = ((COORDINATES - np.array([valence, arousal], np.float32)) ** 2).sum(axis=1)
    weight = np.exp(-distance / BODY_WIDTH)
    return np.asarray(weight / weight.sum(), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Evidence:
    """What face, body and poses say together: ``says`` (9,) seven probabilities, valence and arousal; ``strength`` [0, 1)
    against the neutral prior; ``confidence`` [0, 1]."""

    t_s: float
    says: Vector
    strength: float
    confidence: float


_NEUTRAL_SAYS = np.concatenate([neutral_probabilities(), COORDINATES[NEUTRAL]]).astype(np.float64)


def settle(now: _Evidence, held: _Evidence | None, drift_s: float) -> tuple[Vector, _Evidence]:
    """(9,) the estimate ``now``, and the evidence to hold from here on.

    Held evidence fades as exp(-age / drift_s). Where the present is weaker, held evidence fills the difference and neutral
    the rest. Steady evidence does not lag; without any, the estimate drifts to neutral with the time constant ``drift_s``,
    at any rate of calls.
    """
    left = 0.0
    if held is not None:
        left = held.strength * math.exp(-max(now.t_s - held.t_s, 0.0) / drift_s)
    if held is None or now.strength >= left:
        return now.strength * now.says + (1 - now.strength) * _NEUTRAL_SAYS, now
    return now.strength * now.says + (left - now.strength) * held.says + (1 - left) * _NEUTRAL_SAYS, held


class _Known:
    """What is kept about a person between observations."""

    def __init__(self) -> None:
        self.body, self.face, self.height = BodyReader(), FaceMotion(), HeightReader()
        self.cues: BodyCues | None = None
        self.face_energy = 0.0
        self.calibration = NeutralCalibration()
        self.held: _Evidence | None = None
        self.seen_s = 0.0
        self.last: EmotionEstimate | None = None

    def forget_emotion(self) -> None:
        """Keep what was learned of place and motion only."""
        self.calibration, self.held = NeutralCalibration(), None


class EmotionEstimator:
    """Observations in, one estimate a person out. A deterministic function of its inputs.

    An observation with numbers that are not finite is refused for that person: the last good estimate is repeated and
    ``refused`` counts it. With ``config.enabled`` false nothing is computed but place, motion and posture: probabilities are
    neutral's, valence and arousal 0, and ``confidence`` is that of somebody being there.
    """

    def __init__(self, config: EmotionConfig, body: BodyConfig, poses: PosesConfig) -> None:
        self._config, self._body_config, self._poses = config, body, poses
        self._known: dict[int, _Known] = {}
        self.refused = 0

    def reconfigure(self, config: EmotionConfig, body: BodyConfig, poses: PosesConfig) -> None:
        """Continue with other settings."""
        self._config, self._body_config, self._poses = config, body, poses
        if not config.enabled:
            for known in self._known.values():
                known.forget_emotion()
                known.last = None

    def estimate(self, observation: Observation, unread: AbstractSet[int] = frozenset()) -> tuple[EmotionEstimate, ...]:
        """One estimate for each person of ``observation``, in its order. Of those whose ids are in ``unread`` only place and
        motion are estimated: they show nothing, with confidence 0."""
        t_s = observation.t_s
        self._known = {key: known for key, known in self._known.items() if t_s - known.seen_s <= FORGET_S}
        estimates = []
        for person in observation.people:
            known = self._known.setdefault(person.id, _Known())
            known.seen_s = t_s
            try:
                known.last = self._estimate(t_s, person, known, observation.frame_size, person.id in unread)
            except ValueError:
                self.refused += 1
            if known.last is not None:
                estimates.append(known.last)
        return tuple(estimates)

    def _estimate(
        self, t_s: float, person: Person, known: _Known, frame_size: tuple[int, int], is_unread: bool
    ) -> EmotionEstimate:
        _check_places(person)
        aspect = frame_size[0] / frame_size[1]
        height = known.height.read(t_s, person, aspect)
        # Many visitors take turns: a body that is repeated has not stood still.
        is_new = person.seen_s is None
        if person.pose_world is None:
            known.cues = None
        elif is_new or known.cues is None:
            pictured = as_pictured(person.pose, aspect, height) if person.pose is not None else None
            known.cues = known.body.read(t_s, person.pose_world, pictured)
        cues = known.cues
        if cues is not None or person.face is None:
            known.face_energy = 0.0
        elif is_new:
            known.face_energy = known.face.read(t_s, person.face, aspect, height)
        if self._config.enabled and not is_unread:
            probabilities, valence, arousal, confidence = self._read(t_s, person, known, cues)
        else:
            probabilities, valence, arousal, confidence = self._unread(person)
        return EmotionEstimate(
            t_s=t_s,
            person_id=person.id,
            probabilities=read_only(probabilities),
            valence=min(max(valence, -1.0), 1.0),
            arousal=min(max(arousal, -1.0), 1.0),
            confidence=min(max(confidence, 0.0), 1.0),
            energy=cues.energy if cues is not None else known.face_energy,
            openness=cues.openness if cues is not None else REST.openness,
            position=(*place(person, height), height),
            joints=person.pose,
            extent=person.extent,
            blendshapes=person.blendshapes if self._config.enabled else None,
            head=read_head(person, height, aspect),
        )

    def _read(
        self, t_s: float, person: Person, known: _Known, cues: BodyCues | None
    ) -> tuple[FloatArray, float, float, float]:
        """Probabilities (7,), valence, arousal and confidence that face, body and poses say."""
        cover = hand_cover(person)
        evidence = self._evidence(t_s, self._calibrated(t_s, person, known.calibration, cover), cues, cover)
        says, known.held = settle(evidence, known.held, self._config.drift_s)
        shares = np.maximum(says[:7], 0.0)
        return (shares / shares.sum()).astype(np.float32), float(says[7]), float(says[8]), evidence.confidence

    def _unread(self, person: Person) -> tuple[FloatArray, float, float, float]:
        """As ``_read`` where nothing is read: of a newcomer neutral, without confidence; where nothing is read of anybody,
        confidence says that somebody is there."""
        if self._config.enabled:
            return neutral_probabilities(), float(_NEUTRAL_SAYS[7]), float(_NEUTRAL_SAYS[8]), 0.0
        return neutral_probabilities(), 0.0, 0.0, person.confidence

    def _calibrated(self, t_s: float, person: Person, calibration: NeutralCalibration, cover: float) -> Person:
        # This also refuses an expression that is no distribution, before the calibration learns it.
        face_confidence(person, cover)
        if person.expression is None:
            return person
        quality = person.face_quality * (1.0 - cover)
        expression = calibration.apply(t_s, person.expression, quality, self._config.calibration_s)
        return replace(person, expression=expression)

    def _evidence(self, t_s: float, person: Person, cues: BodyCues | None, cover: float) -> _Evidence:
        config = self._config
        face_trust = trust(face_confidence(person, cover), config.abstain_below)
        face_weight = config.face_weight * face_trust
        says = face_weight * _face_says(person)
        total, body_trust = face_weight, 0.0
        if cues is not None:
            valence, arousal = affect(cues, self._body_config)
            speaks = body_speaks(valence, arousal, self._body_config)
            # At rest it counts a fifth: a body that stands still is little evidence of anything.
            body_trust = smooth_step(cues.visible, 0.2, 0.7) * (0.2 + 0.8 * speaks)
            near = speaks * BODY_TELLS * body_probabilities(valence, arousal)
            near[NEUTRAL] += 1.0 - near.sum()
            weight = config.body_weight * body_trust
            # Beside a face of good quality the body counts little.
            face_share = min(face_weight, 1.0)
            doubted = weight * (1.0 - 0.8 * face_share)
            says = says + doubted * np.concatenate([near, [valence, arousal]])
            total += doubted
        posed = pose_mixture(person, self._poses)
        pose_weight = 0.0
        if posed is not None:
            pose_weight, meant = posed
            says = says + pose_weight * np.concatenate([meant, meant @ COORDINATES])
            total += pose_weight
        if total <= 1e-9:
            return _Evidence(t_s, _NEUTRAL_SAYS, 0.0, 0.0)
        says = says / total
        if cues is not None:
            # Faces say little about arousal, motion says much: a moving body raises it whatever the face shows.
            says[8] += 0.5 * max(arousal, 0.0) * min(weight, 1.0) * face_share
        confidence = 1.0 - (1.0 - face_trust * min(config.face_weight, 1.0)) * (
            1.0 - body_trust * min(config.body_weight, 1.0)
        ) * (1.0 - min(pose_weight, 1.0))
        return _Evidence(t_s, says, total / (total + config.neutral_prior), confidence)


def body_speaks(valence: float, arousal: float, config: BodyConfig) -> float:
    """[0, 1]: 0 for a body at rest, 1 for one that is clearly not."""
    return smooth_step(math.hypot(valence - config.valence_offset, arousal - config.arousal_offset), 0.0, BODY_SPEAKS)


def _face_says(person: Person) -> Vector:
    if person.expression is None:
        return _NEUTRAL_SAYS
    return np.concatenate([person.expression, person.expression @ COORDINATES]).astype(np.float64)


def _check_places(person: Person) -> None:
    """ValueError where something of a person is nowhere."""
    if not all(math.isfinite(value) for value in person.box):
        raise ValueError("a person's box must be finite")
    for name in ("pose", "pose_world", "face", "blendshapes"):
        array = getattr(person, name)
        if array is not None and not np.isfinite(array).all():
            raise ValueError(f"a person's {name} must be finite")
