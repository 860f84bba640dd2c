"""The picture's quality levels: chosen by what pictures cost or fixed, and detail that moves without a jump."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.render.quality import GPU, SOFTWARE, START, TIERS, RenderQuality, rounded_pixels

PERIOD_S = 1 / 60


def run(chosen: RenderQuality, seconds: float, cost_of_level, start_s: float = 0.0) -> list[int]:
    """The quality levels over time, a picture each PERIOD_S."""
    levels = []
    for n in range(round(seconds / PERIOD_S)):
        chosen.feed(cost_of_level(chosen.level), PERIOD_S, start_s + n * PERIOD_S, PERIOD_S)
        levels.append(chosen.level)
    return levels


def machine(speed: float):
    """A picture's cost on a machine that takes ``speed`` of the period at START, in proportion to the pixels."""
    return lambda level: speed * PERIOD_S * GPU[level].pixels / GPU[START].pixels


def changes(levels: list[int]) -> int:
    return sum(a != b for a, b in pairwise(levels))


def test_too_slow_goes_down_until_it_fits_and_stays() -> None:
    chosen = RenderQuality(GPU, "auto")
    levels = run(chosen, 60, machine(2.2))
    assert levels[-1] < START
    assert machine(2.2)(levels[-1]) < 0.9 * PERIOD_S
    assert changes(levels[round(10 / PERIOD_S) :]) == 0


def test_room_goes_up_but_never_above_the_highest() -> None:
    assert run(RenderQuality(GPU, "auto"), 60, machine(0.1))[-1] == len(GPU) - 1
    assert run(RenderQuality(GPU, "auto", highest=START), 60, machine(0.1))[-1] == START


@pytest.mark.parametrize("tier", TIERS)
def test_a_fixed_tier_stays_whatever_pictures_cost(tier: str) -> None:
    chosen = RenderQuality(SOFTWARE, tier)
    assert set(run(chosen, 20, lambda level: 5 * PERIOD_S)) == {TIERS[tier]}
    assert not chosen.at_the_bottom


def test_another_tier_applies_at_once_and_detail_follows_without_a_jump() -> None:
    chosen = RenderQuality(GPU, "ultra")
    chosen.set_tier("low")
    assert chosen.level == TIERS["low"]
    details = [chosen.quality.detail]
    for n in range(300):
        chosen.feed(0.0, PERIOD_S, n * PERIOD_S, PERIOD_S)
        details.append(chosen.quality.detail)
    assert max(abs(b - a) for a, b in pairwise(details)) < 0.01
    assert details[-1] == pytest.approx(GPU[TIERS["low"]].detail)


def test_the_bottom_that_is_too_slow_is_known() -> None:
    chosen = RenderQuality(GPU, "auto")
    run(chosen, 20, lambda level: 3 * PERIOD_S)
    assert chosen.level == 0
    assert chosen.at_the_bottom
    run(chosen, 3, lambda level: 0.3 * PERIOD_S, start_s=20)
    assert not chosen.at_the_bottom


@pytest.mark.parametrize("levels", [GPU, SOFTWARE])
def test_a_step_up_never_lands_where_it_is_too_slow(levels: tuple) -> None:
    for low, high in pairwise(levels):
        assert 1.0 < high.pixels / low.pixels <= 2.0
        assert low.detail <= high.detail


@given(st.floats(1e3, 1e7))
def test_sizes_are_few(pixels: float) -> None:
    found = rounded_pixels(pixels)
    assert pixels / 1.4143 <= found <= pixels * 1.000001


def test_a_wall_is_drawn_at_the_level_of_its_slowest_and_comes_back_from_it() -> None:
    chosen = RenderQuality(GPU, "auto")
    run(chosen, 60, machine(0.3))
    own = chosen.own_level
    assert own > 1
    chosen.ceiling = 1
    assert set(run(chosen, 60, machine(0.3), 60.0)) == {1}
    assert chosen.own_level == own, "what the lower level costs says nothing about the own one"
    assert chosen.quality.pixels == GPU[1].pixels
    chosen.ceiling = None
    assert chosen.level == own


def test_a_machine_that_is_too_slow_for_the_walls_level_says_so() -> None:
    chosen = RenderQuality(GPU, "auto")
    chosen.ceiling = 2
    run(chosen, 120, machine(5.0))
    assert chosen.own_level < 2
