"""Every setting that OSC may change: read off the settings, with their own limits."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from installation.config.emotion import BodyConfig
from installation.config.lights import MidiConfig
from installation.config.setting_table import Control, table
from installation.config.settings import NEEDS_RESTART, Config
from installation.showcontrol.control_reference import DOCUMENT, document

TABLE = table()
# Lists and words that lead to files, sources, machines and devices.
LEFT_OUT = {
    "capture.source", "poses.data", "poses.model", "poses.meanings", "poses.commands", "generation.model",
    "generation.styles_folder",
    "look.name", "repainting.model", "output.display", "output.screens", "osc.targets", "osc.allow",
    "lights.source", "lights.universes", "lights.fixtures", "midi.port", "midi.notes",
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
    there = {".".join(control.place) for control in TABLE.values()}
    for name, _ in leaves(Config):
        inside = any(place.startswith(name + ".") for place in there)
        assert (name in there or inside) != (name in LEFT_OUT), name


def test_a_value_reads_and_writes_back_alike() -> None:
    config = Config()
    for path, control in TABLE.items():
        value = control.read(config)
        if value in ("", -1) and value == control.missing:
            continue
        again = control.changed(config, control.fit([value]))
        assert control.read(again) == value, path
        changed = {name for name in Config.model_fields if getattr(again, name) != getattr(config, name)}
        assert changed <= {control.place[0]}, path


def other(control: Control, config: Config) -> Any:
    """A value that it has not now and may have."""
    now = control.read(config)
    if control.choices:
        return next(choice for choice in control.choices if choice != now)
    if control.kind == "text":
        if control.place[-1] == "interface":
            return "192.168.1.7"
        colour = "palette" in control.path
        return "#123456" if colour else "/other" if control.place[-1] == "prefix" else "other"
    for value in (control.low, control.high, control.low + (control.step or 1), (control.low + control.high) / 2):
        at_end = (control.above and value == control.low) or (control.below and value == control.high)
        if value != now and not at_end:
            return value
    raise AssertionError(control.path)


def test_every_setting_can_have_another_value_within_its_limits_and_none_beyond() -> None:
    config = Config()
    for path, control in TABLE.items():
        value = other(control, config)
        changed = control.changed(config, control.fit([value]))
        assert control.read(changed) == value, path
        assert Config.model_validate(changed.model_dump()) == changed, path
        if control.kind in ("int", "float"):
            for wrong in (control.low - 1, control.high * 1.01 + 1, math.nan, math.inf):
                with pytest.raises(ValueError, match="must be"):
                    control.fit([wrong])


def test_the_table_knows_what_the_settings_know() -> None:
    hold = TABLE["/control/smoothing/label_hold_s"]
    assert (hold.tag, hold.low, hold.high, hold.unit, hold.at_once) == ("f", 0, 10, "s", True)
    assert TABLE["/control/output/brightness"].above
    assert TABLE["/control/group/margin"].below
    assert TABLE["/control/generation/size_px"].step == 32
    assert TABLE["/control/group/mode"].choices == ("mean", "strongest", "recent")
    assert TABLE["/control/scene/name"].choices[0] == "blossom"
    assert TABLE["/control/scene/parameters/blossom/petals"].high == 400
    assert TABLE["/control/look/valence/brightness"].low == -3
    late = {".".join(control.place) for control in TABLE.values() if not control.at_once}
    assert late == NEEDS_RESTART - {"output.display"}


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
        ("/control/output/hud", [2], "0, 1"),
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
    ("path", "value"),
    [
        ("/control/generation/size_px", 100),
        ("/control/look/happy/palette/deep", "redd"),
        ("/control/osc/prefix", "no slash"),
        ("/control/poses/record_label", ""),
    ],
)
def test_what_only_the_section_knows_is_refused_by_it(path: str, value: Any) -> None:
    control = TABLE[path]
    with pytest.raises(ValueError, match=r"\w"):
        control.changed(Config(), control.fit([value]))


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
    control = TABLE[path]
    try:
        config = control.changed(Config(), control.fit(args))
    except ValueError:
        return
    assert Config.model_validate(config.model_dump()) == config


def test_the_reference_is_not_stale() -> None:
    stale = "python -m installation.showcontrol.control_reference --write"
    assert DOCUMENT.read_text(encoding="utf-8") == document(), stale
