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
from installation.config.yaml_text import Place, dotted, find, line_of
from installation.config.yaml_words import missing_space
from installation.types import EMOTIONS

EMOTIONS_ARE = f"the emotions are {', '.join(EMOTIONS)}"


@dataclass(frozen=True)
class SourceText:
    """A file of settings: ``data`` is what it says, ``node`` the same with its lines. A look's file stands below ``place``.

    A setting of the command line is one, too: ``is_typed``, it has no lines.
    """

    name: str
    node: yaml.Node | None
    data: dict[str, Any]
    place: Place = ()
    is_typed: bool = False


def explain(entry: Any, sources: Sequence[SourceText]) -> str:
    """One mistake that pydantic reports (an entry of ``ValidationError.errors``); the last source that says it is named."""
    place, is_key = _place_of(entry)
    source, node, key_line = _find_source(sources, place)
    if is_key:
        parent, message = _key_mistake(entry, place)
        return _told(source, key_line, parent, message)
    line = key_line if entry["type"] == "extra_forbidden" or node is None else line_of(node)
    if isinstance(node, yaml.ScalarNode) and node.style in ("'", '"') and node.start_mark.line != node.end_mark.line:
        end = node.end_mark.line + 1
        return _told(
            source, line, place, f"the quote that opens in line {line} is not closed in it; it runs on to line {end}"
        )
    written = node.value if isinstance(node, yaml.ScalarNode) else None
    return _told(source, line, place, _mistake(entry, place, written))


def _place_of(entry: Any) -> tuple[Place, bool]:
    """(where a mistake is, whether the name itself is the mistake)."""
    place: Place = tuple(part for part in entry["loc"] if part not in ("str", "int"))
    return (place[:-1], True) if place and place[-1] == "[key]" else (place, False)


def unknown_setting(place: Place) -> str:
    """What to say of a setting that does not exist."""
    name = str(place[-1])
    renamed = find_rename(".".join(str(part) for part in place))
    if renamed is not None:
        return f"unknown setting; it is called {renamed[0]} now"
    glued = missing_space(name)
    if glued is not None:
        return glued
    siblings = known_settings(place[:-1])
    homes = [group for group in siblings if _has_own(place[:-1], group, name)]
    if len(homes) == 1 or (homes and len(place) == 1):
        return f"unknown setting; {homes[0]} has one: indent it below {homes[0]}:"
    if homes:
        return f"unknown setting; {', '.join(homes)} have one each: indent it below the one that it belongs to"
    near = get_close_matches(name, siblings, 1)
    if near:
        return f"unknown setting; did you mean '{near[0]}'?"
    if place[:-1] == ("look",):
        return f"unknown setting; {EMOTIONS_ARE}, and nobody for the look while nobody is there"
    return "unknown setting"


def _has_own(parent: Place, group: str, name: str) -> bool:
    """Whether ``group``, a section in the one at ``parent``, has a setting ``name``."""
    inner = _section((*parent, group))
    return inner is not _section(parent) and name in inner.model_fields


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


def _find_source(sources: Sequence[SourceText], place: Place) -> tuple[SourceText | None, yaml.Node | None, int]:
    """Who says it last; an old name stands for the new one."""
    best: tuple[int, SourceText | None, yaml.Node | None, int] = (-1, None, None, 1)
    for source in sources:
        if place[: len(source.place)] != source.place:
            continue
        for one in (place, *old_places(place)):
            node, line, depth = find(source.node, one[len(source.place) :])
            # What was typed is there in place of all that the files say below it; only a look's file goes under it.
            is_whole = source.is_typed and source.place != ("look",)
            depth = len(place) if is_whole else depth + len(source.place)
            if depth >= best[0]:
                best = (depth, source, node, line)
    if best[0] < len(place):
        for source in sources:
            if source.is_typed and source.place[: len(place)] == place:
                return source, None, 1
    return best[1:]


def _told(source: SourceText | None, line: int, place: Place, message: str) -> str:
    within = place[len(source.place) :] if source is not None else place
    if source is not None and source.is_typed:
        return f"{source.name}: {dotted(within)}{': ' if within else ''}{message}"
    where = f"{source.name}:{line}: " if source is not None and source.node is not None else ""
    return f"{where}{dotted(within or place)}: {message}"


def _mistake(entry: Any, place: Place, written: str | None) -> str:
    message = str(entry["msg"])
    if entry["type"] == "extra_forbidden":
        return unknown_setting(place)
    if entry["type"] in ("model_type", "model_attributes_type"):
        return _section_mistake(entry, place, written)
    if written is None or entry["type"] == "odd_sign":
        return message
    if written == "" and entry.get("input") is None:
        return f"{message}; there is no value"
    if entry["type"] == "literal_error":
        return f"{message}, not {written!r}"
    if isinstance(entry.get("input"), bool):
        return f'{message}; YAML reads {written} as true or false, write "{written}" for the word'
    if re.fullmatch(r"[-+]?\d+[eE][-+]?\d+", written):
        return f"{message}; YAML reads {written} as text, write it with a dot: 1.0e-3"
    if re.fullmatch(r"[-+]?\d*,\d+", written):
        return f"{message}; write a point, not a comma: {written.replace(',', '.')}"
    # Where the text says it already, or asks whether something else was meant, it is complete.
    is_complete = repr(written) in message or "did you mean" in message
    return message if is_complete else f"{message}, not {written!r}"


def _section_mistake(entry: Any, place: Place, written: str | None) -> str:
    """A section's name with a value behind it."""
    glued = missing_space(written or "")
    if glued is not None:
        return glued
    model = _section(place)
    first = next(iter(model.model_fields)) if model.__name__ == entry.get("ctx", {}).get("class_name") else "setting"
    if isinstance(place[-1], int):
        return f"this is a section; write {{{first}: ...}}"
    return f"{place[-1]} is a section; write {place[-1]}: {{{first}: ...}} or its settings below it, indented"


def _key_mistake(entry: Any, place: Place) -> tuple[Place, str]:
    """(where, what) of a name chosen by the artist, such as a pose's, or one of a few, such as a body cue's."""
    names = re.findall(r"'(\w+)'", str(entry.get("ctx", {}).get("expected", "")))
    if names:
        near = get_close_matches(str(place[-1]), names, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(names)}"
        if not near and set(EMOTIONS) <= set(names):
            hint = EMOTIONS_ARE + "".join(f", and {name}" for name in LOOK_NAMES[len(EMOTIONS) :] if name in names)
        return place, f"unknown name; {hint}"
    return place[:-1], str(entry["msg"])
