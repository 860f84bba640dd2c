"""A look out of the settings, and what is known of looks' files."""

from pathlib import Path

import pytest

from installation.config import look_files
from installation.config.load import parse_config
from installation.config.look import LOOK_NAMES
from installation.config.look_files import look_names, look_path, save_look
from installation.desk.look_of import look_of, stripes
from installation.desk.parts.mood_drawing import HALF, place
from installation.live_commands.setting_table import table

TABLE = table()


@pytest.mark.parametrize("name", ["mien", "ink", "tide"])
def test_a_look_out_of_the_settings_is_that_look(name: str) -> None:
    config = parse_config(f"look: {name}\n")
    found = look_of({path: setting.read(config) for path, setting in TABLE.items()})
    assert found.model_copy(update={"name": name}) == config.look


def test_a_look_that_was_turned_is_stored_as_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = parse_config("look: {name: ink, sad: {palette: {middle: orange}}, arousal: {grain: 0.5, speed: 0}}\n")
    values = {path: setting.read(config) for path, setting in TABLE.items()}
    monkeypatch.setattr(look_files, "FOLDERS", (tmp_path,))
    save_look("mine", look_of(values))
    found = parse_config("look: mine\n")
    assert {path: setting.read(found) for path, setting in TABLE.items()} == values


def test_the_colours_by_which_a_look_is_known() -> None:
    assert {"mien", "ink", "tide"} <= set(look_names())
    assert len(stripes("ink")) == len(LOOK_NAMES)
    assert stripes("ink")[3][2] == parse_config("look: ink\n").look.happy.palette.accent
    assert look_path("no-such-look").exists() is False
    assert stripes("no-such-look") == []


def test_the_plane_has_arousal_upwards_and_no_dot_beside_it() -> None:
    assert place(0.0, 0.0) == (0.0, 0.0)
    assert place(1.0, 1.0) == (HALF, -HALF)
    assert place(-3.0, -0.5) == (-HALF, HALF / 2)
