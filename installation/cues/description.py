"""What a list says, in plain types that JSON takes: for a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from installation.config.hours import WEEKDAYS
from installation.live_commands.cue_sheet import CONTROL, Cue, Line, Preset


def preset_row(preset: Preset, fade_s: float) -> dict[str, Any]:
    """A preset; ``fade_s`` is for one that says none. The lines of its look are left to the look's name."""
    return {
        "number": preset.number,
        "name": preset.name,
        "look": preset.look,
        "fade_s": fade_s if preset.fade_s is None else preset.fade_s,
        "easing": preset.easing,
        "settings": _settings(preset.lines, preset.look),
    }


def cue_row(cue: Cue, fade_s: float) -> dict[str, Any]:
    """A cue; ``fade_s`` is for one that says none."""
    return {
        "number": cue.number,
        "name": cue.name,
        "preset": "" if cue.preset is None else cue.preset.name,
        "look": cue.look,
        "scene": cue.scene,
        "fade_s": fade_s if cue.fade_s is None else cue.fade_s,
        "easing": cue.easing,
        "settings": _settings(cue.lines, cue.look),
        "commands": [" ".join([name, *(f"{one}" for one in args)]) for name, args in cue.commands],
        "follow": "done" if cue.follow_done else cue.follow_s,
        "next": cue.next,
        "at": [f"{at // 60:02d}:{at % 60:02d}" for at in cue.times],
        "days": [WEEKDAYS[day] for day in cue.days],
        "poses": list(cue.poses),
        "arrives": cue.arrives,
        "empty_s": cue.empty_s,
        "key": cue.key,
        "osc": f"/{cue.osc}" if cue.osc else "",
    }


def _settings(lines: Iterable[Line], look: str) -> dict[str, Any]:
    return {
        line.path.removeprefix(CONTROL).replace("/", "."): line.value
        for line in lines
        if not (look and line.path.startswith(f"{CONTROL}look/"))
    }
