"""Writes a preset into the artist's file of presets and cues; comments, order and spelling of all else stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from installation.config.save import Document, Lines

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
    document.set(("presets", name, "settings"), plain, {})
    if there[name] and there[name].get("look"):
        # What the look says is among the settings now, where it differs from config.yaml.
        document.set(("presets", name, "look"), "", {})
    return document.text()


def _round(value: Any) -> Any:
    """Six digits say all that anybody sees."""
    return float(f"{value:.6g}") if isinstance(value, float) else value
