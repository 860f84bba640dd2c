"""Presets and cues in a piece without a picture: what fires them, and what they do to settings, show and commands."""

from pathlib import Path

import pytest

from installation.cues.cues import LINES_STAGE, WORD_STAGE
from installation.cues.sheet_file import STAGE, STORE_STAGE
from tests.cues.world import World, config, person

PRESETS = """
presets:
  calm:
    number: 3
    fade_s: 2
    easing: linear
    settings: {scene.pace: 0.5, output.glow: 2.0, group.mode: mean, look.sad.palette.deep: "#ffffff"}
  sharp: {fade_s: 4, easing: linear, settings: {scene.pace: 2.0}}
"""
LIST = """
presets: {calm: {settings: {scene.pace: 0.5}}, sharp: {settings: {scene.pace: 2.0}}}
cues:
  - {cue: 1, name: morning, preset: calm, fade_s: 1, easing: linear, scene: aurora}
  - {cue: 2, preset: sharp, fade_s: 1, easing: linear, follow: done, commands: [clear, record bow]}
  - {cue: 2.5, settings: {output.glow: 3.0}, fade_s: 0, follow: 2}
  - {cue: 3, settings: {output.glow: 0.5}, fade_s: 0, key: f5, osc: /dusk}
"""


def test_a_preset_glides_there_and_choices_change_at_once(tmp_path: Path) -> None:
    world = World(tmp_path, PRESETS)
    world.cues.preset(3)
    world.go(1.0)
    assert world.value("group.mode") == "mean"
    assert world.value("scene.pace") == pytest.approx(0.75, abs=0.03)
    assert world.value("output.glow") == pytest.approx(1.5, abs=0.06)
    assert "#0c2a4a" < world.value("look.sad.palette.deep") < "#ffffff"
    assert world.cues.describe()["fade"] == pytest.approx(0.5, abs=0.06)
    world.go(1.1)
    assert (world.value("scene.pace"), world.value("output.glow"), world.value("look.sad.palette.deep")) == (
        0.5,
        2.0,
        "#ffffff",
    )
    assert world.events == [("preset", [3, "calm"])]
    assert world.cues.describe()["fade"] == 1.0


def test_whoever_changes_a_setting_meanwhile_has_it(tmp_path: Path) -> None:
    world = World(tmp_path, PRESETS)
    world.cues.preset("calm")
    world.go(1.0)
    world.live.change("/control/output/glow", [0.25])
    # To the very value that it has by now: a fader is taken hold of.
    world.live.change("/control/scene/pace", [world.value("scene.pace")])
    held = world.value("scene.pace")
    world.go(2.0)
    assert (world.value("output.glow"), world.value("scene.pace")) == (0.25, held)
    assert world.value("look.sad.palette.deep") == "#ffffff", "the others arrive"


def test_a_saved_settings_file_has_its_settings(tmp_path: Path) -> None:
    world = World(tmp_path, PRESETS)
    world.cues.preset("calm")
    world.go(1.0)
    world.live.rebase(config(output={"glow": 3.5}))
    world.go(2.0)
    assert (world.value("output.glow"), world.value("scene.pace")) == (3.5, 0.5)


def test_the_next_preset_takes_over_what_it_names(tmp_path: Path) -> None:
    world = World(tmp_path, PRESETS)
    world.cues.preset("calm")
    world.go(1.0)
    world.cues.preset("sharp")
    world.go(1.2)
    assert world.value("output.glow") == 2.0, "what only the first names arrives"
    assert 0.75 < world.value("scene.pace") < 1.5
    world.go(3.0)
    assert world.value("scene.pace") == 2.0


def test_a_preset_that_is_not_there_is_told_once_and_forgotten(tmp_path: Path) -> None:
    world = World(tmp_path, PRESETS)
    world.cues.preset("clam")
    assert world.faults() == {WORD_STAGE: "there is no preset 'clam'; did you mean 'calm'?"}
    world.cues.preset(None)
    assert world.faults() == {WORD_STAGE: "preset: say which, such as /preset 1"}
    world.cues.preset(3.0)
    assert world.faults() == {}


