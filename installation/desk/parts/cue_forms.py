"""The forms of a cue and of a preset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nicegui import ui

from installation.config.cue_rows import CueRow, PresetRow, SheetRows
from installation.config.hours import WEEKDAYS
from installation.config.look_files import look_names
from installation.config.save_cues import with_cue, with_preset_row, without_cue, without_preset
from installation.config.scene_files import scene_names
from installation.desk.cue_file import RowError, cue_of, preset_of, same_row
from installation.desk.parts.row_form import RowForm
from installation.desk.seat import Seat

NOTHING = ""
FOLLOWS = {
    NOTHING: "nothing by itself",
    "done": "the next cue, when the fade is done",
    "after": "the next cue, after seconds",
}
EASINGS = {"smooth": "smooth", "linear": "linear", "in": "sets out gently", "out": "arrives gently"}


class CueForm(RowForm):
    """``rows``: the whole file, for the presets and cues there are."""

    def __init__(self, seat: Seat, path: Path, rows: SheetRows, row: CueRow | None) -> None:
        self._rows, self._row = rows, row
        super().__init__(seat, path, "New cue" if row is None else f"Cue {row.cue:g}", row)

    def draw(self) -> None:
        """What it does, what fires it, and what follows."""
        row = self._row or CueRow(cue=_free_number(self._rows))
        with ui.element("div").classes("row-fields"):
            self.text("cue", "Number", row.cue)
            self.text("name", "Name", row.name)
        ui.html("<h3>It does</h3>", sanitize=False)
        with ui.element("div").classes("row-fields"):
            self.choice("preset", "Preset", {NOTHING: "none", **_names(self._rows)}, self._preset_name(row))
            self.choice("look", "Look", {NOTHING: "none", **_same(look_names())}, row.look)
            self.choice("scene", "Scene", {NOTHING: "as it is", **_same(scene_names())}, row.scene)
            self.text("fade_s", "Fade, seconds", row.fade_s, "empty: the preset's")
            self.choice("easing", "Easing", {NOTHING: "the preset's", **EASINGS}, row.easing or NOTHING)
            self.area(
                "commands",
                "Commands, one a line",
                "\n".join(row.commands),
                "given once, such as paint, clear, texture_model faces",
            )
        self.settings(row)
        ui.html("<h3>What fires it, besides Go</h3>", sanitize=False)
        with ui.element("div").classes("row-fields"):
            self.text("at", "At these times of day", ", ".join(row.at), "such as 10:00, 18:30")
            self.choice("days", "Only on", {day: day.capitalize() for day in WEEKDAYS}, list(row.days), multiple=True)
            self.choice(
                "pose", "A pose or gesture is held", self._poses(), list(row.poses),
                multiple=True, with_input=True, new_value_mode="add-unique", hint="or type a label",
            )  # fmt: skip
            self.switch("arrives", "Somebody arrives", row.arrives)
            self.text("empty_s", "Nobody there for, seconds", row.empty_s)
            self.text("key", "Key", row.key, "a letter, a digit, f1 to f15, left ...")
            self.text("osc", "OSC address", row.osc, "such as /dusk")
        ui.html("<h3>What follows</h3>", sanitize=False)
        with ui.element("div").classes("row-fields"):
            kind = NOTHING if row.follow is None else "done" if row.follow == "done" else "after"
            self.choice("follow", "After this cue comes", FOLLOWS, kind)
            self.text("after_s", "Seconds", row.follow if kind == "after" else None)
            self.choice("next", "The next cue is", {NOTHING: "the next number", **self._cues()}, row.next or NOTHING)

    def edit(self, settings: Mapping[str, Any]) -> tuple[Callable[[str], str], tuple[str, Any]]:
        """Write it."""
        form = self.form()
        after_s = (form.pop("after_s") or "").strip()
        if form["follow"] == "after":
            if not after_s:
                raise RowError({"after_s": "after how many seconds?"})
            form["follow"] = after_s
        if self._row is not None and form["preset"] == self._preset_name(self._row):
            form["preset"] = self._row.preset
        row, seen = cue_of({**form, "settings": dict(settings)}), self._row

        def edit(text: str) -> str:
            if seen is not None:
                same_row(text, ("cues", seen.cue), seen)
            return with_cue(text, None if seen is None else seen.cue, row)

        return edit, ("cues", row.cue)

    def deletion(self) -> Callable[[str], str]:
        """Take it away."""
        return lambda text: without_cue(text, self._row.cue if self._row is not None else 0.0)

    def _preset_name(self, row: CueRow) -> Any:
        by_number = {one.number: name for name, one in self._rows.presets.items()}
        return NOTHING if row.preset is None else by_number.get(row.preset, row.preset)

    def _cues(self) -> dict[Any, str]:
        return {one.cue: f"{one.cue:g} {one.name}".strip() for one in sorted(self._rows.cues, key=lambda one: one.cue)}

    def _poses(self) -> list[str]:
        told = self.seat.desk.part("poses") or {}
        return list(dict.fromkeys([*told.get("trained", ()), *told.get("gestures", ())]))


class PresetForm(RowForm):
    """``name`` of the preset that is edited; None for a new one."""

    def __init__(self, seat: Seat, path: Path, rows: SheetRows, name: str | None) -> None:
        self._rows, self._name = rows, name
        title = "New preset" if name is None else f"Preset {name}"
        super().__init__(seat, path, title, None if name is None else rows.presets[name])

    def draw(self) -> None:
        """Name, number, look, fade and settings."""
        row = PresetRow() if self._name is None else self._rows.presets[self._name]
        with ui.element("div").classes("row-fields"):
            self.text("name", "Name", self._name or "")
            self.text("number", "Number", row.number, "empty: the first that is free")
            self.choice("look", "Look", {NOTHING: "none", **_same(look_names())}, row.look)
            self.text("fade_s", "Fade, seconds", row.fade_s, "empty: as in the settings")
            self.choice("easing", "Easing", EASINGS, row.easing)
        self.settings(row)

    def edit(self, settings: Mapping[str, Any]) -> tuple[Callable[[str], str], tuple[str, Any]]:
        """Write it."""
        form = self.form()
        name = (form.pop("name") or "").strip()
        row, before, seen = preset_of({**form, "settings": dict(settings)}), self._name, self.seen
        if not name:
            raise RowError({"name": "a preset has a name"})

        def edit(text: str) -> str:
            if before is not None and seen is not None:
                same_row(text, ("presets", before), seen)
            return with_preset_row(text, before, name, row)

        return edit, ("presets", name)

    def deletion(self) -> Callable[[str], str]:
        """Take it away."""
        return lambda text: without_preset(text, self._name or "")


def _names(rows: SheetRows) -> dict[str, str]:
    return {name: name if row.number is None else f"{row.number} · {name}" for name, row in rows.presets.items()}


def _same(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in names}


def _free_number(rows: SheetRows) -> float:
    """The next whole number behind the last cue."""
    last = max((one.cue for one in rows.cues), default=0.0)
    return float(min(int(last) + 1, 9999))
