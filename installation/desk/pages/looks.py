"""Looks: which there are, what a mood looks like, and where visitors are among the moods."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nicegui import ui

from installation.config.load import load_config
from installation.config.look import LOOK_NAMES
from installation.config.look_files import look_names, look_path, save_look
from installation.config.yaml_text import ConfigError
from installation.desk.controls import setting_control
from installation.desk.cue_file import rows_of
from installation.desk.look_of import PREFIX, look_of, stripes
from installation.desk.parts.elements import card, set_chosen
from installation.desk.plane import plane
from installation.desk.seat import Seat
from installation.desk.words import quoted
from installation.live_commands.setting_table import Setting

GROUPS = (
    ("palette", "Colours"),
    ("motion", "Motion"),
    ("form", "Form"),
    ("lighting", "Light"),
    ("", "Texture and weight"),
)
ORDER = ("background", "deep", "middle", "accent", "counter")
NOBODY = "#565d76"


def build(seat: Seat) -> None:
    """Draw it."""
    moods = _Moods(seat)
    with ui.element("div").classes("mien-looks"):
        with card("Look"):
            _choose(seat)
            _store(seat)
            ui.html("<h3>All moods</h3>", sanitize=False)
            _controls(seat, _settings(seat, ()))
        with card("Moods and visitors"):
            plane(seat, lambda name: _middle(seat, name), moods.choose)
    with card("Mood"):
        moods.draw()
    with card("Valence and arousal"):
        for name, title in (("valence", "What valence adds"), ("arousal", "What arousal adds")):
            _lazy(seat, title, name)


class _Moods:
    """One mood's settings at a time."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._mood = seat, "neutral"
        self._part: Seat | None = None
        self._buttons: dict[str, Any] = {}
        self._box: Any = None

    def draw(self) -> None:
        """Draw the moods to choose from, and the chosen one."""
        with ui.element("div").classes("mien-row").props('role=group aria-label="Mood"').style("gap: 6px"):
            for name in LOOK_NAMES:
                button = ui.button(name, on_click=lambda _, name=name: self.choose(name))
                self._buttons[name] = button.props("dense no-caps unelevated")
        self._box = ui.element("div").style("width: 100%")
        self.choose(self._mood)

    def choose(self, mood: str) -> None:
        """Show this mood's settings."""
        self._mood = mood
        for name, button in self._buttons.items():
            set_chosen(button, name == mood)
        if self._part is not None:
            self._part.close()
        self._part = self._seat.part()
        self._box.clear()
        with self._box, ui.element("div").classes("mien-mood"):
            for group, title in GROUPS:
                with ui.element("div"):
                    ui.html(f"<h3>{title}</h3>", sanitize=False)
                    place = (mood, group) if group else (mood,)
                    _controls(self._part, _settings(self._part, place))


def _choose(seat: Seat) -> None:
    """Each look with its colours; the chosen one is marked."""
    row = ui.element("div").classes("mien-row").props('role=group aria-label="Looks"')
    shown: list[object] = [None]
    there = _seldom(seat, look_names)

    async def choose(name: str) -> None:
        await seat.do(seat.desk.write(("look", "name"), name), f"{name} is chosen, and written to the file")

    def draw(chosen: str) -> None:
        row.clear()
        with row:
            for name in there():
                with ui.button(on_click=lambda _, name=name: choose(name)).props("no-caps unelevated") as button:
                    ui.label(name)
                    _swatches(stripes(name))
                button.props(f"aria-label={quoted(f'look {name}')}").set_enabled(seat.operates)
                set_chosen(button, name == chosen)

    def look() -> None:
        config = seat.desk.standard.config
        state = ("" if config is None else config.look.name, there())
        if state != shown[0]:
            shown[0] = state
            draw(state[0])

    seat.keep_up(look)
    text = "A look is a file in looks/. Lines of config.yaml lie over it: what is turned here goes there with Save."
    ui.label(text).classes("mien-dim mien-meaning")


def _store(seat: Seat) -> None:
    """Keep what is set as a look of its own."""
    with ui.element("div").classes("mien-row mien-operate").style("margin-top: 8px"):
        field = ui.input(label="Name of a new look").props('dense outlined aria-label="Name of a new look"')
        field.style("flex: 1 1 10rem").set_enabled(seat.operates)

        async def store() -> None:
            await seat.do(_stored(seat, str(field.value or "").strip()), f"looks/{field.value}.yaml is written")

        button = ui.button("Store as a look", icon="bookmark_add", on_click=store).props("dense no-caps color=blue-8")
        button.set_enabled(seat.operates)


async def _stored(seat: Seat, name: str) -> None:
    desk = seat.desk

    def work() -> None:
        try:
            save_look(name, look_of(desk.values))
        except ValueError as error:
            raise ConfigError(str(error)) from error

    def check(_: str | None, text: str | None) -> None:
        if text is None and name in _looks_in_use(seat):
            raise ConfigError(f"looks/{name}.yaml stays: the piece, a preset or a cue uses it")

    await desk.write_file(look_path(name), work, f"looks/{name}.yaml", check)


def _looks_in_use(seat: Seat) -> set[str]:
    """The looks that the settings, a preset or a cue names. Raises ConfigError, OSError."""
    found = {load_config([Path(path) for path in seat.desk.paths]).look.name}
    cues = str((seat.desk.part("cues") or {}).get("file", ""))
    if cues:
        rows = rows_of(Path(cues))
        found |= {row.look for row in rows.presets.values()} | {row.look for row in rows.cues}
    return found


def _swatches(rows: list[list[str]]) -> None:
    """A small picture of a look: a column a mood, four colours each."""
    box = f"0 0 {max(1, len(rows)) * 3} 4"
    with (
        ui.element("svg")
        .props(f'viewBox="{box}" width={len(rows) * 9} height=20 aria-hidden=true')
        .style("margin-left: 8px")
    ):
        for x, colours in enumerate(rows):
            for y, colour in enumerate(colours):
                ui.element("rect").props(f"x={3 * x} y={y} width=2.6 height=1 fill={colour}")


def _settings(seat: Seat, place: tuple[str, ...]) -> list[Setting]:
    """Those right below look and ``place``."""
    depth = len(place) + 2
    found = [one for one in seat.desk.table.values() if one.place[:-1] == ("look", *place) and len(one.place) == depth]
    return sorted(found, key=lambda one: ORDER.index(one.place[-1]) if one.place[-1] in ORDER else 0)


def _controls(seat: Seat, settings: list[Setting]) -> None:
    with ui.element("div").classes("mien-controls"):
        for setting in settings:
            setting_control(seat, setting, with_default=True)


def _lazy(seat: Seat, title: str, group: str) -> None:
    """Drawn when it is opened first."""
    drawn: list[Seat] = []

    def opened(is_open: bool) -> None:
        if is_open and not drawn:
            drawn.append(seat.part())
            with box:
                _controls(drawn[0], _settings(seat, (group,)))

    box = ui.expansion(title).style("width: 100%").on_value_change(lambda event: opened(bool(event.value)))


def _middle(seat: Seat, mood: str) -> str:
    return str(seat.desk.values.get(f"{PREFIX}{mood}/palette/middle", NOBODY))


def _seldom(seat: Seat, look: Callable[[], tuple[str, ...]]) -> Callable[[], tuple[str, ...]]:
    """``look``, but at the folder only every two seconds."""
    kept: list[Any] = [float("-inf"), ()]

    def found() -> tuple[str, ...]:
        now_s = seat.desk.clock.now()
        if now_s - kept[0] > 2.0:
            kept[:] = [now_s, look()]
        return tuple(kept[1])

    return found