def test_what_names_a_setting_that_is_gone_is_told_with_its_place_and_the_rest_works(tmp_path: Path) -> None:
    lines = ["presets:", "  a:", "    fade_s: 0", "    settings:"]
    lines += ["      scene.pase: 1", "      scene.pace: 2.0", "      output.glow: 99", "      output.hud: loud"]
    text = "\n".join(lines)
    world = World(tmp_path, text)
    world.go(0.1)
    place = (
        "cues.yaml:5: presets.a.settings.scene.pase: no such setting changes while the piece runs; did you mean "
        "/control/scene/pace?"
    )
    assert world.faults() == {LINES_STAGE: f"{place}; left out, all else of the file works (and 2 more lines)"}
    world.cues.preset("a")
    assert world.value("scene.pace") == 2.0
    assert (world.value("output.glow"), world.value("output.hud")) == (1.0, "off")
    assert world.faults()[LINES_STAGE].startswith(place)
    world.path.write_text("presets: {a: {settings: {scene.pace: 1.0}}}")
    world.read()
    assert world.faults() == {}


def test_a_mistake_keeps_the_old_list_and_a_good_file_is_taken_up(tmp_path: Path) -> None:
    world = World(tmp_path, LIST)
    world.path.write_text(LIST + "  - {cue: 3}\n")
    world.read()
    said = (
        "cues.yaml:8: cues.4.cue: the number 3 is that of cue 3 already; choose another; the list from before is in use"
    )
    assert world.faults() == {STAGE: said}
    assert world.cues.describe()["wrong"] == [said.removesuffix("; the list from before is in use")]
    assert len(world.cues.describe()["cues"]) == 4
    world.path.write_text(LIST + "  - {cue: 4}\n")
    world.read()
    assert world.faults() == {}
    assert [one["number"] for one in world.cues.describe()["cues"]] == [1, 2, 2.5, 3, 4]
    world.path.unlink()
    world.read()
    assert "is not there" in world.faults()[STAGE]
    assert len(world.cues.describe()["cues"]) == 5


def test_no_file_is_no_fault_but_one_that_was_named_is(tmp_path: Path) -> None:
    world = World(tmp_path, None)
    world.go(1.0)
    assert world.faults() == {}
    world = World(tmp_path, None, config(cues={"file": "mine.yaml"}))
    assert "mine.yaml is not there; write one (docs/cues.md), or correct cues.file" in world.faults()[STAGE]
    (tmp_path / "mine.yaml").write_text(LIST)
    world.read()
    assert world.faults() == {}
    assert len(world.cues.describe()["cues"]) == 4


def test_go_back_and_what_follows(tmp_path: Path) -> None:
    world = World(tmp_path, LIST)
    world.cues.go()
    world.go(1.5)
    assert world.given == [("scene", ("aurora",))]
    assert world.events == [("cue", [1.0, "morning"]), ("preset", [1, "calm"])]
    assert (world.value("scene.pace"), world.cues.describe()["next"]) == (0.5, 2.0)
    world.cues.go()
    world.go(0.9)
    assert world.given[1:] == [("clear", ()), ("record", ("bow",))]
    assert world.ran() == [1.0, 2.0]
    world.go(0.2)
    assert world.ran() == [1.0, 2.0, 2.5], "when the fade is done"
    assert world.value("output.glow") == 3.0
    world.go(2.1)
    assert world.ran() == [1.0, 2.0, 2.5, 3.0], "two seconds later"
    world.cues.go()
    world.go(5.0)
    assert world.ran() == [1.0, 2.0, 2.5, 3.0], "it is the last"
    world.given.clear()
    world.cues.cue(2)
    world.go(0.05)
    world.cues.back()
    world.go(3.0)
    assert world.ran()[4:] == [2.0, 1.0]
    assert ("record", ("bow",)) in world.given
    world.cues.back()
    world.go(0.1)
    assert world.ran()[4:] == [2.0, 1.0], "nothing is before the first"


