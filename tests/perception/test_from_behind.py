"""Visitors who turn their backs.

There is no footage of them to test with, so people who face the camera are painted over: hair over head and shoulders, for some
a skirt. That is synthetic, and in one way kinder than life: their clothes stay as they were.
"""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from installation.base.landmarks import LEFT_HIP, LEFT_KNEE, LEFT_SHOULDER, RIGHT_HIP, RIGHT_KNEE, RIGHT_SHOULDER
from installation.config.perception import PerceptionConfig
from installation.perception.landmarkers import PoseFinder
from installation.perception.perceiver import Perceiver
from installation.types import ByteArray, Frame, Person

HAIR, CLOTH = (70, 48, 32), (60, 40, 90)
Points = npt.NDArray[np.float64]


pytestmark = pytest.mark.usefixtures("models")


def film(path: Path, count: int) -> list[ByteArray]:
    clip = cv2.VideoCapture(str(path))
    read = [clip.read()[1] for _ in range(count)]
    clip.release()
    return [np.ascontiguousarray(bgr[:, ::-1, ::-1]) for bgr in read]


def painted(rgb: ByteArray, shape: ByteArray, colour: tuple[int, int, int]) -> ByteArray:
    """``colour`` in fine strands downwards where ``shape`` (H, W) is 255."""
    noise = np.random.default_rng(1).normal(0, 1, shape.shape).astype(np.float32)
    strands = cv2.GaussianBlur(noise, (0, 0), sigmaX=1.2, sigmaY=14)
    cover = np.clip(np.array(colour) * (1 + 0.35 * strands[..., None] / strands.std()), 0, 255)
    share = cv2.GaussianBlur(shape, (0, 0), 2)[..., None].astype(np.float32) / 255
    return (rgb * (1 - share) + cover * share).astype(np.uint8)


def turned_away(rgb: ByteArray, pose: Points, skirt: bool = False) -> ByteArray:
    """The person with ``pose`` (33, 2), in pixels, seen as if from behind: long hair, and perhaps a skirt."""
    shoulders, hips, knees = (
        (pose[left] + pose[right]) / 2
        for left, right in ((LEFT_SHOULDER, RIGHT_SHOULDER), (LEFT_HIP, RIGHT_HIP), (LEFT_KNEE, RIGHT_KNEE))
    )
    width = max(
        float(np.hypot(*(pose[LEFT_SHOULDER] - pose[RIGHT_SHOULDER]))), 0.35 * float(np.hypot(*(shoulders - hips)))
    )
    head, shape = pose[:11].mean(axis=0), np.zeros(rgb.shape[:2], np.uint8)
    top, middle = head - (0, 0.05 * width), (head + shoulders) / 2 + (0, 0.22 * width)
    for centre, across, down in ((top, 0.42, 0.55), (middle, 0.4, 0.68)):
        cv2.ellipse(shape, centre.astype(int).tolist(), (int(across * width), int(down * width)), 0, 0, 360, 255, -1)
    out = painted(rgb, shape, HAIR)
    if not skirt:
        return out
    hem = knees + 0.4 * (knees - hips)
    waist, wide = np.array([0.62 * width, 0]), np.array([0.85 * width, 0])
    shape = np.zeros_like(shape)
    cv2.fillPoly(shape, [np.array([hips - waist, hips + waist, hem + wide, hem - wide]).astype(np.int32)], 255)
    return painted(out, shape, CLOTH)


def from_behind(pictures: list[ByteArray], skirt: bool = False) -> list[ByteArray]:
    finder, out = PoseFinder(0.5), []
    for rgb in pictures:
        body = finder.find(rgb)
        assert body is not None
        out.append(turned_away(rgb, body.pose[:, :2].astype(np.float64) * rgb.shape[1::-1], skirt))
    finder.close()
    return out


def look(pictures: Iterable[ByteArray], fps: float) -> list[tuple[Person, ...]]:
    perceiver = Perceiver(PerceptionConfig())
    seen = [perceiver.perceive(Frame(n / fps, n, rgb)).people for n, rgb in enumerate(pictures)]
    perceiver.close()
    return seen


@pytest.mark.parametrize(
    ("name", "skirt"),
    [
        pytest.param("intel_asl_help.mkv", False, marks=pytest.mark.long),
        pytest.param("intel_asl_again.mkv", True, marks=pytest.mark.long),
        pytest.param("tfjs_pose_1.mp4", True, marks=pytest.mark.long),
    ],
)
def test_who_comes_in_with_the_back_turned_is_seen_within_a_second_and_a_half(
    footage: Path, name: str, skirt: bool
) -> None:
    seen = look(from_behind(film(footage / name, 58), skirt), 25)
    assert all(person.face is None for people in seen for person in people), "what was painted over is no face"
    assert [len(people) for people in seen[38:]] == [1] * 20


@pytest.mark.parametrize(
    "name", [pytest.param("pyfeat_single_face.mp4", marks=pytest.mark.long), "intel_asl_again.mkv"]
)
def test_who_turns_away_is_still_the_same_visitor(footage: Path, name: str) -> None:
    facing = film(footage / name, 25)
    away = from_behind(facing)
    seen = look([*facing, *away, *away[::-1], *away], 25)
    assert [[person.id for person in people] for people in seen[30:]] == [[1]] * 70
