"""Settings with a value each, in a form: chosen from the table of settings by search, checked against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import events, ui

from installation.desk.cue_file import address_of, setting_value
from installation.desk.scale import number_text
from installation.desk.seat import Seat
from installation.desk.setting_tree import LOCKED
from installation.desk.words import quoted
from installation.live_commands.setting_table import Setting


class SettingLines:
    """Rows of name and value. A name that the table does not have keeps the value it was read with."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._rows: dict[str, tuple[Setting | None, Any, Any]] = {}
        """By name: the setting, what was read, and the control."""
        self._box = ui.element("div").style("display: grid; gap: 6px; width: 100%")
        table = seat.desk.table
        names = {
            ".".join(one.place): f"{'.'.join(one.place)}{f' ({one.unit})' if one.unit else ''}"
            for one in table.values()
            if not one.needs_restart and one.place[0] != LOCKED
        }
        self._add = ui.select(names, label="Add a setting", with_input=True, on_change=self._chosen)
        self._add.props(
            'dense outlined options-dense aria-label="Add a setting" use-chips=false hide-selected fill-input'
        )
        self._add.style("width: 100%").set_enabled(seat.operates)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show these, by dotted name."""
        for name, value in values.items():
            self._draw(name, value)

    def values(self) -> tuple[dict[str, Any], bool]:
        """What is set, and whether all of it can be; what is wrong stands at its row."""
        found: dict[str, Any] = {}
        fine = True
        for name, (setting, before, control) in self._rows.items():
            if setting is None or control is None:
                found[name] = before
                continue
            try:
                value = setting_value(setting, control.value)
            except ValueError as error:
                control.error, fine = str(error), False
                continue
            if hasattr(control, "error"):
                control.error = None
            found[name] = before if _same(setting, value, before) else value
        return found, fine

    def _chosen(self, event: events.ValueChangeEventArguments[Any]) -> None:
        name = event.value
        if name is None:
            return
        setting = self._seat.desk.table[address_of(name)]
        if name not in self._rows:
            self._draw(name, setting.plain(self._seat.desk.values[setting.path]), new=True)
        self._add.set_value(None)

    def _draw(self, name: str, value: Any, new: bool = False) -> None:
        setting = self._seat.desk.table.get(address_of(name))
        with self._box, ui.element("div").classes("mien-row").style("flex-wrap: nowrap; gap: 6px") as line:
            text = ui.label(name).style("flex: 1 1 9rem; overflow-wrap: anywhere; min-width: 0")
            if setting is not None:
                text.props(f"title={quoted(setting.meaning)}")
            control = _control(setting, name, value) if setting is not None else None
            if control is None:
                ui.label(f"{value}").classes("mien-dim").style("flex: 0 1 10rem; overflow-wrap: anywhere")
            else:
                control.set_enabled(self._seat.operates)
            button = ui.button(icon="delete", on_click=lambda: self._remove(name, line))
            button.props(f"flat round dense color=white aria-label={quoted(f'Without {name}')}")
            button.set_enabled(self._seat.operates)
        self._rows[name] = setting, None if new else value, control
        if new and control is not None:
            control.run_method("focus")

    def _remove(self, name: str, line: ui.element) -> None:
        del self._rows[name]
        line.delete()


def _control(setting: Setting, name: str, value: Any) -> Any:
    if setting.kind == "switch":
        control: Any = (
            ui.switch(value=bool(value)).props(f"aria-label={quoted(name)}").style("flex: none; width: 10rem")
        )
        return control
    if setting.choices:
        options = list(dict.fromkeys([*setting.choices, value]))
        control = ui.select(options, value=value).props(f"options-dense aria-label={quoted(name)}")
    else:
        shown = number_text(value) if isinstance(value, int | float) else str(value)
        control = ui.input(value=shown)
        mode = "decimal" if setting.kind in ("int", "float") else "text"
        control.props(f"aria-label={quoted(name)} inputmode={mode} suffix={quoted(setting.unit)}")
        control.without_auto_validation()
    control.props("dense outlined").style("flex: none; width: 10rem")
    return control


def _same(setting: Setting, value: Any, before: Any) -> bool:
    """Whether the value is the one that was read, so that it stays as it is written."""
    if before is None:
        return False
    if isinstance(value, float) and isinstance(before, int | float):
        return number_text(value) == number_text(before)
    return bool(value == before) and (setting.kind == "switch" or type(value) is type(before))
