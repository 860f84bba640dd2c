"""The file of presets and cues: what it says, and for each mistake one line with its place."""

import random
import string

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.config.yaml_text import ConfigError
from installation.live_commands.cue_sheet import Sheet, parse_sheet

GOOD = """
# mine
presets:
  calm:
    number: 3
    fade_s: 20
    settings:
      scene.pace: 0.5
      output: {glow: 0.8}
      look:
        sad: {palette: {deep: blue}}
  sharp: {settings: {scene: {pace: 2.0}}}
cues:
  - cue: 2
    name: noon
    preset: calm
    fade_s: 5
    easing: out
    scene: aurora
    commands: [clear, texture_model faces, video 1]
    follow: done
    at: ["12:00", "18:30"]
    days: [monday, sunday]
  - {cue: 1, preset: 1, pose: arms_up, key: f5, osc: /dusk, arrives: true, empty_s: 30, next: 2.5}
  - cue: 2.5
    settings: {emotion.enabled: true}
    follow: 4
"""


def test_all_that_may_be_said() -> None:
    sheet = parse_sheet(GOOD)
    assert [(one.number, one.name) for one in sheet.presets] == [(3, "calm"), (1, "sharp")]
    calm = sheet.presets[0]
    assert [(line.path, line.value) for line in calm.lines] == [
        ("/control/scene/pace", 0.5),
        ("/control/output/glow", 0.8),
        ("/control/look/sad/palette/deep", "blue"),
    ]
    assert calm.lines[1].where == "cues.yaml:9: presets.calm.settings.output.glow"
    assert [one.number for one in sheet.cues] == [1.0, 2.0, 2.5], "by their numbers"
    first, second, last = sheet.cues
    assert (second.times, second.days, second.follow_done, second.easing) == ((720, 1110), (0, 6), True, "out")
    assert second.commands == (("clear", ()), ("texture_model", ("faces",)), ("video", (1,)))
    assert (first.preset, first.poses, first.key, first.osc, first.next) == (
        sheet.presets[1],
        ("arms_up",),
        "f5",
        "dusk",
        2.5,
    )
    assert (second.fade_s, first.fade_s, last.follow_s) == (5.0, None, 4.0)
    assert sheet.left_out == ()


def test_what_says_nothing_is_an_empty_list() -> None:
    for text in ("", "# nothing yet\n", "presets:\ncues:\n", "cues: []\n"):
        assert parse_sheet(text) == Sheet()


def test_a_number_or_a_name_finds_a_row() -> None:
    sheet = parse_sheet("cues: [{cue: 2.1, name: dusk}, {cue: 12}]\npresets: {calm: {}}")
    # Single precision, as OSC has it.
    for which in (2.0999999046325684, "2.1", "dusk", " dusk "):
        assert sheet.cue(which).number == 2.1
    assert sheet.preset(1).name == "calm"
    with pytest.raises(LookupError, match=r"no cue 3; there are 2\.1 dusk, 12"):
        sheet.cue(3)
    with pytest.raises(LookupError, match="no preset 'clam'; did you mean 'calm'"):
        sheet.preset("clam")
    with pytest.raises(LookupError, match="no cues in the file"):
        Sheet().cue(1)


