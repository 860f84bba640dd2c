"""Presets and cues: recall, go, back, hold, store; and the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nicegui import run, ui

from installation.base.files import write_whole
from installation.config.yaml_text import MAX_BYTES
from installation.desk.seat import Seat

EMPTY = """\
# Presets and cues; docs/cues.md tells what may stand here.
presets: {}
cues: []
"""


def build(seat: Seat) -> None:
    """Draw it."""
    with (
        ui.element("div")
        .classes("mien-grid")
        .style("grid-template-columns: repeat(auto-fit, minmax(min(100%, 360px), 1fr))")
    ):
        _go(seat)
        _presets(seat)
    _list(seat)
    _file(seat)


def _part(seat: Seat) -> Mapping[str, Any]:
    found: Mapping[str, Any] = seat.desk.part("cues") or {}
    return found


def _go(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("section").classes("mien-card"):
        ui.html("<h2>Now</h2>", sanitize=False)
        now = ui.label().style("font-size: 1.6rem; font-weight: 600; line-height: 1.2").props("role=status")
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
                button.props("no-caps").style("min-height: 72px; font-size: 1.2rem").set_enabled(seat.operates)

    def look() -> None:
        cues = _part(seat)
        running = cues.get("running")
        held = " (held)" if cues.get("held") else ""
        _set(now, "No cue yet" if running is None else f"{running:g} {cues.get('name', '')}{held}")
        value = float(cues.get("fade", 1.0))
        if bar.value != value:
            bar.set_value(value)
        _set(then, _next(cues))

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


def _presets(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("section").classes("mien-card"):
        ui.html("<h2>Presets</h2>", sanitize=False)
        place = ui.element("div").classes("mien-row")
        with ui.element("div").classes("mien-row").style("margin-top: 10px"):
            name = (
                ui.input(label="Name of a preset")
                .props('dense outlined aria-label="Name of a preset"')
                .style("flex: 1")
            )

            async def store() -> None:
                if not (name.value or "").strip():
                    ui.notify("Give the preset a name.", type="warning")
                    return
                await seat.do(desk.command("store_preset", name.value.strip()), f"{name.value.strip()} is being stored")

            button = ui.button("Store what differs from the file", icon="bookmark_add", on_click=store).props("no-caps")
            for control in (name, button):
                control.set_enabled(seat.operates)
    shown: list[Any] = []

    def look() -> None:
        cues = _part(seat)
        rows, current = cues.get("presets", []), (cues.get("preset") or {}).get("name")
        state = [[row["number"], row["name"], row["name"] == current] for row in rows]
        if state == shown:
            return
        shown[:] = state
        place.clear()
        with place:
            if not rows:
                ui.label("There is none yet: turn dials until it is right, then store it here.").classes("mien-dim")
            for number, title, is_current in state:
                button = ui.button(
                    f"{number:g} · {title}",
                    on_click=partial(_recall, seat, title),
                    color="blue-9" if is_current else "blue-grey-9",
                )
                button.props("no-caps").style("min-height: 48px").set_enabled(seat.operates)

    seat.keep_up(look)


async def _recall(seat: Seat, name: str) -> None:
    await seat.do(seat.desk.command("preset", name))


def _list(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("section").classes("mien-card"):
        ui.html("<h2>Cues</h2>", sanitize=False)
        place = ui.element("ol").style(
            "list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 6px"
        )
    shown: list[Any] = []

    def look() -> None:
        cues = _part(seat)
        state = [
            [row, row["number"] == cues.get("running"), row["number"] == cues.get("next")]
            for row in cues.get("cues", [])
        ]
        if state == shown:
            return
        shown[:] = state
        place.clear()
        with place:
            if not state:
                with ui.element("li"):
                    ui.label("There is none yet; the file below is where they are written.").classes("mien-dim")
            for row, runs, follows in state:
                _row(row, runs, follows)

    def _row(row: Mapping[str, Any], runs: bool, follows: bool) -> None:
        edge = "#a3d9a5" if runs else "#ebcb8b" if follows else "#3b4252"
        with (
            ui.element("li")
            .classes("mien-row")
            .style(f"border-left: 5px solid {edge}; padding: 4px 10px; background: #262b35")
        ):
            ui.label(f"{row['number']:g}").style("font-size: 1.2rem; font-weight: 600; min-width: 2.5rem")
            with ui.element("div").style("flex: 1 1 14rem"):
                said = " · now" if runs else " · next" if follows else ""
                ui.label(f"{row['name'] or 'unnamed'}{said}").style("font-weight: 600")
                ui.label(does(row)).classes("mien-dim")
                ui.label(fired_by(row)).classes("mien-dim")
            button = ui.button("Go to it", on_click=lambda number=row["number"]: seat.do(desk.command("cue", number)))
            button.props(f'no-caps flat color=white aria-label="Go to cue {row["number"]:g}"').set_enabled(
                seat.operates
            )

    seat.keep_up(look)


def does(row: Mapping[str, Any]) -> str:
    """What a cue does, in a line."""
    words = [f"preset {row['preset']}"] if row["preset"] else []
    words += [f"look {row['look']}"] if row["look"] else []
    words += [f"scene {row['scene']}"] if row["scene"] else []
    words += [
        f"{name} {value:g}" if isinstance(value, int | float) else f"{name} {value}"
        for name, value in row["settings"].items()
    ]
    words += row["commands"]
    fade = (
        f", within {row['fade_s']:g} s" if row["fade_s"] and (row["preset"] or row["look"] or row["settings"]) else ""
    )
    return (", ".join(words) or "does nothing") + fade


def fired_by(row: Mapping[str, Any]) -> str:
    """What fires a cue, and what follows it, in a line."""
    words = (
        [f"at {', '.join(row['at'])}" + (f" on {', '.join(row['days'])}" if row["days"] else "")] if row["at"] else []
    )
    words += [f"pose {' or '.join(row['poses'])}"] if row["poses"] else []
    words += ["somebody arrives"] if row["arrives"] else []
    words += [f"nobody there for {row['empty_s']:g} s"] if row["empty_s"] is not None else []
    words += [f"key {row['key']}"] if row["key"] else []
    words += [row["osc"]] if row["osc"] else []
    text = ", ".join(words) or "by Go alone"
    if row["follow"] is not None:
        text += "; the next one " + (
            "when the fade is done" if row["follow"] == "done" else f"after {row['follow']:g} s"
        )
    return text


def _file(seat: Seat) -> None:
    """The file as text: the piece reads it as soon as it is written, and says what is wrong with it."""
    desk = seat.desk
    with ui.element("section").classes("mien-card"):
        ui.html("<h2>The file</h2>", sanitize=False)
        where = ui.label().classes("mien-dim")
        wrong = ui.label().style("color: #ffb4a8; white-space: pre-wrap").props("role=alert")
        text = ui.textarea(label="Presets and cues (YAML)").props(
            'outlined autogrow aria-label="Presets and cues (YAML)"'
        )
        text.style("width: 100%; font-family: monospace").set_enabled(seat.operates)

        async def read() -> None:
            text.set_value(await _text_of(str(_part(seat).get("file", ""))))

        async def write() -> None:
            path = str(_part(seat).get("file", ""))
            data = str(text.value or "").encode("utf-8", "replace")
            if not path or len(data) > MAX_BYTES:
                ui.notify("The piece has not told its file yet." if not path else "That is too long.", type="negative")
                return
            await seat.do(desk.write_file(partial(write_whole, Path(path), data)), "written; the piece reads it now")

        with ui.element("div").classes("mien-row"):
            ui.button("Write", icon="save", on_click=write).props("no-caps").set_enabled(seat.operates)
            ui.button("Read it again", icon="refresh", on_click=read).props("no-caps flat color=white")
    ui.timer(0.3, read, once=True)

    def look() -> None:
        cues = _part(seat)
        _set(where, str(cues.get("file", "")))
        _set(wrong, "\n".join(cues.get("wrong", [])))

    seat.keep_up(look)


async def _text_of(path: str) -> str:
    def read() -> str:
        try:
            return Path(path).read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
        except OSError:
            return EMPTY

    return str(await run.io_bound(read))


def _set(label: ui.label, text: str) -> None:
    if label.text != text:
        label.set_text(text)
