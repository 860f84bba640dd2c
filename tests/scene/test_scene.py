"""The scene: deterministic, eased, different for every emotion, calm when nobody is there."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.colour import linear_of_hex, linear_of_oklab, oklab_of_linear
from installation.config.scene import SceneConfig
from installation.record.show_log import scene_digest
from installation.scene.figures import expression
from installation.scene.look import RANGES
from installation.scene.scene import CLEAR_S, Scene
from installation.types import (
    BLENDSHAPES,
    EMOTIONS,
    EXPRESSION,
    EXTENTS,
    FIGURE_COLUMNS,
    SHAPE_COLUMNS,
    EmotionState,
    SceneState,
    read_only,
)

X, SCALE, PRESENCE = (SHAPE_COLUMNS.index(name) for name in ("x", "scale", "presence"))
EXTENT, FACE = (FIGURE_COLUMNS.index(name) for name in ("extent", EXPRESSION[0]))


def play(
    scene: Scene, states: tuple[EmotionState, ...], seconds: float, rate: int = 30, t_s: float = 0.0
) -> SceneState:
    """The scene after ``seconds`` of the same states."""
    for n in range(round(seconds * rate)):
        found = scene.update(states, next(iter(states), None), t_s + n / rate, 1 / rate)
    return found


def test_the_same_calls_give_the_same_bits(state_of: Callable) -> None:
    def run() -> list[str]:
        scene = Scene(SceneConfig(), 5)
        digests = []
        for n in range(90):
            states = (state_of("happy", x=0.2 + n / 200),) if n % 40 > 5 else ()
            if n == 50:
                scene.next_scene()
            digests.append(scene_digest(scene.update(states, next(iter(states), None), n / 30, 1 / 30)))
        return digests

    assert run() == run()
    assert len(set(run())) == 90


def test_another_seed_gives_another_scene() -> None:
    assert scene_digest(play(Scene(SceneConfig(), 1), (), 0.1)) != scene_digest(play(Scene(SceneConfig(), 2), (), 0.1))


@given(st.floats(0, 0.4), st.sampled_from(EMOTIONS))
def test_everything_stays_in_its_range(dt_s: float, emotion: str) -> None:
    scene = Scene(SceneConfig(), 1)
    certain = (np.arange(7) == EMOTIONS.index(emotion)).astype(np.float32)
    state = EmotionState(0.0, 1, certain, 1.0, 1.0, 1.0, 1.0, 1.0, (1.5, -0.5, 1.0), 1.0, emotion)
    for n in range(20):
        found = scene.update((state,), state, n * dt_s, dt_s)
        for name, (low, high, _) in RANGES.items():
            assert low - 1e-9 <= found.look[name] <= high + 1e-9
        assert np.isfinite(found.shapes).all()
        assert (found.palette >= 0).all()
        assert found.emotion.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_change_is_eased_and_reaches_its_end(state_of: Callable) -> None:
    scene = Scene(SceneConfig(response_s=0.25), 1)
    before = play(scene, (state_of("sad"),), 5).look["droop"]
    first = scene.update((who := state_of("happy"),), who, 5.0, 1 / 30).look["droop"]
    after = play(scene, (state_of("happy"),), 3, t_s=5.1).look["droop"]
    assert before > 0.5 > 0 > after
    assert 0 < before - first < 0.2 * (before - after)


def test_thirty_and_sixty_pictures_a_second_end_alike(state_of: Callable) -> None:
    looks = [play(Scene(SceneConfig(), 1), (state_of("angry"),), 2, rate).look for rate in (30, 60)]
    for name in RANGES:
        assert looks[0][name] == pytest.approx(looks[1][name], abs=0.02)


def test_the_visitor_moves_the_shape_and_energy_the_pace(state_of: Callable) -> None:
    left = play(Scene(SceneConfig(), 1), (state_of("neutral", x=0.1),), 3)
    right = play(Scene(SceneConfig(), 1), (state_of("neutral", x=0.9),), 3)
    assert left.shapes[0, X] < -0.5 < 0.5 < right.shapes[0, X]

    def pace(energy: float) -> float:
        scene = Scene(SceneConfig(), 1)
        play(scene, (state_of("neutral", energy=energy),), 3)
        start = scene.update((who := state_of("neutral", energy=energy),), who, 0, 0.0).look["phase"]
        return play(scene, (state_of("neutral", energy=energy),), 1).look["phase"] - start

    assert pace(1.0) > 1.8 * pace(0.0)


def brightness(state: SceneState) -> float:
    """Key light on the palette's middle colour."""
    return float(state.look["light"] * state.palette[2].mean())


def test_nobody_there_is_dim_closed_and_slow(state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 1)
    there = play(scene, (state_of("happy"),), 4)
    gone = play(scene, (), 6)
    assert gone.presence < 0.01
    assert brightness(gone) < 0.5 * brightness(there)
    assert gone.look["spread"] < 0.3 * there.look["spread"]
    assert gone.look["speed"] < 0.5
    assert len(gone.shapes) == 1
    assert gone.shapes[0, PRESENCE] < 0.05


def test_every_visitor_has_a_shape(state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 1)
    states = tuple(state_of("happy", person_id=n, x=0.2 * n) for n in (1, 2, 3))
    found = play(scene, states, 3)
    assert len(found.shapes) == 3
    assert sorted(found.shapes[:, X]) == list(found.shapes[:, X])
    alone = play(Scene(SceneConfig(), 1), states[:1], 3)
    assert found.shapes[0, SCALE] < alone.shapes[0, SCALE]


