"""The recipe of docs/cues.md is a list that can be used, and run.py check says what is wrong with one."""

import re
from pathlib import Path

from installation.commands.check_cues import look_at_cues
from installation.config.cue_rows import CueRow, PresetRow
from installation.config.settings import Config
from installation.cues.sheet_file import with_checked_lines
from installation.live_commands.cue_sheet import parse_sheet
from installation.live_commands.live_settings import LiveSettings
from tests.cues.world import config

DOCS = Path(__file__).resolve().parents[2] / "docs" / "cues.md"


def test_every_list_in_the_guide_works() -> None:
    texts = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(texts) == 2
    for text in texts:
        assert with_checked_lines(parse_sheet(text), LiveSettings(Config())).left_out == ()
    recipe = parse_sheet(texts[0])
    assert [cue.number for cue in recipe.cues if cue.times] == [1, 2]
    assert [cue.number for cue in recipe.cues if cue.poses] == [10]


def test_the_guide_has_every_field() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for name in (*CueRow.model_fields, *PresetRow.model_fields):
        assert f"`{name}`" in text, name


def test_check_names_every_mistake(tmp_path: Path) -> None:
    assert look_at_cues(Config(), tmp_path)[0][0] == "note"
    named = look_at_cues(config(cues={"file": "mine.yaml"}), tmp_path)
    assert named[0][0] == "bad"
    assert "mine.yaml is not there" in named[0][2]
    path = tmp_path / "cues.yaml"
    path.write_text("cues: [{cue: 1}, {cue: 2, settings: {scene.pase: 1}}, {cue: 3, pose: [dance, Victory]}]")
    verdicts = look_at_cues(Config(), tmp_path)
    assert [verdict for verdict, _, _ in verdicts] == ["bad", "note"]
    assert verdicts[0][2].startswith(
        "cues.yaml:1: cues.1.settings.scene.pase: no such setting changes while the piece runs; did you mean"
    )
    assert verdicts[1][2].startswith("cue 3: nobody can show dance, Victory; ")
    path.write_text("cues:\n  - cue: x\n  - cue: 1\n    fade: 2\n")
    assert [found for _, _, found in look_at_cues(Config(), tmp_path)] == [
        "cues.yaml:2: cues.0.cue: a cue's number is above 0 and below 10000, such as 1, 2 or 2.5, not 'x'",
        "cues.yaml:4: cues.1.fade: unknown; did you mean fade_s?",
    ]
    path.write_text("presets: {calm: {}}")
    assert look_at_cues(Config(), tmp_path) == [("good", "cues", f"{path}: 1 presets, 0 cues")]
