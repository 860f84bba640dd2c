"""The quality ladder: down when pictures are too dear, up when there is room, and not to and fro."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.render.quality import GPU, SOFTWARE, START, TIERS, Ladder, rounded_pixels

PERIOD_S = 1 / 60


def run(ladder: Ladder, seconds: float, cost_of_rung, start_s: float = 0.0) -> list[int]:
    """The rungs over time, a picture each PERIOD_S."""
    rungs = []
    for n in range(round(seconds / PERIOD_S)):
        ladder.feed(cost_of_rung(ladder.rung), PERIOD_S, start_s + n * PERIOD_S, PERIOD_S)
        rungs.append(ladder.rung)
    return rungs


def machine(speed: float):
    """A picture's cost on a machine that takes ``speed`` of the period at START, in proportion to the pixels."""
    return lambda rung: speed * PERIOD_S * GPU[rung].pixels / GPU[START].pixels


def changes(rungs: list[int]) -> int:
    return sum(a != b for a, b in pairwise(rungs))


def test_too_dear_goes_down_until_it_fits_and_stays() -> None:
    ladder = Ladder(GPU, "auto")
    rungs = run(ladder, 60, machine(2.2))
    assert rungs[-1] < START
    assert machine(2.2)(rungs[-1]) < 0.9 * PERIOD_S
    assert changes(rungs[round(10 / PERIOD_S) :]) == 0


def test_room_goes_up_but_never_above_the_highest() -> None:
    assert run(Ladder(GPU, "auto"), 60, machine(0.1))[-1] == len(GPU) - 1
    assert run(Ladder(GPU, "auto", highest=START), 60, machine(0.1))[-1] == START


@given(st.floats(0.05, 6.0))
def test_any_machine_settles(speed: float) -> None:
    rungs = run(Ladder(GPU, "auto"), 120, machine(speed))
    assert changes(rungs[len(rungs) // 2 :]) <= 1, "no to and fro"


def test_a_rung_that_failed_is_tried_more_and_more_seldom() -> None:
    # Cheap enough to tempt at the start, too dear once above: such a machine would swing for ever.
    ladder = Ladder(GPU, "auto")
    rungs = run(ladder, 600, lambda rung: (0.4 if rung <= START else 1.2) * PERIOD_S)
    tries = [n * PERIOD_S for n, (a, b) in enumerate(pairwise(rungs)) if b > a]
    waits = [b - a for a, b in pairwise(tries)]
    assert len(tries) < 10
    assert all(later > 1.5 * sooner for sooner, later in pairwise(waits))


def test_single_late_pictures_change_nothing() -> None:
    ladder = Ladder(GPU, "auto")
    for n in range(3000):
        ladder.feed(PERIOD_S * (3.0 if n % 20 == 0 else 0.7), PERIOD_S, n * PERIOD_S, PERIOD_S)
    assert ladder.rung == START


@pytest.mark.parametrize("tier", TIERS)
def test_a_fixed_tier_stays_whatever_pictures_cost(tier: str) -> None:
    ladder = Ladder(SOFTWARE, tier)
    assert set(run(ladder, 20, lambda rung: 5 * PERIOD_S)) == {TIERS[tier]}
    assert not ladder.at_the_bottom


def test_another_tier_counts_at_once_and_detail_follows_without_a_jump() -> None:
    ladder = Ladder(GPU, "ultra")
    ladder.set_tier("low")
    assert ladder.rung == TIERS["low"]
    details = [ladder.quality.detail]
    for n in range(300):
        ladder.feed(0.0, PERIOD_S, n * PERIOD_S, PERIOD_S)
        details.append(ladder.quality.detail)
    assert max(abs(b - a) for a, b in pairwise(details)) < 0.01
    assert details[-1] == pytest.approx(GPU[TIERS["low"]].detail)


def test_the_bottom_that_is_too_dear_is_told() -> None:
    ladder = Ladder(GPU, "auto")
    run(ladder, 20, lambda rung: 3 * PERIOD_S)
    assert ladder.rung == 0
    assert ladder.at_the_bottom
    run(ladder, 3, lambda rung: 0.3 * PERIOD_S, start_s=20)
    assert not ladder.at_the_bottom


@pytest.mark.parametrize("rungs", [GPU, SOFTWARE])
def test_a_step_up_never_lands_where_it_is_too_dear(rungs: tuple) -> None:
    for low, high in pairwise(rungs):
        assert 1.0 < high.pixels / low.pixels <= 2.0
        assert low.detail <= high.detail


@given(st.floats(1e3, 1e7))
def test_sizes_are_few(pixels: float) -> None:
    found = rounded_pixels(pixels)
    assert pixels / 1.4143 <= found <= pixels * 1.000001
