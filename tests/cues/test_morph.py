"""Fades: where a glide is, where it ends, and whose a setting is."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.base.colour import hex_of_linear, linear_of_hex
from installation.base.easing import eased
from installation.cues.morph import Morph, glides

EASINGS = ["smooth", "linear", "in", "out"]


def test_numbers_and_colours_glide_all_else_changes_at_once() -> None:
    morph = Morph()
    now = {"a": 0.0, "b": "#000000", "c": 1, "d": "leader", "e": 5.0}
    goals = {"a": 1.0, "b": "#ffffff", "c": 0, "d": "mean", "e": 5.0}
    assert morph.begin(now, goals, 2.0, "linear") == {"c": 0, "d": "mean", "e": 5.0}
    values, arrived = morph.advance(1.0)
    assert (values["a"], arrived) == (0.5, [])
    assert values["b"] == "#636363", "half as light as it looks, not half the light"
    values, arrived = morph.advance(1.0)
    assert values == {"a": 1.0, "b": "#ffffff"}
    assert sorted(arrived) == ["a", "b"]
    assert (len(morph), morph.advance(1.0)) == (0, ({}, []))


def test_without_seconds_all_is_there_at_once() -> None:
    morph = Morph()
    assert morph.begin({"a": 0.0}, {"a": 1.0}, 0.0, "smooth") == {"a": 1.0}
    assert len(morph) == 0


def test_two_fades_run_side_by_side_and_the_later_one_takes_its_settings() -> None:
    morph = Morph()
    morph.begin({"a": 0.0, "b": 0.0}, {"a": 1.0, "b": 1.0}, 10.0, "linear")
    assert morph.advance(5.0)[0] == {"a": 0.5, "b": 0.5}
    morph.begin({"b": 0.5}, {"b": 0.0}, 1.0, "linear")
    assert morph.left_s == 5.0
    assert morph.advance(1.0)[0] == {"a": 0.6, "b": 0.0}
    assert morph.advance(4.0)[0] == {"a": 1.0}


def test_what_is_dropped_glides_no_more() -> None:
    morph = Morph()
    morph.begin({"a": 0.0}, {"a": 1.0}, 1.0, "smooth")
    morph.drop(["a", "never"])
    assert morph.advance(1.0) == ({}, [])


def test_a_number_has_no_way_to_a_word() -> None:
    assert not glides(0.5, "x")
    assert not glides(1, 2)
    assert not glides("#000000", "leader")


@settings(max_examples=60, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.lists(st.floats(0, 3), max_size=20), st.sampled_from(EASINGS))
def test_a_glide_stays_between_its_ends_goes_one_way_and_arrives_exactly(
    start: float, goal: float, steps: list[float], easing: str
) -> None:
    morph = Morph()
    at_once = morph.begin({"a": start}, {"a": goal}, 10.0, easing)
    if at_once:
        assert start == goal
        return
    seen = [morph.advance(step)[0].get("a") for step in (*steps, 10.0)]
    found = [start, *(one for one in seen if one is not None)]
    assert found[-1] == goal
    slack = 1e-9 * max(abs(start), abs(goal), 1.0)
    sign = 1 if goal > start else -1
    assert all((after - before) * sign >= -slack for before, after in pairwise(found))
    assert all(min(start, goal) - slack <= one <= max(start, goal) + slack for one in found)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF), st.floats(0, 1))
def test_every_colour_between_is_one(start: int, goal: int, share: float) -> None:
    morph = Morph()
    ends = {"a": f"#{start:06x}"}, {"a": f"#{goal:06x}"}
    if not morph.begin(*ends, 1.0, "linear"):
        colour = morph.advance(share)[0]["a"]
        assert isinstance(colour, str)
        assert hex_of_linear(linear_of_hex(colour)[None]) == [colour]


@pytest.mark.parametrize("easing", EASINGS)
def test_easings_begin_at_0_and_end_at_1(easing: str) -> None:
    assert [eased(share, easing) for share in (-1.0, 0.0, 1.0, 2.0)] == [0.0, 0.0, 1.0, 1.0]
    assert eased(0.25, easing) == pytest.approx(
        {"smooth": 0.15625, "linear": 0.25, "in": 0.0625, "out": 0.4375}[easing]
    )
    with pytest.raises(KeyError):
        eased(0.5, "bouncy")
