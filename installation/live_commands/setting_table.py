"""The settings that can be changed while the piece runs, read off the models: a new setting needs no second list.

A setting /control/SECTION/.../NAME is in the table when it is a switch, a number with limits, a choice, or a text that is
checked (a colour, a name with a pattern, a scene). Lists and free texts are not, as they name files, models and sources: they
are in LISTS, which the operator alone may change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from installation.base.files import FileStamp, file_stamp
from installation.config.migrate import word_of
from installation.config.scene import SceneConfig
from installation.config.scene_files import FOLDERS, Folders, SceneFileError, as_folders, load_scene, scene_names
from installation.config.section import from_network, plain
from installation.config.settings import NEEDS_RESTART, Config
from installation.live_commands.table import CONTROLLERS, MAX_TEXT, OPERATOR_ONLY, Argument, Caller, is_number

CONTROL = "/control"
Place = tuple[str, ...]
Value = int | float | str | bool
"""A setting's value in the settings."""
Stamp = tuple[tuple[str, FileStamp], ...]
_UNITS = {"s": "s", "ms": "ms", "hz": "Hz", "px": "px", "mb": "MB", "minutes": "min"}
"""A setting's unit stands at the end of its name, or as the last words of its description."""
_WORDS = {"seconds": "s", "milliseconds": "ms", "hertz": "Hz", "pixels": "px", "megabytes": "MB", "minutes": "min"}
_LARGEST = 3.4e38


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``place`` leads to it in the settings; ``kind`` is "switch", "int", "float" or "text".

    Numbers lie in [low, high], or without the ends where ``above`` or ``below`` is True; ``step`` 0: any. ``choices`` are all
    values there are; empty: any within the limits. ``missing``: what is read where the settings say nothing: a weight that is
    left out is 0, a number -1, a text empty. ``callers``: who may change it; anybody but visitors may read it.
    """

    place: Place
    kind: Literal["switch", "int", "float", "text"]
    meaning: str
    low: float = 0.0
    high: float = 0.0
    above: bool = False
    below: bool = False
    step: float = 0.0
    choices: tuple[Argument, ...] = ()
    unit: str = ""
    needs_restart: bool = False
    missing: Argument = 0.0
    callers: frozenset[Caller] = CONTROLLERS

    @property
    def path(self) -> str:
        """The address below the prefix."""
        return "/".join((CONTROL, *self.place))

    @property
    def tag(self) -> str:
        """The OSC type: i, f or s. A switch is 0 or 1."""
        return {"switch": "i", "int": "i", "float": "f", "text": "s"}[self.kind]

    @property
    def limits(self) -> str:
        """The limits in words."""
        if self.choices:
            return ", ".join(str(choice) for choice in self.choices)
        if self.kind == "text":
            return "text"
        low = f"above {self.low:g}" if self.above else f"{self.low:g}"
        high = f"below {self.high:g}" if self.below else f"{self.high:g}"
        return f"{low} to {high}{f' in steps of {self.step:g}' if self.step else ''}"

    def read(self, config: Config) -> Argument:
        """The setting's value as an OSC argument."""
        node: Any = config
        for part in self.place:
            node = node.get(part, self.missing) if isinstance(node, dict) else getattr(node, part)
            if node is self.missing:
                break
        return int(node) if self.kind == "switch" else node

    def plain(self, value: Argument) -> Value:
        """An OSC argument as a settings file has it: a switch is true or false."""
        return bool(value) if self.kind == "switch" else value

    def fit(self, args: Sequence[object]) -> Value:
        """The value for the settings out of a message's arguments. ValueError for a wrong type or one out of range."""
        if len(args) != 1:
            raise ValueError(f"takes one value, not {len(args)}")
        value = args[0]
        if self.kind == "text":
            return self._text(value)
        if not is_number(value):
            raise ValueError(f"must be a number ({self.limits}), not {str(value)[:40]!r}")
        if self.kind == "float":
            value = float(value)
        elif value != int(value):
            raise ValueError(f"must be a whole number ({self.limits}), not {value:g}")
        else:
            value = int(value)
        outside = not self.low <= value <= self.high
        if outside or (self.above and value == self.low) or (self.below and value == self.high):
            raise ValueError(f"must be {self.limits}, not {value:g}")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of {self.limits}, not {value:g}")
        return bool(value) if self.kind == "switch" else value

    def _text(self, value: object) -> str:
        value = word_of(".".join(self.place), value)
        if not isinstance(value, str):
            raise ValueError(f"must be text ({self.limits}), not {str(value)[:40]!r}")
        if len(value) > MAX_TEXT:
            raise ValueError(f"must have {MAX_TEXT} letters at most")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of {self.limits}, not {value[:40]!r}")
        return value

    def changed(self, config: Config, value: Value) -> Config:
        """``config`` with this setting at ``value``; all sections round it are checked. ValueError where they refuse."""
        return _changed(config, self.place, value)


