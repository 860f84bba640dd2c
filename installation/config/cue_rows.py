"""What may stand in the file of presets and cues, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from installation.config.hours import WEEKDAYS, minutes_of
from installation.config.look_files import LOOK_NAME
from installation.config.poses import POSE_LABEL
from installation.config.section import Section
from installation.config.yaml_text import Place

Easing = Literal["smooth", "linear", "in", "out"]
KEYS = frozenset(
    [*"abcdefghijklmnopqrstuvwxyz0123456789", *(f"f{n}" for n in range(1, 16)), "left", "right", "up", "down"]
    + ["home", "end", "page up", "page down", "insert", "delete", "tab"]
)
NAME = r"[^\W_][\w \-]{0,39}"
LARGEST = 9999.999
MAX_PRESETS, MAX_CUES = 500, 1000


def _custom(text: str) -> PydanticCustomError:
    return PydanticCustomError("cue", "{text}", {"text": text})


def _number(value: Any) -> Any:
    """A cue's number: above 0, three places behind the point."""
    if value is None:
        raise _custom("a cue has a number, such as cue: 1")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LARGEST:
        raise _custom("a cue's number is above 0 and below 10000, such as 1, 2 or 2.5")
    if round(float(value), 3) != value:
        raise _custom("a cue's number has three places behind the point at most")
    return float(value)


def _next(value: Any) -> Any:
    return None if value is None else _number(value)


def _follow(value: Any) -> Any:
    if (
        value is None
        or value == "done"
        or (not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 86400)
    ):
        return value
    raise _custom("the next cue follows after so many seconds (0 to 86400), or done: when the fade is")


def _list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _time(value: Any) -> Any:
    if isinstance(value, str):
        try:
            minutes_of(value)
            return value
        except ValueError:
            pass
    raise _custom('a time of day stands in quotes: "10:00", from "00:00" to "23:59"')


def _label(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(POSE_LABEL, value) or value == "none":
        raise _custom("a pose's or gesture's label begins with a letter and has letters, digits, - and _, 32 at most")
    return value


def _key(value: Any) -> Any:
    text = str(value).lower() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if text and text not in KEYS:
        raise _custom(
            "a key is a letter, a digit, f1 to f15, an arrow (left ...), home, end, page up, page down, insert, delete, tab"
        )
    return text


def _osc(value: Any) -> Any:
    if (
        not isinstance(value, str)
        or not re.fullmatch(r"(/?[A-Za-z0-9_\-]+(/[A-Za-z0-9_\-]+){0,5})?", value)
        or len(value) > 100
    ):
        raise _custom("an OSC address below the prefix is written /dusk or /wall/dusk")
    return value


def _preset(value: Any) -> Any:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | str)):
        raise _custom("a preset is named by its name or number")
    return value


def _look(value: Any) -> Any:
    if not isinstance(value, str) or (value and not LOOK_NAME.fullmatch(value)):
        raise _custom("a look is the name of a file in looks/, such as tide")
    return value


def _preset_names(value: dict[str, Any]) -> dict[str, Any]:
    for name in value:
        if not re.fullmatch(NAME, name):
            raise _custom(f"{name[:60]!r} is no name: a preset's has letters, digits, spaces, - and _, 40 at most")
    return value


CueNumber = Annotated[Any, BeforeValidator(_number)]
Fade = Annotated[float, Field(ge=0, le=3600)]


class _Row(Section):
    """A name with nothing behind it says nothing."""

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, data: Any) -> Any:
        if data is None:
            return {}
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class PresetRow(_Row):
    """A preset: settings, by place, and how long it fades."""

    number: int | None = Field(None, ge=1, le=9999)
    look: Annotated[Any, BeforeValidator(_look)] = ""
    fade_s: Fade | None = None
    easing: Easing = "smooth"
    settings: dict[str, Any] = Field(default_factory=dict)


class CueRow(_Row):
    """A cue."""

    cue: CueNumber
    name: str = Field("", max_length=40)
    preset: Annotated[Any, BeforeValidator(_preset)] = None
    look: Annotated[Any, BeforeValidator(_look)] = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    fade_s: Fade | None = None
    easing: Easing | None = None
    scene: str = Field("", max_length=64)
    commands: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=16)
    follow: Annotated[Any, BeforeValidator(_follow)] = None
    next: Annotated[Any, BeforeValidator(_next)] = None
    at: Annotated[list[Annotated[Any, BeforeValidator(_time)]], BeforeValidator(_list), Field(max_length=100)] = Field(
        default_factory=list
    )
    days: Annotated[
        list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]],
        BeforeValidator(_list),
    ] = Field(default_factory=list)
    pose: Annotated[list[Annotated[Any, BeforeValidator(_label)]], BeforeValidator(_list), Field(max_length=20)] = (
        Field(default_factory=list)
    )
    arrives: bool = False
    empty_s: float | None = Field(None, ge=0, le=86400)
    key: Annotated[Any, BeforeValidator(_key)] = ""
    osc: Annotated[Any, BeforeValidator(_osc)] = ""

    @property
    def times(self) -> tuple[int, ...]:
        """Minutes since midnight."""
        return tuple(sorted({minutes_of(text) for text in self.at}))

    @property
    def weekdays(self) -> tuple[int, ...]:
        """0 Monday to 6 Sunday; empty: all."""
        return tuple(WEEKDAYS.index(day) for day in self.days)

    @property
    def poses(self) -> tuple[str, ...]:
        """Labels that fire it."""
        return tuple(dict.fromkeys(self.pose))


class SheetRows(_Row):
    """The whole file."""

    presets: Annotated[dict[str, PresetRow], AfterValidator(_preset_names)] = Field(
        default_factory=dict, max_length=MAX_PRESETS
    )
    cues: list[CueRow] = Field(default_factory=list, max_length=MAX_CUES)


def flat(
    settings: Mapping[str, Any], above: tuple[str, ...] = (), written: Place = ()
) -> Iterator[tuple[tuple[str, ...], Any, Place]]:
    """(place, value, place as it stands in the file) of each setting: sections below one another, dots in a name, or both."""
    for key, value in settings.items():
        here, line = (*above, *str(key).split(".")), (*written, str(key))
        if isinstance(value, Mapping):
            yield from flat(value, here, line)
        else:
            yield here, value, line
