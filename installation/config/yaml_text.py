"""YAML read with its traps caught; what keeps a text from being read, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

Place = tuple[str | int, ...]
OPEN_ENDED = ("quoted scalar", "flow sequence", "flow mapping")
"""What the parser was reading when it met something else: the mistake is where that began."""
NO_COLON = ("mapping values are not allowed here", "could not find expected ':'")
"""What the parser says one line below a colon without a space behind it."""
GLUED = re.compile(r"([A-Za-z_]\w*):([^\s/\\:][^#]*?)\s*(?:#.*)?$")
"""A name, its colon and its value with no space between; http:// and C:\\ are none."""
NO_VALUE = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError)
"""What PyYAML raises for a day such as 2026-02-31, or for what is no value of the kind that its tag names."""
MAX_DEPTH = 40
"""How deep lists and sections may lie in one another; settings need eight."""


class ConfigError(Exception):
    """All that is wrong with settings, a line each: file:line: setting: what, and how to fix it."""


def read_yaml(text: str, name: str) -> tuple[yaml.Node | None, Any]:
    """A text with its lines, and what it says; (None, None) where it says nothing. Raises ConfigError, and nothing else."""
    node = None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return None, None
        traps = list(_traps(node, name, (), {}))
        if traps:
            raise ConfigError("\n".join(traps))
        return node, yaml.SafeLoader(text).get_single_data()
    except yaml.YAMLError as error:
        raise ConfigError(yaml_mistake(error, text, name)) from error
    except RecursionError as error:
        raise ConfigError(f"{name}:1: not readable as YAML: lists or sections lie too deep in one another") from error
    except NO_VALUE as error:
        line, value = _unreadable(node)
        raise ConfigError(f"{name}:{line}: {value} is not readable as YAML; put it in quotes") from error


def yaml_mistake(error: yaml.YAMLError, text: str, name: str) -> str:
    """What keeps a text from being YAML, with the line in which it begins."""
    if isinstance(error, yaml.reader.ReaderError):
        line = str(text)[: error.position].count("\n") + 1
        return f"{name}:{line}: not readable as YAML: there is a character that no text has ({error.character!r})"
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"{name}: not readable as YAML: {' '.join(str(error).split())}"
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
    glued = _glued(text, line) if problem in NO_COLON else None
    if glued is not None:
        return f"{name}:{glued[0]}: not readable as YAML: a space is missing behind the colon: {glued[1]}: {glued[2]}"
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


def missing_space(written: str) -> str | None:
    """What to say of "name:blossom"; None where it is something else."""
    found = GLUED.match(written)
    return f"a space is missing behind the colon: {found[1]}: {found[2]}" if found is not None else None


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
        lines: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield f"{name}:{line_of(key)}: {dotted(place) or 'settings'}: a name is a word, not a list or a section"
                continue
            where = (*place, key.value)
            if key.value in lines and key.value.isdigit() and value.value == "":
                # {follow: 0,5, size: 0,5} is {follow: 0, 5: nothing, size: 0, 5: nothing} to YAML.
                yield f"{name}:{line_of(key)}: {dotted(where)}: a number is written with a point, such as 0.{key.value}"
            elif key.value in lines:
                yield f"{name}:{line_of(key)}: {dotted(where)}: written twice (first in line {lines[key.value]})"
            lines[key.value] = line_of(key)
            yield from _traps(value, name, where, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _traps(value, name, (*place, index), seen)
    elif isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:int" and ":" in node.value:
        where_text = f"{dotted(place)}: " if place else ""
        yield f'{name}:{line_of(node)}: {where_text}{node.value} is read as a number here; write "{node.value}"'
    seen[id(node)] = False


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


def _glued(text: str, line: int) -> tuple[int, str, str] | None:
    """(line, name, value) of a colon with no space behind it, in ``line`` or the ones right above it."""
    found = None
    lines = text.splitlines()[:line]
    for number, one in reversed(list(enumerate(lines, 1))):
        if not one.strip() or one.lstrip().startswith("#"):
            continue
        match = GLUED.match(one.strip().removeprefix("- "))
        if match is not None:
            found = (number, match[1], match[2])
        elif number != line:
            break
    return found