def test_a_look_is_all_its_lines_and_what_is_written_out_counts_after_them() -> None:
    text = "presets: {deep: {look: tide, settings: {look.sad.grain: 0.9}}, plain: {settings: {look: ink}}}"
    deep, plain = parse_sheet(text).presets
    lines = {line.path: line.value for line in deep.lines}
    assert len(lines) > 240
    assert lines["/control/look/sad/grain"] == 0.9
    assert lines["/control/look/valence/twist"] == 0.0, "what a look leaves out goes"
    assert {line.path for line in plain.lines} == set(lines)
    assert {line.path: line.value for line in plain.lines} != lines


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("- a", "1: presets and cues are written below presets: and cues:"),
        ("preset: {}", "1: preset: unknown; did you mean presets?"),
        ("cues: {cue: 1}", "1: cues: this is a list, each line with a dash"),
        ("cues:\n  - name: x", "2: cues.0.cue: cue: is missing; a cue has a number, such as cue: 1"),
        ("cues:\n  - cue: 1\n    fade: 3", "3: cues.0.fade: unknown; did you mean fade_s?"),
        ("cues:\n  - cue: one", "2: cues.0.cue: a cue's number is above 0 and below 10000"),
        ("cues:\n  - cue: 1.0001", "2: cues.0.cue: a cue's number has three places behind"),
        ("cues:\n  - cue: 1\n  - cue: 1.0", "3: cues.1.cue: the number 1 is that of cue 1 already; choose another"),
        ("cues:\n  - cue: 1\n    at: 10:00", '3: cues.0.at: 10:00 is read as a number here; write "10:00"'),
        ("cues:\n  - cue: 1\n    at: ['25:00']", "3: cues.0.at.0: a time of day stands in quotes"),
        ("cues:\n  - cue: 1\n    days: [mon]", "3: cues.0.days.0: Input should be 'monday'"),
        ("cues:\n  - cue: 1\n    preset: clam\npresets: {calm: {}}", "3: cues.0.preset: there is no preset 'clam'; did you"),
        ("cues:\n  - cue: 1\n    next: 7", "3: cues.0.next: there is no cue 7; there are 1"),
        ("cues:\n  - cue: 1\n    key: h", "3: cues.0.key: key h is hud (operator's text on the wall: figures"),
        ("cues:\n  - cue: 1\n    key: ctrl", "3: cues.0.key: a key is a letter, a digit"),
        ("cues:\n  - cue: 1\n    osc: /control/x", "3: cues.0.osc: /control/x means something else already"),
        ("cues:\n  - cue: 1\n    osc: 'a b'", "3: cues.0.osc: an OSC address below the prefix is written /dusk"),
        ("cues:\n  - cue: 1\n    follow: soon", "3: cues.0.follow: the next cue follows after so many seconds"),
        ("cues:\n  - cue: 1\n    pose: [1]", "3: cues.0.pose.0: a pose's or gesture's label begins with a letter"),
        ("cues:\n  - cue: 1\n    commands: [dance]", "3: cues.0.commands.0: there is no command 'dance' for the operator"),
        ("cues:\n  - cue: 1\n    commands: [cue_go]", "3: cues.0.commands.0: a cue does not give cue_go; write"),
        ("cues:\n  - cue: 1\n    commands: [clear 3]", "3: cues.0.commands.0: clear takes no argument"),
        ("cues:\n  - cue: 1\n    easing: bouncy", "3: cues.0.easing: Input should be 'smooth', 'linear', 'in' or 'out', not"),
        ("presets:\n  a: {number: 2}\n  b: {number: 2}", "3: presets.b.number: 2 is 'a' already"),
        ("presets:\n  '/x': {}", "1: presets: '/x' is no name"),
        ("presets:\n  a: 3", "2: presets.a: this is a section: its lines stand below it, indented"),
        ("presets:\n  a: {fade_s: 0,5}", "2: presets.a.fade_s: a number is written with a point, not a comma: 0.5"),
        ("presets:\n  a: {}\n  a: {}", "3: presets.a: written twice (first in line 2)"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_place(text: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_sheet(text)
    assert caught.value.mistakes[0].startswith(f"cues.yaml:{mistake}")
    assert "\n" not in caught.value.mistakes[0]


def test_a_scene_or_look_that_is_not_there_is_left_out_and_the_rest_works() -> None:
    sheet = parse_sheet("cues:\n  - cue: 1\n    scene: aurara\n    look: none_such\n    fade_s: 3")
    assert (sheet.cues[0].scene, sheet.cues[0].lines, sheet.cues[0].fade_s) == ("", (), 3.0)
    assert sheet.left_out[0].startswith("cues.yaml:4: cues.0.look: there is no look 'none_such'; there are ")
    assert sheet.left_out[1] == "cues.yaml:3: cues.0.scene: there is no scene 'aurara'; did you mean 'aurora'?"


def test_more_than_anybody_writes_is_refused() -> None:
    many = f"cues: [{'{}, ' * 1001}]"
    with pytest.raises(ConfigError, match=r"cues: List should have at most 1000 items"):
        parse_sheet(many)
    day = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(100)]
    with pytest.raises(ConfigError, match="1100 times of day; 1000 are the most"):
        parse_sheet("cues: [" + ", ".join(f"{{cue: {n}, at: {day}}}" for n in range(1, 12)) + "]")
    settings_of_one = ", ".join(f"a{n}: 1" for n in range(2001))
    with pytest.raises(ConfigError, match="2000 are the most"):
        parse_sheet(f"presets: {{a: {{settings: {{{settings_of_one}}}}}}}")


def mistakes_of(text: str) -> tuple[str, ...]:
    """What is wrong with a text; anything but a list or a ConfigError is raised."""
    try:
        parse_sheet(text)
    except ConfigError as error:
        return error.mistakes
    return ()


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
WORDS = st.sampled_from(
    ["cue", "presets", "cues", "settings", "at", "follow", "pose", "next", "key", "osc", "look", "commands"]
)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(WORDS | st.text(max_size=5), NONSENSE, max_size=5),
    st.lists(st.dictionaries(WORDS, NONSENSE, max_size=5), max_size=4),
)
def test_any_data_is_a_list_or_a_mistake(data: dict[str, object], cues: list[dict[str, object]]) -> None:
    for said in (data, {"cues": cues}, {"presets": data}):
        lines = mistakes_of(yaml.safe_dump(said, allow_unicode=True))
        assert all(line.startswith("cues.yaml:") for line in lines[:20])


def test_broken_text_is_a_list_or_a_mistake() -> None:
    random_ = random.Random(4)
    signs = string.printable + "äß\u2028"
    for _ in range(80):
        text = list(GOOD)
        for _ in range(random_.randrange(1, 12)):
            at = random_.randrange(len(text))
            text[at : at + random_.randrange(3)] = random_.choice(signs)
        assert all("\n" not in line for line in mistakes_of("".join(text)))
