"""What is painted after a year of walking."""

import numpy as np
import pytest

from installation.generation.latent import LatentWalk
from installation.generation.procedural import procedural_texture
from installation.generation.style_table import KEYS_PER_PICTURE, StyleTable

YEAR = 365 * 86400.0
"""Positions of a walk that goes on by one a second."""


def test_the_stand_in_moves_as_on_the_first_day() -> None:
    affect = np.array([0.3, 0.4, 0.2, 0.1], np.float32)

    def step(position: float) -> float:
        pair = [procedural_texture(affect, position + more, 32).astype(int) for more in (0.0, 0.05)]
        return float(np.abs(pair[1] - pair[0]).mean())

    usual = [step(position) for position in np.linspace(0, 60, 30)]
    assert min(usual) > 0.1
    for position in (20 * np.pi - 0.02, 6 * YEAR, 6 * YEAR + 31.0):
        assert 0.5 * min(usual) < step(position) < 1.5 * max(usual), position


def test_the_walk_goes_on_in_small_steps_and_holds_two_keys() -> None:
    walk = LatentWalk({"z": (1, 64)}, seed=1)

    def step(position: float) -> float:
        return float(np.abs(walk.at(position + 0.01)["z"] - walk.at(position)["z"]).mean())

    assert step(YEAR + 0.3) == pytest.approx(step(0.3), rel=0.5)
    assert step(YEAR + 0.995) == pytest.approx(step(0.995), rel=0.5), "from one key to the next"
    for number in range(50):
        walk.choose(number + int(YEAR) + 2, 3)
        walk.at(YEAR + number)
    assert len(walk._keys) == 2
    assert len(walk._chosen) <= 3


def test_styles_wander_on() -> None:
    rng = np.random.default_rng(1)
    table = StyleTable({"neutral": rng.standard_normal((5, 100)).astype(np.float32)})
    emotion = np.array([0, 0, 0, 0, 0, 0, 1], np.float32)

    def step(position: float) -> float:
        return float(np.abs(table.at(emotion, position + 0.01 * KEYS_PER_PICTURE) - table.at(emotion, position)).max())

    steps = [step(YEAR + n * 0.01 * KEYS_PER_PICTURE) for n in range(100)]
    assert 0 < max(steps) < 0.2
