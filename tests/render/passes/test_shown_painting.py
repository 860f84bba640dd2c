"""A painting shown large: it comes and goes in strokes, looks as it is, and leaves nothing behind."""

from collections.abc import Iterator

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.scene.scene import Scene
from installation.types import ByteArray, SceneState
from tests.screen import drawing

SIZE = (160, 96)


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=0.5, quality="low") as made:
        yield made


def states() -> Iterator[SceneState]:
    scene, n = Scene(SceneConfig(name="supershape"), 3), 0
    while True:
        yield scene.update((), None, n / 10, 0.1)
        n += 1


def halves() -> ByteArray:
    """Red above, blue below."""
    rgba = np.zeros((128, 128, 4), np.uint8)
    rgba[:64, :, 0], rgba[64:, :, 2], rgba[..., 3] = 200, 180, 255
    return rgba


def test_it_comes_hangs_goes_and_is_freed(renderer: Renderer) -> None:
    scenes = states()
    renderer.draw(next(scenes))
    plain = renderer.read_rgb().astype(int)
    renderer.show_painting(halves(), 1.0, 4.0)
    seen: dict[int, ByteArray] = {}
    counts: list[int | None] = []
    for n in range(1, 62):
        renderer.draw(next(scenes))
        seen[n] = renderer.read_rgb()
        counts.append(renderer.object_count())
    hangs = seen[30].astype(int)
    assert np.abs(hangs[30, 80] - (200, 0, 0)).max() < 12
    assert np.abs(hangs[66, 80] - (0, 0, 180)).max() < 12
    assert hangs[48, 2].max() < 60, "a dim wall at its sides"
    tops = [seen[n][20:46, 45:115] for n in (12, 18, 21, 30)]
    reds = [((top[..., 0] > 150) & (top[..., 1] < 40)).mean() for top in tops]
    assert reds[0] == 0.0 < reds[1] < reds[2] < reds[3], "stroke by stroke"
    assert reds[3] > 0.98
    assert 0.05 < reds[2] < 0.98
    assert np.abs(seen[60].astype(int) - plain).mean() < 6, "the piece goes on"
    if counts[-1] is not None:
        assert counts[-1] <= counts[5]  # type: ignore[operator]
        assert counts[30] == counts[-1] + 3, "painting, target and its texture are freed"


def test_it_is_in_a_large_capture_too(renderer: Renderer) -> None:
    scenes = states()
    for _ in range(3):
        scene = next(scenes)
    renderer.show_painting(halves(), -5.0, 20.0)
    renderer.draw(scene)
    left = renderer.draw_part(scene, (320, 192), (0.0, 0.0, 0.5, 1.0), (160, 192))
    right = renderer.draw_part(scene, (320, 192), (0.5, 0.0, 0.5, 1.0), (160, 192))
    whole = np.hstack([left, right]).astype(int)
    assert np.abs(whole[60, 160] - (200, 0, 0)).max() < 12
    assert np.abs(whole[132, 160] - (0, 0, 180)).max() < 12
    assert np.abs(whole[::2, ::2] - renderer.read_rgb()).mean() < 6


def test_a_second_painting_takes_its_place_and_another_shape_is_refused(renderer: Renderer) -> None:
    scene = next(states())
    renderer.show_painting(halves(), -5.0, 20.0)
    renderer.show_painting(halves()[::-1].copy(), -5.0, 20.0)
    renderer.draw(scene)
    assert renderer.read_rgb()[30, 80, 2] > 150
    with pytest.raises(ValueError, match="must be"):
        renderer.show_painting(np.zeros((8, 8, 3), np.uint8), 0.0, 5.0)
