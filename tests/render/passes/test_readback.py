"""The way out and back in of the picture that is repainted: upright, in colour, in time, and never fed with itself."""

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.passes.painted import Painted
from installation.render.passes.readback import STRIDE, Readback, copy_size
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen, live_objects
from installation.scene.scene import Scene
from tests.screen import offscreen

SIZE = (320, 180)


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with offscreen(SIZE) as made:
        yield made


def picture_of(surface: Offscreen, rgb: np.ndarray, alpha: int = 255) -> moderngl.Texture:
    """A texture of (H, W, 3), row 0 on top."""
    rgba = np.dstack([rgb, np.full(rgb.shape[:2], alpha, np.uint8)])
    texture = surface.context.texture((rgb.shape[1], rgb.shape[0]), 4, np.ascontiguousarray(rgba[::-1]).tobytes())
    texture.repeat_x = texture.repeat_y = False
    return texture


def quarters() -> np.ndarray:
    rgb = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    rgb[:90, :160], rgb[:90, 160:], rgb[90:, :160] = (200, 20, 20), (20, 200, 20), (20, 20, 200)
    return rgb


def test_a_copy_is_small_upright_and_in_colour(surface: Offscreen) -> None:
    back = Readback(surface.context, buffered=False)
    source = picture_of(surface, quarters())
    found = back.take(source, 160 * 90, 3.5, 5)
    assert surface.context.error == "GL_NO_ERROR"
    assert found is not None
    t_s, rgb = found
    assert t_s == 3.5
    assert rgb.shape == (88, 160, 3)
    assert not rgb.flags.writeable
    for (y, x), colour in {(20, 40): (200, 20, 20), (20, 120): (20, 200, 20), (70, 40): (20, 20, 200)}.items():
        assert np.abs(rgb[y, x].astype(int) - colour).max() <= 1
    back.release()
    source.release()


def test_a_copy_is_a_mean_and_no_pick(surface: Offscreen) -> None:
    stripes = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    stripes[:, ::2] = 240
    source = picture_of(surface, stripes)
    back = Readback(surface.context, buffered=False)
    found = back.take(source, 80 * 45, 0.0, 5)
    assert found is not None
    assert np.abs(found[1].astype(int) - 120).max() < 35
    back.release()
    source.release()


def test_through_buffers_each_copy_comes_with_the_next_and_has_its_own_time(surface: Offscreen) -> None:
    back = Readback(surface.context, buffered=True)
    levels = [picture_of(surface, np.full((90, 160, 3), level, np.uint8)) for level in (30, 90, 150)]
    got = [back.take(texture, 160 * 90, float(n), 5) for n, texture in enumerate(levels)]
    assert got[0] is None
    for n, found in enumerate(got[1:]):
        assert found is not None
        assert (found[0], int(found[1].mean())) == (float(n), (30, 90)[n])
    back.release()
    for texture in levels:
        texture.release()


def test_copies_are_due_so_many_times_a_second(surface: Offscreen) -> None:
    back = Readback(surface.context, buffered=False)
    source = picture_of(surface, quarters())
    taken = 0
    for n in range(61):
        t_s = n / 60
        if back.wants(t_s, 5):
            back.take(source, 64 * 36, t_s, 5)
            taken += 1
    assert taken in (5, 6)
    assert not back.wants(100.0, 0)
    assert back.wants(-50.0, 5), "a clock that was set back stops nothing"
    back.release()
    source.release()


def test_neither_makes_objects_once_warm(surface: Offscreen) -> None:
    back, painted = Readback(surface.context, buffered=True), Painted(surface.context)
    source = picture_of(surface, quarters())

    def once(n: int) -> None:
        found = back.take(source, 160 * 90, n / 5, 5)
        if found is not None:
            painted.put(np.dstack([found[1], np.full(found[1].shape[:2], 255, np.uint8)]), found[1], n / 5)
        painted.draw(source, source, 1.0, 0.5, n / 5)

    for n in range(4):
        once(n)
    before = live_objects()
    for n in range(4, 60):
        once(n)
    assert live_objects() == before
    assert surface.context.error == "GL_NO_ERROR"
    back.release()
    painted.release()
    source.release()


@pytest.mark.parametrize(
    ("size", "pixels"), [((1280, 720), 65536), ((720, 1280), 65536), ((64, 64), 65536), ((4000, 90), 20000)]
)
def test_copy_sizes_keep_the_form(size: tuple[int, int], pixels: int) -> None:
    width, height = copy_size(size, pixels)
    assert width % STRIDE == height % STRIDE == 0
    assert width <= size[0]
    assert height <= size[1] + STRIDE
    assert width * height <= 1.1 * pixels
    if min(width, height) >= 64:
        assert width / height == pytest.approx(size[0] / size[1], rel=0.03)


