"""After a year of running: motion is what it was on the first day, and no clock that is set back is seen."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.config.scene_files import scene_names
from installation.render.renderer import Renderer
from installation.render.scene_numbers import TIME_WRAP_S
from installation.scene.renewal import PHASE_WRAP, RENEWAL_S
from installation.scene.scene import Scene
from installation.types import SceneState
from tests.screen import drawing

SIZE = (96, 54)
YEAR_S = 365 * 86400.0
DT_S = 1 / 50
QUICK = ("blossom", "aurora", "swarm", "portrait")
MOODS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", None)
REACH = 1.6
"""The largest step while a clock is set back, in motion's own steps: pictures here differ by up to 1.3 of their mean anyhow."""
SWARM_REACH = 4.0
"""Grains fly to their new places, all at once: a gust of half a second."""
CASES = [
    pytest.param(name, mood, marks=() if name in QUICK and mood == "sad" else pytest.mark.long)
    for name in scene_names()
    for mood in MOODS
]


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with drawing(SIZE, render_scale=1.0, quality="low", flash_limit=False) as made:
        yield made


class Play:
    """A scene with one visitor in a mood, from ``t_s`` on, with motion's clock at ``phase``."""

    def __init__(self, name: str, who: tuple, t_s: float, phase: float) -> None:
        self.scene, self.who, self.t_s = Scene(SceneConfig(name=name), 3), who, t_s
        for _ in range(60):
            self.step(1 / 15)
        self.set_phase(phase)

    def set_phase(self, phase: float) -> None:
        self.scene._phase = phase
        for shape in (*self.scene._shapes.values(), self.scene._rest):
            shape.phase = phase

    def step(self, dt_s: float = DT_S) -> SceneState:
        self.t_s += dt_s
        return self.scene.update(self.who, next(iter(self.who), None), self.t_s, dt_s)


def steps(renderer: Renderer, play: Play, warm: int, count: int) -> np.ndarray:
    """Mean absolute difference, of 255, of each of ``count`` pictures to the one before it."""
    pictures = []
    for number in range(warm + count + 1):
        renderer.draw(play.step())
        if number >= warm:
            pictures.append(renderer.read_rgb().astype(np.int16))
    return np.array([np.abs(b - a).mean() for a, b in itertools.pairwise(pictures)])


@pytest.mark.parametrize(("name", "mood"), CASES)
def test_a_year_later_it_moves_as_on_the_first_day(
    renderer: Renderer, state_of: Callable, name: str, mood: str | None
) -> None:
    who = () if mood is None else (state_of(mood),)
    first = np.median(steps(renderer, Play(name, who, 10.0, 17.0), 25, 9))
    last = np.median(steps(renderer, Play(name, who, YEAR_S, PHASE_WRAP - 100.0), 25, 9))
    assert first > 0.05, "something moves"
    assert 0.6 * first < last < 1.6 * first, f"{first:.2f} at first, {last:.2f} after a year"


@pytest.mark.parametrize(("name", "mood"), CASES)
def test_clocks_that_are_set_back_are_not_seen(
    renderer: Renderer, state_of: Callable, name: str, mood: str | None
) -> None:
    who = () if mood is None else (state_of(mood),)
    play = Play(name, who, 10.0, 0.0)
    began = play.step().look["phase"]
    pace = play.step().look["phase"] - began
    warm, before = 25, 5
    play.set_phase(PHASE_WRAP - (warm + before + 0.5) * pace)
    # Both clocks at once: the renderer's, and motion's.
    play.t_s = 1000 * TIME_WRAP_S - (warm + before + 0.5) * DT_S
    found = steps(renderer, play, warm, before + 14)
    reach = SWARM_REACH if name == "swarm" else REACH
    assert play.step().look["renewal"] > 0, "it was set back"
    assert found.max() < reach * np.median(found) + 0.1, np.round(found, 2)


def test_the_picture_dissolves_from_the_old_clock_to_the_new(renderer: Renderer, state_of: Callable) -> None:
    play = Play("aurora", (state_of("sad"),), 10.0, 30.0)
    now = play.step()
    at, later = now.look["phase"], {**now.look, "phase": now.look["phase"] + PHASE_WRAP}

    def drawn(look: dict[str, float]) -> np.ndarray:
        renderer.draw(replace(now, look=look))
        return renderer.read_rgb().astype(float)

    new, renewed = drawn(now.look), {**now.look, "phase": at, "phase_before": PHASE_WRAP}
    column = now.shapes.copy()
    column[:, 10] += PHASE_WRAP
    renderer.draw(replace(now, look=later, shapes=column))
    old = renderer.read_rgb().astype(float)
    apart = np.abs(old - new).mean()
    assert apart > 3, "the two are not alike"
    assert np.abs(drawn({**renewed, "renewal": 0.0}) - old).mean() < 0.1 * apart
    assert np.abs(drawn({**renewed, "renewal": 0.999}) - new).mean() < 0.1 * apart
    half = np.abs(drawn({**renewed, "renewal": 0.5}) - new).mean() / apart
    assert 0.25 < half < 0.75


def test_it_is_drawn_twice_for_a_moment_only(state_of: Callable) -> None:
    play = Play("blossom", (state_of("happy"),), 10.0, PHASE_WRAP - 0.01)
    looks = [play.step().look for _ in range(round(RENEWAL_S / DT_S) + 20)]
    twice = [look["renewal"] for look in looks if "renewal" in look]
    assert twice == sorted(twice)
    assert len(twice) == pytest.approx(RENEWAL_S / DT_S, abs=2)
    assert "renewal" not in looks[-1]
    assert looks[-1]["phase"] < 100


def test_motions_clock_is_not_set_back_while_the_scene_changes(state_of: Callable) -> None:
    play = Play("blossom", (state_of("happy"),), 10.0, PHASE_WRAP - 0.01)
    play.scene.choose("aurora")
    state = play.step()
    while state.blend < 1:
        assert "renewal" not in state.look
        state = play.step()
    assert "renewal" in play.step().look


def test_in_a_year_phases_stay_small(state_of: Callable) -> None:
    play = Play("blossom", (state_of("happy", energy=1.0), state_of("angry", person_id=2, energy=0.0)), YEAR_S, 0.0)
    for _ in range(1200):
        # As if hours passed between two pictures: what one step adds is cut, so the clock is pushed on.
        play.set_phase(play.scene._phase + 40.0)
        state = play.step()
        assert abs(state.shapes[:, 10]).max() < 2 * PHASE_WRAP
        assert 0 <= state.look["phase"] < PHASE_WRAP + 50
