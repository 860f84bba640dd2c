"""The operator's emoji is drawn: not blank, round, and another one for each step."""

import numpy as np
import pygame
import pytest

from installation.render.hud_face import FACES, face_picture


def pixels(label: str, level: int) -> np.ndarray:
    """(56, 56, 4) uint8."""
    surface = face_picture(label, level, 56)
    return np.frombuffer(pygame.image.tobytes(surface, "RGBA"), np.uint8).reshape(56, 56, 4)


@pytest.mark.parametrize("label", FACES)
def test_a_face_is_round_and_has_features(label: str) -> None:
    for level in range(len(FACES[label])):
        picture = pixels(label, level)
        assert picture[:2, :2, 3].max() == 0, "nothing in the corners"
        assert 0.70 < (picture[..., 3] > 200).mean() < 0.85, "a disc"
        inside = picture[28 - 18 : 28 + 20, 28 - 18 : 28 + 18, :3].astype(int)
        assert 0.02 < (inside.max(axis=2) < 110).mean() < 0.5, "eyes and a mouth in ink"


def test_every_step_looks_different() -> None:
    every = [pixels(label, level)[..., :3].astype(int) for label, steps in FACES.items() for level in range(len(steps))]
    for n, one in enumerate(every):
        for other in every[:n]:
            assert (np.abs(one - other).max(axis=2) > 40).mean() > 0.01


def test_joy_lifts_the_corners_of_the_mouth_and_grief_drops_them() -> None:
    def mouth(label: str) -> tuple[float, float]:
        """Mean row of the ink in the mouth's middle and at its sides."""
        ink = pixels(label, 0)[34:52, :, :3].max(axis=2) < 130
        rows = np.arange(18)[:, None] * np.ones(56)
        middle, side = ink[:, 26:30], np.concatenate([ink[:, 16:20], ink[:, 36:40]], axis=1)
        return float(rows[:, 26:30][middle].mean()), float(rows[:, :8][side].mean())

    middle, side = mouth("happy")
    assert side < middle - 1
    middle, side = mouth("sad")
    assert side > middle + 1
