"""What all pages share: head, navigation and style."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from nicegui import ui

from installation.desk.compare_buttons import compare_buttons
from installation.desk.desk import Desk
from installation.desk.pages import PAGES, Page
from installation.desk.seat import Seat
from installation.desk.sockets import forget_unopened

AWAY = '<script src="/static/away.js"></script>'
"""Puts the class mien-away on the page while it has no connection."""
REFRESH_S = 0.2
"""A page looks this often whether there is anything new."""
STYLE = """
:root { color-scheme: dark; }
body { background: #16181d; color: #eceff4; }
.mien-card { background: #20242c; border-radius: 10px; padding: 12px 14px; width: 100%; }
.mien-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 12px; width: 100%; }
.mien-row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; width: 100%; }
.mien-dim { color: #b4bdcc; }
.mien-nav a { color: #eceff4; text-decoration: none; padding: 8px 10px; border-radius: 8px; white-space: nowrap; }
.mien-nav a[aria-current=page] { background: #3b4252; }
.mien-nav { display: flex; overflow-x: auto; gap: 2px; width: 100%; }
h1 { font-size: 1.25rem; font-weight: 600; margin: 0; line-height: 1.4; }
h2 { font-size: 1.05rem; font-weight: 600; margin: 4px 0; line-height: 1.4; }
.mien-control { width: 100%; padding: 8px 0; border-bottom: 1px solid #343a46; }
.mien-controls { display: grid; gap: 0 28px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); }
.mien-looks { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 12px; width: 100%; }
.mien-mood { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 4px 28px; }
h3 { font-size: 0.95rem; font-weight: 600; margin: 12px 0 0; line-height: 1.4; color: #b4bdcc; }
.mien-controls, .mien-mood { width: 100%; }
.mien-toggle .q-btn { padding: 4px 12px; }
.mien-ab { display: flex; gap: 2px; align-items: center; }
@media (max-width: 600px) {
  header .q-btn .on-left + .block { font-size: 0; }
  header .q-btn .on-left { margin: 0; }
}
.mien-meaning { font-size: 0.8rem; line-height: 1.3; gap: 4px 10px; margin-top: 5px; }
.mien-tag { background: #3b4252; border-radius: 6px; padding: 0 7px; font-size: 0.75rem; line-height: 1.6; color: #eceff4; }
.mien-wrong { color: #ffb4a8; font-size: 0.85rem; }
.mien-yaml textarea { font-family: ui-monospace, monospace; font-size: 0.85rem; }
.mien-away .nicegui-content, .mien-away header .mien-row, .mien-away .q-dialog .q-btn { pointer-events: none; opacity: 0.5; }
.mien-away header [role=status]::before { content: "connecting · "; }
.mien-typed { position: fixed; inset: auto 12px 12px; z-index: 9000; background: #4a2f00; color: #fff; border-radius: 10px;
  padding: 12px 14px; max-height: 50vh; overflow: auto; }
.mien-typed pre { white-space: pre-wrap; margin: 8px 0; font: inherit; }
.mien-typed button { background: #fff; color: #16181d; border: 0; border-radius: 6px; padding: 6px 14px; font: inherit; }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid #88c0d0; outline-offset: 2px; }
"""


def show_page(desk: Desk, page: Page) -> Callable[[Request], None]:
    """The function that draws ``page`` for a browser."""

    def show(request: Request) -> None:
        forget_unopened()
        seat = Seat(desk, request.state.role, ui.context.client)
        ui.colors(primary="#1976d2", secondary="#37474f", positive="#2e7d32", negative="#c62828", warning="#8a5a00")
        ui.add_css(STYLE)
        ui.add_head_html(AWAY)
        _head(seat, page)
        with (
            ui.column()
            .classes("w-full")
            .style("width: 100%; padding: 12px; gap: 12px; max-width: 1400px; margin: 0 auto;")
        ):
            page.build(seat)
        ui.timer(REFRESH_S, seat.refresh)
        client = seat.client
        client.on_connect(lambda: desk.watch(client.id, True))
        client.on_disconnect(lambda: desk.watch(client.id, False))
        client.on_delete(lambda: desk.watch(client.id, False))

    return show


def _head(seat: Seat, page: Page) -> None:
    desk = seat.desk
    with ui.header().style("background: #20242c; padding: 6px 12px; gap: 4px; flex-direction: column;"):
        with ui.element("div").classes("mien-row"):
            ui.html(f"<h1>Mien · {page.title}</h1>", sanitize=False)
            state = ui.label().props("role=status aria-live=polite")
            ui.space()
            compare_buttons(seat)
            undo = ui.button("Undo", icon="undo", on_click=lambda: seat.do(desk.undo())).props(
                "flat dense no-caps color=white"
            )
            redo = ui.button("Redo", icon="redo", on_click=lambda: seat.do(desk.redo())).props(
                "flat dense no-caps color=white"
            )
            save = ui.button("Save", icon="save", on_click=lambda: seat.do(_save(seat))).props(
                "dense no-caps color=primary"
            )
        with ui.element("nav").classes("mien-nav").props('aria-label="Pages"'):
            for other in PAGES:
                link = ui.link(other.title, other.path)
                if other is page:
                    link.props("aria-current=page")

    def look() -> None:
        if desk.lives:
            figures = desk.part("state") or {}
            faults = int(figures.get("faults", 0))
            state.text = f"{figures.get('fps', 0):.0f} pictures/s" + (
                f" · {faults} fault{'s' * (faults != 1)}" if faults else ""
            )
            state.style("color: #ffb4a8" if faults else "color: #a3d9a5")
        else:
            state.text = f"no answer for {desk.silent_s:.0f} s"
            state.style("color: #ffb4a8")
        undo.set_enabled(seat.operates and desk.history.can_undo)
        redo.set_enabled(seat.operates and desk.history.can_redo)
        save.set_enabled(seat.operates)

    seat.keep_up(look)


async def _save(seat: Seat) -> None:
    count = await seat.desk.save()
    name = seat.desk.paths[-1].replace("\\", "/").rsplit("/", 1)[-1] if seat.desk.paths else "config.yaml"
    ui.notify(
        f"{count} setting{'s' * (count != 1)} written to {name}" if count else "nothing differs from the file",
        type="positive",
    )
