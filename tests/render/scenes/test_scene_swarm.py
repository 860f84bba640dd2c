"""What swarm promises: dust that follows hands, is thrown, is the figure of who is there. And the hands' velocity."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.renderer import Renderer
from installation.render.scenes.particle_step import particle_share
from installation.render.shaders.hands import MAX_HAND_SPEED, Hands
from installation.render.shaders.programs import SHADERS, Program
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import EMOTIONS, JOINTS, EmotionState, SceneState
from tests.screen import or_skipped

SIZE = (192, 108)
DT_S = 1 / 30
# Joints of somebody who stands in the middle, arms down: x, y in units of half the picture's height.
STANDING = {
    "head": (0, 0.62), "neck": (0, 0.42), "chest": (0, 0.25), "pelvis": (0, -0.2), "left_shoulder": (0.2, 0.36),
    "right_shoulder": (-0.2, 0.36), "left_elbow": (0.3, 0.1), "right_elbow": (-0.3, 0.1), "left_wrist": (0.34, -0.15),
    "right_wrist": (-0.34, -0.15), "left_hip": (0.1, -0.2), "right_hip": (-0.1, -0.2), "left_knee": (0.12, -0.55),
    "right_knee": (-0.12, -0.55), "left_ankle": (0.13, -0.9), "right_ankle": (-0.13, -0.9),
}  # fmt: skip


def body(x: float = 0.0, **moved: tuple[float, float]) -> np.ndarray:
    """(16, 4), standing ``x`` to the right, some joints elsewhere."""
    joints = np.ones((len(JOINTS), 4), np.float32)
    joints[:, 2] = 0.0
    for number, name in enumerate(JOINTS):
        at = moved.get(name, STANDING[name])
        joints[number, :2] = (at[0] + x, at[1])
    return joints


class Stage:
    """A renderer of small pictures whose scene goes on; joints are put in past perception."""

    def __init__(self, parameters: dict[str, float] | None = None, seed: int = 3) -> None:
        self.surface = Offscreen(SIZE)
        self.notices = Notices(ManualClock())
        self.config = OutputConfig(render_scale=1.0, quality="medium", glow=0.0)
        self.renderer = Renderer(self.surface, self.config, {"swarm": parameters or {}}, self.notices)
        self.scene, self.t_s = Scene(SceneConfig(name="swarm"), seed), 0.0

    def step(self, states: tuple[EmotionState, ...], joints: list[np.ndarray]) -> SceneState:
        self.t_s += DT_S
        state = self.scene.update(states, next(iter(states), None), self.t_s, DT_S)
        if joints:
            state = replace(state, joints=np.stack(joints))
        self.renderer.draw(state)
        return state

    def go(
        self,
        seconds: float,
        states: tuple[EmotionState, ...] = (),
        joints: Callable[[float], list[np.ndarray]] = lambda t_s: [],
        unseen_s: float = 0.0,
    ) -> np.ndarray:
        """(H, W) brightness after ``unseen_s`` that are not drawn and then some time; ``joints`` of seconds in that."""
        for _ in range(round(unseen_s / DT_S)):
            self.t_s += DT_S
            self.scene.update(states, next(iter(states), None), self.t_s, DT_S)
        for n in range(round(seconds / DT_S)):
            self.step(states, joints((n + 1) * DT_S))
        assert self.surface.context.error == "GL_NO_ERROR"
        assert self.notices.active() == ()
        return self.light()

    def light(self) -> np.ndarray:
        return self.renderer.read_rgb().astype(int).max(axis=2)

    def close(self) -> None:
        self.renderer.close()
        self.surface.close()


@pytest.fixture
def stages() -> Iterator[Callable[..., Stage]]:
    """Makes a Stage; only the newest lives, for the one before loses its OpenGL context."""
    made: list[Stage] = []

    def make(parameters: dict[str, float] | None = None, seed: int = 3) -> Stage:
        while made:
            made.pop().close()
        with or_skipped():
            made.append(Stage(parameters, seed))
        return made[-1]

    yield make
    while made:
        made.pop().close()


DUST, LOOSE = {"figure": 1.0}, {"figure": 0.0}


def share_near(light: np.ndarray, x: float, y: float, reach: float = 0.3) -> float:
    """Share of the picture's light within ``reach`` of a place in scene units."""
    rows, columns = np.indices(light.shape)
    across, up = (columns - SIZE[0] / 2) / (SIZE[1] / 2), (SIZE[1] / 2 - rows) / (SIZE[1] / 2)
    lit = np.maximum(light - 15, 0)
    return float((lit * ((across - x) ** 2 + (up - y) ** 2 < reach**2)).sum() / max(lit.sum(), 1))


