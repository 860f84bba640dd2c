"""Cues in the whole frame loop: a morph that was recorded replays bit for bit, and a look, a scene and a command come of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.config.load import load_config
from installation.record.recording import read_recording
from tests.test_show import Script, Stage, assert_replay_is_the_same, holding

LIST = """
presets:
  calm: {number: 3, settings: {scene.pace: 0.5, scene.size: 0.6, look.neutral.palette.middle: "#ff0000"}}
  deep: {look: tide}
cues:
  - {cue: 1, name: up, preset: calm, fade_s: 1, scene: landscape, follow: done}
  - {cue: 2, preset: deep, fade_s: 1, commands: [clear, record wave]}
  - {cue: 5, pose: wave, settings: {scene.pace: 3.0}, fade_s: 0.5}
"""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[Script], Stage]]:
    made: list[Stage] = []

    def stage(script: Script) -> Stage:
        (tmp_path / "cues.yaml").write_text(LIST)
        made.append(Stage(tmp_path, script))
        return made[-1]

    yield stage
    for each in made:
        each.close()


def test_a_recorded_morph_replays_bit_for_bit(make: Callable[[Script], Stage]) -> None:
    stage = make(holding((2.4, 3.2, "wave")))
    stage.osc_in = [("cue_go", [])]
    stage.play(4.0)
    config = stage.settings.config
    assert (config.scene.pace, config.scene.size) == (3.0, 0.6)
    tide = load_config((), {"look.name": "tide"})
    lines = [one for path, one in stage.settings.table.items() if path.startswith("/control/look/")]
    assert [one.read(config) for one in lines] == [one.read(tide) for one in lines], "and nothing of the look before"
    assert stage.show.scene_state is not None
    assert stage.show.scene_state.scene == "landscape"
    names = [name for name, _ in stage.events()]
    assert names[:3] == ["cue", "preset", "choose_scene"]
    assert [args[0] for name, args in stage.events() if name == "cue"] == [1.0, 2.0, 5.0]
    assert {"clear", "recorded"} <= set(names)
    _, events = read_recording(stage.folder / "take.jsonl")
    steps = [event.value for event in events if event.kind == "settings"]
    assert 40 < len(steps) < 85, "30 a second while what is drawn as it is set glides"
    assert 10 < len([step for step in steps if "look" in step]) < 25, "a look, which eases by itself, ten a second"
    assert {section for step in steps for section in step} == {"scene", "look"}, "what changed, and nothing else"
    assert_replay_is_the_same(stage)


def test_cues_are_told_to_sound_and_light(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.osc_in = [("preset", [3])]
    stage.go(0.6)
    stage.osc_in = [("cue", [5.0])]
    stage.go(1.0)
    stage.close()
    assert [params[1:] for params in stage.messages("/mien/event/cue")] == [[5.0, ""]]
    assert [params[1:] for params in stage.messages("/mien/event/preset")] == [[3.0, "calm"]]
    assert_replay_is_the_same(stage)


def test_a_key_of_a_cue_and_the_keys_of_the_list(make: Callable[[Script], Stage]) -> None:
    stage = make(holding())
    stage.screen.keys = ["cue 5"]
    stage.go(0.2)
    stage.screen.keys = ["cue_back", "cue_hold"]
    stage.go(0.5)
    assert stage.cues.describe()["running"] == 2.0
    assert stage.cues.describe()["held"]
