"""Every setting that OSC may change: read off the settings, with their own limits."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from installation.config.emotion import BodyConfig
from installation.config.lights import MidiConfig
from installation.config.osc import OscConfig
from installation.config.section import from_network
from installation.config.settings import NEEDS_RESTART, Config
from installation.live_commands.setting_table import Setting, table
from installation.live_commands.table import NETWORK, OPERATOR, VISITOR
from installation.showcontrol.control_reference import DOCUMENT, document

TABLE = table()
# Lists and words that lead to files, sources, machines and devices.
LEFT_OUT = {
    "scene.playlist",
    "capture.source", "capture.sources", "output.sends",
    "capture.exposure_s", "capture.white_balance_k", "capture.focus", "capture.sensor_gain", "capture.mains_hz",
    "perception.ignore", "poses.data", "poses.model", "poses.meanings", "poses.commands", "generation.model",
    "generation.styles_folder",
    "look.name", "picture.model", "output.display", "output.screens", "osc.targets", "osc.allow", "sound.device",
    "lights.universes", "lights.fixtures", "midi.port", "midi.port_in", "midi.notes", "midi.inputs", "tempo.port",
    *(f"notice.{name}" for name in ("languages", "font", "words", "responsible", "contact", "url")),
    "guard.heartbeat_targets", "log.file",
    "hours.dates", "hours.projectors", "cues.file",
    "wall.key", "wall.part", "wall.bezel", "eyes.key", "eyes.join", "eyes.area_m", "eyes.picture",
}  # fmt: skip


# Read over the network, but set in config.yaml only.
NOT_FROM_NETWORK = {
    "output.flash_limit",
    "output.record_camera", "output.background", "generation.avatars",  # visitors' faces: stored, shown
    "generation.server", "generation.server_faces",  # who is asked for pictures, and whether visitors' faces go there
    "poses.record_person", "poses.countdown_s", "poses.record_s",  # what is stored of a body, and with what warning
    "osc.listen_host", "osc.listen_port", "oscquery.host", "oscquery.port",  # who reaches the piece
    "lights.source",  # all streams of light would end and begin anew
    "lights.interface",  # whose lamps hear it
    "guard.host", "guard.port", "guard.bundles",  # who reads the guard's figures; what a crash leaves
    "video.keep_free_mb",  # a full disk stops more than the piece
    # Whether, when and how people are told that they are read.
    *(f"notice.{name}" for name in ("enabled", "arrangement", "turn_s", "dwell_s", "attract", "arrival", "arrival_s")),
    *(f"notice.{name}" for name in ("size", "place")),
    "guard.hang_s", "guard.start_s", "guard.memory_mb", "guard.retry_s",  # who watches it
    "desk.run", "desk.host", "desk.port", "desk.camera",  # who reaches the operator's page, and whether it shows visitors
    "wall.lead", "wall.follow", "eyes.publish",  # which machines hear of visitors
    "hours.read_camera", "hours.time_zone", "hours.restart",  # whether visitors are seen at night; when it starts anew
}  # fmt: skip


def leaves(model: type[BaseModel], place: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, setting in model.model_fields.items():
        here = f"{place}.{name}".lstrip(".")
        if isinstance(setting.annotation, type) and issubclass(setting.annotation, BaseModel):
            found += leaves(setting.annotation, here)
        else:
            found.append((here, setting.annotation))
    return found


def test_no_setting_is_missed() -> None:
    there = {".".join(setting.place) for setting in TABLE.values()}
    for name, _ in leaves(Config):
        inside = any(place.startswith(name + ".") for place in there)
        assert (name in there or inside) != (name in LEFT_OUT), name


def test_a_value_reads_and_writes_back_alike() -> None:
    config = Config()
    for path, setting in TABLE.items():
        value = setting.read(config)
        if value in ("", -1) and value == setting.missing:
            continue
        again = setting.changed(config, setting.fit([value]))
        assert setting.read(again) == value, path
        changed = {name for name in Config.model_fields if getattr(again, name) != getattr(config, name)}
        assert changed <= {setting.place[0]}, path


def other(setting: Setting, config: Config) -> Any:
    """A value that it has not now and may have."""
    now = setting.read(config)
    if setting.choices:
        return next(choice for choice in setting.choices if choice != now)
    if setting.kind == "text":
        if setting.place[-1] == "server":
            return "grpc://rack:8001"
        if setting.place[-1] == "interface":
            return "192.168.1.7"
        if setting.place[0] == "hours":
            return {"restart": "04:30", "time_zone": "Europe/Berlin"}.get(setting.place[-1], "10:00-18:00")
        if setting.place[0] == "eyes":
            return "127.0.0.1:5570"  # beyond this machine only with a key
        if setting.place[0] == "wall":
            return "rack:5570"
        colour = "palette" in setting.path
        return "#123456" if colour else "/other" if setting.place[-1] == "prefix" else "other"
    for value in (setting.low, setting.high, setting.low + (setting.step or 1), (setting.low + setting.high) / 2):
        at_end = (setting.above and value == setting.low) or (setting.below and value == setting.high)
        if value != now and not at_end:
            return value
    raise AssertionError(setting.path)


def test_every_setting_can_have_another_value_within_its_limits_and_none_beyond() -> None:
    config = Config()
    for path, setting in TABLE.items():
        value = other(setting, config)
        changed = setting.changed(config, setting.fit([value]))
        assert setting.read(changed) == value, path
        assert Config.model_validate(changed.model_dump()) == changed, path
        if setting.kind in ("int", "float"):
            for wrong in (setting.low - 1, setting.high * 1.01 + 1, math.nan, math.inf):
                with pytest.raises(ValueError, match="must be"):
                    setting.fit([wrong])


def test_the_table_knows_what_the_settings_know() -> None:
    hold = TABLE["/control/smoothing/label_hold_s"]
    assert (hold.tag, hold.low, hold.high, hold.unit, hold.needs_restart) == ("f", 0, 10, "s", False)
    assert TABLE["/control/output/brightness"].above
    assert TABLE["/control/group/margin"].below
    assert TABLE["/control/generation/size_px"].step == 32
    assert TABLE["/control/group/mode"].choices == ("mean", "strongest", "recent")
    assert TABLE["/control/scene/name"].choices[0] == "blossom"
    assert TABLE["/control/scene/parameters/blossom/petals"].high == 400
    assert TABLE["/control/look/valence/brightness"].low == -3
    late = {".".join(setting.place) for setting in TABLE.values() if setting.needs_restart}
    assert late == NEEDS_RESTART - LEFT_OUT
    assert not TABLE["/control/output/per_second"].needs_restart


def test_what_guards_people_and_the_machine_is_not_set_from_the_network() -> None:
    closed = {".".join(setting.place) for setting in TABLE.values() if NETWORK not in setting.callers}
    assert closed == NOT_FROM_NETWORK
    assert all(OPERATOR in setting.callers and VISITOR not in setting.callers for setting in TABLE.values())
    assert not from_network(OscConfig.model_fields["allow"]), "a list today; should it ever get an address"


@pytest.mark.parametrize(
    ("path", "args", "words"),
    [
        ("/control/smoothing/beta", [], "one value, not 0"),
        ("/control/smoothing/beta", [1.0, 2.0], "one value, not 2"),
        ("/control/smoothing/beta", ["1"], r"number \(0 to 100\), not '1'"),
        ("/control/smoothing/beta", [None], "must be a number"),
        ("/control/smoothing/beta", [101], "0 to 100, not 101"),
        ("/control/smoothing/min_cutoff_hz", [0.0], "above 0 to 30"),
        ("/control/group/margin", [1.0], "0 to below 1"),
        ("/control/perception/max_people", [2.5], "whole number"),
        ("/control/perception/max_people", [2**40], "1 to 6"),
        ("/control/output/vsync", [2], "0, 1"),
        ("/control/output/hud", [2], "must be text .off, notices, figures., not '2'"),
        ("/control/group/mode", ["loudest"], "mean, strongest, recent, not 'loudest'"),
        ("/control/group/mode", [1], "must be text"),
        ("/control/scene/name", ["nowhere"], "one of blossom"),
        ("/control/poses/record_label", ["a" * 300], "200 letters"),
    ],
)
def test_wrong_values_are_named(path: str, args: list[Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TABLE[path].fit(args)


@pytest.mark.parametrize(
    ("value", "word"), [(1, "figures"), (True, "figures"), (0, "off"), (0.0, "off"), ("notices", "notices")]
)
def test_a_switch_that_became_a_choice_is_still_heard(value: object, word: str) -> None:
    assert TABLE["/control/output/hud"].fit([value]) == word


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/control/generation/size_px", 100),
        ("/control/look/happy/palette/deep", "redd"),
        ("/control/osc/prefix", "no slash"),
        ("/control/poses/record_label", ""),
    ],
)
def test_what_only_the_section_knows_is_refused_by_it(path: str, value: Any) -> None:
    setting = TABLE[path]
    with pytest.raises(ValueError, match=r"\w"):
        setting.changed(Config(), setting.fit([value]))


def test_what_is_left_out_of_a_list_can_be_put_in() -> None:
    config = Config(midi=MidiConfig(controls={"valence": 20}), body=BodyConfig(valence={}))
    arousal, openness = TABLE["/control/midi/controls/arousal"], TABLE["/control/body/valence/openness"]
    assert (arousal.read(config), openness.read(config)) == (-1, 0.0)
    changed = arousal.changed(openness.changed(config, 0.5), 0)
    assert (changed.midi.controls, changed.body.valence) == ({"valence": 20, "arousal": 0}, {"openness": 0.5})
    with pytest.raises(ValueError, match=r"\w"):
        arousal.changed(config, 20)  # valence has it


@given(
    st.sampled_from(sorted(TABLE)),
    st.lists(st.one_of(st.integers(), st.floats(), st.text(max_size=9), st.none(), st.booleans()), max_size=2),
)
def test_any_arguments_are_fitted_or_refused(path: str, args: list[Any]) -> None:
    setting = TABLE[path]
    try:
        config = setting.changed(Config(), setting.fit(args))
    except ValueError:
        return
    assert Config.model_validate(config.model_dump()) == config


def test_the_reference_is_not_stale() -> None:
    stale = "python -m installation.showcontrol.control_reference --write"
    assert DOCUMENT.read_text(encoding="utf-8") == document(), stale
