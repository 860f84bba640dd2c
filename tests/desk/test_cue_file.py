"""What the forms of cues and presets make of what is typed, what is refused and where it is said, and cues in words."""

from pathlib import Path
from typing import Any

import pytest

from installation.config.cue_rows import CueRow, PresetRow
from installation.config.save_cues import with_cue, with_preset_row
from installation.config.yaml_text import ConfigError
from installation.desk.cue_file import (
    RowError,
    address_of,
    change,
    cue_of,
    number,
    preset_of,
    rows_of,
    same_row,
    setting_value,
)
from installation.desk.cue_words import does, fired_by
from installation.live_commands.setting_table import table

TYPED = {
    "cue": "2,5", "name": "storm", "preset": "", "look": "", "scene": "", "fade_s": "3", "easing": "",
    "commands": "clear\n\n paint ", "follow": "20", "next": "", "at": "10:00, 18:30", "days": ["monday"],
    "pose": ["arms_up"], "arrives": True, "empty_s": "", "key": "f5", "osc": "/dusk", "settings": {"scene.pace": 2.5},
}  # fmt: skip
ROW: dict[str, Any] = {
    "number": 1.0, "name": "", "preset": "", "look": "", "scene": "", "fade_s": 2.0, "easing": "smooth", "settings": {},
    "commands": [], "follow": None, "next": None, "at": [], "days": [], "poses": [], "arrives": False, "empty_s": None,
    "key": "", "osc": "",
}  # fmt: skip


def test_a_form_is_a_row() -> None:
    assert cue_of(TYPED) == CueRow(
        cue=2.5, name="storm", fade_s=3, commands=["clear", "paint"], follow=20, at=["10:00", "18:30"], days=["monday"],
        pose=["arms_up"], arrives=True, key="f5", osc="/dusk", settings={"scene.pace": 2.5},
    )  # fmt: skip
    assert cue_of({**TYPED, "follow": "done"}).follow == "done"
    assert preset_of({"number": "3", "fade_s": " 0.5 ", "easing": "in"}) == PresetRow(number=3, fade_s=0.5, easing="in")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("cue", "", "Field required"),
        ("cue", "abc", "a cue's number is above 0"),
        ("fade_s", "soon", "valid number"),
        ("fade_s", "-1", "greater than or equal to 0"),
        ("at", "25:00", "a time of day"),
        ("pose", ["9 lives"], "label begins with a letter"),
        ("key", "ctrl", "a key is a letter"),
        ("osc", "a b", "an OSC address"),
        ("follow", "later", "the next cue follows"),
        ("empty_s", "x", "valid number"),
    ],
)
def test_a_mistake_stands_at_its_field(field: str, typed: object, said: str) -> None:
    with pytest.raises(RowError) as caught:
        cue_of({**TYPED, field: typed})
    assert list(caught.value.fields) == [field]
    assert said in caught.value.fields[field]


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        (CueRow(cue=1.0), "cue", "is that of cue 1 already"),
        (CueRow(cue=3.0, key="q"), "key", "key q is quit"),
        (CueRow(cue=3.0, preset="storn"), "preset", "did you mean 'storm'?"),
        (CueRow(cue=3.0, commands=["dance"]), "commands", "dance"),
        (CueRow(cue=3.0, scene="auror"), "scene", "did you mean 'aurora'?"),
        (CueRow(cue=3.0, next=9.0), "next", "there is no cue 9"),
    ],
)
def test_what_the_piece_would_refuse_is_not_written(tmp_path: Path, row: CueRow, field: str, said: str) -> None:
    path = tmp_path / "cues.yaml"
    path.write_text("presets: {storm: {}}\ncues:\n  - {cue: 1}\n")
    before = path.read_text()
    with pytest.raises(RowError) as caught:
        change(path, lambda text: with_cue(text, None, row), ("cues", row.cue))
    assert said in caught.value.fields[field]
    assert path.read_text() == before


def test_an_old_mistake_keeps_nobody_from_writing(tmp_path: Path) -> None:
    path = tmp_path / "cues.yaml"
    path.write_text("cues:\n  - {cue: 1, scene: gone}\n")
    change(path, lambda text: with_cue(text, None, CueRow(cue=2.0)), ("cues", 2.0))
    change(path, lambda text: with_preset_row(text, None, "calm", PresetRow()), ("presets", "calm"))
    assert [one.cue for one in rows_of(path).cues] == [1.0, 2.0]
    with pytest.raises(ConfigError, match="changed elsewhere"):
        same_row(path.read_text(), ("cues", 2.0), CueRow(cue=2.0, name="as I saw it"))
    assert rows_of(tmp_path / "none.yaml").cues == []


def test_a_value_fits_its_setting() -> None:
    settings = table()
    pace, enabled = settings[address_of("scene.pace")], settings[address_of("emotion.enabled")]
    assert setting_value(pace, "1,5") == 1.5
    assert setting_value(enabled, True) is True
    for typed in ("", "fast", "900"):
        with pytest.raises(ValueError, match=r"0\.1 to 4"):
            setting_value(pace, typed)
    assert [number(text) for text in ("", " 2 ", "2.50", "-.5", "1e2", "x")] == [None, 2, 2.5, -0.5, 100.0, "x"]


@pytest.mark.parametrize(
    ("more", "what", "when"),
    [
        ({}, "does nothing", "by Go alone"),
        (
            {
                "preset": "calm",
                "settings": {"scene.pace": 0.5, "look.ink": "#fff"},
                "at": ["10:00"],
                "days": ["monday"],
            },
            "preset calm, scene.pace 0.5, look.ink #fff, within 2 s",
            "at 10:00 on monday",
        ),
        (
            {"scene": "aurora", "commands": ["clear"], "poses": ["a", "b"], "arrives": True, "follow": "done"},
            "scene aurora, clear",
            "pose a or b, somebody arrives; the next one when the fade is done",
        ),
        (
            {"look": "tide", "fade_s": 0.0, "empty_s": 60.0, "key": "f5", "osc": "/dusk", "follow": 20.0},
            "look tide",
            "nobody there for 60 s, key f5, /dusk; the next one after 20 s",
        ),
    ],
)
def test_a_cue_in_words(more: dict[str, Any], what: str, when: str) -> None:
    assert does({**ROW, **more}) == what
    assert fired_by({**ROW, **more}) == when
