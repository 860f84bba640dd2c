"""Face and body become one estimate, each by its weight and its confidence."""

from __future__ import annotations

import math

import numpy as np

from installation.config import EmotionConfig
from installation.emotion.body import BodyCues, BodyReader, affect
from installation.types import (
    EMOTIONS,
    EmotionEstimate,
    FloatArray,
    Observation,
    Person,
    neutral_probabilities,
    read_only,
)

COORDINATES = np.array(
    [
        # valence, arousal
        [-0.6, 0.7],  # angry
        [-0.6, 0.2],  # disgust
        [-0.6, 0.75],  # fear
        [0.85, 0.4],  # happy
        [-0.7, -0.45],  # sad
        [0.2, 0.75],  # surprise
        [0.0, -0.1],  # neutral
    ],
    np.float32,
)
"""(7, 2) valence and arousal of each emotion, after the circumplex of Russell (1980, figure 2) and the places that
Russell and Mehrabian (1977) measured for emotion words; rounded, for the differences between raters are larger."""
COORDINATES.setflags(write=False)

FULL_FACE = 0.08
"""A face of this share of the picture's height can be read well; below a third of it, hardly."""
FORGET_S = 3.0
"""A person not seen for this long is forgotten."""


def face_confidence(person: Person) -> float:
    """[0, 1]: how much the expression can be trusted, from the face's size and the decision's entropy; 0 without a face."""
    if person.expression is None:
        return 0.0
    size = 1.0
    if person.face_box is not None:
        size = min(max((person.face_box.height / FULL_FACE - 1 / 3) / (2 / 3), 0.0), 1.0)
    p = np.clip(person.expression.astype(np.float64), 1e-9, 1.0)
    entropy = float(-(p * np.log(p)).sum()) / math.log(len(EMOTIONS))
    return size * (1.0 - 0.7 * entropy)


def body_probabilities(valence: float, arousal: float) -> FloatArray:
    """(7,) how near each emotion lies to (valence, arousal): a softmax of the squared distance.

    A body alone cannot tell anger from fear; nearness says just that: both become likely.
    """
    distance = ((COORDINATES - np.array([valence, arousal], np.float32)) ** 2).sum(axis=1)
    weight = np.exp(-distance / 0.15)
    return np.asarray(weight / weight.sum(), np.float32)


class _Known:
    """What is kept of a person between observations."""

    def __init__(self) -> None:
        self.body = BodyReader()
        self.seen_s = 0.0
        self.last: EmotionEstimate | None = None


class EmotionEstimator:
    """Observations in, one estimate a person out. A deterministic function of what it was fed.

    An observation with numbers that are not finite is refused for that person: the last good estimate is given again and
    ``refused`` counts it.
    """

    def __init__(self, config: EmotionConfig) -> None:
        self._config = config
        self._known: dict[int, _Known] = {}
        self.refused = 0

    def reconfigure(self, config: EmotionConfig) -> None:
        """Go on with other settings."""
        self._config = config

    def estimate(self, observation: Observation) -> tuple[EmotionEstimate, ...]:
        """One estimate for each person of ``observation``, in its order."""
        t_s = observation.t_s
        estimates = []
        for person in observation.people:
            known = self._known.setdefault(person.id, _Known())
            known.seen_s = t_s
            try:
                known.last = self._estimate(t_s, person, known.body)
            except ValueError:
                self.refused += 1
            if known.last is not None:
                estimates.append(known.last)
        self._known = {key: known for key, known in self._known.items() if t_s - known.seen_s <= FORGET_S}
        return tuple(estimates)

    def _estimate(self, t_s: float, person: Person, body: BodyReader) -> EmotionEstimate:
        config = self._config
        cues = body.read(t_s, person.pose_world) if person.pose_world is not None else None
        face_weight = config.face_weight * face_confidence(person)
        probabilities = config.neutral_prior * neutral_probabilities()
        total = config.neutral_prior
        if person.expression is not None:
            if not np.isfinite(person.expression).all():
                raise ValueError("expression must be finite")
            probabilities = probabilities + np.float32(face_weight) * person.expression
            total += face_weight
        body_weight, body_arousal = 0.0, 0.0
        if cues is not None:
            body_weight, body_arousal, of_body = self._body(cues, face_weight)
            probabilities = probabilities + np.float32(body_weight) * of_body
            total += body_weight
        if total <= 0:
            probabilities, total = neutral_probabilities(), 1.0
        probabilities = (probabilities / np.float32(total)).astype(np.float32)
        valence, arousal = (float(value) for value in probabilities @ COORDINATES)
        # Faces say little about arousal and motion says much: a moving body lifts it whatever the face shows.
        arousal += 0.5 * body_arousal * min(1.0, config.body_weight)
        confidence = (face_weight + body_weight) / (config.face_weight + config.body_weight + 1e-9)
        return EmotionEstimate(
            t_s=t_s,
            person_id=person.id,
            probabilities=read_only(probabilities),
            valence=min(max(valence, -1.0), 1.0),
            arousal=min(max(arousal, -1.0), 1.0),
            confidence=min(max(float(confidence), 0.0), 1.0),
            energy=cues.energy if cues is not None else 0.0,
            openness=cues.openness if cues is not None else 0.0,
            position=_position(person),
        )

    def _body(self, cues: BodyCues, face_weight: float) -> tuple[float, float, FloatArray]:
        """(weight, arousal above rest, probabilities) of the body. Where a face is read well, the body only colours."""
        valence, arousal = affect(cues)
        doubt = 1.0 - 0.8 * min(face_weight, 1.0)
        weight = self._config.body_weight * cues.visible * doubt
        return weight, max(arousal, 0.0), body_probabilities(valence, arousal)


def _position(person: Person) -> tuple[float, float, float]:
    x, y = person.box.centre
    position = (float(x), float(y), float(person.box.height))
    if not all(math.isfinite(value) for value in position):
        raise ValueError("a person's box must be finite")
    return position
