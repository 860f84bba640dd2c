"""One control for one setting, made from its model: slider, switch, choice, colour or text, in step with the piece."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import events, ui

from installation.desk.seat import Seat
from installation.live_commands.setting_table import Setting

OWN_S = 0.7
"""What was moved here is not moved back by an older answer of the piece for so long."""
WIDE = 1e6
"""A number without limits that a slider could have gets a field."""


def setting_control(seat: Seat, setting: Setting, title: str = "") -> None:
    """Draw the control of ``setting``, named ``title`` (its own name without one), with its description."""
    name = title or setting.place[-1].replace("_", " ")
    meaning = setting.meaning + (" Needs a restart." if setting.needs_restart else "")
    with ui.element("div").classes("mien-control").style("width: 100%").props(f'data-setting="{setting.path}"'):
        if setting.kind == "switch":
            _switch(seat, setting, name)
        elif setting.choices:
            _choice(seat, setting, name)
        elif setting.kind == "text":
            _text(seat, setting, name)
        elif setting.high - setting.low <= WIDE:
            _slider(seat, setting, name)
        else:
            _number(seat, setting, name)
        ui.label(meaning).classes("mien-dim").style("font-size: 0.8rem; line-height: 1.3")


class _Bound:
    """A control that follows its setting, but for a moment after it was moved here."""

    def __init__(self, seat: Seat, setting: Setting, show: Callable[[Any], object]) -> None:
        self._seat, self._setting, self._show = seat, setting, show
        self._moved_s = float("-inf")
        self._shown: Any = None
        seat.keep_up(self.look)

    def look(self) -> None:
        value = self._seat.desk.values.get(self._setting.path)
        if value is None or value == self._shown or self._seat.desk.clock.now() - self._moved_s < OWN_S:
            return
        self._shown = value
        self._show(value)

    async def moved(self, value: Any) -> None:
        """It was moved to ``value`` by the operator."""
        if value is None or value == self._shown:
            return
        self._moved_s, self._shown = self._seat.desk.clock.now(), value
        await self._seat.do(self._seat.desk.set(self._setting.path, value))
        if self._seat.desk.values.get(self._setting.path) != value:
            self._moved_s, self._shown = float("-inf"), None
            self.look()


def _switch(seat: Seat, setting: Setting, name: str) -> None:
    control = ui.switch(name).props(f'aria-label="{name}"')
    control.set_enabled(seat.operates)
    bound = _Bound(seat, setting, lambda value: control.set_value(bool(value)))
    control.on_value_change(lambda event: bound.moved(int(event.value)))


def _choice(seat: Seat, setting: Setting, name: str) -> None:
    control = (
        ui.select(list(setting.choices), label=name)
        .props(f'outlined dense options-dense aria-label="{name}"')
        .style("width: 100%")
    )
    control.set_enabled(seat.operates)
    bound = _Bound(seat, setting, control.set_value)
    control.on_value_change(lambda event: bound.moved(event.value))


def _slider(seat: Seat, setting: Setting, name: str) -> None:
    span = setting.high - setting.low
    step = setting.step or (1 if setting.kind == "int" else 10.0 ** -max(0, 2 - len(str(int(span))) + 1))
    low = setting.low + (step if setting.above else 0)
    high = setting.high - (step if setting.below else 0)
    with ui.element("div").classes("mien-row").style("justify-content: space-between"):
        ui.label(name)
        field = (
            ui.number(min=low, max=high, step=step)
            .props(f'dense outlined aria-label="{name}, number"')
            .style("width: 7.5rem")
        )
        if setting.unit:
            field.props(f'suffix="{setting.unit}"')
    slider = ui.slider(min=low, max=high, step=step).props(f'aria-label="{name}"')
    slider.set_enabled(seat.operates)
    field.set_enabled(seat.operates)

    def show(value: float) -> None:
        slider.set_value(value)
        field.set_value(round(value, 6))

    bound = _Bound(seat, setting, show)

    async def moved(event: events.ValueChangeEventArguments[Any]) -> None:
        if event.value is None:
            return
        value = int(event.value) if setting.kind == "int" else float(event.value)
        await bound.moved(value)
        show(value)

    slider.on_value_change(moved)
    field.on_value_change(moved)


def _number(seat: Seat, setting: Setting, name: str) -> None:
    field = ui.number(label=name).props(f'dense outlined aria-label="{name}" debounce=500').style("width: 100%")
    field.set_enabled(seat.operates)
    bound = _Bound(seat, setting, field.set_value)

    async def moved(event: events.ValueChangeEventArguments[Any]) -> None:
        if event.value is not None:
            await bound.moved(int(event.value) if setting.kind == "int" else float(event.value))

    field.on_value_change(moved)


def _text(seat: Seat, setting: Setting, name: str) -> None:
    field = ui.input(label=name).props(f'dense outlined aria-label="{name}" debounce=500').style("width: 100%")
    field.set_enabled(seat.operates)
    bound = _Bound(seat, setting, field.set_value)
    field.on_value_change(lambda event: bound.moved(event.value))
