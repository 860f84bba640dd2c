"""The composed picture's textures: frames fade plainly, another picture is laid over, what waits is not lost."""

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from installation.render.passes.picture_layer import PictureLayer
from installation.render.shaders.uniforms import UNITS
from installation.render.surface import Offscreen
from installation.types import ByteArray, PictureFrame
from tests.screen import or_skipped


@pytest.fixture(scope="module")
def surface() -> Iterator[Offscreen]:
    with or_skipped():
        made = Offscreen((32, 32))
    yield made
    made.close()


@pytest.fixture
def layer(surface: Offscreen) -> Iterator[PictureLayer]:
    made = PictureLayer(surface.context)
    made.reconfigure(settings())
    yield made
    # A frame buffer that is bound must not go.
    surface.framebuffer.use()
    made.release()


def settings(enabled: bool = True, strength: float = 1.0, fade_s: float = 4.0) -> SimpleNamespace:
    return SimpleNamespace(enabled=enabled, strength=strength, fade_s=fade_s)


def plain(level: int, size: int = 16) -> ByteArray:
    return np.full((size, size, 4), level, np.uint8)


def frame(level: int, number: int, size: int = 16) -> PictureFrame:
    return PictureFrame(0.0, 1, number, plain(level, size), None, "test", 0.0)  # type: ignore[arg-type]


def levels(layer: PictureLayer) -> tuple[int, int]:
    """The middle of the picture before and of the newest, as they are encoded."""
    pair = [np.frombuffer(texture.read(), np.uint8) for texture in layer._shown]
    return int(pair[1 - layer._newest][0]), int(pair[layer._newest][0])


def test_without_a_picture_nothing_shows(layer: PictureLayer) -> None:
    assert layer.strength(5.0) == 0.0
    assert layer.fade(5.0) == 1.0


def test_the_first_picture_comes_gently_and_has_no_cross_fade(layer: PictureLayer) -> None:
    layer.put(frame(200, 1), 10.0)
    assert layer.strength(10.0) == 0.0 < layer.strength(10.5) < layer.strength(12.0) == 1.0
    assert layer.fade(10.0) == 1.0
    layer.draw(10.0)
    assert levels(layer)[1] == 200


def test_frames_of_one_picture_are_faded_plainly_over_the_measured_interval(layer: PictureLayer) -> None:
    for n in range(12):
        layer.put(frame(100, 1), n * 0.4)
    layer.put(frame(200, 1), 4.8)
    shown = []
    for t_s in (4.8, 5.0, 5.2):
        layer.draw(t_s)
        shown.append(levels(layer)[1])
    assert shown[0] == 100
    assert abs(shown[1] - 150) <= 1
    assert shown[2] == 200
    assert layer.fade(5.0) == 1.0, "it is one picture"


def test_another_picture_is_laid_over_the_one_before_which_is_frozen(layer: PictureLayer) -> None:
    layer.put(frame(100, 1), 0.0)
    layer.draw(1.0)
    layer.put(frame(200, 2), 2.0)
    layer.draw(2.0)
    assert levels(layer) == (100, 200)
    assert layer.fade(2.0) == 0.0
    assert layer.fade(4.0) == pytest.approx(0.5)
    assert layer.fade(6.0) == 1.0


def test_a_third_picture_waits_until_paint_that_has_begun_is_finished(layer: PictureLayer) -> None:
    layer.put(frame(100, 1), 0.0)
    layer.draw(0.5)
    layer.put(frame(150, 2), 1.0)
    layer.draw(1.0)
    layer.put(frame(180, 3), 2.0)
    layer.put(frame(190, 3), 2.2)
    layer.advance(3.0)
    layer.draw(3.0)
    assert levels(layer) == (100, 150)
    layer.advance(5.0)
    layer.draw(5.0)
    assert levels(layer) == (150, 190)
    assert layer.fade(5.0) == 0.0


def test_what_no_scene_has_shown_needs_no_cross_fade(layer: PictureLayer) -> None:
    layer.put(frame(100, 1), 0.0)
    layer.put(frame(150, 2), 1.0)
    assert layer.fade(1.0) == 1.0
    layer.draw(1.0)
    assert levels(layer)[1] == 150


def test_strength_is_the_artists_and_switching_off_forgets(layer: PictureLayer) -> None:
    layer.put(frame(100, 1), 0.0)
    layer.reconfigure(settings(strength=0.4))
    assert layer.strength(9.0) == pytest.approx(0.4)
    layer.reconfigure(settings(enabled=False))
    assert layer.strength(9.0) == 0.0


def test_another_size_is_taken_and_nothing_is_left_behind(surface: Offscreen, layer: PictureLayer) -> None:
    layer.put(frame(100, 1), 0.0)
    layer.draw(0.0)
    layer.put(frame(120, 1, size=64), 1.0)
    layer.draw(3.0)
    layer.use()
    assert layer._shown[layer._newest].size == (64, 64)
    assert levels(layer)[1] == 120
    assert UNITS["u_picture"] != UNITS["u_picture_before"]
    with pytest.raises(ValueError, match="must be"):
        layer.put(PictureFrame(0.0, 1, 1, np.zeros((8, 8, 3), np.uint8), None, "test", 0.0), 4.0)  # type: ignore[arg-type]
    assert surface.context.error == "GL_NO_ERROR"
