"""Settings that were renamed, and older settings brought up to today's names.

``RENAMED`` is the one table: config.yaml, recordings and old /control addresses are all read through it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.comments import CommentedMap

VERSION = 2
"""Of config.yaml, in its line ``version:``."""
GLOW_1 = 0.6
"""What output.bloom was as shipped; output.glow is a factor of it."""


def _same(value: Any) -> Any:
    return value


def _scaled(factor: float) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """(times ``factor``, divided by it); what is no number stays, to be reported where the settings are checked."""
    return _number(lambda value: value * factor), _number(lambda value: value / factor)


def _number(convert: Callable[[float], float]) -> Callable[[Any], Any]:
    def converted(value: Any) -> Any:
        # Twelve digits: 1 - 0.9 must be 0.1, as a person would write it.
        try:
            return float(f"{convert(value):.12g}") if type(value) in (int, float) else value
        except OverflowError:  # a whole number of hundreds of digits: to be reported like what is no number
            return value

    return converted


@dataclass(frozen=True, slots=True)
class Rename:
    """``old`` became ``new``: dotted places, in which * stands for any name or entry of a list. All that lies below comes
    along. ``to_new`` and ``to_old`` convert the value of exactly this place."""

    old: str
    new: str
    to_new: Callable[[Any], Any] = _same
    to_old: Callable[[Any], Any] = _same

    @property
    def is_converted(self) -> bool:
        """Whether the value changes with the name."""
        return self.to_new is not _same


RENAMED: tuple[Rename, ...] = (
    Rename("capture.fps", "capture.per_second"),
    Rename("perception.budget_ms", "perception.budget_s", *reversed(_scaled(1000))),
    Rename("poses.emotions", "poses.meanings"),
    Rename("look.*.light", "look.*.lighting"),
    Rename("textures.latent_speed", "generation.latent_per_second"),
    Rename("textures.styles", "generation.styles_folder"),
    Rename("textures", "generation"),
    Rename("translation", "repainting"),
    Rename("output.fps", "output.per_second"),
    Rename("output.software_fps", "output.software_per_second"),
    Rename("output.bloom", "output.glow", *reversed(_scaled(GLOW_1))),
    Rename("output.exposure", "output.brightness"),
    Rename("video.fps", "video.per_second"),
    Rename("video.file_minutes", "video.file_s", *_scaled(60)),
    Rename("osc.targets.*.rate", "osc.targets.*.per_second"),
    Rename("osc.targets.*.set", "osc.targets.*.format"),
    Rename("lights.presence", "lights.idle_level", *[_number(lambda value: 1 - value)] * 2),
    Rename("lights.fixtures.*.follows", "lights.fixtures.*.whose"),
    Rename("lights.universes.*.rate", "lights.universes.*.per_second"),
    Rename("midi.rate", "midi.per_second"),
)
"""From version 1 to 2. A place comes before the section round it."""


RETIRED = ("manner", "model", "provider")
"""Of ``repainting``: a network of its own repainted there until the painter of pictures (``picture``) took its place."""


def retire(data: MutableMapping[Any, Any], new: Callable[[Any], Any] = _same) -> bool:
    """Take out what settings of any version may still say of the network that repainted; gives whether they did.

    Where they asked for the network, repainting is off: what is left, the manner of paintings, they did not ask for.
    ``new`` makes a value that fits into ``data``.
    """
    section = data.get("repainting")
    if not isinstance(section, MutableMapping) or not any(name in section for name in RETIRED):
        return False
    styled = str(section.get("manner", "network")) == "styles"
    for name in RETIRED:
        section.pop(name, None)
    if not styled:
        section["enabled"] = new(False)
    elif "enabled" not in section:
        section["enabled"] = new(True)
    return True


REWORDED: dict[str, dict[bool, str]] = {"output.hud": {False: "off", True: "figures"}}
"""Switches that became choices. The switch counts in settings of any version and over OSC: YAML reads ``off`` as False, too."""


def reword(
    data: MutableMapping[Any, Any], new: Callable[[Any], Any] = _same, read: Callable[[Any], Any] = _same
) -> bool:
    """Put today's words in the place of switches that became choices; gives whether there were any.

    ``new`` makes a value that fits into ``data``, ``read`` tells what one of it says.
    """
    found = False
    for place in REWORDED:
        *parents, name = place.split(".")
        for mapping in _mappings(data, parents):
            before = mapping.get(name)
            after = word_of(place, read(before))
            if isinstance(after, str) and isinstance(read(before), bool) and after != before:
                mapping[name], found = new(after), True
    return found


def word_of(place: str, value: Any) -> Any:
    """Today's word for a switch (a truth value, or 0 or 1) at a dotted ``place``; any other value as it is."""
    words = REWORDED.get(place)
    is_switch = isinstance(value, bool | int | float) and value in (0, 1)
    return words[bool(value)] if words is not None and is_switch else value


