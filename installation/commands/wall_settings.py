"""What of the settings a picture is drawn by: the leader's, on every machine of a wall."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from installation.base.host_port import Place, place_of
from installation.config.factors import strengthened_repainting
from installation.config.generation import RepaintingConfig
from installation.config.machines import PORTS
from installation.config.notice import NoticeConfig
from installation.config.output import OutputConfig
from installation.config.scene_files import FOLDERS, as_folders
from installation.config.settings import Config
from installation.config.wall import WallConfig
from installation.network.keys import KeyFile, read_keys

OUTPUT = ("brightness", "saturation", "glow", "flash_limit", "quality")
"""Settings of ``output`` that are the whole picture's; the others are each machine's own."""
_PARAMETERS = TypeAdapter(dict[str, dict[str, float]])


def drawn_with(config: Config) -> dict[str, Any]:
    """What the leader tells, in plain types."""
    return {
        "delay_s": float(config.wall.delay_s),
        "parameters": {name: dict(values) for name, values in config.scene.parameters.items()},
        "notice": config.notice.model_dump(mode="json"),
        "emotions": config.emotion.enabled,
        "output": {name: getattr(config.output, name) for name in OUTPUT},
        "repainting": strengthened_repainting(config.repainting, config.generation.strength).model_dump(mode="json"),
    }


def with_drawn(config: Config, told: Mapping[str, Any]) -> Config:
    """``config`` with what a leader told in its place. Raises ValueError, KeyError or TypeError for what cannot be."""
    output = {**config.output.model_dump(), **{name: told["output"][name] for name in OUTPUT}}
    update = {
        "output": OutputConfig.model_validate({**output, "background": "black"}),
        "scene": config.scene.model_copy(update={"parameters": _PARAMETERS.validate_python(told["parameters"])}),
        "notice": NoticeConfig.model_validate_json(_json(told["notice"])),
        "emotion": config.emotion.model_copy(update={"enabled": bool(told["emotions"])}),
    }
    return config.model_copy(update=update)


def repainting_of(told: Mapping[str, Any]) -> RepaintingConfig:
    """How paintings of the scene are laid in. Raises ValueError or KeyError."""
    return RepaintingConfig.model_validate_json(_json(told["repainting"]))


def shaders_digest() -> str:
    """Of all that scenes and passes are made of on this machine: the same on two machines that draw the same."""
    digest = hashlib.blake2b(digest_size=8)
    folders = as_folders(FOLDERS)
    for folder in [*folders, folders[-1].parent]:
        for path in sorted(
            found for found in folder.rglob("*") if found.suffix in (".frag", ".vert", ".glsl", ".yaml")
        ):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def place_and_keys(wall: WallConfig) -> tuple[Place, KeyFile | None]:
    """Where a wall's leader is, and its keys where it has any. Raises KeyFileError."""
    keys = read_keys(Path(wall.key).expanduser()) if wall.key else None
    return place_of(wall.lead or wall.follow, PORTS), keys


def _json(value: Any) -> str:
    return json.dumps(value)
