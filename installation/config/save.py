"""Changes single settings in config.yaml and leaves every other byte, the artist's comments above all, as it is.

The text is cut at the places that YAML's own parser reports, never written anew as a whole. Afterwards it is read again: it
must say what it said before, with the wanted change and nothing else, or nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from installation.base.files import write_whole
from installation.config.load import ConfigError, Place, parse_config
from installation.config.output import ScreenConfig
from installation.config.settings import Config

FLAT = 10**9
"""A width that no line reaches: the emitter would break long lines without regard to the indentation round them."""


def save_screens(path: Path, screens: Sequence[ScreenConfig]) -> None:
    """Store ``screens`` as output.screens: only what differs. See ``save_settings``."""
    old = parse_config(_read(path), str(path)).output.screens
    changes: dict[Place, Any] = {}
    if list(screens) == (old or [ScreenConfig()]):
        return
    if len(old) == len(screens):
        for number, (before, after) in enumerate(zip(old, screens, strict=True)):
            for name in ScreenConfig.model_fields:
                if getattr(before, name) != getattr(after, name):
                    changes["output", "screens", number, name] = after.model_dump()[name]
    else:
        changes["output", "screens"] = [screen.model_dump(exclude_defaults=True) for screen in screens]
    save_settings(path, changes)


def save_settings(path: Path, changes: Mapping[Place, Any]) -> None:
    """Give settings other values in a file, such as {("output", "hud"): True}; a place may lead through lists.

    Written as a whole or not at all. Raises ConfigError where the file has mistakes, a value is not allowed or the change
    cannot be made without touching something else (an anchor, a merged key); OSError where the file cannot be written.
    """
    text = _read(path)
    wanted = parse_config(text, str(path)).model_dump()
    try:
        for place, value in changes.items():
            text = with_setting(text, place, value)
            _put(wanted, place, value)
    except yaml.YAMLError:  # an anchor was cut away on which something else hangs
        text = ""
    if not text or parse_config(text, str(path)) != Config.model_validate(wanted):
        places = ", ".join(".".join(str(part) for part in place) for place in changes)
        raise ConfigError(f"{path}: {places} cannot be changed without touching other settings; write it by hand")
    write_whole(path, text.encode("utf-8"))


def with_setting(text: str, place: Place, value: Any) -> str:
    """``text`` with one setting changed or added; comments stay. Raises ConfigError for a place that cannot be."""
    newline = "\r\n" if "\r\n" in text else "\n"
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    found: yaml.Node | None = node
    for depth, part in enumerate(place):
        deeper = _child(found, part)
        if deeper is None:
            rest = place[depth:]
            if any(isinstance(step, int) for step in rest):
                raise ConfigError(f"{'.'.join(str(step) for step in place)}: there is no such entry")
            for step in reversed(rest[1:]):
                value = {step: value}
            return _added(text, found, str(rest[0]), value, newline)
        found = deeper
    assert found is not None
    return _replaced(text, found, value, newline)


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        entry: yaml.Node = node.value[part]
        return entry
    return None


def _replaced(text: str, node: yaml.Node, value: Any, newline: str) -> str:
    start, end = node.start_mark.index, _end(node)
    in_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if in_block:
        return text[:start] + _written(value, node.start_mark.column, newline) + text[end:]
    if not _is_block(value):
        gap = " " if start == end and text[start - 1 : start] == ":" else ""
        return text[:start] + gap + _written(value, _indent(text, start) + 2, newline) + text[end:]
    line_end = _line_end(text, end)
    column = _indent(text, start) + 2
    block = newline + " " * column + _written(value, column, newline)
    return text[:start].rstrip(" ") + _tail(text[end:line_end]) + block + text[line_end:]


def _added(text: str, parent: yaml.Node | None, key: str, value: Any, newline: str) -> str:
    """``key`` as the last entry of a mapping; of a section left empty or a file without one, the first."""
    if isinstance(parent, yaml.MappingNode) and parent.flow_style:
        end = parent.end_mark.index - 1
        comma = ", " if parent.value else ""
        return text[:end].rstrip(" ") + comma + _flow({key: value})[1:-1] + text[end:]
    if isinstance(parent, yaml.MappingNode) and parent.value:
        at, column = _line_end(text, _end(parent)), int(parent.value[0][0].start_mark.column)
    elif parent is not None:
        at = _line_end(text, parent.end_mark.index)
        column = _indent(text, parent.start_mark.index) + 2
    else:
        at, column = len(text.rstrip("\r\n")), 0
    lead = newline if text[:at].strip() or at else ""
    entry = lead + " " * column + _entry(key, value, column, newline)
    return text[:at] + entry + (text[at:] or newline)


def _end(node: yaml.Node) -> int:
    """Where a node's own text ends; the parser counts blank lines and comments behind a block to it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return max(_end(part) for part in last) if isinstance(last, tuple) else _end(last)
    return int(node.end_mark.index)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    if found < 0:
        return len(text)
    return found - 1 if text[found - 1 : found] == "\r" else found


def _indent(text: str, at: int) -> int:
    """Column of the first sign in the line of ``at``; behind the dash of a list's entry, its first key's."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip(" -"))


def _tail(rest: str) -> str:
    """What stands behind a value in its line: a comment keeps its two spaces."""
    return f"  {rest.strip()}" if rest.strip() else ""


def _is_block(value: Any) -> bool:
    return bool(value) and (isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict)))


def _written(value: Any, column: int, newline: str) -> str:
    """YAML of a value whose first sign stands in ``column``: sections and lists of them a line each, all else in one."""
    pad = newline + " " * column
    if not _is_block(value):
        return _rows(value, pad)
    if isinstance(value, dict):
        return pad.join(_entry(str(key), inner, column, newline) for key, inner in value.items())
    return pad.join("- " + _written(entry or {}, column + 2, newline) for entry in value)


def _entry(key: str, value: Any, column: int, newline: str) -> str:
    if isinstance(value, list) and _is_block(value):
        return f"{key}:{newline}{' ' * (column + 2)}{_written(value, column + 2, newline)}"
    if isinstance(value, dict) and value and column == 0:
        return f"{key}:{newline}{' ' * (column + 2)}{_written(value, column + 2, newline)}"
    return f"{key}: {_rows(value, newline + ' ' * (column + 2))}"


def _rows(value: Any, pad: str) -> str:
    """On one line, but a grid's rows on a line each."""
    if isinstance(value, list) and value and isinstance(value[0], list) and value[0] and isinstance(value[0][0], list):
        return "[" + ("," + pad + " ").join(_flow(row) for row in value) + "]"
    return _flow(value)


def _flow(value: Any) -> str:
    text: str = yaml.safe_dump(value, default_flow_style=True, width=FLAT, allow_unicode=True, sort_keys=False)
    return text.strip().removesuffix("...").strip()


def _put(data: Any, place: Place, value: Any) -> None:
    for part in place[:-1]:
        data = data[part]
    data[place[-1]] = value


def _read(path: Path) -> str:
    """The text with its line ends as they are. Raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text; save it as UTF-8") from error
