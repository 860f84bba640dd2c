"""Rehearsal: a performance in the place of the camera, and the mood set by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from nicegui import events, ui

from installation.desk.controls import setting_control
from installation.desk.mood_pad import mood_pad
from installation.desk.parts.elements import card, set_chosen, set_props
from installation.desk.seat import Seat
from installation.types import EMOTIONS

MANUAL = "/control/emotion/manual"
SOURCE = "/control/capture/source"
SEEK_S = 0.3
"""While the playhead is dragged, the piece jumps at most this often."""


def build(seat: Seat) -> None:
    """Draw it."""
    with ui.element("div").classes("mien-pair"):
        _performance(seat)
        _by_hand(seat)


def _part(seat: Seat) -> Mapping[str, Any]:
    found: Mapping[str, Any] = seat.desk.part("rehearsal") or {}
    return found


def _performance(seat: Seat) -> None:
    desk = seat.desk
    with card("Performance"):
        now = ui.label().classes("mien-large").props("role=status")
        slider = ui.slider(min=0, max=1, step=0.1, value=0).props(
            f'aria-label="Place in the performance, seconds" throttle={int(SEEK_S * 1000)}'
        )

        async def seek(event: events.GenericEventArguments) -> None:
            await seat.do(desk.command("performance_seek", float(event.args)))

        slider.on("change", seek, throttle=SEEK_S, leading_events=False)
        with ui.element("div").classes("mien-row"):
            play = ui.button("Hold", icon="pause", on_click=lambda: seat.do(desk.command("performance_pause")))
            step = ui.button("Step", icon="skip_next", on_click=lambda: seat.do(desk.command("performance_step")))
            begin = ui.button(
                "From the start", icon="replay", on_click=lambda: seat.do(desk.command("performance_seek", 0.0))
            )
            for button in (play, step, begin):
                button.props("no-caps").style("min-height: 48px")
        for path in ("/control/rehearsal/speed", "/control/rehearsal/loop"):
            if path in desk.table:
                setting_control(seat, desk.table[path])
        _seen(seat)

    def look() -> None:
        part = _part(seat)
        plays = part.get("name") is not None
        state = "held" if part.get("paused") else "over" if part.get("ended") else "plays"
        now.text = (
            f"{part['name']} {state}, {part['at_s']:.0f} of {part['length_s']:.0f} s"
            if plays
            else "No performance plays: the source is another one"
        )
        for control in (slider, play, step, begin):
            control.set_enabled(seat.operates and plays)
        if plays:
            set_props(slider, max=part["length_s"])
            if abs(float(slider.value or 0.0) - part["at_s"]) > 0.5:
                slider.set_value(round(part["at_s"], 1))
        play.text = "Play" if part.get("paused") else "Hold"
        set_props(play, icon="play_arrow" if part.get("paused") else "pause")

    seat.keep_up(look)


def _seen(seat: Seat) -> None:
    """Who is seen: a performance, the camera, or the simulated performer."""
    ui.html("<h2>Who is seen</h2>", sanitize=False)
    place = ui.element("div").classes("mien-row")
    shown: list[Any] = []

    def look() -> None:
        part = _part(seat)
        names, now = list(part.get("performances", [])), part.get("name")
        if [names, now] != shown:
            shown[:] = [names, now]
            place.clear()
            with place:
                _sources(seat, names, now)

    seat.keep_up(look)


def _sources(seat: Seat, names: list[str], now: str | None) -> None:
    sources = [(name, f"performance:{name}") for name in names] + [
        ("camera", "auto"),
        ("simulated performer", "simulated"),
    ]
    for title, source in sources:
        button = ui.button(title, on_click=partial(_watch, seat, source)).props("no-caps").style("min-height: 48px")
        button.set_enabled(seat.operates)
        set_chosen(button, title == now)


async def _watch(seat: Seat, source: str) -> None:
    with seat.client:  # the buttons are drawn anew meanwhile
        await seat.do(seat.desk.set(SOURCE, source))


def _by_hand(seat: Seat) -> None:
    with card("Mood by hand"):
        for name in ("enabled", "strength"):
            _control(seat, name)
        mood_pad(seat, f"{MANUAL}/valence", f"{MANUAL}/arousal")
        for name in ("valence", "arousal", *EMOTIONS):
            _control(seat, name)


def _control(seat: Seat, name: str) -> None:
    setting = seat.desk.table.get(f"{MANUAL}/{name}")
    if setting is not None:
        setting_control(seat, setting)
