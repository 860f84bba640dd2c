"""The sculpture: a figure of sand that follows limbs at once, sleeps where none are known, is a bust where somebody is near."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.look import LOOK_NAMES, LookConfig
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import FIGURE_COLUMNS, JOINTS, SHAPE_COLUMNS, ByteArray, FloatArray, SceneState
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
    # The figure alone, without the sand that comes loose from it.
    bare = {"sculpture": {"grains": 0.0}}
    renderer = Renderer(surface, OutputConfig(render_scale=1.0, quality="high", glow=0.0), bare, Notices(ManualClock()))

    def drawn(scene: SceneState) -> ByteArray:
        renderer.draw(scene)
        assert surface.context.error == "GL_NO_ERROR"
        return renderer.read_rgb()

    yield drawn
    renderer.close()
    surface.close()


def scene_of(*states: object, seconds: float = 4.0) -> SceneState:
    """A scene before a plain background."""
    look = LookConfig.model_validate({mood: {"lighting": {"stage": 0}} for mood in LOOK_NAMES})
    scene = Scene(SceneConfig(name="sculpture"), 3, look)
    for n in range(round(seconds * 30)):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)  # type: ignore[arg-type]
    return found


def with_joints(scene: SceneState, *bodies: FloatArray) -> SceneState:
    """``scene`` with a shape for each of ``bodies``; None stands for a body that is not known."""
    shapes = np.repeat(scene.shapes[:1], len(bodies), axis=0)
    own = np.repeat(scene.own_palettes[:1], len(bodies), axis=0)
    figures = np.repeat(scene.figures[:1], len(bodies), axis=0)
    return replace(scene, shapes=shapes, joints=np.stack(bodies), own_palettes=own, figures=figures)


def with_figures(scene: SceneState, **columns: float) -> SceneState:
    """``scene`` with numbers of FIGURE_COLUMNS set for all shapes."""
    figures = scene.figures.copy()
    for name, value in columns.items():
        figures[:, FIGURE_COLUMNS.index(name)] = value
    return replace(scene, figures=figures)


def lit(picture: ByteArray) -> np.ndarray:
    return picture.max(axis=2) > LIT


def statue(draw: Callable, scene: SceneState) -> np.ndarray:
    """Where the statue covers the picture."""
    return lit(draw(scene))


def column_of(x: float) -> int:
    """Pixel column of a place in scene units."""
    return round(SIZE[0] / 2 + x * SIZE[1] / 2)


def test_a_raised_hand_is_there_in_the_next_picture(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    down = statue(draw, with_joints(scene, standing()))
    raised = standing(left_elbow=(0.36, 0.42), left_wrist=(0.6, 0.66))
    up = statue(draw, with_joints(scene, raised))
    beside = slice(column_of(0.45), column_of(0.9))
    assert not down[: SIZE[1] // 2, beside].any()
    assert up[: SIZE[1] // 2, beside].sum() > 30


def test_it_stands_where_the_body_is(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    middles = [np.argwhere(statue(draw, with_joints(scene, standing(x))))[:, 1].mean() for x in (-0.8, 0.8)]
    assert middles[0] == pytest.approx(column_of(-0.8), abs=6)
    assert middles[1] == pytest.approx(column_of(0.8), abs=6)


def test_without_joints_it_sits_as_one_form_and_rises_as_they_come(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    body = standing()
    masks = []
    for seen in (0.0, 0.45, 1.0):
        partly = body.copy()
        partly[:, 3] = seen
        masks.append(statue(draw, with_joints(scene, partly)))
    # Above the sand it stands in.
    masks = [mask[: round(0.86 * SIZE[1])] for mask in masks]
    seated, between, whole = (np.ptp(np.argwhere(mask), axis=0) for mask in masks)
    assert seated[0] < whole[0], "seated"
    assert whole[1] < 0.6 * whole[0], "upright"
    assert masks[1].sum() > 300, "it does not vanish on the way"
    assert (masks[0] & masks[2]).sum() / (masks[0] | masks[2]).sum() < 0.85
    assert between[0] < max(seated[0], whole[0]) + 6


@pytest.mark.parametrize("half_height", [0.1, 0.5])
def test_who_is_near_is_a_bust_that_fills_the_picture_however_small_the_head_is(
    draw: Callable, state_of: Callable, half_height: float
) -> None:
    scene = scene_of(state_of("neutral"))
    body = standing()
    body[:, :3] *= half_height / 0.13
    body[:, 1] -= body[0, 1]
    for name in ("pelvis", "left_knee", "right_knee", "left_elbow", "right_elbow", "left_wrist", "right_wrist"):
        body[JOINTS.index(name), 3] = 0.0
    figure = {"extent": 0.5, "face": 1.0, "head_half_height": half_height, "head_known": 1.0}
    mask = statue(draw, with_figures(with_joints(scene, body), **figure))
    rows = np.flatnonzero(mask.any(axis=1))
    assert 0.05 * SIZE[1] < rows[0] < 0.35 * SIZE[1], "the head has room above it"
    assert rows[-1] >= SIZE[1] - 2, "the shoulders go on below the picture's border"
    assert 0.35 < mask[-10:].any(axis=0).mean() < 0.9, "head and shoulders are large"


def test_the_face_moves_with_the_visitors_expression(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    near = {"extent": 0.0, "face": 1.0, "head_half_height": 0.3, "head_known": 1.0}
    faces = [
        draw(with_figures(with_joints(scene, standing()), **near, **shown)).astype(int)
        for shown in ({}, {"jaw_open": 1.0}, {"brow_up_inner": 1.0, "brow_up_outer": 1.0}, {"smile": 1.0})
    ]
    middle = (slice(SIZE[1] // 5, 4 * SIZE[1] // 5), slice(SIZE[0] // 3, 2 * SIZE[0] // 3))
    for number, face in enumerate(faces):
        for other in faces[:number]:
            assert (np.abs(face - other)[middle].max(axis=2) > 12).sum() > 8


def test_emotions_change_the_outline(draw: Callable, state_of: Callable) -> None:
    body = standing()
    names = ("happy", "angry", "sad", "fear", "surprise")
    shown = {name: statue(draw, with_joints(scene_of(state_of(name)), body)) for name in names}
    for name, mask in shown.items():
        for other, beside in shown.items():
            if name < other:
                assert (mask & beside).sum() / (mask | beside).sum() < 0.93, (name, other)


def test_fear_contracts_and_joy_rises(draw: Callable, state_of: Callable) -> None:
    tall = {}
    for name in ("fear", "neutral", "happy"):
        rows = np.flatnonzero(statue(draw, with_joints(scene_of(state_of(name)), standing())).any(axis=1))
        tall[name] = np.ptp(rows)
    assert tall["fear"] < 0.88 * tall["neutral"] < tall["happy"]


def test_six_visitors_stand_beside_each_other(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    small = [standing(0.0) * np.array([0.4, 0.4, 0.4, 1], np.float32) for _ in range(6)]
    for number, body in enumerate(small):
        body[:, 0] += -1.4 + 0.56 * number
    picture = statue(draw, with_joints(scene, *small))
    for number in range(6):
        middle = column_of(-1.4 + 0.56 * number)
        assert picture[:, middle - 8 : middle + 8].sum() > 40, number
    assert len(SHAPE_COLUMNS) == scene.shapes.shape[1]
