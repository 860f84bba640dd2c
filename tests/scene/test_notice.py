"""When the notice is there: in an empty room and from an arrival on; it comes and goes softly, at any rate of pictures."""

from itertools import pairwise

import pytest

from installation.config.notice import NoticeConfig
from installation.scene.notice import ALONE_S, COME_S, GO_S, NoticeTimer


def shares(config: NoticeConfig, here: tuple[float, float], seconds: float, per_second: int = 30) -> list[float]:
    """How far it is there, picture by picture; somebody new is there from .. to .. seconds."""
    timer, found = NoticeTimer(config), []
    for n in range(round(seconds * per_second)):
        t_s = n / per_second
        timer.update(t_s, here[0] <= t_s < here[1], here[0] if t_s >= here[0] else None)
        found.append(timer.share)
    return found


def test_it_is_there_in_an_empty_room_and_for_a_while_after_an_arrival() -> None:
    found = shares(NoticeConfig(arrival_s=4.0), (3.0, 20.0), 30.0)
    at = [found[round(t_s * 30)] for t_s in (0.0, 2.0, 5.0, 6.9, 7.0 + GO_S + 0.2, 19.0, 20.0 + ALONE_S + COME_S + 0.2)]
    assert at == [0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0]
    steps = [abs(b - a) for a, b in pairwise(found)]
    assert max(steps) <= 1 / 30 / COME_S + 1e-9, "softly"


@pytest.mark.parametrize(
    ("config", "before", "arriving"),
    [
        (NoticeConfig(attract=False), 0.0, 1.0),
        (NoticeConfig(arrival=False), 1.0, 0.0),
        (NoticeConfig(enabled=False), 0.0, 0.0),
    ],
)
def test_each_occasion_is_a_choice(config: NoticeConfig, before: float, arriving: float) -> None:
    found = shares(config, (4.0, 20.0), 12.0)
    assert (found[round(3.9 * 30)], found[round(8.0 * 30)]) == (before, arriving)


def test_whoever_is_not_read_yet_sees_it() -> None:
    found = shares(NoticeConfig(attract=False, arrival_s=1.0, dwell_s=6.0), (2.0, 20.0), 12.0)
    assert found[round(7.9 * 30)] == 1.0
    assert found[round(10.0 * 30)] == 0.0


def test_it_is_the_same_at_any_rate_and_a_stall_does_not_make_it_jump() -> None:
    slow, fast = (shares(NoticeConfig(), (3.0, 20.0), 15.0, rate) for rate in (30, 60))
    assert slow == pytest.approx(fast[::2], abs=0.05)
    timer = NoticeTimer(NoticeConfig())
    timer.update(0.0, False, None)
    timer.update(60.0, False, None)
    assert 0.0 < timer.share < 0.2
    timer.update(59.0, False, None)
    assert 0.0 < timer.share < 0.2, "time that goes back changes nothing"


def test_the_first_language_begins_each_time() -> None:
    timer = NoticeTimer(NoticeConfig(arrival=False))
    for n in range(300):
        timer.update(n / 30, False, None)
    assert timer.shown_s == pytest.approx(10.0, abs=0.1)
    for n in range(300, 400):
        timer.update(n / 30, True, 10.0)
    assert (timer.share, timer.shown_s) == (0.0, 0.0)
