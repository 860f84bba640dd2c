"""A visitor's painted face in the portrait: it comes, follows, dissolves, and nothing is kept of it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.passes.avatar_layer import COME_S, GO_S, AvatarLayer
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import FIGURE_COLUMNS, SHAPE_COLUMNS, AvatarFrame, ByteArray, SceneState, Silhouette
from tests.screen import offscreen

SIZE = (192, 108)
NOBODY = AvatarFrame(0.0, 2, np.zeros((1, 1, 4), np.uint8), None, 0.0)


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with offscreen(SIZE) as made:
        yield made


def green_face() -> AvatarFrame:
    rgba = np.zeros((64, 64, 4), np.uint8)
    rgba[8:56, 8:56] = (0, 255, 0, 255)
    return AvatarFrame(0.0, 1, rgba, 3, 1.0)


def test_it_comes_follows_and_dissolves(surface: Offscreen) -> None:
    layer = AvatarLayer(surface.context)
    assert layer.place()[3] == 0
    layer.follow((0.4, 0.3, 0.2))
    layer.put(green_face(), 0.0)
    layer.advance(0.01)
    assert layer.place()[:3] == pytest.approx((0.4, 0.3, 0.2)), "it begins where the face is"
    for _ in range(round(COME_S / 0.02) + 1):
        layer.advance(0.02)
    assert layer.place()[3] == 1
    layer.follow((0.6, 0.3, 0.2))
    shares = []
    for _ in range(20):
        layer.advance(0.02)
        shares.append(layer.place()[0])
    assert shares == sorted(shares), "no swinging"
    assert shares[0] < 0.5
    assert shares[-1] == pytest.approx(0.6, abs=0.01)
    layer.put(NOBODY, 1.0)
    layer.advance(GO_S / 20)
    assert 0.9 < layer.place()[3] < 1
    for _ in range(25):
        layer.advance(GO_S / 20)
    assert layer.place()[3] == 0
    layer.release()


def test_nothing_is_kept_of_a_face_that_is_gone(surface: Offscreen) -> None:
    layer = AvatarLayer(surface.context)
    for frame in (green_face(), green_face(), NOBODY):
        layer.put(frame, 0.0)
        for _ in range(30):
            layer.advance(0.1)
    assert [max(texture.read()) for texture in layer._worn._pair] == [0, 0]
    layer.release()


def red_face(person: int) -> AvatarFrame:
    rgba = np.zeros((64, 64, 4), np.uint8)
    rgba[8:56, 8:56] = (255, 0, 0, 255)
    return AvatarFrame(0.0, 2, rgba, person, 1.0)


def test_one_visitors_paint_never_fades_into_anothers(surface: Offscreen) -> None:
    layer = AvatarLayer(surface.context)
    layer.follow((0.4, 0.3, 0.2))
    layer.put(green_face(), 0.0)
    for _ in range(20):
        layer.advance(0.1)
    assert layer.place()[3] == 1
    layer.put(red_face(4), 2.0)
    assert layer.place()[3] == 0, "the other one's face comes from nothing"
    colours = [np.frombuffer(texture.read(), np.uint8).reshape(-1, 4) for texture in layer._worn._pair]
    assert max(int(pixels[:, 1].max()) for pixels in colours) == 0, "nothing green is left"
    layer.follow((0.8, 0.3, 0.2))
    layer.advance(0.02)
    assert layer.place()[:3] == pytest.approx((0.8, 0.3, 0.2)), "it begins where the other one is"
    layer.release()


def test_what_vanishes_is_gone_in_the_next_picture(surface: Offscreen) -> None:
    layer = AvatarLayer(surface.context)
    layer.follow((0.4, 0.3, 0.2))
    layer.put(green_face(), 0.0)
    for _ in range(20):
        layer.advance(0.1)
    assert not layer.is_empty
    layer.vanish()
    assert layer.place()[3] == 0
    assert layer.is_empty
    assert [max(texture.read()) for texture in layer._worn._pair] == [0, 0]
    layer.release()


HEAD = (0.25, 0.6, 0.15)
"""x, y in the camera's picture and half the height of the visitor's head, as in HEAD_COLUMNS."""


def portrait(head: tuple[float, float, float] = HEAD) -> SceneState:
    """A visitor whose ``head`` is known, in the lower left of the camera's picture as a rule."""
    scene = Scene(SceneConfig(name="portrait"), 3)
    for n in range(30):
        found = scene.update((), None, n / 30, 1 / 30)
    figures, shapes = found.figures.copy(), found.shapes.copy()
    known = {
        "head_half_height": 2 * head[2],
        "head_known": 1.0,
        "head_x": (2 * head[0] - 1) * 16 / 9,
        "head_y": 1 - 2 * head[1],
    }
    for name, value in known.items():
        figures[0, FIGURE_COLUMNS.index(name)] = value
    shapes[0, SHAPE_COLUMNS.index("presence")] = 1.0
    return replace(found, figures=figures, shapes=shapes, presence=1.0)


def test_the_portrait_lays_it_on_the_head_the_right_way_up_and_nowhere_else(surface: Offscreen) -> None:
    renderer = Renderer(surface, OutputConfig(render_scale=1.0, glow=0.0), {}, Notices(ManualClock()))
    state = portrait()
    rgb = np.full((108, 192, 3), 60, np.uint8)
    renderer.set_silhouette(Silhouette(0.0, 1, np.full((54, 96), 255, np.uint8), rgb))

    def seen(n: int) -> ByteArray:
        renderer.draw(_later(state, n))
        return renderer.read_rgb().astype(int)

    for n in range(30):
        seen(n)
    without = seen(30)
    face = green_face()
    face.rgba[:32, :, :3] = (255, 0, 0)  # the upper half is red
    renderer.avatar.follow((HEAD[0], HEAD[1], HEAD[2]))
    renderer.avatar.put(face, 1.0)
    for n in range(31, 61):
        shown = seen(n)
    # The picture is hung anew, so that head and shoulders fill it: this head a little to the left of its middle, above it.
    gain = shown - without
    greener = gain[:, :, 1] - gain[:, :, 0]
    assert greener[46:52, 80:90].mean() > 8, "the lower half is green"
    assert greener[32:38, 80:90].mean() < -8, "the upper half is red"
    assert np.abs(greener[:, 120:]).mean() < 3, "only on the head"
    assert renderer.shows_camera(state)
    renderer.close()


def test_the_portrait_hangs_a_near_head_and_a_far_one_alike(surface: Offscreen) -> None:
    pictures = []
    for head in ((0.5, 0.5, 0.45), (0.5, 0.3, 0.04)):
        renderer = Renderer(surface, OutputConfig(render_scale=1.0, glow=0.0), {}, Notices(ManualClock()))
        state = portrait(head)
        for n in range(20):
            renderer.draw(_later(state, n))
        pictures.append(renderer.read_rgb().astype(int))
        renderer.close()
    near, far = pictures
    light = near[28:52, 84:108].max(axis=2)
    assert light.mean() > 60, "a face, light enough to see"
    assert np.abs(near - far).mean() < 2


def _later(state: SceneState, n: int) -> SceneState:
    """The same a thirtieth of a second later, ``n`` times."""
    return replace(state, t_s=state.t_s + n / 30)
