"""The landscape: it covers the picture, carries the texture to the horizon, and visitors, their faces and hands stand in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.evaluation.moods import reading
from installation.generation.procedural import procedural_texture
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import EMOTIONS, FIGURE_COLUMNS, JOINTS, ByteArray, SceneState, TextureFrame
from tests.screen import or_skipped

SIZE = (160, 90)


PLAIN = OutputConfig(render_scale=1.0, quality="high", glow=0.0)


class Stage:
    def __init__(self) -> None:
        self.surface = Offscreen(SIZE)
        self.renderer = Renderer(self.surface, PLAIN, {}, Notices(ManualClock()))

    def draw(self, scene: SceneState) -> np.ndarray:
        self.renderer.draw(scene)
        assert self.surface.context.error == "GL_NO_ERROR"
        return self.renderer.read_rgb().astype(float)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with or_skipped():
        made = Stage()
    yield made
    made.renderer.close()
    made.surface.close()


def scene_of(*states: object, seconds: float = 4.0, seed: int = 3) -> SceneState:
    scene = Scene(SceneConfig(name="landscape"), seed)
    for n in range(round(seconds * 30)):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)  # type: ignore[arg-type]
    return found


def with_hand(scene: SceneState, x: float, y: float) -> SceneState:
    """Somebody's upper body in the middle, the left wrist at (x, y) in scene units."""
    joints = np.zeros((1, len(JOINTS), 4), np.float32)
    body = {
        "head": (0.0, 0.3),
        "neck": (0.0, 0.18),
        "chest": (0.0, 0.0),
        "left_shoulder": (-0.2, 0.1),
        "right_shoulder": (0.2, 0.1),
    }
    for name, place in (body | {"left_elbow": (0.5 * x - 0.1, 0.5 * y), "left_wrist": (x, y)}).items():
        joints[0, JOINTS.index(name)] = (*place, 0.0, 1.0)
    return replace(scene, joints=joints)


def wear(stage: Stage, texture: ByteArray, scene: SceneState) -> None:
    for number in (1, 2):
        stage.renderer.set_texture(TextureFrame(0.0, number, texture, None, "test", 0.0), scene.t_s - 12 + 3 * number)


