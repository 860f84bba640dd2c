"""The ladder of quality levels: it keeps the time, does not swing, and learns what a step up really costs.

With the rules of the rendered picture (judged by seconds) and of textures (judged by the last few pictures).
"""

import itertools
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.quality_ladder import Ladder, LadderRules, RollingWindow
from installation.generation.texture_levels import texture_ladder
from installation.render.quality import GPU, START, RenderQuality

PERIOD_S = 1 / 60
WORKS = (1.0, 4.0, 16.0)


def run(ladder: RenderQuality, seconds: float, cost_of_level: Callable[[int], float]) -> list[int]:
    """The quality levels over time, a picture each PERIOD_S."""
    levels = []
    for n in range(round(seconds / PERIOD_S)):
        ladder.feed(cost_of_level(ladder.level), PERIOD_S, n * PERIOD_S, PERIOD_S)
        levels.append(ladder.level)
    return levels


@given(st.floats(0.05, 6.0))
def test_any_machine_settles(speed: float) -> None:
    levels = run(
        RenderQuality(GPU, "auto"), 120, lambda level: speed * PERIOD_S * GPU[level].pixels / GPU[START].pixels
    )
    half = levels[len(levels) // 2 :]
    assert sum(a != b for a, b in pairwise(half)) <= 1, "no to and fro"


def test_a_level_that_failed_is_tried_more_and_more_seldom() -> None:
    # Cheap enough to tempt at the start, too slow once above: such a machine would swing for ever.
    levels = run(RenderQuality(GPU, "auto"), 600, lambda level: (0.4 if level <= START else 1.2) * PERIOD_S)
    tries = [n * PERIOD_S for n, (a, b) in enumerate(pairwise(levels)) if b > a]
    waits = [b - a for a, b in pairwise(tries)]
    assert len(tries) < 10
    assert all(later > 1.5 * sooner for sooner, later in pairwise(waits))


def test_single_late_pictures_change_nothing() -> None:
    ladder = RenderQuality(GPU, "auto")
    for n in range(3000):
        ladder.feed(PERIOD_S * (3.0 if n % 20 == 0 else 0.7), PERIOD_S, n * PERIOD_S, PERIOD_S)
    assert ladder.level == START


def play(ladder: Ladder, costs_s: tuple[float, ...], allowed_s: float, seconds: float, t_s: float = 0.0) -> list[int]:
    """Quality level after each picture; a picture takes what its level costs, or its turn if that is longer."""
    seen, end_s = [], t_s + seconds
    while t_s < end_s:
        cost_s = costs_s[ladder.level]
        t_s += max(cost_s, allowed_s)
        ladder.feed(cost_s, allowed_s, t_s)
        seen.append(ladder.level)
    return seen


@pytest.mark.parametrize(("slowest_s", "level"), [(0.05, 2), (0.12, 1), (0.9, 0), (30.0, 0)])
def test_the_best_level_that_keeps_the_rate_is_found_within_seconds(slowest_s: float, level: int) -> None:
    costs = tuple(slowest_s * work / WORKS[-1] for work in WORKS)
    seen = play(texture_ladder(WORKS), costs, 0.1, 100)
    assert seen[-1] == level
    assert seen[5] <= max(level, 0)


def test_time_that_frees_up_is_used_and_lost_time_given_back() -> None:
    ladder = texture_ladder(WORKS)
    slow, cheap = (0.02, 0.08, 0.3), (0.002, 0.01, 0.04)
    assert play(ladder, slow, 0.1, 20)[-1] == 1
    assert play(ladder, cheap, 0.1, 60, 20)[-1] == 2
    assert play(ladder, slow, 0.1, 20, 80)[-1] == 1


def test_a_level_that_looks_cheap_and_is_not_is_tried_ever_more_rarely() -> None:
    """The guess says that a step costs 1.5 times; in truth it is four times."""
    ladder = texture_ladder((1.0, 1.5), start=0)
    seen = play(ladder, (0.04, 0.2), 0.1, 600)
    assert 1 in seen
    up = [n for n in range(1, len(seen)) if seen[n] > seen[n - 1]]
    assert len(up) <= 2
    assert seen.count(1) < 20


def test_one_late_picture_changes_nothing() -> None:
    ladder = texture_ladder(WORKS)
    for n in range(200):
        ladder.feed(3.0 if n % 40 == 39 else 0.05, 0.1, n * 0.1)
    assert ladder.level == 2


def test_a_level_without_memory_is_barred_with_growing_patience() -> None:
    ladder = texture_ladder(WORKS)
    t_s, tried = 0.0, []
    for _ in range(6000):
        t_s += 0.1
        if ladder.level == 2:
            tried.append(t_s)
            assert ladder.fail(t_s)
        else:
            ladder.feed(0.001, 0.1, t_s)
    waits = [b - a for a, b in itertools.pairwise(tried)]
    assert len(waits) >= 3
    assert all(later > 1.5 * earlier for earlier, later in itertools.pairwise(waits))


def test_without_a_cheaper_level_failing_says_so() -> None:
    assert not texture_ladder([1.0]).fail(0.0)
    with pytest.raises(ValueError, match="quality levels"):
        texture_ladder([])


@given(st.lists(st.floats(0, 10) | st.just(float("nan")), max_size=200), st.floats(0.01, 1))
def test_whatever_is_measured_the_level_exists(costs_s: list[float], allowed_s: float) -> None:
    ladder = texture_ladder(WORKS)
    for n, cost_s in enumerate(costs_s):
        ladder.feed(cost_s, allowed_s, n * 0.5)
        assert 0 <= ladder.level < 3


def test_it_may_count_pictures_wait_the_same_each_time_and_never_bar_a_level() -> None:
    """The rules of repainting: one picture judges, five cheap ones on end are needed, the next level must fit."""
    rules = LadderRules(down=0.8, up=0.35, fits=0.8, up_after=4, max_patience=4, proved_after=0)
    ladder = Ladder((1.0, 2.0, 8.0), rules, RollingWindow(1, 1, 0), start=1)
    assert ladder.feed(0.9, 1.0, 1)
    for number in range(2, 6):
        assert not ladder.feed(0.3, 1.0, number)
    assert ladder.feed(0.3, 1.0, 6)
    assert not any(ladder.feed(0.3, 1.0, number) for number in range(7, 40)), "four times the cost would not fit"
    assert ladder.fail(40)
    assert [ladder.feed(0.1, 1.0, number) for number in range(41, 46)] == [False] * 4 + [True], "and no bar"


def test_it_begins_anew_within_its_levels() -> None:
    ladder = texture_ladder(WORKS)
    assert ladder.level == 2
    ladder.reset(9)
    assert ladder.level == 2
    ladder.reset(-1)
    assert (ladder.level, ladder.too_slow) == (0, False)
    for n in range(5):
        ladder.feed(1.0, 0.1, n)
    assert ladder.too_slow
