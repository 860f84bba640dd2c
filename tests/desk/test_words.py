"""Texts as pages say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nicegui.props import Props

from installation.desk.words import quoted

NASTY = ('say "hi"', "it's", "back\\slash", '" :onclick="alert(1)', "two\nlines", "{a} [b]", "\u2028 \U0001f3ad", "")


@pytest.mark.parametrize("text", NASTY)
def test_a_name_with_quotes_stays_one_value(text: str) -> None:
    assert Props.parse(f"dense aria-label={quoted(text)} color=white") == {
        "dense": True,
        "aria-label": text,
        "color": "white",
    }


@given(text=st.text())
def test_any_text_stays_one_value(text: str) -> None:
    assert Props.parse(f"a={quoted(text)} b") == {"a": text, "b": True}
