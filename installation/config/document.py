"""A settings file's text, changed place by place; comments, order and the spelling of everything else stay (ruamel.yaml)."""

from __future__ import annotations

import io
import re
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag
from ruamel.yaml.tokens import CommentToken

from installation.config.errors import field_at
from installation.config.migrate import VERSION, Rename, rename_keys, retire, reword
from installation.config.output import ScreenConfig
from installation.config.yaml_text import ConfigError, Place, dotted

LOOK_NAME: Place = ("look", "name")
"""The chosen look, which may stand as look: NAME as well."""


class Lines(dict[str, Any]):
    """A section whose settings get a line each, where its file has lines there."""


yaml.SafeDumper.add_representer(Lines, yaml.SafeDumper.represent_dict)


class _AsWritten(VersionedResolver):
    """All plain values are text, so that each is written again as it was: .1 stays .1, and off stays off."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return Tag(suffix=f"tag:yaml.org,2002:{'str' if value else 'null'}")
        return super().resolve(kind, value, implicit)


def _yaml(sequence: int = 4, mapping: int = 2) -> YAML:
    made = YAML(typ="rt")
    made.preserve_quotes, made.width, made.Resolver = True, 10**9, _AsWritten
    made.indent(mapping=mapping, sequence=sequence, offset=sequence - 2)
    return made


class Document:
    """A settings file's text, to be changed place by place."""

    def __init__(self, text: str) -> None:
        self._bom = "\ufeff" if text.startswith("\ufeff") else ""
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        dash = re.search(r"^( *)[^\s#-][^\n]*:[^\n]*\n(?:\s*#[^\n]*\n)*( *)- ", self._text, re.MULTILINE)
        step = re.search(r"^[^\s#-][^\n]*:[^\n]*\n(?:\s*#[^\n]*\n|\n)*( +)[^\s#-]", self._text, re.MULTILINE)
        offset = len(dash[2]) - len(dash[1]) if dash is not None else 2
        self._yaml = _yaml(max(0, offset) + 2, len(step[1]) if step is not None else 2)
        self._yaml.explicit_start = self._text.startswith("---") or None
        try:
            self._data = self._yaml.load(self._text)
        except YAMLError as error:  # what PyYAML reads and ruamel does not
            why = " ".join(str(error).split())
            raise ConfigError(f"the settings cannot be changed from here, write them by hand: {why}") from error
        self._is_new, self._lacks_version = self._data is None, False
        if self._is_new:
            self._data = CommentedMap()

    def migrate(self) -> bool:
        """Give older settings today's names; gives whether there were any."""
        version = self._data.get("version")
        renamed = rename_keys(self._data, _converted) if version != str(VERSION) else []
        others = [retire(self._data, _new), reword(self._data, _new, _said)]
        if version == str(VERSION) or (not renamed and version is None):
            return any(others)
        for rename in renamed:
            if rename.is_converted:
                self._describe(rename.new)
        if version is not None:
            self._data["version"] = _new(VERSION)
        elif self._data.fa.flow_style():
            self._data.insert(0, "version", _new(VERSION))
        else:
            self._lacks_version = True
        return True

    def _describe(self, place: str) -> None:
        """Put today's description where a comment stands behind a converted value: it may name the old unit."""
        *parents, name = place.split(".")
        mapping = reach(self._data, tuple(parents))
        tokens = mapping.ca.items.get(name)
        token = tokens[2] if tokens is not None else None
        field = field_at(tuple(parents), name)
        if token is None or field is None:
            return
        own, _, tail = str(token.value).partition("\n")
        if own.strip():
            token.value = f"# {field.description}\n{tail}"

    def set(self, place: Place, value: Any, wanted: Any) -> None:
        """Change or add a setting. Where its list is not in this file, the whole list of ``wanted`` is written.

        Raises ConfigError for an entry that is not there.
        """
        look = self._data.get("look")
        is_name = look is None or (isinstance(look, str) and isinstance(yaml.safe_load(look), str))
        if place == LOOK_NAME and is_name:
            place = ("look",)
        elif place[0] == "look" and look is not None and is_name:
            self._replace(self._data, "look", {"name": str(self._data["look"])})
        node = self._data
        for depth, part in enumerate(place[:-1]):
            inner = _child(node, part)
            if not isinstance(inner, CommentedMap | CommentedSeq):
                rest = place[depth + 1 :]
                if isinstance(part, int):
                    raise ConfigError(f"{dotted(place)}: there is no such entry")
                for at, step in enumerate(rest):
                    if isinstance(step, int):
                        value, rest = reach(wanted, place[: depth + 1 + at]), rest[:at]
                        value = [_short(entry) for entry in value]
                        break
                for step in reversed(rest):
                    value = {step: value}
                self._replace(node, part, value)
                return
            node = inner
        self._replace(node, place[-1], value)

    def append(self, place: Place, value: Any) -> None:
        """Put an entry behind the last one of a list, which is made where there is none."""
        node: Any = self._data
        for part in place:
            node = _child(node, part)
        if not isinstance(node, CommentedSeq) or not node:
            self.set(place, [value], {})
            return
        in_block = not node.fa.flow_style()
        tail = _cut_tail(node, len(node) - 1) if in_block else ""
        node.append(_new(value, in_block))
        _add_tail(node, len(node) - 1, tail)

    def remove(self, place: Place) -> None:
        """Take a setting or an entry away, with the comment in its line; the comments behind it stay.
        Raises ConfigError where it is merged in from elsewhere."""
        node, key = reach(self._data, place[:-1]), place[-1]
        keys = list(node) if isinstance(node, CommentedMap) else list(range(len(node)))
        if key not in keys:
            raise ConfigError(f"{dotted(place)}: this is said by an anchor elsewhere; write it by hand")
        at = keys.index(key)
        tail = "" if node.fa.flow_style() else _cut_tail(node, key)
        node.ca.items.pop(key, None)
        del node[key]
        if keys[:at] or keys[at + 1 :]:
            _add_tail(node, keys[at - 1] if at else next(iter(node), 0) if isinstance(node, CommentedMap) else 0, tail)

    def rename(self, place: Place, name: str) -> None:
        """Give a setting of a section another name, where it stands."""
        node, old = reach(self._data, place[:-1]), place[-1]
        at, comment, value = list(node).index(old), node.ca.items.pop(old, None), node[old]
        del node[old]
        node.insert(at, _new(name), value)
        if comment is not None:
            node.ca.items[_new(name)] = comment

    def text(self) -> str:
        """The changed text."""
        out = io.StringIO()
        self._yaml.dump(self._data, out)
        text = out.getvalue()
        if self._is_new:
            text = "".join(f"{part.rstrip()}\n" for part in (self._text, text) if part.strip())
        if self._lacks_version:
            text = _with_version(text)
        return self._bom + text.replace("\n", self._newline)

    def _replace(self, node: Any, key: str | int, value: Any) -> None:
        """Put a value in place of another, or at the end of a mapping; comments behind it stay behind it."""
        if isinstance(node, CommentedSeq) and not (isinstance(key, int) and key < len(node)):
            raise ConfigError(f"{key}: there is no such entry")
        is_there = isinstance(node, CommentedSeq) or key in node
        last = key if is_there else next(reversed(node), None)
        in_block = not node.fa.flow_style()
        tail = _cut_tail(node, last) if in_block and last is not None else ""
        node[key] = _new(value, in_block)
        _add_tail(node, key, tail)