def test_each_shape_knows_what_is_seen_of_its_visitor_and_the_face(state_of: Callable) -> None:
    smile, frown = (read_only(np.full(BLENDSHAPES, value, np.float32)) for value in (0.7, 0.2))
    scene = Scene(SceneConfig(), 1)
    one, other = (
        replace(state_of("happy", person_id=n), extent=extent, blendshapes=shapes)
        for n, extent, shapes in ((1, "face", smile), (2, "whole", frown))
    )
    found = play(scene, (one, other), 0.5).figures
    assert found[:, EXTENT].tolist() == [EXTENTS.index("face"), EXTENTS.index("whole")]
    np.testing.assert_array_equal(found[:, FACE:], [expression(smile), expression(frown)])
    assert not found.flags.writeable
    left = play(scene, (other,), 0.1).figures
    np.testing.assert_array_equal(left[:, FACE:], [expression(frown)])
    assert not play(scene, (), 0.1).figures[:, FACE:].any()


def test_a_stall_does_not_make_it_leap(state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 1)
    play(scene, (state_of("sad"),), 2)
    before = scene.update((who := state_of("sad"),), who, 2.0, 0.0).look["phase"]
    after = scene.update((who := state_of("sad"),), who, 60.0, 58.0).look["phase"]
    assert after - before < 0.5


def test_scenes_cross_fade(state_of: Callable) -> None:
    scene = Scene(SceneConfig(scene_fade_s=1.0), 1)
    play(scene, (), 1)
    assert scene.next_scene() == "sculpture"
    half = play(scene, (), 0.5)
    assert (half.scene, half.previous) == ("sculpture", "blossom")
    assert half.blend == pytest.approx(0.5, abs=0.05)
    assert play(scene, (), 1).previous == "sculpture"


def test_clear_brings_everything_to_rest_and_back_without_a_jump(state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 1)
    states = tuple(state_of("happy", person_id=n, x=0.2 * n, valence=0.8) for n in (1, 2, 3))
    before = play(scene, states, 4)
    scene.clear()
    found = [scene.update(states, states[0], 4 + n / 30, 1 / 30) for n in range(round(CLEAR_S * 30) + 150)]
    resting, after = found[round(CLEAR_S * 30) - 1], found[-1]
    assert resting.shapes[:, PRESENCE].max() < 0.05 < 0.9 < before.shapes[:, PRESENCE].min()
    assert resting.presence < 0.05
    assert brightness(resting) < 0.6 * brightness(before)
    assert all(len(state.shapes) == 3 for state in found)
    steps = np.abs(np.diff([before.shapes, *(state.shapes for state in found)], axis=0))
    # 1/30 s of an easing over 0.25 s is an eighth of the way.
    assert steps[:, :, :7].max() < 0.25
    np.testing.assert_allclose(after.shapes[:, :8], before.shapes[:, :8], atol=0.02)
    assert after.presence == pytest.approx(before.presence, abs=0.01)


def test_clear_does_nothing_to_the_choice_of_scene_and_may_be_asked_for_again(state_of: Callable) -> None:
    scene = Scene(SceneConfig(), 1)
    states = (state_of("happy"),)
    play(scene, states, 3)
    scene.clear()
    play(scene, states, CLEAR_S - 0.2)
    scene.clear()
    assert play(scene, states, CLEAR_S - 0.2).presence < 0.05
    found = play(scene, states, 4)
    assert (found.scene, found.blend) == ("blossom", 1.0)
    assert found.presence > 0.9


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_oklab_there_and_back(rgb: list[float]) -> None:
    assert linear_of_oklab(oklab_of_linear(np.array(rgb))) == pytest.approx(rgb, abs=1e-6)


def test_known_colours() -> None:
    assert linear_of_hex("#ffffff") == pytest.approx([1, 1, 1])
    assert linear_of_hex("#808080") == pytest.approx([0.21586] * 3, abs=1e-4)
    assert oklab_of_linear(np.ones(3)) == pytest.approx([1, 0, 0], abs=1e-4)
    with pytest.raises(ValueError, match="#rrggbb"):
        linear_of_hex("red")


def test_with_nobody_there_the_next_scene_comes_and_with_somebody_it_stays(state_of: Callable) -> None:
    for states, changes in (((), True), ((state_of("happy"),), False)):
        scene = Scene(SceneConfig(idle_next_s=5.0, scene_fade_s=1.0), 1)
        shown = [scene.update(states, next(iter(states), None), n / 30, 1 / 30).scene for n in range(210)]
        assert len(set(shown[:140])) == 1
        assert (len(set(shown)) == 2) is changes


def test_each_shape_knows_its_own_visitors_emotion(state_of: Callable[..., EmotionState]) -> None:
    happy, sad = state_of("happy", 1, 0.3), state_of("sad", 2, 0.7)

    def last(*states: EmotionState) -> SceneState:
        scene = Scene(SceneConfig(), 1)
        return [scene.update(states, happy, n / 30, 1 / 30) for n in range(150)][-1]

    alone = last(happy)
    assert np.allclose(alone.moods, alone.emotion, atol=1e-5)
    both = last(happy, sad)
    assert both.moods.shape == (2, 7)
    assert np.allclose(both.moods.sum(axis=1), 1.0, atol=1e-5)
    assert np.allclose(both.moods, [happy.probabilities, sad.probabilities], atol=0.02)
    assert not both.moods.flags.writeable
