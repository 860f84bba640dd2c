"""Two states to switch between."""

import pytest

from installation.desk.compare import Compare


def test_which_of_the_two_is_shown() -> None:
    compare = Compare()
    assert (compare.on({"x": 1}), compare.has("A"), compare.differing()) == ("", False, 0)
    compare.store("A", {"x": 1, "y": 2})
    assert compare.on({"x": 1, "y": 2}) == "A"
    assert compare.on({"x": 1, "y": 3}) == ""
    compare.store("B", {"x": 1, "y": 3})
    assert compare.on({"x": 1, "y": 3}) == "B"
    assert compare.differing() == 1
    assert compare.recalled("A") == {"x": 1, "y": 2}


def test_where_both_are_the_same_the_one_that_was_asked_for_last_is_shown() -> None:
    compare = Compare()
    compare.store("A", {"x": 1})
    compare.store("B", {"x": 1})
    assert compare.on({"x": 1}) == "B"
    compare.recalled("A")
    assert compare.on({"x": 1}) == "A"


def test_what_is_stored_does_not_change_with_the_settings_and_what_is_gone_differs_no_more() -> None:
    compare, values = Compare(), {"x": 1, "y": 2}
    compare.store("A", values)
    values["x"] = 5
    assert compare.recalled("A")["x"] == 1
    assert compare.on({"x": 1}) == "A"


def test_there_are_two() -> None:
    with pytest.raises(ValueError, match="there are A, B"):
        Compare().store("C", {})
    with pytest.raises(KeyError):
        Compare().recalled("A")