def test_back_gives_no_commands(tmp_path: Path) -> None:
    world = World(tmp_path, "cues: [{cue: 1, commands: [clear], settings: {scene.pace: 2.0}, fade_s: 30}, {cue: 2}]")
    world.cues.cue(2)
    world.go(0.05)
    world.cues.back()
    world.go(1.2)
    assert (world.ran(), world.given, world.value("scene.pace")) == ([2.0, 1.0], [], 2.0)


def test_hold_stops_fades_and_what_follows_and_go_goes_on(tmp_path: Path) -> None:
    world = World(tmp_path, LIST)
    world.cues.cue(2)
    world.go(0.5)
    world.cues.hold()
    world.go(0.1)
    held = world.value("scene.pace")
    world.go(30.0)
    assert (world.value("scene.pace"), world.ran()) == (held, [2.0])
    assert world.cues.describe()["held"]
    world.cues.go()
    world.go(0.2)
    assert world.ran() == [2.0], "go ended the hold, and no more"
    assert held < world.value("scene.pace") < 2.0
    world.go(0.4)
    assert (world.value("scene.pace"), world.ran()) == (2.0, [2.0, 2.5])


def test_while_held_visitors_and_the_time_of_day_fire_nothing_but_the_operator_does(tmp_path: Path) -> None:
    text = 'cues: [{cue: 1, pose: wave}, {cue: 2, arrives: true}, {cue: 3, at: "09:00"}, {cue: 4}]'
    world = World(tmp_path, text, clock="08:59")
    world.cues.hold()
    world.go(90, [person("wave")], step_s=0.2)
    assert world.ran() == []
    world.cues.cue(4)
    world.go(1.0, [])
    assert world.ran() == [4.0]
    assert not world.cues.describe()["held"]


def test_the_same_cue_twice_in_a_picture_is_one(tmp_path: Path) -> None:
    world = World(tmp_path, LIST)
    for _ in range(3):
        world.cues.cue(1)
        world.cues.cue("morning")
    world.go(0.05)
    assert (world.ran(), world.given) == ([1.0], [("scene", ("aurora",))])
    world.cues.go()
    world.cues.go()
    world.go(0.05)
    assert world.ran() == [1.0, 2.0]
    world.cues.cue(None)
    world.go(0.05)
    assert world.ran() == [1.0, 2.0, 2.0], "once more"


def test_a_flood_of_presets_starves_no_fade_and_costs_few_beginnings(tmp_path: Path) -> None:
    many = "".join(f"  p{n}: {{fade_s: 0.5, settings: {{output.glow: {n / 10}}}}}\n" for n in range(1, 20))
    world = World(
        tmp_path, f"presets:\n  slow: {{number: 30, fade_s: 3, easing: linear, settings: {{scene.pace: 3.0}}}}\n{many}"
    )
    world.cues.preset(30)
    for _ in range(62):
        for number in range(1, 20):
            world.cues.preset(number)
        world.go(0.05)
    assert world.value("scene.pace") == 3.0
    assert len(world.events) <= 1 + 62 * 4
    world.go(1.0)
    assert world.value("output.glow") in [n / 10 for n in range(1, 20)]


def test_the_same_preset_twice_is_one_and_later_again(tmp_path: Path) -> None:
    world = World(tmp_path, PRESETS)
    for _ in range(3):
        world.cues.preset(3)
        world.cues.preset("calm")
    world.go(1.0)
    world.cues.preset(3)
    assert [name for name, _ in world.events] == ["preset", "preset"]


def test_what_needs_a_restart_is_no_preset(tmp_path: Path) -> None:
    world = World(tmp_path, "presets: {a: {settings: {output.width: 640, scene.pace: 2.0}}}")
    assert "it needs a restart, so neither preset nor cue can change it" in world.faults()[LINES_STAGE]


