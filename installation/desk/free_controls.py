"""What no control fits: free texts in a line, lists and mappings as YAML; checked as they are typed, then set at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from installation.base.secrets import hide, without_secrets
from installation.config.yaml_text import ConfigError
from installation.desk.controls import default_button
from installation.desk.desk import Desk, RefusedError
from installation.desk.seat import Seat
from installation.desk.setting_tree import Entry
from installation.desk.settings_files import as_text, unmasked

CHECK_MS = 400
"""A text is checked when nobody has typed for so long."""
DIFFERS = "not as in the file"
_UNKNOWN = object()


def free_control(seat: Seat, entry: Entry, title: str = "") -> None:
    """Draw an editor of the setting that is in no table: what the piece has, and whether the file has something else."""
    name = title or entry.title
    with ui.element("div").classes("mien-control").props(f'data-setting="{entry.name}" title="{entry.name}"'):
        (_line if entry.form == "line" else _yaml)(seat, entry, name, seat.operates)
        with ui.element("div").classes("mien-row mien-meaning"):
            ui.label(entry.meaning).classes("mien-dim").style("flex: 1 1 12rem")
            if entry.needs_restart:
                ui.label("needs a restart").classes("mien-tag")
            if entry.path not in seat.desk.lists:
                ui.label("goes to the file at once").classes("mien-tag")
            differs = ui.label(DIFFERS).classes("mien-tag")

            async def back() -> None:
                await seat.do(set_value(seat.desk, entry, seat.desk.standard.default_value(entry.place)))

            button = default_button(name, seat.operates, back)

    def look() -> None:
        for element, is_so in (
            (differs, differs_from_file(seat.desk, entry)),
            (button, not is_as_default(seat.desk, entry)),
        ):
            if element.visible != is_so:
                element.set_visibility(is_so)

    seat.keep_up(look)


def value_of(desk: Desk, entry: Entry) -> Any:
    """What the piece has; as the file spells it, where it says the same. None: unknown."""
    standard = desk.standard
    in_file = standard.in_files_at(entry.place)
    value = desk.lists.get(entry.path, in_file)
    return standard.value(entry.place) if value == in_file else value


def differs_from_file(desk: Desk, entry: Entry) -> bool:
    """Whether the piece has something else than the file, such as by OSC, ``--set`` or a change that is not saved."""
    standard = desk.standard
    in_file = standard.in_files_at(entry.place)
    return standard.config is not None and desk.lists.get(entry.path, in_file) != in_file


def is_as_default(desk: Desk, entry: Entry) -> bool:
    """Whether the piece has what counts without any file."""
    standard = desk.standard
    default = standard.default_value(entry.place)
    return bool(desk.lists.get(entry.path, standard.in_files_at(entry.place) or default) == default)


async def set_value(desk: Desk, entry: Entry, value: Any) -> None:
    """Give it another value; *** stands for a password that is there. Raises RefusedError."""
    if entry.path not in desk.lists:
        await desk.write(entry.place, value)
        return
    try:
        value = unmasked(value, desk.lists[entry.path])
    except ConfigError as error:
        raise RefusedError(str(error)) from error
    await desk.set(entry.path, value)


class _Text:
    """What the piece has as text, and what is in the editor. ``show`` puts a text into the editor."""

    def __init__(self, seat: Seat, entry: Entry, text_of: Callable[[Any], str], show: Callable[[str], object]) -> None:
        self.seat, self.entry = seat, entry
        self._text_of, self._show = text_of, show
        self._seen: object = _UNKNOWN
        self.there = ""
        self.edited = False

    def look(self) -> None:
        """Follow the piece, but for a text that is being written here."""
        value = value_of(self.seat.desk, self.entry)
        if value is None or value == self._seen:
            return
        self._seen = value
        text = self._text_of(value)
        changed, self.there = text != self.there, text
        if changed and not self.edited:
            self._show(text)

    async def write(self, value: Any) -> None:
        """Set it; a refusal is shown, and the piece's own text again."""
        await self.seat.do(set_value(self.seat.desk, self.entry, value), f"{self.entry.name} is set")
        self.edited = False
        self._seen, self.there = _UNKNOWN, ""
        self.look()


def _line(seat: Seat, entry: Entry, title: str, enabled: bool) -> None:
    field = ui.input(label=title).props(f'dense outlined aria-label="{title}"').style("width: 100%")
    field.set_enabled(enabled)
    text = _Text(seat, entry, lambda value: str(without_secrets(value)), field.set_value)

    async def changed() -> None:
        typed = str(field.value or "").strip()
        if typed != text.there:
            await text.write(int(typed) if entry.or_number and typed.isdigit() else typed)

    seat.keep_up(text.look)
    field.on("change", changed)


def _yaml(seat: Seat, entry: Entry, title: str, enabled: bool) -> None:
    ui.label(title)
    area = ui.textarea().props(f'outlined autogrow debounce={CHECK_MS} aria-label="{title}, as YAML" spellcheck=false')
    area.classes("mien-yaml").style("width: 100%").set_enabled(enabled)
    wrong = ui.label().classes("mien-wrong").props("role=alert").style("white-space: pre-wrap")
    wrong.set_visibility(False)
    with ui.element("div").classes("mien-row") as buttons:
        apply = ui.button("Set", icon="check").props("dense no-caps color=blue-8")
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
        text.edited = str(area.value or "") != text.there
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

    seat.keep_up(text.look)
    area.on_value_change(typed)
    apply.on_click(write)
    discard.on_click(lambda: area.set_value(text.there))
