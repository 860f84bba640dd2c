"""Sound moves the look: as much as the settings say, within the look's ranges, and not at all where nothing is heard."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.config.sound import SoundConfig
from installation.scene.look import RANGES
from installation.scene.scene import Scene
from installation.types import SHAPE_COLUMNS, EmotionState, SceneState

DT_S, REST = 1 / 60, 600
SCALE, SPIKINESS = SHAPE_COLUMNS.index("scale"), SHAPE_COLUMNS.index("spikiness")


Played = Callable[..., list[SceneState]]


@pytest.fixture
def played(state_of: Callable[..., EmotionState]) -> Played:
    """A scene that has come to rest, and then hears this, a picture each; the last picture before is the first."""

    def play(sound: SoundConfig | None, *heard: tuple[float, float] | None, visitors: int = 1) -> list[SceneState]:
        scene, who = Scene(SceneConfig(), 1, sound=sound), state_of("neutral")
        states = tuple(replace(who, person_id=n) for n in range(visitors))
        found = []
        for n in range(REST + len(heard)):
            if n >= REST:
                scene.sound.hear(heard[n - REST])
            found.append(scene.update(states, who, n * DT_S, DT_S))
        return found[REST - 1 :]

    return play


def test_without_sound_everything_is_as_it_was(played: Played) -> None:
    before, after = played(None), played(SoundConfig(level={"size": 2.0}, onset={"glow": 2.0}), None, (0.0, 0.0))
    assert before[0].look == after[0].look
    assert np.array_equal(before[0].shapes, after[0].shapes)
    assert np.array_equal(before[0].palette, after[0].palette)


def test_the_level_adds_what_it_is_told_to(played: Played) -> None:
    sound = SoundConfig(level={"glow": 0.6, "speed": 1.0, "key": -3.0, "spread": 3.0}, onset={})
    still, moved = played(sound, (0.5, 0.0))
    assert moved.look["glow"] == pytest.approx(still.look["glow"] + 0.3, abs=1e-3)
    assert moved.look["speed"] == pytest.approx(still.look["speed"] + 0.5, abs=1e-3)
    assert moved.look["light"] == 0.0, "within its range: light is the key light"
    assert moved.look["spread"] == 1.0
    for name, (low, high, _) in RANGES.items():
        assert low <= moved.look[name] <= high


def test_speed_makes_motion_run_faster_without_a_jump(played: Played) -> None:
    sound = SoundConfig(level={"speed": 2.0}, onset={})
    calm, loud = (played(sound, *[(level, 0.0)] * 60) for level in (0.0, 1.0))
    assert loud[-1].look["phase"] - loud[0].look["phase"] > 2 * (calm[-1].look["phase"] - calm[0].look["phase"])
    steps = np.diff([one.look["phase"] for one in loud])
    assert 0 < steps.min() <= steps.max() < 0.1


def test_an_onset_strikes_and_dies_away(played: Played) -> None:
    sound = SoundConfig(level={}, onset={"glow": 1.0}, onset_s=0.2)
    states = played(sound, (0.0, 1.0), *[(0.0, 0.0)] * 60)
    added = [one.look["glow"] - states[0].look["glow"] for one in states]
    assert added[1] == pytest.approx(1.0, abs=1e-3)
    assert added[1 + 12] == pytest.approx(np.exp(-1), abs=0.02), "0.2 s later"
    assert added[-1] == pytest.approx(0.0, abs=0.02)


def test_size_light_and_colour_are_shares_of_themselves(played: Played) -> None:
    sound = SoundConfig(level={"size": 0.5, "spikiness": 0.2}, onset={"brightness": 0.5})
    for visitors in (1, 3):
        still, moved, struck = played(sound, (1.0, 0.0), (0.0, 1.0), visitors=visitors)
        assert moved.shapes[:, SCALE] == pytest.approx(1.5 * still.shapes[:, SCALE], rel=0.01)
        assert moved.shapes[:, SPIKINESS] == pytest.approx(still.shapes[:, SPIKINESS] + 0.2, abs=0.01)
        assert np.array_equal(struck.palette[0], still.palette[0]), "the background keeps its own"
        assert (struck.palette[2] > 2 * still.palette[2]).all(), "linear light: the cube of what OKLab is scaled by"
        assert (struck.own_palettes[:, 2] > 2 * still.own_palettes[:, 2]).all()
    grey = played(SoundConfig(level={"saturation": -1.0}, onset={}), (1.0, 0.0))
    assert np.ptp(grey[1].palette[2]) < 0.5 * np.ptp(grey[0].palette[2])


def test_a_lost_input_lets_the_level_fall_without_a_jump(played: Played) -> None:
    sound = SoundConfig(level={"glow": 1.0}, onset={}, release_s=0.3)
    states = played(sound, (1.0, 0.0), *[None] * 120)
    glow = np.array([one.look["glow"] for one in states])
    assert glow[1] - glow[2] < 0.1
    assert glow[-1] == pytest.approx(glow[0], abs=0.01)


def test_what_is_no_number_is_not_heard(played: Played) -> None:
    states = played(SoundConfig(), (float("nan"), 0.0), (0.5, float("nan")), (7.0, 0.0))
    assert states[2].look["glow"] == pytest.approx(states[0].look["glow"], abs=1e-3)
    assert all(np.isfinite(one.shapes).all() for one in states)
    assert states[3].look["glow"] <= states[0].look["glow"] + 0.26, "more than full is full"
