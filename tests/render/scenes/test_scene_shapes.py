"""What blossom, supershape and crystals promise."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.config.scene import SceneConfig
from installation.render.passes.room_lots import NO_SCENE
from installation.render.renderer import Renderer
from installation.render.scenes.meshes import crystals
from installation.render.surface import Offscreen
from installation.scene.births import LEAVE_S
from installation.scene.scene import Scene
from installation.types import EMOTIONS, HEAD_COLUMNS, EmotionState, SceneState
from tests.screen import or_skipped

SIZE = (192, 108)
NAMES = ("blossom", "supershape", "crystals")
GROTTO = {"crystals": (60, 150)}
"""Where walls and an opening lie behind the forms: from what brightness of 255 on a pixel is no wall, and no opening."""


class Stage:
    """A renderer of small pictures."""

    def __init__(self) -> None:
        self.notices = Notices(ManualClock())
        self.surface = Offscreen(SIZE)
        self.parameters: dict[str, dict[str, float]] = {}
        config = OutputConfig(render_scale=1.0, quality="medium", glow=0.0)
        self.renderer = Renderer(self.surface, config, self.parameters, self.notices)

    def draw(self, scene: SceneState) -> np.ndarray:
        """(H, W, 3) of numbers that may be subtracted."""
        self.renderer.draw(scene)
        assert self.surface.context.error == "GL_NO_ERROR"
        assert self.notices.active() == ()
        return self.renderer.read_rgb().astype(int)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with or_skipped():
        made = Stage()
    yield made
    made.renderer.close()
    made.surface.close()


class Play:
    """A scene whose time goes on."""

    def __init__(self, name: str) -> None:
        self.scene, self.t_s = Scene(SceneConfig(name=name), 3), 0.0

    def go(self, states: tuple, seconds: float) -> SceneState:
        for _ in range(max(1, round(seconds * 30))):
            self.t_s += 1 / 30
            state = self.scene.update(states, next(iter(states), None), self.t_s, 1 / 30)
        return state


def lit(picture: np.ndarray, level: int = 40) -> np.ndarray:
    """(H, W) bool."""
    return picture.max(axis=2) > level


def edge(mask: np.ndarray) -> int:
    """Pixels at which the mask changes."""
    return int((mask[:, 1:] != mask[:, :-1]).sum() + (mask[1:] != mask[:-1]).sum())


@pytest.mark.parametrize("name", NAMES)
def test_every_pair_of_emotions_has_another_form(stage: Stage, state_of: Callable, name: str) -> None:
    level, _ = GROTTO.get(name, (25, 60))
    forms = [lit(stage.draw(Play(name).go((state_of(emotion),), 4.0)), level) for emotion in EMOTIONS]
    for n, one in enumerate(forms):
        for other in forms[:n]:
            assert (one & other).sum() / (one | other).sum() < 0.92


@pytest.mark.parametrize("name", NAMES)
def test_nobody_there_it_is_small_dark_and_alive(stage: Stage, state_of: Callable, name: str) -> None:
    play = Play(name)
    idle = stage.draw(play.go((), 3.0))
    assert 12 < idle.max() < 240
    later = stage.draw(play.go((), 4.0))
    assert np.abs(later - idle).max() > 4, "it breathes"
    here = stage.draw(Play(name).go((state_of("happy"),), 4.0))
    assert lit(here).sum() > 2.2 * lit(idle).sum()


@pytest.mark.parametrize("name", NAMES)
def test_somebody_who_comes_is_answered_within_300_ms(stage: Stage, state_of: Callable, name: str) -> None:
    play = Play(name)
    idle = stage.draw(play.go((), 3.0))
    still = stage.draw(play.go((), 0.3))
    welcome = stage.draw(play.go((state_of("neutral", presence=0.3),), 0.3))
    assert np.abs(welcome - still).mean() > 4 * np.abs(still - idle).mean() + 0.3


@pytest.mark.parametrize("name", NAMES)
def test_two_visitors_are_two_forms(stage: Stage, state_of: Callable, name: str) -> None:
    stage.parameters["supershape"] = {"satellites": 0}
    two = stage.draw(Play(name).go((state_of("neutral", 1, x=0.15), state_of("neutral", 2, x=0.85)), 0.35 + 2.5))
    _, level = GROTTO.get(name, (25, 60))
    columns = lit(two, level)[30:75].sum(axis=0)
    middle = SIZE[0] // 2
    assert columns[:middle].max() > 15
    assert columns[middle:].max() > 15
    assert columns[middle - 6 : middle + 6].min() < 0.5 * min(columns[:middle].max(), columns[middle:].max())


@pytest.mark.parametrize("name", NAMES)
def test_no_pixel_burns(stage: Stage, state_of: Callable, name: str) -> None:
    for emotion in ("sad", "fear", "neutral"):
        play = Play(name)
        for _ in range(3):
            picture = stage.draw(play.go((state_of(emotion),), 1.0)).max(axis=2)
            around = np.stack(
                [np.roll(picture, (y, x), (0, 1)) for y in (-2, 0, 2) for x in (-2, 0, 2) if (x, y) != (0, 0)]
            )
            assert (picture - around.max(axis=0)).max() < 180, "a number that is none shows as one white pixel"


def test_thorns_have_a_longer_outline_than_petals(stage: Stage, state_of: Callable) -> None:
    angry, happy = (
        lit(stage.draw(Play("blossom").go((state_of(emotion),), 4.0)), 25) for emotion in ("angry", "happy")
    )
    assert edge(angry) / np.sqrt(angry.sum()) > 1.3 * edge(happy) / np.sqrt(happy.sum())


def test_the_supershape_morphs_and_never_snaps(stage: Stage, state_of: Callable) -> None:
    """Corners go through several whole numbers on the way; no picture differs from the one before by a jump."""
    play = Play("supershape")
    first = stage.draw(play.go((state_of("sad", valence=-0.6, arousal=-0.6),), 3.0))
    steps, before = [], first
    for _ in range(45):
        now = stage.draw(play.go((state_of("surprise", valence=0.3, arousal=0.9),), 1 / 30))
        steps.append(np.abs(now - before).mean())
        before = now
    whole = np.abs(before - first).mean()
    assert whole > 6
    assert max(steps[6:]) < 0.42 * whole
    assert max(steps[6:]) < 4 * np.median(steps[6:]) + 1


def test_its_sea_is_another_water_in_each_mood_even_in_grey(stage: Stage, state_of: Callable) -> None:
    shown = {}
    for emotion in EMOTIONS:
        state = Play("supershape").go((state_of(emotion),), 4.0)
        # A scene that there is none of leaves its room alone.
        stage.renderer.draw(replace(state, scene="supershape" + NO_SCENE, previous="", blend=1.0))
        light = stage.renderer.read_rgb() @ np.array([0.2126, 0.7152, 0.0722])
        shown[emotion] = (light - light.mean()) / light.std()
    for one, picture in shown.items():
        for other, beside in shown.items():
            if one < other:
                assert (picture * beside).mean() < 0.9, (one, other)


def test_seeds_of_light_can_be_left_out(stage: Stage, state_of: Callable) -> None:
    state = Play("supershape").go((state_of("surprise"),), 4.0)
    some = stage.draw(state)
    stage.renderer.reconfigure(
        OutputConfig(render_scale=1.0, quality="medium", glow=0.0), {"supershape": {"satellites": 0}}
    )
    none = stage.draw(state)
    assert (np.abs(some - none).max(axis=2) > 40).sum() > 60
    assert lit(none, 60).sum() < lit(some, 60).sum()


@pytest.mark.parametrize("name", ["blossom", "supershape"])
def test_visitors_in_one_place_have_forms_with_a_gap_between(stage: Stage, state_of: Callable, name: str) -> None:
    stage.parameters |= {"supershape": {"satellites": 0}, "blossom": {"threads": 0}}
    two = stage.draw(Play(name).go((state_of("neutral", 1, x=0.48), state_of("neutral", 2, x=0.52)), 3.0))
    columns = lit(two, 60)[25:75].sum(axis=0)
    filled = np.flatnonzero(columns > 12)
    gaps = np.flatnonzero(columns[filled[0] : filled[-1]] <= 2)
    assert len(gaps) > 4


def _faced(state: EmotionState, **blendshapes: float) -> EmotionState:
    """The state of a visitor whose face is known and shows this (MediaPipe's numbers, n25=0.8)."""
    shown = np.zeros(52, np.float32)
    for name, value in blendshapes.items():
        shown[int(name[1:])] = value
    head = np.zeros(len(HEAD_COLUMNS), np.float32)
    head[:3], head[-1] = (0.5, 0.4, 0.12), 1.0
    return replace(state, blendshapes=shown, head=head)


@pytest.mark.parametrize("name", ["blossom", "supershape"])
def test_it_opens_with_the_mouth_and_closes_with_the_eyes(stage: Stage, state_of: Callable, name: str) -> None:
    areas = []
    for face in ({"n9": 1.0, "n10": 1.0}, {}, {"n25": 0.8, "n44": 0.8, "n45": 0.8}):
        state = Play(name).go((_faced(state_of("neutral"), **face),), 4.0)
        areas.append(lit(stage.draw(state), 40).sum())
    closed, rest, opened = areas
    assert closed < 0.93 * rest
    assert opened > 1.05 * rest


def test_a_crystal_is_born_within_half_a_second_stays_and_goes_when_cleared(stage: Stage, state_of: Callable) -> None:
    play = Play("crystals")
    play.go((state_of("neutral"),), 2.0)
    state = play.go((state_of("happy"),), SceneConfig().birth_hold_s + 2 / 30)
    assert len(state.births) == 2
    without = SceneState(**{**{f: getattr(state, f) for f in state.__slots__}, "births": state.births[:1]})
    start = np.abs(stage.draw(state) - stage.draw(without)).max(axis=2) > 10
    state = play.go((state_of("happy"),), 0.5)
    without = SceneState(**{**{f: getattr(state, f) for f in state.__slots__}, "births": state.births[:1]})
    grown = np.abs(stage.draw(state) - stage.draw(without)).max(axis=2) > 10
    assert grown.sum() > 40
    assert grown.sum() > 1.5 * start.sum(), "it shoots up"
    state = play.go((state_of("sad", presence=1.0),), 6.0)
    assert len(state.births) == 3, "what was born stays"
    play.scene.clear()
    state = play.go((state_of("sad"),), LEAVE_S + 0.2)
    assert len(state.births) == 0


def test_the_crystal_mesh_is_closed_and_turned_outwards() -> None:
    vertices, indices = crystals(6, 3)
    assert vertices.shape == (3 * 14, 3)
    triangles = indices.reshape(-1, 3)
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    there = {tuple(side) for side in sides}
    assert len(there) == len(sides)
    assert all((b, a) in there for a, b in there), "each edge is shared, once each way"
    a, b, c = (vertices[triangles[:, n]].astype(float) for n in range(3))
    normal, middle = np.cross(b - a, c - a), (a + b + c) / 3
    assert (np.einsum("ij,ij->i", normal, middle) > 0).all()
