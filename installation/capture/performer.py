"""The simulated performer: an articulated figure that needs no camera and feeds the same observations.

It walks in, goes through moods and postures, walks about, leaves and comes again. It is for rehearsals, tests and for a
gallery without a camera; what it "expresses" is written in its script, not read from a face.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.clock import Clock
from installation.mailbox import Closed, Latest
from installation.pacing import Pacer
from installation.types import (
    BLENDSHAPES,
    EMOTIONS,
    FACE_LANDMARKS,
    POSE_LANDMARKS,
    Box,
    FloatArray,
    Observation,
    Person,
    read_only,
)

RATE_HZ = 30.0
FRAME_SIZE = (1280, 720)
ASPECT = FRAME_SIZE[0] / FRAME_SIZE[1]
EASE_S = 0.9
"""From one mood's posture to the next."""
ENTER_S, LEAVE_S = 1.0, 1.5


@dataclass(frozen=True, slots=True)
class Mood:
    """One act. Angles in radians: ``raise_arms`` 0 hanging to 3 overhead, ``bend`` of the elbows, ``spread`` sideways,
    ``bow`` of head and trunk, ``lean`` back (negative) or forward. ``swing`` is the size of the motion, ``rate_hz`` its
    pace. ``x`` is where the figure stands, in [0, 1]."""

    emotion: str
    seconds: float
    x: float
    raise_arms: float = 0.15
    spread: float = 0.2
    bend: float = 0.3
    bow: float = 0.0
    lean: float = 0.0
    swing: float = 0.03
    rate_hz: float = 0.25


SCRIPT = (
    Mood("neutral", 6.0, 0.5),
    Mood("happy", 9.0, 0.42, raise_arms=2.3, spread=0.6, bend=0.35, bow=-0.08, swing=0.45, rate_hz=1.1),
    Mood("surprise", 6.0, 0.55, raise_arms=1.5, spread=0.9, bend=0.6, lean=-0.18, swing=0.12, rate_hz=0.9),
    Mood("sad", 9.0, 0.63, raise_arms=0.05, spread=0.05, bend=0.15, bow=0.55, lean=0.12, swing=0.02, rate_hz=0.15),
    Mood("angry", 7.0, 0.5, raise_arms=0.9, spread=0.25, bend=1.7, lean=0.22, swing=0.35, rate_hz=1.6),
    Mood("fear", 7.0, 0.36, raise_arms=1.2, spread=0.05, bend=2.1, bow=0.15, lean=-0.3, swing=0.08, rate_hz=2.2),
    Mood("disgust", 6.0, 0.58, raise_arms=0.8, spread=-0.1, bend=1.5, bow=0.12, lean=-0.2, swing=0.06, rate_hz=0.4),
    Mood("neutral", 5.0, 0.5),
)
EMPTY_S = 4.0
SHOW_S = sum(mood.seconds for mood in SCRIPT)
CYCLE_S = SHOW_S + EMPTY_S

# Lengths of the figure's parts in metres, about those of an adult of 1.72 m (Winter 2009, table 4.1).
TORSO, SHOULDER, HIP, UPPER_ARM, FOREARM, HAND = 0.50, 0.19, 0.11, 0.30, 0.26, 0.09
THIGH, SHANK, FOOT, NECK, HEAD = 0.42, 0.42, 0.15, 0.22, 0.09
HEIGHT = NECK + HEAD + TORSO + THIGH + SHANK


def _smooth(x: float) -> float:
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


@dataclass(frozen=True, slots=True)
class _Moment:
    """Where in the script a time lies. ``share`` of the change from ``before`` to ``now`` is done; ``inside`` is seconds
    since the cycle began; ``turns`` counts the motion's beats, so that a change of pace does not jump."""

    cycle: int
    before: Mood
    now: Mood
    share: float
    inside: float
    turns: float


def _moment(t_s: float) -> _Moment:
    cycle, inside = divmod(t_s, CYCLE_S)
    start, turns = 0.0, 0.0
    before = SCRIPT[0]
    for mood in SCRIPT:
        since = inside - start
        if since < mood.seconds:
            return _Moment(int(cycle), before, mood, _smooth(since / EASE_S), inside, turns + mood.rate_hz * since)
        start += mood.seconds
        turns += mood.rate_hz * mood.seconds
        before = mood
    return _Moment(int(cycle), before, before, 1.0, inside, turns)


def _blend(moment: _Moment, name: str) -> float:
    return float((1 - moment.share) * getattr(moment.before, name) + moment.share * getattr(moment.now, name))


