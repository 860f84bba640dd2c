"""From one scene to the next: whole scenes at both ends, a front from the visitor between them, and no cost elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.scene.scene import Scene
from installation.types import SceneState
from tests.screen import drawing

SIZE = (192, 108)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=1.0, quality="low", glow=0.0) as made:
        yield made


def state(state_of: Callable) -> SceneState:
    scene, who = Scene(SceneConfig(name="landscape"), 3), (state_of("happy", x=0.5),)
    for n in range(60):
        found = scene.update(who, who[0], n / 30, 1 / 30)
    return found


def drawn(renderer: Renderer, scene: SceneState) -> np.ndarray:
    renderer.draw(scene)
    return renderer.read_rgb().astype(float)


def test_it_begins_with_the_old_scene_and_ends_with_the_new_one(renderer: Renderer, state_of: Callable) -> None:
    now = state(state_of)
    old, new = drawn(renderer, now), drawn(renderer, replace(now, scene="aurora"))
    change = replace(now, scene="aurora", previous="landscape")
    first, last = drawn(renderer, replace(change, blend=0.001)), drawn(renderer, replace(change, blend=0.999))
    assert np.abs(first - old).mean() < 0.1 * np.abs(new - old).mean()
    assert np.abs(last - new).mean() < 0.1 * np.abs(new - old).mean()


def test_the_new_scene_comes_from_the_visitor_outwards(renderer: Renderer, state_of: Callable) -> None:
    now = state(state_of)
    old, new = drawn(renderer, now), drawn(renderer, replace(now, scene="aurora"))
    half = drawn(renderer, replace(now, scene="aurora", previous="landscape", blend=0.55))
    apart = np.abs(new - old).sum(axis=2) + 1.0
    share = np.clip(np.abs(half - old).sum(axis=2) / apart, 0, 1)
    middle, edge = share[40:68, 80:112].mean(), share[:, :12].mean()
    assert middle > edge + 0.2


def test_layers_are_made_once_and_only_for_a_change(renderer: Renderer, state_of: Callable) -> None:
    now = state(state_of)
    drawn(renderer, now)
    before = renderer.object_count()
    change = replace(now, scene="aurora", previous="landscape", blend=0.5)
    drawn(renderer, replace(now, scene="aurora"))
    built = renderer.object_count()
    drawn(renderer, change)
    with_layers = renderer.object_count()
    for blend in (0.6, 0.7, 0.8):
        drawn(renderer, replace(change, blend=blend))
    assert renderer.object_count() == with_layers
    if before is not None and built is not None and with_layers is not None:
        assert built < with_layers <= built + 8


def test_a_part_of_a_large_picture_changes_like_the_whole(renderer: Renderer, state_of: Callable) -> None:
    change = replace(state(state_of), scene="aurora", previous="landscape", blend=0.5)
    whole = renderer.draw_part(change, SIZE, (0.0, 0.0, 1.0, 1.0), SIZE).astype(float)
    left = renderer.draw_part(change, SIZE, (0.0, 0.0, 0.5, 1.0), (SIZE[0] // 2, SIZE[1])).astype(float)
    assert np.abs(whole[:, : SIZE[0] // 2 - 16] - left[:, :-16]).mean() < 2.0