def shown(texture: moderngl.Texture) -> np.ndarray:
    width, height = texture.size
    return np.frombuffer(texture.read(), np.uint8).reshape(height, width, 4)[::-1, :, :3].astype(int)


def test_the_painting_lies_behind_what_covers_and_over_all_by_its_share(surface: Offscreen) -> None:
    painted = Painted(surface.context)
    level = np.full((90, 160, 3), 60, np.uint8)
    source = picture_of(surface, level)
    covers = np.zeros((90, 160, 4), np.uint8)
    covers[:, 80:, 3] = 255
    cover = surface.context.texture((160, 90), 4, covers.tobytes())
    assert painted.draw(source, cover, 1.0, 1.0, 0.0) is source, "nothing was painted yet"
    model = np.full((36, 64, 3), 60, np.uint8)
    painting = np.full((36, 64, 4), 90, np.uint8)
    painting[:18, :, 0] = 75
    painted.put(painting, model, 0.0)
    assert painted.draw(source, cover, 0.0, 0.0, 1.0) is source
    behind = shown(painted.draw(source, cover, 1.0, 0.0, 9.0))
    assert np.abs(behind[10, 20] - (75, 90, 90)).max() <= 1, "row 0 of the painting is on top"
    assert np.abs(behind[80, 20] - 90).max() <= 1
    assert np.abs(behind[:, 100:] - 60).max() <= 1, "shapes are not painted over"
    first = shown(painted.draw(source, cover, 0.0, 1.0, 0.25))
    assert np.abs(first[80, 20] - 75).max() <= 1, "the first one fades in"
    half = shown(painted.draw(source, cover, 0.0, 0.5, 9.0))
    assert np.abs(half[80, 20] - 75).max() <= 1
    assert np.abs(half[80, 120] - 75).max() <= 1
    part = shown(painted.draw(source, cover, 0.0, 1.0, 9.0, (0.0, 0.5, 1.0, 0.5)))
    assert np.abs(part[80, 20] - (75, 90, 90)).max() <= 1, "the upper half of the whole is all of this part"
    painted.put(np.full((36, 64, 4), 70, np.uint8), model, 10.0)
    between = shown(painted.draw(source, cover, 0.0, 1.0, 10.0))
    assert np.abs(between[80, 20] - 90).max() <= 1, "a new painting begins from the one before"
    assert np.abs(shown(painted.draw(source, cover, 0.0, 1.0, 15.0)) - 70).max() <= 1
    with pytest.raises(ValueError, match="painting"):
        painted.put(np.zeros((36, 64, 3), np.uint8), model, 11.0)
    with pytest.raises(ValueError, match="model"):
        painted.put(painting, painting, 11.0)
    assert surface.context.error == "GL_NO_ERROR"
    for part in (painted, source, cover):
        part.release()


def test_over_all_edges_stay_sharp_and_nothing_lags_behind(surface: Offscreen) -> None:
    painted = Painted(surface.context)
    now, then = np.zeros((90, 160, 3), np.uint8), np.zeros((36, 64, 3), np.uint8)
    now[:, 80:], then[:, 24:56] = 160, 160
    painting = np.zeros((36, 64, 4), np.uint8)
    painting[:, 24:56, :3] = 100
    painted.put(painting, then, 0.0)
    source, cover = picture_of(surface, now), picture_of(surface, now)
    out = shown(painted.draw(source, cover, 0.0, 1.0, 9.0))[45, :, 0]
    assert np.abs(out[85:130] - 100).max() <= 2, "painted as the model was"
    assert out[:80].max() == 0, "where the shape was before nothing is left of it"
    assert out[80] - out[79] > 60, "the edge is the picture's own"
    for part in (painted, source, cover):
        part.release()


def test_the_room_does_not_cover_and_shapes_do(surface: Offscreen) -> None:
    scene = Scene(SceneConfig(name="blossom"), 3)
    for n in range(60):
        state = scene.update((), None, n / 30, 1 / 30)
    renderer = Renderer(surface, OutputConfig(render_scale=1.0), {}, Notices(ManualClock()))
    renderer.draw(state)
    colour = renderer._targets.get(renderer._inner_size(state)).colour
    alpha = np.frombuffer(colour.read(), np.float16).reshape(SIZE[1], SIZE[0], 4)[:, :, 3]
    renderer.close()
    assert alpha[-10:, :30].max() == 0
    assert alpha[80:100, 150:170].max() == 1
