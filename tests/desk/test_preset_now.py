"""What is set now as a preset."""

from installation.config.save_cues import read_rows
from installation.config.settings import Config
from installation.desk.preset_now import ALWAYS, LEFT_OUT, preset_now, with_preset_now
from installation.desk.settings_files import Standard
from installation.live_commands.setting_table import table

TABLE = table()
DEFAULTS = Config()
STANDARD = Standard(DEFAULTS, DEFAULTS)


def values_of(**changed: object) -> dict[str, object]:
    values: dict[str, object] = {path: setting.read(DEFAULTS) for path, setting in TABLE.items()}
    for place, value in changed.items():
        path = "/control/" + place.replace("__", "/")
        assert path in values
        values[path] = value
    return values


def test_the_names_are_settings() -> None:
    assert {*ALWAYS, *LEFT_OUT} <= {".".join(setting.place) for setting in TABLE.values()}


def test_the_dials_are_always_in_so_that_one_preset_takes_back_another() -> None:
    look, settings = preset_now(values_of(), TABLE, STANDARD)
    assert look == "mien"
    assert set(settings) == set(ALWAYS)


def test_what_was_turned_is_in_and_what_is_not_seen_is_not() -> None:
    """Whether it was saved does not matter: it differs from the default."""
    values = values_of(output__glow=2.0, scene__response_s=1.25, osc__listen_port=9, scene__name="mask")
    _, settings = preset_now(values, TABLE, STANDARD)
    assert settings["output.glow"] == 2.0
    assert settings["scene.response_s"] == 1.25
    assert set(settings) == {*ALWAYS, "scene.response_s"}


def test_a_name_that_is_there_keeps_number_and_fade() -> None:
    text = with_preset_now("day", "tide", {"output.glow": 2.0})("")
    text = text.replace("day:\n", "day:\n    number: 7\n    fade_s: 9\n")
    row = read_rows(with_preset_now("day", "ink", {"output.glow": 0.5})(text)).presets["day"]
    assert (row.number, row.fade_s, row.look, row.settings) == (7, 9, "ink", {"output.glow": 0.5})
