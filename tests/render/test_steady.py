"""Once warm, the frame loop makes nothing new: no OpenGL object, no growing heap. And it answers at once."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.generation.procedural import procedural_texture
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import EMOTIONS, Silhouette, TextureFrame
from tests.screen import or_skipped

SIZE = (96, 54)
MAKERS = (
    "texture",
    "buffer",
    "framebuffer",
    "vertex_array",
    "program",
    "depth_renderbuffer",
    "simple_framebuffer",
    "query",
)


class Counting:
    """Stands for the context and counts what is made through it."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.made = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._context, name)
        if name not in MAKERS:
            return found

        def make(*args: Any, **kwargs: Any) -> Any:
            self.made += 1
            return found(*args, **kwargs)

        return make

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("_context", "made"):
            object.__setattr__(self, name, value)
        else:
            setattr(self._context, name, value)


@pytest.fixture
def stage() -> Iterator[tuple[Counting, Renderer, Offscreen]]:
    with or_skipped():
        surface = Offscreen(SIZE)
    real = surface.context
    counting = surface.context = Counting(real)
    renderer = Renderer(surface, OutputConfig(), {}, Notices(ManualClock()))
    yield counting, renderer, surface
    assert real.error == "GL_NO_ERROR"
    renderer.close()
    surface.context = real
    surface.close()


def perform(renderer: Renderer, scene: Scene, state_of: Callable, frames: range) -> None:
    """A visitor whose emotion changes every ten pictures; a texture and a camera picture come now and then."""
    rgba = procedural_texture(np.array([0.3, 0.4, 0.2, 0.1], np.float32), 1, 64)
    camera = np.zeros((36, 64, 3), np.uint8)
    for n in frames:
        who = state_of(EMOTIONS[(n // 10) % 7], x=0.3 + 0.4 * (n % 20) / 20)
        if n % 5 == 0:
            renderer.set_texture(TextureFrame(n / 30, n, rgba, None, "test", 0.0), n / 30)  # type: ignore[arg-type]
            renderer.set_camera(camera)
            renderer.set_silhouette(Silhouette(n / 30, n, camera[:, :, 0], camera))
        renderer.draw(scene.update((who,), who, n / 30, 1 / 30))
        renderer.measured(0.0, 1.0, n / 30, 1 / 30)


def test_a_warm_loop_makes_no_opengl_object_whatever_is_shown(
    stage: tuple[Counting, Renderer, Offscreen], state_of: Callable
) -> None:
    counting, renderer, _ = stage
    scene = Scene(SceneConfig(name=scene_names()[0], scene_fade_s=0.2), 3)
    for number in range(2 * len(scene_names())):
        if number == len(scene_names()):
            renderer.poll_shaders()
            counting.made = 0  # all scenes have been shown once
        perform(renderer, scene, state_of, range(number * 25, number * 25 + 25))
        scene.next_scene()
    assert counting.made == 0


def test_the_heap_does_not_grow_with_the_pictures(
    stage: tuple[Counting, Renderer, Offscreen], state_of: Callable
) -> None:
    _, renderer, _ = stage
    scene = Scene(SceneConfig(name="blossom"), 3)
    perform(renderer, scene, state_of, range(150))
    tracemalloc.start()
    try:
        perform(renderer, scene, state_of, range(150, 200))
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        perform(renderer, scene, state_of, range(200, 400))
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Births come and go within their bound; 200 pictures that each kept but a number of 28 bytes would show.
    assert after - before < 5_400


@pytest.mark.parametrize("name", scene_names())
def test_who_arrives_is_greeted_within_two_pictures(
    stage: tuple[Counting, Renderer, Offscreen], state_of: Callable, name: str
) -> None:
    _, renderer, _ = stage
    scene = Scene(SceneConfig(name=name), 3)
    for n in range(60):
        renderer.draw(scene.update((), None, n / 30, 1 / 30))
    alone = renderer.read_rgb().astype(float).mean()
    for n in (60, 61):
        who = state_of("neutral", presence=0.1 * (n - 59))
        renderer.draw(scene.update((who,), who, n / 30, 1 / 30))
    assert renderer.read_rgb().astype(float).mean() > alone + 1.0
