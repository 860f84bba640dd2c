"""Quarters that four machines draw are the whole that one draws: no seams, no double edges, the notice runs through."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.render.scene_drawing import Part
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import ByteArray, SceneState

SIZE = (160, 90)
QUARTERS: list[list[Part]] = [[(x, y, 0.5, 0.5) for x in (0.0, 0.5)] for y in (0.5, 0.0)]
CONFIG = OutputConfig(mode="offscreen", quality="medium", render_scale=1.0)


def show(name: str, count: int = 12, **more: object) -> list[SceneState]:
    scene = Scene(SceneConfig(name=name), 1)
    return [replace(scene.update((), None, k * 0.1, 0.1), **more) for k in range(count)]  # type: ignore[arg-type]


def drawn(
    states: Sequence[SceneState], part: Part, size: tuple[int, int], painting: ByteArray | None = None
) -> ByteArray:
    """The last of ``states``, all of them drawn."""
    surface = Offscreen(size)
    renderer = Renderer(surface, CONFIG, {}, Notices(ManualClock()))
    renderer.part, renderer.drawing.in_step = part, True
    if painting is not None:
        renderer.show_painting(painting, -5.0, 60.0)
    for number, state in enumerate(states):
        renderer.draw(state, frame=number)
    found = renderer.read_rgb()
    renderer.close()
    surface.close()
    return found


def whole_and_quarters(states: Sequence[SceneState], painting: ByteArray | None = None) -> tuple[ByteArray, ByteArray]:
    whole = drawn(states, (0.0, 0.0, 1.0, 1.0), (2 * SIZE[0], 2 * SIZE[1]), painting)
    rows = [np.concatenate([drawn(states, part, SIZE, painting) for part in row], axis=1) for row in QUARTERS]
    return whole, np.concatenate(rows, axis=0)


def judge(whole: ByteArray, quarters: ByteArray) -> None:
    """Grain is each machine's own, glow is that of a smaller picture; a seam or a shift would be far more."""
    away = np.abs(whole.astype(int) - quarters)
    assert whole.std() > 5, "nothing is drawn: everything would agree"
    assert away.mean() < 2.5
    assert np.percentile(away, 99) < 20
    middle = SIZE[0]
    across = np.abs(np.diff(quarters.astype(int), axis=1)).mean(axis=(0, 2))
    expected = np.abs(np.diff(whole.astype(int), axis=1)).mean(axis=(0, 2))
    # Anti-aliasing does not see the neighbour's pixels: the last column of each is as it is drawn.
    assert across[middle - 1] < 2.0 * expected[middle - 1] + 2.0, "a seam where two parts meet"


@pytest.mark.parametrize(
    "name", ["blossom", "swarm", *(pytest.param(name, marks=pytest.mark.long) for name in ("landscape", "atelier"))]
)
def test_quarters_are_the_whole(name: str) -> None:
    judge(*whole_and_quarters(show(name)))


def test_the_notice_runs_through() -> None:
    states = show("blossom", notice=1.0, notice_s=2.0)
    whole, quarters = whole_and_quarters(states)
    judge(whole, quarters)
    bare = drawn(show("blossom"), (0.0, 0.0, 1.0, 1.0), (2 * SIZE[0], 2 * SIZE[1]))
    assert np.abs(whole.astype(int) - bare).mean() > 1.0, "no notice is there to be compared"


def test_a_scene_that_changes_does_so_in_all_parts() -> None:
    states = [
        replace(one, scene="landscape", previous="blossom", blend=0.04 * k) for k, one in enumerate(show("blossom"))
    ]
    judge(*whole_and_quarters(states))


def test_a_large_painting_lies_over_all_parts() -> None:
    painting = np.zeros((64, 64, 4), np.uint8)
    painting[..., 0] = np.arange(64)[None, :] * 4
    painting[..., 1] = np.arange(64)[:, None] * 4
    painting[..., 3] = 255
    judge(*whole_and_quarters(show("blossom", 4), painting))


def test_two_machines_with_the_same_past_draw_the_same_bits() -> None:
    states, part = show("swarm"), QUARTERS[0][1]
    np.testing.assert_array_equal(drawn(states, part, SIZE), drawn(states, part, SIZE))
