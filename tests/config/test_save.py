"""Saving settings: what is asked for changes, values, comments and order of all else stay, and nothing is ever half written.

White space within a line may change: behind a colon, in a list, before a comment.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.config.lights import LightsConfig
from installation.config.load import ConfigError, load_config, parse_config
from installation.config.output import OutputConfig, ScreenConfig, VideoConfig
from installation.config.perception import PerceptionConfig
from installation.config.save import migrate_file, save_screens, save_settings, smallest
from installation.config.settings import Config

ROOT = Path(__file__).resolve().parents[2]
PINNED = [[0.0, 0.01], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
LEFT = ScreenConfig(name="left", corners=PINNED, edges={"right": 0.1})
BENT = ScreenConfig(grid=[[[0.0, 0.0], [0.1, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])


def saved(folder: Path, text: str, *screens: ScreenConfig) -> str:
    path = folder / "config.yaml"
    path.write_bytes(text.encode())
    save_screens(path, screens)
    found = path.read_bytes().decode()
    assert parse_config(found).output.screens == list(screens)
    assert [entry.name for entry in folder.iterdir()] == ["config.yaml"], "nothing is left lying about"
    return found


def respaced(text: str) -> str:
    """The text with two spaces before each comment, and one elsewhere."""
    lines = []
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip(" "))
        body = re.sub(r" {2,}", " ", line[indent:])
        lines.append(line[:indent] + re.sub(r"(?<=\S) +#", "  #", body))
    return "".join(lines)


def test_the_shipped_file_keeps_every_line(tmp_path: Path) -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    save_screens(path, [LEFT, BENT])
    after = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("  screens:")]
    assert [line for line in after.splitlines() if line in set(kept)] == kept
    assert load_config(path).output.screens == [LEFT, BENT]
    described = [line for line in text.splitlines() if line.startswith("  screens:")]
    for line in described:
        assert line.split("#")[1] in after, "the setting's own comment stays"


def test_comments_between_and_behind_values_stay(tmp_path: Path) -> None:
    text = (
        "# mine\noutput:\n  screens:  # two\n    # by the door\n    - name: left  # door\n      edges: {right: 0.1}\n"
        "      corners: [[0,0],[1,0],[1,1],\n         [0,1]]  # measured\n\n    # the other\n    - gamma: 1.0  # as built\n\n"
        "# the end\nosc: {}\n"
    )
    after = saved(tmp_path, text, LEFT, BENT)
    for comment in (
        "# mine",
        "# two",
        "# by the door",
        "# door",
        "# measured",
        "# the other",
        "# as built",
        "# the end",
    ):
        assert comment in after
    assert "      corners: [[0.0, 0.01], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]  # measured\n" in respaced(after)


def test_only_what_differs_is_touched(tmp_path: Path) -> None:
    text = "output:\n  screens:\n    - name:   'left'\n      edges: {right: .1}\n      corners: [[0,0.02],[1,0],[1,1],[0,1]]\n"
    after = saved(tmp_path, text, LEFT)
    assert respaced(after).splitlines()[:4] == respaced(text).splitlines()[:4]


@pytest.mark.parametrize(
    "text",
    ["#\n", "# only a comment\n", "output:\n", "output:\n  # empty\n", "scene: {}", "output: {}\n",
     "output: {vsync: false}  # x\nscene: {}\n",
     "output:\n  screens: []  # mine\n  vsync: false\n", "output:\n  screens: []",
     "output:\r\n  vsync: false # x\r\n", "output:\n    vsync: false\n\n\n# behind\nscene: {}\n",
     "\ufeffoutput:\n  vsync: false\n",
     "output:\n  screens: [{name: a}, {gamma: 1.1}]\n", "output:\n  screens:\n  - {name: a}\n  - {grid: []}\n",
     "output:\n  screens:\n  - name: x\n  - name: y\n  - name: z\n  # end\n  vsync: false\n", "{output: {vsync: false}}\n",
     "output:\n  screens:\n  -\n    name: far\n  - gamma: 2\n", "---\noutput:\n  vsync: false\n",
     "output: # c\n  vsync: false\n"],
)  # fmt: skip
def test_however_the_file_is_written(tmp_path: Path, text: str) -> None:
    after = saved(tmp_path, text, LEFT, BENT)
    before, now = parse_config(text), parse_config(after)
    assert now.output.model_copy(update={"screens": []}) == before.output.model_copy(update={"screens": []})
    assert now.scene == before.scene
    for comment in ("# only a comment", "# x", "# empty", "# mine", "# behind", "# end", "# c"):
        assert (comment in after) == (comment in text)
    if "\r\n" in text:
        assert after.count("\n") == after.count("\r\n")


COMMENT = st.sampled_from(["", "  # ä note: [1, 2", "  # 100 %"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Settings of the artist's hand: sections, comments, blank lines and screens in any order."""

    def section(name: str, lines: list[str]) -> list[str]:
        return [
            f"{name}:{draw(COMMENT)}",
            *(f"  {line}{draw(COMMENT)}" for line in lines),
            *draw(st.sampled_from([[], [""], ["# --", ""]])),
        ]

    screens = draw(st.sampled_from([
        [], ["screens: []"], ["screens:", "- name: a", "- gamma: 1.5"], ["screens:", "  - {name: a}"],
        ["screens: [{name: a}]"],
        ["screens:", "  # first", "  - corners: [[0, 0], [1, 0], [1, 1], [0, 0.9]]", "    gains: [1, 1, 1]"],
    ]))  # fmt: skip
    more = draw(st.sampled_from([["vsync: false"], ["glow: 0.25", "per_second: 50"], ["display: 1"]]))
    output = section("output", draw(st.sampled_from([screens + more, more + screens])))
    other = section("scene", ["follow: 0.5"])
    text = "\n".join(draw(st.sampled_from([output + other, other + output])))
    return text + draw(st.sampled_from(["", "\n"]))


