"""Each dial that is a factor does what its text says, and at 1 nothing changes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.factors import strengthened_look, strengthened_picture, strengthened_repainting, with_calmness
from installation.config.generation import RepaintingConfig
from installation.config.load import parse_config, with_overrides
from installation.config.look import LOOK_NAMES, LookConfig
from installation.config.output import OutputConfig
from installation.config.picture import PictureConfig
from installation.config.scene import SceneConfig
from installation.config.settings import Config
from installation.emotion.smoothing import Smoother
from installation.record.show_log import scene_digest
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.scene.scene import Scene
from installation.types import BIRTH_COLUMNS, EMOTIONS, JOINTS, SHAPE_COLUMNS, EmotionState, SceneState
from tests.emotion.test_smoothing import estimate
from tests.poses.posed_figures import POSES, seen
from tests.screen import or_skipped

PHASE, SCALE = SHAPE_COLUMNS.index("phase"), SHAPE_COLUMNS.index("scale")


def played(config: SceneConfig, states: tuple[EmotionState, ...], seconds: float = 3.0) -> list[SceneState]:
    scene = Scene(config, 1)
    return [scene.update(states, next(iter(states), None), n / 30, 1 / 30) for n in range(round(seconds * 30))]


def test_at_1_the_scene_has_the_same_bits(state_of: Callable) -> None:
    states = (state_of("happy"),)
    plain, dialled = played(SceneConfig(), states), played(SceneConfig(pace=1.0, size=1.0), states)
    assert [scene_digest(one) for one in plain] == [scene_digest(one) for one in dialled]
    config = Config()
    assert with_calmness(config) is config
    assert strengthened_look(config.look, 1.0) is config.look
    assert strengthened_repainting(config.repainting, 1.0) is config.repainting
    assert strengthened_picture(config.picture, 1.0) is config.picture


@pytest.mark.parametrize("emotion", ["sad", "angry"])
def test_twice_the_pace_moves_twice_as_fast(state_of: Callable, emotion: str) -> None:
    ways = []
    for pace in (1.0, 2.0):
        scenes = played(SceneConfig(pace=pace), (state_of(emotion),))
        ways.append([
            scenes[-1].look["phase"] - scenes[0].look["phase"],
            float(scenes[-1].shapes[0, PHASE] - scenes[0].shapes[0, PHASE]),
            scenes[-1].look["speed"],
        ])  # fmt: skip
    assert ways[1] == pytest.approx([2 * way for way in ways[0]], rel=1e-4)


def test_twice_the_size_is_twice_as_large_and_stands_where_it_stood(state_of: Callable) -> None:
    who = state_of("happy", x=0.3, joints=seen(POSES["arms_up"]).pose)
    small, large = (played(SceneConfig(size=size), (who,))[-1] for size in (1.0, 2.0))
    assert large.shapes[0, SCALE] == pytest.approx(2 * small.shapes[0, SCALE])
    assert np.array_equal(large.shapes[0, :2], small.shapes[0, :2])
    chest = JOINTS.index("chest")
    assert np.allclose(large.joints[0, chest], small.joints[0, chest])
    reach = [one.joints[0, :, :3] - one.joints[0, chest, :3] for one in (small, large)]
    assert np.abs(reach[0]).max() > 0.1
    assert np.allclose(reach[1], 2 * reach[0], atol=1e-5)
    size = BIRTH_COLUMNS.index("size")
    assert large.births[0, size] == pytest.approx(2 * small.births[0, size])


def test_another_size_is_eased_into(state_of: Callable) -> None:
    scene, who = Scene(SceneConfig(), 1), state_of("happy")
    for n in range(60):
        before = scene.update((who,), who, n / 30, 1 / 30).shapes[0, SCALE]
    scene.reconfigure(SceneConfig(size=2.0), LookConfig())
    first = scene.update((who,), who, 2.0, 1 / 30).shapes[0, SCALE]
    assert before < first < 1.3 * before


def test_twice_as_calm_follows_half_as_fast() -> None:
    config = Config()
    calm = with_calmness(with_overrides(config, {"smoothing.calmness": 2.0}))
    for name in ("emotion_s", "affect_s", "label_hold_s"):
        assert getattr(calm.smoothing, name) == 2 * getattr(config.smoothing, name)
    assert calm.smoothing.min_cutoff_hz == config.smoothing.min_cutoff_hz / 2
    assert calm.scene.response_s == 2 * config.scene.response_s
    assert calm.smoothing.fade_in_s == config.smoothing.fade_in_s


def test_calmness_reaches_what_is_smoothed() -> None:
    shares = []
    for calmness in (1.0, 4.0):
        smoother = Smoother(with_calmness(parse_config(f"smoothing: {{calmness: {calmness}}}")).smoothing)
        smoother.update((estimate(0.0, "sad"),), 0.0)
        (state,) = smoother.update((estimate(0.1, "happy"),), 0.1)
        shares.append(state.probabilities[EMOTIONS.index("happy")])
    assert shares[1] < 0.5 * shares[0]


def test_strength_multiplies_what_it_names_up_to_1() -> None:
    look, repainting = LookConfig(), RepaintingConfig()
    for strength in (0.0, 0.5, 2.0):
        strong = strengthened_look(look, strength)
        for name in LOOK_NAMES:
            assert getattr(strong, name).texture == min(1.0, getattr(look, name).texture * strength)
            assert getattr(strong, name).form == getattr(look, name).form
        painted = strengthened_repainting(repainting, strength)
        assert (painted.over, painted.behind) == (min(1.0, 0.5 * strength), min(1.0, 0.1 * strength))
        assert strengthened_picture(PictureConfig(strength=0.8), strength).strength == min(1.0, 0.8 * strength)


@pytest.fixture
def surface() -> Iterator[Offscreen]:
    with or_skipped():
        made = Offscreen((96, 54))
    yield made
    made.close()


def drawn(surface: Offscreen, scene: SceneState, **output: float) -> np.ndarray:
    config = OutputConfig(render_scale=1.0, **output)
    renderer = Renderer(surface, config, {}, Notices(ManualClock()))
    renderer.draw(scene)
    picture = renderer.read_rgb().astype(float)
    renderer.close()
    return picture


def test_the_finished_pictures_saturation_brightness_and_glow(surface: Offscreen, state_of: Callable) -> None:
    scene = played(SceneConfig(), (state_of("angry"),))[-1]
    plain = drawn(surface, scene)
    assert np.array_equal(plain, drawn(surface, scene, saturation=1.0))

    def chroma(picture: np.ndarray) -> float:
        return float((picture.max(axis=2) - picture.min(axis=2)).mean())

    grey, half = drawn(surface, scene, saturation=0.0), drawn(surface, scene, saturation=0.5)
    assert chroma(grey) < 1.5
    assert chroma(half) == pytest.approx(0.5 * chroma(plain), rel=0.1)
    assert chroma(drawn(surface, scene, saturation=1.5)) > 1.2 * chroma(plain)
    luma = [(picture @ (0.299, 0.587, 0.114)).mean() for picture in (plain, grey)]
    assert luma[1] == pytest.approx(luma[0], rel=0.03)
    assert drawn(surface, scene, brightness=2.0).mean() > 1.2 * plain.mean()
    scene = replace(scene, palette=scene.palette * 8, own_palettes=scene.own_palettes * 8)
    plain = drawn(surface, scene)
    assert drawn(surface, scene, glow=0.0).mean() < plain.mean() < drawn(surface, scene, glow=3.0).mean()
