"""Mistakes in settings: each has its line and its fix, and whatever a file holds, only a ConfigError comes of it."""

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from installation.config.load import ConfigError, load_config, parse_config
from installation.config.settings import Config

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
            "config.yaml:3: poses.meanings.on: YAML reads this name as true or false",
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
        ("scene: {follow: 0,25}\n", "1: scene.follow: a number is written with a point, not a comma: 0.25"),
        ("scene:\n  follow: 1\n   size: 1\n", "config.yaml:3: not readable as YAML"),
        ("scene:\n    follow: 1\n  size: 1\n", "config.yaml:3: not readable as YAML"),
        ("scene:\n    follow: 1\n  size: 1\n", "this line is indented otherwise than those above it"),
        (
            "log: {}\nscene:\n  name: 'blossom\n  follow: 1\noutput:\n  vsync: false\n",
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
            "2: body.valence.openness: a number is written with a point, not a comma: 0.4",
        ),
        ("scene: {pace: 0,5}\n", "1: scene.pace: a number is written with a point, not a comma: 0.5"),
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