def _with_version(text: str) -> str:
    """The text with its version on top: behind the comment that begins the file, before one that belongs to a section."""
    line = f"version: {VERSION}\n"
    start = re.match(r"(?:(?:%|---)[^\n]*\n)*", text)
    begin = start.end() if start is not None else 0
    comment = re.match(r"\n*(?:#[^\n]*\n)+\n+", text[begin:])
    if comment is not None:
        begin += comment.end()
        return f"{text[:begin]}{line}\n{text[begin:]}"
    return f"{text[:begin]}{line}{chr(10) if text[begin:].startswith('#') else ''}{text[begin:]}"


def _new(value: Any, in_block: bool = True) -> Any:
    """A value as ruamel holds it. PyYAML, which reads it later, decides what needs quotes."""
    if in_block and isinstance(value, dict) and value:
        return CommentedMap({_new(key): _new(inner, _is_open(inner)) for key, inner in value.items()})
    if in_block and isinstance(value, list) and value and isinstance(value[0], dict | list):
        rows = isinstance(value[0], dict) or (bool(value[0]) and isinstance(value[0][0], list))
        if rows:
            return CommentedSeq([_new(inner, isinstance(inner, dict)) for inner in value])
    text = yaml.safe_dump([value], default_flow_style=True, width=10**9, allow_unicode=True, sort_keys=False)
    return _yaml().load(text)[0]


