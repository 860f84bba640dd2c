"""Settings of any content: reading, migrating and saving them back end in settings or one ConfigError, and in nothing else."""

import contextlib
import os
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from installation.base.names import printable
from installation.config.load import ConfigError, load_config, parse_assignment, parse_config, with_overrides
from installation.config.save import migrate_file, save_settings
from installation.config.settings import Config
from installation.config.watch import ConfigWatcher
from tests.robustness.odd_yaml import ODD, near, text_of

FUZZ = int(os.environ.get("MIEN_FUZZ", "60"))
"""Examples of each kind; by hand many thousands."""
RICH = {
    "scene": {"name": "blossom", "pace": 1.5, "parameters": {"blossom": {"petals": 40.5}}},
    "osc": {"targets": [{"host": "127.0.0.1", "port": 9000, "per_second": 30.0}]},
    "poses": {"meanings": {"up": {"happy": 1.0}}, "commands": {"up": "clear"}},
    "look": {"happy": {"palette": {"deep": "blue"}, "grain": 0.5}, "valence": {"brightness": 0.2}},
    "output": {"screens": [{"gamma": 1.1}], "glow": 1.0},
    "textures": {"strength": 0.5},
    "lights": {"universes": [{"name": "front", "protocol": "artnet", "host": "10.0.0.1"}]},
    "body": {"valence": {"openness": 0.4}},
    "capture": {"source": "simulated"},
    "version": 1,
}
V1 = yaml.safe_load((Path(__file__).parents[1] / "config" / "config_v1.yaml").read_text(encoding="utf-8"))
DOCUMENTS = {**V1, **RICH}
CHANGES = (
    {("scene", "pace"): 0.7},
    {("output", "glow"): 0.9},
    {("look", "happy", "grain"): 0.2},
    {("poses", "meanings"): {"b": {"sad": 1.0}}},
    {("osc", "targets"): [{"host": "1.2.3.4", "port": 5}]},
)


def told(error: ConfigError, name: str = "config.yaml:") -> None:
    """Each line has a place, is short, and can be printed and sent."""
    lines = str(error).splitlines()
    assert lines == list(error.mistakes)
    for line in lines:
        assert line.startswith((name, "... and ")), line
        assert line == printable(line)
        assert len(line) <= 400
        assert not line.startswith(f"{name}0:")


@examples(max_examples=2 * FUZZ)
@given(near(DOCUMENTS))
def test_whatever_stands_in_a_setting_s_place(text: str) -> None:
    try:
        assert isinstance(parse_config(text), Config)
    except ConfigError as error:
        told(error)


@examples(max_examples=FUZZ // 2)
@given(near(DOCUMENTS, 1), st.sampled_from(CHANGES))
def test_whatever_is_saved_back_or_migrated(tmp_path_factory: pytest.TempPathFactory, text: str, changes: dict) -> None:
    path = tmp_path_factory.mktemp("odd") / "config.yaml"
    data = text.encode("utf-8", "replace")
    for write in (migrate_file, lambda file: save_settings(file, changes)):
        path.write_bytes(data)
        try:
            write(path)
            load_config(path)
        except ConfigError:
            assert path.read_bytes() == data


@examples(max_examples=FUZZ)
@given(
    st.sampled_from(
        ("scene.pace", "scene", "look.happy.palette.deep", "osc.targets.0.port", "poses.meanings.a.happy", "x")
    ),
    ODD.map(text_of),
)
def test_whatever_is_typed_behind_set(place: str, value: str) -> None:
    try:
        name, read = parse_assignment(f"{place}={value}")
    except ConfigError as error:
        told(error, "--set ")
        return
    with contextlib.suppress(ConfigError):
        with_overrides(Config(), {name: read})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "scene: {name: {{scene}}}\n",
            "config.yaml:1: scene.name: a name is a word, not a list or a section; are these the b",
        ),
        ("scene: {pace: {{pace}}, name: {{scene}}}\n", "config.yaml:1: scene.pace: a name is a word"),
        ("scene: {}\n!!binary aGk=: 1\n", "config.yaml:2: aGk=: a name is a word, aGk= is none; put it in quotes"),
        (
            "poses:\n  meanings: {off: {sad: 1.0}}\n",
            "config.yaml:2: poses.meanings.off: YAML reads this name as true or false",
        ),
        ("scene:\n  ? {a: 1}\n  : 2\n", "config.yaml:2: scene: a name is a word"),
        (
            "scene: !!python/object:os.system x\n",
            "config.yaml:1: not readable as YAML: could not determine a constructor",
        ),
        (
            "scene: {}\n---\nscene: {}\n",
            "config.yaml:2: not readable as YAML: but found another document; a file has one",
        ),
        ('poses: {model: "a\\0b"}\n', "config.yaml:1: poses.model: there is a sign in it that no text has (\\x00)"),
        (
            'capture: {source: "C:\\temp"}\n',
            "config.yaml:1: capture.source: there is a sign in it that no text has (\\t)",
        ),
        ('capture: {source: "C:\\Users"}\n', "write a path with / or in single quotes"),
        ('version: "\\ud83d"\n', "config.yaml:1: version: this is a file of version \\ud83d;"),
        ('scene: {"a\\nb": 1}\n', "config.yaml:1: scene.a\\nb: unknown setting"),
        ("scene:\xa0blossom\n", "the space behind the colon is a hard one"),
        (
            "scene: {parameters: {blossom: {petals: 40,5}}}\n",
            "config.yaml:1: scene.parameters.blossom.petals: a number is written with a point, not a comma: 40.5",
        ),
        ("scene: {pace: -0,75}\n", "config.yaml:1: scene.pace: a number is written with a point, not a comma: -0.75"),
        (
            "scene: {pace: 0,5, size: 1,5}\n",
            "config.yaml:1: scene.size: a number is written with a point, not a comma: 1.5",
        ),
    ],
)
def test_a_mistake_is_named_with_its_remedy(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert message in str(error.value)
    told(error.value)


def chain(entry: str, last: int) -> str:
    """Anchors, each with the one before it: ``entry`` with {0} for its number and {1} for that of the one before."""
    return "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {entry.format(n, n - 1)}\n" for n in range(1, last))


