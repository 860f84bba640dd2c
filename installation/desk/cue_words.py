"""Cues in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def does(row: Mapping[str, Any]) -> str:
    """What a cue does, in a line."""
    words = [f"preset {row['preset']}"] if row["preset"] else []
    words += [f"look {row['look']}"] if row["look"] else []
    words += [f"scene {row['scene']}"] if row["scene"] else []
    words += [
        f"{name} {value:g}" if isinstance(value, int | float) else f"{name} {value}"
        for name, value in row["settings"].items()
    ]
    words += row["commands"]
    fade = (
        f", within {row['fade_s']:g} s" if row["fade_s"] and (row["preset"] or row["look"] or row["settings"]) else ""
    )
    return (", ".join(words) or "does nothing") + fade


def fired_by(row: Mapping[str, Any]) -> str:
    """What fires a cue, and what follows it, in a line."""
    words = (
        [f"at {', '.join(row['at'])}" + (f" on {', '.join(row['days'])}" if row["days"] else "")] if row["at"] else []
    )
    words += [f"pose {' or '.join(row['poses'])}"] if row["poses"] else []
    words += ["somebody arrives"] if row["arrives"] else []
    words += [f"nobody there for {row['empty_s']:g} s"] if row["empty_s"] is not None else []
    words += [f"key {row['key']}"] if row["key"] else []
    words += [row["osc"]] if row["osc"] else []
    text = ", ".join(words) or "by Go alone"
    if row["follow"] is not None:
        text += "; the next one " + (
            "when the fade is done" if row["follow"] == "done" else f"after {row['follow']:g} s"
        )
    return text
