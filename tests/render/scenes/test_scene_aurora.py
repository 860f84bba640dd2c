"""The aurora: a veil of fine threads over who is there, which shows the face, ends in a fade and is told apart by mood."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.scene.scene import Scene
from installation.types import FIGURE_COLUMNS, FloatArray, SceneState
from tests.screen import drawing

SIZE = (320, 180)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=1.0, quality="high", glow=0.0) as made:
        yield made


def near(state: object, **shown: float) -> SceneState:
    """Somebody in the middle of whom a face is all that is seen."""
    scene = Scene(SceneConfig(name="aurora"), 3)
    for n in range(90):
        found = scene.update((state,), state, n / 30, 1 / 30)  # type: ignore[arg-type]
    figures = np.zeros((1, len(FIGURE_COLUMNS)), np.float32)
    for name, value in ({"face": 1.0, "head_half_height": 0.5, "head_known": 1.0} | shown).items():
        figures[0, FIGURE_COLUMNS.index(name)] = value
    return replace(found, figures=figures)


def grey(renderer: Renderer, scene: SceneState) -> FloatArray:
    renderer.draw(scene)
    return renderer.read_rgb().astype(np.float32).mean(axis=2)


def test_the_face_is_felt_under_the_veil(renderer: Renderer, state_of: Callable) -> None:
    state = state_of("neutral")
    shut, wide = grey(renderer, near(state)), grey(renderer, near(state, jaw_open=1.0))
    changed = np.abs(wide - shut) > 12
    assert changed[:, 140:180].sum() > 40, "the mouth opens"
    assert changed[:, :100].sum() + changed[:, 220:].sum() < 10


def test_the_veil_is_of_fine_threads(renderer: Renderer, state_of: Callable) -> None:
    """From pixel to pixel across the breast light goes up and down often."""
    drawn = grey(renderer, near(state_of("neutral")))
    row = drawn[118, 125:195]
    turns = np.diff(np.sign(np.diff(row))) != 0
    assert turns.sum() > 14


def test_no_thread_ends_at_a_straight_edge(renderer: Renderer, state_of: Callable) -> None:
    """Down the veil from the breast no row of it is cut off all at once."""
    for mood in ("neutral", "happy", "sad"):
        drawn = grey(renderer, near(state_of(mood)))
        step = np.abs(np.diff(drawn[110:147, 130:190], axis=0))
        assert np.median(step, axis=1).max() < 14, mood
