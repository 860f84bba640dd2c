"""Zones in which nobody is followed: a point of a visitor decides, and footage shows who is left."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.model_files import ModelError, model_path
from installation.config.load import ConfigError, parse_config
from installation.config.perception import PerceptionConfig
from installation.perception.perceiver import Perceiver
from installation.perception.zones import Zones
from installation.types import Box, Frame, Observation

LEFT_HALF = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]
CLIP = "intel_head-pose-face-detection-female-and-male.gif"


def test_a_point_is_in_any_of_the_zones_also_in_one_that_bends_inwards() -> None:
    arrow = [[0.6, 0.1], [0.9, 0.5], [0.6, 0.9], [0.8, 0.5]]
    zones = Zones([LEFT_HALF, arrow])
    assert zones.hold(0.2, 0.9)
    assert zones.hold(0.85, 0.5)
    assert not zones.hold(0.65, 0.5)
    assert not Zones().hold(0.2, 0.9)


def test_head_or_middle_decide_and_a_hand_in_a_zone_does_not() -> None:
    zones = Zones([[[0.0, 0.0], [1.0, 0.0], [1.0, 0.3], [0.0, 0.3]]])
    assert zones.hide_person(Box(0.4, 0.2, 0.6, 0.9))
    assert zones.hide_person(Box(0.4, 0.0, 0.6, 0.4))
    assert not zones.hide_person(Box(0.4, 0.28, 0.6, 0.9))
    assert zones.hide_face(Box(0.4, 0.2, 0.5, 0.3))
    assert not zones.hide_face(Box(0.4, 0.28, 0.5, 0.4))
    pose = np.full((33, 4), 0.5, np.float32)
    pose[15, 1] = 0.1
    assert not zones.hide_body(pose)
    pose[:11, 1] = 0.2
    assert zones.hide_body(pose)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("[[[0.1, 0.1], [0.2, 0.1]]]", "at least three corners"),
        ("[[[0.1, 0.1], [0.2, 0.1], [1.2, 0.3]]]", "both from 0 to 1"),
        ("[[[0.1, 0.1], [0.2, 0.1], [0.2]]]", "a corner is [x, y]"),
        ("[[[0.1, 0.1], [0.2, 0.1], [.nan, 0.2]]]", "both from 0 to 1"),
        ("[[[0.1, 0.1], [0.2, 0.1], [0.3, 0.1]]]", "on one line"),
        ("[[0.1, 0.1], [0.4, 0.1], [0.4, 0.6]]", "a list of lists of corners"),
        ("[0.1, 0.2]", "a list of lists of corners"),
        ("[[[0.1, 0.1], [0.2, 0.1], [wide, 0.3]]]", "number"),
    ],
)
def test_what_is_no_zone_is_refused_with_its_line(written: str, says: str) -> None:
    with pytest.raises(ConfigError, match=r"(?s)z\.yaml:3: perception\.ignore") as told:
        parse_config(f"version: 2\nperception:\n  ignore: {written}\n", "z.yaml")
    assert says in str(told.value)


def test_zones_are_read_as_they_are_written() -> None:
    read = parse_config("perception:\n  ignore:\n    - [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]\n", "z.yaml")
    assert read.perception.ignore == [LEFT_HALF]


def look(path: Path, config: PerceptionConfig) -> list[Observation]:
    try:
        model_path("pose_landmarker")
    except ModelError as error:
        pytest.skip(str(error))
    capture, perceiver, seen = cv2.VideoCapture(str(path)), Perceiver(config), []
    for number in range(36):
        good, bgr = capture.read()
        assert good
        seen.append(perceiver.perceive(Frame(number / 12.5, number, np.ascontiguousarray(bgr[:, ::-1, ::-1]))))
    perceiver.close()
    capture.release()
    return seen


@pytest.mark.parametrize(
    ("zone", "low", "high"),
    [
        (LEFT_HALF, 0.5, 1.0),
        pytest.param([[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]], 0.0, 0.5, marks=pytest.mark.long),
        # A poster that ends above the shoulders: the head alone decides.
        ([[0.1, 0.1], [0.45, 0.1], [0.45, 0.6], [0.1, 0.6]], 0.5, 1.0),
    ],
)
def test_a_zone_over_one_of_two_heads_leaves_the_other(
    footage: Path, zone: list[list[float]], low: float, high: float
) -> None:
    seen = look(footage / CLIP, PerceptionConfig(ignore=[zone]))
    everybody = [person for observation in seen for person in observation.people]
    assert {len(observation.people) for observation in seen[12:]} == {1}
    assert len({person.id for person in everybody}) == 1
    for person in everybody:
        assert low < person.box.centre[0] < high
        assert person.face_box is None or low < person.face_box.centre[0] < high
    assert sum(person.face is not None for person in everybody) > 20


def test_a_zone_beside_them_leaves_both(footage: Path) -> None:
    seen = look(footage / CLIP, PerceptionConfig(ignore=[[[0.0, 0.0], [1.0, 0.0], [1.0, 0.2], [0.0, 0.2]]]))
    assert len(seen[-1].people) == 2