def test_a_raised_hand_stands_against_the_sky(stage: Stage, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    low, high = (stage.draw(with_hand(scene, -0.9, y)) for y in (-0.9, 0.5))
    changed = np.abs(high - low).max(axis=2) > 8
    columns = np.argwhere(changed[: SIZE[1] // 2])[:, 1]
    assert len(columns) > 40, "it stands against the sky"
    assert columns.min() == pytest.approx(SIZE[0] / 2 - 0.9 * SIZE[1] / 2, abs=10), "as far out as the hand"
    assert not changed[: SIZE[1] // 2, 3 * SIZE[0] // 4 :].any(), "far from the hand the sky stays"


def test_each_visitor_has_a_mountain(stage: Stage, state_of: Callable) -> None:
    alone = stage.draw(scene_of(state_of("neutral", x=0.25)))
    both = stage.draw(scene_of(state_of("neutral", x=0.25), state_of("neutral", person_id=2, x=0.75)))
    difference = np.abs(both - alone).max(axis=2)
    right, left = difference[:, SIZE[0] // 2 :].mean(), difference[:, : SIZE[0] // 2].mean()
    assert right > 2
    assert right > 1.5 * left


def test_it_covers_the_whole_picture(stage: Stage, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    plain = stage.draw(scene)
    stage.renderer.reconfigure(PLAIN.model_copy(update={"background": "camera"}), {})
    stage.renderer.set_camera(np.full((90, 160, 3), 255, np.uint8))
    before_camera = stage.draw(scene)
    stage.renderer.reconfigure(PLAIN, {})
    assert np.abs(before_camera - plain).max() <= 5, "nothing behind it shows; grain differs"


def test_the_picture_lies_on_the_land_up_to_far_off(stage: Stage, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral", x=0.0))
    texture = procedural_texture(np.array([0.3, 0.4, 0.2, 0.1], np.float32), 1, 64)
    drawn = []
    for level in (20, 235):
        even = np.full_like(texture, level)
        even[:, :, 3] = 255
        wear(stage, even, scene)
        drawn.append(stage.draw(scene))
    changed = np.abs(drawn[1] - drawn[0]).mean(axis=(1, 2))
    assert (changed[50:88] > 2).all(), "from the viewer's feet to near the horizon"


def near_face(scene: SceneState, jaw: float) -> SceneState:
    """Somebody of whom a face is all that is seen, in the middle, the mouth open by ``jaw``."""
    figures = np.zeros((1, len(FIGURE_COLUMNS)), np.float32)
    for name, value in {"face": 1.0, "head_half_height": 0.5, "head_known": 1.0, "jaw_open": jaw}.items():
        figures[0, FIGURE_COLUMNS.index(name)] = value
    return replace(scene, figures=figures)


def test_a_face_is_in_the_ridges(stage: Stage, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    shut, wide = (stage.draw(near_face(scene, jaw)) for jaw in (0.0, 1.0))
    changed = np.abs(wide - shut).mean(axis=2) > 12
    assert changed[:, 65:95].sum() > 12, "the mouth opens"
    assert changed[:, :50].sum() + changed[:, 110:].sum() < 4, "the land about it stays"


def test_somebody_sleeps_on_the_horizon_where_nobody_is(stage: Stage) -> None:
    """The outline against the night is that of a head and a breast, not of a level shore."""
    scene = Scene(SceneConfig(name="landscape"), 3)
    for n in range(90):
        found = scene.update((), None, n / 30, 1 / 30)
    drawn = stage.draw(found).mean(axis=2)[30:62]
    dark = np.array([np.argmax(np.diff(column) < -0.8 * np.abs(np.diff(column)).max()) for column in drawn.T])
    assert np.ptp(dark[20:120]) >= 5


def test_no_edge_of_the_world_shows_at_the_horizon(stage: Stage) -> None:
    scene = replace(
        scene_of(seconds=3.0), look=scene_of(seconds=0.1).look | {"fog": 0.0, "light": 1.0, "spikiness": 0.0}
    )
    scene = replace(scene, presence=1.0)
    row = stage.draw(scene)[:, : SIZE[0] // 3].mean(axis=(1, 2))
    horizon = SIZE[1] // 2 + round(0.06 * SIZE[1] / 2)
    above, below = row[horizon - 8 : horizon - 4].mean(), row[horizon + 4 : horizon + 8].mean()
    near = row[horizon - 3 : horizon + 4]
    assert near.min() > min(above, below) - 4, "no dark line between land and sky"
    assert near.max() < max(above, below) + 16, "and no bright one"


def test_an_arrival_runs_out_over_the_land_in_light(stage: Stage, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"))
    still = stage.draw(replace(scene, welcome=0.0))
    greeted = stage.draw(replace(scene, welcome=1.0))
    assert (greeted - still)[SIZE[1] // 2 :].mean() > 3


def test_nobody_there_is_a_calm_night(stage: Stage) -> None:
    scene = Scene(SceneConfig(name="landscape"), 3)
    for n in range(90):
        found = scene.update((), None, n / 30, 1 / 30)
    first = stage.draw(found)
    second = stage.draw(scene.update((), None, 3.0, 1 / 30))
    assert first.max() > 25
    assert first.mean() < 60
    assert np.abs(second - first).mean() < 1.0


@pytest.mark.parametrize("mood", EMOTIONS)
def test_no_black_hole_opens_under_the_near_edge_of_the_ground(stage: Stage, mood: str) -> None:
    """What is near black and touches the lower edge is at most a small shadow, for several seeds."""
    for seed in (1, 2, 3, 4):
        scene = scene_of(reading(mood, np.random.default_rng([seed, 8])), seconds=3.0, seed=seed)
        grey = cv2.blur(stage.draw(scene).mean(axis=2).astype(np.float32), (3, 3))
        _, labels = cv2.connectedComponents((grey < 5).astype(np.uint8))
        dark = np.isin(labels, np.setdiff1d(labels[-2:], 0))
        assert dark.mean() < 0.03, f"{mood}, seed {seed}"
        assert grey[-6:].mean() > 7, f"{mood}, seed {seed}: the ground near the eye is lit"


def test_moods_are_lands_of_their_own_without_colour(stage: Stage) -> None:
    """Light and dark alone differ from mood to mood by more than two seeds of one mood do."""
    grey = {}
    for mood in EMOTIONS:
        for seed in (1, 2):
            drawn = stage.draw(scene_of(reading(mood, np.random.default_rng([seed, 8])), seconds=3.0, seed=seed)).mean(
                axis=2
            )
            grey[mood, seed] = (drawn - drawn.mean()) / drawn.std()
    for mood in EMOTIONS:
        own = np.abs(grey[mood, 1] - grey[mood, 2]).mean()
        others = [np.abs(grey[mood, 1] - grey[other, 2]).mean() for other in EMOTIONS if other != mood]
        assert np.median(others) > 1.05 * own, mood