@dataclass(frozen=True, slots=True)
class ListSetting:
    """A list, a mapping or a free text of the settings, changed as a whole; its value is plain data, as JSON has it."""

    place: Place

    @property
    def path(self) -> str:
        """The address below the prefix, by which the operator's page knows it."""
        return "/".join((CONTROL, *self.place))

    def read(self, config: Config) -> Any:
        """The whole value, of sections only what is not as by default."""
        node: Any = config
        for part in self.place:
            node = getattr(node, part)
        return plain(node)

    def changed(self, config: Config, value: Any) -> Config:
        """``config`` with this value; it is checked. ValueError where it cannot be."""
        return _changed(config, self.place, value)


def all_changed(config: Config, changes: Sequence[tuple[Setting, Value]]) -> Config:
    """``config`` with several settings changed in one go: each section that holds any is checked once. ValueError where one of
    them refuses."""
    tree: dict[str, Any] = {}
    for setting, value in changes:
        node = tree
        for part in setting.place[:-1]:
            node = node.setdefault(part, {})
        node[setting.place[-1]] = value
    try:
        result = _with_all(config, tree)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from error
    assert isinstance(result, Config)
    return result


def table() -> dict[str, Setting]:
    """All settings that can be changed, by their address below the prefix; a scene's numbers as the scene files are now."""
    found = {setting.path: setting for setting in _of_section(Config, ())}
    return found | {setting.path: setting for setting in _of_scenes()}


def scenes_stamp(folder: Folders = FOLDERS) -> Stamp:
    """What differs as soon as a scene's file was added, saved or removed; the table is then to be made again."""
    paths = (path for one in as_folders(folder) for kind in ("*.yaml", "*.frag") for path in one.glob(kind))
    return tuple(sorted((str(path), file_stamp(path)) for path in paths))


def _changed(config: Config, place: Place, value: Any) -> Config:
    try:
        result = _with(config, place, value)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from error
    assert isinstance(result, Config)
    return result


