"""The light: by the opening hours, and taken away by the operator."""

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.scene.light import BLACKOUT_S, Light
from installation.scene.scene import Scene
from installation.types import SceneState


@pytest.fixture(scope="module")
def scene() -> SceneState:
    return Scene(SceneConfig(), 1).update((), None, 0.0, 0.0)


def run(light: Light, scene: SceneState, seconds: float, fps: int = 50) -> list[float]:
    return [light.dim(scene, 1 / fps).light for _ in range(round(seconds * fps))]


def test_a_blackout_is_there_within_half_a_second_and_goes_as_fast(scene: SceneState) -> None:
    light = Light()
    assert light.dim(scene, 0.02) is scene, "nothing is copied while all light is there"
    light.black_out(True)
    assert light.is_black
    shares = run(light, scene, 0.5)
    assert shares[-1] == 0.0
    assert np.diff(shares).max() <= 0
    assert max(-np.diff([1.0, *shares])) < 0.1, "no flash"
    light.black_out(False)
    assert not light.is_black
    assert run(light, scene, 0.5)[-1] == 1.0


@pytest.mark.parametrize("fps", [7, 30, 144])
def test_it_takes_the_same_time_at_any_rate(scene: SceneState, fps: int) -> None:
    light = Light()
    light.black_out(True)
    shares = run(light, scene, 1.0, fps)
    dark = next(n for n, share in enumerate(shares, 1) if share == 0)
    assert dark / fps == pytest.approx(BLACKOUT_S, abs=1.01 / fps)


def test_the_hours_and_a_blackout_are_two_factors(scene: SceneState) -> None:
    light = Light()
    light.toward(0.3, 0.0)
    assert light.dim(scene, 0.02).light == pytest.approx(0.3)
    light.black_out(True)
    assert run(light, scene, 0.5)[-1] == 0.0
    light.toward(1.0, 0.0)
    assert run(light, scene, 0.5)[-1] == 0.0, "that it opens does not end a blackout"
    light.black_out(False)
    assert run(light, scene, 0.5)[-1] == 1.0


def test_a_blackout_taken_back_midway_does_not_jump(scene: SceneState) -> None:
    light = Light()
    light.black_out(True)
    half = run(light, scene, BLACKOUT_S / 2)[-1]
    light.black_out(False)
    back = run(light, scene, 0.5)
    assert half == pytest.approx(0.5, abs=0.06)
    assert 0 < back[0] - half < 0.1
    assert back[-1] == 1.0
