"""docs/reference/config.md, the JSON schemas for editors and looks/mien.yaml, all generated from the models.

python -m installation.config.reference --write
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from installation.base.files import ROOT
from installation.config.look import DEFAULT_LOOK, LookConfig
from installation.config.look_files import flow, look_text
from installation.config.migrate import VERSION
from installation.config.section import level_of
from installation.config.settings import NEEDS_RESTART, Config

_HEAD = f"""<!-- Generated from installation/config/: python -m installation.config.reference --write -->
# Settings

All settings. `config.yaml` holds those that were changed; what no file names has its default, and looks have theirs in
`looks/NAME.yaml`. The few that an artist turns are plain; those marked (expert) can stay as they are. Editors that speak
YAML's language server know them all by `docs/reference/config.schema.json`, which the first line of `config.yaml` names.

`--config a.yaml --config b.yaml` reads several files: the later one wins, setting by setting; lists count as a whole, and what
is saved from within the piece goes to the last one. `--set scene.pace=0.5` sets one. `version: {VERSION}` is that of the file;
an older file is read under today's names, and `python3 run.py config migrate` rewrites it (the old one is kept beside it).

YAML's own traps are caught: a key written twice, `10:00` (read as a number: write `"10:00"`), `off` and `no` (read as
false), `1e-3` (text: write `1.0e-3`), `0,25` (write a point). A colour is a CSS name (`blue`) or stands in quotes (`"#00f"`,
`"#0000ff"`). A mistake in a file that is saved while the piece runs changes nothing, and its line is shown.
These need a restart: {{restart}}; everything else takes effect at once.
"""


def document() -> str:
    """The text of docs/reference/config.md."""
    restart = ", ".join(f"`{name}`" for name in sorted(NEEDS_RESTART))
    lines = [_HEAD.replace("{restart}", restart).rstrip()]
    config = Config()
    for section in Config.model_fields:
        value = getattr(config, section)
        lines += ["", f"## {section}", "", str(type(value).__doc__).strip(), ""]
        lines += ["| setting | default | range | meaning |", "|---|---|---|---|"]
        groups = {}
        for name, field in type(value).model_fields.items():
            if isinstance(getattr(value, name), BaseModel):
                groups[name] = getattr(value, name)
                continue
            default = f"`{flow(value.model_dump()[name])}`"
            lines.append(f"| `{name}` | {default} | {_bounds(field)} | {_meaning(type(value), field)} |")
        if groups:
            lines += ["", *_groups_table(section, groups)]
    return "\n".join(lines) + "\n"


def schema() -> dict[str, Any]:
    """The JSON schema of config.yaml."""
    found = _marked(Config.model_json_schema())
    found["properties"]["version"] = {"const": VERSION, "description": "version of this file"}
    look = found["properties"]["look"]
    found["properties"]["look"] = {"anyOf": [{"type": "string", "description": "name of a look in looks/"}, look]}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Mien's settings", **found}


def look_schema() -> dict[str, Any]:
    """The JSON schema of looks/NAME.yaml."""
    found = _marked(LookConfig.model_json_schema())
    del found["properties"]["name"]
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A look", **found}


def files() -> dict[Path, str]:
    """All that is generated: path and text."""
    docs = ROOT / "docs" / "reference"
    return {
        docs / "config.md": document(),
        docs / "config.schema.json": json.dumps(schema(), indent=1, ensure_ascii=False) + "\n",
        docs / "look.schema.json": json.dumps(look_schema(), indent=1, ensure_ascii=False) + "\n",
        ROOT / "looks" / f"{DEFAULT_LOOK}.yaml": look_text(LookConfig()),
    }


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A section and all sections in it, in lists as well."""
    yield model
    for field in model.model_fields.values():
        for kind in kinds(field.annotation):
            yield from _models(kind)


def kinds(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections that a field holds: itself, in a list, in a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from kinds(inner)


def _marked(found: dict[str, Any]) -> dict[str, Any]:
    """A schema in which each setting has its level."""
    for model in dict.fromkeys(_models(Config)):
        place = found if model.__name__ == found.get("title") else found["$defs"].get(model.__name__, {})
        for name, field in model.model_fields.items():
            if name in place.get("properties", {}):
                place["properties"][name]["level"] = level_of(model, field)
    return found


def _meaning(model: type[BaseModel], field: FieldInfo) -> str:
    mark = " (expert)" if level_of(model, field) == "expert" else ""
    return f"{field.description}{mark}"


def _bounds(field: FieldInfo) -> str:
    signs = {"ge": "from", "gt": "above", "le": "to", "lt": "below", "multiple_of": "in steps of"}
    limits = [(sign, getattr(limit, name, None)) for limit in field.metadata for name, sign in signs.items()]
    return " ".join(f"{sign} {value:g}" for sign, value in limits if value is not None)


def _leaves(model: BaseModel) -> Iterator[tuple[str, Any, str, str]]:
    """(name, value, bounds, meaning) of every setting in a group, a group in it with its name and a dot before."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from ((f"{name}.{inner}", *rest) for inner, *rest in _leaves(value))
        else:
            yield name, value, _bounds(field), _meaning(type(model), field)


def _groups_table(section: str, groups: dict[str, BaseModel]) -> list[str]:
    """The groups of a section that have the same settings, such as the emotions' looks: a column of defaults for each."""
    lines = [f"| setting in `{section}` | {' | '.join(groups)} | range | meaning |", "|---" * (len(groups) + 3) + "|"]
    for rows in zip(*(_leaves(group) for group in groups.values()), strict=True):
        name, _, bounds, meaning = rows[0]
        defaults = " | ".join(flow(value) for _, value, _, _ in rows)
        lines.append(f"| `{name}` | {defaults} | {bounds} | {meaning} |")
    return lines


def main(argv: list[str] | None = None) -> int:
    """Write what is generated, or print the reference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the files instead of printing the reference")
    if not parser.parse_args(argv).write:
        print(document(), end="")
        return 0
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
