"""Settings: every mistake has its line and its fix, traps of YAML are caught, edits are noticed."""

import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pydantic import BaseModel

from installation.config import reference, scene_files
from installation.config.load import ConfigError, load_config, parse_assignment, parse_config, with_overrides
from installation.config.section import level_of
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("text", ["", "# nothing\n", "scene:\n"])
def test_what_is_left_out_has_its_default(text: str) -> None:
    assert parse_config(text) == Config()


def test_a_file_that_is_missing_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read .*; write one, or leave out --config$"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(tmp_path / "bad.yaml")


def test_only_the_shipped_file_is_restored_by_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("installation.config.load.PROJECT", tmp_path)
    with pytest.raises(ConfigError, match=r"; git checkout config\.yaml restores it$"):
        load_config(tmp_path / "config.yaml")


@given(st.builds(lambda follow, rate, name, hud: {"scene": {"follow": follow, "name": name},
                                                           "output": {"per_second": rate, "hud": hud}},
                 st.floats(0, 1), st.floats(1, 240), st.sampled_from(["blossom", "sculpture"]),
                 st.sampled_from(["off", "notices", "figures"])))  # fmt: skip
@examples(max_examples=20)  # each reads a file of all settings
def test_written_settings_read_back_alike(changes: dict) -> None:
    config = Config.model_validate(changes)
    assert parse_config(yaml.safe_dump(config.model_dump())) == config


def test_the_shipped_file_is_short_and_every_dial_has_its_comment() -> None:
    path = ROOT / "config.yaml"
    text = path.read_text(encoding="utf-8")
    assert load_config(path) == Config(), "as shipped, all is as by default"
    assert len(text.splitlines()) <= 50
    for section, settings in yaml.safe_load(text).items():
        for name in settings if isinstance(settings, dict) else ():
            assert any(line.startswith(f"  {name}:") and "  # " in line for line in text.splitlines()), (section, name)
    assert text.startswith("# yaml-language-server: $schema=docs/reference/config.schema.json\n")


@pytest.mark.parametrize("path", list(reference.files()), ids=lambda path: path.name)
def test_what_is_generated_is_not_stale(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    assert written == reference.files()[path], "run: python -m installation.config.reference --write"


def test_overrides_are_checked_like_the_file() -> None:
    assert with_overrides(Config(), {"capture.source": "simulated"}).capture.source == "simulated"
    with pytest.raises(ConfigError, match=r"scene\.name"):
        with_overrides(Config(), {"scene.name": "none"})


def test_a_saved_edit_is_noticed_and_a_broken_one_reported(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_saved_while_it_runs_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("scene:\n  follow: 0.5\n")
    watcher = ConfigWatcher(path, {})
    path.write_text(text, encoding="utf-8")
    watcher.poll()
    found = watcher.poll()
    assert isinstance(found, ConfigError)
    assert "config.yaml:1: is empty" in str(found)
    path.write_text("# all as by default\n")
    watcher.poll()
    assert watcher.poll() == Config()


def test_a_refusal_ends_when_the_scene_file_that_caused_it_is_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = tmp_path / "scenes"
    shutil.copytree(scene_files.FOLDER, scenes)
    monkeypatch.setattr(scene_files.load_scene, "__defaults__", (scenes,))
    monkeypatch.setattr(scene_files.scene_names, "__defaults__", (scenes,))
    monkeypatch.setattr("installation.config.watch.SCENES", (scenes,))
    path, blossom = tmp_path / "config.yaml", scenes / "blossom.yaml"
    path.write_text("scene: {follow: 0.5}\n")
    watcher = ConfigWatcher(path, {})
    good = blossom.read_text()
    blossom.write_text("title: [\n")
    path.write_text("scene: {follow: 0.25, parameters: {blossom: {petals: 200}}}\n")
    assert watcher.poll() is None
    refused = watcher.poll()
    assert isinstance(refused, ConfigError)
    assert "config.yaml:1: scene.parameters: blossom.yaml:1: not readable as YAML" in str(refused)
    assert [watcher.poll() for _ in range(3)] == [None, None, None]
    blossom.write_text(good)
    assert watcher.poll() is None
    found = watcher.poll()
    assert isinstance(found, Config)
    assert found.scene.follow == 0.25
    assert watcher.poll() is None


def test_the_full_file_of_version_1_still_means_the_same() -> None:
    assert load_config(Path(__file__).parent / "config_v1.yaml") == Config()


@pytest.fixture
def two_files(tmp_path: Path) -> list[Path]:
    under, over = tmp_path / "a.yaml", tmp_path / "b.yaml"
    under.write_text(
        "scene: {follow: 0.5, size: 1.5}\nosc:\n  targets:\n    - {host: a, port: 1}\n    - {host: b, port: 2}\n"
        "look: ink\nbody:\n  valence: {lean: 1.0}\n"
    )
    over.write_text("scene:\n  follow: 0.25\nosc:\n  targets: [{host: c, port: 3}]\nlook:\n  sad: {grain: 1.0}\n")
    return [under, over]


def test_of_two_files_the_later_wins_setting_by_setting_and_lists_as_a_whole(two_files: list[Path]) -> None:
    config = load_config(two_files)
    assert (config.scene.follow, config.scene.size) == (0.25, 1.5)
    assert [target.host for target in config.osc.targets] == ["c"]
    assert (config.look.name, config.look.sad.grain) == ("ink", 1.0)
    assert config.body.valence == {"lean": 1.0}


def test_mistakes_name_the_file_that_says_them(two_files: list[Path]) -> None:
    two_files[0].write_text("scene:\n  size: 9\n  follow: 9\n")
    two_files[1].write_text("\nscene:\n  follow: 7\n")
    with pytest.raises(ConfigError) as error:
        load_config(two_files)
    size, follow = sorted(str(error.value).splitlines())
    assert size.startswith(f"{two_files[0]}:2: scene.size:")
    assert follow.startswith(f"{two_files[1]}:3: scene.follow:")


def test_both_files_are_watched(two_files: list[Path]) -> None:
    watcher = ConfigWatcher(two_files, {"scene.pace": 2.0})
    for path, text in ((two_files[0], "scene: {size: 0.5}\n"), (two_files[1], "scene: {follow: 0.75}\n")):
        path.write_text(text)
        watcher.poll()
        assert isinstance(found := watcher.poll(), Config)
    assert (found.scene.size, found.scene.follow, found.scene.pace) == (0.5, 0.75, 2.0)


def test_single_settings_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("osc:\n  targets: [{host: a, port: 1}]\n")
    typed = ["scene.pace=0.5", "output.hud=true", "look.happy.form.spread=0.5", "look=ink", "osc.targets.0.port=7"]
    config = load_config(path, dict(parse_assignment(text) for text in typed))
    assert (config.scene.pace, config.output.hud, config.osc.targets[0].port) == (0.5, "figures", 7)
    assert load_config(path, dict([parse_assignment("look=ink")])).look.name == "ink"
    assert load_config(path, dict([parse_assignment("body.valence.lean=1.0")])).body.valence["lean"] == 1.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scene.pase=1", "scene.pase: unknown setting; did you mean 'pace'?"),
        ("secne.pace=1", "secne: unknown setting; did you mean 'scene'?"),
        ("scene.pace", "write it as SETTING=VALUE"),
        ("scene.pace=[1", "not readable as YAML"),
        ("output.bloom=1", "it is called output.glow now"),
    ],
)
def test_a_mistake_of_the_command_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_assignment(text)
    assert message in str(error.value)