def test_two_settings_that_cannot_be_together_are_told_when_it_comes_to_it(tmp_path: Path) -> None:
    world = World(tmp_path, "presets: {a: {settings: {midi.controls.valence: 100, scene.pace: 2.0}}}")
    world.go(0.1)
    assert world.faults() == {}
    world.live.change("/control/midi/controls/arousal", [100])
    world.cues.preset("a")
    world.go(3.0)
    where = "cues.yaml:1: presets.a.settings.midi.controls.valence"
    assert world.faults()[LINES_STAGE].startswith(f"{where}: it cannot be 100 together with the other settings")
    assert world.value("scene.pace") == 2.0


def test_a_loop_of_cues_that_follow_at_once_does_not_run_away(tmp_path: Path) -> None:
    world = World(tmp_path, "cues: [{cue: 1, fade_s: 0, follow: done}, {cue: 2, follow: 0, next: 1}]")
    world.cues.go()
    world.go(2.0)
    assert 10 <= len(world.ran()) <= 22
    assert set(world.ran()) == {1.0, 2.0}


def test_times_of_day_with_a_start_in_between(tmp_path: Path) -> None:
    text = (
        "cues:\n  - {cue: 1, at: '08:00', settings: {scene.pace: 0.5}, fade_s: 60, commands: [clear]}\n"
        "  - {cue: 2, at: '09:01', settings: {scene.pace: 2.0}, fade_s: 10, commands: [clear]}\n"
    )
    world = World(tmp_path, text)
    world.go(0.05)
    assert (world.ran(), world.value("scene.pace"), world.given) == ([1.0], 0.5, []), (
        "there at once, its commands are past"
    )
    assert world.cues.describe()["next_time"] == {"cue": 2.0, "at": "2026-06-05T09:01:00+00:00"}
    world.go(61)
    assert (world.ran(), world.given) == ([1.0, 2.0], [("clear", ())])
    assert 0.5 < world.value("scene.pace") < 2.0
    world = World(tmp_path, text, config(cues={"catch_up": False}))
    world.go(1.0)
    assert world.ran() == []


def test_a_time_of_day_that_no_zone_knows_is_a_fault_until_it_is_set(tmp_path: Path) -> None:
    world = World(tmp_path, 'cues: [{cue: 1, at: "09:01"}]')
    world.wall = lambda: (_ for _ in ()).throw(OverflowError("year 1601"))  # type: ignore[assignment,method-assign]
    world.cues._wall = lambda: world.wall()
    world.go(1.0)
    assert "the time of day cannot be used (year 1601)" in world.faults()["cue times"]
    world.cues._wall = lambda: World.wall(world)
    world.go(1.0)
    assert world.faults() == {}
    world.go(60)
    assert 1.0 in world.ran()


def test_a_pose_that_is_held_fires_its_cue_once(tmp_path: Path) -> None:
    world = World(tmp_path, "cues: [{cue: 1, pose: [wave, Victory]}, {cue: 2, pose: bow}]")
    world.go(0.5, [person("wave")])
    assert world.ran() == [], "poses.hold_s is a second"
    world.go(3.0)
    assert world.ran() == [1.0]
    world.go(1.0, [person()])
    world.go(2.0, [person("bow"), person("bow", number=2)])
    assert world.ran() == [1.0, 2.0]


def test_presence_fires_cues(tmp_path: Path) -> None:
    world = World(tmp_path, "cues: [{cue: 1, arrives: true}, {cue: 2, empty_s: 0}, {cue: 3, empty_s: 5}]")
    world.go(10, [])
    assert world.ran() == [], "nobody has left yet"
    world.go(2, [person()])
    world.go(2, [person(), person(number=2)])
    assert world.ran() == [1.0], "the first who comes"
    world.go(4, [])
    assert world.ran() == [1.0, 2.0]
    world.go(1, [person()])
    assert world.ran() == [1.0, 2.0, 1.0], "somebody came back in time"
    world.go(20, [])
    assert world.ran() == [1.0, 2.0, 1.0, 2.0, 3.0]


