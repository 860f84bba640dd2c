"""Steps to take back and to make again."""

from installation.desk.history import DRAG_S, MOST_STEPS, History

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
