"""At full strength every scene shows the generated picture in its own colours: teal stays teal even in a golden mood."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.evaluation.look_measure import oklab
from installation.render.renderer import Renderer
from installation.scene.scene import Scene
from installation.types import TextureFrame
from tests.screen import drawing

SIZE = (160, 90)
TEAL = (20, 150, 150)
WORN = ("blossom", "sculpture", "supershape", "crystals", "swarm", "landscape", "aurora")
"""Scenes whose forms wear the generated picture."""


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=1.0) as made:
        yield made


def hue(renderer: Renderer, name: str, state: object, strength: float) -> np.ndarray:
    """(2,): mean OKLab a and b of what is lit in a picture of a scene that wears plain teal."""
    rgba = np.full((64, 64, 4), 255, np.uint8)
    rgba[:, :, :3] = TEAL
    scene = Scene(SceneConfig(name=name), 3)
    for n in range(90):
        found = scene.update((state,), state, n / 30, 1 / 30)  # type: ignore[arg-type]
        found = replace(found, look=found.look | {"texture": strength})
        if n == 0:
            renderer.set_texture(TextureFrame(0.0, 1, rgba, None, "test", 0.0), -60.0)
        if n % 6 == 0:  # particles need a past
            renderer.draw(found)
    renderer.draw(found)
    picture = renderer.read_rgb()
    return np.asarray(oklab(picture)[picture.max(axis=2) > 60][:, 1:].mean(axis=0))


@pytest.mark.parametrize("name", WORN)
def test_teal_stays_teal_at_full_strength(renderer: Renderer, state_of: object, name: str) -> None:
    happy = state_of("happy")  # type: ignore[operator]
    full, none = hue(renderer, name, happy, 1.0), hue(renderer, name, happy, 0.0)
    assert none[1] > 0.02, "joy is golden by itself"
    assert full[0] < -0.01, "teal is green"
    assert full[1] < none[1] - 0.05, "and has left the gold"
    assert full[1] < 0.03
