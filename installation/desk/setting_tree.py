"""All settings as the page shows them: sections, their groups, what has a control and what is edited as text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from installation.config.section import Level, level_of
from installation.config.settings import NEEDS_RESTART, Config
from installation.live_commands.setting_table import CONTROL, Setting

LOCKED = "desk"
"""The section that the page may not change: it says who may reach the page."""


@dataclass(frozen=True)
class Entry:
    """One setting. ``setting``: its row of the table; None for a list, a mapping or a free text."""

    place: tuple[str, ...]
    meaning: str
    level: Level
    setting: Setting | None
    form: Literal["control", "line", "yaml"]
    needs_restart: bool
    or_number: bool = False
    """A text that may be a whole number as well, such as a camera's."""

    @property
    def name(self) -> str:
        """The setting as it is written: scene.pace."""
        return ".".join(self.place)

    @property
    def path(self) -> str:
        """The address by which the piece knows it."""
        return "/".join((CONTROL, *self.place))

    @property
    def title(self) -> str:
        """Its own name as words, without the unit, which is shown beside the value."""
        return title_of(self.place[-1], self.setting.unit if self.setting is not None else "")

    @property
    def full_title(self) -> str:
        """Section, groups and name as words."""
        return " › ".join([*(part.replace("_", " ") for part in self.place[:-1]), self.title])

    @property
    def group(self) -> str:
        """Where it stands within its section, as words; empty for the section itself."""
        return " › ".join(part.replace("_", " ") for part in self.place[1:-1])


@dataclass(frozen=True)
class Part:
    """A section and its settings in the order of the models."""

    name: str
    meaning: str
    entries: tuple[Entry, ...]

    def groups(self, keep: Callable[[Entry], bool]) -> dict[str, list[Entry]]:
        """The entries that ``keep`` keeps, by their group; those of the section itself first."""
        found: dict[str, list[Entry]] = {"": []}
        for entry in self.entries:
            if keep(entry):
                found.setdefault(entry.group, []).append(entry)
        return {group: entries for group, entries in found.items() if entries}


def title_of(name: str, unit: str) -> str:
    """A setting's name as words; one that ends with its ``unit``, such as fade_s, without it."""
    words = name.split("_")
    return " ".join(words[:-1] if len(words) > 1 and unit and words[-1] == unit.lower() else words)


def parts(table: Mapping[str, Setting]) -> tuple[Part, ...]:
    """All sections. ``table``: the settings that can be changed at once, by address."""
    below: dict[tuple[str, ...], list[Setting]] = {}
    for setting in table.values():
        for depth in range(1, len(setting.place) + 1):
            below.setdefault(setting.place[:depth], []).append(setting)
    found = []
    for name, field in Config.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        entries = tuple(_entries(model, (name,), table, below))
        found.append(Part(name, " ".join((model.__doc__ or "").split()), entries))
    return tuple(found)


def search(all_parts: Sequence[Part], text: str, keep: Callable[[Entry], bool]) -> list[Entry]:
    """The entries that have all words of ``text`` in their name or description; those with them in the name first."""
    words = text.lower().replace("_", " ").split()
    named: list[Entry] = []
    described: list[Entry] = []
    for part in all_parts:
        for entry in part.entries:
            name = f"{entry.name} {entry.name.replace('.', ' ')}".lower().replace("_", " ")
            if not all(word in name or word in entry.meaning.lower() for word in words) or not keep(entry):
                continue
            (named if all(word in name for word in words) else described).append(entry)
    return named + described


def _entries(
    model: type[BaseModel],
    place: tuple[str, ...],
    table: Mapping[str, Setting],
    below: Mapping[tuple[str, ...], Sequence[Setting]],
) -> Iterator[Entry]:
    for name, field in model.model_fields.items():
        here, kind = (*place, name), field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _entries(kind, here, table, below)
            continue
        inner = below.get(here, ())
        for setting in inner:
            yield _entry(model, field, setting.place, setting)
        if not inner:
            yield _entry(model, field, here, None)


def _entry(model: type[BaseModel], field: FieldInfo, place: tuple[str, ...], setting: Setting | None) -> Entry:
    meaning = setting.meaning if setting is not None else field.description or ""
    form: Literal["control", "line", "yaml"] = "control"
    if setting is None:
        form = "line" if _is_line(field.annotation) else "yaml"
    or_number = form == "line" and int in get_args(field.annotation)
    restart = ".".join(place) in NEEDS_RESTART
    return Entry(place, meaning, level_of(model, field), setting, form, restart, or_number)


def _is_line(kind: Any) -> bool:
    """Whether it is a text, or a text or a number."""
    return get_origin(kind) not in (list, dict) and set(get_args(kind) or (kind,)) <= {str, int}
