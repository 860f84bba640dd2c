"""A visitor's face: what is cut out, how often it is painted, and that a face nobody wants any more is dropped."""

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.generation.face_painter import MAX_SHARE, FacePainter, cut_out, face_square
from installation.types import Box, ByteArray, FloatArray, neutral_probabilities


def test_a_face_square_shows_the_whole_face_whatever_the_pictures_form() -> None:
    x, y, half = face_square(Box(0.4, 0.2, 0.5, 0.4), 16 / 9)
    assert (x, y) == pytest.approx((0.45, 0.3))
    assert half > 0.1
    assert face_square(Box(0.2, 0.2, 0.6, 0.4), 2.0)[2] > 0.4, "a wide face's width counts in picture heights"


def test_beyond_a_pictures_border_the_border_goes_on() -> None:
    rgb = np.arange(20 * 30 * 3, dtype=np.uint16).reshape(20, 30, 3).astype(np.uint8)
    crop = cut_out(rgb, (0.0, 0.5, 0.25))
    assert crop.shape == (10, 10, 3)
    assert (crop[:, :5] == crop[:, 5:6]).all()


class Styles:
    """Paints at once, and takes 0.2 seconds of the clock for it."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.painted, self.meanwhile = clock, 0, lambda: None

    def face(self, rgb: ByteArray, emotion: FloatArray, position: float, now_s: float) -> ByteArray:
        self.painted += 1
        self.clock.advance(0.2)
        self.meanwhile()
        return np.zeros((4, 4, 4), np.uint8)


def test_a_face_is_painted_no_more_often_than_allowed_and_its_share_of_the_time_is_known() -> None:
    clock = ManualClock()
    styles, faces = Styles(clock), FacePainter(clock)
    crop = np.zeros((64, 64, 3), np.uint8)
    for _ in range(3):
        faces.show(7, crop, neutral_probabilities())
        faces.paint(styles, 0.0, 2.0)
    assert styles.painted == 1
    assert faces.share(2.0) == pytest.approx(0.4)
    assert faces.share(20.0) == MAX_SHARE
    clock.advance(0.5)
    faces.paint(styles, 0.0, 2.0)
    assert (styles.painted, faces.avatars.peek()[0]) == (2, 2)
    clock.advance(0.5)
    faces.paint(styles, 0.0, 2.0)
    assert (styles.painted, faces.share(2.0)) == (2, 0.0), "no face waits, so none is painted"


def test_who_leaves_while_the_face_is_painted_is_not_shown_again() -> None:
    clock = ManualClock()
    styles, faces = Styles(clock), FacePainter(clock)
    styles.meanwhile = faces.forget
    faces.show(7, np.zeros((64, 64, 3), np.uint8), neutral_probabilities())
    faces.paint(styles, 0.0, 2.0)
    newest = faces.avatars.peek()[1]
    assert newest is not None
    assert (styles.painted, newest.person_id) == (1, None)
