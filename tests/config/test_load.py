"""Settings: every mistake has its line and its fix, traps of YAML are caught, edits are noticed."""

import contextlib
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
SEVEN = "angry, disgust, fear, happy, sad, surprise, neutral"


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
        ("poses:\n  meanings:\n    up: {joy: 1.0}\n", SEVEN),
        ("poses:\n  meanings:\n    up: {hapy: 1.0}\n", SEVEN),
        ("look:\n  joy: {grain: 0.1}\n", f"config.yaml:2: look.joy: unknown setting; the emotions are {SEVEN}"),
        (
            "lights:\n  palettes:\n    joy: {deep: blue}\n",
            f"config.yaml:3: lights.palettes.joy: unknown name; the emotions are {SEVEN}",
        ),
        (
            "scene:\n  follow: 0,25\n",
            "config.yaml:2: scene.follow: Input should be a valid number; write a point, not a comma: 0.25",
        ),
        ("scene: {follow: 0,25}\n", "scene.25: unknown setting; a number is written with a point, such as 0.25"),
        ("scene:\n  follow: 1\n   size: 1\n", "config.yaml:3: not readable as YAML"),
        ("scene:\n    follow: 1\n  size: 1\n", "config.yaml:3: not readable as YAML"),
        ("scene:\n    follow: 1\n  size: 1\n", "this line is indented otherwise than those above it"),
        (
            "log: {}\nscene:\n  name: 'blossom\n  follow: 1\noutput:\n  hud: true\n",
            "config.yaml:3: not readable as YAML: the quote",
        ),
        (
            'scene:\n  name: "blossom\nlog:\n  level: "info"\n',
            "config.yaml:2: not readable as YAML: the quote that begins here",
        ),
        ("scene:\n  parameters: {blossom: {petals: 3}\nlog: {}\n", "config.yaml:2: not readable as YAML"),
        ("follow: 0.5\n", "config.yaml:1: follow: unknown setting; scene has one: indent it below scene:"),
        ("version: 3\n", "config.yaml:1: version: this is a file of version 3; this Mien reads 1 to 2"),
        (
            "version: 2\noutput:\n  bloom: 0.6\n",
            "config.yaml:3: output.bloom: unknown setting; it is called output.glow now",
        ),
        ("output:\n  bloom: 0.6\n  glow: 1.0\n", "output.bloom is called output.glow now, and both are written"),
        (
            "scene: {}\noutput:\n  bloom: much\n",
            "config.yaml:3: output.glow: Input should be a valid number, not 'much'",
        ),
        ("textures:\n  size_px: 100\n", "config.yaml:2: generation.size_px: Input should be"),
    ],
)
def test_a_mistake_has_its_place_and_its_fix(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)


def test_all_mistakes_are_reported_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        parse_config("scene:\n  follow: 2\noutput:\n  per_second: 0\n  glow: much\n")
    lines = str(error.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["config.yaml:2", "config.yaml:4", "config.yaml:5"]


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
    monkeypatch.setattr("installation.config.load.ROOT", tmp_path)
    with pytest.raises(ConfigError, match=r"; git checkout config\.yaml restores it$"):
        load_config(tmp_path / "config.yaml")


@given(st.text(max_size=200))
def test_any_text_gives_settings_or_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert isinstance(parse_config(text), Config)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [*a, *a]\n", "config.yaml:1: a.0: this anchor refers to itself"),
        ("scene: &a\n  name: *a\n", "config.yaml:1: scene.name: this anchor refers to itself"),
        ("scene: &a\n  <<: *a\n", "this anchor refers to itself"),
        ("[" * 3000, "config.yaml:1: not readable as YAML: lists or sections lie too deep in one another"),
        ("a: " + "[" * 60 + "]" * 60, "config.yaml:1: a.0.0: lists or sections lie too deep in one another"),
        ("scene:\n  name: 2026-02-31\n", "config.yaml:2: 2026-02-31 is not readable as YAML"),
        ("scene:\n  size: !!int ten\n", "config.yaml:2: ten is not readable as YAML"),
        ("scene: {size: !!timestamp x}\n", "config.yaml:1: x is not readable as YAML"),
        ("? [a]\n: b\n", "config.yaml:1: settings: a name is a word, not a list or a section"),
        ("!!set {a, b}\n", "config.yaml:1: settings are written as name: value"),
        ("log: {}\nscene: \x07\n", "config.yaml:2: not readable as YAML: there is a character that no text has"),
        (f"output:\n  per_second: {'9' * 400}\n", "config.yaml:2: output.per_second: "),
        (f"perception:\n  budget_ms: {'9' * 400}\n", "config.yaml:2: perception.budget_s: "),
        (f"scene:\n  size: {'9' * 5000}\n", "config.yaml:2: "),
        (
            "scene:\n  parameters:\n    ? " + "a" * 300 + "\n    : {a: 1.0}\n",
            "config.yaml:3: scene.parameters: there is no",
        ),
        ("scene:\n  parameters: {../blossom: {petals: 3.0}}\n", "config.yaml:2: scene.parameters: there is no scene"),
    ],
)
def test_whatever_the_text_a_config_error_comes_of_it(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)


