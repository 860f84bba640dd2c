"""When another picture is due: by arrivals, moods that stay, and time; the same states give the same numbers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from installation.config.scene import SceneConfig
from installation.generation import occasion as module
from installation.generation.occasion import Occasion
from installation.scene.scene import Scene
from installation.types import EMOTIONS

STEP_S = 1 / 30
BASE = Scene(SceneConfig(name="blossom"), 1).update((), None, 0.0, 0.03)


def feeling(name: str, share: float = 1.0) -> np.ndarray:
    p = np.full(7, (1 - share) / 7, np.float32)
    p[EMOTIONS.index(name)] += share
    return p


def run(
    occasion: Occasion, seconds: float, change: Callable[[float], dict[str, object]], since_s: float = 0.0
) -> list[float]:
    """The times at which the number rose."""
    rises, number = [], occasion.number
    for n in range(round(seconds / STEP_S)):
        t_s = since_s + n * STEP_S
        found = occasion.update(replace(BASE, t_s=t_s, **change(t_s - since_s)))  # type: ignore[arg-type]
        assert found - number in (0, 1)
        if found > number:
            rises.append(t_s - since_s)
        number = found
    return rises


def neutral(_: float) -> dict[str, object]:
    return {"emotion": feeling("neutral"), "presence": 1.0}


def welcomes(*times_s: float) -> Callable[[float], dict[str, object]]:
    """Somebody arrives at each of these; the scene's welcome fades in between."""

    def at(t_s: float) -> dict[str, object]:
        past = [t_s - begun for begun in times_s if begun <= t_s]
        return neutral(t_s) | {"welcome": float(np.exp(-min(past) / 1.5)) if past else 0.0}

    return at


def test_nothing_happens_while_nothing_changes() -> None:
    assert run(Occasion(60.0), 50.0, neutral) == []


def test_each_arrival_is_an_occasion_and_those_in_a_row_are_one() -> None:
    rises = run(Occasion(600.0), 30.0, welcomes(2.0, 12.0, 12.4, 12.8))
    assert rises[0] == pytest.approx(2.0, abs=2 * STEP_S)
    assert rises[1] == pytest.approx(12.0, abs=2 * STEP_S)
    assert rises[2:] == [pytest.approx(12.0 + module.ARRIVAL_GAP_S, abs=0.1)], (
        "the last ones are greeted after the fade"
    )


def test_a_mood_counts_once_it_has_stayed_and_not_too_often() -> None:
    def moods(t_s: float) -> dict[str, object]:
        return {"emotion": feeling("happy" if t_s % 8 >= 4 else "sad"), "presence": 1.0}

    assert run(Occasion(600.0), 3.9, neutral) == []
    changed = run(Occasion(600.0), 12.0, lambda t: neutral(t) | ({"emotion": feeling("happy")} if t > 2 else {}))
    assert changed == [pytest.approx(2.0 + module.STAYS_S, abs=0.1)]
    often = run(Occasion(600.0), 60.0, moods)
    assert often
    assert min(np.diff([0.0, *often][1:]), default=9) >= module.MOOD_GAP_S - STEP_S


def test_a_passing_mood_and_a_small_change_are_none() -> None:
    flash = run(Occasion(600.0), 20.0, lambda t: neutral(t) | ({"emotion": feeling("angry")} if 5 < t < 7 else {}))
    small = run(Occasion(600.0), 20.0, lambda t: neutral(t) | {"emotion": feeling("neutral", 0.8 if t > 3 else 1.0)})
    assert flash == small == []


def test_valence_and_arousal_count_too() -> None:
    rises = run(Occasion(600.0), 20.0, lambda t: neutral(t) | {"valence": 0.7 if t > 9 else 0.0})
    assert len(rises) == 1


def test_pictures_last_three_times_as_long_with_nobody_there() -> None:
    assert run(Occasion(20.0), 50.0, neutral) == [pytest.approx(20.0, abs=0.1), pytest.approx(40.0, abs=0.1)]
    alone = run(Occasion(20.0), 70.0, lambda t: neutral(t) | {"presence": 0.0})
    assert alone == [pytest.approx(60.0, abs=0.1)]


def test_a_stall_and_numbers_that_are_not_finite_are_no_occasion() -> None:
    occasion = Occasion(20.0)
    run(occasion, 1.0, neutral)
    assert run(occasion, 1.0, neutral, since_s=500.0) == []
    assert occasion.update(replace(BASE, t_s=502.0, valence=float("nan"))) == 0
    assert occasion.update(replace(BASE, t_s=502.1, emotion=np.full(7, np.nan, np.float32))) == 0
    assert run(occasion, 1.0, neutral, since_s=502.2) == []


def test_the_same_states_give_the_same_numbers() -> None:
    there = welcomes(2.0, 9.0)
    assert run(Occasion(15.0), 60.0, there) == run(Occasion(15.0), 60.0, there)
