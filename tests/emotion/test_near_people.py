"""Somebody who walks up to the camera: place, size, energy and openness go on without a jump while less and less is seen."""

import math
from dataclasses import replace

import numpy as np
import pytest

from installation.capture.simulated.figure import Posture, skeleton
from installation.config.emotion import BodyConfig, EmotionConfig
from installation.config.poses import PosesConfig
from installation.emotion.fusion import EmotionEstimator
from installation.emotion.posture import REST
from installation.emotion.size import FACE_SHARE, WORLD_HEIGHT_M, HeightReader
from installation.types import Box, EmotionEstimate, FloatArray, Observation, Person

SIZE = (640, 360)
ASPECT = SIZE[0] / SIZE[1]
EYES_M = 0.772
"""Of the figure, above its hips."""


def seen_at(
    height: float, world: FloatArray, x: float = 0.5, eyes: float = 0.3, face: bool = True, pose: bool = True
) -> Person:
    """A figure, ``world`` (33, 4), whose whole body would be ``height`` pictures high, its eyes at (x, eyes).

    What is out of the picture is not seen."""
    per_m = height / WORLD_HEIGHT_M
    image = np.empty((33, 4), np.float32)
    image[:, 0] = x + world[:, 0] * per_m / ASPECT
    image[:, 1] = eyes + (world[:, 1] + EYES_M) * per_m
    image[:, 2] = world[:, 2] * per_m / ASPECT
    inside = (np.abs(image[:, :2] - 0.5) < 0.5).all(axis=1)
    image[:, 3] = np.where(inside, 0.99, 0.05)
    mesh = np.zeros((478, 3), np.float32)
    nose = image[0, :2]
    mesh[:, :2], half = nose, FACE_SHARE * height / 2
    mesh[10, 1], mesh[152, 1] = nose[1] - half, nose[1] + half
    mesh[[234, 454], 0] = nose[0] - half / ASPECT, nose[0] + half / ASPECT
    mesh[[33, 263], 1] = eyes
    box = image[inside, :2]
    around = Box(*(float(v) for v in (*box.min(axis=0), *box.max(axis=0))))
    seen_world = np.concatenate([world[:, :3], image[:, 3:]], axis=1).astype(np.float32)
    face_box = Box(*(float(v) for v in (*mesh[:, :2].min(axis=0), *mesh[:, :2].max(axis=0))))
    return Person(
        1,
        around if pose else face_box,
        1.0,
        pose=image if pose else None,
        pose_world=seen_world if pose else None,
        face=mesh if face else None,
        face_box=face_box if face else None,
    )


def figure(**angles: float) -> FloatArray:
    return np.concatenate([skeleton(Posture(**angles)).points, np.ones((33, 1))], axis=1).astype(np.float32)


def film(people: list[Person], rate: float = 30.0) -> list[EmotionEstimate]:
    estimator = EmotionEstimator(EmotionConfig(calibration_s=0), BodyConfig(), PosesConfig())
    return [estimator.estimate(Observation(n / rate, n, (who,), SIZE))[0] for n, who in enumerate(people)]


def walking_up(seconds: float = 5.0, rate: float = 30.0, **more: bool) -> tuple[list[float], list[EmotionEstimate]]:
    """Heights, from a whole body to a head that fills the picture, and the estimates."""
    heights = [0.6 * 12 ** (n / (seconds * rate)) for n in range(round(seconds * rate))]
    return heights, film([seen_at(height, figure(), **more) for height in heights], rate)


@pytest.mark.parametrize("face", [True, False])
def test_size_is_that_of_the_whole_body_however_little_is_seen(face: bool) -> None:
    heights, found = walking_up(face=face)
    sizes = [estimate.position[2] for estimate in found]
    assert sizes == pytest.approx(heights, rel=0.06)
    assert (np.diff(sizes) > -0.02 * np.array(sizes[1:])).all()


