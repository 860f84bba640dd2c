"""What is set now, as a preset: it says all that it takes to come back here, saved or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from installation.config.cue_rows import PresetRow
from installation.config.save_cues import read_rows, with_preset_row
from installation.desk.settings_files import Standard
from installation.live_commands.setting_table import Setting
from installation.live_commands.table import Argument

SHOWN = ("look", "scene", "smoothing", "generation", "picture", "output")
"""Sections whose settings are seen on the wall."""
ALWAYS = (
    "smoothing.calmness", "scene.pace", "scene.size", "smoothing.label_hold_s", "output.brightness", "output.saturation",
    "output.glow", "look.visitor_colour", "generation.strength", "picture.strength",
)  # fmt: skip
"""Those that are turned most are in every preset, so that one takes back what another one set."""
LEFT_OUT = frozenset({"scene.name", "output.test_pattern", "output.hud", "output.quality", "output.background"})
"""A scene is called by a cue; the others are the technician's."""


def preset_now(
    values: Mapping[str, Argument], table: Mapping[str, Setting], standard: Standard
) -> tuple[str, dict[str, Any]]:
    """The look's name and settings by place: ``ALWAYS``, and what is not as its default (a look's lines: as its file says)."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        setting = table.get(path)
        if setting is None or setting.needs_restart or setting.place[0] not in SHOWN:
            continue
        place = ".".join(setting.place)
        if place in ALWAYS or (place not in LEFT_OUT and value != standard.default(setting)):
            found[place] = setting.plain(value)
    return standard.defaults.look.name, found


def with_preset_now(name: str, look: str, settings: Mapping[str, Any]) -> Callable[[str], str]:
    """Changes the file's text: a preset of this name is stored anew, with its number and its fade; a new one is added."""

    def edit(text: str) -> str:
        before = read_rows(text).presets.get(name)
        row = (before or PresetRow()).model_copy(update={"look": look, "settings": dict(settings)})
        return with_preset_row(text, None if before is None else name, name, row)

    return edit
