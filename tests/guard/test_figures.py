import json

import pytest

from installation.guard.figures import LONGEST, MOST_TEXTS, Figures


def test_figures_come_through_json() -> None:
    told = {"frames": 12, "fps": 59.5, "faults": ["osc: nobody"], "scene": "blossom", "safe": True, "t_s": 3}
    found = Figures.from_json(json.dumps(told))
    assert found == Figures(frames=12, fps=59.5, faults=("osc: nobody",), scene="blossom", safe=True, t_s=3.0)


@pytest.mark.parametrize(
    "told",
    [
        {"frames": "12", "fps": "fast", "faults": "none", "scene": 3, "safe": 1, "t_s": None, "visitors": True},
        {"frames": -1, "fps": -0.5, "visitors": 1e300, "arrivals": 2**63, "pss_mb": 10**400, "notices": [1, None, {}]},
        {"unheard_of": 1},
    ],
)
def test_what_is_of_another_kind_has_its_default(told: dict[str, object]) -> None:
    assert Figures.from_json(json.dumps(told)) == Figures()


def test_numbers_that_are_none_have_their_default() -> None:
    assert Figures.from_json('{"fps": NaN, "pss_mb": Infinity}') == Figures()


@pytest.mark.parametrize("text", ["", "[]", "3", "{", "\x00", "[" * 100_000])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Figures.from_json(text)


def test_texts_are_bounded_and_printable() -> None:
    found = Figures.from_json(json.dumps({"faults": ["x" * 10_000, "a\x1b[2Jb"] * 100}))
    assert len(found.faults) == MOST_TEXTS
    assert len(found.faults[0]) == LONGEST
    assert "\x1b" not in found.faults[1]
