"""The ladder of ways to a picture: it keeps the rate, does not swing, and learns what a step up really costs."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.generation.rungs import RateLadder, Rung, rungs

WORKS = (1.0, 4.0, 16.0)


def play(
    ladder: RateLadder, costs_s: tuple[float, ...], allowed_s: float, seconds: float, t_s: float = 0.0
) -> list[int]:
    """Rung after each picture; a picture takes what its rung costs, or its turn if that is longer."""
    seen, end_s = [], t_s + seconds
    while t_s < end_s:
        cost_s = costs_s[ladder.rung]
        t_s += max(cost_s, allowed_s)
        ladder.feed(cost_s, allowed_s, t_s)
        seen.append(ladder.rung)
    return seen


def test_ways_come_the_cheapest_first_and_end_at_the_wanted_size() -> None:
    for size in (64, 96, 128, 256, 512, 1024):
        for styles in (False, True):
            ways = rungs(size, 16, styles)
            works = [rung.work for rung in ways]
            assert works == sorted(works)
            assert all(rung.shown_px == size and rung.made_px % 16 == 0 for rung in ways)
            assert all(rung.made_px >= 64 for rung in ways)
            assert ways[-1].styled == styles
    assert [rung.name for rung in rungs(256, 16, False)] == ["64>256 px", "128>256 px", "256 px"]
    assert rungs(512, 16, True)[-1] == Rung(256, 512, True)


@pytest.mark.parametrize(("dearest_s", "rung"), [(0.05, 2), (0.12, 1), (0.9, 0), (30.0, 0)])
def test_the_dearest_rung_that_keeps_the_rate_is_found_within_seconds(dearest_s: float, rung: int) -> None:
    costs = tuple(dearest_s * work / WORKS[-1] for work in WORKS)
    seen = play(RateLadder(WORKS), costs, 0.1, 100)
    assert seen[-1] == rung
    assert seen[5] <= max(rung, 0)


def test_time_that_frees_up_is_used_and_lost_time_given_back() -> None:
    ladder = RateLadder(WORKS)
    dear, cheap = (0.02, 0.08, 0.3), (0.002, 0.01, 0.04)
    assert play(ladder, dear, 0.1, 20)[-1] == 1
    assert play(ladder, cheap, 0.1, 60, 20)[-1] == 2
    assert play(ladder, dear, 0.1, 20, 80)[-1] == 1


def test_a_rung_that_looks_cheap_and_is_not_is_tried_ever_more_rarely() -> None:
    """The guess says that a step costs 1.5 times; in truth it is four times."""
    ladder = RateLadder((1.0, 1.5), start=0)
    seen = play(ladder, (0.04, 0.2), 0.1, 600)
    assert 1 in seen
    up = [n for n in range(1, len(seen)) if seen[n] > seen[n - 1]]
    assert len(up) <= 2
    assert seen.count(1) < 20


def test_one_late_picture_changes_nothing() -> None:
    ladder = RateLadder(WORKS)
    for n in range(200):
        ladder.feed(3.0 if n % 40 == 39 else 0.05, 0.1, n * 0.1)
    assert ladder.rung == 2


def test_a_rung_without_memory_is_barred_with_growing_patience() -> None:
    ladder = RateLadder(WORKS)
    t_s, tried = 0.0, []
    for _ in range(6000):
        t_s += 0.1
        if ladder.rung == 2:
            tried.append(t_s)
            assert ladder.fail(t_s)
        else:
            ladder.feed(0.001, 0.1, t_s)
    waits = [b - a for a, b in itertools.pairwise(tried)]
    assert len(waits) >= 3
    assert all(later > 1.5 * earlier for earlier, later in itertools.pairwise(waits))


def test_without_a_cheaper_rung_failing_says_so() -> None:
    assert not RateLadder([1.0]).fail(0.0)
    with pytest.raises(ValueError, match="rungs"):
        RateLadder([])


@given(st.lists(st.floats(0, 10) | st.just(float("nan")), max_size=200), st.floats(0.01, 1))
def test_whatever_is_measured_the_rung_exists(costs_s: list[float], allowed_s: float) -> None:
    ladder = RateLadder(WORKS)
    for n, cost_s in enumerate(costs_s):
        ladder.feed(cost_s, allowed_s, n * 0.5)
        assert 0 <= ladder.rung < 3
