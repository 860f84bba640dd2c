"""The artist's file of presets and cues, read: what it says, and what is wrong with it, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from installation.base.names import printable
from installation.base.text_files import TextFileError, read_text_file
from installation.config.cue_rows import CueRow, PresetRow, SheetRows, flat
from installation.config.load import load_config
from installation.config.look import Modulated
from installation.config.scene_files import scene_names
from installation.config.yaml_text import MAX_BYTES, MAX_MISTAKES, ConfigError, Place, dotted, find, line_of, read_yaml
from installation.live_commands.table import COMMANDS, OPERATOR, Argument, CommandError, checked

CONTROL = "/control/"
MAX_SETTINGS = 2000
"""Of one preset or cue; there are about 500."""
MAX_TIMES = 1000
"""Of all cues together."""
NOT_IN_CUES = ("cue", "cue_go", "cue_back", "cue_hold", "preset", "store_preset")
"""A cue says these by fields of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One setting of a preset or cue: its address, its value (as written, once checked as the setting has it), and where it
    stands, for messages."""

    path: str
    value: object
    where: str


@dataclass(frozen=True)
class Preset:
    """``lines`` are those of ``look``, a file in looks/ ("" for none), and then its own. ``fade_s`` None: as settings say."""

    name: str
    number: int
    lines: tuple[Line, ...] = ()
    look: str = ""
    fade_s: float | None = None
    easing: str = "smooth"


@dataclass(frozen=True)
class Cue:
    """One cue. ``times`` are minutes since midnight, ``days`` 0 (Monday) to 6; ``follow_s`` None: nothing follows by itself,
    and the fade's own length where ``follow_done``. ``commands``: (name, arguments)."""

    number: float
    name: str = ""
    preset: Preset | None = None
    lines: tuple[Line, ...] = ()
    look: str = ""
    fade_s: float | None = None
    easing: str = "smooth"
    scene: str = ""
    commands: tuple[tuple[str, tuple[Argument, ...]], ...] = ()
    follow_s: float | None = None
    follow_done: bool = False
    next: float | None = None
    times: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    poses: tuple[str, ...] = ()
    arrives: bool = False
    empty_s: float | None = None
    key: str = ""
    osc: str = ""

    @property
    def label(self) -> str:
        """Number and name, for people."""
        return f"{self.number:g} {self.name}".strip()


@dataclass(frozen=True)
class Sheet:
    """All that the file says. ``left_out``: lines that cannot be used, in words; the rest of the file is."""

    presets: tuple[Preset, ...] = ()
    cues: tuple[Cue, ...] = ()
    left_out: tuple[str, ...] = ()

    def preset(self, which: Argument) -> Preset:
        """The preset of a number or a name. LookupError says which there are."""
        return _found("preset", which, {one.number: one for one in self.presets}, self.presets)

    def cue(self, which: Argument) -> Cue:
        """The cue of a number or a name. LookupError says which there are."""
        return _found("cue", which, {one.number: one for one in self.cues}, self.cues)


_Row = TypeVar("_Row", Preset, Cue)


def _found(kind: str, which: Argument, by_number: Mapping[float, _Row], rows: Sequence[_Row]) -> _Row:
    number = which
    if isinstance(which, str):
        for row in rows:
            if row.name == which.strip():
                return row
        try:
            number = float(which)
        except ValueError:
            number = -1.0
    # OSC's single precision makes 2.0999999 of 2.1.
    row_or_none = by_number.get(round(float(number), 3))
    if row_or_none is not None:
        return row_or_none
    names = [f"{one.number:g} {one.name}".strip() for one in rows]
    near = get_close_matches(str(which), [one.name for one in rows], 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names[:12])}{' ...' if names[12:] else ''}"
    said = repr(printable(which)[:40]) if isinstance(which, str) else f"{which:g}"
    raise LookupError(f"there is no {kind} {said}; {hint if rows else f'there are no {kind}s in the file'}")


def read_sheet(path: Path) -> Sheet:
    """What a file says; an empty ``Sheet`` where nothing is written in it. Raises ConfigError, a line for each mistake; OSError
    where it is not there or cannot be read."""
    try:
        text = read_text_file(path, MAX_BYTES)
    except TextFileError as error:
        raise ConfigError(error.at(path.name)) from error
    return parse_sheet(text, path.name)


