"""The first screen: does it live, what does it show, what is to be done, and the dials that are turned most."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from nicegui import ui

from installation.config.scene_files import scene_names
from installation.desk.controls import setting_control
from installation.desk.desk import Desk
from installation.desk.files import STATIC
from installation.desk.pages.buttons import add_buttons
from installation.desk.parts.elements import set_props
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
STYLE = """
.live { display: grid; gap: var(--gap); width: 100%; height: calc(100dvh - var(--head) - 2 * var(--gap)); min-height: 560px;
  grid-template-columns: minmax(0, 1fr) clamp(330px, 27vw, 440px); grid-template-rows: minmax(0, 1fr); }
.live-wall, .live-side { display: flex; flex-direction: column; gap: var(--gap); min-height: 0; min-width: 0; }
.live-hero { flex: 1 1 0; min-height: 0; }
.live-still { position: relative; width: 100%; height: 100%; background: #0c0d10; border-radius: 10px; overflow: hidden;
  display: flex; align-items: center; justify-content: center; }
.live-still img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
.live-scenes { display: flex; gap: 6px; overflow-x: auto; scrollbar-width: none; flex: none; }
.live-scene { position: relative; flex: 1 1 78px; max-width: 180px; aspect-ratio: 16 / 9; border: 2px solid transparent;
  padding: 0;
  border-radius: 8px; overflow: hidden; background: var(--tile); color: var(--words); font: inherit; }
