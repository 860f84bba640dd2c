"""Rehearsal: a performance in the place of the camera, and the mood set by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from nicegui import events, ui

from installation.desk.controls import setting_control
from installation.desk.desk import RefusedError
from installation.desk.mood_pad import mood_pad
from installation.desk.seat import Seat
from installation.types import EMOTIONS

TURNS_S = 8.0
"""A saved file is read, and another source begun, within so long."""
MANUAL = "/control/emotion/manual"
SOURCE = ("capture", "source")
SEEK_S = 0.3
"""While the playhead is dragged, the piece jumps at most this often."""


def build(seat: Seat) -> None:
    """Draw it."""
    with (
        ui.element("div")
        .classes("mien-grid")
        .style("grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr))")
    ):
        _performance(seat)
        _by_hand(seat)


def _part(seat: Seat) -> Mapping[str, Any]:
    found: Mapping[str, Any] = seat.desk.part("rehearsal") or {}
    return found


def _performance(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("section").classes("mien-card"):
        ui.html("<h2>Performance</h2>", sanitize=False)
        now = ui.label().style("font-size: 1.3rem; font-weight: 600").props("role=status")
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
    shown: dict[str, Any] = {}

    def look() -> None:
        part = _part(seat)
        plays = part.get("name") is not None
        state = "held" if part.get("paused") else "over" if part.get("ended") else "plays"
        text = (
            f"{part['name']} {state}, {part['at_s']:.0f} of {part['length_s']:.0f} s"
            if plays
            else "No performance plays: the source is another one"
        )
        if now.text != text:
            now.set_text(text)
        enabled = seat.operates and plays
        if shown.get("enabled") != enabled:
            shown["enabled"] = enabled
            for control in (slider, play, step, begin):
                control.set_enabled(enabled)
        if plays and shown.get("length") != part["length_s"]:
            shown["length"] = part["length_s"]
            slider.props(f"max={part['length_s']}")
        if plays and abs(float(slider.value or 0.0) - part["at_s"]) > 0.5:
            slider.set_value(round(part["at_s"], 1))
        word = ("Play", "play_arrow") if part.get("paused") else ("Hold", "pause")
        if shown.get("word") != word:
            shown["word"] = word
            play.set_text(word[0])
            play.props(f"icon={word[1]}")

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
        colour = "blue-9" if title == now else "blue-grey-9"
        button = (
            ui.button(title, color=colour, on_click=partial(_watch, seat, source))
            .props("no-caps")
            .style("min-height: 48px")
        )
        button.set_enabled(seat.operates)


async def _watch(seat: Seat, source: str) -> None:
    with seat.client:  # the buttons are drawn anew meanwhile
        await seat.do(_turn_to(seat, source))


async def _turn_to(seat: Seat, source: str) -> None:
    """Write the source, and look whether the piece turns to it. Raises RefusedError where it does not."""
    await seat.desk.write(SOURCE, source)
    kind, _, name = source.partition(":")
    wanted = name if kind == "performance" else None
    until_s = seat.desk.clock.now() + TURNS_S
    while _part(seat).get("name") != wanted:
        if seat.desk.clock.now() > until_s:
            raise RefusedError(
                f"capture.source is {source} in the file, but the piece keeps its source: a --source that it was started with "
                "counts over the file"
            )
        await asyncio.sleep(0.2)


def _by_hand(seat: Seat) -> None:
    with ui.element("section").classes("mien-card"):
        ui.html("<h2>Mood by hand</h2>", sanitize=False)
        for name in ("enabled", "strength"):
            _control(seat, name)
        mood_pad(seat, f"{MANUAL}/valence", f"{MANUAL}/arousal")
        for name in ("valence", "arousal", *EMOTIONS):
            _control(seat, name)


def _control(seat: Seat, name: str) -> None:
    setting = seat.desk.table.get(f"{MANUAL}/{name}")
    if setting is not None:
        setting_control(seat, setting)
