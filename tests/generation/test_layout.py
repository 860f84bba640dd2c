"""Layouts: what the renderer reads back becomes masses that are followed steadily and that a painter can keep."""

import numpy as np
import pytest

from installation.generation.layout import FOLLOW_S, SteadyMasses, masses, painters_layout
from installation.types import LAYOUT, ByteArray


def disc(colour: tuple[int, int, int], cover: int = 255) -> ByteArray:
    """A shape of one colour in the middle of an empty scene."""
    y, x = np.mgrid[:LAYOUT, :LAYOUT] - (LAYOUT - 1) / 2
    found = np.zeros((LAYOUT, LAYOUT, 4), np.uint8)
    found[np.hypot(x, y) < 4] = (*colour, cover)
    return found


def test_nothing_laid_out_is_no_confidence_anywhere() -> None:
    assert not painters_layout(masses(None), 1.0)[0, 3].any()
    assert not painters_layout(masses(disc((0, 0, 0), 0)), 1.0)[0, 3].any()
    assert not painters_layout(masses(disc((200, 10, 10))), 0.0)[0, 3].any()


def test_a_shape_keeps_its_place_and_hue_and_confidence_follows_the_setting() -> None:
    for shapes, confidence in ((0.7, 0.91), (0.3, 0.39), (1.0, 1.0)):
        laid = painters_layout(masses(disc((40, 20, 120))), shapes)
        assert laid.shape == (1, 4, LAYOUT, LAYOUT)
        assert laid.dtype == np.float32
        assert np.abs(laid).max() <= 1
        assert laid[0, 3, 8, 8] == pytest.approx(confidence, abs=0.01)
        assert laid[0, 3, 0, 0] == 0
        red, green, blue = laid[0, :3, 8, 8]
        assert blue > red > green


def test_dark_becomes_darker_and_light_lighter() -> None:
    def light(colour: tuple[int, int, int]) -> float:
        return float(painters_layout(masses(disc(colour)), 0.7)[0, :3, 8, 8].mean() + 1) / 2

    assert light((60, 60, 60)) < 60 / 255
    assert light((200, 200, 200)) > 200 / 255
    assert light((128, 128, 128)) == pytest.approx(0.5, abs=0.01)


def test_what_half_covers_a_cell_has_its_own_colour_and_still_counts() -> None:
    whole, half = (masses(disc((180, 60, 20), cover)) for cover in (255, 128))
    full, faint = painters_layout(whole, 0.7), painters_layout(half, 0.7)
    assert faint[0, :3] == pytest.approx(full[0, :3], abs=0.02)
    assert 0.5 < faint[0, 3, 8, 8] / full[0, 3, 8, 8] < 0.8


@pytest.mark.parametrize("wrong", [np.zeros((8, 8, 4), np.uint8), np.zeros((LAYOUT, LAYOUT, 4), np.float32)])
def test_what_is_no_layout_is_refused(wrong: ByteArray) -> None:
    with pytest.raises(ValueError, match="a layout must be"):
        masses(wrong)


def test_masses_are_followed_at_one_pace_at_any_rate() -> None:
    dark, light = masses(disc((0, 0, 0))), masses(disc((250, 250, 250)))
    ends = []
    for steps in (5, 30):
        steady = SteadyMasses()
        assert np.array_equal(steady.follow(dark, 0.0), dark)
        for _ in range(steps):
            found = steady.follow(light, FOLLOW_S / steps)
        ends.append(found[8, 8, 0] / light[8, 8, 0])
        steady.forget()
        assert np.array_equal(steady.follow(light, 0.1), light)
    assert ends == [pytest.approx(1 - 1 / np.e, abs=0.01)] * 2