def test_keys_and_addresses_of_cues_are_told(tmp_path: Path) -> None:
    world = World(tmp_path, LIST)
    assert world.keys == {"f5": "cue 3"}
    assert world.live.words == {"dusk": ("cue", (3.0,))}


def test_another_list_lets_the_running_cue_go_on(tmp_path: Path) -> None:
    world = World(tmp_path, "cues: [{cue: 1}, {cue: 2, follow: 5}, {cue: 3}]")
    world.cues.cue(2)
    world.go(1.0)
    world.path.write_text("cues: [{cue: 2, follow: 9}, {cue: 2.5}, {cue: 3}]")
    world.read()
    assert world.cues.describe()["next"] == 2.5
    world.path.write_text("cues: [{cue: 1}, {cue: 3}]")
    world.read()
    assert (world.cues.describe()["running"], world.cues.describe()["next"]) == (2.0, 3.0)
    assert world.cues.describe()["follows_in_s"] is None
    world.cues.back()
    world.go(0.1)
    assert world.ran() == [2.0, 1.0]


def test_settings_that_open_the_source_or_are_whole_numbers_do_not_glide(tmp_path: Path) -> None:
    text = "presets: {a: {fade_s: 10, settings: {capture.per_second: 15.0, output.render_scale: 0.5, generation.size_px: 128}}}"
    world = World(tmp_path, text)
    world.cues.preset("a")
    world.go(0.05)
    assert (
        world.value("capture.per_second"),
        world.value("output.render_scale"),
        world.value("generation.size_px"),
    ) == (15, 0.5, 128)


def test_storing_keeps_comments_and_is_there_at_once(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        "# mine\npresets:\n  calm:  # as in June\n    fade_s: 7\n    settings: {scene.pace: 0.5}\ncues: []  # none yet\n",
    )
    world.live.change("/control/scene/pace", [0.75])
    world.live.change("/control/output/hud", ["figures"])
    world.live.change("/control/look/sad/palette/deep", ["#102030"])
    world.cues.store("evening")
    world.cues.store("calm: output.glow, scene.pace")
    world.read()
    assert world.path.read_text() == (
        "# mine\npresets:\n  calm:  # as in June\n    fade_s: 7\n    settings:\n      output.glow: 1.0\n"
        "      scene.pace: 0.75\n"
        "  evening:\n    number: 2\n    settings:\n      scene.pace: 0.75\n"
        "      output.hud: figures\n      look.sad.palette.deep: '#102030'\n"
        "cues: []  # none yet\n"
    )
    assert [(one["number"], one["name"]) for one in world.cues.describe()["presets"]] == [(1, "calm"), (2, "evening")]
    assert world.faults() == {}


def test_the_first_preset_makes_the_file(tmp_path: Path) -> None:
    world = World(tmp_path, None)
    world.live.change("/control/scene/pace", [0.75])
    world.cues.store("evening")
    world.read()
    assert "presets:\n  evening:\n    number: 1\n    settings:\n      scene.pace: 0.75\n" in world.path.read_text()
    world.live.change("/control/scene/pace", [1.0])
    world.cues.preset(1)
    world.go(3.0)
    assert world.value("scene.pace") == 0.75


def test_what_cannot_be_stored_is_told(tmp_path: Path) -> None:
    world = World(tmp_path, LIST)
    for what, why in (
        ("evening", "nothing differs from config.yaml"),
        ("/evening", "is no name"),
        ("evening: scene.pase", "there is no setting scene.pase; did you mean /control/scene/pace?"),
        ("evening:", "nothing differs"),
    ):
        world.cues.store(what)
        assert why in world.faults()[WORD_STAGE]
    world.path.write_text("presets: [")
    world.cues.store("evening: scene.pace")
    world.read()
    assert "'evening' is not stored: cues.yaml:1:" in world.faults()[STORE_STAGE]
    assert world.path.read_text() == "presets: ["


