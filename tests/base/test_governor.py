"""Who slows down when perception is late, by how much, and when it is over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import ManualClock
from installation.base.governor import CALM_S, SLOWEST_S, TRICKLE, Governor, _limit
from installation.base.notices import Notices


@pytest.fixture
def notices() -> Notices:
    return Notices(ManualClock())


def paint(governor: Governor, **costs_s: float) -> dict[str, float]:
    """Each painter wants five pictures a second and made one that took so long; gives their intervals."""
    for name, cost_s in costs_s.items():
        governor.interval_s(name, 0.2)
        governor.spent(name, cost_s)
    return {name: governor.interval_s(name, 0.2) for name in costs_s}


def judge(governor: Governor, from_s: int, to_s: int, seen: float, taken: float = 24.0) -> None:
    for second in range(from_s, to_s):
        governor.judge(float(second), taken, seen)


def test_painters_have_their_way_while_perception_keeps_up(notices: Notices) -> None:
    governor = Governor(notices)
    judge(governor, 0, 100, seen=23.0)
    assert paint(governor, textures=0.01, repainting=0.1) == {"textures": 0.2, "repainting": 0.2}
    assert not governor.limited
    assert not notices.active()


def test_the_costly_painter_slows_down_first_and_all_keep_a_trickle(notices: Notices) -> None:
    governor = Governor(notices)
    paint(governor, textures=0.01, repainting=0.1)
    judge(governor, 0, 3, seen=12.0)
    intervals = paint(governor, textures=0.01, repainting=0.1)
    assert governor.limited
    assert intervals["textures"] == pytest.approx(0.2)
    assert 0.2 < intervals["repainting"] < 0.5
    judge(governor, 3, 60, seen=12.0)
    intervals = paint(governor, textures=0.01, repainting=0.1)
    assert 0.2 < intervals["textures"] <= SLOWEST_S
    assert intervals["repainting"] == SLOWEST_S
    # Half of the trickle is a fair share of it.
    assert 0.01 / intervals["textures"] == pytest.approx(TRICKLE / 2)


def test_it_is_said_once_and_ends_after_minutes_of_calm(notices: Notices) -> None:
    governor = Governor(notices)
    paint(governor, repainting=0.1)
    judge(governor, 0, 30, seen=12.0)
    assert [notice.stage for notice in notices.active("fallback")] == ["painters"]
    judge(governor, 30, 30 + int(CALM_S), seen=24.0)
    slow = paint(governor, repainting=0.1)["repainting"]
    judge(governor, 30 + int(CALM_S), 30 + 20 * int(CALM_S), seen=24.0)
    assert paint(governor, repainting=0.1)["repainting"] == 0.2 < slow
    assert not notices.active()
    assert len(notices.history("fallback")) == 1


def test_one_late_second_and_a_perception_that_sees_nothing_yet_slow_nobody(notices: Notices) -> None:
    governor = Governor(notices)
    paint(governor, repainting=0.1)
    for second in range(0, 100, 2):
        governor.judge(float(second), 24.0, 12.0)
        governor.judge(second + 1.0, 24.0, 24.0)
    judge(governor, 100, 200, seen=0.0)
    # A camera of sixty pictures a second need not be seen whole.
    judge(governor, 200, 300, seen=24.0, taken=60.0)
    assert not governor.limited


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6), st.floats(0.01, 3.0))
def test_the_limit_shares_out_all_there_is_and_no_more(shares: list[float], allowance: float) -> None:
    limit = _limit(shares, allowance)
    assert sum(min(share, limit) for share in shares) == pytest.approx(min(sum(shares), allowance))