@given(files(), st.lists(st.sampled_from([LEFT, BENT, ScreenConfig(gamma=1.3)]), min_size=1, max_size=3))
def test_saved_screens_read_back_and_the_rest_is_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str, screens: list[ScreenConfig]
) -> None:
    folder = tmp_path_factory.mktemp("save")
    after = saved(folder, text, *screens)
    before, now = parse_config(text), parse_config(after)
    assert now.model_copy(update={"output": before.output}) == before
    assert now.output.model_copy(update={"screens": before.output.screens}) == before.output
    untouched = [line for line in text.splitlines() if "#" in line and "screens" not in line and "- " not in line]
    untouched = [
        line for line in untouched if not line.strip().startswith(("name", "gains", "gamma", "corners", "# first"))
    ]
    assert [line for line in after.splitlines() if line in set(untouched)] == untouched


def test_any_setting_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "output:\n  vsync: true  # tearing\nosc:\n  targets:\n    - {host: a, port: 1}  # sound\n    - host: b\n      port: 2\n"
    )
    changes: dict[Any, Any] = {
        ("output", "vsync"): False,
        ("osc", "targets", 1, "port"): 9,
        ("output", "test_pattern"): "grid",
        ("scene", "follow"): 0.25,
        ("osc", "targets", 0, "host"): "c",
    }
    save_settings(path, changes)
    assert respaced(path.read_text()) == (
        "output:\n  vsync: false  # tearing\n  test_pattern: grid\nosc:\n  targets:\n    - {host: c, port: 1}  # sound\n"
        "    - host: b\n      port: 9\nscene:\n  follow: 0.25\n"
    )


