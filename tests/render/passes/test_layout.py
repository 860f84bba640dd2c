"""The shapes in rough cells: their colour, their cover, the right way up, and only where somebody wants them."""

from collections.abc import Iterator

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.passes.layout import Layout
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import LAYOUT, ByteArray, SceneState
from tests.screen import offscreen

SIZE = (160, 96)


@pytest.fixture(scope="module")
def surface() -> Iterator[Offscreen]:
    with offscreen(SIZE) as made:
        yield made


@pytest.fixture
def renderer(surface: Offscreen) -> Iterator[Renderer]:
    made = Renderer(surface, OutputConfig(render_scale=1.0, quality="low"), {}, Notices(ManualClock()))
    yield made
    made.close()


def state(name: str, t_s: float = 1.0) -> SceneState:
    scene = Scene(SceneConfig(name=name), 3)
    for n in range(30):
        found = scene.update((), None, t_s + n / 30, 1 / 30)
    return found


@pytest.mark.parametrize("buffered", [False, True])
def test_colour_is_the_shapes_own_and_alpha_their_cover(surface: Offscreen, buffered: bool) -> None:
    context = surface.context
    shown, cover = np.zeros((64, 64, 4), np.uint8), np.zeros((64, 64, 4), np.uint8)
    shown[:] = (10, 20, 30, 255)
    # OpenGL's first row is the lowest: this is the top left quarter, and of the cell at its corner a half.
    shown[32:, :32] = (200, 100, 50, 255)
    cover[32:, :32, 3] = 255
    cover[:, :2, 3] = 0
    textures = [context.texture((64, 64), 4, pixels.tobytes()) for pixels in (shown, cover)]
    layout = Layout(context, buffered)
    found: list[tuple[float, ByteArray]] = []
    layout.offer(*textures, 0.0)
    layout.on_layout = lambda t_s, rgba: found.append((t_s, rgba))
    for t_s in (1.0, 1.1, 1.21):
        layout.offer(*textures, t_s)
    assert [t_s for t_s, _ in found] == ([1.0] if buffered else [1.0, 1.21]), "five a second; buffered, one later"
    rgba = found[0][1]
    assert rgba.shape == (LAYOUT, LAYOUT, 4)
    assert rgba.dtype == np.uint8
    assert not rgba.flags.writeable
    assert np.abs(rgba[1:7, 1:7].astype(int) - (200, 100, 50, 255)).max() <= 1
    assert (rgba[9:15, :, 3] == 0).all()
    assert (rgba[:, 9:15, 3] == 0).all()
    assert abs(int(rgba[3, 0, 3]) - 128) < 30
    assert abs(int(rgba[3, 0, 0]) - 200) <= 1
    assert (layout.now(*textures) == rgba).all()
    layout.release()
    for texture in textures:
        texture.release()


def test_the_renderer_gives_layouts_of_scenes_that_compose(renderer: Renderer) -> None:
    found: list[ByteArray] = []
    renderer.layout.on_layout = lambda _, rgba: found.append(rgba)
    renderer.draw(state("blossom"))
    assert len(found) == 1
    middle, corner = found[0][6:10, 6:10], found[0][0, 0]
    assert middle[..., 3].max() > 150
    assert corner[3] < 40
    assert middle[..., :3].max() > 60
    for n, name in enumerate(("landscape", "atelier")):
        renderer.draw(state(name, 10.0 + n))
    assert len(found) == 1, "they show the picture themselves"


def test_a_layout_at_once_of_any_scene(renderer: Renderer) -> None:
    blossom = state("blossom")
    renderer.draw(blossom)
    at_once = renderer.layout_now(blossom)
    assert at_once.shape == (LAYOUT, LAYOUT, 4)
    assert at_once[..., 3].max() > 150
    assert renderer.layout_now(state("landscape"))[..., 3].min() > 200, "land and sky cover everything"


def test_no_visitors_picture_goes_into_a_layout(renderer: Renderer) -> None:
    found: list[ByteArray] = []
    renderer.layout.on_layout = lambda _, rgba: found.append(rgba)
    renderer.set_camera(np.full((36, 64, 3), 200, np.uint8))
    scene = state("portrait")
    renderer.draw(scene)
    assert found == []
    assert not renderer.layout_now(scene).any()
