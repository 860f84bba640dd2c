"""YAML read with its traps caught: whatever the text, what comes of it is data or a ConfigError with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from installation.base.text_files import one_line
from installation.config.yaml_words import yaml_mistake

Place = tuple[str | int, ...]
NO_VALUE = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError)
"""What PyYAML raises for a day such as 2026-02-31, or for what is no value of the kind that its tag names."""
MAX_DEPTH = 40
"""How deep lists and sections may lie in one another; settings need eight."""
MAX_VALUES = 100_000
"""How many values a text may say, each anchor unfolded where it is used; a wall of 500 lamps needs 5,000."""
MAX_BYTES = 128 * 1024
"""Of a file of settings: all there are, with their descriptions, are 40 kB. A larger one would stop the picture for seconds."""
MAX_MISTAKES = 20
"""So many are said; somebody who corrects these sees the others."""


class ConfigError(Exception):
    """All that is wrong with settings, a line each: file:line: setting: what, and how to fix it."""

    def __init__(self, *mistakes: str, unsaid: int = 0) -> None:
        unsaid += max(0, len(mistakes) - MAX_MISTAKES)
        more = [f"... and {unsaid} more mistakes"] if unsaid else []
        self.mistakes = (*(one_line(one) for one in mistakes[:MAX_MISTAKES]), *more)
        super().__init__("\n".join(self.mistakes))


def read_yaml(text: str, name: str) -> tuple[yaml.Node | None, Any]:
    """A text with its lines, and what it says; (None, None) where it says nothing. Raises ConfigError, and nothing else."""
    node = loader = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return None, None
        traps = list(_traps(node, name, (), {})) or list(_bombs(node, name))
        if traps:
            raise ConfigError(*traps)
        return node, yaml.SafeLoader(text).get_single_data()
    except yaml.YAMLError as error:
        raise ConfigError(yaml_mistake(error, text, name)) from error
    except RecursionError as error:
        raise ConfigError(f"{name}:1: not readable as YAML: lists or sections lie too deep in one another") from error
    except NO_VALUE as error:
        line, value = _unreadable(node)
        if line:
            raise ConfigError(f"{name}:{line}: {value} is not readable as YAML; put it in quotes") from error
        line = loader.line + 1 if loader is not None else 1
        raise ConfigError(
            f"{name}:{line}: not readable as YAML: an escape such as \\U that stands for no sign"
        ) from error


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


def _traps(node: yaml.Node, name: str, place: Place, seen: dict[int, bool]) -> Iterator[str]:
    """What YAML itself would swallow without a word: keys written twice, clock times read as numbers, endless anchors.

    ``seen``: the nodes there were, and whether they are still open; an anchor is looked at once.
    """
    if id(node) in seen or len(place) > MAX_DEPTH:
        if seen.get(id(node), True):
            what = (
                "this anchor refers to itself" if id(node) in seen else "lists or sections lie too deep in one another"
            )
            yield f"{name}:{line_of(node)}: {dotted(place[:3])}: {what}"
        return
    seen[id(node)] = True
    if isinstance(node, yaml.MappingNode):
        yield from _key_traps(node, name, place)
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield from _traps(value, name, (*place, key.value), seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _traps(value, name, (*place, index), seen)
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:int" and ":" in node.value:
        where_text = f"{dotted(place)}: " if place else ""
        yield f'{name}:{line_of(node)}: {where_text}{node.value} is read as a number here; write "{node.value}"'
    seen[id(node)] = False


def _key_traps(node: yaml.MappingNode, name: str, place: Place) -> Iterator[str]:
    """Names that are none, that stand twice, or that are the half of a number behind a comma."""
    lines: dict[str, int] = {}
    before: tuple[yaml.Node, yaml.Node] | None = None
    for key, value in node.value:
        where = f"{name}:{line_of(key)}: {dotted(place)}{'.' if place else ''}"
        if not isinstance(key, yaml.ScalarNode):
            what = "a name is a word, not a list or a section"
            if isinstance(key, yaml.MappingNode) and key.flow_style and node.flow_style:
                what += "; are these the braces of a template, which was to fill them in?"
            yield f"{where.removesuffix('.') if place else f'{where}settings'}: {what}"
            continue
        number = _cut_number(before, key, value) if node.flow_style else None
        if before is not None and number is not None:
            yield f"{where}{before[0].value}: a number is written with a point, not a comma: {number}"
            continue
        kind = key.tag.rsplit(":", 1)[-1]
        if kind not in ("str", "merge"):
            what = (
                "YAML reads this name as true or false" if kind == "bool" else f"a name is a word, {key.value} is none"
            )
            yield f"{where}{key.value}: {what}; put it in quotes or choose another"
            continue
        before = key, value
        if key.value in lines:
            yield f"{where}{key.value}: written twice (first in line {lines[key.value]})"
        lines[key.value] = line_of(key)


def _cut_number(before: tuple[yaml.Node, yaml.Node] | None, key: yaml.ScalarNode, value: yaml.Node) -> str | None:
    """0.25 of {follow: 0,25}, which is {follow: 0, 25: nothing} to YAML; None for other pairs."""
    if before is None or not isinstance(before[1], yaml.ScalarNode) or value.value != "":
        return None
    is_cut = re.fullmatch(r"\d+", key.value) and re.fullmatch(r"[-+]?\d*", before[1].value)
    return f"{before[1].value or 0}.{key.value}" if is_cut and key.style is None else None


def _bombs(root: yaml.Node, name: str) -> Iterator[str]:
    """Anchors that unfold without end: a page of them can say more than any memory holds. There are no other traps then."""
    sizes: dict[int, tuple[int, int]] = {}

    def unfolded(node: yaml.Node) -> tuple[int, int]:
        """(values, depth) of a node, each anchor counted where it is used; merged keys count, too."""
        if id(node) not in sizes:
            inner = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
            parts = [unfolded(part) for part in inner] if isinstance(node, yaml.CollectionNode) else []
            sizes[id(node)] = 1 + sum(size for size, _ in parts), 1 + max((depth for _, depth in parts), default=0)
            size, depth = sizes[id(node)]
            if size > MAX_VALUES or depth > MAX_DEPTH + 1:
                raise _BombError(line_of(node))
        return sizes[id(node)]

    try:
        unfolded(root)
    except _BombError as error:
        yield f"{name}:{error.args[0]}: anchors in one another say too much or lie too deep; write out what is meant"


class _BombError(Exception):
    """The line of the first node that is too much."""


def _unreadable(node: yaml.Node | None) -> tuple[int, str]:
    """(line, text) of the first value that its constructor cannot take."""
    if isinstance(node, yaml.MappingNode):
        inner = [one for pair in node.value for one in pair]
    else:
        inner = node.value if isinstance(node, yaml.SequenceNode) else []
    for one in inner:
        line, value = _unreadable(one)
        if line:
            return line, value
    if isinstance(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(node)
        except (yaml.YAMLError, *NO_VALUE):
            return line_of(node), node.value[:40]
    return 0, ""