class PerformerScript:
    """What the figure does at any time: a pure function of time, and of ``seed`` for its small noises."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def observe(self, t_s: float, seq: int, script_s: float | None = None) -> Observation:
        """The observation at ``t_s`` seconds (``script_s``: the script's own time, by default the same)."""
        moment = _moment(t_s if script_s is None else script_s)
        if moment.inside >= SHOW_S:
            return Observation(t_s, seq, (), FRAME_SIZE)
        rng = np.random.default_rng([self._seed, seq])
        pose = {name: _blend(moment, name) for name in Mood.__dataclass_fields__ if name not in _WORDS}
        world = _skeleton(pose, moment.turns)
        world[:, :3] += rng.normal(0.0, 0.003, (POSE_LANDMARKS, 3)).astype(np.float32)
        image = _to_image(world, _walk_in_and_out(pose["x"], moment.inside))
        person = _person(moment, image, world, rng)
        visible = image[(np.abs(image[:, 0] - 0.5) < 0.5)]
        people = (person,) if len(visible) > POSE_LANDMARKS // 2 else ()
        return Observation(t_s, seq, people, FRAME_SIZE)


def _person(moment: _Moment, image: FloatArray, world: FloatArray, rng: np.random.Generator) -> Person:
    face = _face(image)
    return Person(
        id=moment.cycle + 1,
        box=_bounds(image),
        confidence=1.0,
        pose=read_only(image),
        pose_world=read_only(world),
        face=read_only(face),
        face_box=_bounds(face),
        blendshapes=read_only(rng.uniform(0, 0.05, BLENDSHAPES).astype(np.float32)),
        expression=read_only(_expression(moment, rng)),
    )


def _bounds(points: FloatArray) -> Box:
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return Box(*(float(value) for value in (*low, *high)))


_WORDS = ("emotion", "seconds")


def _walk_in_and_out(x: float, inside: float) -> float:
    """Comes from the left border and goes out at the right one."""
    arrived = _smooth(inside / ENTER_S)
    leaving = _smooth((inside - (SHOW_S - LEAVE_S)) / LEAVE_S)
    return -0.15 + (x + 0.15) * arrived + (1.15 - x) * leaving


def _skeleton(pose: dict[str, float], turns: float) -> FloatArray:
    """(33, 4) world landmarks in metres round the hips: x right, y down, z away; visibility 1."""
    beat = math.sin(2 * math.pi * turns)
    sway = math.sin(math.pi * turns)
    swing = pose["swing"]
    up = _direction(0.25 * swing * sway, pose["lean"] + 0.6 * max(pose["bow"], 0.0))
    hips = np.zeros(3)
    shoulders = TORSO * up
    points = np.zeros((POSE_LANDMARKS, 3))
    points[23], points[24] = hips + [HIP, 0, 0], hips - [HIP, 0, 0]
    points[11], points[12] = shoulders + [SHOULDER, 0, 0], shoulders - [SHOULDER, 0, 0]
    _put_head(points, shoulders, up, pose["bow"])
    for side, (shoulder, elbow, wrist) in ((1.0, (11, 13, 15)), (-1.0, (12, 14, 16))):
        lift = pose["raise_arms"] + swing * (beat if side > 0 else 0.8 * sway + 0.2 * beat)
        _put_arm(points, side, lift, pose["spread"], pose["bend"] + 0.5 * swing * beat, (shoulder, elbow, wrist))
    for side, (hip, knee, ankle, heel, toe) in ((1.0, (23, 25, 27, 29, 31)), (-1.0, (24, 26, 28, 30, 32))):
        step = 0.25 * swing * sway * side
        points[knee] = points[hip] + THIGH * np.array([0.06 * side, math.cos(step), -math.sin(step)])
        points[ankle] = points[knee] + SHANK * np.array([0.02 * side, math.cos(step), math.sin(step)])
        points[heel] = points[ankle] + [0, 0.06, 0.04]
        points[toe] = points[heel] + FOOT * np.array([0.2 * side, 0.1, -0.97])
    return np.concatenate([points, np.ones((POSE_LANDMARKS, 1))], axis=1).astype(np.float32)


def _direction(sideways: float, forward: float) -> npt.NDArray[np.float64]:
    """Unit vector that points up, tilted by angles in radians."""
    return np.array([math.sin(sideways), -math.cos(sideways) * math.cos(forward), -math.sin(forward)])


def _put_head(points: npt.NDArray[np.float64], shoulders: npt.NDArray[np.float64], up: object, bow: float) -> None:
    neck = np.asarray(up) * NECK
    head = shoulders + neck * [1, math.cos(0.5 * bow), 1] + [0, 0, -0.12 * math.sin(max(bow, 0.0))]
    down = 0.09 * math.sin(bow)
    points[0] = head + [0, 0.02 + down, -HEAD]
    for number, (x, y) in {1: (0.02, -0.02), 2: (0.03, -0.02), 3: (0.04, -0.02)}.items():
        points[number] = head + [x, y + 0.7 * down, -HEAD * 0.85]
        points[number + 3] = head + [-x, y + 0.7 * down, -HEAD * 0.85]
    points[7], points[8] = head + [0.075, 0, 0], head - [0.075, 0, 0]
    points[9], points[10] = head + [0.025, 0.06 + down, -HEAD * 0.85], head + [-0.025, 0.06 + down, -HEAD * 0.85]


def _put_arm(
    points: npt.NDArray[np.float64], side: float, lift: float, spread: float, bend: float, joints: tuple[int, int, int]
) -> None:
    shoulder, elbow, wrist = joints
    out = 0.35 + spread
    upper = np.array(
        [side * math.sin(lift) * math.sin(out) + side * 0.12, math.cos(lift), -math.sin(lift) * math.cos(out)]
    )
    upper /= np.linalg.norm(upper)
    # The forearm turns from the upper arm's direction towards the front and up.
    towards = np.array([-0.25 * side * (1 - spread), -0.8, -0.55])
    towards -= upper * (towards @ upper)
    towards /= max(float(np.linalg.norm(towards)), 1e-6)
    fore = math.cos(bend) * upper + math.sin(bend) * towards
    points[elbow] = points[shoulder] + UPPER_ARM * upper
    points[wrist] = points[elbow] + FOREARM * fore
    for offset, across in ((2, 0.25), (4, 0.0), (6, -0.25)):
        finger = fore + across * np.array([side, 0, 0])
        points[wrist + offset] = points[wrist] + HAND * finger / np.linalg.norm(finger)


def _to_image(world: FloatArray, x: float) -> FloatArray:
    """World metres to image coordinates: the figure fills 80 % of the height, standing at ``x``."""
    scale = 0.8 / HEIGHT
    image = world.copy()
    image[:, 0] = x + world[:, 0] * scale / ASPECT
    image[:, 1] = 0.5 + (world[:, 1] + (NECK + HEAD + TORSO - THIGH - SHANK) / 2) * scale
    image[:, 2] = world[:, 2] * scale / ASPECT
    return image


def _face(image: FloatArray) -> FloatArray:
    """(478, 3): a schematic face, points spread evenly over an ellipsoid at the head (a golden spiral)."""
    number = np.arange(FACE_LANDMARKS) + 0.5
    polar, turn = np.arccos(1 - 2 * number / FACE_LANDMARKS), np.pi * (1 + 5**0.5) * number
    sphere = np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], axis=1)
    radius = abs(float(image[7, 0] - image[8, 0])) / 2
    centre = (image[7, :3] + image[8, :3]) / 2
    return np.asarray(centre + sphere * [radius, radius * ASPECT * 1.3, radius], np.float32)


