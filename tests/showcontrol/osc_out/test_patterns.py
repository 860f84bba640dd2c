"""OSC 1.0's address patterns, after the examples of its specification."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from installation.config.osc import OscTarget
from installation.showcontrol.osc_out.patterns import PatternError, Selection, compiled


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("/a/b", ["/a/b"], ["/a/bc", "/a", "/a/b/c"]),
        ("/a/?", ["/a/b", "/a/1"], ["/a/", "/a/bc", "/a//"]),
        ("/a/*", ["/a/", "/a/bc"], ["/a/b/c", "/a"]),
        ("/*/valence", ["/group/valence"], ["/person/1/valence"]),
        ("/x[0-9a]", ["/x3", "/xa"], ["/xb", "/x", "/x33"]),
        ("/x[!0-9]", ["/xa"], ["/x3", "/x/"]),
        ("/x[a-]", ["/xa", "/x-"], ["/xb"]),
        ("/x[-a]", ["/xa", "/x-"], ["/x."]),
        ("/x[z-a]", [], ["/xz", "/xa", "/xb"]),
        ("/x[.^]", ["/x.", "/x^"], ["/xa"]),
        ("/{sad,happy}", ["/sad", "/happy"], ["/sadhappy", "/{sad,happy}", "/s"]),
        ("/e{,s}", ["/e", "/es"], ["/ess"]),
        ("/a.b", ["/a.b"], ["/axb"]),
        ("//valence", ["/valence", "/person/3/valence"], ["/valence/x", "/xvalence"]),
        ("/person//*", ["/person/1", "/person/1/joint/nose"], ["/group/x"]),
        ("/p*r?/[0-9]/{x,y}", ["/pers/1/x"], ["/person/12/x"]),
    ],
)
def test_patterns_match_what_the_specification_says(pattern: str, yes: list, no: list) -> None:
    assert [address for address in (*yes, *no) if compiled(pattern).fullmatch(address)] == yes


@pytest.mark.parametrize("pattern", ["", "a", "/[", "/[]", "/[!]", "/{a", "/a}", "/a]", "/{a*}", "/a,b", "/a b", "/#"])
def test_what_is_no_pattern_is_named_and_refused_in_the_settings(pattern: str) -> None:
    with pytest.raises(PatternError):
        compiled(pattern)
    with pytest.raises(ValidationError):
        OscTarget(host="a", port=1, addresses=[pattern])


@given(st.text(st.sampled_from("/ab*?[]{}!-,z"), max_size=12))
def test_settings_and_matching_agree_on_what_a_pattern_is(pattern: str) -> None:
    try:
        OscTarget(host="a", port=1, addresses=[pattern])
    except ValidationError:
        return
    compiled(pattern)


@given(st.text(st.sampled_from("ab/12_-."), min_size=1, max_size=20))
def test_a_plain_address_matches_itself_alone(text: str) -> None:
    address = "/" + text.strip("/").replace("//", "/") if "//" not in text else "/a"
    address = address.replace("//", "/")
    assert compiled(address).fullmatch(address)
    assert not compiled(address).fullmatch(address + "x")


def test_without_patterns_all_that_is_usual_is_wanted() -> None:
    assert Selection([]).wants("/mien/valence")
    assert not Selection([]).wants("/mien/person/1/joint/nose", usual=False)
    assert Selection(["/mien/*"]).wants("/mien/valence")
    assert not Selection(["/mien/*"]).wants("/mien/group/valence")