def _is_open(value: Any) -> bool:
    """Whether a new value gets lines of its own: lists of sections, and sections in a section."""
    return isinstance(value, list | Lines) or (
        isinstance(value, dict) and any(isinstance(inner, dict | list) for inner in value.values())
    )


def _last_leaf(node: Any, key: str | int) -> tuple[Any, str | int]:
    """(mapping or list, key) of the last value in block style below ``node[key]``: what follows its line hangs on it."""
    value = node[key]
    while isinstance(value, CommentedMap | CommentedSeq) and value and not value.fa.flow_style():
        node, key = value, next(reversed(value)) if isinstance(value, CommentedMap) else len(value) - 1
        value = node[key]
    return node, key


def _slot(node: Any) -> int:
    """Where ruamel keeps the comment behind an entry."""
    return 2 if isinstance(node, CommentedMap) else 0


def _cut_tail(node: Any, key: str | int) -> str:
    """Take off the lines behind an entry (blank ones and comments); the comment in its own line stays."""
    ends = _cut_ends(node[key])
    node, key = _last_leaf(node, key)
    tokens = node.ca.items.get(key)
    token = tokens[_slot(node)] if tokens is not None and len(tokens) > _slot(node) else None
    if token is None:
        return ends
    own, _, tail = str(token.value).partition("\n")
    if own.strip():
        token.value = own + "\n"
    else:
        tokens[_slot(node)] = None
    return tail + ends


def _cut_ends(value: Any) -> str:
    """What ruamel keeps as comments at the end of a list or section, and of the last one in it."""
    text = ""
    if isinstance(value, CommentedMap | CommentedSeq) and value:
        text = _cut_ends(value[next(reversed(value))] if isinstance(value, CommentedMap) else value[-1])
        text += "".join(" " * token.start_mark.column + str(token.value) for token in value.ca.end)
        value.ca.end = []
    return text


def _add_tail(node: Any, key: str | int, tail: str) -> None:
    if not tail:
        return
    node, key = _last_leaf(node, key)
    tokens = node.ca.items.setdefault(key, [None, None, None, None])
    token = tokens[_slot(node)]
    if token is None:
        tokens[_slot(node)] = CommentToken("\n" + tail, CommentMark(0), None)
    else:
        token.value = str(token.value).rstrip("\n") + "\n" + tail


def _converted(rename: Rename, value: Any) -> Any:
    """The new value of a renamed setting; one that stays the same keeps its spelling."""
    if not isinstance(value, str):
        return value
    before = yaml.safe_load(value)
    after = rename.to_new(before)
    return value if after is before else _new(after)


def _said(value: Any) -> Any:
    """What a plain value says to who reads the file; all are text here."""
    return yaml.safe_load(value) if isinstance(value, str) and len(value) < 8 else value


def _child(node: Any, part: str | int) -> Any:
    if isinstance(node, CommentedMap):
        return node.get(part)
    if isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
        return node[part]
    return None


def reach(data: Any, place: Place) -> Any:
    for part in place:
        data = data[part]
    return data


def _short(entry: Any) -> Any:
    """A screen without what is as by default."""
    return ScreenConfig.model_validate(entry).model_dump(exclude_defaults=True) if isinstance(entry, dict) else entry