def _expression(moment: _Moment, rng: np.random.Generator) -> FloatArray:
    """(7,): the mood's emotion at about 0.75, the rest spread, jittering as a network's output does."""
    target = np.full(len(EMOTIONS), 0.03)
    target[EMOTIONS.index(moment.before.emotion)] += 0.72 * (1 - moment.share)
    target[EMOTIONS.index(moment.now.emotion)] += 0.72 * moment.share
    noisy = target * np.exp(rng.normal(0, 0.15, len(EMOTIONS)))
    return np.asarray(noisy / noisy.sum(), np.float32)


class SimulatedPerformer:
    """A thread that publishes the script's ``observations`` at RATE_HZ, in the place of camera and perception."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.observations: Latest[Observation] = Latest("observations")
        self._script, self._clock = PerformerScript(seed), clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="performer", daemon=True)

    def start(self) -> None:
        """Begin the show; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the show and the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(0.5)
        self.observations.close()

    def _run(self) -> None:
        start_s = self._clock.now()
        pacer = Pacer(1 / RATE_HZ, start_s)
        seq = 0
        while not self._stop.wait(max(0.0, pacer.deadline_s - self._clock.now())):
            seq += 1
            now_s = self._clock.now()
            try:
                self.observations.put(self._script.observe(now_s, seq, now_s - start_s))
            except Closed:
                return
            pacer.advance(now_s)
