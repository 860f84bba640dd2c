"""The simulated performer: an articulated figure that needs no camera and feeds the same observations.

It walks in, goes through moods and postures, walks about, leaves and comes again: once a minute (``acts.CYCLE_S``), with
every mood for six seconds or more. It is for rehearsals, tests and a gallery without a camera. What its face "expresses" is
written in its script: face points and blendshapes are schematic, and nothing reads an expression out of them.
"""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.clock import Clock
from installation.base.mailbox import Closed
from installation.base.pacing import Pacer
from installation.base.playing import Playing
from installation.capture.simulated.acts import ScriptMoment, body_at, moment, place, walk
from installation.capture.simulated.figure import FRAME_SIZE, Posture, Skeleton, skeleton, to_image
from installation.capture.simulated.picture import figure_picture, figure_silhouette
from installation.types import (
    BLENDSHAPES,
    EMOTIONS,
    FACE_LANDMARKS,
    NEUTRAL,
    POSE_LANDMARKS,
    Box,
    FloatArray,
    Observation,
    Person,
    Silhouette,
    read_only,
)

RATE_HZ = 30.0
PICTURE_PX, SILHOUETTE_PX = (640, 360), (256, 144)
"""Width and height of the drawn stand-in for the camera's picture and of its silhouette."""
MAX_PERFORMERS = 3
WORLD_NOISE_M, IMAGE_NOISE = 0.002, 0.0005
"""Standard deviations of the landmarks' jitter, about that of MediaPipe on a near body."""
SEEN_SHARE = 0.4
"""A figure at the border is seen once this share of its points is in the picture."""
FACE_SEEN = 0.15
"""A face is seen while it turns towards the camera by more than this (cosine)."""


def _face_model() -> npt.NDArray[np.float64]:
    """(478, 3) metres around the head's middle: points spread evenly over the front of an ellipsoid (a golden spiral), with
    the points that have well-known numbers in MediaPipe's mesh in their places."""
    number = np.arange(FACE_LANDMARKS) + 0.5
    forward = 1 - 0.95 * number / FACE_LANDMARKS
    turn, across = np.pi * (1 + 5**0.5) * number, np.sqrt(1 - forward**2)
    points = np.stack([0.072 * np.cos(turn) * across, 0.01 + 0.1 * np.sin(turn) * across, -0.09 * forward], axis=1)
    known = {
        1: (0.0, 0.015, -0.105),  # tip of the nose
        10: (0.0, -0.085, -0.06),  # top of the forehead
        152: (0.0, 0.105, -0.06),  # chin
        33: (-0.045, -0.03, -0.075),  # outer and inner corners of the eyes
        133: (-0.018, -0.03, -0.085),
        362: (0.018, -0.03, -0.085),
        263: (0.045, -0.03, -0.075),
        61: (-0.025, 0.052, -0.085),  # corners of the mouth
        291: (0.025, 0.052, -0.085),
        13: (0.0, 0.048, -0.095),  # inner lips
        14: (0.0, 0.054, -0.095),
        234: (-0.07, 0.0, -0.02),  # sides of the face
        454: (0.07, 0.0, -0.02),
        468: (-0.032, -0.032, -0.083),  # irises
        473: (0.032, -0.032, -0.083),
    }
    for index, place_m in known.items():
        points[index] = place_m
    return points


_FACE = _face_model()

# A schematic choice of the shapes that go with each mood, by their numbers in MediaPipe's list of 52.
_JAW_OPEN, _BLINK = 25, (9, 10)
_SHAPES: dict[str, dict[int, float]] = {
    "angry": {1: 0.7, 2: 0.7, 19: 0.4, 20: 0.4, 36: 0.5, 37: 0.5},  # brows down, eyes narrow, lips pressed
    "disgust": {1: 0.3, 2: 0.3, 48: 0.5, 49: 0.5, 50: 0.6, 51: 0.6},  # upper lip up, nose wrinkled
    "fear": {3: 0.7, 21: 0.6, 22: 0.6, _JAW_OPEN: 0.25, 46: 0.5, 47: 0.5},  # inner brows up, eyes wide, mouth stretched
    "happy": {7: 0.5, 8: 0.5, 44: 0.8, 45: 0.8, _JAW_OPEN: 0.2},  # cheeks up, smile
    "sad": {3: 0.6, 11: 0.4, 12: 0.4, 30: 0.5, 31: 0.5, 42: 0.4},  # inner brows up, look down, corners down
    "surprise": {3: 0.6, 4: 0.7, 5: 0.7, 21: 0.7, 22: 0.7, _JAW_OPEN: 0.6},  # brows and lids up, mouth open
    "neutral": {},
}


