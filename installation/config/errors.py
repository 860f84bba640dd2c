"""What is wrong with settings, in words: file:line: setting: what, and how to fix it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from installation.config.look import LOOK_NAMES
from installation.config.migrate import find_rename, old_places
from installation.config.settings import Config
from installation.config.yaml_text import Place, dotted, line_of
from installation.types import EMOTIONS

EMOTIONS_ARE = f"the emotions are {', '.join(EMOTIONS)}"


@dataclass(frozen=True)
class SourceText:
    """A file of settings: ``data`` is what it says, ``node`` the same with its lines. A look's file stands below ``place``."""

    name: str
    node: yaml.Node | None
    data: dict[str, Any]
    place: Place = ()


def explain(entry: Any, sources: Sequence[SourceText]) -> str:
    """One mistake that pydantic reports (an entry of ``ValidationError.errors``); the last source that says it is named."""
    place: Place = tuple(part for part in entry["loc"] if part not in ("str", "int"))
    is_key = bool(place) and place[-1] == "[key]"
    place = place[:-1] if is_key else place
    source, node, key_line = _find_source(sources, place)
    if is_key:
        parent, message = _key_mistake(entry, place)
        return _told(source, key_line, parent, message)
    line = key_line if entry["type"] == "extra_forbidden" or node is None else line_of(node)
    written = node.value if isinstance(node, yaml.ScalarNode) else None
    return _told(source, line, place, _mistake(entry, place, written))


def unknown_setting(place: Place) -> str:
    """What to say of a setting that does not exist."""
    name = str(place[-1])
    renamed = find_rename(".".join(str(part) for part in place))
    if renamed is not None:
        return f"unknown setting; it is called {renamed[0]} now"
    near = get_close_matches(name, known_settings(place[:-1]), 1)
    if near:
        return f"unknown setting; did you mean '{near[0]}'?"
    if place[:-1] == ("look",):
        return f"unknown setting; {EMOTIONS_ARE}, and nobody for the look while nobody is there"
    home = [section for section in Config.model_fields if name in known_settings((section,))]
    return "unknown setting" + (f"; {home[0]} has one: indent it below {home[0]}:" if home and len(place) == 1 else "")


def known_settings(place: Place) -> list[str]:
    """The settings there are in a section, or in an entry of a list of sections."""
    return list(_section(place).model_fields)


def field_at(place: Place, name: str) -> FieldInfo | None:
    """The setting ``name`` of the section at ``place``."""
    return _section(place).model_fields.get(name)


def _section(place: Place) -> type[BaseModel]:
    """The section at ``place``, or the deepest one on the way to it."""
    model: type[BaseModel] = Config
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = (get_args(annotation) or (annotation,))[0]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return model


def find(node: yaml.Node | None, place: Place) -> tuple[yaml.Node | None, int, int]:
    """The node at ``place``, or the deepest one on the way to it; the line of its key; how many parts were found."""
    line, depth = 1 if node is None else line_of(node), 0
    for part in place:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            line, node = line_of(found[0][0]), found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = line_of(node)
        else:
            break
        depth += 1
    return node, line, depth


def _find_source(sources: Sequence[SourceText], place: Place) -> tuple[SourceText | None, yaml.Node | None, int]:
    """Who says it last; an old name stands for the new one."""
    best: tuple[int, SourceText | None, yaml.Node | None, int] = (-1, None, None, 1)
    for source in sources:
        if place[: len(source.place)] != source.place:
            continue
        for one in (place, *old_places(place)):
            node, line, depth = find(source.node, one[len(source.place) :])
            if depth + len(source.place) >= best[0]:
                best = (depth + len(source.place), source, node, line)
    return best[1:]


def _told(source: SourceText | None, line: int, place: Place, message: str) -> str:
    where = f"{source.name}:{line}: " if source is not None and source.node is not None else ""
    within = place[len(source.place) :] if source is not None else place
    return f"{where}{dotted(within or place)}: {message}"


def _mistake(entry: Any, place: Place, written: str | None) -> str:
    message = str(entry["msg"])
    if entry["type"] == "extra_forbidden":
        return unknown_setting(place)
    if entry["type"] == "invalid_key":
        # {follow: 0,25} is {follow: 0, 25: nothing} to YAML.
        return f"unknown setting; a number is written with a point, such as 0.{place[-1]}"
    if written is None:
        return message
    if entry["type"] == "literal_error":
        return f"{message}, not {written!r}"
    if isinstance(entry.get("input"), bool):
        return f'{message}; YAML reads {written} as true or false, write "{written}" for the word'
    if re.fullmatch(r"[-+]?\d+[eE][-+]?\d+", written):
        return f"{message}; YAML reads {written} as text, write it with a dot: 1.0e-3"
    if re.fullmatch(r"[-+]?\d*,\d+", written):
        return f"{message}; write a point, not a comma: {written.replace(',', '.')}"
    return f"{message}, not {written!r}"


def _key_mistake(entry: Any, place: Place) -> tuple[Place, str]:
    """(where, what) of a name chosen by the artist, such as a pose's, or one of a few, such as a body cue's."""
    names = re.findall(r"'(\w+)'", str(entry.get("ctx", {}).get("expected", "")))
    if names:
        near = get_close_matches(str(place[-1]), names, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(names)}"
        if not near and set(EMOTIONS) <= set(names):
            hint = EMOTIONS_ARE + "".join(f", and {name}" for name in LOOK_NAMES[len(EMOTIONS) :] if name in names)
        return place, f"unknown name; {hint}"
    if isinstance(entry.get("input"), bool):
        return place[:-1], "YAML reads this name as true or false; put it in quotes or choose another"
    return place[:-1], str(entry["msg"])
