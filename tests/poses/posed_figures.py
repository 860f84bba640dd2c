"""The simulated performer's skeleton in poses that differ clearly, seen as the landmarkers would."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from installation.capture.simulated.figure import ANGLES, Posture, skeleton, to_image
from installation.poses.features import person_features
from installation.poses.table import PoseTable
from installation.types import Box, FloatArray, Person

POSES = {
    "arms_up": Posture(left_spread=2.7, right_spread=2.7, left_elbow=0.2, right_elbow=0.2),
    "one_arm_out": Posture(left_spread=1.5, left_elbow=0.1, right_spread=0.1, right_elbow=0.2),
    "arms_crossed": Posture(
        left_raise=0.7, left_twist=1.3, left_elbow=1.9, right_raise=0.7, right_twist=1.3, right_elbow=1.9
    ),
}
UNKNOWN = {
    "bow": Posture(pitch=1.2, head_pitch=0.4),
    "hands_on_hips": Posture(
        left_spread=0.9, right_spread=0.9, left_twist=1.4, right_twist=1.4, left_elbow=1.8, right_elbow=1.8
    ),
    "arms_forward": Posture(left_raise=1.6, right_raise=1.6),
}
SWAPPED = [
    *(0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9),
    *(number + (1 if number % 2 else -1) for number in range(11, 33)),
]
"""Which landmark the mirror image of each is called."""


def seen(
    posture: Posture,
    rng: np.random.Generator | None = None,
    x_m: float = 0.0,
    distance_m: float = 3.4,
    size: float = 1.0,
    lower: float = 0.0,
    person_id: int = 1,
) -> Person:
    """A person in ``posture`` at a place, ``size`` times as large as usual; ``lower`` by so many
    picture heights, which with a small distance leaves the legs out."""
    body = skeleton(posture)
    points = body.points * size
    image = to_image(points, np.array([x_m, -body.hips_height_m * size, distance_m]))
    image[:, 1] += lower
    visible = np.where(((image[:, :2] > -0.02) & (image[:, :2] < 1.02)).all(axis=1), 0.97, 0.05)[:, None]
    if rng is not None:
        points = points + rng.normal(0.0, 0.008, points.shape) * [1.0, 1.0, 2.0]
    world = np.concatenate([points, visible], axis=1).astype(np.float32)
    pose = np.concatenate([image, visible], axis=1).astype(np.float32)
    return Person(person_id, Box(0.4, 0.2, 0.6, 0.9), 1.0, pose=pose, pose_world=world)


def mirrored(person: Person) -> Person:
    """The same person in the mirrored picture."""
    world, pose = person.pose_world[SWAPPED].copy(), person.pose[SWAPPED].copy()
    world[:, 0] *= -1
    pose[:, 0] = 1 - pose[:, 0]
    return replace(person, pose=pose, pose_world=world)


def moved_about(posture: Posture, rng: np.random.Generator, loose: float = 0.08) -> Posture:
    """Nobody holds a pose twice alike: every joint varies by ``loose`` radians, the body turns by up to 35 degrees."""
    angles = posture.vector() + rng.normal(0.0, loose, len(ANGLES))
    angles[ANGLES.index("yaw")] = rng.uniform(-0.6, 0.6)
    return Posture.of(angles)


def take(name: str, seed: int, rows: int = 60) -> FloatArray:
    """(rows, len(COLUMNS)): one recording, at its own place, distance and size, by somebody who holds it in their own way."""
    rng = np.random.default_rng(seed)
    own = Posture.of((POSES | UNKNOWN)[name].vector() + rng.normal(0.0, 0.12, len(ANGLES)))
    where = {"x_m": rng.uniform(-0.8, 0.8), "distance_m": rng.uniform(2.6, 4.5), "size": rng.uniform(0.65, 1.15)}
    found = [person_features(seen(moved_about(own, rng), rng, **where)) for _ in range(rows)]
    return np.stack([row for row in found if row is not None])


def recorded(poses=tuple(POSES), people=("p1", "p2"), takes: int = 2, rows: int = 60):
    """(label, person, take, rows) of each take of each person."""
    for number, (name, person, counted) in enumerate(product(poses, people, range(1, takes + 1))):
        yield name, person, counted, take(name, 100 + number, rows)


@cache
def fitted():
    """A small training on two people's takes of POSES, once for all tests: (PoseTable, Fit)."""
    pytest.importorskip("sklearn", reason="training poses needs scikit-learn")
    pytest.importorskip("skl2onnx", reason="training poses needs skl2onnx")
    from installation.training.pose_fit import fit

    table = as_table(recorded(rows=40))
    return table, fit(table, quiet=True)


def as_table(takes) -> PoseTable:
    """A PoseTable of (label, person, take, rows), without the detour over a file."""
    takes = list(takes)
    repeated = [(label, person, number) for label, person, number, rows in takes for _ in rows]
    labels, people, numbers = zip(*repeated)
    return PoseTable(labels, people, numbers, np.concatenate([rows for *_, rows in takes]))