class PerformerScript:
    """What ``people`` (1 to 3) figures do at any time: a pure function of time and ``seed``.

    The first walks in at ``start_s``; its mood is in its expression at about 0.75. ValueError for another number of people.
    """

    def __init__(self, seed: int, people: int = 1, start_s: float = 0.0) -> None:
        if not 1 <= people <= MAX_PERFORMERS:
            raise ValueError(f"between 1 and {MAX_PERFORMERS} performers, not {people}")
        self._seed, self._people, self._start_s = seed, people, start_s
        # Slow waves that keep two minutes from being alike: for each figure and emotion a pace and a phase.
        rng = np.random.default_rng(seed)
        self._pace_hz = rng.uniform(0.1, 0.5, (people, len(EMOTIONS)))
        self._phase = rng.uniform(0.0, 2 * np.pi, (people, len(EMOTIONS)))

    def observe(self, t_s: float, seq: int) -> Observation:
        """The observation at ``t_s`` seconds (nobody is there before ``start_s``); ``seq`` is only passed on."""
        script_s = t_s - self._start_s
        found = [self._person(number, script_s) for number in range(self._people)] if script_s >= 0 else []
        return Observation(t_s, seq, tuple(person for person in found if person is not None), FRAME_SIZE)

    def mood(self, t_s: float, number: int = 0) -> str | None:
        """The emotion that performer ``number`` plays at ``t_s`` seconds; None between two visits."""
        at = moment(number, t_s - self._start_s)
        return None if at is None else at.now.emotion

    def _person(self, number: int, script_s: float) -> Person | None:
        at = moment(number, script_s)
        if at is None:
            return None
        x, z, walked_m = place(number, self._people, script_s)
        body, lift_m = self._body(number, script_s, at, walked_m)
        hips = np.array([x, -(body.hips_height_m + lift_m), z])
        wave = np.sin(2 * np.pi * self._pace_hz[number] * script_s + self._phase[number])
        rng = np.random.default_rng([self._seed, number, round(script_s * 1000)])
        return seen_person(at.cycle * self._people + number + 1, body, hips, at, script_s, wave, rng)

    def _body(self, number: int, script_s: float, at: ScriptMoment, walked_m: float) -> tuple[Skeleton, float]:
        """The figure and how far it is off the ground, in metres."""
        before, lift_before = body_at(at.before, at.since_s + at.before.seconds)
        now, lift_now = body_at(at.now, at.since_s)
        angles = before + (now - before) * at.share
        step_s = 0.02
        ahead, behind = (place(number, self._people, script_s + sign * step_s)[0] for sign in (1, -1))
        # Where the script begins or a visit ends there is no place before or after.
        edge = moment(number, script_s + step_s) is None or at.inside_s < step_s
        speed_m_s = 0.0 if edge else (ahead - behind) / (2 * step_s)
        return skeleton(Posture.of(walk(angles, speed_m_s, walked_m))), lift_before + (
            lift_now - lift_before
        ) * at.share


def seen_person(
    number: int,
    body: Skeleton,
    hips: npt.NDArray[np.float64],
    at: ScriptMoment,
    script_s: float,
    wave: npt.NDArray[np.float64],
    rng: np.random.Generator,
    near: bool = False,
) -> Person | None:
    """What perception would make of a figure with its ``hips`` there (see ``to_image``); None while too little of it is in the
    picture, which of somebody who is ``near`` may be the face alone. ``wave`` (7,): how its expression wanders just now."""
    image = to_image(body.points, hips)
    inside = (np.abs(image[:, :2] - 0.5) < 0.5).all(axis=1)
    face = _face(body, hips)
    if inside.mean() < SEEN_SHARE and not (near and face is not None):
        return None
    visibility = np.where(inside, rng.uniform(0.95, 1.0, POSE_LANDMARKS), 0.1)[:, None]
    world = body.points + rng.normal(0.0, WORLD_NOISE_M, (POSE_LANDMARKS, 3))
    jittered = image + rng.normal(0.0, IMAGE_NOISE, image.shape)
    pose = np.concatenate([jittered, visibility], axis=1).astype(np.float32)
    has_face = face is not None
    return Person(
        id=number,
        box=_bounds(pose),
        confidence=1.0,
        pose=read_only(pose),
        pose_world=read_only(np.concatenate([world, visibility], axis=1).astype(np.float32)),
        face=face,
        face_box=_bounds(face) if face is not None else None,
        blendshapes=_blendshapes(at, script_s, rng) if has_face else None,
        expression=_expression(at, wave, rng) if has_face else None,
        face_quality=1.0 if has_face else 0.0,
    )


