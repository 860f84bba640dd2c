"""The rule of exposure finds what is wrong with pictures that are made to be wrong, and the piece's own stills pass it."""

import numpy as np
import pytest

from installation.config.look import LOOK_NAMES, NOBODY
from installation.config.scene_files import scene_names
from installation.config.settings import Config
from installation.evaluation.exposure import exposure, exposures, main
from tests.screen import or_skipped


def room(level: int = 40) -> np.ndarray:
    """A dim room with one light in it."""
    picture = np.full((108, 192, 3), level, np.uint8)
    picture[4:12, 10:30] = 180
    return picture


def with_form(ground: np.ndarray, rgb: tuple[int, int, int]) -> np.ndarray:
    picture = ground.copy()
    picture[30:80, 70:120] = rgb
    return picture


def test_a_good_still_has_no_faults() -> None:
    found = exposure(with_form(room(), (190, 120, 60)), room())
    assert found.faults() == []
    assert found.covered == pytest.approx(50 * 50 / (108 * 192), abs=0.002)
    assert found.contrast is not None
    assert found.contrast > 0.3


@pytest.mark.parametrize(
    ("picture", "ground", "fault"),
    [
        (with_form(room(1), (190, 120, 60)), room(1), "black"),
        (
            with_form(np.full((108, 192, 3), 14, np.uint8), (18, 12, 26)),
            np.full((108, 192, 3), 14, np.uint8),
            "to be read",
        ),
        (
            with_form(np.full((108, 192, 3), 60, np.uint8), (90, 90, 90)),
            np.full((108, 192, 3), 60, np.uint8),
            "no light",
        ),
        (with_form(room(), (255, 255, 252)), room(), "burnt out"),
        (with_form(room(), (52, 48, 52)), room(), "subject lost"),
        (room(), room(), "subject lost"),
    ],
)
def test_each_fault_is_found(picture: np.ndarray, ground: np.ndarray, fault: str) -> None:
    assert any(fault in text for text in exposure(picture, ground).faults())


def test_a_glow_is_no_subject_and_a_scene_that_is_all_of_the_picture_has_no_ground() -> None:
    form = with_form(room(), (230, 200, 140))
    glowing = form.copy()
    glowing[22:88, 62:128] += np.uint8(12)
    small, large = exposure(form, room()), exposure(glowing, room())
    assert large.covered == pytest.approx(small.covered, abs=0.01)
    assert exposure(form, room(), hidden=1.0).contrast is None


def test_blossom_and_crystals_are_exposed_well() -> None:
    for scene, moods in (("blossom", ("happy", NOBODY)), ("crystals", ("angry", "fear"))):
        with or_skipped():
            for mood, found in exposures(Config(), scene, moods, (192, 108)):
                assert found.faults() == [], (scene, mood, found)


@pytest.mark.long
@pytest.mark.parametrize("scene", scene_names())
def test_every_scene_is_exposed_well_in_every_mood(scene: str) -> None:
    with or_skipped():
        wrong = {mood: found for mood, found in exposures(Config(), scene, LOOK_NAMES) if found.faults()}
    assert not wrong


def test_a_scene_that_is_not_there_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["--scenes", "nowhere"])
