"""A look out of the settings' values as the desk has them, and the looks there are. Pure but for the looks' files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from installation.base.files import FileStamp, file_stamp
from installation.config.load import parse_config
from installation.config.look import DEFAULTS, LOOK_NAMES, LookConfig
from installation.config.look_files import look_path
from installation.config.yaml_text import ConfigError
from installation.live_commands.setting_table import CONTROL

PREFIX = f"{CONTROL}/look/"
STRIPES = ("deep", "middle", "accent", "counter")
"""Colours of a palette by which a look is known."""


def look_of(values: Mapping[str, Any]) -> LookConfig:
    """The look that the settings' ``values`` (by address) say. Raises pydantic's ValidationError."""
    data: dict[str, Any] = {}
    for path, value in values.items():
        if not path.startswith(PREFIX):
            continue
        *groups, name = path.removeprefix(PREFIX).split("/")
        node = data
        for group in groups:
            node = node.setdefault(group, {})
        node[name] = value
    for group in ("valence", "arousal"):
        # What nothing is added to need not be said, but where the default adds something.
        data[group] = {name: value for name, value in data.get(group, {}).items() if value or name in DEFAULTS[group]}
    return LookConfig.model_validate(data)


def stripes(name: str) -> list[list[str]]:
    """Four colours of each mood of a look's file, [] where it has a mistake."""
    path = look_path(name)
    return _stripes(name, path, file_stamp(path))


@lru_cache(maxsize=64)
def _stripes(name: str, _path: Path, _version: FileStamp) -> list[list[str]]:
    try:
        look = parse_config(f"look: {name}\n", name).look
    except ConfigError:
        return []
    return [[getattr(getattr(look, mood).palette, colour) for colour in STRIPES] for mood in LOOK_NAMES]
