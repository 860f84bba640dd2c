"""What comes after a run; no process and no clock is needed."""

import pytest

from installation.base.exit_codes import AS_ASKED, BROKEN
from installation.guard.hooks import EndedRun, Why
from installation.guard.policy import (
    FIRST_PAUSE_S,
    LIMIT,
    LONGEST_PAUSE_S,
    QUICK_FAILURES,
    QUIET_S,
    RESTART_S,
    Next,
    Policy,
)


class Piece:
    """Runs one after the other, as the guard would start them."""

    def __init__(self, retry_s: float = 600.0, has_master: bool = False) -> None:
        self.policy = Policy(retry_s, has_master)
        self.now_s = 1000.0
        self.number = 0

    def ran(self, seconds: float, why: Why = "killed", was_ready: bool = True) -> Next:
        began_s, self.now_s = self.now_s, self.now_s + seconds
        self.number += 1
        run = EndedRun(self.number, 7, why, why, -9, began_s, self.now_s, was_ready, None, self.policy.safe)
        found = self.policy.ended(run)
        self.now_s += found.pause_s
        return found


def test_what_was_asked_for_ends_the_guard_too() -> None:
    assert Piece().ran(5, "ended").end == AS_ASKED
    assert Piece().ran(5, "asked").end == AS_ASKED


def test_a_restart_that_was_asked_for_is_at_once_and_never_counts() -> None:
    piece = Piece()
    for _ in range(50):
        assert piece.ran(1, "restart") == Next()
        assert piece.ran(0.1, "restart") == Next(RESTART_S), "but not in a frenzy"
    assert piece.policy.safe == ""
    assert piece.ran(1).pause_s == FIRST_PAUSE_S


def test_pauses_grow_to_a_limit_and_begin_anew_after_a_quiet_run() -> None:
    piece = Piece()
    pauses = [piece.ran(61).pause_s for _ in range(10)]
    assert pauses[:4] == pytest.approx([0.2, 0.4, 0.8, 1.6])
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S
    assert piece.ran(QUIET_S).pause_s == FIRST_PAUSE_S


@pytest.mark.parametrize("why", ["broke", "killed", "hang", "memory", "start"])
def test_three_quick_failures_mean_safe_settings(why: Why) -> None:
    piece = Piece()
    for _ in range(QUICK_FAILURES - 1):
        piece.ran(2, why)
        assert piece.policy.safe == ""
    assert "safe settings" in piece.ran(2, why).news
    assert f"failed 3 times in a row ({why})" in piece.policy.safe
    assert "again in 10 min" in piece.policy.safe


def test_failures_of_runs_that_lasted_are_no_reason_to_doubt_the_settings() -> None:
    piece = Piece()
    for _ in range(6):
        piece.ran(2)
        piece.ran(90)
    assert piece.policy.safe == ""


def test_a_run_without_a_picture_is_a_quick_failure_however_long_it_took() -> None:
    piece = Piece()
    for _ in range(QUICK_FAILURES):
        piece.ran(100, "start", was_ready=False)
    assert piece.policy.safe


def test_what_is_refused_is_not_tried_three_times() -> None:
    piece = Piece()
    assert piece.ran(2, "refused").news
    assert piece.policy.safe


def test_own_settings_are_tried_again_later_each_time() -> None:
    piece = Piece(retry_s=600)
    for _ in range(QUICK_FAILURES):
        piece.ran(2)
    waits = []
    for _ in range(5):
        assert piece.policy.safe
        began_s = piece.now_s
        while not piece.policy.is_time_to_try(piece.now_s):
            piece.now_s += 10
        waits.append(piece.now_s - began_s)
        piece.policy.try_own_settings()
        assert piece.policy.safe == ""
        assert piece.ran(2).news, "one failure on trial is enough"
        assert "once more" in piece.policy.safe
    assert waits[:3] == pytest.approx([600, 1200, 2400], abs=11)
    assert waits[3:] == pytest.approx([3600, 3600], abs=11)


def test_own_settings_that_do_well_are_trusted_again() -> None:
    piece = Piece(retry_s=600)
    for _ in range(QUICK_FAILURES):
        piece.ran(2)
    piece.policy.try_own_settings()
    piece.ran(QUIET_S)
    piece.ran(2)
    piece.ran(2)
    assert piece.policy.safe == "", "three are needed again"
    piece.ran(2)
    assert "again in 10 min" in piece.policy.safe


def test_at_the_limit_of_starts_whoever_started_the_guard_is_to_do_something() -> None:
    piece = Piece(has_master=True)
    found = [piece.ran(2) for _ in range(LIMIT)]
    assert [one.end for one in found] == [None] * (LIMIT - 1) + [BROKEN]


def test_where_nobody_would_do_anything_it_never_gives_up() -> None:
    piece = Piece()
    found = [piece.ran(2) for _ in range(5 * LIMIT)]
    assert {one.end for one in found} == {None}
    assert found[-1].pause_s == LONGEST_PAUSE_S
