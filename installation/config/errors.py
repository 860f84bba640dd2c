"""What is wrong with settings, in words: file:line: setting: what, and how to fix it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic import BaseModel

from installation.config.look import LOOK_NAMES
from installation.config.migrate import find_rename, old_places
from installation.config.settings import Config
from installation.types import EMOTIONS

Place = tuple[str | int, ...]
EMOTIONS_ARE = f"the emotions are {', '.join(EMOTIONS)}"
OPEN_ENDED = ("quoted scalar", "flow sequence", "flow mapping")
"""What the parser was reading when it met something else: the mistake is where that began."""


class ConfigError(Exception):
    """All that is wrong with settings, a line each: file:line: setting: what, and how to fix it."""


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
    model: type[BaseModel] = Config
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            inner = (get_args(annotation) or (annotation,))[0]
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return list(model.model_fields)


def yaml_mistake(error: yaml.YAMLError, text: str, name: str) -> str:
    """What keeps a text from being YAML, with the line in which it begins."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"{name}: not readable as YAML: {error}"
    line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
    problem = str(error.problem or error.context)
    quote = _open_quote(text, line)
    if quote is not None:
        return f"{name}:{quote}: not readable as YAML: the quote that begins here has no end"
    bracket = _open_bracket(text) if "<stream end>" in problem else None
    if bracket is not None:
        hint = _colour_hint(text, line) or "; the bracket that begins here has no end"
        return f"{name}:{bracket}: not readable as YAML: {problem}{hint}"
    if error.context_mark is not None and str(error.context).endswith(OPEN_ENDED):
        kind = "bracket" if "flow" in str(error.context) else "quote"
        hint = _colour_hint(text, line) or f"; the {kind} that begins here has no end"
        return f"{name}:{error.context_mark.line + 1}: not readable as YAML: {problem}{hint}"
    hint = "; indent with spaces, not tabs" if "\\t" in problem else _colour_hint(text, line)
    if not hint and _is_indented_oddly(text, line):
        hint = "; this line is indented otherwise than those above it"
    return f"{name}:{line}: not readable as YAML: {problem}{hint}"


def line_of(node: yaml.Node) -> int:
    """The line in which a node begins, counted from 1."""
    return int(node.start_mark.line) + 1


def dotted(place: Place) -> str:
    """A place as it is written: osc.targets.0.port."""
    return ".".join(str(part) for part in place)


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


def _colour_hint(text: str, line: int) -> str:
    """A colour without quotes is a comment to YAML, and the brace after it is lost."""
    before = "\n".join(text.splitlines()[:line])
    found = re.search(r"[:,]\s*#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", before)
    return '; a colour stands in quotes: "#ff9420"' if found else ""


def _open_quote(text: str, line: int) -> int | None:
    """The first line up to ``line`` with a value that opens a quote and does not close it; None where there is none."""
    for number, one in enumerate(text.splitlines()[:line], 1):
        value = re.search(r"""(?:^|[:\-,\[{])\s*(["'])((?:(?!\1).)*)$""", one)
        if value is not None and not one.lstrip().startswith("#") and " #" not in one[: value.start(1)]:
            return number
    return None


def _open_bracket(text: str) -> int | None:
    """The line of the last bracket that is opened and never closed; None where there is none."""
    open_lines: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        for sign in re.sub(r"""(["'])(?:(?!\1).)*\1|(?:^|\s)#.*$""", "", line):
            if sign in "[{":
                open_lines.append(number)
            elif sign in "]}" and open_lines:
                open_lines.pop()
    return open_lines[-1] if open_lines else None


def _is_indented_oddly(text: str, line: int) -> bool:
    """Whether a line begins in a column in which none above it does."""
    lines = [one for one in text.splitlines()[:line] if one.strip() and not one.lstrip().startswith("#")]
    columns = [len(one) - len(one.lstrip(" ")) for one in lines]
    return len(columns) > 1 and columns[-1] > 0 and columns[-1] not in columns[:-1]
