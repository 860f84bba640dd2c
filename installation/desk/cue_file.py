"""The file of presets and cues as the desk's process reads and writes it: one row at a time, checked before it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from installation.base.files import write_whole
from installation.config.cue_rows import CueRow, PresetRow, SheetRows
from installation.config.save_cues import read_rows
from installation.config.yaml_text import ConfigError
from installation.desk.file_edits import text_of
from installation.live_commands.cue_sheet import parse_sheet
from installation.live_commands.setting_table import CONTROL, Setting

LISTS = ("at", "pose")
NUMBERS = ("cue", "number", "fade_s", "next", "empty_s", "follow")
_Row = TypeVar("_Row", CueRow, PresetRow)
_PLACE = re.compile(r"[^:\n]+:\d+: (?P<place>(?:cues|presets)[^:]*): (?P<what>.*)", re.DOTALL)


class RowError(ConfigError):
    """What is wrong with a row, by its field; "" for what is wrong with no single one."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(*fields.values())
        self.fields = dict(fields)


def rows_of(path: Path) -> SheetRows:
    """What the file says; nothing where it is not there. Raises ConfigError, OSError."""
    return read_rows(text_of(path) or "", path.name)


def change(path: Path, edit: Callable[[str], str], key: Sequence[str | float] = ()) -> None:
    """Write what ``edit`` makes of the text, where nothing is wrong with it that was not wrong before. ``key``: ("cues",
    number) or ("presets", name) of the row that was edited, whose mistakes get their field. Raises RowError, ConfigError,
    OSError.
    """
    text = text_of(path) or ""
    new = edit(text)
    check(text, new, key)
    write_whole(path, new.encode("utf-8"))


def check(now: str | None, new: str | None, key: Sequence[str | float] = ()) -> None:
    """Raises RowError where something is wrong with the text ``new`` that is not wrong with ``now``."""
    name = "cues.yaml"
    before = {_without_line(one) for one in _mistakes(now or "", name)}
    wrong = [one for one in _mistakes(new or "", name) if _without_line(one) not in before]
    if wrong:
        raise _by_field(wrong, _places(new or "", key))


def same_row(text: str, key: Sequence[str | float], seen: CueRow | PresetRow) -> None:
    """Raises ConfigError where a row is not what somebody saw when the editing began."""
    rows = read_rows(text)
    now = rows.presets.get(str(key[1])) if key[0] == "presets" else {one.cue: one for one in rows.cues}.get(key[1])
    if now != seen:
        raise ConfigError("it was changed elsewhere meanwhile; cancel, and open it again")


def cue_of(form: Mapping[str, Any]) -> CueRow:
    """A cue out of what a form holds: texts as they were typed. Raises RowError."""
    return _valid(CueRow, form)


def preset_of(form: Mapping[str, Any]) -> PresetRow:
    """A preset out of what a form holds. Raises RowError."""
    return _valid(PresetRow, form)


def setting_value(setting: Setting, typed: object) -> Any:
    """A setting's value as the file has it, out of what was typed or chosen. ValueError says what is right."""
    value = number(str(typed)) if setting.kind in ("int", "float") else typed
    if setting.kind == "switch":
        return bool(typed)
    if value is None or (isinstance(value, str) and setting.kind != "text"):
        raise ValueError(f"a number, {setting.limits}")
    return setting.fit([value])


def address_of(name: str) -> str:
    """The address of a setting by its dotted place."""
    return f"{CONTROL}/{name.replace('.', '/')}"


def number(text: str) -> Any:
    """A number that somebody typed, with a point or a comma; None for nothing, the text itself where it is none."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", text, re.IGNORECASE):
        return text
    value = float(text)
    return int(value) if re.fullmatch(r"[-+]?\d+", text) else value


def _valid(model: type[_Row], form: Mapping[str, Any]) -> _Row:
    data = {name: value for name, value in form.items() if value is not None and value != ""}
    for name in NUMBERS:
        if isinstance(data.get(name), str):
            data[name] = data[name] if name == "follow" and data[name] == "done" else number(data[name])
    for name in LISTS:
        if isinstance(data.get(name), str):
            data[name] = re.split(r"[,;\s]+", data[name].strip(" ,;"))
    if isinstance(data.get("commands"), str):
        data["commands"] = [line.strip() for line in data["commands"].splitlines() if line.strip()]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fields: dict[str, str] = {}
        for one in error.errors():
            fields.setdefault(str(one["loc"][0]) if one["loc"] else "", str(one["msg"]))
        raise RowError(fields) from error


def _mistakes(text: str, name: str) -> tuple[str, ...]:
    try:
        return parse_sheet(text, name).left_out
    except ConfigError as error:
        return error.mistakes


def _without_line(mistake: str) -> str:
    return re.sub(r"^([^:\n]+):\d+: (cues\.\d+|)", r"\1: ", mistake)


def _places(text: str, key: Sequence[str | float]) -> tuple[str, ...]:
    """Where the row stands; where its number is another's, too, both."""
    if not key:
        return ()
    if key[0] == "presets":
        return (f"presets.{key[1]}.",)
    return tuple(f"cues.{at}." for at, one in enumerate(read_rows(text).cues) if one.cue == key[1])


def _by_field(mistakes: Sequence[str], places: tuple[str, ...]) -> RowError:
    fields: dict[str, str] = {}
    for mistake in mistakes:
        found = _PLACE.fullmatch(mistake)
        place = next((one for one in places if found is not None and found["place"].startswith(one)), "")
        if found is not None and place:
            fields.setdefault(found["place"].removeprefix(place).split(".")[0], found["what"])
        else:
            fields[""] = "; ".join([fields[""], mistake]) if "" in fields else mistake
    return RowError(fields)