def test_place_and_openness_do_not_jump_on_the_way() -> None:
    _, found = walking_up()
    y = [estimate.position[1] for estimate in found]
    assert np.abs(np.diff(y)).max() < 0.02
    assert min(y) > 0.5
    assert max(y) < 0.7
    assert np.abs(np.diff([estimate.openness for estimate in found])).max() < 0.05
    # Hanging arms, seen or not, read the same.
    assert np.ptp([estimate.openness for estimate in found]) < 0.15


@pytest.mark.parametrize("height", [0.8, 2.5, 6.0])
def test_who_stands_still_is_still_at_any_distance(height: float) -> None:
    found = film([seen_at(height, figure()) for _ in range(60)])
    assert max(estimate.energy for estimate in found) < 1e-6


def nodding(height: float, swing_m: float, rate: float = 30.0, seconds: float = 3.0, **more: bool) -> list[Person]:
    """A body that sways to the sides, ``swing_m`` each way, once a second."""
    sway = [swing_m * math.sin(2 * math.pi * n / rate) for n in range(round(seconds * rate))]
    return [seen_at(height, figure(), x=0.5 + s * height / WORLD_HEIGHT_M / ASPECT, **more) for s in sway]


@pytest.mark.parametrize(("height", "more"), [(2.5, {}), (6.0, {}), (6.0, {"face": False}), (6.0, {"pose": False})])
def test_heads_and_shoulders_that_move_have_the_same_energy_at_any_distance(
    height: float, more: dict[str, bool]
) -> None:
    little, much = (np.mean([e.energy for e in film(nodding(height, swing, **more))[45:]]) for swing in (0.01, 0.04))
    assert 0.02 < little < 0.2
    assert much == pytest.approx(4 * little, rel=0.25)
    near = np.mean([e.energy for e in film(nodding(2.5, 0.04))[45:]])
    assert much == pytest.approx(near, rel=0.15)


def test_a_body_lost_while_the_face_is_still_seen_moves_nothing() -> None:
    world = figure()
    found = film([seen_at(2.5, world, pose=n % 40 < 20) for n in range(160)])
    for values in zip(*(estimate.position for estimate in found), strict=True):
        assert np.ptp(values) < 0.03 * max(values)
    assert np.ptp([estimate.openness for estimate in found]) < 0.02
    assert max(estimate.energy for estimate in found) < 0.02


def test_a_body_and_a_face_that_disagree_make_no_jump() -> None:
    reader, world = HeightReader(), figure()
    seen = seen_at(2.5, world)
    assert seen.face is not None
    larger = replace(seen, face=(seen.face - 0.3) * np.float32(1.2) + 0.3)
    heights = [reader.read(n / 30, seen_at(2.5, world, face=False), ASPECT) for n in range(30)]
    heights += [reader.read(1 + n / 30, larger, ASPECT) for n in range(90)]
    heights += [reader.read(4 + n / 30, replace(larger, face=None, face_box=None), ASPECT) for n in range(30)]
    assert heights[0] == pytest.approx(2.5, rel=0.03)
    assert heights[60] == heights[-1] == pytest.approx(3.0, rel=0.03)


def test_arms_out_of_the_picture_are_at_rest_however_they_are_guessed() -> None:
    wide = figure(left_spread=math.pi / 2, right_spread=math.pi / 2)
    near = seen_at(6.0, wide, face=False)
    assert near.pose is not None
    assert near.pose_world is not None
    # The network is sure of arms that it cannot see.
    sure = near.pose_world.copy()
    sure[:, 3] = 1.0
    found = film([replace(near, pose_world=sure) for _ in range(5)])
    assert found[-1].openness == pytest.approx(REST.openness, abs=0.01)


def test_what_is_nowhere_is_refused_and_forgotten() -> None:
    seen = seen_at(2.5, figure())
    assert seen.face is not None
    bad = replace(seen, face=np.full_like(seen.face, np.nan))
    found = film([seen, bad, seen])
    assert found[1] is found[0]
    assert found[2].position == found[0].position
