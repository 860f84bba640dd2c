"""Writes a preset into the artist's file of presets and cues; comments, order and spelling of all else stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from installation.config.document import Document, Lines
from installation.config.yaml_text import Place, dotted, find

HEAD = "# Presets and cues: docs/cues.md. A saved edit takes effect at once; a mistake keeps the old list and shows its line.\n"


def with_preset(text: str, name: str, number: int, settings: Mapping[str, Any]) -> str:
    """``text`` with a preset of this name that says ``settings`` (by their dotted place) and nothing else; one that is there
    keeps its number and fade. ``number`` is for a new one.

    Raises ConfigError where the text cannot be changed without touching something else, YAMLError where it is none.
    """
    document = Document(text or HEAD)
    there = (yaml.safe_load(text) or {}).get("presets") or {}
    plain = Lines({place: _round(value) for place, value in settings.items()})
    if name not in there:
        document.set(("presets", name), {"number": number, "settings": plain}, {})
        return document.text()
    written = dict(_flat((there[name] or {}).get("settings") or {}))
    place: Place = ("presets", name, "settings")
    node = find(yaml.compose(text), place)[0]
    if written and written.keys() <= plain.keys() and isinstance(node, yaml.MappingNode) and not node.flow_style:
        # Line by line: the comments behind them stay.
        for setting, value in plain.items():
            document.set((*place, *written.get(setting, (setting,))), value, {})
    else:
        document.set(place, plain, {})
    if there[name] and there[name].get("look"):
        # What the look says is among the settings now, where it differs from config.yaml.
        document.set(("presets", name, "look"), "", {})
    return document.text()


def _flat(settings: Mapping[str, Any], above: Place = ()) -> Iterator[tuple[str, Place]]:
    """(dotted place, place as it is written) of each setting."""
    for key, value in settings.items():
        here = (*above, str(key))
        if isinstance(value, Mapping):
            yield from _flat(value, here)
        else:
            yield dotted(here), here


def _round(value: Any) -> Any:
    """Six digits say all that anybody sees."""
    return float(f"{value:.6g}") if isinstance(value, float) else value