def parse_sheet(text: str, name: str = "cues.yaml") -> Sheet:
    """What a text says; ``name`` stands in the messages. Raises ConfigError."""
    node, data = read_yaml(text, name)
    if data is None:
        return Sheet()
    if not isinstance(data, dict):
        line = 1 if node is None else line_of(node)
        raise ConfigError(f"{name}:{line}: presets and cues are written below presets: and cues:")
    try:
        rows = SheetRows.model_validate(data)
    except ValidationError as error:
        mistakes = error.errors()
        said = [_explained(one, node, name) for one in mistakes[:MAX_MISTAKES]]
        raise ConfigError(*said, unsaid=len(mistakes) - len(said)) from error
    return _Reader(node, name).sheet(rows)


class _Reader:
    """Makes a ``Sheet`` of rows that are right one by one: numbers, names, what refers to what."""

    def __init__(self, node: yaml.Node | None, name: str) -> None:
        self._node, self._name = node, name
        self._mistakes: list[str] = []
        self._left_out: list[str] = []

    def sheet(self, rows: SheetRows) -> Sheet:
        presets = self._presets(rows.presets)
        by_name = {one.name: one for one in presets}
        by_number = {one.number: one for one in presets}
        cues = sorted(
            (self._cue(n, row, by_name, by_number) for n, row in enumerate(rows.cues)), key=lambda one: one.number
        )
        self._check_once(rows.cues, cues)
        if self._mistakes:
            raise ConfigError(*self._mistakes)
        return Sheet(tuple(presets), tuple(cues), tuple(self._left_out))

    def _where(self, *place: str | int) -> str:
        _, line, _ = find(self._node, place)
        return f"{self._name}:{line}: {dotted(place)}"

    def _presets(self, rows: Mapping[str, PresetRow]) -> list[Preset]:
        given = [row.number for row in rows.values() if row.number is not None]
        free = (number for number in range(1, 10_000) if number not in given)
        found: dict[int, str] = {}
        presets = []
        for name, row in rows.items():
            number = row.number if row.number is not None else next(free, 0)
            if number in found or not number:
                self._mistakes.append(
                    f"{self._where('presets', name, 'number')}: {number} is {found.get(number)!r} already"
                )
            found[number] = name
            place: Place = ("presets", name)
            presets.append(Preset(name, number, self._lines(row, place), row.look, row.fade_s, row.easing))
        return presets

    def _cue(self, at: int, row: CueRow, by_name: Mapping[str, Preset], by_number: Mapping[int, Preset]) -> Cue:
        place: Place = ("cues", at)
        preset = None
        if row.preset is not None:
            preset = by_number.get(row.preset) if isinstance(row.preset, int) else by_name.get(row.preset)
            if preset is None:
                near = get_close_matches(str(row.preset), by_name, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(by_name) or 'none'}"
                self._mistakes.append(f"{self._where(*place, 'preset')}: there is no preset {row.preset!r}; {hint}")
        easing = row.easing or (preset.easing if preset is not None else "smooth")
        fade_s = row.fade_s if row.fade_s is not None else (preset.fade_s if preset is not None else None)
        return Cue(
            row.cue, row.name, preset, self._lines(row, place), row.look, fade_s, easing,
            self._scene(row.scene, (*place, "scene")), tuple(self._commands(row.commands, (*place, "commands"))),
            None if isinstance(row.follow, str) else row.follow, row.follow == "done", row.next,
            row.times, row.weekdays, row.poses, row.arrives, row.empty_s, self._key(row.key, (*place, "key")),
            self._osc(row.osc, (*place, "osc")),
        )  # fmt: skip

    def _lines(self, row: PresetRow | CueRow, place: Place) -> tuple[Line, ...]:
        """Those of the look, and then those that are written out."""
        lines = self._look(row.look, (*place, "look"))
        for parts, value, written in flat(row.settings):
            where = self._where(*place, "settings", *written)
            # A preset may be a piece of config.yaml, with look: NAME in it.
            if parts in (("look",), ("look", "name")) and isinstance(value, str):
                lines = [*self._look(value, (*place, "settings", *written)), *lines]
            else:
                lines.append(Line(CONTROL + "/".join(parts), value, where))
        if len(lines) > MAX_SETTINGS:
            self._mistakes.append(f"{self._where(*place)}: {len(lines)} settings; {MAX_SETTINGS} are the most")
        return tuple(lines)

    def _look(self, name: str, place: Place) -> list[Line]:
        """Every line of a look. One that cannot be read is left out, and the rest works."""
        where = self._where(*place)
        try:
            look = load_config((), {"look.name": name}).look if name else None
        except ConfigError as error:
            self._left_out.append(f"{where}: {error.mistakes[0].split(': ', 1)[-1]}")
            return []
        if look is None:
            return []
        said = look.model_dump(exclude={"name"})
        for slopes in ("valence", "arousal"):
            said[slopes] = {name: said[slopes].get(name, 0.0) for name in get_args(Modulated)}
        return [Line(CONTROL + "/".join(("look", *parts)), value, where) for parts, value, _ in flat(said)]

    def _scene(self, name: str, place: Place) -> str:
        """A scene that is not there is left out, and the rest of the cue works: its file may come back."""
        if not name or name in scene_names():
            return name
        near = get_close_matches(name, scene_names(), 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(scene_names())}"
        self._left_out.append(f"{self._where(*place)}: there is no scene {name!r}; {hint}")
        return ""

    def _commands(self, texts: Sequence[str], place: Place) -> Iterator[tuple[str, tuple[Argument, ...]]]:
        for at, text in enumerate(texts):
            name, _, rest = text.strip().partition(" ")
            if name in NOT_IN_CUES:
                how = "preset: NAME" if "preset" in name else "follow: or next:"
                self._mistakes.append(f"{self._where(*place, at)}: a cue does not give {name}; write {how} instead")
                continue
            try:
                yield name, _arguments(name, rest.strip())
            except CommandError as error:
                self._mistakes.append(f"{self._where(*place, at)}: {error}")

    def _key(self, key: str, place: Place) -> str:
        for command in COMMANDS.values():
            if key and key in command.keys:
                self._mistakes.append(
                    f"{self._where(*place)}: key {key} is {command.name} ({command.help}); choose another"
                )
        return key

    def _osc(self, address: str, place: Place) -> str:
        word = address.strip("/")
        if word in COMMANDS or word.split("/")[0] in ("control", "get", "cue", "preset"):
            self._mistakes.append(
                f"{self._where(*place)}: /{word} means something else already; choose another address"
            )
        return word

    def _check_once(self, rows: Sequence[CueRow], cues: Sequence[Cue]) -> None:
        """Numbers, names, keys and addresses stand for one cue each; what comes next must be there."""
        numbers = {one.number for one in cues}
        for what, field in (("number", "cue"), ("name", "name"), ("key", "key"), ("address", "osc")):
            seen: dict[object, float] = {}
            for at, row in enumerate(rows):
                value = getattr(row, field)
                if value and value in seen:
                    said = f"{value:g}" if isinstance(value, float) else repr(value)
                    where = self._where("cues", at, field)
                    self._mistakes.append(
                        f"{where}: the {what} {said} is that of cue {seen[value]:g} already; choose another"
                    )
                seen.setdefault(value, row.cue)
        times = sum(len(row.at) for row in rows)
        if times > MAX_TIMES:
            self._mistakes.append(f"{self._where('cues')}: {times} times of day; {MAX_TIMES} are the most")
        for at, row in enumerate(rows):
            if row.next is not None and row.next not in numbers:
                there = ", ".join(f"{number:g}" for number in sorted(numbers))
                self._mistakes.append(
                    f"{self._where('cues', at, 'next')}: there is no cue {row.next:g}; there are {there}"
                )


