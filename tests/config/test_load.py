"""Settings: every mistake has its line and its mend, traps of YAML are caught, edits are noticed."""

import contextlib
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from installation.config import load as config_file
from installation.config.load import ConfigError, ConfigWatcher, config_text, load_config, parse_config, with_overrides
from installation.config.settings import Config

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scene:\n  respons_s: 9\n", "config.yaml:2: scene.respons_s: unknown setting; did you mean 'response_s'?"),
        ("secne: {}\n", "config.yaml:1: secne: unknown setting; did you mean 'scene'?"),
        ("scene:\n  name: bloom\n", "config.yaml:2: scene.name: there is no scene 'bloom'; did you mean 'blossom'?"),
        ("osc:\n\n  health_s: 0\n", "config.yaml:3: osc.health_s: Input should be greater than or equal to 0.1"),
        ("osc:\n  targets:\n    - {host: a, port: 1}\n    - {host: b, prot: 2}\n", "config.yaml:4: osc.targets.1.port"),
        ("log:\n  level: off\n", "config.yaml:2: log.level"),
        ("smoothing:\n  beta: 1e-3\n", "write it with a dot: 1.0e-3"),
        ("smoothing:\n  fade_in_s: 10:00\n", "config.yaml:2: smoothing.fade_in_s: 10:00 is read as a number here"),
        ("scene:\n  follow: 1\n  follow: 0\n", "config.yaml:3: scene.follow: written twice (first in line 2)"),
        ("scene:\n\tname: blossom\n", "config.yaml:2: not readable as YAML"),
        ("- scene\n", "config.yaml:1: settings are written as name: value"),
        ("capture:\n  mirror: 1\n", "config.yaml:2: capture.mirror"),
        ("scene: [1\n", "not readable as YAML"),
        (
            "body:\n  valence:\n    opennes: 1.0\n",
            "config.yaml:3: body.valence.opennes: unknown name; did you mean 'openness'?",
        ),
        (
            "poses:\n  meanings:\n    on: {happy: 1.0}\n",
            "config.yaml:2: poses.meanings: YAML reads this name as true or false",
        ),
        ("poses:\n  commands:\n    arms_up: dance\n", "config.yaml:3: poses.commands.arms_up: a pose may ask for "),
        (
            "poses:\n  commands: {a: claer}\n",
            "config.yaml:2: poses.commands.a: did you mean 'clear'? a pose may ask for",
        ),
        ("poses:\n  commands: {a: quit}\n", "config.yaml:2: poses.commands.a: a pose may ask for next_scene, clear,"),
        ("poses:\n  meanings:\n    up: {hapy: 1.0}\n", "did you mean 'happy'?"),
    ],
)
def test_a_mistake_has_its_place_and_its_mend(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        parse_config("scene:\n  follow: 2\noutput:\n  per_second: 0\n  glow: much\n")
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["config.yaml:2", "config.yaml:4", "config.yaml:5"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "scene:\n"])
def test_what_is_left_out_has_its_default(text: str) -> None:
    assert parse_config(text) == Config()


def test_a_file_that_is_missing_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(tmp_path / "bad.yaml")


@given(st.text(max_size=200))
def test_any_text_gives_settings_or_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert isinstance(parse_config(text), Config)


@given(st.builds(lambda follow, rate, name, hud: {"scene": {"follow": follow, "name": name},
                                                           "output": {"per_second": rate, "hud": hud}},
                 st.floats(0, 1), st.floats(1, 240), st.sampled_from(["blossom", "sculpture"]), st.booleans()))  # fmt: skip
def test_written_settings_read_back_alike(changes: dict) -> None:
    config = Config.model_validate(changes)
    assert parse_config(config_text(config)) == config


def test_the_shipped_file_is_good_and_every_setting_has_its_comment() -> None:
    path = ROOT / "config.yaml"
    load_config(path)
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = path.read_text(encoding="utf-8").splitlines()
    for section, field in Config.model_fields.items():
        model = type(getattr(Config(), section))
        assert set(data[section]) == set(model.model_fields), section
        for name in model.model_fields:
            assert any(line.startswith(f"  {name}:") and "#" in line for line in lines), name
        assert field is not None


def test_the_reference_is_not_stale() -> None:
    written = (ROOT / "docs" / "config.md").read_text(encoding="utf-8")
    assert written == config_file.document(), "run: python -m installation.config.load --write"


def test_overrides_are_checked_like_the_file() -> None:
    assert with_overrides(Config(), {"capture.source": "simulated"}).capture.source == "simulated"
    with pytest.raises(ConfigError, match=r"scene\.name"):
        with_overrides(Config(), {"scene.name": "none"})


def test_a_saved_edit_is_noticed_and_a_broken_one_told(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("scene:\n  follow: 0.5\n")
    watcher = ConfigWatcher(path, {"capture.source": "simulated"})
    assert watcher.poll() is None
    path.write_text("scene:\n  follow: 0.25\n")
    os.utime(path, ns=(1, 1))
    found = [watcher.poll(), watcher.poll(), watcher.poll()]
    assert found[0] is None
    assert isinstance(found[1], Config)
    assert found[1].scene.follow == 0.25
    assert found[1].capture.source == "simulated"
    assert found[2] is None
    path.write_text("scene:\n  follow: 7\n")
    os.utime(path, ns=(2, 2))
    watcher.poll()
    broken = watcher.poll()
    assert isinstance(broken, ConfigError)
    assert "config.yaml:2: scene.follow" in str(broken)
