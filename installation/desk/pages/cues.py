"""Presets and cues: recall, go, back, hold, store; and the file itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import ui

from installation.base.files import file_stamp, write_whole
from installation.config.cue_rows import NAME, SheetRows
from installation.config.save_cues import number_between, read_rows, with_cue
from installation.config.yaml_text import MAX_BYTES, ConfigError
from installation.desk.cue_file import change, check, rows_of
from installation.desk.cue_words import does, fired_by
from installation.desk.desk import RefusedError
from installation.desk.parts.cue_forms import CueForm, PresetForm
from installation.desk.parts.elements import card, set_chosen
from installation.desk.parts.row_form import STYLE as FORM_STYLE
from installation.desk.preset_now import preset_now, with_preset_now
from installation.desk.seat import Seat
from installation.desk.words import quoted

EMPTY = """\
# Presets and cues; docs/cues.md tells what may stand here.
presets: {}
cues: []
"""


STYLE = """
.cue-row { border-left: 5px solid #3b4252; padding: 4px 10px; background: #262b35; }
.cue-now { border-color: #a3d9a5; } .cue-next { border-color: #ebcb8b; }
"""
NO_CUE = (
    "There is none yet. A cue recalls a preset, a look or a scene: at a time of day, by a pose, when somebody arrives, by a "
    "key or with Go."
)
LOOK_S = 1.0
"""The file is looked at this often."""


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(FORM_STYLE + STYLE)
    forms = _Forms(seat)
    with ui.element("div").classes("mien-pair"):
        _go(seat)
        _presets(seat, forms)
    _wrong(seat)
    _list(seat, forms)
    if seat.operates:
        _file(seat)


class _Forms:
    """Opens the forms of one browser, on what the file says at that moment."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._home = ui.element("div").style("display: none")

    async def cue(self, number: float | None = None) -> None:
        """A cue's form; a new one's without a number."""
        rows = await self._rows()
        row = next((one for one in rows.cues if one.cue == number), None)
        if number is not None and row is None:
            raise RefusedError(f"there is no cue {number:g} in the file any more")
        with self._home:
            CueForm(self._seat, self.path, rows, row).dialog.open()

    async def preset(self, name: str | None = None) -> None:
        """A preset's form; a new one's without a name."""
        rows = await self._rows()
        if name is not None and name not in rows.presets:
            raise RefusedError(f"there is no preset {name!r} in the file any more")
        with self._home:
            PresetForm(self._seat, self.path, rows, name).dialog.open()

    async def move(self, number: float, steps: int) -> None:
        """Give a cue the number that puts it one place earlier (-1) or later (1)."""

        def edit(text: str) -> str:
            rows = read_rows(text)
            row = next((one for one in rows.cues if one.cue == number), None)
            if row is None:
                raise ConfigError(f"there is no cue {number:g} any more")
            return with_cue(text, number, row.model_copy(update={"cue": number_between(rows, number, steps)}))

        name = f"the place of cue {number:g} in {self.path.name}"
        await self._seat.desk.write_file(self.path, partial(change, self.path, edit), name, check)

    @property
    def path(self) -> Path:
        """The file."""
        found = str(_part(self._seat).get("file", ""))
        if not found:
            raise RefusedError("the piece has not told its file yet")
        return Path(found)

    async def _rows(self) -> SheetRows:
        try:
            rows = await asyncio.to_thread(rows_of, self.path)
        except (ConfigError, OSError) as error:
            raise RefusedError(f"The file cannot be read; correct it as text, below: {error}") from error
        return rows


def _part(seat: Seat) -> Mapping[str, Any]:
    found: Mapping[str, Any] = seat.desk.part("cues") or {}
    return found


def _go(seat: Seat) -> None:
    desk = seat.desk
    with card("Now"):
        now = ui.label().classes("mien-large").props("role=status")
        bar = ui.linear_progress(0.0, show_value=False, size="8px").props('aria-label="Fade" instant-feedback')
        then = ui.label().classes("mien-dim")
        with ui.element("div").style("display: grid; grid-template-columns: 2fr 1fr 1fr; gap: 8px; margin-top: 8px"):
            for text, icon, command, colour in (
                ("Go", "play_arrow", "cue_go", "green-9"),
                ("Back", "skip_previous", "cue_back", "blue-grey-9"),
                ("Hold", "pause", "cue_hold", "blue-grey-9"),
            ):
                button = ui.button(
                    text, icon=icon, color=colour, on_click=lambda command=command: seat.do(desk.command(command))
                )
                button.props("no-caps").style("min-height: 72px; font-size: var(--large)").set_enabled(seat.operates)

    def look() -> None:
        cues = _part(seat)
        running = cues.get("running")
        held = " (held)" if cues.get("held") else ""
        now.text = "No cue yet" if running is None else f"{running:g} {cues.get('name', '')}{held}"
        bar.value = float(cues.get("fade", 1.0)) if cues.get("fade_left_s") else 0.0
        then.text = _next(cues)

    seat.keep_up(look)


def _next(cues: Mapping[str, Any]) -> str:
    """What comes next, and when."""
    words = []
    if cues.get("fade_left_s"):
        words.append(f"fades for {cues['fade_left_s']:.0f} s more")
    if cues.get("next") is not None:
        follows = cues.get("follows_in_s")
        words.append(f"next: {cues['next']:g}" + ("" if follows is None else f" in {follows:.0f} s"))
    if cues.get("next_time") is not None:
        words.append(f"by the clock: {cues['next_time']['cue']:g} at {cues['next_time']['at'][11:16]}")
    return " · ".join(words) or "nothing follows"


def _presets(seat: Seat, forms: _Forms) -> None:
    with card("Presets"):
        place = ui.element("div").classes("mien-row")
        with ui.element("div").classes("mien-row mien-operate").style("margin-top: 10px"):
            name = (
                ui.input(label="Name of a preset")
                .props('dense outlined aria-label="Name of a preset"')
                .style("flex: 1 1 12rem")
            )

            async def store() -> None:
                await seat.do(_store(seat, forms, name))

            button = ui.button("Store as a preset", icon="bookmark_add", on_click=store).props("no-caps")
            for control in (name, button):
                control.set_enabled(seat.operates)
        said = "The look and the dials as they are now, saved or not. A name that is there is stored anew."
        ui.label(said).classes("mien-dim mien-operate")
        new = ui.button("New preset by hand", icon="add", on_click=lambda: seat.do(forms.preset())).props(
            "no-caps flat color=white"
        )
        new.set_enabled(seat.operates)
    shown: list[Any] = [None]
    buttons: dict[str, ui.button] = {}

    def look() -> None:
        cues = _part(seat)
        current = (cues.get("preset") or {}).get("name")
        names: list[Any] = [[row["number"], row["name"]] for row in cues.get("presets", [])]
        if names != shown:
            shown[:] = names
            place.clear()
            buttons.clear()
            with place:
                if not names:
                    ui.label("There is none yet: turn dials until it is right, then store it here.").classes("mien-dim")
                for number, title in names:
                    buttons[title] = _preset(seat, forms, number, title)
        for title, button in buttons.items():
            set_chosen(button, title == current)

    seat.keep_up(look)


async def _store(seat: Seat, forms: _Forms, field: ui.input) -> None:
    """Store what is set now as a preset of the name in ``field``, and say what it holds. Raises RefusedError."""
    name = str(field.value or "").strip()
    if not re.fullmatch(NAME, name):
        raise RefusedError("Give the preset a name: letters, digits, spaces, - and _, 40 at most.")
    look, settings = preset_now(seat.desk.values, seat.desk.table, seat.desk.standard)
    edit = with_preset_now(name, look, settings)
    await seat.desk.write_file(forms.path, partial(change, forms.path, edit), f"Preset {name}", check)
    ui.notify(f"{name} is stored: look {look} and {len(settings)} settings", type="positive")
    field.set_value("")


def _preset(seat: Seat, forms: _Forms, number: float, name: str) -> ui.button:
    with ui.element("div").style("display: flex; gap: 2px"):
        button = ui.button(f"{number:g} · {name}", on_click=lambda: seat.do(seat.desk.command("preset", name)))
        button.props("no-caps").style("min-height: 48px").set_enabled(seat.operates)
        edit = ui.button(icon="edit", on_click=lambda: seat.do(forms.preset(name)))
        edit.props(f"flat dense color=white aria-label={quoted(f'Edit preset {name}')}").set_enabled(seat.operates)
    return button


def _wrong(seat: Seat) -> None:
    """What the piece says of the file."""
    wrong = ui.label().classes("mien-card mien-wrong").props("role=alert").style("white-space: pre-wrap")

    def look() -> None:
        lines = list(_part(seat).get("wrong", []))
        text = "\n".join(["The file has mistakes:", *lines]) if lines else ""
        wrong.text, wrong.visible = text, bool(text)

    seat.keep_up(look)


def _list(seat: Seat, forms: _Forms) -> None:
    with card("Cues"):
        place = ui.element("ol").style(
            "list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 6px"
        )
        new = ui.button("New cue", icon="add", on_click=lambda: seat.do(forms.cue()))
        new.props("no-caps").style("margin-top: 8px").set_enabled(seat.operates)
    shown: list[Any] = []
    marks: dict[float, Callable[[str], None]] = {}

    def look() -> None:
        cues = _part(seat)
        rows = list(cues.get("cues", []))
        if rows != shown or not marks:
            shown[:] = rows
            place.clear()
            marks.clear()
            with place:
                if not rows:
                    with ui.element("li"):
                        ui.label(NO_CUE).classes("mien-dim")
                for at, row in enumerate(rows):
                    marks[row["number"]] = _row(seat, forms, row, at == 0, at == len(rows) - 1)
        for number, mark in marks.items():
            mark("now" if number == cues.get("running") else "next" if number == cues.get("next") else "")

    seat.keep_up(look)


def _row(seat: Seat, forms: _Forms, row: Mapping[str, Any], is_first: bool, is_last: bool) -> Callable[[str], None]:
    """Draw a cue; gives what marks it as the one that runs, or as the next one."""
    number, title = row["number"], row["name"] or "unnamed"
    with ui.element("li").classes("mien-row cue-row") as line:
        ui.label(f"{number:g}").classes("mien-large").style("min-width: 3rem")
        with ui.element("div").style("flex: 1 1 14rem; min-width: 0; overflow-wrap: anywhere"):
            name = ui.label(title).style("font-weight: 600")
            ui.label(does(row)).classes("mien-dim")
            ui.label(fired_by(row)).classes("mien-dim")
        with ui.element("div").style("display: flex; flex-wrap: wrap; gap: 2px; align-items: center"):
            go = ui.button("Go to it", on_click=lambda: seat.do(seat.desk.command("cue", number)))
            go.props(f'no-caps flat color=white aria-label="Go to cue {number:g}"').set_enabled(seat.operates)
            for icon, word, press, rests in (
                ("edit", "Edit", lambda: forms.cue(number), False),
                ("arrow_upward", "Earlier", lambda: forms.move(number, -1), is_first),
                ("arrow_downward", "Later", lambda: forms.move(number, 1), is_last),
            ):
                button = ui.button(icon=icon, on_click=lambda press=press: seat.do(press()))
                button.props(f'flat round color=white aria-label="{word}: cue {number:g}"').tooltip(word)
                button.set_enabled(seat.operates and not rests)

    def mark(word: str) -> None:
        name.text = f"{title} · {word}" if word else title
        line.classes(replace=f"mien-row cue-row {f'cue-{word}' if word else ''}")

    return mark


def _file(seat: Seat) -> None:
    """The file as text, for what no form can do: the piece reads it as soon as it is written."""
    desk = seat.desk
    in_file, stamp = [EMPTY], [object()]
    with card("The file"):
        where = ui.label().classes("mien-dim").style("overflow-wrap: anywhere")
        with ui.expansion("Edit it as text (YAML)").style("width: 100%"):
            text = ui.textarea(label="Presets and cues (YAML)").props(
                'outlined autogrow aria-label="Presets and cues (YAML)" spellcheck=false'
            )
            text.classes("mien-yaml").style("width: 100%").set_enabled(seat.operates)
            buttons = ui.element("div").classes("mien-row")

    async def read() -> None:
        in_file[0] = await _text_of(str(_part(seat).get("file", "")))
        text.set_value(in_file[0])

    async def follow() -> None:
        """Read it where it was written elsewhere and nothing was typed here."""
        path = str(_part(seat).get("file", ""))
        found = (path, file_stamp(Path(path))) if path else None
        if found is not None and found != stamp[0] and str(text.value or "") in ("", in_file[0]):
            stamp[0] = found
            await read()

    async def write() -> None:
        path = str(_part(seat).get("file", ""))
        data = str(text.value or "").encode("utf-8", "replace")
        if not path or len(data) > MAX_BYTES:
            ui.notify("The piece has not told its file yet." if not path else "That is too long.", type="negative")
            return
        work = partial(write_whole, Path(path), data)
        await seat.do(desk.write_file(Path(path), work, check=check), "written; the piece reads it now")
        in_file[0] = str(text.value or "")

    with buttons:
        ui.button("Write", icon="save", on_click=write).props("no-caps").set_enabled(seat.operates)
        ui.button("Read it again", icon="refresh", on_click=read).props("no-caps flat color=white")
    ui.timer(LOOK_S, follow)

    def look() -> None:
        where.text = str(_part(seat).get("file", ""))

    seat.keep_up(look)


async def _text_of(path: str) -> str:
    def read() -> str:
        try:
            return Path(path).read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
        except OSError:
            return EMPTY

    return await asyncio.to_thread(read)
