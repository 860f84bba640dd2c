"""Whose face is painted, and when it has to go."""

import pytest

from installation.generation.sitter import FACE_GONE_S, Sitter
from installation.types import Box, Person

SIZE, ASPECT = (640, 360), 640 / 360


def visitor(number: int, x: float, face: bool = True) -> Person:
    """Stands at ``x``, from head to hips."""
    box = Box(x - 0.04, 0.2, x + 0.04, 0.35)
    return Person(number, Box(x - 0.12, 0.15, x + 0.12, 1.0), 1.0, face_box=box if face else None)


@pytest.fixture
def sitter() -> Sitter:
    made = Sitter()
    made.choose((visitor(1, 0.3),), SIZE, 0.0)
    assert made.id == 1
    return made


def test_it_follows_who_walks(sitter: Sitter) -> None:
    for step in range(30):
        assert sitter.watch((visitor(1, 0.3 + 0.01 * step),), ASPECT, step / 24) == "stays"
    assert sitter.square is not None
    assert sitter.square[0] == pytest.approx(0.59)


def test_who_turns_away_stays_for_a_while_and_then_dissolves(sitter: Sitter) -> None:
    away = (visitor(1, 0.3, face=False),)
    assert sitter.watch(away, ASPECT, FACE_GONE_S * 0.9) == "stays"
    assert sitter.watch(away, ASPECT, FACE_GONE_S * 1.1) == "dissolves"
    assert sitter.id is None
    assert sitter.watch(away, ASPECT, FACE_GONE_S * 1.2) == "stays", "once is enough"


def test_who_leaves_an_empty_room_dissolves(sitter: Sitter) -> None:
    assert sitter.watch((), ASPECT, 0.1) == "dissolves"
    assert sitter.watch((), ASPECT, 0.2) == "stays"


def test_who_leaves_others_behind_vanishes_for_an_outline_reaches_beyond_its_box(sitter: Sitter) -> None:
    assert sitter.watch((visitor(2, 0.8),), ASPECT, 0.1) == "vanishes"
    assert sitter.square is None


def test_who_steps_into_the_place_of_one_who_dissolves_makes_it_vanish(sitter: Sitter) -> None:
    assert sitter.watch((), ASPECT, 0.1) == "dissolves"
    assert sitter.watch((visitor(2, 0.35),), ASPECT, 0.3) == "vanishes"
    assert sitter.square is None


def test_a_hard_cut_to_somebody_else_vanishes_at_once(sitter: Sitter) -> None:
    assert sitter.watch((visitor(2, 0.3),), ASPECT, 0.04) == "vanishes"


def test_a_number_that_goes_to_another_one_vanishes_at_once(sitter: Sitter) -> None:
    for step in range(24):
        sitter.watch((visitor(1, 0.3 + 0.001 * step), visitor(2, 0.6)), ASPECT, step / 24)
    assert sitter.watch((visitor(2, 0.323), visitor(1, 0.6)), ASPECT, 1.0) == "vanishes"


def test_a_face_of_quite_another_size_is_another_one(sitter: Sitter) -> None:
    near = Person(1, Box(0, 0, 1, 1), 1.0, face_box=Box(0.15, 0.1, 0.45, 0.6))
    assert sitter.watch((near,), ASPECT, 0.04) == "vanishes"


def test_another_in_front_of_one_who_turned_away_makes_it_vanish(sitter: Sitter) -> None:
    # The visitor walked on without showing the face; where it was seen last somebody else stands now.
    people = (visitor(1, 0.7, face=False), visitor(2, 0.3))
    assert sitter.watch(people, ASPECT, 0.5) == "vanishes"
    assert Sitter().watch(people, ASPECT, 0.5) == "stays"


def test_two_who_change_places_keep_their_own(sitter: Sitter) -> None:
    for step in range(48):
        way = step / 47
        one, two = visitor(1, 0.3 + 0.4 * way), visitor(2, 0.7 - 0.4 * way)
        assert sitter.watch((one, two), ASPECT, step / 24) == "stays"
    assert sitter.square is not None
    assert sitter.square[0] == pytest.approx(0.7)