def coarse(light: np.ndarray) -> np.ndarray:
    """Means of squares of 12 pixels."""
    return light.reshape(SIZE[1] // 12, 12, SIZE[0] // 12, 12).mean(axis=(1, 3))


def test_the_same_seed_gives_the_same_dust(stages: Callable[..., Stage], state_of: Callable) -> None:
    one, two, other = (stages(seed=seed).go(1.0, (state_of("happy"),)) for seed in (3, 3, 4))
    assert np.abs(one - two).max() <= 3  # dither
    assert np.abs(one - other).max() > 30


def test_who_is_there_is_a_figure_moving_or_not(stages: Callable[..., Stage], state_of: Callable) -> None:
    places = [STANDING[name] for name in ("head", "chest", "left_knee", "right_knee")]
    shares = {}
    for energy in (0.0, 0.9):
        light = stages(DUST).go(1.0, (state_of("neutral", energy=energy),), lambda t_s: [body()], unseen_s=2.0)
        shares[energy] = sum(share_near(light, *place, 0.16) for place in places)
    assert min(shares.values()) > 0.15, "of a twentieth of the picture"


def test_dust_comes_to_a_hand_that_moves(stages: Callable[..., Stage], state_of: Callable) -> None:
    who, centre = (state_of("neutral", energy=0.5),), (0.75, 0.35)

    def circling(t_s: float) -> list[np.ndarray]:
        turn = t_s * 9
        return [body(left_wrist=(centre[0] + 0.12 * np.cos(turn), centre[1] + 0.12 * np.sin(turn)))]

    moving = share_near(stages(LOOSE).go(2.0, who, circling, unseen_s=1.5), *centre)
    resting = share_near(stages(LOOSE).go(2.0, who, lambda t_s: [body(left_wrist=centre)], unseen_s=1.5), *centre)
    assert moving > 2 * resting


@pytest.mark.long
def test_a_fast_hand_throws_dust_on_its_way(stages: Callable[..., Stage], state_of: Callable) -> None:
    """A throw to the right that ends after a quarter of a second; the dust flies on, beyond where the hand stopped."""
    who, at = (state_of("neutral", energy=0.3),), (0.2, 0.1)
    shares = []
    for pace in (0.0, 3.0):
        stage = stages(LOOSE)
        stage.go(1.0, who, lambda t_s: [body(left_wrist=at)], unseen_s=1.5)
        light = stage.go(0.6, who, lambda t_s, pace=pace: [body(left_wrist=(at[0] + pace * min(t_s, 0.25), at[1]))])
        shares.append(share_near(light, 1.4, 0.1, 0.3))
    assert shares[1] > 1.2 * shares[0]


def test_every_pair_of_emotions_has_another_form(stages: Callable[..., Stage], state_of: Callable) -> None:
    forms = []
    for emotion in EMOTIONS:
        light = stages().go(0.8, (state_of(emotion, energy=0.1),), lambda t_s: [body()], unseen_s=2.5)
        forms.append(light > 30)
    for n, one in enumerate(forms):
        for other in forms[:n]:
            assert (one & other).sum() / (one | other).sum() < 0.75


def test_nobody_there_it_is_dark_and_alive_and_who_comes_is_answered(
    stages: Callable[..., Stage], state_of: Callable
) -> None:
    stage = stages()
    idle = stage.go(1.0, unseen_s=2.0)
    assert 25 < idle.max() < 220
    assert idle.mean() < 22
    still = stage.go(0.3)
    assert 0 < np.abs(still - idle).mean() < 2
    welcome = stage.go(0.3, (state_of("neutral", presence=0.3),))
    assert np.abs(welcome - still).mean() > 3 * np.abs(still - idle).mean() + 0.5


def test_two_visitors_are_two_figures_and_one_may_go(stages: Callable[..., Stage], state_of: Callable) -> None:
    stage = stages(DUST)
    both = (state_of("neutral", 1, x=0.2, energy=0.0), state_of("neutral", 2, x=0.8, energy=0.0))
    light = stage.go(0.8, both, lambda t_s: [body(-0.8), body(0.8)], unseen_s=2.5)
    left, right, middle = (share_near(light, x, 0.2, 0.35) for x in (-0.8, 0.8, 0.0))
    assert min(left, right) > 1.5 * middle
    first = before = coarse(light)
    steps = []
    for n in range(40):
        going = state_of("neutral", 2, x=0.8, energy=0.0, presence=max(1.0 - n / 20, 0.0))
        stage.step((both[0], going) if n < 30 else both[:1], [body(-0.8), body(0.8)])
        now = coarse(stage.light())
        steps.append(np.abs(now - before).mean())
        before = now
    assert np.abs(before - first).mean() > 3
    assert max(steps) < 0.3 * np.abs(before - first).mean(), "who goes fades"


@pytest.mark.long
def test_more_or_fewer_grains_come_without_a_jump(stages: Callable[..., Stage], state_of: Callable) -> None:
    who, stage = (state_of("happy", energy=0.0),), stages({"points": 60000})
    before = stage.go(0.8, who, unseen_s=2.0)
    usual = [np.abs(stage.go(DT_S, who) - before).mean()]
    for points in (150000.0, 2000.0):
        start = stage.light().mean()
        stage.renderer.reconfigure(stage.config, {"swarm": {"points": points}})
        steps, before = [], stage.light()
        for _ in range(45):
            now = stage.go(DT_S, who)
            steps.append(np.abs(now - before).mean())
            before = now
        assert max(steps) < 3 * max(np.median(steps), usual[0]) + 0.5
        assert 0.5 * start < stage.light().mean() < 2 * start, "the picture keeps its light"


def test_detail_thins_the_dust() -> None:
    shares = [particle_share(detail) for detail in np.linspace(0, 1, 21)]
    assert shares[-1] == 1.0
    assert shares[0] > 0
    assert all(a < b for a, b in pairwise(shares))
    assert 5000 < 60000 * particle_share(0.35) < 7000, "what a processor draws"


def test_a_part_drawn_again_shows_the_same_moment(stages: Callable[..., Stage], state_of: Callable) -> None:
    stage, who = stages(), (state_of("happy"),)
    stage.go(1.5, who)
    state = stage.step(who, [])
    whole = stage.renderer.draw_part(state, SIZE, (0, 0, 1, 1), SIZE).astype(int)
    half = (SIZE[0] // 2, SIZE[1])
    left = stage.renderer.draw_part(state, SIZE, (0, 0, 0.5, 1), half).astype(int)
    right = stage.renderer.draw_part(state, SIZE, (0.5, 0, 0.5, 1), half).astype(int)
    difference = np.abs(np.concatenate([left, right], axis=1) - whole)
    assert difference.mean() < 1.0
    assert (difference.max(axis=2) > 12).mean() < 0.01, "time stands, and no grain is cut at the border"


def followed(hands: Hands, wrists: np.ndarray, seeds: np.ndarray, dt_s: float) -> np.ndarray:
    """(N, 2, 4)."""
    return np.array(hands.follow(wrists, seeds, dt_s)).reshape(-1, 2, 4)


def test_hands_velocity_is_that_of_the_hands() -> None:
    hands, seeds = Hands(), np.array([0.25, 0.75], np.float32)
    wrists = np.zeros((2, 2, 4), np.float32)
    wrists[:, :, 3] = 1.0
    assert (followed(hands, wrists, seeds, DT_S)[:, :, :3] == 0).all(), "at first all rest"
    for _ in range(30):
        wrists[0, 0, 0] += 2.0 * DT_S
        wrists[1, 1, 1] -= 1.0 * DT_S
        found = followed(hands, wrists, seeds, DT_S)
    assert found[0, 0] == pytest.approx((2, 0, 0, 1), abs=0.02)
    assert found[1, 1] == pytest.approx((0, -1, 0, 1), abs=0.02)
    assert followed(hands, wrists, seeds, 0.0) == pytest.approx(found), "the same moment again"
    # Places change in the list when somebody goes: velocity goes with its visitor.
    wrists[1, 1, 1] -= 1.0 * DT_S
    assert followed(hands, wrists[1:], seeds[1:], DT_S)[0, 1, :3] == pytest.approx((0, -1, 0), abs=0.05)


def test_a_hand_that_is_found_again_or_leaps_is_not_thrown() -> None:
    hands, seeds = Hands(), np.array([0.5], np.float32)
    wrists = np.zeros((1, 2, 4), np.float32)
    followed(hands, wrists, seeds, DT_S)
    wrists[0, 0] = (1.0, 1.0, 0.0, 1.0)
    assert (followed(hands, wrists, seeds, DT_S)[0, 0, :3] == 0).all(), "it was not seen before"
    wrists[0, 0, 0] = -50.0
    assert abs(followed(hands, wrists, seeds, DT_S)[0, 0, 0]) < MAX_HAND_SPEED


FLOW = """#version 330 core
#include "lib/motion/curl_flow.glsl"
#include "lib/noise/hash.glsl"
#include "lib/noise/lots.glsl"
out vec4 out_value;
void main() {
    vec3 p = (lots(gl_VertexID).xyz - 0.5) * 20.0;
    const float e = 0.01;
    float fine = float(gl_VertexID & 1);
    vec3 dx = vec3(e, 0.0, 0.0);
    float drain = curl_flow(p + dx, 0.7, fine).x - curl_flow(p - dx, 0.7, fine).x
        + curl_flow(p + dx.yxz, 0.7, fine).y - curl_flow(p - dx.yxz, 0.7, fine).y
        + curl_flow(p + dx.yzx, 0.7, fine).z - curl_flow(p - dx.yzx, 0.7, fine).z;
    vec3 v = curl_flow(p, 0.7, fine);
    out_value = vec4(drain / (2.0 * e), max(abs(v.x), max(abs(v.y), abs(v.z))), length(v), lots(gl_VertexID).w);
}
"""


def test_the_current_has_no_drain_and_lots_are_even(stages: Callable[..., Stage], tmp_path: Path) -> None:
    context, count = stages().surface.context, 4000
    path = tmp_path / "flow.vert"
    path.write_text(FLOW)
    program = Program(context, path, None, root=SHADERS, varyings=("out_value",))
    buffer = context.buffer(reserve=count * 16)
    array = context.vertex_array(program.program, [])
    array.transform(buffer, vertices=count)
    drain, largest, speed, lot = np.frombuffer(buffer.read(), np.float32).reshape(-1, 4).T
    for part in (array, buffer, program):
        part.release()
    assert np.abs(drain).max() < 0.02
    assert 1.5 < largest.max() < 3.1
    assert 0.8 < speed.mean() < 1.8
    assert np.histogram(lot, 10, (0, 1))[0] == pytest.approx(count / 10, rel=0.2)