def _expression(at: ScriptMoment, wave: npt.NDArray[np.float64], rng: np.random.Generator) -> FloatArray:
    """(7,): the mood's emotion at about 0.75, wandering slowly and jittering a little as a network's output does."""
    target = np.full(len(EMOTIONS), 0.04)
    for act, share in ((at.before, 1 - at.share), (at.now, at.share)):
        target[EMOTIONS.index(act.emotion)] += 0.72 * act.strength * share
        target[NEUTRAL] += 0.72 * (1 - act.strength) * share
    shown = target * np.exp(0.25 * wave + rng.normal(0.0, 0.08, len(EMOTIONS)))
    return np.asarray(read_only((shown / shown.sum()).astype(np.float32)))


def _bounds(points: FloatArray) -> Box:
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return Box(*(float(value) for value in (*low, *high)))


def _face(body: Skeleton, hips: npt.NDArray[np.float64]) -> FloatArray | None:
    """(478, 3) in image coordinates, or None where the face is turned away or out of the picture."""
    if -body.head_turn[2, 2] > -FACE_SEEN:
        return None
    face = to_image(body.head + _FACE @ body.head_turn.T, hips)
    middle = face[:, :2].mean(axis=0)
    return np.asarray(read_only(face)) if (np.abs(middle - 0.5) < 0.5).all() else None


def _blendshapes(at: ScriptMoment, script_s: float, rng: np.random.Generator) -> FloatArray:
    """(52,) in [0, 1]: the mood's shapes, a blink every four seconds or so, a little noise."""
    shapes = np.zeros(BLENDSHAPES)
    for act, weight in ((at.before, (1 - at.share) * at.before.strength), (at.now, at.share * at.now.strength)):
        for index, value in _SHAPES[act.emotion].items():
            shapes[index] += weight * value
    wait_s = math.fmod(script_s + 0.7 * math.sin(0.9 * script_s), 4.0)
    shapes[list(_BLINK)] = np.maximum(shapes[list(_BLINK)], math.exp(-(((wait_s - 2.0) / 0.08) ** 2)))
    shapes += np.abs(rng.normal(0.0, 0.015, BLENDSHAPES))
    return np.asarray(read_only(np.clip(shapes, 0.0, 1.0).astype(np.float32)))


def silhouette_of(observation: Observation) -> Silhouette:
    """The figures of ``observation``, drawn, and where they are in the drawing."""
    # Drawn large and made small: strokes are a pixel wider than their figures, which shows in the small size.
    large, rgb = figure_silhouette(observation, *PICTURE_PX), figure_picture(observation, *PICTURE_PX)
    alpha = np.asarray(cv2.resize(large, SILHOUETTE_PX, interpolation=cv2.INTER_AREA), np.uint8)
    return Silhouette(observation.t_s, observation.seq, read_only(alpha), read_only(rgb))


class SimulatedPerformer(Playing[Observation, Silhouette]):
    """Plays the script at RATE_HZ with ``people`` figures (1 to 3), which walk about from ``start`` on, also unseen while it
    rests. Silhouettes are made from the drawing's own limbs and not seen by a network."""

    def __init__(self, seed: int, clock: Clock, people: int = 1) -> None:
        PerformerScript(seed, people)  # a wrong number is an error here and not in the thread
        super().__init__("performer", silhouette_of)
        self._seed, self._people, self._clock = seed, people, clock

    def describe(self) -> str:
        """For the operator."""
        return "simulated performer"

    def _play(self) -> None:
        start_s = self._clock.now()
        script = PerformerScript(self._seed, self._people, start_s)
        pacer = Pacer(1 / RATE_HZ, start_s)
        seq = 0
        while not self._stop.wait(max(0.0, pacer.deadline_s - self._clock.now())):
            seq += 1
            now_s = self._clock.now()
            observation = script.observe(now_s, seq)
            if self._rest.is_set():
                observation = replace(observation, people=())
            try:
                self._publish(observation)
            except Closed:
                return
            pacer.advance(now_s)
