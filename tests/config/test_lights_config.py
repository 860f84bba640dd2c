"""Mistakes in the lamps' settings are reported with their line and how to fix them."""

import re
from pathlib import Path

import pytest

from installation.config.lights import FixtureConfig, NoteConfig, UniverseConfig
from installation.config.load import ConfigError, parse_config
from installation.config.section import Section

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "lights.md"

HEAD = """lights:
  universes:
    - {name: room, number: 1}
    - {name: node, protocol: artnet, number: 0, host: 10.0.0.5}
  fixtures:
"""


def reported(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    return str(caught.value).splitlines()


def test_a_whole_rig_is_taken() -> None:
    config = parse_config(
        HEAD + "    - {name: wash, universe: room, channel: 1, layout: rgbw}\n"
        "    - {name: key, universe: room, channel: 5, layout: dimmer+rgb, whose: left}\n"
        "    - {name: other, universe: node, channel: 1, layout: [dimmer, dimmer_fine, 'off', red, full]}\n"
    )
    assert [fixture.last for fixture in config.lights.fixtures] == [4, 8, 5]


def test_lights_and_midi_are_off_as_shipped() -> None:
    config = parse_config("")
    assert not config.lights.enabled
    assert not config.midi.enabled


def test_channels_that_meet_are_reported_with_the_line_and_who_has_them() -> None:
    lines = reported(
        HEAD
        + "    - {name: a, universe: room, channel: 1, layout: rgbw}\n    - {name: b, universe: room, channel: 4}\n"
    )
    assert lines == [
        "config.yaml:7: lights.fixtures.1.channel: channels 4 to 6 meet those of 'a' (1 to 4); 5 is free of it, not '4'"
    ]


def test_the_same_channels_in_another_universe_are_free() -> None:
    parse_config(HEAD + "    - {name: a, universe: room, channel: 1}\n    - {name: b, universe: node, channel: 1}\n")


def test_the_last_channel_is_512() -> None:
    parse_config(HEAD + "    - {name: a, universe: room, channel: 510}\n")
    (line,) = reported(HEAD + "    - {name: a, universe: room, channel: 511}\n")
    assert "config.yaml:6: lights.fixtures.0.channel:" in line
    assert "end at 513, beyond 512; 510 is the last that fits" in line


@pytest.mark.parametrize(
    ("entry", "place", "fix"),
    [
        ("{name: a, universe: rom, channel: 1}", "fixtures.0.universe", "did you mean 'room'?"),
        ("{name: a, universe: room, channel: 1, layout: rbg}", "fixtures.0.layout", "rgb, rgbw"),
        ("{name: a, universe: room, channel: 1, layout: [redd]}", "fixtures.0.layout", "did you mean 'red'?"),
        ("{name: a, universe: room, channel: 1, layout: [red_fine]}", "fixtures.0.layout", "without its 'red'"),
        ("{name: a, universe: room, channel: 1, layout: []}", "fixtures.0.layout", "one channel at least"),
        ("{name: a, universe: room, channel: 1, layout: [red, red]}", "fixtures.0.layout", "stands twice"),
        ("{name: a, universe: room, channel: 0}", "fixtures.0.channel", "greater than or equal to 1"),
    ],
)
def test_a_wrong_fixture_is_reported(entry: str, place: str, fix: str) -> None:
    (line,) = reported(f"{HEAD}    - {entry}\n")
    assert f"config.yaml:6: lights.{place}: " in line
    assert fix in line


@pytest.mark.parametrize(
    ("entry", "place", "fix"),
    [
        ("{name: a, number: 0}", "number", "1 to 63999"),
        ("{name: a, protocol: artnet, number: 32768, host: 10.0.0.1}", "number", "0 to 32767"),
        ("{name: a, protocol: artnet, number: 1}", "host", "Art-Net has no multicast"),
        ("{name: room, number: 7}", "name", "this name is taken"),
        ("{name: a, number: 1}", "number", "same place as universe 'room'"),
    ],
)
def test_a_wrong_universe_is_reported(entry: str, place: str, fix: str) -> None:
    (line,) = reported(f"lights:\n  universes:\n    - {{name: room, number: 1}}\n    - {entry}\n")
    assert f"config.yaml:4: lights.universes.1.{place}: " in line
    assert fix in line


def test_an_emotion_that_does_not_exist_has_no_palette() -> None:
    (line,) = reported('lights:\n  palettes:\n    happi: {middle: "#ffffff"}\n')
    assert "did you mean 'happy'?" in line


def test_two_midi_controls_cannot_have_one_number() -> None:
    (line,) = reported("midi:\n  controls:\n    valence: 20\n    arousal: 20\n")
    assert line.startswith("config.yaml:4: midi.controls.arousal: another value has this number")


def test_settings_survive_being_stored_in_a_recording() -> None:
    config = parse_config(HEAD + "    - {name: a, universe: room, channel: 1, layout: [red, blue]}\n")
    assert type(config).model_validate(config.model_dump()) == config


@pytest.mark.parametrize("model", [UniverseConfig, FixtureConfig, NoteConfig])
def test_the_guide_has_every_setting_with_its_meaning(model: type[Section]) -> None:
    rows = GUIDE.read_text(encoding="utf-8").splitlines()
    for name, field in model.model_fields.items():
        assert any(row.startswith(f"| `{name}` |") and row.endswith(f" {field.description} |") for row in rows), name


def test_the_guides_examples_are_taken() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    for block in blocks:
        parse_config(block if block.startswith(("lights:", "midi:")) else f"lights:\n{block}")
