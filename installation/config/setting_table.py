"""The table of what can be changed over OSC, read off the settings themselves: a new setting needs no second list.

A setting /control/SECTION/.../NAME is in it when it is a switch, a number with limits, a choice, or a text that is checked
(a colour, a name with a pattern, a scene). Left out are lists and free texts: those are the names of files, models and
sources, which are for whoever sits at the machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from installation.config.scene import SceneConfig
from installation.config.scene_files import SceneFileError, load_scene, scene_names
from installation.config.settings import NEEDS_RESTART, Config
from installation.showcontrol.addresses import Argument

CONTROL = "/control"
SAVE = f"{CONTROL}/save"
SAVED = f"{CONTROL}/saved"
MOST_TEXT = 200
Place = tuple[str, ...]
_UNITS = {"s": "s", "ms": "ms", "hz": "Hz", "px": "px", "mb": "MB", "minutes": "min"}
"""A setting's unit stands at the end of its name, or as the last words of its description."""
_WORDS = {"seconds": "s", "milliseconds": "ms", "hertz": "Hz", "pixels": "px", "megabytes": "MB", "minutes": "min"}
_LARGEST = 3.4e38


@dataclass(frozen=True, slots=True)
class Control:
    """One setting. ``place`` leads to it in the settings; ``kind`` is "switch", "int", "float" or "text".

    Numbers lie in [low, high], or without the ends where ``above`` or ``below`` is True; ``step`` 0: any. ``choices`` are all
    values there are; empty: any within the limits. ``at_once``: counts without a restart. ``missing``: what is read where the
    settings say nothing: a weight that is left out is 0, a number -1, a text empty.
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
    at_once: bool = True
    missing: Argument = 0.0

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

    def fit(self, args: list[Any]) -> Any:
        """The value for the settings out of a message's arguments. ValueError for a wrong type or one out of range."""
        if len(args) != 1:
            raise ValueError(f"takes one value, not {len(args)}")
        value = args[0]
        if self.kind == "text":
            return self._text(value)
        if not isinstance(value, int | float) or not math.isfinite(value):
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

    def _text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"must be text ({self.limits}), not {str(value)[:40]!r}")
        if len(value) > MOST_TEXT:
            raise ValueError(f"must have {MOST_TEXT} letters at most")
        if self.choices and value not in self.choices:
            raise ValueError(f"must be one of {self.limits}, not {value[:40]!r}")
        return value

    def changed(self, config: Config, value: Any) -> Config:
        """``config`` with this setting at ``value``; all sections round it are checked. ValueError where they refuse."""
        try:
            result = _with(config, self.place, value)
        except ValidationError as error:
            raise ValueError(error.errors()[0]["msg"]) from error
        assert isinstance(result, Config)
        return result


def table() -> dict[str, Control]:
    """All settings that can be changed, by their address below the prefix; a scene's numbers as the scene files are now."""
    found = {control.path: control for control in _of_section(Config, ())}
    return found | {control.path: control for control in _of_scenes()}


def _with(node: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    head, rest = place[0], place[1:]
    if isinstance(node, BaseModel):
        return type(node).model_validate({**dict(node), head: _with(getattr(node, head), rest, value)})
    return {**node, head: _with(node.get(head, {}), rest, value)}


def _of_section(model: type[BaseModel], place: Place) -> Iterator[Control]:
    checked = {
        name for validator in model.__pydantic_decorators__.field_validators.values() for name in validator.info.fields
    }
    for name, setting in model.model_fields.items():
        here, kind = (*place, name), setting.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _of_section(kind, here)
        elif get_origin(kind) is dict:
            yield from _of_mapping(kind, here, setting.description or "")
        else:
            control = _of_field(kind, setting.metadata, here, setting.description or "", name in checked)
            if control is not None:
                yield control


def _of_mapping(kind: Any, place: Place, meaning: str) -> Iterator[Control]:
    """The values of a mapping whose names are known beforehand."""
    keys, inner = get_args(kind)
    for key in get_args(keys) if get_origin(keys) is Literal else ():
        here = (*place, str(key))
        if get_origin(inner) is dict:
            yield from _of_mapping(inner, here, f"{key}, {meaning}")
            continue
        control = _of_field(inner, [], here, f"{key}: {meaning}", False)
        if control is not None:
            yield control


def _of_field(kind: Any, limits: list[Any], place: Place, meaning: str, checked: bool) -> Control | None:
    if get_origin(kind) is Annotated:
        kind, *more = get_args(kind)
        limits = [limit for one in more for limit in (one.metadata if isinstance(one, FieldInfo) else [one])]
    at_once = ".".join(place) not in NEEDS_RESTART
    if kind is bool:
        return Control(place, "switch", meaning, 0, 1, choices=(0, 1), at_once=at_once)
    if get_origin(kind) is Literal:
        return _of_choice(get_args(kind), place, meaning, at_once)
    if kind is str:
        named = scene_names() if place == ("scene", "name") else ()
        known = checked or any(_is_check(limit) for limit in limits)
        return Control(place, "text", meaning, choices=named, at_once=at_once, missing="") if known else None
    if kind not in (int, float):
        return None
    low, above = _limit(limits, "ge", "gt", -_LARGEST)
    high, below = _limit(limits, "le", "lt", _LARGEST)
    if kind is int:
        low, high = max(low, -(2**31)), min(high, 2**31 - 1)
    step = _limit(limits, "multiple_of", "", 0.0)[0]
    named_kind: Literal["int", "float"] = "int" if kind is int else "float"
    missing = 0.0 if kind is float else -1
    return Control(
        place, named_kind, meaning, low, high, above, below, step, (), _unit(place, meaning), at_once, missing
    )


def _of_choice(choices: tuple[Any, ...], place: Place, meaning: str, at_once: bool) -> Control | None:
    if all(isinstance(choice, str) for choice in choices):
        return Control(place, "text", meaning, choices=choices, at_once=at_once)
    if all(type(choice) is int for choice in choices):
        return Control(place, "int", meaning, min(choices), max(choices), choices=choices, at_once=at_once)
    return None


def _of_scenes() -> Iterator[Control]:
    """The numbers of each scene. A scene whose file has a mistake has none."""
    assert "parameters" in SceneConfig.model_fields
    for scene in scene_names():
        try:
            parameters = load_scene(scene).parameters
        except SceneFileError:
            continue
        for name, one in parameters.items():
            place = ("scene", "parameters", scene, name)
            yield Control(place, "float", one.meaning, one.low, one.high, missing=one.value)


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
