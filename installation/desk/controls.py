"""One control for one setting, made from its model: slider, switch, choice, colour or text, in step with the piece.

What is moved here goes to the piece at most twenty times a second, the newest value alone where the piece is slower; what the
piece says is shown, but never under a finger that moves. A look-only browser sees controls that cannot be moved.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from nicegui import events, ui

from installation.desk.scale import Scale, number_text, scale_of
from installation.desk.seat import Seat
from installation.desk.setting_tree import LOCKED, title_of
from installation.live_commands.setting_table import Setting
from installation.live_commands.table import Argument

OWN_S = 0.7
"""What was moved here is not moved back by an older answer of the piece for so long."""
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NOTHING = object()
Wish = Coroutine[Any, Any, None] | None


class _Slider(ui.slider):
    """Its handle stays where the finger put it: no value comes back for every one that was sent."""

    LOOPBACK = False


class _Number(ui.number):
    """Says what is wrong with a number that is out of range, where NiceGUI's would replace it in silence."""

    def sanitize(self) -> None:
        """Leave it as it was typed."""

    def _value_to_model_value(self, value: float | None) -> str | None:
        return None if value is None else number_text(value)


def setting_control(seat: Seat, setting: Setting, title: str = "", with_default: bool = False) -> None:
    """Draw the control of ``setting``, named ``title`` (its own name without one), with its description.

    ``with_default``: and a button that takes it back to its default, where it differs, and one that gives it to a MIDI control.
    """
    name = title or title_of(setting.place[-1], setting.unit)
    locked = setting.place[0] == LOCKED
    where = f'data-setting="{setting.path}" title="{".".join(setting.place)}"'
    with ui.element("div").classes("mien-control").props(where):
        bound = Bound(seat, setting, locked)
        _control_of(setting, seat.desk.values.get(setting.path))(bound, name)
        with ui.element("div").classes("mien-row mien-meaning"):
            ui.label(setting.meaning).classes("mien-dim").style("flex: 1 1 12rem")
            if setting.needs_restart:
                ui.label("needs a restart").classes("mien-tag")
            if locked:
                ui.label("written in config.yaml").classes("mien-tag")
            elif with_default:
                _file_tag(bound)
                _default_button(bound, name)
                _learn_button(bound, name)
        bound.begin()


class Bound:
    """A control that follows its setting, but for a moment after it was moved here."""

    def __init__(self, seat: Seat, setting: Setting, locked: bool = False) -> None:
        self.seat, self.setting = seat, setting
        self.enabled = seat.operates and not locked
        self._shows: list[Callable[[Any], object]] = []
        self._showing = False
        self._moved_s = float("-inf")
        self._shown: Any = None
        self._next: Any = _NOTHING
        self._sends = False

    def show(self, show: Callable[[Any], object]) -> None:
        """``show`` gets each new value; what a control then says of itself is no wish of the operator."""
        self._shows.append(show)

    def begin(self) -> None:
        """All is drawn: follow the setting."""
        self.seat.keep_up(self.look)

    def look(self) -> None:
        """Show the setting's value where it is another."""
        value = self.seat.desk.values.get(self.setting.path)
        moving = self._sends or self.seat.desk.clock.now() - self._moved_s < OWN_S
        if value is None or value == self._shown or moving:
            return
        self._shown = value
        self._show(value)

    def moved(self, value: Any, shown: Callable[[Any], object] | None = None) -> Wish:
        """The operator wants ``value``; ``shown`` is what shows it already. Gives what is to be awaited: None where it is no
        wish but what was just shown here, which is decided at once."""
        if self._showing or value is None or value == self._shown:
            return None
        return self._send(value, shown)

    async def _send(self, value: Any, shown: Callable[[Any], object] | None) -> None:
        self._moved_s, self._shown, self._next = self.seat.desk.clock.now(), value, value
        self._show(value, shown)
        if self._sends:
            return
        self._sends = True
        try:
            while self._next is not _NOTHING:
                wanted, self._next = self._next, _NOTHING
                await self.seat.do(self.seat.desk.set(self.setting.path, wanted))
        finally:
            self._sends = False
        if self.seat.desk.values.get(self.setting.path) != self._shown:
            # Refused, or taken as something else, such as a colour by its name.
            self._moved_s, self._shown = float("-inf"), None
            self.look()

    def _show(self, value: Any, but: Callable[[Any], object] | None = None) -> None:
        self._showing = True
        try:
            for show in self._shows:
                if show is not but:
                    show(value)
        finally:
            self._showing = False


def _control_of(setting: Setting, value: Any) -> Callable[[Bound, str], None]:
    if setting.kind == "switch":
        return _switch
    if setting.choices:
        return _choice
    if setting.kind == "text":
        return _colour if isinstance(value, str) and COLOUR.fullmatch(value) else _text
    return _number


def _switch(bound: Bound, name: str) -> None:
    control = ui.switch(name).props(f'aria-label="{name}"')
    control.set_enabled(bound.enabled)
    bound.show(lambda value: control.set_value(bool(value)))
    control.on_value_change(lambda event: bound.moved(int(event.value)))


def _choice(bound: Bound, name: str) -> None:
    control = ui.select(list(bound.setting.choices), label=name).props(
        f'outlined dense options-dense aria-label="{name}"'
    )
    control.style("width: 100%").set_enabled(bound.enabled)
    bound.show(control.set_value)
    control.on_value_change(lambda event: bound.moved(event.value))