@pytest.mark.parametrize(
    "text",
    [
        chain("[*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]", 30),
        chain("{{<<: [*a{1}, *a{1}], k{0}: 1}}", 40),
        chain("[" * 30 + "*a{1}" + "]" * 30, 60),
        "[" * 1500,
        "a: " * 1000,
        "\n".join(f"x{number}: {number}" for number in range(1500)),
    ],
)
def test_a_bomb_is_refused_at_once(text: str) -> None:
    start_s = time.process_time()
    with pytest.raises(ConfigError) as error:
        parse_config(text)
    assert time.process_time() - start_s < 5
    told(error.value)
    assert len(error.value.mistakes) <= 21


def test_files_that_are_none_or_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    for data, problem in (
        (b"scene: {}\nlog: {level: caf\xe9}\n", ":2: is not UTF-8 text; save it as UTF-8"),
        ("scene: {}\n".encode("utf-16"), ":1: is not UTF-8 text but UTF-16"),
        (b"# \n" * 10**6, ": is larger than 128 kB"),
        (b"scene: \x00\n", ":1: not readable as YAML: there is a character that no text has"),
    ):
        path.write_bytes(data)
        with pytest.raises(ConfigError) as error:
            load_config(path)
        assert str(error.value).startswith(f"{path}{problem}")
    for data in (b"", b"\xef\xbb\xbfscene: {pace: 2.0}\r\n", b"scene:\r  pace: 2.0\r"):
        path.write_bytes(data)
        assert load_config(path).scene.pace == (2.0 if data else 1.0)
    path.unlink()
    path.mkdir()
    for odd, problem in (
        (path, "cannot be read"),
        (Path("/dev/zero"), "no file but a device"),
        (Path("a\0b"), "no name"),
    ):
        with pytest.raises(ConfigError, match=problem):
            load_config(odd)


def test_a_pipe_in_place_of_the_file_does_not_stop_the_show(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    os.mkfifo(path)
    with pytest.raises(ConfigError, match="no file but a device or a pipe"):
        load_config(path, running=True)


@pytest.mark.parametrize(
    "data",
    [
        b"scene: {name: {{scene}}}\n",
        b'poses: {model: "\\0"}\n',
        b"a: &a [*a]\n",
        b"\xff\xfe\x00",
        chain("[*a{1}, *a{1}, *a{1}, *a{1}, *a{1}]", 30).encode(),
    ],
)
def test_saved_live_the_old_settings_stay_until_the_file_is_right_again(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("scene: {pace: 2.0}\n")
    watcher = ConfigWatcher(path, {}, "mien")

    def saved(text: bytes) -> object:
        path.write_bytes(text)
        found = [watcher.poll() for _ in range(4)]
        said = [one for one in found if one is not None]
        assert len(said) == 1, "a save is answered once"
        return said[0]

    assert isinstance(saved(data), ConfigError)
    again = saved(b"scene: {pace: 0.5}  # right again\n")
    assert isinstance(again, Config)
    assert again.scene.pace == 0.5