def test_a_value_of_the_command_line_is_checked(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("scene: {}\n")
    for text, message in (
        ("scene.pace=fast", "--set scene.pace=fast: Input should be a valid number"),
        ("osc.targets.5.port=1", "--set osc.targets.5.port=1: there is no such entry"),
        ("look=inkk", "--set look=inkk: there is no look 'inkk'; there are ink"),
        ("scene.pace=0,5", "--set scene.pace=0,5: Input should be a valid number; write a point, not a comma: 0.5"),
        ("scene.pace=9", "--set scene.pace=9: Input should be less than or equal to 4"),
        ("scene.pace=", "--set scene.pace=: Input should be a valid number; there is no value"),
        ("scene.name=blosom", "--set scene.name=blosom: there is no scene 'blosom'; did you mean 'blossom'?"),
        ("scene.name=nope", "--set scene.name=nope: there is no scene 'nope'; there are blossom, "),
        ("scene.pace=1e-1", "--set scene.pace=1e-1: Input should be a valid number; YAML reads 1e-1 as text"),
        ("log.level=off", "--set log.level=false: Input should be "),
        ("scene=blossom", "--set scene=blossom: scene is a section; write scene: {name: ...}"),
        ("scene={pace: 0,5}", "--set scene={pace: 0,5}: pace: a number is written with a point, not a comma: 0.5"),
        ("osc.targets.0={host: a}", "--set osc.targets.0={host: a}: there is no such entry"),
        ("scene.pace.x=1", "--set scene.pace.x=1: Input should be a valid number"),
    ):
        with pytest.raises(ConfigError, match=f"^{re.escape(message)}"):
            load_config(tmp_path / "config.yaml", dict([parse_assignment(text)]))


def test_what_an_entry_of_the_command_line_lacks_is_not_put_down_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("osc:\n  targets:\n    - {host: b, port: 9101}\n")
    with pytest.raises(ConfigError, match=r"^--set osc\.targets\.0=\{host: a\}: port: Field required$"):
        load_config(path, dict([parse_assignment("osc.targets.0={host: a}")]))


def test_a_mistake_in_the_file_is_not_put_down_to_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("scene: {size: 9, pace: 1.0}\n")
    with pytest.raises(ConfigError, match=r"config\.yaml:1: scene\.size: ") as error:
        load_config(path, {"scene.pace": 7.0, "output.vsync": False})
    assert "--set scene.pace=7.0: Input" in str(error.value)
    assert len(str(error.value).splitlines()) == 2


def _names(model: type[BaseModel]) -> set[str]:
    found = set(model.model_fields)
    for field in model.model_fields.values():
        for kind in reference.kinds(field.annotation):
            found |= _names(kind)
    return found


def test_one_word_for_one_thing() -> None:
    names = _names(Config)
    assert not [name for name in names if name.endswith(("_ms", "_minutes", "_fps", "rate")) or name == "fps"]
    # A list and one of its entries: a fixture's universe is one of the universes, a palette one of the palettes, the source one
    # of the sources.
    lists = {"universe", "note", "palette", "source"}
    assert {name for name in names if f"{name}s" in names} == lists


def test_every_setting_has_a_level_and_the_shipped_dials_are_the_artists() -> None:
    shipped = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    for section, settings in shipped.items():
        for name in settings if isinstance(settings, dict) else ():
            model = type(getattr(Config(), section))
            assert level_of(model, model.model_fields[name]) == "artist", (section, name)
    schema = reference.schema()
    for place in (schema, *schema["$defs"].values()):
        for name, one in place.get("properties", {}).items():
            assert one.get("level") in ("artist", "expert") or name in ("version", "look") or place is schema, name