def _number(bound: Bound, name: str) -> None:
    """A field, with a slider below it where the range is one for a slider."""
    setting, scale = bound.setting, scale_of(bound.setting)
    with ui.element("div").classes("mien-row").style("justify-content: space-between; flex-wrap: nowrap"):
        ui.label(name)
        field = _Number(step=None if scale is None else scale.step)
        field.props(f'dense outlined aria-label="{name}, number" inputmode=decimal').style("width: 8rem; flex: none")
        if setting.unit:
            field.props(f'suffix="{setting.unit}"')
    field.set_enabled(bound.enabled)
    wrong = ui.label().classes("mien-wrong").props("role=alert")
    wrong.set_visibility(False)

    def show_field(value: float) -> None:
        field.set_value(value)
        say("")

    def as_it_was() -> None:
        field.set_value(None)
        show_field(float(bound.seat.desk.values[setting.path]))

    def say(text: str) -> None:
        if text != wrong.text:
            wrong.text = text
            wrong.set_visibility(bool(text))
            field.props(add="error" if text else "", remove="" if text else "error")

    async def typed(event: events.GenericEventArguments) -> None:
        try:
            value = setting.fit([float(event.args)])
        except (ValueError, TypeError) as error:
            text = str(error) if event.args else f"must be a number ({setting.limits})"
            say(f"{text}; it stays {number_text(bound.seat.desk.values[setting.path])}")
            return
        say("")
        sending = bound.moved(value, show_field)
        if sending is not None:
            await sending

    bound.show(show_field)
    field.on("change", typed)
    field.on("keydown.escape", as_it_was)
    if scale is not None:
        _slider(bound, name, scale)


def _slider(bound: Bound, name: str, scale: Scale) -> None:
    low, high, step = scale.ends
    slider = _Slider(min=low, max=high, step=step).props(f'aria-label="{name}"')
    slider.set_enabled(bound.enabled)
    unit = f" {bound.setting.unit}" if bound.setting.unit else ""

    def show(value: float) -> None:
        slider.set_value(scale.position(value))

    def say(value: float) -> None:
        slider.props(f'aria-valuetext="{number_text(value)}{unit}"')

    def moved(event: events.ValueChangeEventArguments[Any]) -> Wish:
        return None if event.value is None else bound.moved(scale.value(float(event.value)), show)

    bound.show(show)
    if scale.curve != "even":
        bound.show(say)
    slider.on_value_change(moved)


def _text(bound: Bound, name: str) -> None:
    field = ui.input(label=name).props(f'dense outlined aria-label="{name}"').style("width: 100%")
    field.set_enabled(bound.enabled)
    bound.show(field.set_value)
    field.on("change", lambda: bound.moved(field.value, field.set_value))


def _colour(bound: Bound, name: str) -> None:
    """A colour is picked, or typed as #rrggbb or by its name."""
    field = ui.color_input(label=name, preview=True).props(f'dense outlined aria-label="{name}"')
    field.style("width: 100%").set_enabled(bound.enabled)
    field.button.props(f'aria-label="{name}: pick a colour"').set_enabled(bound.enabled)

    def changed(event: events.ValueChangeEventArguments[Any]) -> Wish:
        # While a name is typed, it is none yet.
        is_whole = isinstance(event.value, str) and COLOUR.fullmatch(event.value)
        return bound.moved(event.value, field.set_value) if is_whole else None

    bound.show(field.set_value)
    field.on_value_change(changed)
    field.on("change", lambda: bound.moved(field.value, field.set_value))


def _file_tag(bound: Bound) -> None:
    """Says what the file has, where that is something else."""
    tag = ui.label().classes("mien-tag")
    desk, setting = bound.seat.desk, bound.setting

    def look() -> None:
        value, in_file = desk.values.get(setting.path), desk.standard.in_files(setting)
        text = "" if in_file is None or value == in_file else f"in the file: {_said(setting, in_file)}"
        if text != tag.text or tag.visible != bool(text):
            tag.set_text(text)
            tag.set_visibility(bool(text))

    bound.seat.keep_up(look)


def _default_button(bound: Bound, name: str) -> None:
    seat, setting = bound.seat, bound.setting

    async def back() -> None:
        value = seat.desk.standard.default(setting)
        if value is not None:
            await seat.do(seat.desk.set(setting.path, value))

    button = default_button(name, bound.enabled, back)
    shown: list[Any] = [None]

    def look() -> None:
        value, default = seat.desk.values.get(setting.path), seat.desk.standard.default(setting)
        state = None if default is None or value == default else default
        if state != shown[0] or (state is None and button.visible):
            shown[0] = state
            button.set_visibility(state is not None)
            if state is not None:
                button.text = f"Default: {_said(setting, state)}"

    seat.keep_up(look)


def _learn_button(bound: Bound, name: str) -> None:
    """The next MIDI control that is moved turns this setting from then on."""
    seat, setting = bound.seat, bound.setting
    if setting.kind == "text" and not setting.choices:
        return

    async def learn() -> None:
        said = "move the fader, knob or pad that is to turn it; Save keeps it"
        await seat.do(seat.desk.command("midi_learn", ".".join(setting.place)), said)

    button = ui.button("MIDI", icon="tune", on_click=learn).props("flat dense no-caps size=sm color=white")
    button.props(f'aria-label="{name}: turn it by MIDI"')
    button.set_enabled(bound.enabled)


def default_button(name: str, enabled: bool, back: Callable[[], Awaitable[None]]) -> ui.button:
    """The button that takes a setting back to its default."""
    button = ui.button("Default", icon="restart_alt", on_click=back).props("flat dense no-caps size=sm color=white")
    button.props(f'aria-label="{name}: back to its default"')
    button.set_enabled(enabled)
    return button


def _said(setting: Setting, value: Argument) -> str:
    if setting.kind == "switch":
        return "on" if value else "off"
    return value if isinstance(value, str) else number_text(value)
