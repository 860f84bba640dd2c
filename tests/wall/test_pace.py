"""The wall goes as fast as its slowest machine: slower at once, faster after a while, never hectic."""

from installation.wall.frames_log import FrameLine, differences, longest_apart_s
from installation.wall.pace import CALM_S, LONGEST_S, Costs, Pace

PERIOD_S = 0.04


def test_what_nearly_all_pictures_keep_to_counts() -> None:
    costs = Costs()
    assert costs.cost_s is None
    for k in range(24):
        costs.add(1.0 if k == 10 else 0.02 + 0.0001 * k)
    assert costs.cost_s is not None
    assert 0.02 < costs.cost_s < 0.03, "one that was held up is no rule"
    for _ in range(24):
        costs.add(0.2)
    assert costs.cost_s == 0.2


def test_who_keeps_the_rate_changes_nothing_and_who_is_too_slow_slows_all_at_once() -> None:
    pace = Pace()
    assert [pace.every(cost_s, PERIOD_S, 0.0) for cost_s in (None, 0.001, 0.039, 0.043)] == [1, 1, 1, 1]
    assert pace.every(0.1, PERIOD_S, 1.0) == 3
    assert pace.every(0.5, PERIOD_S, 1.0) == 13
    assert pace.every(1e9, PERIOD_S, 1.0) == int(LONGEST_S / PERIOD_S)


def test_it_goes_faster_again_after_a_while_by_as_much_as_there_was_room_for() -> None:
    pace = Pace()
    pace.every(0.5, PERIOD_S, 0.0)
    costs = [0.08 if k == 40 else 0.02 for k in range(600)]
    found = [pace.every(cost_s, PERIOD_S, 0.1 * k) for k, cost_s in enumerate(costs)]
    assert sorted(set(found)) == [1, 2, 13]
    assert sorted(found, reverse=True) == found
    assert found.count(13) * 0.1 >= CALM_S
    assert found.count(2) * 0.1 >= CALM_S


def test_a_picture_in_between_that_is_slow_begins_the_wait_anew() -> None:
    pace = Pace()
    for k in range(600):
        every = pace.every(0.12 if k % 50 == 0 else 0.02, PERIOD_S, 0.1 * k)
    assert every == 3


def line(at_s: float, frame: int, every: int = 1) -> FrameLine:
    return FrameLine(at_s, at_s, frame, every, False)


def test_how_far_apart_screens_were() -> None:
    one = [line(0.0, 10), line(0.1, 11), line(0.2, 12), line(0.3, 13)]
    two = [line(0.05, 10), line(0.15, 11), line(0.29, 12), line(0.4, 13)]
    apart = differences([one, two], 0.01)
    assert set(apart) == {0, 1}
    assert longest_apart_s(apart, 0, 0.01) > 0.04
    late = [line(0.0, 10), line(0.3, 13)]
    assert max(differences([one, late], 0.01)) == 2
    assert longest_apart_s(differences([one, late], 0.01), 1, 0.01) < 0.12
    assert differences([one, []]) == []


def test_pictures_that_are_several_ticks_apart_are_one_picture_apart() -> None:
    one, two = (
        [line(0.0, 10, 5), line(0.5, 15, 5), line(0.6, 15, 5)],
        [line(0.0, 10, 5), line(0.3, 15, 5), line(0.6, 15, 5)],
    )
    assert max(differences([one, two], 0.01)) == 1
