"""The sculpture: a cloth out of which the visitor presses: it follows limbs at once, and hangs as the mood does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import cv2
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
BORDER = 6
STEP = 7.0
"""So many levels lighter or darker than what lies around it is form."""
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
def draw() -> Iterator[Callable[..., ByteArray]]:
    """Draws a scene: the figure alone, in a cloth without folds, or with folds ``reach`` deep."""
    with or_skipped():
        surface = Offscreen(SIZE)
    output = OutputConfig(render_scale=1.0, quality="high", glow=0.0)
    notices = Notices(ManualClock())
    renderer = Renderer(surface, output, {}, notices)

    def drawn(scene: SceneState, reach: float = 0.0) -> ByteArray:
        renderer.reconfigure(output, {"sculpture": {"reach": reach}})
        renderer.draw(scene)
        assert surface.context.error == "GL_NO_ERROR"
        assert not notices.active()
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


def statue(draw: Callable, scene: SceneState, settled: bool = True) -> np.ndarray:
    """Where something presses out of the cloth: where it is much lighter or darker than around. Shadows are of the picture
    before: where ``settled``, it has been drawn before."""
    for _ in range(2 * settled):
        draw(scene)
    grey = cv2.GaussianBlur(draw(scene).astype(np.float32).mean(axis=2), (0, 0), 1.0)
    form = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 8.0)) > STEP
    # At the picture's border all of it grows darker.
    border = [*range(BORDER), *range(-BORDER, 0)]
    form[border] = form[:, border] = False
    return np.asarray(form)


def column_of(x: float) -> int:
    """Pixel column of a place in scene units."""
    return round(SIZE[0] / 2 + x * SIZE[1] / 2)


def extent(mask: np.ndarray, axis: int) -> tuple[int, int]:
    """First and last row (axis 0) or column (1) with more than four places of ``mask`` in it."""
    found = np.flatnonzero(mask.sum(axis=1 - axis) > 4)
    return int(found[0]), int(found[-1])


def same(one: np.ndarray, other: np.ndarray) -> float:
    """How much of two masks is the same [0, 1]."""
    return float((one & other).sum() / (one | other).sum())


def test_a_raised_hand_is_there_in_the_next_picture(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    raised = standing(left_elbow=(0.36, 0.42), left_wrist=(0.6, 0.66))
    for _ in range(3):
        down = draw(with_joints(scene, standing())).astype(int)
    up = draw(with_joints(scene, raised)).astype(int)
    changed = np.abs(up - down).max(axis=2) > 12
    assert changed[: SIZE[1] // 2, column_of(0.45) : column_of(1.1)].sum() > 30
    assert changed[:, : column_of(-0.6)].sum() < 10, "nothing else moves"


def test_it_stands_where_the_body_is(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    middles = [np.argwhere(statue(draw, with_joints(scene, standing(x))))[:, 1].mean() for x in (-0.8, 0.8)]
    assert middles[0] == pytest.approx(column_of(-0.8), abs=8)
    assert middles[1] == pytest.approx(column_of(0.8), abs=8)


def test_without_joints_it_sits_as_one_form_and_rises_as_they_come(draw: Callable, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    body = standing()
    masks = []
    for seen in (0.0, 0.45, 1.0):
        partly = body.copy()
        partly[:, 3] = seen
        masks.append(statue(draw, with_joints(scene, partly)))
    assert masks[1].sum() > 300, "it does not vanish on the way"
    assert same(masks[0], masks[2]) < 0.75
    assert same(masks[0], masks[1]) > same(masks[0], masks[2]) < same(masks[1], masks[2]), (
        "on the way it is between both"
    )


def test_who_is_near_is_a_bust_that_fills_the_picture_however_small_the_head_is(
    draw: Callable, state_of: Callable
) -> None:
    scene = scene_of(state_of("neutral"))
    masks = []
    for half_height in (0.1, 0.5):
        body = standing()
        body[:, :3] *= half_height / 0.13
        body[:, 1] -= body[0, 1]
        for name in ("pelvis", "left_knee", "right_knee", "left_elbow", "right_elbow", "left_wrist", "right_wrist"):
            body[JOINTS.index(name), 3] = 0.0
        figure = {"extent": 0.5, "face": 1.0, "head_half_height": half_height, "head_known": 1.0}
        masks.append(statue(draw, with_figures(with_joints(scene, body), **figure)))
    for mask in masks:
        top, bottom = extent(mask[:, column_of(-0.4) : column_of(0.6)], 0)
        assert BORDER < top < 0.35 * SIZE[1], "the head has room above it"
        assert bottom >= SIZE[1] - BORDER - 3, "the shoulders go on below the picture's border"
    assert same(*masks) > 0.8


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


def test_fear_draws_in_and_joy_opens(draw: Callable, state_of: Callable) -> None:
    tops, wide = {}, {}
    for name in ("fear", "neutral", "happy"):
        mask = statue(draw, with_joints(scene_of(state_of(name)), standing()))
        tops[name] = extent(mask[:, column_of(-0.3) : column_of(0.3)], 0)[0]
        arms = np.flatnonzero(mask[SIZE[1] // 5 : SIZE[1] // 2, column_of(-1.3) : column_of(1.3)].sum(axis=0) > 2)
        wide[name] = np.ptp(arms)
    assert tops["fear"] > tops["neutral"] + 4
    assert wide["happy"] > 1.5 * wide["neutral"]


def slopes(draw: Callable, scene: SceneState, reach: float) -> tuple[float, float]:
    """How much a picture changes across and along, away from the figure in its middle."""
    for _ in range(3):
        picture = draw(scene, reach)
    grey = cv2.GaussianBlur(picture.astype(np.float32).mean(axis=2), (0, 0), 1.0)
    sides = np.r_[0 : SIZE[0] // 3, 2 * SIZE[0] // 3 : SIZE[0]]
    across, along = np.abs(np.diff(grey, axis=1))[:, sides[:-1]], np.abs(np.diff(grey, axis=0))[:, sides]
    return float(across.mean()), float(along.mean())


def test_the_cloth_hangs_straight_down_in_sadness(draw: Callable, state_of: Callable) -> None:
    sad = with_joints(scene_of(state_of("sad")), standing())
    across, along = slopes(draw, sad, 1.0)
    assert across > 2.5 * along
    bare_across, bare_along = slopes(draw, sad, 0.0)
    assert across > 2 * bare_across
    assert bare_across < 2 * bare_along, "it is the folds that hang"


def test_a_mood_that_turns_into_another_turns_the_cloth_without_a_jump(draw: Callable, state_of: Callable) -> None:
    shares = {name: state_of(name).probabilities for name in ("sad", "angry", "surprise")}
    for one, other in (("sad", "angry"), ("angry", "surprise")):
        pictures = []
        for share in (0.40, 0.45, 0.50, 0.55, 0.60):
            mixed = replace(state_of(one), probabilities=(1 - share) * shares[one] + share * shares[other])
            scene = with_joints(scene_of(mixed), standing())
            for _ in range(3):
                picture = draw(scene, 1.0)
            pictures.append(picture.astype(float).mean(axis=2))
        steps = [np.abs(after - before).mean() for before, after in pairwise(pictures)]
        assert max(steps) < 0.6 * np.abs(pictures[-1] - pictures[0]).mean()


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
