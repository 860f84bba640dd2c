"""What no control fits: free texts in a line, lists and mappings as YAML; checked, then written to the settings file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from installation.base.secrets import hide, without_secrets
from installation.config.yaml_text import ConfigError
from installation.desk.seat import Seat
from installation.desk.setting_tree import LOCKED, Entry
from installation.desk.settings_files import as_text

CHECK_MS = 400
"""A text is checked when nobody has typed for so long."""


def free_control(seat: Seat, entry: Entry, title: str = "") -> None:
    """Draw an editor of the setting that is in no table; what it holds is written to the last settings file."""
    locked = entry.place[0] == LOCKED
    with ui.element("div").classes("mien-control").props(f'data-setting="{entry.name}" title="{entry.name}"'):
        (_line if entry.form == "line" else _yaml)(seat, entry, title or entry.title, seat.operates and not locked)
        with ui.element("div").classes("mien-row mien-meaning"):
            ui.label(entry.meaning).classes("mien-dim").style("flex: 1 1 12rem")
            if entry.needs_restart:
                ui.label("needs a restart").classes("mien-tag")
            ui.label("written in config.yaml" if locked else "goes to the file at once").classes("mien-tag")
            if not locked:
                _default_button(seat, entry, title or entry.title)


class _Text:
    """The text in the file, and that in the editor. ``show`` puts a text into the editor."""

    def __init__(self, seat: Seat, entry: Entry, text_of: Callable[[Any], str], show: Callable[[str], object]) -> None:
        self.seat, self.entry = seat, entry
        self._text_of, self._show = text_of, show
        self._seen: object = None
        self.in_file = ""
        self.edited = False

    def look(self) -> None:
        """Follow the file, but for a text that is being written here."""
        standard = self.seat.desk.standard
        if standard is self._seen or standard.config is None:
            return
        self._seen = standard
        text = self._text_of(standard.value(self.entry.place))
        changed, self.in_file = text != self.in_file, text
        if changed and not self.edited:
            self._show(text)

    async def write(self, value: Any) -> None:
        """Write it; a refusal is shown, and the text stays to be corrected."""
        await self.seat.do(self.seat.desk.write(self.entry.place, value), f"{self.entry.name} is written")
        self.seat.desk.files.look()
        self.edited = False
        self._seen = None
        self.look()


def _line(seat: Seat, entry: Entry, title: str, enabled: bool) -> None:
    field = ui.input(label=title).props(f'dense outlined aria-label="{title}"').style("width: 100%")
    field.set_enabled(enabled)
    text = _Text(seat, entry, lambda value: "" if value is None else str(without_secrets(value)), field.set_value)

    async def changed() -> None:
        typed = str(field.value or "").strip()
        if typed == text.in_file:
            return
        await text.write(int(typed) if entry.or_number and typed.isdigit() else typed)
        if text.in_file != typed:
            field.set_value(text.in_file)

    seat.keep_up(text.look)
    field.on("change", changed)


def _yaml(seat: Seat, entry: Entry, title: str, enabled: bool) -> None:
    ui.label(title)
    area = ui.textarea().props(f'outlined autogrow debounce={CHECK_MS} aria-label="{title}, as YAML" spellcheck=false')
    area.classes("mien-yaml").style("width: 100%").set_enabled(enabled)
    wrong = ui.label().classes("mien-wrong").props("role=alert").style("white-space: pre-wrap")
    wrong.set_visibility(False)
    with ui.element("div").classes("mien-row") as buttons:
        apply = ui.button("Write to the file", icon="check").props("dense no-caps color=blue-8")
        discard = ui.button("Discard", icon="close").props("flat dense no-caps color=white")
    buttons.set_visibility(False)
    text = _Text(seat, entry, as_text, area.set_value)

    def checked() -> Any:
        """(value, what is wrong)"""
        try:
            return seat.desk.files.checked(entry.place, str(area.value or "")), ""
        except ConfigError as error:
            return None, hide(str(error))

    def typed() -> None:
        text.edited = str(area.value or "") != text.in_file
        trouble = checked()[1] if text.edited else ""
        wrong.text = trouble
        wrong.set_visibility(bool(trouble))
        buttons.set_visibility(text.edited)
        apply.set_enabled(enabled and not trouble)

    async def write() -> None:
        value, trouble = checked()
        if trouble:
            typed()
            return
        await text.write(value)
        typed()

    def back() -> None:
        area.set_value(text.in_file)

    seat.keep_up(text.look)
    area.on_value_change(typed)
    apply.on_click(write)
    discard.on_click(back)


def _default_button(seat: Seat, entry: Entry, title: str) -> None:
    async def back() -> None:
        await seat.do(seat.desk.write(entry.place, seat.desk.standard.default_value(entry.place)))

    button = ui.button("Default", icon="restart_alt", on_click=back).props("flat dense no-caps size=sm color=white")
    button.props(f'aria-label="{title}: back to its default"').set_enabled(seat.operates)

    def look() -> None:
        differs = not seat.desk.standard.is_default(entry.place)
        if button.visible != differs:
            button.set_visibility(differs)

    seat.keep_up(look)
