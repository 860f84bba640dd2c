"""Changes one preset or one cue in the artist's file of presets and cues; comments, order and spelling of all else stay.

What is changed is read again: it must say the wanted row and, of all others, what it said before, or it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from installation.config.cue_rows import LARGEST, CueRow, PresetRow, SheetRows, flat
from installation.config.document import Document, Lines
from installation.config.save_presets import HEAD
from installation.config.yaml_text import ConfigError, Place, read_yaml

Row = CueRow | PresetRow
PLACES = 3
"""Of a cue's number behind the point."""


def read_rows(text: str, name: str = "cues.yaml") -> SheetRows:
    """What a text says, row by row. Raises ConfigError with the first mistake."""
    data = read_yaml(text, name)[1]
    try:
        return SheetRows.model_validate({} if data is None else data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{name}: {place}: {first['msg']}") from error


def with_cue(text: str, number: float | None, row: CueRow) -> str:
    """``text`` with ``row`` in the place of the cue ``number``; None: as a new one. ``next`` of others follows a new number.
    Raises ConfigError."""
    rows = read_rows(text)
    cues = list(rows.cues)
    document = Document(text or HEAD)
    if number is None:
        document.append(("cues",), _written(row))
        return _checked(document.text, rows.model_copy(update={"cues": [*cues, row]}))
    at = _index(rows, number)
    _change(document, ("cues", at), cues[at], row)
    cues[at] = row
    for other, one in enumerate(cues):
        if one.next == number != row.cue:
            document.set(("cues", other, "next"), _plain(row.cue), {})
            cues[other] = one.model_copy(update={"next": row.cue})
    return _checked(document.text, rows.model_copy(update={"cues": cues}))


def without_cue(text: str, number: float) -> str:
    """``text`` without this cue. Raises ConfigError where another one names it as the next."""
    rows = read_rows(text)
    at = _index(rows, number)
    named = [f"{one.cue:g}" for one in rows.cues if one.next == number and one.cue != number]
    if named:
        raise ConfigError(f"cue {number:g} is the next one of cue {', '.join(named)}; change that first")
    kept = rows.model_copy(update={"cues": [one for one in rows.cues if one.cue != number]})
    return _checked(lambda: _without(text, ("cues", at)), kept)


def number_between(rows: SheetRows, number: float, steps: int) -> float:
    """The number that puts a cue one place earlier (``steps`` -1) or later (1). Raises ConfigError where there is none."""
    others = sorted(one.cue for one in rows.cues if one.cue != number)
    at = sum(one < number for one in others) + steps
    if not 0 <= at <= len(others):
        raise ConfigError(f"cue {number:g} is the {'first' if steps < 0 else 'last'} one already")
    low = others[at - 1] if at else 0.0
    high = others[at] if at < len(others) else min(low + 2.0, LARGEST)
    for places in range(PLACES + 1):
        found = round((low + high) / 2, places)
        if low < found < high:
            return found
    raise ConfigError(f"there is no number between {low:g} and {high:g}; give one of them another")


def with_preset_row(text: str, before: str | None, name: str, row: PresetRow) -> str:
    """``text`` with ``row`` under ``name`` in the place of the preset ``before``; None: as a new one. Cues that
    recall it by its name follow. Raises ConfigError."""
    rows = read_rows(text)
    if name in rows.presets and name != before:
        raise ConfigError(f"there is a preset {name!r} already; choose another name")
    document, cues = Document(text or HEAD), list(rows.cues)
    if before is None:
        document.set(("presets", name), _written(row), {})
        return _checked(document.text, rows.model_copy(update={"presets": {**rows.presets, name: row}}))
    if before not in rows.presets:
        raise ConfigError(f"there is no preset {before!r} any more; it was taken away meanwhile")
    _change(document, ("presets", before), rows.presets[before], row)
    if name != before:
        document.rename(("presets", before), name)
        for at, one in enumerate(cues):
            if one.preset == before:
                document.set(("cues", at, "preset"), name, {})
                cues[at] = one.model_copy(update={"preset": name})
    presets = {(name if key == before else key): (row if key == before else one) for key, one in rows.presets.items()}
    return _checked(document.text, rows.model_copy(update={"presets": presets, "cues": cues}))


def without_preset(text: str, name: str) -> str:
    """``text`` without this preset. Raises ConfigError where a cue recalls it."""
    rows = read_rows(text)
    if name not in rows.presets:
        raise ConfigError(f"there is no preset {name!r} any more")
    numbers = {name, rows.presets[name].number} - {None}
    named = [f"{one.cue:g}" for one in rows.cues if one.preset in numbers]
    if named:
        raise ConfigError(f"cue {', '.join(named)} recalls {name!r}; change that first")
    kept = rows.model_copy(update={"presets": {key: one for key, one in rows.presets.items() if key != name}})
    return _checked(lambda: _without(text, ("presets", name)), kept)


def settings_of(row: Row) -> dict[str, Any]:
    """What a row says of settings, by dotted place."""
    return {".".join(parts): value for parts, value, _ in flat(row.settings)}


def _index(rows: SheetRows, number: float) -> int:
    for at, one in enumerate(rows.cues):
        if one.cue == number:
            return at
    raise ConfigError(f"there is no cue {number:g} any more; it was taken away or has another number")


def _change(document: Document, place: Place, old: Row, new: Row) -> None:
    """Field by field, so that what stays the same stays as it is written."""
    written = _written(new)
    if isinstance(old, PresetRow) and old == type(old)():
        document.set(place, written, {})
        return
    for name in type(new).model_fields:
        if name == "settings" or getattr(old, name) == getattr(new, name):
            continue
        if name in written:
            document.set((*place, name), written[name], {})
        else:
            document.remove((*place, name))
    before, after = settings_of(old), settings_of(new)
    if before == after:
        return
    if not before or not after:
        if after:
            document.set((*place, "settings"), Lines(written["settings"]), {})
        else:
            document.remove((*place, "settings"))
        return
    places = {".".join(parts): where for parts, _, where in flat(old.settings)}
    for name, value in after.items():
        if name not in before or before[name] != value or type(before[name]) is not type(value):
            document.set((*place, "settings", *places.get(name, (name,))), _plain(value), {})
    for name in before.keys() - after.keys():
        document.remove((*place, "settings", *places[name]))


def _written(row: Row) -> dict[str, Any]:
    """A row as it is written: only what it says."""
    said = {name: _plain(value) for name, value in row.model_dump(exclude_defaults=True).items() if value is not None}
    settings = settings_of(row)
    said.pop("settings", None)
    for name in ("at", "days", "pose"):
        if len(said.get(name, ())) == 1:
            said[name] = said[name][0]
    return {**said, "settings": Lines({name: _plain(value) for name, value in settings.items()})} if settings else said


def _plain(value: Any) -> Any:
    """Whole numbers without a point; six digits say all that anybody sees."""
    if isinstance(value, float):
        return int(value) if value == int(value) and abs(value) < 1e6 else float(f"{value:.7g}")
    return value


def _without(text: str, place: Place) -> str:
    """The text without the lines of a row; where it has no lines of its own, as a document."""
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    above: Any = next(value for key, value in root.value if key.value == place[0])
    if above.flow_style:
        document = Document(text)
        document.remove(place)
        return document.text()
    if isinstance(above, yaml.SequenceNode):
        row = above.value[int(place[1])]
        first = row.start_mark.line
    else:
        key, row = next((key, value) for key, value in above.value if key.value == place[1])
        first = key.start_mark.line
    lines = text.splitlines(keepends=True)
    if isinstance(above, yaml.SequenceNode):
        while not lines[first][: above.start_mark.column + 1].lstrip().startswith("-") and first > 0:
            first -= 1
    return "".join([*lines[:first], *lines[_last_line(row) + 1 :]])


def _last_line(node: yaml.Node) -> int:
    """The last line in which a node says something."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        if isinstance(last, tuple):
            return max(int(last[0].end_mark.line), _last_line(last[1]))
        return _last_line(last)
    start, end = int(node.start_mark.line), int(node.end_mark.line)
    return end - 1 if node.end_mark.column == 0 and end > start else end


def _checked(change: Callable[[], str], wanted: SheetRows) -> str:
    """The changed text, where it says what is wanted and nothing else."""
    try:
        found = change()
        says = read_rows(found)
    except (yaml.YAMLError, ConfigError, LookupError, ValueError, AttributeError, TypeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigError(f"this cannot be written from here, write it into the file by hand ({why})") from error
    if _said(says) != _said(wanted):
        raise ConfigError("this cannot be written without touching other rows; write it into the file by hand")
    return found


def _said(rows: SheetRows) -> tuple[Any, Any]:
    def one(row: Row) -> Mapping[str, Any]:
        return {**row.model_dump(), "settings": {name: _plain(value) for name, value in settings_of(row).items()}}

    return {name: one(row) for name, row in rows.presets.items()}, [one(row) for row in rows.cues]