def test_the_description_is_json(tmp_path: Path) -> None:
    import json

    world = World(tmp_path, LIST)
    world.cues.go()
    world.go(0.3)
    said = json.loads(json.dumps(world.cues.describe(), allow_nan=False))
    assert said["cues"][1] == {
        "number": 2.0, "name": "", "preset": "sharp", "look": "", "scene": "", "fade_s": 1.0, "easing": "linear",
        "settings": {}, "commands": ["clear", "record bow"], "follow": "done", "next": None, "at": [], "days": [], "poses": [],
        "arrives": False, "empty_s": None, "key": "", "osc": "",
    }  # fmt: skip
    assert said["presets"][0] == {
        "number": 1, "name": "calm", "look": "", "fade_s": 2.0, "easing": "smooth", "settings": {"scene.pace": 0.5}
    }  # fmt: skip
    assert (said["running"], said["name"], said["preset"], said["next"]) == (
        1.0,
        "morning",
        {"number": 1, "name": "calm"},
        2.0,
    )


@pytest.mark.parametrize(
    "text",
    [
        "# only words\n",
        "cues:  # none\n  - cue: 1  # first\n",
        "presets: {}\ncues: [{cue: 1}]  # x\n",
        "presets: {calm: {settings: {scene.pace: 0.5}}}  # one line\n",
        "presets:\n    calm:\n        settings:\n            scene: {pace: 0.5}  # slow\n\n# the end\n",
        "\ufeffpresets:\r\n  calm:  # old\r\n    look: tide\r\n    settings: {}\r\n",
        "presets:\n  calm:\ncues:\n- {cue: 1, preset: calm}\n",
        "presets:\n  base: &base {settings: {scene.pace: 0.5}}\n  calm: *base\n",
    ],
)
def test_a_preset_is_stored_in_any_file_or_refused_and_nothing_else_changes(tmp_path: Path, text: str) -> None:
    world = World(tmp_path, text)
    before = world.cues.describe()
    world.live.change("/control/scene/pace", [0.75])
    world.live.change("/control/look/sad/grain", [0.5])
    for name in ("calm", "new one"):
        world.cues.store(name)
        world.read()
        after = world.cues.describe()
        found = {one["name"]: (one["look"], one["settings"]) for one in after["presets"]}
        if STORE_STAGE in world.faults():
            assert "&base" in text, world.faults()
            continue
        assert found[name] == ("", {"scene.pace": 0.75, "look.sad.grain": 0.5})
        others = [one for one in before["presets"] if one["name"] not in ("calm", "new one")]
        assert [one for one in after["presets"] if one["name"] not in ("calm", "new one")] == others
        assert after["cues"] == before["cues"]
    written = world.path.read_bytes().decode()
    for line in text.splitlines():
        assert line.partition("#")[2] in written, "no comment is lost"
    assert ("\r\n" in written) == ("\r\n" in text)


def test_whatever_lies_in_the_files_place_is_one_line_and_the_piece_goes_on(tmp_path: Path) -> None:
    for number, what in enumerate((b"\xff\xfe\x00", b"a: \xe4", b"\x00\x01", b"#" * 200_000, b"presets: {a: {" * 60)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "cues.yaml").write_bytes(what)
        world = World(folder, None)
        world.go(0.5)
        assert "cues.yaml" in world.faults()[STAGE]
        assert "\n" not in world.faults()[STAGE]
    (tmp_path / "cues.yaml").mkdir()
    world = World(tmp_path, None)
    assert "cannot be read" in world.faults()[STAGE]
    world.cues.store("calm: scene.pace")
    world.read()
    assert "'calm' is not stored" in world.faults()[STORE_STAGE]
