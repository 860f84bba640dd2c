"""Steps to take back and to make again."""

import tracemalloc
from pathlib import Path

import pytest

from installation.desk.file_edits import FileEdit
from installation.desk.history import DRAG_S, MOST_BYTES, MOST_STEPS, History

A, B = "/control/a", "/control/b"


def test_a_step_is_taken_back_and_made_again() -> None:
    history = History()
    assert history.undo() is None
    assert history.redo() is None
    history.changed(A, 1, 2, 0.0)
    history.changed(B, 5, 6, 10.0)
    assert (history.can_undo, history.can_redo) == (True, False)
    assert history.undo() == {B: 5}
    assert history.undo() == {A: 1}
    assert (history.can_undo, history.can_redo) == (False, True)
    assert history.redo() == {A: 2}
    assert history.redo() == {B: 6}
    assert history.redo() is None


def test_a_new_change_ends_what_could_be_made_again() -> None:
    history = History()
    history.changed(A, 1, 2, 0.0)
    history.undo()
    history.changed(A, 1, 3, 10.0)
    assert not history.can_redo
    assert history.undo() == {A: 1}


def test_a_dial_that_is_dragged_is_one_step() -> None:
    history = History()
    for step in range(100):
        history.changed(A, step, step + 1, step * DRAG_S / 2)
    assert history.undo() == {A: 0}
    assert history.redo() == {A: 100}
    history.changed(A, 100, 101, 100 * DRAG_S)
    assert history.undo() == {A: 100}, "after a pause it is another"


def test_two_dials_that_are_dragged_at_two_browsers_are_two_steps() -> None:
    history = History()
    for step in range(50):
        history.changed(A, step, step + 1, step * 0.05)
        history.changed(B, 100 - step, 99 - step, step * 0.05 + 0.01)
    assert history.undo() == {B: 100}
    assert history.undo() == {A: 0}
    assert history.undo() is None


def test_several_settings_together_are_one_step_to_which_nothing_is_added() -> None:
    history = History()
    history.changed_together({A: 1, B: 2}, {A: 3, B: 4}, 0.0)
    history.changed(A, 3, 5, 0.1)
    assert history.undo() == {A: 3}
    assert history.undo() == {A: 1, B: 2}
    assert history.redo() == {A: 3, B: 4}
    history.changed_together({}, {}, 1.0)
    assert history.can_redo, "nothing was changed"


def test_the_oldest_steps_are_forgotten() -> None:
    history = History()
    for step in range(MOST_STEPS + 50):
        history.changed(A, step, step + 1, 10.0 * step)
    steps = 0
    while history.undo() is not None:
        steps += 1
    assert steps == MOST_STEPS


def steps_of(history: History) -> int:
    found = 0
    while history.undo() is not None:
        found += 1
    return found


def test_steps_that_keep_much_are_fewer() -> None:
    """Edits of a file as large as settings may be: so many that their texts take MOST_BYTES, measured in memory, not more."""
    history, path = History(), Path("cues.yaml")
    tracemalloc.start()
    try:
        for number in range(MOST_STEPS):
            left, wanted = (str(one) * 60_000 for one in (number % 10, (number + 1) % 10))
            before = {"cues.yaml": FileEdit(path, wanted, left, lambda *_: None)}
            after = {"cues.yaml": FileEdit(path, left, wanted, lambda *_: None)}
            history.changed_together(before, after, 10.0 * number)
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert used == pytest.approx(MOST_BYTES, rel=0.02)
    assert steps_of(history) == MOST_BYTES // 120_700


def test_a_step_counts_as_it_is_when_it_was_dragged_and_the_newest_always_stays() -> None:
    history = History()
    for number in range(9):
        history.changed(A, "", "x" * (MOST_BYTES // 10), 10.0 * number)
    history.changed(A, "", "y", 80.0 + DRAG_S / 2)
    history.changed(B, "", "x" * (MOST_BYTES // 10), 90.0)
    assert steps_of(history) == 10, "what the ninth was for a moment is not kept"
    history = History()
    history.changed(A, 1, 2, 0.0)
    history.changed(B, [], [1], 1.0)
    history.changed(B, [1], ["x" * MOST_BYTES], 1.0 + DRAG_S / 2)
    assert history.undo() == {B: []}
    assert history.undo() is None
