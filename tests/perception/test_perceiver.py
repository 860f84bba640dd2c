"""The real networks on real footage (a few pictures a clip; benchmarks/perception.py looks at all)."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config import PerceptionConfig
from installation.models import ModelError, model_path
from installation.perception.perceiver import Perceiver, cut_square, head_square
from installation.types import Frame, Observation


@pytest.fixture(scope="module", autouse=True)
def models() -> None:
    try:
        model_path("pose_landmarker")
    except ModelError as error:
        pytest.skip(str(error))


def look(path: Path, count: int, first: int = 0, stride: int = 1) -> list[Observation]:
    """Observations of every ``stride``-th picture of a clip, told at the clip's own pace."""
    capture, perceiver, seen = cv2.VideoCapture(str(path)), Perceiver(PerceptionConfig()), []
    for number in range(first + count * stride):
        good, bgr = capture.read()
        if not good:
            break
        if number >= first and (number - first) % stride == 0:
            rgb = np.ascontiguousarray(bgr[:, ::-1, ::-1])
            seen.append(perceiver.perceive(Frame(number / 25, number, rgb)))
    perceiver.close()
    capture.release()
    return seen


def test_a_visitor_close_by_is_seen_with_body_and_face(footage: Path) -> None:
    seen = look(footage / "pyfeat_single_face.mp4", 24)
    last = seen[-1].people
    assert len(last) == 1
    (person,) = last
    assert person.pose is not None
    assert person.face is not None
    assert person.blendshapes is not None
    assert person.pose.shape == (33, 4)
    assert person.face.shape == (478, 3)
    assert person.blendshapes.shape == (52,)
    assert person.face_box is not None
    nose = person.pose[0]
    assert person.face_box.left < nose[0] < person.face_box.right
    assert person.face_box.top < nose[1] < person.face_box.bottom
    assert not person.pose.flags.writeable


def test_a_far_visitor_is_seen_with_a_face_from_the_head_crop(footage: Path) -> None:
    seen = look(footage / "tfjs_pose_1.mp4", 30)
    assert len(seen[-1].people) == 1
    assert any(person.face is not None for observation in seen for person in observation.people)


@pytest.mark.parametrize("name", ["pyfeat_no_face.mp4", "intel_people-detection.gif", "intel_bottle.mp4"])
def test_nobody_is_seen_where_nobody_is(footage: Path, name: str) -> None:
    seen = look(footage / name, 60, stride=2)
    assert len(seen) > 10
    assert sum(bool(observation.people) for observation in seen) <= 0.02 * len(seen)


def test_a_frame_that_is_no_picture_is_refused_and_the_next_one_is_seen(footage: Path) -> None:
    bgr = cv2.imread(str(footage / "astronaut.png"))
    rgb = np.ascontiguousarray(bgr[:, :, ::-1])
    perceiver = Perceiver(PerceptionConfig(confirm_s=0.0))
    assert perceiver.perceive(Frame(0.0, 1, rgb)).people
    for bad in (np.zeros((0, 10, 3), np.uint8), np.zeros((10, 10), np.uint8), np.zeros((10, 10, 3), np.float32)):
        with pytest.raises((ValueError, RuntimeError)):
            perceiver.perceive(Frame(0.1, 2, bad))
    assert perceiver.perceive(Frame(0.2, 3, rgb)).people
    perceiver.close()


def test_the_head_square_holds_the_head_and_may_pass_the_border() -> None:
    pose = np.zeros((33, 4), np.float32)
    pose[:11, 0], pose[:11, 1] = np.linspace(0.01, 0.05, 11), np.linspace(0.02, 0.04, 11)
    left, top, right, bottom = head_square(pose, 640, 360)
    assert right - left == pytest.approx(bottom - top, abs=1)
    assert left < 0.01 * 640
    assert right > 0.05 * 640
    crop = cut_square(np.full((360, 640, 3), 255, np.uint8), (left, top, right, bottom))
    assert crop is not None
    assert crop.shape == (256, 256, 3)
    assert crop[0, 0, 0] == 0  # beyond the border
    assert crop[-1, -1, 0] == 255
    assert cut_square(np.zeros((360, 640, 3), np.uint8), (700, 0, 760, 60)) is None
