"""A hard cut is seen, a change of light or a moment of black is none; after it nobody keeps a number by place."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.config.perception import PerceptionConfig
from installation.perception.cuts import Cuts
from installation.perception.perceiver import Perceiver
from installation.types import ByteArray, Frame


def room(seed: int) -> ByteArray:
    rng = np.random.default_rng(seed)
    return np.asarray(cv2.resize(rng.uniform(20, 200, (5, 8, 3)).astype(np.uint8), (640, 360)), np.uint8)


def test_another_place_is_a_cut_and_light_movement_and_black_are_none() -> None:
    cuts, here, there = Cuts(), room(1), room(2)
    somebody = here.copy()
    somebody[60:, 300:380] = 90
    lighter = np.clip(here.astype(float) * 1.5 + 10, 0, 255).astype(np.uint8)
    black = np.zeros_like(here)
    shown = [here, somebody, lighter, here // 4, black, here, black, there, there, here]
    assert [cuts.happened(one) for one in shown] == [False] * 7 + [True, False, True]


def film(path: Path, count: int) -> list[ByteArray]:
    """The first pictures of a clip, mirrored, 640 x 360."""
    clip = cv2.VideoCapture(str(path))
    read = [clip.read()[1] for _ in range(count)]
    clip.release()
    return [np.ascontiguousarray(cv2.resize(bgr, (640, 360))[:, ::-1, ::-1]) for bgr in read]


@pytest.fixture
def two_scenes(footage: Path) -> list[ByteArray]:
    """A man, from picture 36 on a woman in his place."""
    man = film(footage / "pyfeat_single_face.mp4", 36)
    return man + film(footage / "pyfeat_WolfgangLanger_Pexels.mp4", 36)


@pytest.mark.usefixtures("models")
def test_after_a_cut_to_somebody_else_in_the_same_place_there_is_a_new_visitor(two_scenes: list[ByteArray]) -> None:
    perceiver = Perceiver(PerceptionConfig())
    seen = [perceiver.perceive(Frame(n / 24, n, rgb)) for n, rgb in enumerate(two_scenes)]
    perceiver.close()
    numbers = [[person.id for person in one.people] for one in seen]
    assert numbers[35] == [1]
    assert numbers[-1] == [2]
    assert not any(1 in some for some in numbers[36:]), "from the very picture of the cut on"
