"""The first screen: does it live, what does it show, what is to be done, and the dials that are turned most."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote

from nicegui import ui

from installation.config.scene_files import scene_names
from installation.desk.controls import setting_control
from installation.desk.desk import Desk
from installation.desk.files import STATIC
from installation.desk.pages.buttons import add_buttons
from installation.desk.seat import Seat
from installation.desk.words import NOTICE_STYLE, notice_list, quoted, span

DIALS = (
    ("/control/smoothing/calmness", "Calmness"),
    ("/control/scene/pace", "Pace"),
    ("/control/scene/size", "Size"),
    ("/control/smoothing/label_hold_s", "Mood hold"),
    ("/control/output/brightness", "Brightness"),
    ("/control/output/saturation", "Saturation"),
    ("/control/output/glow", "Glow"),
    ("/control/look/visitor_colour", "Own colours"),
    ("/control/generation/strength", "Generated"),
    ("/control/picture/strength", "Painting"),
)
OLD_S = 8.0
"""A still that is older is not shown: the wall may look otherwise by now."""
STYLE = f"""
{NOTICE_STYLE}
.mien-live {{ display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 12px; width: 100%;
  align-items: start; }}
.mien-stack {{ display: grid; gap: 12px; grid-template-columns: minmax(0, 1fr); }}
@media (max-width: 900px) {{
  .mien-live {{ grid-template-columns: minmax(0, 1fr); }} .mien-stack {{ display: contents; }}
  .mien-live [aria-label=State] {{ order: -1; }}
}}
.mien-says {{ font-size: clamp(1.4rem, 2.6vw, 2.1rem); font-weight: 600; line-height: 1.25; }}
.mien-says[data-tone=good] {{ color: #b5e0b7; }} .mien-says[data-tone=bad] {{ color: #ffb4a8; }}
.mien-says[data-tone=calm] {{ color: #f1d9a7; }}
.mien-figures {{ display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 8px; margin: 10px 0 6px; }}
.mien-figure {{ background: #272c36; border-radius: 8px; padding: 6px 10px; min-width: 0; }}
.mien-figure b {{ display: block; font-size: clamp(1.35rem, 2vw, 1.75rem); font-weight: 600; line-height: 1.2;
  white-space: nowrap; font-variant-numeric: tabular-nums; }}
.mien-figure b small {{ font-size: 0.95rem; font-weight: 400; }}
.mien-figure span {{ font-size: 0.82rem; line-height: 1.25; display: block; }}
.mien-still {{ position: relative; aspect-ratio: 16 / 9; background: #0c0d10; border-radius: 10px; overflow: hidden;
  width: 100%; display: flex; align-items: center; justify-content: center; }}
.mien-still img {{ position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }}
.mien-scenes {{ display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(min(46%, 200px), 1fr)); }}
.mien-scene {{ position: relative; aspect-ratio: 16 / 9; border: 3px solid transparent; border-radius: 10px; padding: 0;
  overflow: hidden; background: #272c36; color: #eceff4; font: inherit; cursor: pointer; }}
.mien-scene[aria-pressed=true] {{ border-color: #88c0d0; }}
.mien-scene[disabled] {{ cursor: default; }}
.mien-scene img {{ position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }}
.mien-scene span {{ position: absolute; left: 0; bottom: 0; padding: 1px 10px; font-size: 0.95rem; line-height: 1.5;
  background: #16181dd9; border-top-right-radius: 8px; }}
.mien-scene[aria-pressed=true] span {{ background: #88c0d0; color: #10131a; font-weight: 600; }}
.mien-dials {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 215px), 1fr)); gap: 4px 26px; }}
.mien-dials .mien-control > .mien-dim, .mien-dials .mien-meaning > .mien-dim {{ display: none; }}
.mien-dials .mien-control, .mien-live .mien-control {{ border: 0; padding: 4px 0; }}
.mien-dials .mien-control .q-field {{ width: 6.2rem !important; }}
.mien-dials .mien-row {{ flex-wrap: nowrap; }}
"""


def build(seat: Seat) -> None:
    """Draw it."""
    seat.client.on_connect(lambda: seat.desk.watch(seat.client.id, True, still=True))
    ui.add_css(STYLE)
    with ui.element("div").classes("mien-live"):
        with ui.element("div").classes("mien-stack"):
            _still(seat)
            with _card("Do"):
                add_buttons(seat)
        with ui.element("div").classes("mien-stack"):
            _state(seat)
            _notices(seat)
    with _card("Scenes"), ui.element("div").classes("mien-scenes"):
        for name in scene_names():
            _scene(seat, name)
    with _card("Dials"), ui.element("div").classes("mien-dials"):
        for path, title in DIALS:
            setting = seat.desk.table.get(path)
            if setting is not None:
                with ui.element("div") as dial:
                    dial.props["title"] = setting.meaning
                    setting_control(seat, setting, title)


def says(desk: Desk) -> tuple[str, str]:
    """How the piece is, in one plain line, and its tone: good, calm (as somebody wants it) or bad."""
    if not desk.lives:
        return f"No answer for {span(desk.silent_s)}: it hangs, is being started again, or has ended", "bad"
    state, hours = desk.part("state") or {}, desk.part("hours") or {}
    if not state:
        return "Starting", "calm"
    if state.get("black"):
        return "Blackout: the light is out", "calm"
    if not hours.get("is_open", True):
        return "Closed" + (" by hand" if hours.get("by_hand") else " by the opening hours"), "calm"
    faults = int(state.get("faults", 0))
    if faults or state.get("safe"):
        with_what = [f"{faults} fault{'s' * (faults != 1)}"] if faults else []
        with_what += ["safe settings"] if state.get("safe") else []
        return f"Running, with {' and '.join(with_what)}", "bad"
    fallbacks = int(state.get("fallbacks", 0))
    if fallbacks:
        return f"Running, with {fallbacks} fallback{'s' * (fallbacks != 1)}", "calm"
    return "Running well", "good"


def figures(state: dict[str, Any]) -> str:
    """The figures of the piece as HTML."""
    shown = (
        (f"{state.get('fps', 0):.0f}", "pictures a second"),
        (f"{state.get('perception_hz', 0):.0f}", "perceived a second"),
        (f"{state.get('textures_hz', 0):.1f}", "generated a second"),
        (f"{state.get('visitors', 0)}", f"visitor{'s' * (state.get('visitors', 0) != 1)}"),
        (f"{state.get('memory_mb', 0):,.0f} <small>MB</small>".replace(",", "\N{THIN SPACE}"), "memory"),
        (span(state.get("uptime_s", 0)), "running"),
    )
    tiles = (
        f'<div class="mien-figure"><b>{value}</b><span class="mien-dim">{name}</span></div>' for value, name in shown
    )
    return f'<div class="mien-figures">{"".join(tiles)}</div>'


def why_no_still(desk: Desk, silent_s: float = 0.0) -> str:
    """What stands in place of the still; ``silent_s``: how long ago the last one came."""
    if desk.values.get("/control/output/background") == "camera" and not desk.camera_allowed:
        return "The background is the camera's picture, which this page may not show. (desk.camera in config.yaml allows it.)"
    if not desk.lives:
        return "The picture comes back with the piece."
    if silent_s >= OLD_S and not desk.camera_allowed:
        return "No newer picture: the wall may show the camera's, which this page may not. (desk.camera allows it.)"
    if silent_s >= OLD_S:
        return f"No newer picture for {span(silent_s)}."
    return "A still picture of the wall comes here."


def _card(title: str) -> ui.element:
    card = ui.element("section").classes("mien-card").props(f'aria-label="{title}"')
    with card:
        ui.html(f"<h2>{title}</h2>", sanitize=False)
    return card


def _state(seat: Seat) -> None:
    desk = seat.desk
    with _card("State"):
        said = ui.label().classes("mien-says")
        numbers = ui.html(sanitize=False)
        where = ui.label().classes("mien-dim").style("overflow-wrap: anywhere")
    toned = ""

    def look() -> None:
        nonlocal toned
        said.text, tone = says(desk)
        if tone != toned:
            toned = tone
            said.props(f"data-tone={tone}")
        state = desk.part("state") or {}
        numbers.content = figures(state)
        where.text = (
            f"Source {state.get('source', '?')} · quality {state.get('quality', '?')} · "
            f"{state.get('output', '?')} · {state.get('renderer', '?')}"
        )

    seat.keep_up(look)


def _notices(seat: Seat) -> None:
    card = _card("What to look after")
    with card:
        listed = ui.html(sanitize=False)

    def look() -> None:
        notices = seat.desk.part("notices") or []
        listed.content = notice_list(notices) or '<p class="mien-dim" style="margin: 0">Nothing.</p>'

    seat.keep_up(look)


def _still(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("div").classes("mien-still"):
        words = ui.label().classes("mien-dim").style("padding: 0 24px; text-align: center")
        picture = ui.element("img").props('alt="What is on the wall, once a second"')
    picture.set_visibility(False)
    # One that is there already may be of yesterday, when somebody looked last.
    number, came_s = desk.still_number, float("-inf")
    began_s = desk.clock.now()

    def look() -> None:
        nonlocal number, came_s
        now_s = desk.clock.now()
        if number != desk.still_number:
            number, came_s = desk.still_number, now_s
            picture.props(f"src=/still.jpg?n={number}")
        hidden = desk.values.get("/control/output/background") == "camera" and not desk.camera_allowed
        there = not hidden and desk.lives and now_s - came_s < OLD_S
        words.text = "" if there else why_no_still(desk, now_s - max(came_s, began_s))
        if picture.visible != there:
            picture.set_visibility(there)

    seat.keep_up(look)


def _scene(seat: Seat, name: str) -> None:
    tile = ui.element("button").classes("mien-scene").props(f"type=button aria-pressed=false data-scene={quoted(name)}")
    if not seat.operates:
        tile.props("disabled")
    path = STATIC / "scenes" / f"{name}.jpg"
    with tile:
        if path.is_file():
            ui.element("img").props(f'src={quoted(f"/static/scenes/{quote(name)}.jpg")} alt="" loading=lazy')
        ui.html(escape(name), tag="span", sanitize=False)
    tile.on("click", lambda: seat.do(seat.desk.command("scene", name)))
    seat.keep_up(_pressed(tile, lambda: (seat.desk.part("state") or {}).get("scene") == name))


def _pressed(tile: ui.element, is_so: Callable[[], bool]) -> Callable[[], None]:
    was = False

    def look() -> None:
        nonlocal was
        now = is_so()
        if now != was:
            was = now
            tile.props(f"aria-pressed={str(now).lower()}")

    return look
