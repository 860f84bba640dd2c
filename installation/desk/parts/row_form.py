"""A dialog that holds a form for one row of a file: fields with what is wrong with them in place, save, cancel, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nicegui import ui

from installation.config.cue_rows import CueRow, PresetRow
from installation.config.save_cues import settings_of
from installation.config.yaml_text import ConfigError
from installation.desk.cue_file import RowError, change, check
from installation.desk.desk import RefusedError
from installation.desk.parts.setting_lines import SettingLines
from installation.desk.seat import Seat
from installation.desk.words import quoted

STYLE = """
.row-form { background: #20242c; width: min(760px, 96vw); max-width: none; padding: 14px 16px; gap: 10px; }
.row-fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr)); gap: 10px; width: 100%; }
.row-form .row-wide { grid-column: 1 / -1; }
.row-form .q-field--with-bottom { padding-bottom: 0; }
.row-form .q-field__bottom { position: static; transform: none; min-height: 0; padding: 4px 12px; line-height: 1.3; }
.row-form .q-field { --q-negative: #ffb4a8; --q-primary: #88c0d0; }
.row-form .q-field__messages { color: #b4bdcc; }
.row-form .q-field--error .q-field__messages { color: #ffb4a8; }
.row-foot { position: sticky; bottom: -14px; background: #20242c; padding: 8px 0 12px; width: 100%; z-index: 2; }
"""


class RowForm:
    """``path``: the file. ``seen``: the row as it was read; None for a new one."""

    def __init__(self, seat: Seat, path: Path, title: str, seen: CueRow | PresetRow | None) -> None:
        self.seat, self.path, self.title, self.seen = seat, path, title, seen
        self.fields: dict[str, Any] = {}
        self.dialog = ui.dialog().props("persistent")
        with self.dialog, ui.card().classes("row-form").props(f"role=dialog aria-label={quoted(title)}"):
            ui.html(f"<h2>{title}</h2>", sanitize=False)
            self.draw()
            with ui.element("div").classes("row-foot"):
                self._foot()
        self.dialog.on("hide", self.dialog.delete)

    def _foot(self) -> None:
        self._said = ui.label().classes("mien-wrong").props("role=alert").style("white-space: pre-wrap")
        self._said.set_visibility(False)
        with ui.element("div").classes("mien-row"):
            save = ui.button("Save", icon="save", on_click=lambda: self.seat.do(self._save()))
            save.props("no-caps color=primary").set_enabled(self.seat.operates)
            ui.button("Cancel", on_click=self.dialog.close).props("no-caps outline color=white")
            ui.space()
            if self.seen is not None:
                self._delete_buttons()

    def draw(self) -> None:
        """Draw the fields."""
        raise NotImplementedError

    def edit(self, settings: Mapping[str, Any]) -> tuple[Callable[[str], str], tuple[str, Any]]:
        """What is to be done with the file's text, and the key of the row afterwards. Raises RowError."""
        raise NotImplementedError

    def deletion(self) -> Callable[[str], str]:
        """What takes the row out of the file's text."""
        raise NotImplementedError

    def text(self, name: str, title: str, value: object, hint: str = "", wide: bool = False) -> None:
        """A field for a line of text or a number."""
        field = ui.input(title, value="" if value is None else f"{value:g}" if isinstance(value, float) else str(value))
        self._placed(field, name, title, hint, wide)

    def choice(
        self, name: str, title: str, options: Mapping[Any, str] | Sequence[str], value: Any, **more: Any
    ) -> None:
        """A field to choose from; what stands there is among the options even where it is there no more."""
        known = dict(options) if isinstance(options, Mapping) else {one: one for one in options}
        for one in value if isinstance(value, list) else [value]:
            if one not in known and one is not None:
                known[one] = str(one)
        hint = more.pop("hint", "")
        field = ui.select(known, label=title, value=value, **more)
        field.props("options-dense")
        self._placed(field, name, title, hint, False)

    def switch(self, name: str, title: str, value: bool) -> None:
        """Yes or no."""
        self.fields[name] = ui.switch(title, value=value).props(f'aria-label="{title}"')
        self.fields[name].set_enabled(self.seat.operates)

    def area(self, name: str, title: str, value: str, hint: str) -> None:
        """A field for lines of text."""
        field = ui.textarea(title, value=value).props("autogrow")
        self._placed(field, name, title, hint, True)

    def settings(self, row: CueRow | PresetRow | None) -> None:
        """The settings with their values."""
        ui.html("<h3>Settings</h3>", sanitize=False)
        self._lines = SettingLines(self.seat)
        self._lines.fill({} if row is None else settings_of(row))

    def form(self) -> dict[str, Any]:
        """What is typed and chosen, by field."""
        return {name: field.value for name, field in self.fields.items()}

    def _placed(self, field: Any, name: str, title: str, hint: str, wide: bool) -> None:
        field.props(f'dense outlined aria-label="{title}"' + (f' hint="{hint}"' if hint else ""))
        field.without_auto_validation()
        field.set_enabled(self.seat.operates)
        if wide:
            field.classes("row-wide")
        self.fields[name] = field

    def _delete_buttons(self) -> None:
        delete = ui.button("Delete", icon="delete").props("no-caps flat color=white")
        sure = ui.button("Really delete", icon="delete", on_click=lambda: self.seat.do(self._delete()))
        sure.props("no-caps color=red-9").set_visibility(False)
        delete.set_enabled(self.seat.operates)

        def ask() -> None:
            delete.set_visibility(False)
            sure.set_visibility(True)

        delete.on_click(ask)

    async def _save(self) -> None:
        self._show({})
        settings, fine = self._lines.values()
        try:
            edit, key = self.edit(settings)
        except RowError as error:
            self._show(error.fields)
            return
        if not fine:
            self._show({"": "Not saved: see the marked settings"})
            return
        await self._write(edit, key, "saved; the piece reads it now")

    async def _delete(self) -> None:
        await self._write(self.deletion(), (), "deleted; the piece reads it now")

    async def _write(self, edit: Callable[[str], str], key: Sequence[Any], said: str) -> None:
        wrong: list[ConfigError] = []

        def work() -> None:
            try:
                change(self.path, edit, key)
            except ConfigError as error:
                wrong.append(error)

        try:
            await self.seat.desk.write_file(self.path, work, f"{self.title} in {self.path.name}", check)
        except RefusedError as error:
            self._show({"": str(error)})
            return
        if wrong:
            first = wrong[0]
            self._show(first.fields if isinstance(first, RowError) else {"": str(first)})
            return
        self.dialog.close()
        ui.notify(said, type="positive")

    def _show(self, mistakes: Mapping[str, str]) -> None:
        for name, field in self.fields.items():
            if hasattr(field, "error"):
                field.error = mistakes.get(name)
        rest = [text if not name else f"{name}: {text}" for name, text in mistakes.items() if name not in self.fields]
        marked = any(name in self.fields for name in mistakes)
        text = "\n".join([*rest, *(["Not saved: see the marked fields"] if marked else [])])
        self._said.set_text(text)
        self._said.set_visibility(bool(text))
