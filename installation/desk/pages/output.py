"""Projectors and screens: corners moved on a drawing and seen at once on the wall, test patterns, brightness, soft edges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import events, ui

from installation.config.output import EdgesConfig, ScreenConfig
from installation.config.save import save_screens
from installation.desk.controls import setting_control
from installation.desk.parts.corner_editor import STYLE, CornerEditor
from installation.desk.parts.elements import card
from installation.desk.seat import Seat

SCREENS = "/control/output/screens"
PATTERNS = {"none": "The piece", "grid": "Grid", "ramp": "Grey ramp", "colour": "Colours"}
LIGHT = (
    ("brightness", "Brightness", 0.0, 2.0),
    ("gamma", "Gamma", 0.3, 3.0),
    ("black", "Black outside soft edges", 0.0, 0.2),
)
SIDES = ("left", "top", "right", "bottom")
DIALS = ("/control/output/brightness", "/control/output/saturation", "/control/output/glow")
CORNERS = ScreenConfig().corners


def screens_of(seat: Seat) -> list[dict[str, Any]]:
    """All screens with all their settings; the plain picture is one screen."""
    found = seat.desk.lists.get(SCREENS) or [{}]
    return [ScreenConfig.model_validate(one).model_dump() for one in found]


def with_value(screens: list[dict[str, Any]], number: int, name: str, value: Any) -> list[dict[str, Any]]:
    """The screens with another value of one of them; ``name`` may be ``edges.left``."""
    section, _, inner = name.partition(".")
    changed = {**screens[number], section: {**screens[number][section], inner: value} if inner else value}
    return [*screens[:number], changed, *screens[number + 1 :]]


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE)
    _Page(seat)


class _Page:
    """The controls of one browser; ``_number`` is the screen that is chosen."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._number = seat, 0
        self._shown: list[Callable[[dict[str, Any]], None]] = []
        self._known: object = None
        with card("Corners"):
            self._heading = ui.label().classes("mien-dim")
            self._editor = CornerEditor(seat.operates, self._moved, self._choose).style("width: 100%")
            with ui.element("div").classes("mien-row"):
                self._select = ui.select({0: "1"}, value=0, label="Screen", on_change=self._selected).props(
                    'outlined dense options-dense aria-label="Screen"'
                )
                self._select.style("min-width: 9rem")
                self._button("Straighten", self._straighten)
                self._button("Add a screen beside", self._add)
                self._button("Remove this screen", self._remove)
                ui.space()
                self._button("Write the screens to the file", self._write, "blue-9")
            ui.label(
                "Moves are seen on the wall at once. They hold until the piece ends; write them to keep them. Undo takes back."
            ).classes("mien-dim")
        with ui.element("div").classes("mien-grid"):
            self._patterns()
            self._screen()
            self._edges()
            self._place()
        seat.keep_up(self._look)

    def _button(self, text: str, work: Callable[[], Awaitable[None]], colour: str = "") -> ui.button:
        button = ui.button(text, on_click=lambda: self._seat.do(work()))
        button.props("no-caps dense padding='4px 10px'" + (f" color={colour}" if colour else " outline color=white"))
        button.set_enabled(self._seat.operates)
        return button

    def _patterns(self) -> None:
        desk = self._seat.desk
        with card("Test patterns"):
            buttons = {}
            with ui.element("div").classes("mien-row"):
                for name, title in PATTERNS.items():
                    buttons[name] = self._button(title, partial(desk.command, "test_pattern", name))
            ui.label("Instead of the piece, on the wall. With sound and light nothing changes.").classes("mien-dim")
            for path in DIALS:
                if path in desk.table:
                    setting_control(self._seat, desk.table[path])
        pressed: list[str] = []

        def look() -> None:
            shown = (desk.part("output") or {}).get("pattern", "none")
            if pressed == [shown]:
                return
            pressed[:] = [shown]
            for name, button in buttons.items():
                if name == shown:
                    button.props("aria-pressed=true color=blue-9", remove="outline")
                else:
                    button.props("aria-pressed=false color=white outline")

        self._seat.keep_up(look)

    def _screen(self) -> None:
        with card("Light of this screen"):
            for name, title, low, high in LIGHT:
                self._slider(name, title, low, high, ScreenConfig.model_fields[name].description or "")
            gains = ScreenConfig.model_fields["gains"].description or ""
            for index, colour in enumerate(("red", "green", "blue")):
                self._slider(f"gains {index}", f"Gain of {colour}", 0.0, 2.0, gains if index == 0 else "")

    def _edges(self) -> None:
        with card("Soft edges of this screen"):
            for side in SIDES:
                self._slider(f"edges.{side}", side.capitalize(), 0.0, 1.0, "")
            self._slider("edge_curve", "Curve", 1.0, 6.0, ScreenConfig.model_fields["edge_curve"].description or "")
            ui.label(EdgesConfig.__doc__ or "").classes("mien-dim")

    def _place(self) -> None:
        with card("Place of this screen"):
            for name, title in (("picture", "Part of the picture"), ("place", "Place in the window")):
                ui.label(f"{title}: left, top, width, height; 1 is the whole").classes("mien-dim")
                with ui.element("div").style("display: grid; grid-template-columns: repeat(4, 1fr); gap: 6px"):
                    for index, side in enumerate(("left", "top", "width", "height")):
                        self._number_field(f"{name} {index}", f"{title}, {side}", side)
            self._choice("rotation", "Turned clockwise, degrees", [0, 90, 180, 270])
            self._choice("mirror", "Mirrored", ["none", "horizontal", "vertical"])

    def _slider(self, name: str, title: str, low: float, high: float, meaning: str) -> None:
        with ui.element("div").classes("mien-row").style("justify-content: space-between"):
            ui.label(title)
            shown = ui.label().style("font-variant-numeric: tabular-nums")
        slider = ui.slider(min=low, max=high, step=0.005).props(f'aria-label="{title}"')
        if meaning:
            ui.label(meaning).classes("mien-dim").style("font-size: var(--small)")

        def show(value: Any) -> None:
            slider.set_value(value)
            shown.set_text(f"{value:.3f}")

        self._follow(name, slider, show, float)

    def _number_field(self, name: str, spoken: str, title: str) -> None:
        field = ui.number(title, min=0, max=1, step=0.01, format="%.5g").props(
            f'dense outlined aria-label="{spoken}" debounce=400'
        )
        field.style("width: 100%")
        self._follow(name, field, field.set_value, float)

    def _choice(self, name: str, title: str, values: list[Any]) -> None:
        control = ui.select(values, label=title).props(f'outlined dense options-dense aria-label="{title}"')
        control.style("width: 100%; margin-top: 8px")
        self._follow(name, control, control.set_value, lambda value: value)

    def _follow(self, name: str, control: Any, show: Callable[[Any], object], kind: Callable[[Any], Any]) -> None:
        """Let ``control`` show and change a value of the chosen screen: ``brightness``, ``edges.left``, ``gains 0``."""
        control.set_enabled(self._seat.operates)
        outer, _, index = name.partition(" ")
        last: list[Any] = [None]

        def value_of(screen: dict[str, Any]) -> Any:
            section, _, inner = outer.partition(".")
            found = screen[section][inner] if inner else screen[section]
            return found[int(index)] if index else found

        def look(screen: dict[str, Any]) -> None:
            value = value_of(screen)
            if value != last[0]:
                last[0] = value
                show(value)

        async def moved(event: events.ValueChangeEventArguments[Any]) -> None:
            if event.value is None or kind(event.value) == last[0]:
                return
            last[0] = value = kind(event.value)
            show(value)
            if index:
                whole = list(screens_of(self._seat)[self._number][outer])
                value = [*whole[: int(index)], value, *whole[int(index) + 1 :]]
            await self._seat.do(self._set(with_value(screens_of(self._seat), self._number, outer, value)))
            last[0] = None
            look(screens_of(self._seat)[self._number])

        control.on_value_change(moved)
        self._shown.append(look)

    def _look(self) -> None:
        desk = self._seat.desk
        output, found = desk.part("output") or {}, desk.lists.get(SCREENS)
        size = output.get("size") or [16, 9]
        known = (found, tuple(size), self._number, bool(output.get("editing")))
        if known == self._known:
            return
        self._known = known
        screens = screens_of(self._seat)
        self._number = min(self._number, len(screens) - 1)
        self._select.set_options(
            {number: one["name"] or f"{number + 1}" for number, one in enumerate(screens)}, value=self._number
        )
        drawn = [{"name": one["name"], "place": one["place"], "corners": one["corners"]} for one in screens]
        self._editor.show(drawn, size, self._number)
        said = [f"The window, {size[0]} x {size[1]} pixels. Drag a corner, or choose one and use the arrow keys."]
        if screens[self._number]["grid"]:
            said.append("This screen is bent by a grid, too: its points are moved at the machine, key W.")
        if output.get("editing"):
            said.append(
                "Somebody sets the screens up at the machine (key W): what is done here shows when that is left."
            )
        self._heading.set_text(" ".join(said))
        for look in self._shown:
            look(screens[self._number])

    def _choose(self, number: int) -> None:
        self._number = max(0, number)
        self._look()

    def _selected(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if event.value is not None and event.value != self._number:
            self._choose(int(event.value))

    async def _set(self, screens: list[dict[str, Any]]) -> None:
        await self._seat.desk.set(SCREENS, screens)

    async def _moved(self, number: int, corners: list[list[float]]) -> None:
        screens = screens_of(self._seat)
        if 0 <= number < len(screens):
            await self._seat.do(self._set(with_value(screens, number, "corners", corners)))

    async def _straighten(self) -> None:
        await self._set(with_value(screens_of(self._seat), self._number, "corners", CORNERS))

    async def _add(self) -> None:
        screens = screens_of(self._seat)
        share = 1 / (len(screens) + 1)
        placed = [
            {**one, "place": [number * share, 0.0, share, 1.0], "picture": [number * share, 0.0, share, 1.0]}
            for number, one in enumerate([*screens, ScreenConfig().model_dump()])
        ]
        await self._set(placed)

    async def _remove(self) -> None:
        screens = screens_of(self._seat)
        await self._set(screens[: self._number] + screens[self._number + 1 :])

    async def _write(self) -> None:
        desk = self._seat.desk
        screens = [ScreenConfig.model_validate(one) for one in desk.lists.get(SCREENS) or [{}]]
        # As with Save, what was moved is still taken back by Undo; the file stays.
        work = partial(save_screens, [Path(path) for path in desk.paths], screens)
        await desk.write_file(desk.settings_path, work, remember=False)
        ui.notify("The screens are written.", type="positive")
