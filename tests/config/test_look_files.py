"""Looks as files: chosen, overridden line by line, watched, saved; their mistakes have their line."""

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from installation.base.files import ROOT
from installation.base.supervisor import StopSignal
from installation.commands.look import look as look_command
from installation.config import look_files as looks
from installation.config.load import ConfigError, load_config, parse_config
from installation.config.look import DEFAULT_LOOK, LOOK_NAMES, LookConfig
from installation.config.look_files import look_names, look_text, save_look
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher
from installation.record.recording import read_recording

SHIPPED = ("ink", "mien", "tide")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped looks."""
    made = tmp_path / "looks"
    shutil.copytree(looks.FOLDERS[-1], made)
    monkeypatch.setattr(looks, "FOLDERS", (made,))
    return made


def test_the_shipped_looks_are_there_and_complete() -> None:
    assert look_names() == SHIPPED
    for name in SHIPPED:
        written = yaml.safe_load(looks.look_path(name).read_text(encoding="utf-8"))
        assert set(written) == set(LookConfig.model_fields) - {"name"}
        assert looks.look_path(name).read_text(encoding="utf-8") == look_text(parse_config(f"look: {name}").look)


def test_the_present_look_is_the_default_number_by_number() -> None:
    assert parse_config(f"look: {DEFAULT_LOOK}") == parse_config("") == Config()


def test_moods_of_a_look_differ_and_looks_differ() -> None:
    chosen = [parse_config(f"look: {name}").look for name in SHIPPED]
    for one in chosen:
        assert len({getattr(one, name).palette.accent for name in LOOK_NAMES}) >= 7
        assert len({getattr(one, name).form for name in LOOK_NAMES}) == len(LOOK_NAMES)
    for name in LOOK_NAMES:
        assert len({getattr(one, name).palette for one in chosen}) == len(SHIPPED)


def test_a_look_is_overridden_line_by_line() -> None:
    ink = parse_config("look: ink").look
    own = parse_config("look:\n  name: ink\n  happy:\n    form: {spread: 0.123}\n").look
    assert own.happy.form.spread == 0.123
    assert own.happy.palette == ink.happy.palette
    assert own.model_copy(update={"happy": ink.happy}) == ink


@pytest.mark.parametrize("text", ["", "look: mien\n", "look: {sharpen: 0.2}\n"])
def test_the_default_look_has_no_silent_stand_in(folder: Path, text: str) -> None:
    """An artist may have changed it: without its file the look before goes on, or the start is refused."""
    (folder / "mien.yaml").unlink()
    with pytest.raises(
        ConfigError, match=r"^looks/mien\.yaml: is not there; git checkout looks/mien\.yaml restores it"
    ):
        parse_config(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("look: inc\n", "config.yaml:1: look.name: there is no look 'inc'; there are ink, mien, tide"),
        ("look:\n  name: ../config\n", "config.yaml:2: look.name: there is no look '../config'"),
        ("look: [ink]\n", "config.yaml:1: look"),
        ("look: 7\n", "config.yaml:1: look"),
    ],
)
def test_a_look_that_is_not_there(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sad:\n  lighting: {key: 3}\n", "looks/mine.yaml:2: sad.lighting.key: Input should be less than or equal to 2"),
        ("\nhapy: {}\n", "looks/mine.yaml:2: hapy: unknown setting; did you mean 'happy'?"),
        ("name: x\n", "looks/mine.yaml:1: name: a look's name is that of its file"),
        ("sad: {grain: [\n", "looks/mine.yaml:1: not readable as YAML"),
        ("", "looks/mine.yaml:1: is empty"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_look_names_its_file_and_line(folder: Path, text: str, message: str) -> None:
    (folder / "mine.yaml").write_text(text)
    with pytest.raises(ConfigError) as error:
        parse_config("look: mine\n")
    assert message in str(error.value)


def test_a_mistake_in_a_look_that_was_typed_names_its_file(folder: Path, tmp_path: Path) -> None:
    (folder / "mine.yaml").write_text("sad: {grain: 9}\n")
    (tmp_path / "config.yaml").write_text("look: ink\n")
    with pytest.raises(ConfigError, match=r"^looks/mine\.yaml:1: sad\.grain"):
        load_config(tmp_path / "config.yaml", {"look": "mine"})


def test_a_mistake_over_a_look_names_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml:3: look\.sad\.grain"):
        parse_config("look:\n  name: ink\n  sad: {grain: 7}\n")


def test_a_saved_look_file_takes_effect_and_a_broken_one_keeps_the_old(folder: Path, tmp_path: Path) -> None:
    path, mine = tmp_path / "config.yaml", folder / "mine.yaml"
    path.write_text("look: mine\n")
    mine.write_text("sad: {grain: 0.5}\n")
    watcher = ConfigWatcher(path, {})
    for grain, stamp in ((0.25, 1), (0.75, 2)):
        mine.write_text(f"sad: {{grain: {grain}}}\n")
        os.utime(mine, ns=(stamp, stamp))
        assert watcher.poll() is None
        found = watcher.poll()
        assert isinstance(found, Config)
        assert found.look.sad.grain == grain
    mine.write_text("sad:\n  grain: 7\n")
    watcher.poll()
    broken = watcher.poll()
    assert isinstance(broken, ConfigError)
    assert "looks/mine.yaml:2: sad.grain" in str(broken)
    assert watcher.poll() is None, "reported once"
    mine.write_text("sad:\n  grain: 0.125\n")
    watcher.poll()
    assert isinstance(watcher.poll(), Config)


def test_a_look_that_comes_later_is_noticed(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("look: ink\n")
    watcher = ConfigWatcher(path, {})
    path.write_text("look: later\n")
    watcher.poll()
    assert isinstance(watcher.poll(), ConfigError)
    (folder / "later.yaml").write_text("sad: {grain: 0.5}\n")
    found = [watcher.poll() for _ in range(3)]
    assert any(isinstance(one, Config) and one.look.name == "later" for one in found)


def test_the_present_look_is_saved_as_a_new_file(folder: Path) -> None:
    config = parse_config("look:\n  name: ink\n  happy: {grain: 0.875}\n  sad: {palette: {deep: navy}}\n")
    path = save_look("mine", config.look)
    again = parse_config("look: mine").look
    assert again.model_copy(update={"name": "ink"}) == config.look
    assert again.sad.palette.deep == "#000080"
    with pytest.raises(FileExistsError, match=r"looks/mine\.yaml exists already"):
        save_look("mine", Config().look)
    assert parse_config("look: mine").look == again
    save_look("mine", Config().look, replace=True)
    assert parse_config("look: mine").look.happy == Config().look.happy
    with pytest.raises(ValueError, match="no name for a look"):
        save_look("../mine", Config().look)
    assert path.parent == folder


def test_the_command_asks_before_it_replaces(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("look:\n  name: tide\n  happy: {grain: 0.875}\n")

    def typed(*words: str) -> int:
        return look_command(["save", *words, "--config", str(path)], StopSignal())

    assert typed("mine") == 0
    assert parse_config("look: mine").look.happy.grain == 0.875
    assert typed("mine") == 2
    assert "--replace" in capsys.readouterr().err
    assert typed("mine", "--replace", "--set", "look=ink") == 0
    assert parse_config("look: mine").look.sad == parse_config("look: ink").look.sad


def test_a_recording_needs_no_look_file(folder: Path, tmp_path: Path) -> None:
    config = parse_config("look: tide")
    shutil.rmtree(folder)
    path = tmp_path / "take.jsonl"
    path.write_text(json.dumps({"mien_recording": 3, "seed": 1, "config": config.model_dump()}) + "\n")
    header, events = read_recording(path)
    assert list(events) == []
    assert Config.model_validate(header["config"]) == config


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("blue", "#0000ff"),
        ('"#00f"', "#0000ff"),
        ('"#0000FF"', "#0000FF"),
        ("Dark Slate Grey", "#2f4f4f"),
        ("tan", "#d2b48c"),
    ],
)
def test_colours_have_names(written: str, read: str) -> None:
    assert parse_config(f"look:\n  sad:\n    palette: {{deep: {written}}}\n").look.sad.palette.deep == read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "look:\n  sad:\n    palette:\n      deep: #00f\n",
            "config.yaml:4: look.sad.palette.deep: a colour stands in quotes",
        ),
        ("look:\n  sad:\n    palette: {deep: #00f}\nlog: {}\n", "a colour stands in quotes"),
        ("look:\n  sad:\n    palette: {deep: bleu}\n", "did you mean blue?"),
    ],
)
def test_a_colour_that_is_none(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)


def test_the_shipped_settings_choose_the_default_look() -> None:
    assert load_config(ROOT / "config.yaml").look.name == DEFAULT_LOOK
