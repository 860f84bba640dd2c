"""A visitor's head: by the face, by the body, calm, and straight again when the face is lost."""

import numpy as np
import pytest

from installation.emotion.head import HEAD_SHARE, HeadFilter, check_head, read_head
from installation.types import FACE_LANDMARKS, NO_HEAD, POSE_LANDMARKS, Box, FloatArray, Person

ASPECT = 16 / 9
BOX = Box(0.3, 0.1, 0.7, 1.0)


def face(roll: float = 0.0, yaw: float = 0.0, size: float = 0.14) -> FloatArray:
    """Forehead, chin and eye corners of a flat face of ``size`` picture heights in the middle of the picture."""
    points = np.zeros((FACE_LANDMARKS, 3))
    points[10], points[152] = (0, -size / 2, 0), (0, size / 2, 0)
    points[33], points[263] = (-size / 2, -0.02, 0), (size / 2, -0.02, 0)
    turn = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    lean = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    points = points @ turn.T @ lean.T
    points[:, 0] /= ASPECT
    points[:, 2] /= ASPECT
    return (points + (0.5, 0.5, 0.0)).astype(np.float32)


def seen(**parts: FloatArray) -> FloatArray:
    found = read_head(Person(1, BOX, 1.0, **parts), 1.2, ASPECT)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_face_gives_place_size_and_turn() -> None:
    x, y, half, yaw, _, roll, known = seen(face=face()).tolist()
    assert (x, known, yaw, roll) == pytest.approx((0.5, 1.0, 0.0, 0.0), abs=1e-6)
    assert half == pytest.approx(0.1, abs=0.001)
    assert y < 0.5, "the crown is above the forehead"
    assert seen(face=face(roll=0.3))[5] == pytest.approx(0.3, abs=1e-4)
    assert seen(face=face(yaw=0.4))[3] == pytest.approx(0.4, abs=1e-4)
    larger = seen(face=face(size=0.28))
    assert larger[2] == pytest.approx(2 * half, rel=1e-4)


def test_without_a_face_the_body_says_where_the_head_is() -> None:
    pose = np.zeros((POSE_LANDMARKS, 4), np.float32)
    pose[:, :2], pose[:, 3] = (0.3, 0.2), 1.0
    assert seen(pose=pose).tolist() == pytest.approx([0.3, 0.2, 0.5 * HEAD_SHARE * 1.2, 0, 0, 0, 0])
    pose[:, 3] = 0.0
    assert read_head(Person(1, BOX, 1.0, pose=pose), 1.2, ASPECT) is None


def test_a_lost_face_looks_ahead_again_and_stays_where_it_was() -> None:
    head = HeadFilter(1.0)
    assert head.at(0.0) is NO_HEAD
    for n in range(60):
        head.update(seen(face=face(yaw=0.4)), n / 30)
    now = head.at(59 / 30)
    assert now[3] == pytest.approx(0.4, abs=0.02)
    assert now[6] > 0.95
    later = head.at(59 / 30 + 3)
    assert abs(later[3]) < 0.01
    assert later[6] < 0.01
    assert later[:3].tolist() == now[:3].tolist()
    assert not later.flags.writeable


def test_rest_is_calmer_than_what_is_read() -> None:
    head, rng = HeadFilter(1.0), np.random.default_rng(1)
    read, shown = [], []
    for n in range(90):
        one = seen(face=face()) + np.array([*rng.normal(0, 0.004, 6), 0], np.float32)
        head.update(one, n / 30)
        read.append(one[:6])
        shown.append(head.at(n / 30)[:6])
    assert np.std(shown[30:], axis=0).max() < 0.6 * np.std(read[30:], axis=0).max()


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        check_head(np.full(7, np.nan, np.float32))
    with pytest.raises(ValueError, match="head"):
        check_head(np.zeros(5, np.float32))
    check_head(None)
