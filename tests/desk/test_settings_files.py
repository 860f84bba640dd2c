"""Lists and free texts in the settings file: shown, checked, written, and what differs from what."""

from pathlib import Path

import pytest

from installation.config.load import load_config
from installation.config.yaml_text import ConfigError
from installation.desk.settings_files import LOOK_S, SettingsFiles, as_text, unmasked
from installation.live_commands.setting_table import table

ROOT = Path(__file__).resolve().parents[2]
TABLE = table()
PLAYLIST = ("scene", "playlist")


@pytest.fixture
def files(tmp_path: Path) -> SettingsFiles:
    """A copy of the settings as shipped."""
    path = tmp_path / "config.yaml"
    path.write_bytes((ROOT / "config.yaml").read_bytes())
    return SettingsFiles([str(path)])


def text_of(files: SettingsFiles) -> str:
    return files.paths[-1].read_text(encoding="utf-8")


def test_a_list_is_written_and_every_other_line_stays(files: SettingsFiles) -> None:
    before = text_of(files)
    value = files.checked(PLAYLIST, "- blossom\n- {scene: aurora, seconds: 60}")
    files.write(PLAYLIST, value)
    after = text_of(files)
    new = [line for line in after.splitlines() if line not in before.splitlines()]
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert new == ["  playlist: [blossom, {scene: aurora, seconds: 60}]"]
    assert [entry.scene for entry in load_config(files.paths[-1]).scene.playlist] == ["blossom", "aurora"]
    assert as_text(files.standard(0.0).value(PLAYLIST)) == "- blossom\n- {scene: aurora, seconds: 60}"


def test_one_number_of_a_list_is_changed_alone(files: SettingsFiles) -> None:
    before = text_of(files).replace(
        "    - {host: 127.0.0.1, port: 9101}", "    - host: 127.0.0.1  # the synth\n      port: 9101  # its port"
    )
    files.paths[-1].write_text(before, encoding="utf-8")
    files.write(("osc", "targets"), [{"host": "127.0.0.1", "port": 9200}])
    assert text_of(files) == before.replace("port: 9101", "port: 9200")


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        (PLAYLIST, "- blossom\n- {scene: aurra}", r"line 2: .*there is no scene 'aurra'; did you mean 'aurora'\?"),
        (PLAYLIST, "- blossom\n- {scene: aurora, seconds: 1}", "line 2: .*greater than or equal to 5"),
        (PLAYLIST, "- [blossom", "scene.playlist:1"),
        (PLAYLIST, "", "there is no value"),
        (("osc", "targets"), "- {host: x, prt: 1}", r"line 1: .*did you mean 'port'\?"),
        (("hours", "dates"), "2026-12-24: '10:00-14:00'\n2026-12-24: closed", "2026-12-24"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_written(
    files: SettingsFiles, place: tuple[str, ...], text: str, message: str
) -> None:
    before = text_of(files)
    with pytest.raises(ConfigError, match=message):
        files.checked(place, text)
    assert text_of(files) == before


def test_what_the_model_refuses_is_not_written(files: SettingsFiles) -> None:
    before = text_of(files)
    with pytest.raises(ConfigError):
        files.write(("osc", "targets"), [{"host": "127.0.0.1", "port": 99999}])
    assert text_of(files) == before


def test_another_look_is_chosen_and_its_values_count(files: SettingsFiles) -> None:
    accent = TABLE["/control/look/happy/palette/accent"]
    was = files.standard(0.0).default(accent)
    files.write(("look", "name"), "ink")
    assert text_of(files).count("look: ink") == 1
    assert files.standard(0.0).default(accent) == load_config(files.paths[-1]).look.happy.palette.accent != was
    with pytest.raises(ConfigError, match="there is no look"):
        files.write(("look", "name"), "inkk")
    files.write(("look", "name"), "mien")
    assert (
        text_of(files).replace("look: mien ", "").split()
        == (ROOT / "config.yaml").read_text().replace("look: mien ", "").split()
    )


def test_what_differs_from_the_files_and_from_the_defaults(files: SettingsFiles) -> None:
    pace = TABLE["/control/scene/pace"]
    files.paths[-1].write_text(text_of(files).replace("pace: 1.0", "pace: 0.5"), encoding="utf-8")
    standard = files.standard(0.0)
    assert (standard.in_files(pace), standard.default(pace)) == (0.5, 1.0)
    assert standard.in_files_at(PLAYLIST) == standard.default_value(PLAYLIST) == []
    assert files.standard(LOOK_S / 2) is standard
    files.write(PLAYLIST, ["blossom"])
    found = files.standard(LOOK_S / 2)
    assert [one["scene"] for one in found.in_files_at(PLAYLIST)] == ["blossom"]
    assert found.default_value(PLAYLIST) == []
    files.write(PLAYLIST, found.default_value(PLAYLIST))
    assert files.standard(LOOK_S / 2).in_files_at(PLAYLIST) == []


def test_a_broken_file_says_so_and_is_taken_again_when_it_is_corrected(files: SettingsFiles) -> None:
    good = text_of(files)
    files.paths[-1].write_text(good.replace("pace: 1.0", "pace: fast"), encoding="utf-8")
    standard = files.standard(0.0)
    assert standard.config is None
    assert "scene.pace" in standard.trouble
    assert standard.in_files(TABLE["/control/scene/pace"]) is None
    with pytest.raises(ConfigError):
        files.write(PLAYLIST, ["blossom"])
    files.paths[-1].write_text(good, encoding="utf-8")
    assert files.standard(2 * LOOK_S).trouble == ""


def test_passwords_are_not_shown_and_stay_when_the_rest_is_edited(files: SettingsFiles) -> None:
    place = ("hours", "projectors")
    files.write(place, [{"host": "10.0.0.1", "password": "Hidden-1"}, {"host": "10.0.0.2", "password": "Hidden-2"}])
    there = files.standard(LOOK_S).value(place)
    shown = as_text(there)
    assert "Hidden" not in shown
    text = shown.replace("10.0.0.2", "10.0.0.3")
    files.write(place, unmasked(files.checked(place, text), there))
    found = load_config(files.paths[-1]).hours.projectors
    assert [(one.host, one.password) for one in found] == [("10.0.0.1", "Hidden-1"), ("10.0.0.3", "Hidden-2")]
    with pytest.raises(ConfigError, match="write the password"):
        unmasked("rtsp://user:***@camera/1", "rtsp://user:secret@other/1")
    assert unmasked("rtsp://user:***@camera/1", "rtsp://user:secret@camera/1") == "rtsp://user:secret@camera/1"


def test_a_text_that_the_piece_could_not_read_is_none_to_go_back_to(files: SettingsFiles) -> None:
    text = text_of(files)
    files.check(text, text.replace("pace: 1.0", "pace: 0.5"))
    for wrong in (None, "", text.replace("pace: 1.0", "pace: fast")):
        with pytest.raises(ConfigError):
            files.check(text, wrong)
