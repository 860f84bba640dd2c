"""The atelier: hands and heads paint the composed picture in, stillness completes it, absence leaves a sketch; the landscape
has the picture for its sky."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import JOINTS, FloatArray, PictureFrame, SceneState
from tests.screen import or_skipped

SIZE = (96, 54)
PLAIN = OutputConfig(render_scale=1.0, quality="low", glow=0.0)


class Stage:
    def __init__(self) -> None:
        self.surface = Offscreen(SIZE)
        self.fresh()

    def fresh(self) -> None:
        self.renderer = Renderer(self.surface, PLAIN, {}, Notices(ManualClock()))
        self.t_s = 0.0

    def picture(self, rgb: tuple[int, int, int], number: int = 1) -> None:
        rgba = np.zeros((32, 32, 4), np.uint8)
        rgba[:] = (*rgb, 255)
        self.renderer.set_picture(
            PictureFrame(0.0, 1, number, rgba, None, "test", 0.0),  # type: ignore[arg-type]
            self.t_s - (60 if number == 1 else 0),
        )

    def run(self, scene: SceneState, seconds: float, path: Callable[[float], FloatArray] | None = None) -> np.ndarray:
        """Draw ten pictures a second; ``path`` gives the joints (1, len(JOINTS), 4) at a time."""
        for _ in range(round(seconds * 10)):
            self.t_s += 0.1
            moved = scene if path is None else replace(scene, joints=path(self.t_s))
            self.renderer.draw(replace(moved, t_s=self.t_s))
        return self.renderer.read_rgb().astype(int)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with or_skipped():
        made = Stage()
    yield made
    made.renderer.close()
    made.surface.close()


def scene_of(*states: object, name: str = "atelier") -> SceneState:
    scene = Scene(SceneConfig(name=name), 3)
    for n in range(60):
        found = scene.update(states, next(iter(states), None), n / 30, 1 / 30)  # type: ignore[arg-type]
    return found


def waving(x: float) -> Callable[[float], FloatArray]:
    def path(t_s: float) -> FloatArray:
        joints = np.zeros((1, len(JOINTS), 4), np.float32)
        joints[0, JOINTS.index("left_wrist")] = (x + 0.3 * np.sin(5 * t_s), 0.2 * np.cos(5 * t_s), 0.0, 1.0)
        return joints

    return path


def green(picture: np.ndarray) -> np.ndarray:
    """Where green paint lies: more of it than in the umber of what is only begun."""
    other = np.maximum(picture[..., 0], picture[..., 2])
    return picture[..., 1] > THICK * other


THICK = 2.0
"""Times the other colours."""
LEFT, RIGHT = np.s_[14:34, 14:34], np.s_[14:34, 62:82]
CANVAS = np.s_[8:44, [*range(8, 32), *range(64, 88)]]
"""Beside the painted figure."""


def test_a_hand_paints_where_it_moves(stage: Stage, state_of: Callable) -> None:
    stage.picture((20, 170, 20))
    # The head is somewhere above, where it paints nothing that is looked at here.
    head = np.array((0.5, -1.0, 0.05, 0.0, 0.0, 0.0, 0.0), np.float32)
    scene = scene_of(state_of("neutral", energy=0.5, head=head))
    painted = green(stage.run(scene, 2.5, waving(-0.75)))
    assert painted[LEFT].mean() > 0.6 > 0.3 > painted[RIGHT].mean()
    painted = green(stage.run(scene, 2.5, waving(0.75)))
    assert painted[RIGHT].mean() > 0.6, "and the other hand's place after it"


def test_where_nobody_is_known_by_joints_the_place_of_the_face_paints(stage: Stage, state_of: Callable) -> None:
    stage.picture((20, 170, 20))
    face = scene_of(state_of("neutral", x=0.2, energy=0.5))
    painted = green(stage.run(face, 3.0))
    assert painted[LEFT].mean() > 0.4 > painted[RIGHT].mean()


def test_it_is_whole_when_everybody_holds_still(stage: Stage, state_of: Callable) -> None:
    stage.picture((20, 170, 20))
    scene = scene_of(state_of("neutral", energy=0.0))
    assert green(stage.run(scene, 1.5))[CANVAS].mean() < 0.45
    assert green(stage.run(scene, 12.0))[CANVAS].mean() > 0.75


@pytest.mark.long
def test_without_visitors_it_goes_back_to_a_sketch_slowly(stage: Stage, state_of: Callable) -> None:
    stage.picture((20, 170, 20))
    stage.run(scene_of(state_of("neutral", energy=0.0)), 14.0)
    nobody = scene_of()
    after_3s = green(stage.run(nobody, 3.0))[CANVAS].mean()
    after_33s = green(stage.run(nobody, 30.0))[CANVAS].mean()
    assert after_3s > 0.8
    assert 0.02 < after_33s < after_3s - 0.15, "a sketch, and not an empty canvas"


def test_time_stands_in_a_large_capture_and_the_same_states_give_the_same_canvas(
    stage: Stage, state_of: Callable
) -> None:
    scene = scene_of(state_of("neutral", energy=0.5))
    seen = []
    for _ in range(2):
        stage.picture((20, 170, 20))
        first = stage.run(scene, 1.5, waving(-0.4))
        last = replace(scene, t_s=stage.t_s, joints=waving(-0.4)(stage.t_s))
        part = stage.renderer.draw_part(last, SIZE, (0.0, 0.0, 1.0, 1.0), SIZE).astype(int)
        again = stage.renderer.draw_part(last, SIZE, (0.0, 0.0, 1.0, 1.0), SIZE).astype(int)
        assert (part == again).all()
        assert np.abs(part - first).mean() < 2
        seen.append(first)
        # A frame buffer that is bound must not go.
        stage.surface.framebuffer.use()
        stage.renderer.close()
        stage.fresh()
    assert (seen[0] == seen[1]).all()


def test_another_picture_is_laid_over_the_canvas_in_strokes(stage: Stage, state_of: Callable) -> None:
    stage.renderer.picture.reconfigure(SimpleNamespace(enabled=True, strength=1.0, fade_s=4.0))
    stage.picture((20, 170, 20))
    scene = scene_of(state_of("neutral", energy=0.0))
    stage.run(scene, 13.0)
    stage.picture((200, 20, 20), number=2)
    half = stage.run(scene, 2.0)[CANVAS]
    reds, greens = half[..., 0] > half[..., 1] + 30, half[..., 1] > half[..., 0] + 30
    assert 0.1 < reds.mean() < 0.9
    assert reds.mean() + greens.mean() > 0.7, "no plain mix"
    assert not green(stage.run(scene, 3.0))[CANVAS].any()


def test_the_landscape_has_it_for_a_sky_and_without_one_is_what_it_was(stage: Stage, state_of: Callable) -> None:
    scene = scene_of(state_of("neutral"), name="landscape")
    plain = stage.run(scene, 0.2)
    stage.picture((40, 90, 200))
    stage.renderer.picture.reconfigure(SimpleNamespace(enabled=True, strength=0.0, fade_s=4.0))
    assert np.abs(stage.run(replace(scene), 0.2) - plain).mean() < 2
    stage.renderer.picture.reconfigure(SimpleNamespace(enabled=True, strength=1.0, fade_s=4.0))
    painted = stage.run(scene, 0.2)
    sky, land = painted[2:24], painted[36:52, 12:84]
    assert np.abs(sky.mean(axis=(0, 1)) - (40, 90, 200)).max() < 45, "in its own colours"
    assert (land[..., 2] > land[..., 0]).mean() > 0.95, "its colours light the land"
    assert land.mean() < sky.mean()
    assert land.std() > 4, "which keeps its form"