def _with(node: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    head, rest = place[0], place[1:]
    if isinstance(node, BaseModel):
        return type(node).model_validate({**dict(node), head: _with(getattr(node, head), rest, value)})
    return {**node, head: _with(node.get(head, {}), rest, value)}


def _with_all(node: Any, tree: dict[str, Any]) -> Any:
    """``node`` with the values at the leaves of ``tree``, which branches as settings do."""
    if isinstance(node, BaseModel):
        old = dict(node)
        new = {name: _with_all(old[name], inner) if isinstance(inner, dict) else inner for name, inner in tree.items()}
        return type(node).model_validate({**old, **new})
    new = {
        name: _with_all(node.get(name, {}), inner) if isinstance(inner, dict) else inner for name, inner in tree.items()
    }
    return {**node, **new}


def _of_section(model: type[BaseModel], place: Place) -> Iterator[Setting]:
    checked = {
        name for validator in model.__pydantic_decorators__.field_validators.values() for name in validator.info.fields
    }
    for name, field in model.model_fields.items():
        here, kind = (*place, name), field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _of_section(kind, here)
        elif get_origin(kind) is dict:
            yield from _of_mapping(kind, here, field.description or "")
        else:
            setting = _of_field(kind, field.metadata, here, field.description or "", name in checked)
            if setting is not None:
                callers = CONTROLLERS if from_network(field) else OPERATOR_ONLY
                yield replace(setting, needs_restart=".".join(here) in NEEDS_RESTART, callers=callers)


def _of_mapping(kind: Any, place: Place, meaning: str) -> Iterator[Setting]:
    """The values of a mapping whose names are known beforehand."""
    keys, inner = get_args(kind)
    for key in get_args(keys) if get_origin(keys) is Literal else ():
        here = (*place, str(key))
        if get_origin(inner) is dict:
            yield from _of_mapping(inner, here, f"{key}, {meaning}")
            continue
        setting = _of_field(inner, [], here, f"{key}: {meaning}", False)
        if setting is not None:
            yield setting


def _of_field(kind: Any, limits: list[Any], place: Place, meaning: str, checked: bool) -> Setting | None:
    if get_origin(kind) is Annotated:
        kind, *more = get_args(kind)
        limits = [limit for one in more for limit in (one.metadata if isinstance(one, FieldInfo) else [one])]
    if kind is bool:
        return Setting(place, "switch", meaning, 0, 1, choices=(0, 1))
    if get_origin(kind) is Literal:
        return _of_choice(get_args(kind), place, meaning)
    if kind is str:
        named = scene_names() if place == ("scene", "name") else ()
        known = checked or any(_is_check(limit) for limit in limits)
        return Setting(place, "text", meaning, choices=named, missing="") if known else None
    if kind not in (int, float):
        return None
    low, above = _limit(limits, "ge", "gt", -_LARGEST)
    high, below = _limit(limits, "le", "lt", _LARGEST)
    if kind is int:
        low, high = max(low, -(2**31)), min(high, 2**31 - 1)
    step = _limit(limits, "multiple_of", "", 0.0)[0]
    named_kind: Literal["int", "float"] = "int" if kind is int else "float"
    missing = 0.0 if kind is float else -1
    unit = _unit(place, meaning)
    return Setting(place, named_kind, meaning, low, high, above, below, step, unit=unit, missing=missing)


def _of_choice(choices: tuple[Any, ...], place: Place, meaning: str) -> Setting | None:
    if all(isinstance(choice, str) for choice in choices):
        return Setting(place, "text", meaning, choices=choices)
    if all(type(choice) is int for choice in choices):
        return Setting(place, "int", meaning, min(choices), max(choices), choices=choices)
    return None


def _of_scenes() -> Iterator[Setting]:
    """The numbers of each scene. A scene whose file has a mistake has none."""
    assert "parameters" in SceneConfig.model_fields
    for scene in scene_names():
        try:
            parameters = load_scene(scene).parameters
        except SceneFileError:
            continue
        for name, one in parameters.items():
            place = ("scene", "parameters", scene, name)
            yield Setting(place, "float", one.meaning, one.low, one.high, missing=one.value)


def _untabled(model: type[BaseModel], place: Place) -> Iterator[ListSetting]:
    for name, field in model.model_fields.items():
        here, kind = (*place, name), field.annotation
        if here in _NOT_LISTS:
            continue
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _untabled(kind, here)
        elif get_origin(kind) is dict:
            if not any(_of_mapping(kind, here, "")):
                yield ListSetting(here)
        elif all(one.place != here for one in _of_section(model, place)):
            yield ListSetting(here)


def _is_check(limit: Any) -> bool:
    if isinstance(limit, StringConstraints):
        return limit.pattern is not None
    return isinstance(limit, AfterValidator) or getattr(limit, "pattern", None) is not None


def _limit(limits: list[Any], closed: str, opened: str, default: float) -> tuple[float, bool]:
    for limit in limits:
        for name, is_open in ((closed, False), (opened, True)):
            value = getattr(limit, name, None) if name else None
            if value is not None:
                return value, is_open
    return default, False


def _unit(place: Place, meaning: str) -> str:
    ending = place[-1].rsplit("_", 1)[-1]
    last = meaning.replace(";", ",").rsplit(" ", 1)[-1]
    return _UNITS.get(ending, "") or _WORDS.get(last, "")


_NOT_LISTS = frozenset({("desk",), ("look", "name"), ("scene", "parameters")})
"""Who may reach the page is said by the file alone; a look is a file of its own; a scene's numbers are in the table."""
LISTS: dict[str, ListSetting] = {one.path: one for one in _untabled(Config, ())}
"""All settings that are not in the table, by address: the operator's page alone changes these, OSC and OSCQuery do not have
them."""