def find_rename(place: str) -> tuple[str, Rename] | None:
    """(today's name of an old dotted ``place``, how it came about); None where nothing was renamed on the way to it."""
    parts = place.split(".")
    for rename in RENAMED:
        old, new = rename.old.split("."), rename.new.split(".")
        if len(parts) >= len(old) and all(want in ("*", part) for want, part in zip(old, parts, strict=False)):
            named = [part if want == "*" else want for want, part in zip(new, parts, strict=False)]
            return ".".join([*named, *parts[len(old) :]]), rename
    return None


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """A copy of plain settings of any version under today's names. Raises ValueError where a setting stands under both."""
    data = copy.deepcopy(data)
    rename_keys(data)
    retire(data)
    reword(data)
    return data


def _to_new(rename: Rename, value: Any) -> Any:
    return rename.to_new(value)


def rename_keys(data: MutableMapping[Any, Any], convert: Callable[[Rename, Any], Any] = _to_new) -> list[Rename]:
    """Give all that was renamed today's name and value, in its place and with its comments; gives what was renamed.

    ``convert`` gives the new value; a document whose numbers are text has its own way.
    Raises ValueError where a setting stands under its old name and its new one.
    """
    done = []
    for rename in RENAMED:
        *parents, old = rename.old.split(".")
        new = rename.new.rsplit(".", 1)[-1]
        for mapping in _mappings(data, parents):
            if old not in mapping:
                continue
            if new in mapping:
                raise ValueError(f"{rename.old} is called {rename.new} now, and both are written; take one out")
            _rename_key(mapping, old, new, convert(rename, mapping[old]))
            done.append(rename)
    return done


def _mappings(node: Any, parts: list[str]) -> Iterator[MutableMapping[Any, Any]]:
    """The mappings at a place, in which * stands for any name or entry."""
    if not parts:
        if isinstance(node, MutableMapping):
            yield node
        return
    head, rest = parts[0], parts[1:]
    if isinstance(node, MutableMapping):
        for name in list(node) if head == "*" else [head] if head in node else []:
            yield from _mappings(node[name], rest)
    elif isinstance(node, list) and head == "*":
        for entry in node:
            yield from _mappings(entry, rest)


def _rename_key(mapping: MutableMapping[Any, Any], old: str, new: str, value: Any) -> None:
    at = list(mapping).index(old)
    if isinstance(mapping, CommentedMap):
        del mapping[old]
        mapping.insert(at, new, value)
        if old in mapping.ca.items:
            mapping.ca.items[new] = mapping.ca.items.pop(old)
        return
    items = [(new, value) if name == old else (name, held) for name, held in mapping.items()]
    mapping.clear()
    mapping.update(items)


def old_places(place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Under which older names a place of today may be written."""
    for rename in RENAMED:
        old, new = rename.old.split("."), rename.new.split(".")
        if len(place) >= len(new) and all(want in ("*", part) for want, part in zip(new, place, strict=False)):
            named = [part if want == "*" else want for want, part in zip(old, place, strict=False)]
            yield (*named, *place[len(new) :])
