"""The sculpture: it follows limbs at once, rests as a knot where none are known, and two melt where they meet."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import JOINTS, SHAPE_COLUMNS, ByteArray, FloatArray, SceneState
from tests.screen import or_skipped

SIZE = (160, 90)
LIT = 45
STANDING = {
    "head": (0, 0.62), "neck": (0, 0.42), "chest": (0, 0.27), "pelvis": (0, -0.12),
    "left_shoulder": (0.14, 0.36), "right_shoulder": (-0.14, 0.36), "left_elbow": (0.2, 0.14), "right_elbow": (-0.2, 0.14),
    "left_wrist": (0.22, -0.06), "right_wrist": (-0.22, -0.06), "left_hip": (0.09, -0.12), "right_hip": (-0.09, -0.12),
    "left_knee": (0.1, -0.46), "right_knee": (-0.1, -0.46), "left_ankle": (0.1, -0.8), "right_ankle": (-0.1, -0.8),
}  # fmt: skip


def standing(x: float = 0.0, **moved: tuple[float, float]) -> FloatArray:
    """(len(JOINTS), 4): somebody at ``x`` (scene units), with joints ``moved`` to other places beside the body's middle."""
    places = STANDING | moved
    return np.array([(places[name][0] + x, places[name][1], 0.0, 1.0) for name in JOINTS], np.float32)


@pytest.fixture(scope="module")
def draw() -> Iterator[Callable[[SceneState], ByteArray]]:
    with or_skipped():
        surface = Offscreen(SIZE)
    renderer = Renderer(surface, OutputConfig(render_scale=1.0, quality="high", glow=0.0), {}, Notices(ManualClock()))

    def drawn(scene: SceneState) -> ByteArray:
        renderer.draw(scene)
        assert surface.context.error == "GL_NO_ERROR"
        return renderer.read_rgb()

    yield drawn
    renderer.close()
    surface.close()


def scene_of(*states: object, seconds: float = 4.0) -> SceneState:
    scene = Scene(SceneConfig(name="sculpture"), 3)
    for n in range(round(seconds * 30)):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)  # type: ignore[arg-type]
    return found


def with_joints(scene: SceneState, *bodies: FloatArray) -> SceneState:
    """``scene`` with a shape for each of ``bodies``; None stands for a body that is not known."""
    shapes = np.repeat(scene.shapes[:1], len(bodies), axis=0)
    own = np.repeat(scene.own_palettes[:1], len(bodies), axis=0)
    return replace(scene, shapes=shapes, joints=np.stack(bodies), own_palettes=own)


def lit(picture: ByteArray) -> np.ndarray:
    return picture.max(axis=2) > LIT


def column_of(x: float) -> int:
    """Pixel column of a place in scene units."""
    return round(SIZE[0] / 2 + x * SIZE[1] / 2)


def test_a_raised_hand_is_there_in_the_next_picture(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    down = lit(draw(with_joints(scene, standing())))
    raised = standing(left_elbow=(0.36, 0.42), left_wrist=(0.6, 0.66))
    up = lit(draw(with_joints(scene, raised)))
    beside = slice(column_of(0.45), column_of(0.9))
    assert not down[: SIZE[1] // 2, beside].any()
    assert up[: SIZE[1] // 2, beside].sum() > 30


def test_it_stands_where_the_body_is_and_not_where_the_knot_was(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    middles = [np.argwhere(lit(draw(with_joints(scene, standing(x)))))[:, 1].mean() for x in (-0.8, 0.8)]
    assert middles[0] == pytest.approx(column_of(-0.8), abs=6)
    assert middles[1] == pytest.approx(column_of(0.8), abs=6)


def test_without_joints_it_rests_as_one_form_and_unfolds_as_they_come(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    body = standing()
    masks = []
    for seen in (0.0, 0.45, 1.0):
        partly = body.copy()
        partly[:, 3] = seen
        masks.append(lit(draw(with_joints(scene, partly))))
    knot, between, whole = (np.ptp(np.argwhere(mask), axis=0) for mask in masks)
    assert knot[1] > 0.7 * knot[0], "round"
    assert whole[1] < 0.6 * whole[0], "upright"
    assert masks[1].sum() > 300, "it does not vanish on the way"
    for other in (masks[0], masks[2]):
        assert (masks[1] & other).sum() / (masks[1] | other).sum() < 0.8
    assert between[0] < max(knot[0], whole[0]) + 6


def test_two_melt_where_they_meet_and_only_there(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))

    def bridge(gap: float) -> int:
        """Pixels that are lit with both there and with neither alone."""
        left = standing(-0.3 - gap, left_elbow=(0.2, 0.2), left_wrist=(0.26, 0.2))
        right = standing(0.3 + gap, right_elbow=(-0.2, 0.2), right_wrist=(-0.26, 0.2))
        both, one, other = (lit(draw(with_joints(scene, *who))) for who in ((left, right), (left,), (right,)))
        return int((both & ~one & ~other).sum())

    assert bridge(0.02) > 3 * bridge(0.6) + 4


@pytest.mark.parametrize("seen", [0.0, 1.0])
def test_emotions_change_the_flesh(draw: Callable, state_of: Callable, seen: float) -> None:
    body = standing()
    body[:, 3] = seen
    shown = {name: lit(draw(with_joints(scene_of(state_of(name)), body))) for name in ("happy", "angry", "sad", "fear")}
    for name, mask in shown.items():
        for other, beside in shown.items():
            if name < other:
                assert (mask & beside).sum() / (mask | beside).sum() < 0.93, (name, other)


def test_six_visitors_stand_beside_each_other(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    small = [standing(0.0) * np.array([0.4, 0.4, 0.4, 1], np.float32) for _ in range(6)]
    for number, body in enumerate(small):
        body[:, 0] += -1.4 + 0.56 * number
    picture = lit(draw(with_joints(scene, *small)))
    for number in range(6):
        middle = column_of(-1.4 + 0.56 * number)
        assert picture[:, middle - 8 : middle + 8].sum() > 40, number
    assert len(SHAPE_COLUMNS) == scene.shapes.shape[1]