def test_a_file_with_mistakes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = "output:\n  glow: much\n"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"config\.yaml:2: output\.glow"):
        save_screens(path, [LEFT])
    assert path.read_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "output:\n  screens:\n  - &a {name: a}\n  - *a\n",
        "output:\n  screens:\n  - {name: a}\n  - edges: &e {left: 0.1}\n    grid: &g []\n",
    ],
)
def test_what_cannot_be_changed_alone_is_not_changed_at_all(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    if "*" not in text:
        save_screens(path, [LEFT, BENT])  # an anchor that nothing hangs on
        return
    with pytest.raises(ConfigError, match="write it by hand"):
        save_screens(path, [LEFT, BENT])
    assert path.read_text() == text


def test_a_value_that_is_said_by_an_alias_is_changed_alone(tmp_path: Path) -> None:
    after = saved(tmp_path, "output:\n  screens:\n  - name: &n far\n  - name: *n\n", LEFT, BENT)
    assert "&n" not in after


def test_values_that_are_not_allowed_and_places_that_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("output:\n  vsync: false\n")
    for changes in ({("output", "glow"): 99.0}, {("output", "screens", 3, "gamma"): 1.0}, {("output", "none"): 1}):
        with pytest.raises(ConfigError):
            save_settings(path, changes)  # type: ignore[arg-type]
    assert path.read_text() == "output:\n  vsync: false\n"


def test_nothing_set_up_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("output:\n  vsync: false\n")
    save_screens(path, [ScreenConfig()])
    assert path.read_text() == "output:\n  vsync: false\n"


def test_a_disk_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("output:\n  vsync: false\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("installation.base.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_screens(path, [LEFT])
    assert path.read_text() == "output:\n  vsync: false\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.yaml"]


def test_a_link_stays_a_link_and_the_files_rights_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text("output:\n  vsync: false\n")
    real.chmod(0o640)
    link = tmp_path / "config.yaml"
    link.symlink_to(real)
    save_screens(link, [LEFT])
    assert link.is_symlink()
    assert load_config(real).output.screens == [LEFT]
    assert real.stat().st_mode & 0o777 == 0o640


def test_the_default_is_no_screen_at_all() -> None:
    assert Config().output.screens == []


def test_the_guide_names_every_setting_of_a_screen() -> None:
    guide = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    for name, field in ScreenConfig.model_fields.items():
        assert f"| `{name}` |" in guide
        assert str(field.description) in guide, f"{name}: {field.description}"


def test_settings_go_to_the_last_file(tmp_path: Path) -> None:
    under, over = tmp_path / "a.yaml", tmp_path / "b.yaml"
    under.write_text("output:\n  vsync: false\n  screens:\n    - {name: left}\n    - {name: right, gamma: 1.5}\n")
    over.write_text("scene:\n  follow: 0.5  # calm\n")
    save_settings([under, over], {("scene", "follow"): 0.25, ("output", "screens", 1, "gamma"): 1.25})
    assert "right, gamma: 1.5" in under.read_text()
    assert "follow: 0.25  # calm" in respaced(over.read_text())
    found = load_config([under, over])
    assert [screen.gamma for screen in found.output.screens] == [1.0, 1.25]
    assert not found.output.vsync
    assert found.scene.follow == 0.25


def test_what_differs_from_the_look_is_saved_in_the_settings_and_never_in_the_look(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("look: ink  # austere\nscene:\n  follow: 0.5\n")
    before, ink = (ROOT / "looks" / "ink.yaml").read_bytes(), load_config(path).look
    slopes = {**ink.arousal, "speed": 0.25}
    save_settings(path, {("look", "happy", "form", "spread"): 0.125, ("look", "arousal"): slopes})
    found = load_config(path).look
    assert (found.name, found.happy.form.spread, found.arousal) == ("ink", 0.125, slopes)
    assert found.sad == ink.sad
    assert "# austere" in path.read_text()
    assert (ROOT / "looks" / "ink.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("look: ink  # mine\nscene:\n  follow: 0.5\n", "look: tide # mine\nscene:\n  follow: 0.5\n"),
        (
            "look: {name: ink, sharpen: 3.0}  # mine\n",
            "look: {name: tide, sharpen: 3.0} # mine\n",
        ),
        ("scene:\n  follow: 0.5\n", "scene:\n  follow: 0.5\nlook: tide\n"),
    ],
)
def test_another_look_is_chosen_with_all_its_values(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(before)
    save_settings(path, {("look", "name"): "tide"})
    assert path.read_text().replace("  #", " #") == after
    path.with_name("tide.yaml").write_text("look: tide\n")
    assert load_config(path).look.happy == load_config(path.with_name("tide.yaml")).look.happy
    with pytest.raises(ConfigError, match="there is no look"):
        save_settings(path, {("look", "name"): "tied"})


def test_an_older_file_is_brought_up_to_date_when_it_is_written_and_kept_beside(tmp_path: Path) -> None:
    path, backup = tmp_path / "config.yaml", tmp_path / "config.yaml.v1.bak"
    old = (Path(__file__).parent / "config_v1.yaml").read_text(encoding="utf-8")
    path.write_text(old, encoding="utf-8")
    save_settings(path, {("output", "vsync"): False})
    text = path.read_text(encoding="utf-8")
    assert backup.read_text(encoding="utf-8") == old
    assert load_config(path) == Config(output=OutputConfig(vsync=False))
    assert "  glow: 1.0" in text
    assert "  bloom: 0.6 " not in text
    assert "version: 2\n" in text
    for comment in (
        f"# {OutputConfig.model_fields['glow'].description}",
        "# Mien's settings.",
        "# most pictures a second",
        "# Seeing bodies and faces.",
    ):
        assert comment in text
    assert migrate_file(path) is None, "it is up to date now"
    path.write_text("output:\n  bloom: 0.3  # dim\n", encoding="utf-8")
    assert migrate_file(path) == tmp_path / "config.yaml.v1.bak2", "an older copy is never overwritten"
    assert backup.read_text(encoding="utf-8") == old
    described = OutputConfig.model_fields["glow"].description
    assert respaced(path.read_text(encoding="utf-8")) == f"version: 2\noutput:\n  glow: 0.5  # {described}\n"


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_never_saved_to(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    for save in (
        lambda: save_settings(path, {("output", "vsync"): False}),
        lambda: save_screens(path, [LEFT]),
        lambda: migrate_file(path),
    ):
        with pytest.raises(ConfigError, match=r"config\.yaml:1: is empty \(is the disk full\?\)"):
            save()
    assert path.read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.yaml"]


def test_a_file_of_comments_means_defaults_and_is_saved_to(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("# all as by default\n")
    save_settings(path, {("output", "vsync"): False})
    assert load_config(path) == Config(output=OutputConfig(vsync=False))
    assert path.read_text().startswith("# all as by default\n")


def test_a_converted_value_gets_todays_description_and_other_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "perception:\n  # for the old computer\n  budget_ms: 50.0  # processor time, milliseconds\n\n"
        "# Films.\nvideo:\n  fps: 30.0  # pictures a second\n  file_minutes: 10.0  # a new file begins, minutes\n"
        "lights:\n  presence: 0.9  # how much of the light goes\n  # the end\n"
    )
    migrate_file(path)
    budget = PerceptionConfig.model_fields["budget_s"].description
    file, idle = VideoConfig.model_fields["file_s"].description, LightsConfig.model_fields["idle_level"].description
    assert respaced(path.read_text()) == (
        f"version: 2\nperception:\n  # for the old computer\n  budget_s: 0.05  # {budget}\n\n"
        f"# Films.\nvideo:\n  per_second: 30.0  # pictures a second\n  file_s: 600.0  # {file}\n"
        f"lights:\n  idle_level: 0.1  # {idle}\n  # the end\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Mine.\n# All.\n\n# Pictures.\n", "# Mine.\n# All.\n\nversion: 2\n\n# Pictures.\n"),
        ("# Pictures.\n", "version: 2\n\n# Pictures.\n"),
        ("---\n# Mine.\n\n", "---\n# Mine.\n\nversion: 2\n\n"),
        ("# Mine.\r\n\r\n", "# Mine.\r\n\r\nversion: 2\r\n\r\n"),
    ],
)
def test_the_version_never_comes_between_a_section_and_its_comment(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "config.yaml"
    end = "\r\n" if "\r" in before else "\n"
    path.write_bytes(f"{before}output:{end}  fps: 30.0{end}".encode())
    migrate_file(path)
    assert path.read_bytes().decode() == f"{after}output:{end}  per_second: 30.0{end}"


def test_an_older_file_in_braces_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("# mine\n{output: {fps: 30.0}}\n")
    migrate_file(path)
    assert parse_config(path.read_text()).output.per_second == 30.0


def test_of_a_list_only_what_differs_is_written(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = "osc:\n  targets:\n    - host: a  # the synth\n      port: 9101  # its port\n    - {host: b, port: 2}  # light\n"
    path.write_text(text)
    save_settings(path, {("osc", "targets"): [{"host": "a", "port": 9200}, {"host": "b", "port": 2}]})
    assert path.read_text() == text.replace("9101", "9200")


def test_the_smallest_places_that_differ() -> None:
    for before, after, said, found in (
        ([{"x": 1, "y": 2}], [{"x": 1, "y": 3}], [{"x": 1, "y": 2}], {("a", 0, "y"): 3}),
        ([{"x": 1}], [{"x": 1, "y": 3}], [{"x": 1}], {("a", 0): {"x": 1, "y": 3}}),
        ([{"x": 1}, {"x": 2}], [{"x": 1}, {"x": 3}], ["one", "two"], {("a", 1): {"x": 3}}),
        ([1, 2], [1], [1, 2], {("a",): [1]}),
        ({"x": [1]}, {"x": [2]}, {"x": [1], "z": 0}, {("a", "x"): [2]}),
        ({"x": [1]}, {"x": [2]}, None, {("a",): {"x": [2]}}),
        ([1], [2], [1], {("a",): [2]}),
        ([{"x": 1}], [{"x": 1}], [{"x": 1}], {}),
    ):
        assert smallest(("a",), before, after, said) == found
