"""One row of the artist's file changed: it says what is wanted, all else says what it said, and every comment stays."""

import re

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from installation.config.cue_rows import CueRow, PresetRow
from installation.config.save_cues import (
    number_between,
    read_rows,
    settings_of,
    with_cue,
    with_preset_row,
    without_cue,
    without_preset,
)
from installation.config.yaml_text import ConfigError

FILE = """\
# mine
presets:
  calm:   # quiet
    number: 3
    settings:
      scene.pace: 0.50   # slow
      output: {glow: 0.8}
  # heavy
  sharp: {settings: {scene: {pace: 2.0}}}

cues:
  # the morning
  - cue: 1   # first
    at: "10:00"
    preset: calm

  # the evening
  - {cue: 2, preset: sharp, next: 1}   # flow
  # the storm
  - cue: 2.5
    settings:
      scene.pace: 1.50
      output.glow: 1
    days: [monday]
# end
"""
ODD_FILES = {
    "windows": FILE.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + FILE,
    "flow": '{cues: [{cue: 1, at: "10:00"}, {cue: 2, next: 1}, {cue: 2.5}], presets: {calm: {number: 3}, sharp: {}}}\n',
    "cues first, dashes at the edge": 'cues:\n- cue: 1\n  at: "10:00"\n- cue: 2\n\n- cue: 2.5\npresets:\n  calm:\n  sharp:\n',
    "dash alone": "cues:\n  -\n    cue: 1\n  -\n    # note\n    cue: 2\n  - cue: 2.5\npresets: {calm: {}, sharp: {}}\n",
    "no end of line": "presets: {calm: {}, sharp: {}}\ncues:\n  - cue: 1\n  - cue: 2\n  - cue: 2.5\n    name: last",
    "long texts": "presets: {calm: , sharp: }\ncues:\n  - cue: 1\n    name: >-\n      a long\n      name\n\n"
    "  - cue: 2\n  - cue: 2.5\n",
    "with a document's start": "---\n" + FILE,
}


def comments(text: str) -> list[str]:
    return [found.strip() for found in re.findall(r"(?:^|\s)#[^\r\n]*", text)]


def cue(text: str, number: float) -> CueRow:
    return next(one for one in read_rows(text).cues if one.cue == number)


@pytest.mark.parametrize("text", [FILE, *ODD_FILES.values()], ids=["plain", *ODD_FILES])
def test_what_is_not_changed_stays(text: str) -> None:
    before = read_rows(text)
    new = cue(text, 1.0).model_copy(update={"name": "früh: a", "at": ["10:00", "11:30"], "fade_s": 2.5})
    changed = with_cue(text, 1.0, new)
    assert cue(changed, 1.0) == new
    assert read_rows(changed).cues[1:] == before.cues[1:]
    assert read_rows(changed).presets == before.presets
    assert comments(changed) == comments(text)
    added = with_cue(text, None, CueRow(cue=7.0, settings={"output.glow": 1.25}, commands=["scene x"], pose=["a"]))
    assert read_rows(added).cues[:-1] == before.cues
    assert comments(added) == comments(text)
    for number in (2.0, 2.5):
        less = without_cue(text, number)
        assert [one.cue for one in read_rows(less).cues] == [one for one in (1.0, 2.0, 2.5) if one != number]
        assert set(comments(text)) - set(comments(less)) <= {"# flow", "# note"}
    preset = with_preset_row(text, "sharp", "very sharp", PresetRow(fade_s=3.0, settings={"scene.pace": 2.0}))
    assert list(read_rows(preset).presets) == ["calm", "very sharp"]
    assert comments(preset) == comments(text)


def test_untouched_lines_are_the_same_lines() -> None:
    new = cue(FILE, 2.5).model_copy(update={"days": ["friday"], "settings": {"scene.pace": 1.5, "output.glow": 1}})
    changed = with_cue(FILE, 2.5, new)
    assert changed == FILE.replace("[monday]", "friday")
    slower = PresetRow(number=3, settings={"scene.pace": 0.25, "output.glow": 0.8})
    assert with_preset_row(FILE, "calm", "calm", slower) == FILE.replace("0.50   # slow", "0.25   # slow")


