"""A visitor who can be found again: in pixels by a picture that is nothing but detail, in numbers by values of its own.

Imported by the tests and, inside the piece, by hooks/sitecustomize.py: both make the same visitor.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from installation.capture.simulated.performer import PerformerScript
from installation.perception.expression import crop_face
from installation.perception.likeness import clothes
from installation.poses.features import person_features
from installation.showcontrol.osc_out.bundle import Seen
from installation.showcontrol.osc_out.faceosc import FaceOsc
from installation.types import BLENDSHAPES, Box, ByteArray, FloatArray, Person

SIZE = (640, 360)
"""Width and height of the marked picture, pixels."""
SEED = 4711
SOUND_RATE = 16_000
NEARER = 2.0
"""The performer's figure is enlarged by this, so that its face is large enough to be read."""


@dataclass(frozen=True, eq=False)
class Visitor:
    """``pose``, ``world`` (33, 4), ``face`` (478, 3) and ``box`` in image coordinates, ``blendshapes`` (52,)."""

    pose: FloatArray
    world: FloatArray
    face: FloatArray
    blendshapes: FloatArray
    box: Box


@cache
def visitor() -> Visitor:
    """Stands still in the middle; every number is irregular."""
    rng = np.random.default_rng(SEED)
    seen = PerformerScript(1).observe(12.0, 0).people[0]
    assert seen.pose is not None
    assert seen.pose_world is not None
    assert seen.face is not None
    middle = seen.pose[[11, 12], :2].mean(axis=0)

    def nearer(points: FloatArray, jitter: float) -> FloatArray:
        out = points.astype(np.float64)
        out[:, :2] = (out[:, :2] - middle) * NEARER + (0.5, 0.45)
        out[:, 2] *= NEARER
        out[:, :3] += rng.normal(0, jitter, (len(out), 3))
        return out.astype(np.float32)

    pose, face = nearer(seen.pose, 0.004), nearer(seen.face, 0.002)
    pose[:, 3] = rng.uniform(0.85, 0.99, len(pose))
    world = (seen.pose_world + np.pad(rng.normal(0, 0.005, (33, 3)), ((0, 0), (0, 1)))).astype(np.float32)
    world[:, 3] = pose[:, 3]
    shapes = rng.uniform(0.06, 0.94, BLENDSHAPES).astype(np.float32)
    low, high = pose[:, :2].min(axis=0), pose[:, :2].max(axis=0)
    return Visitor(pose, world, face, shapes, Box(float(low[0]), float(low[1]), float(high[0]), float(high[1])))


@cache
def sound() -> FloatArray:
    """(400,) what the microphone hears, again and again: noise, 1 is full scale, SOUND_RATE samples a second."""
    return np.random.default_rng(SEED).normal(0, 0.2, 400).clip(-0.99, 0.99).astype(np.float32)


@cache
def picture() -> ByteArray:
    """(360, 640, 3) uint8 RGB: noise of every size from 2 to 64 pixels, in light and in colour."""
    rng, (width, height) = np.random.default_rng(SEED), SIZE
    out = np.zeros((height, width, 3))
    for cell, light in ((2, 18.0), (4, 22.0), (8, 24.0), (16, 22.0), (32, 18.0), (64, 14.0)):
        grid = (-(-height // cell) + 1, -(-width // cell) + 1)
        grey, colour = rng.normal(0, light, (*grid, 1)), rng.normal(0, 0.7 * light, (*grid, 3))
        fine = cv2.resize(grey + colour, (grid[1] * cell, grid[0] * cell), interpolation=cv2.INTER_CUBIC)
        out += fine[:height, :width]
    return np.asarray(np.clip(out + 120, 0, 255), np.uint8)


@cache
def person() -> Person:
    """The visitor as an observation has it."""
    one = visitor()
    return Person(1, one.box, 1.0, pose=one.pose, pose_world=one.world, face=one.face, blendshapes=one.blendshapes)


@cache
def numbers() -> dict[str, FloatArray]:
    """What must not leave, by kind: numbers in the order in which anybody would write them."""
    one = visitor()
    colours = [clothes(shown, one.pose) for shown in (picture(), picture()[:, ::-1])]
    row = person_features(person())
    assert row is not None
    found = {
        "face landmarks": one.face.ravel(),
        "face landmarks (x, y)": one.face[:, :2].ravel(),
        "pose landmarks": one.pose.ravel(),
        "pose landmarks (x, y)": one.pose[:, :2].ravel(),
        "pose landmarks (x, y, z)": one.pose[:, :3].ravel(),
        "world landmarks": one.world.ravel(),
        "world landmarks (x, y, z)": one.world[:, :3].ravel(),
        "blendshapes": one.blendshapes,
        "posture row": row,
        "sound": sound(),
    }
    seen = Seen(1, 0.0, 0.0, (), (person(),), None, SIZE)
    found["face measures"] = np.array(
        [value for _, tags, values in FaceOsc().messages(seen) for value in values if "f" in tags], np.float32
    )
    found |= {f"clothes {number}": one for number, one in enumerate(colours) if one is not None}
    return found


@cache
def crops() -> list[ByteArray]:
    """Cut-outs as the piece makes them: the whole picture, and the face as the expression network sees it."""
    out = []
    for shown in (picture(), np.ascontiguousarray(picture()[:, ::-1])):
        places = visitor().face * np.array([SIZE[0], SIZE[1], SIZE[0]], np.float32)
        out += [shown, crop_face(shown, places), crop_face(shown, places, 48)]
    return out