button.live-scene { cursor: pointer; }
.live-scene[aria-pressed=true], .live-scene[aria-current=true] { border-color: var(--chosen); }
.live-scene img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }
.live-scene span { position: absolute; left: 0; right: 0; bottom: 0; padding: 8px 4px 1px; font-size: var(--small);
  line-height: 1.3;
  background: linear-gradient(transparent, #16181df0 55%); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.live-do { flex: none; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.live-do .mien-control { border: 0; padding: 0; width: auto; margin-left: auto; }
.live-do .mien-meaning { display: none; }
.live-do .q-btn { min-height: 40px; padding: 4px 12px; }
.live-says[data-tone=good] { color: var(--good); } .live-says[data-tone=bad] { color: var(--bad); }
.live-says[data-tone=calm] { color: var(--calm); }
.live-figures { display: grid; grid-template-columns: repeat(3, auto); gap: 2px 12px; margin: 4px 0;
  justify-content: space-between; }
.live-figure { white-space: nowrap; font-size: var(--small); line-height: 1.5; font-variant-numeric: tabular-nums; }
.live-figure b { font-size: var(--plain); font-weight: 600; }
.live-where { font-size: var(--small); line-height: 1.4; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.live-notices { flex: 0 1 auto; min-height: 76px; overflow-y: auto; font-size: var(--small); padding: 10px 14px; }
.live-notices .mien-notice p { line-height: 1.35; }
.live-dials { flex: none; margin-top: auto; }
.live-dials .mien-control { display: grid; grid-template-columns: 6.4rem minmax(0, 1fr) 5.4rem; gap: 0 12px;
  align-items: center;
  border: 0; padding: 0; min-height: 32px; }
.live-dials .mien-control > .mien-row { display: contents; }
.live-dials .mien-row > div { grid-row: 1; grid-column: 1; white-space: nowrap; }
.live-dials .mien-row > .q-field { grid-column: 3; width: auto !important; }
.live-dials .q-slider { grid-row: 1; grid-column: 2; }
.live-dials .mien-wrong { grid-row: 2; grid-column: 1 / -1; }
.live-dials .mien-meaning { display: none !important; }
.live-dials .q-field__control, .live-dials .q-field__marginal { height: 28px !important; min-height: 0; }
.live-dials .q-field__control { padding: 0 8px; }
.live-dials .q-field__native, .live-dials .q-field__suffix { padding: 0; line-height: 28px; }
@media (max-height: 800px) and (min-width: 901px) {
  .live-notices { padding: 8px 14px; } .live-notices .mien-notices { gap: 6px; }
  .live-dials .mien-control { min-height: 30px; }
  .live-dials .q-field__control, .live-dials .q-field__marginal { height: 26px !important; }
  .live-dials .q-field__native, .live-dials .q-field__suffix { line-height: 26px; }
}
@media (min-height: 900px) and (min-width: 901px) { .live-dials .mien-control { min-height: 44px; } }
@media (max-width: 900px) {
  .live { display: flex; flex-direction: column; height: auto; min-height: 0; gap: 8px; }
  .live-wall, .live-side { display: contents; }
  .live-hero { order: 1; flex: none; position: sticky; top: var(--head); z-index: 3; width: calc(100% + 16px);
  margin: -8px -8px 0;
    background: var(--ground); }
  .live-still { height: min(26dvh, 56.25vw); border-radius: 0; }
  .live-state { order: 2; } .live-notices { order: 3; max-height: none; overflow: visible; }
  .live-dials { order: 4; margin: 0; } .live-do { order: 5; } .live-scenes { order: 6; flex-wrap: wrap; width: 100%; }
  .live-state .live-figures, .live-where { display: none; }
  .live-dials .mien-control { min-height: 42px; }
  .live-dials .q-field__control, .live-dials .q-field__marginal { height: 34px !important; }
  .live-do .q-btn { min-height: 56px; flex: 1 1 30%; padding: 4px; } .live-do .q-btn__content { flex-direction: column; }
  .live-do .q-btn .on-left { margin: 0; } .live-do .mien-control { margin: 0; }
  .live-scene { flex: 1 1 30%; max-width: none; }
}
"""


def build(seat: Seat) -> None:
    """Draw it: on a screen nothing has to be scrolled for; on a phone the picture stays above the dials."""
    seat.client.on_connect(lambda: seat.desk.watch(seat.client.id, True, still=True))
    ui.add_css(NOTICE_STYLE + STYLE)
    with ui.element("div").classes("live"):
        with ui.element("div").classes("live-wall"):
            _still(seat)
            with _named("Scenes").classes("live-scenes"):
                for name in scene_names():
                    _scene(seat, name)
            if seat.operates:
                with _named("Do").classes("mien-card live-do"):
                    add_buttons(seat)
        with ui.element("div").classes("live-side"):
            _state(seat)
            _notices(seat)
            with _named("Dials").classes("mien-card live-dials").style("padding: 8px 14px"):
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
        (f"{state.get('fps', 0):.0f}", "pictures/s"),
        (f"{state.get('perception_hz', 0):.0f}", "perceived/s"),
        (f"{state.get('textures_hz', 0):.1f}", "generated/s"),
        (f"{state.get('visitors', 0)}", f"visitor{'s' * (state.get('visitors', 0) != 1)}"),
        (f"{state.get('memory_mb', 0):,.0f}".replace(",", "\N{THIN SPACE}"), "MB"),
        (span(state.get("uptime_s", 0)), "running"),
    )
    tiles = (
        f'<div class="live-figure"><b>{value}</b> <span class="mien-dim">{name}</span></div>' for value, name in shown
    )
    return f'<div class="live-figures">{"".join(tiles)}</div>'


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


def _named(title: str) -> ui.element:
    return ui.element("section").props(f'aria-label="{title}"')


def _state(seat: Seat) -> None:
    desk = seat.desk
    with _named("State").classes("mien-card live-state"):
        said = ui.label().classes("mien-large live-says")
        numbers = ui.html(sanitize=False)
        where = ui.label().classes("mien-dim live-where")

    def look() -> None:
        said.text, tone = says(desk)
        set_props(said, data_tone=tone)
        state = desk.part("state") or {}
        numbers.content = figures(state)
        where.text = (
            f"Source {state.get('source', '?')} · quality {state.get('quality', '?')} · "
            f"{state.get('output', '?')} · {state.get('renderer', '?')}"
        )
        set_props(where, title=where.text)
        for told in (numbers, where):
            told.set_visibility(desk.lives)

    seat.keep_up(look)


def _notices(seat: Seat) -> None:
    card = _named("What to look after").classes("mien-card live-notices").props("tabindex=0")
    with card:
        listed = ui.html(sanitize=False)

    def look() -> None:
        listed.content = notice_list(seat.desk.part("notices") or [])
        card.set_visibility(bool(listed.content))

    seat.keep_up(look)


def _still(seat: Seat) -> None:
    desk = seat.desk
    with ui.element("div").classes("live-hero"), ui.element("div").classes("live-still"):
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
            set_props(picture, src=f"/still.jpg?n={number}")
        hidden = desk.values.get("/control/output/background") == "camera" and not desk.camera_allowed
        there = not hidden and desk.lives and now_s - came_s < OLD_S
        words.text = "" if there else why_no_still(desk, now_s - max(came_s, began_s))
        picture.set_visibility(there)

    seat.keep_up(look)


def _scene(seat: Seat, name: str) -> None:
    """A scene's picture; who may only look sees which one is on."""
    is_on = "aria-pressed" if seat.operates else "aria-current"
    tile = (
        ui.element("button" if seat.operates else "div")
        .classes("live-scene")
        .props(f"{is_on}=false data-scene={quoted(name)}")
    )
    path = STATIC / "scenes" / f"{name}.jpg"
    with tile:
        if path.is_file():
            ui.element("img").props(f'src={quoted(f"/static/scenes/{quote(name)}.jpg")} alt="" loading=lazy')
        ui.html(escape(name), tag="span", sanitize=False)
    if seat.operates:
        tile.props("type=button").on("click", lambda: seat.do(seat.desk.command("scene", name)))

    def look() -> None:
        now = (seat.desk.part("state") or {}).get("scene") == name
        set_props(tile, **{is_on: str(now).lower()})

    seat.keep_up(look)