def _arguments(name: str, text: str) -> tuple[Argument, ...]:
    """What stands behind a command's name. Raises CommandError."""
    if not text:
        checked(OPERATOR, name)
        return ()
    parameter = COMMANDS[name].parameter if name in COMMANDS else None
    value: object = text
    if parameter is not None and parameter.kind != "text":
        try:
            value = float(text)
        except ValueError:
            value = text
    found = checked(OPERATOR, name, [value])
    return () if found is None else (found,)


def _explained(entry: Any, node: yaml.Node | None, name: str) -> str:
    """One mistake that pydantic reports, in a line."""
    place: Place = tuple(part for part in entry["loc"] if part != "[key]")
    found, line, _ = find(node, place)
    where = f"{name}:{line}: {dotted(place)}: "
    message = str(entry["msg"])
    if entry["type"] == "extra_forbidden":
        model = PresetRow if place[0] == "presets" else CueRow if len(place) > 1 else SheetRows
        return where + _unknown(str(place[-1]), model)
    if entry["type"] == "missing":
        return f"{where}{place[-1]}: is missing; a cue has a number, such as cue: 1"
    if entry["type"] in ("dict_type", "model_type", "model_attributes_type", "list_type"):
        wanted = (
            "a list, each line with a dash"
            if entry["type"] == "list_type"
            else "a section: its lines stand below it, indented"
        )
        return f"{where}this is {wanted}"
    written = found.value if isinstance(found, yaml.ScalarNode) else None
    if written is None or repr(written) in message:
        return where + message
    if written == "":
        return f"{where}{message}; there is no value"
    return f"{where}{message}, not {written!r}"


def _unknown(name: str, model: type[BaseModel]) -> str:
    near = get_close_matches(name, model.model_fields, 1)
    return f"unknown; did you mean {near[0]}?" if near else f"unknown; there are {', '.join(model.model_fields)}"
