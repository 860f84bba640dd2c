"""Looks as files: looks/NAME.yaml is what the section ``look`` says, chosen by ``look: NAME`` in config.yaml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from installation.base.files import own_and_shipped, write_whole
from installation.config.look import DEFAULT_LOOK as DEFAULT_LOOK
from installation.config.look import LookConfig

FOLDERS = own_and_shipped("looks")
"""Folders with looks; the first is the artist's, whose looks are taken before those of the same name that came with Mien."""
LOOK_NAME = re.compile(r"[a-z][a-z0-9_\-]{0,31}")


def look_path(name: str) -> Path:
    """Where a look of this name lies; where there is none, it would be the artist's own."""
    places = [folder / f"{name}.yaml" for folder in FOLDERS]
    return next((path for path in places if path.is_file()), places[0])


def look_names() -> tuple[str, ...]:
    """The looks there are."""
    found = {path.stem for folder in FOLDERS for path in folder.glob("*.yaml")}
    return tuple(sorted(name for name in found if LOOK_NAME.fullmatch(name)))


def save_look(name: str, look: LookConfig, replace: bool = False) -> Path:
    """Write all of ``look`` as a new file; gives its path. An existing one is replaced only where ``replace`` says so.

    Raises ValueError for a name that cannot be, FileExistsError, or OSError where it cannot be written.
    """
    if not LOOK_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a look: small letters, digits, - and _, 32 at most, a letter first")
    path = FOLDERS[0] / f"{name}.yaml"
    if path.exists() and not replace:
        raise FileExistsError(f"{path.parent.name}/{path.name} exists already")
    path.parent.mkdir(exist_ok=True)
    write_whole(path, look_text(look).encode("utf-8"))
    return path


def look_text(look: LookConfig) -> str:
    """A look as a file: every setting of it, each with its description."""
    lines = [
        "# yaml-language-server: $schema=../docs/reference/look.schema.json",
        "# A look: how each emotion looks. Choose it in config.yaml with look: NAME; docs/look.md is the guide.",
    ]
    for name, field in type(look).model_fields.items():
        value = getattr(look, name)
        if name == "name":
            continue
        if not isinstance(value, BaseModel | dict):
            lines.append(f"{name}: {flow(value)}  # {field.description}")
            continue
        lines += ["", f"{name}:  # {field.description}"]
        entries = value.model_dump() if isinstance(value, BaseModel) else value
        lines += [f"  {key}: {flow(entry)}" for key, entry in entries.items()]
        if not entries:
            lines[-1] = f"{name}: {{}}  # {field.description}"
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value as YAML in one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False)
    return text.strip().removesuffix("...").strip()