def test_a_file_that_is_not_there_is_begun() -> None:
    text = with_preset_row("", None, "calm", PresetRow(settings={"scene.pace": 0.5}))
    text = with_cue(text, None, CueRow(cue=1.0, preset="calm", at=["10:00"]))
    assert yaml.safe_load(text) == {
        "presets": {"calm": {"settings": {"scene.pace": 0.5}}},
        "cues": [{"cue": 1, "preset": "calm", "at": "10:00"}],
    }
    assert text.startswith("# ")
    empty = without_preset(without_cue(text, 1.0), "calm")
    assert read_rows(empty) == read_rows("")
    assert cue(with_cue(empty, None, CueRow(cue=2.0)), 2.0)


def test_who_refers_to_a_row_follows_it_or_keeps_it() -> None:
    assert cue(with_cue(FILE, 1.0, cue(FILE, 1.0).model_copy(update={"cue": 4.0})), 2.0).next == 4.0
    assert cue(with_preset_row(FILE, "calm", "quiet", PresetRow(number=3)), 1.0).preset == "quiet"
    with pytest.raises(ConfigError, match="cue 1 is the next one of cue 2"):
        without_cue(FILE, 1.0)
    with pytest.raises(ConfigError, match="cue 1 recalls 'calm'"):
        without_preset(FILE, "calm")
    with pytest.raises(ConfigError, match="there is a preset 'sharp' already"):
        with_preset_row(FILE, "calm", "sharp", PresetRow())
    with pytest.raises(ConfigError, match="there is no cue 9 any more"):
        without_cue(FILE, 9.0)


def test_what_hangs_on_others_is_refused() -> None:
    """An anchor that others use, and a merged line, can be taken away by hand alone."""
    shared = "cues:\n  - &a {cue: 1, settings: &s {scene.pace: 1}}\n  - {cue: 2, settings: *s}\n"
    with pytest.raises(ConfigError, match="by hand"):
        with_cue(shared, 1.0, CueRow(cue=1.0, settings={"scene.pace": 2.0}))
    merged = "presets:\n  a: &a {fade_s: 3}\n  b: {<<: *a, number: 2}\n"
    with pytest.raises(ConfigError, match="by hand"):
        with_preset_row(merged, "b", "b", PresetRow(number=2))


def test_a_moved_cue_gets_a_number_between() -> None:
    rows = read_rows(FILE)
    assert number_between(rows, 2.5, -1) == 1.5
    assert number_between(rows, 1.0, 1) == 2.2
    assert number_between(read_rows("cues: [{cue: 1}, {cue: 2}]"), 1.0, 1) == 3
    assert number_between(read_rows("cues: [{cue: 1}, {cue: 2}]"), 2.0, -1) == 0.5
    with pytest.raises(ConfigError, match="the last one already"):
        number_between(rows, 2.5, 1)
    with pytest.raises(ConfigError, match="no number between 1 and"):
        number_between(read_rows("cues: [{cue: 1}, {cue: 1.001}, {cue: 2}]"), 2.0, -1)


@given(
    number=st.floats(3.0, 9999.0).map(lambda one: round(one, 3)),
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40),
    values=st.dictionaries(
        st.sampled_from(["scene.pace", "output.glow", "look.sad.palette.deep", "emotion.enabled", "a.b"]),
        st.one_of(
            st.integers(-5, 5), st.booleans(), st.floats(-9, 9).map(lambda one: round(one, 4)), st.text(max_size=8)
        ),
    ),
    at=st.lists(st.sampled_from(["00:00", "10:00", "23:59"]), max_size=3),
    text=st.sampled_from([FILE, *ODD_FILES.values()]),
)
@settings(max_examples=15, deadline=None)
def test_any_row_that_can_be_is_read_back(
    number: float, name: str, values: dict[str, object], at: list[str], text: str
) -> None:
    try:
        row = CueRow.model_validate({"cue": number, "name": name, "settings": values, "at": at})
    except ValueError:
        assume(False)
        raise
    found = cue(with_cue(text, 2.0, row), number)
    assert found.model_dump(exclude={"settings"}) == row.model_dump(exclude={"settings"})
    assert settings_of(found) == values
