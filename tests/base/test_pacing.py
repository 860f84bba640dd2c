"""Deadlines do not drift and a stall is not caught up; who steps back does so behind the process's first thread."""

import itertools
import os
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import ManualClock
from installation.base.pacing import Every, Pacer, step_back


@given(st.lists(st.floats(0.0, 0.9), min_size=1, max_size=200))
def test_deadlines_never_drift_while_frames_are_in_time(share_used: list[float]) -> None:
    pacer = Pacer(0.02, 5.0)
    for number, share in enumerate(share_used, start=1):
        deadline_s = pacer.advance(pacer.deadline_s + share * 0.02)
        assert deadline_s == pytest.approx(5.0 + number * 0.02)


def test_a_stall_starts_anew_instead_of_hurrying() -> None:
    pacer = Pacer(0.02, 0.0)
    assert pacer.advance(1.0) == 1.0
    assert pacer.advance(1.005) == pytest.approx(1.02)


@pytest.mark.parametrize("interval_s", [0.0, -1.0, float("nan")])
def test_interval_must_be_positive(interval_s: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Pacer(interval_s, 0.0)


def test_every_says_yes_once_a_period_even_after_a_gap() -> None:
    every = Every(1.0)
    assert [every.due(t_s) for t_s in (0.0, 0.5, 1.0, 1.5, 9.0, 9.5, 10.0)] == [
        True, False, True, False, True, False, True,
    ]  # fmt: skip


def test_manual_clock_refuses_to_go_back() -> None:
    clock = ManualClock()
    clock.advance(2.0)
    assert clock.now() == 2.0
    with pytest.raises(ValueError, match="back"):
        clock.set(1.0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has a priority of each thread")
def test_a_thread_steps_back_behind_the_first() -> None:
    first, found = os.getpriority(os.PRIO_PROCESS, os.getpid()), list[int]()

    def run() -> None:
        for nice in (3, 3, 40):
            step_back(nice)
            found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [min(first + 3, 19), min(first + 3, 19), 19]
    assert os.getpriority(os.PRIO_PROCESS, os.getpid()) == first


def test_on_the_grid_all_machines_have_the_same_deadlines_wherever_they_begin() -> None:
    deadlines = []
    for begin_s in (7.013, 7.031):
        pacer = Pacer(0.04, begin_s, on_grid=True)
        deadlines.append([pacer.advance(pacer.deadline_s + 0.01) for _ in range(50)])
    assert set(deadlines[0][1:-1]) & set(deadlines[1]) == set(deadlines[0][1:-1])
    assert all(abs(one / 0.04 - round(one / 0.04)) < 1e-6 for one in deadlines[0])
    steps = [after - before for before, after in itertools.pairwise(deadlines[0])]
    assert steps == pytest.approx([0.04] * len(steps))


def test_on_the_grid_a_stall_is_not_caught_up() -> None:
    pacer = Pacer(0.04, 1.0, on_grid=True)
    assert pacer.advance(1.01) == pytest.approx(1.04)
    assert pacer.advance(2.01) == pytest.approx(2.0), "the tick that is due is drawn, and those before it are not"
    assert pacer.advance(2.02) == pytest.approx(2.04)
