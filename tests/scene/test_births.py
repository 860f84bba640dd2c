"""Shapes that are born with an emotion: when, where, and how they go."""

import numpy as np
import pytest

from installation.scene.births import KEEP, LEAVE_S, Births
from installation.types import BIRTH_COLUMNS, BIRTHS, EMOTIONS

HOLD_S = 0.4
X, Y, Z, SIZE = (BIRTH_COLUMNS.index(name) for name in ("x", "y", "z", "size"))
AGE, LEAVING = BIRTH_COLUMNS.index("age_s"), BIRTH_COLUMNS.index("leaving")


def lived(births: Births, states: tuple, seconds: float, start_s: float) -> float:
    """Let ``seconds`` pass; gives the time after it."""
    for n in range(round(seconds * 30)):
        births.see(states, start_s + n / 30, HOLD_S)
        births.age(1 / 30)
    return start_s + seconds


def test_a_shape_is_born_when_a_new_emotion_has_lasted(state_of) -> None:
    births = Births(0.3)
    t_s = lived(births, (state_of("happy"),), HOLD_S - 0.1, 0.0)
    assert len(births.rows) == 0, "it has not lasted yet"
    t_s = lived(births, (state_of("sad"),), 0.2, t_s)
    t_s = lived(births, (state_of("happy"),), 0.2, t_s)
    assert len(births.rows) == 0, "what flickers bears nothing"
    t_s = lived(births, (state_of("happy"),), 3.0, t_s)
    assert len(births.rows) == 1, "one for each change, not one for each moment"
    lived(births, (state_of("sad"),), 1.0, t_s)
    first, second = births.rows
    assert first[AGE] > second[AGE]
    colour = slice(BIRTH_COLUMNS.index("red"), BIRTH_COLUMNS.index("blue") + 1)
    assert first[colour][0] > first[colour][2]
    assert second[colour][2] > second[colour][0]


def test_shapes_stand_round_the_visitor_and_inside_of_the_picture(state_of) -> None:
    births = Births(0.1)
    t_s = 0.0
    for n in range(40):
        t_s = lived(births, (state_of(EMOTIONS[n % 7], arousal=1.0),), HOLD_S + 0.1, t_s)
    rows = births.rows
    assert len(rows) == 40
    assert np.abs(rows[:, X]).min() > 0.5, "never in the middle, where the visitor's own shape is"
    assert 0.3 < (rows[:, X] > 0).mean() < 0.7, "on both sides"
    assert rows[:, Y].min() < -0.3
    assert rows[:, Y].max() > 0.3
    assert (np.abs(rows[:, Y]) + rows[:, SIZE] < 1.05).all()
    assert (np.abs(rows[:, X]) + rows[:, SIZE] < 16 / 9).all()
    places = rows[:, [X, Y, Z]]
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 9 * np.eye(len(places))
    assert apart.min() > 0.03, "no two in one place"


@pytest.mark.parametrize("x", [0.0, 1.0])
def test_a_visitor_at_the_side_bears_shapes_at_that_side(state_of, x: float) -> None:
    births = Births(0.1)
    t_s = 0.0
    for n in range(14):
        t_s = lived(births, (state_of(EMOTIONS[n % 7], x=x),), HOLD_S + 0.1, t_s)
    rows = births.rows
    assert np.sign(rows[:, X].mean()) == np.sign(x - 0.5)
    assert (np.abs(rows[:, X]) + rows[:, SIZE] < 16 / 9).all(), "but inside of the picture"


def test_cleared_shapes_go_and_those_that_come_later_stay(state_of) -> None:
    births = Births(0.5)
    t_s = lived(births, (state_of("happy"),), 1.0, 0.0)
    births.clear()
    t_s = lived(births, (state_of("sad"),), 0.5 * LEAVE_S, t_s)
    old, new = births.rows
    assert 0.3 < old[LEAVING] < 0.7
    assert new[LEAVING] == 0
    lived(births, (state_of("sad"),), LEAVE_S, t_s)
    assert len(births.rows) == 1


def test_the_oldest_goes_when_there_are_many(state_of) -> None:
    births = Births(0.5)
    t_s = 0.0
    for n in range(BIRTHS + 20):
        t_s = lived(births, (state_of(EMOTIONS[n % 7]),), HOLD_S + 0.1, t_s)
        rows = births.rows
        assert len(rows) <= BIRTHS
        assert (rows[:, LEAVING] == 0).sum() <= KEEP
    assert (np.diff(births.rows[:, AGE]) < 0).all(), "the oldest first"
