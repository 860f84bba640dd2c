"""The leader's time is told rightly over a bad line between clocks that run at different rates, and never goes back."""

import itertools

import numpy as np
import pytest

from installation.network.shared_clock import STEP_S, SharedClock

OFFSET_S = 81_234.5


class Line:
    """A leader whose clock is ahead and runs at another rate, and a line to it that takes its time. Fake: nothing waits."""

    def __init__(self, drift: float, way_s: float, spread_s: float, seed: int = 1, lean_s: float = 0.0) -> None:
        self.drift, self._way_s, self._spread_s, self._lean_s = drift, way_s, spread_s, lean_s
        self._rng = np.random.default_rng(seed)

    def leader_s(self, now_s: float) -> float:
        return OFFSET_S + now_s * (1 + self.drift)

    def ask(self, clock: SharedClock, now_s: float) -> float:
        """One question; gives when the answer was there."""
        there, back = self._way_s + self._spread_s * self._rng.exponential(size=2)
        heard = self.leader_s(now_s + there + self._lean_s)
        took_s = 0.001 * self._rng.random()
        arrived_s = now_s + there + self._lean_s + took_s + back
        clock.hear(now_s, heard, heard + took_s * (1 + self.drift), arrived_s)
        return arrived_s


def off_s(line: Line, clock: SharedClock, now_s: float) -> float:
    return abs(clock.leader_s(now_s) - line.leader_s(now_s))


@pytest.mark.parametrize("drift", [0.0, 80e-6, -200e-6])
@pytest.mark.parametrize("spread_s", [0.0, 0.005, 0.02])
def test_it_is_right_after_a_while_however_bad_the_line(drift: float, spread_s: float) -> None:
    line, clock = Line(drift, 0.0005, spread_s), SharedClock()
    now_s, wrong = 10.0, []
    for k in range(240):
        now_s = max(now_s + (0.03 if k < 8 else 0.5), line.ask(clock, now_s))
        if k >= 60:
            wrong.append(off_s(line, clock, now_s))
    assert max(wrong) < 0.0002 + 0.35 * spread_s
    assert float(np.median(wrong)) < 0.0002 + 0.1 * spread_s


def test_the_drift_is_found() -> None:
    line, clock = Line(150e-6, 0.0005, 0.001), SharedClock()
    for k in range(200):
        line.ask(clock, 10.0 + 0.5 * k)
    assert clock.figures["drift_ppm"] == pytest.approx(150, abs=15)
    assert clock.figures["round_trip_ms"] == pytest.approx(1.0, abs=0.5)
    # Nobody answers for a minute: the line drawn so far is followed.
    assert off_s(line, clock, 170.0) < 0.002


def test_a_line_that_is_longer_one_way_is_wrong_by_half_of_that_and_no_more() -> None:
    """Nothing that only asks and hears can know better."""
    line, clock = Line(0.0, 0.001, 0.0, lean_s=0.004), SharedClock()
    for k in range(40):
        line.ask(clock, 10.0 + 0.5 * k)
    assert off_s(line, clock, 31.0) == pytest.approx(0.002, abs=0.0005)


def test_after_the_first_answers_it_is_good_enough_to_draw_by() -> None:
    for seed in range(20):
        line, clock = Line(100e-6, 0.001, 0.005, seed), SharedClock()
        now_s = 10.0
        for _ in range(8):
            now_s = line.ask(clock, now_s + 0.03)
        assert off_s(line, clock, now_s) < 0.008


def test_time_does_not_go_back_while_the_estimate_moves() -> None:
    line, clock = Line(-100e-6, 0.0005, 0.01, seed=5), SharedClock()
    now_s, last_s = 10.0, -np.inf
    for k in range(4000):
        now_s += 0.01
        if k % 50 == 0:
            line.ask(clock, now_s)
        told_s = clock.leader_s(now_s)
        assert told_s > last_s
        last_s = told_s


def test_a_clock_that_was_far_off_is_put_right_at_once() -> None:
    clock = SharedClock()
    clock.hear(10.0, 500.0, 500.0, 10.4)  # 400 ms there and back: the offset is anywhere within 200
    assert clock.leader_s(10.4) == pytest.approx(500.2)
    clock.hear(10.5, 500.9005, 500.9005, 10.501)
    assert clock.leader_s(10.6) == pytest.approx(501.0, abs=1e-3), f"more than {STEP_S} s wrong"


def test_what_cannot_be_is_left_out() -> None:
    clock = SharedClock()
    clock.hear(10.0, 500.0, 500.5, 10.1)
    clock.hear(10.0, 500.5, 500.0, 11.0)
    assert not clock.is_set


def test_another_leader_begins_anew() -> None:
    clock = SharedClock()
    for at_s in itertools.islice(itertools.count(10.0, 0.5), 40):
        clock.hear(at_s, at_s + 7, at_s + 7, at_s + 0.001)
    clock.clear()
    assert not clock.is_set
    clock.hear(50.0, 1050.0, 1050.0, 50.001)
    assert clock.leader_s(51.0) == pytest.approx(1051.0, abs=0.01)