SIGNS = st.text(st.sampled_from("abs:,-?!&*#|>%@`'\"[]{} \t\n\r0123.~<=\x00\ufeff"), max_size=60)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.binary(max_size=4)
)
KEYS = st.sampled_from(
    ["scene", "look", "name", "version", "osc", "targets", "poses", "meanings", "textures", "1", "output"]
)
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4) | LEAVES, inner, max_size=4),
    max_leaves=12,
)


@examples(max_examples=300, deadline=None)
@given(SIGNS | NESTED.map(lambda data: yaml.safe_dump(data, allow_unicode=True)))
def test_any_signs_and_any_structure_give_settings_or_a_config_error(text: str) -> None:
    with contextlib.suppress(ConfigError):
        assert isinstance(parse_config(text), Config)


@given(st.binary(max_size=60))
def test_any_bytes_give_settings_or_a_config_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(data)
    with contextlib.suppress(ConfigError):
        assert isinstance(load_config(path), Config)


@given(st.builds(lambda follow, rate, name, hud: {"scene": {"follow": follow, "name": name},
                                                           "output": {"per_second": rate, "hud": hud}},
                 st.floats(0, 1), st.floats(1, 240), st.sampled_from(["blossom", "sculpture"]), st.booleans()))  # fmt: skip
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
    assert text.startswith("# yaml-language-server: $schema=docs/config.schema.json\n")


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
    monkeypatch.setattr("installation.config.watch.SCENES", scenes)
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
    assert (config.scene.pace, config.output.hud, config.osc.targets[0].port) == (0.5, True, 7)
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
        ("scene={pace: 0,5}", "--set scene={pace: 0, 5: null}: 5: unknown setting; a number is written with a point"),
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
        load_config(path, {"scene.pace": 7.0, "output.hud": True})
    assert "--set scene.pace=7.0: Input" in str(error.value)
    assert len(str(error.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "scene:\n  name: 'blossom\nlook:\n  happy: it'\n",
            "2: scene.name: the quote that opens in line 2 is not closed",
        ),
        (
            "scene:\n  name:blossom\n  follow: 1\n",
            "2: not readable as YAML: a space is missing behind the colon: name: bl",
        ),
        (
            "scene:\n  follow: 1\n  name:blossom\n",
            "3: not readable as YAML: a space is missing behind the colon: name: bl",
        ),
        ("scene:\n  name:blossom\n", "2: scene: a space is missing behind the colon: name: blossom"),
        ("scene: {name:blossom}\n", "1: scene.name:blossom: a space is missing behind the colon: name: blossom"),
        (
            "body:\n  valence: {openness: 0,4}\n",
            "2: body.valence.4: unknown setting; a number is written with a point, such",
        ),
        ("scene: {pace: 0,5}\n", "1: scene.5: unknown setting; a number is written with a point, such as 0.5"),
        (
            "look:\n  happy:\n    palette:\n    middle: blue\n",
            "4: look.happy.middle: unknown setting; palette has one: ind",
        ),
        ("look:\n  happy:\n    palette: {middle: bleu}\n", "did you mean blue?"),
        (
            "scene: blossom\n",
            "1: scene: scene is a section; write scene: {name: ...} or its settings below it, indented",
        ),
        ("osc:\n  targets: [a]\n", "2: osc.targets.0: this is a section; write {host: ...}"),
    ],
)
def test_a_slip_of_the_pen_is_named_once(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert "?, not" not in str(error.value)


def _names(model: type[BaseModel]) -> set[str]:
    found = set(model.model_fields)
    for field in model.model_fields.values():
        for kind in reference.kinds(field.annotation):
            found |= _names(kind)
    return found


def test_one_word_for_one_thing() -> None:
    names = _names(Config)
    assert not [name for name in names if name.endswith(("_ms", "_minutes", "_fps", "rate")) or name == "fps"]
    # A list and one of its entries: a fixture's universe is one of the universes, a palette one of the palettes.
    lists = {"universe", "note", "palette"}
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
