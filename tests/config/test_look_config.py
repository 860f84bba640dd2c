"""The section look of config.yaml: mistakes have their line, what is left out stays, and it survives a file and a recording."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from installation.config.load import ConfigError, parse_config
from installation.config.look import DEFAULTS, LOOK_NAMES, QUANTITIES, LookConfig
from installation.config.look_files import look_text
from installation.config.reference import document
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("look:\n  hapy: {}\n", "config.yaml:2: look.hapy: unknown setting; did you mean 'happy'?"),
        (
            "look:\n  angry:\n    form:\n      spikines: 1\n",
            "config.yaml:4: look.angry.form.spikines: unknown setting; did you mean 'spikiness'?",
        ),
        ("look:\n  sad:\n    lighting: {key: 3}\n", "config.yaml:3: look.sad.lighting.key: Input should be less than or"),
        ("look:\n  sad:\n    lighting:\n      roughness: 0\n", "greater than or equal to 0.05"),
        ("look:\n  arousal: {sped: 1}\n", "config.yaml:2: look.arousal.sped: unknown name; did you mean 'speed'?"),
        ("look:\n  valence:\n    speed: 9\n", "config.yaml:3: look.valence.speed: Input should be less than or equal to 3"),
        ('look:\n  sad:\n    palette: {deep: "#12345"}\n', 'config.yaml:3: look.sad.palette.deep: a colour is written'),
        ("look:\n  sad:\n    palette: {deep: 123456}\n", "look.sad.palette.deep: a colour stands in quotes"),
        ("look:\n  sad:\n    palette:\n      deep: #123456\n", "config.yaml:4: look.sad.palette.deep: a colour"),
        ("look:\n  sad:\n    palette: {deep: #123456}\n    form: {}\nlog: {}\n", "a colour stands in quotes"),
        ("look:\n  sad: blue\n", "config.yaml:2: look.sad"),
        ("look:\n  sad:\n    motion: {glow: 1}\n", "config.yaml:3: look.sad.motion.glow: unknown setting"),
        ("look:\n  sharpen: 0\n", "config.yaml:2: look.sharpen: Input should be greater than or equal to 1"),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place_and_its_fix(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)


def test_what_is_left_out_keeps_the_default_of_that_emotion() -> None:
    config = parse_config(
        'look:\n  angry:\n    form: {spread: 0.1}\n    palette: {accent: "#00ff00"}\n  arousal: {speed: 0}\n'
        "  fear:\n  happy:\n    motion:\n"
    )
    look, default = config.look, LookConfig()
    assert look.angry.form.spread == 0.1
    assert look.angry.palette.accent == "#00ff00"
    assert look.angry.form.model_copy(update={"spread": default.angry.form.spread}) == default.angry.form
    assert look.angry.palette.deep == default.angry.palette.deep != look.sad.palette.deep
    assert look.angry.lighting == default.angry.lighting
    assert look.arousal == {**default.arousal, "speed": 0.0}
    assert look.model_copy(update={"angry": default.angry, "arousal": default.arousal}) == default


def test_the_defaults_name_every_quantity_of_every_look() -> None:
    for name in LOOK_NAMES:
        look = DEFAULTS[name]
        named = {*look["form"], *look["motion"], *look["lighting"], "grain", "texture"}
        assert named == set(QUANTITIES), name
        assert len(look["palette"]) == 5
    assert len(set(QUANTITIES)) == len(QUANTITIES)


def test_the_generated_file_says_it_all_and_is_read_back(tmp_path: Path) -> None:
    text = look_text(LookConfig())
    assert LookConfig.model_validate(yaml.safe_load(text)) == LookConfig()
    assert "  palette: {background: " in text, "in the order in which the colours are thought of"
    assert "`form.spikiness`" in document()
    assert "from 0.05 to 1" in document()


@given(
    st.sampled_from(LOOK_NAMES), st.floats(0, 1), st.floats(-3, 3), st.text("0123456789abcdef", min_size=6, max_size=6)
)
def test_settings_survive_a_recording(name: str, grain: float, slope: float, colour: str) -> None:
    text = f'look:\n  {name}:\n    grain: {grain:.17f}\n    palette: {{deep: "#{colour}"}}\n  valence:\n    fog: {slope:.17f}\n'
    config = parse_config(text)
    again = Config.model_validate(json.loads(json.dumps(config.model_dump())))
    assert again == config
    assert getattr(again.look, name).palette.deep == f"#{colour}"


def test_an_edit_of_a_look_is_noticed_while_the_piece_runs(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("look:\n  sad: {grain: 0.1}\n", encoding="utf-8")
    watcher = ConfigWatcher(path, {})
    path.write_text("look:\n  sad: {grain: 0.95}\n", encoding="utf-8")
    watcher.poll()
    found = watcher.poll()
    assert isinstance(found, Config)
    assert found.look.sad.grain == 0.95
    path.write_text("look:\n  sad: {grain: 9.5, x: 1}\n", encoding="utf-8")
    watcher.poll()
    assert "config.yaml:2: look.sad.grain" in str(watcher.poll())
