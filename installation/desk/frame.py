"""What all pages share: head and navigation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from nicegui import ui

from installation.desk.compare_buttons import compare_buttons
from installation.desk.desk import Desk
from installation.desk.pages import PAGES, Page
from installation.desk.seat import Seat
from installation.desk.sockets import forget_unopened
from installation.desk.style import STYLE

AWAY = '<script src="/static/away.js"></script>'
"""Puts the class mien-away on the page while it has no connection."""
REFRESH_S = 0.2
"""A page looks this often whether there is anything new."""


def show_page(desk: Desk, page: Page) -> Callable[[Request], None]:
    """The function that draws ``page`` for a browser."""

    def show(request: Request) -> None:
        forget_unopened()
        seat = Seat(desk, request.state.role, ui.context.client)
        ui.colors(primary="#1976d2", secondary="#37474f", positive="#2e7d32", negative="#c62828", warning="#8a5a00")
        ui.add_css(STYLE)
        ui.add_head_html(AWAY)
        if not seat.operates:
            ui.query("body").classes("mien-looker")
        _head(seat, page)
        with ui.column().classes("mien-page"):
            page.build(seat)
        ui.timer(REFRESH_S, seat.refresh)
        client = seat.client
        client.on_connect(lambda: desk.watch(client.id, True))
        client.on_disconnect(lambda: desk.watch(client.id, False))
        client.on_delete(lambda: desk.watch(client.id, False))

    return show


def _head(seat: Seat, page: Page) -> None:
    desk = seat.desk
    with ui.header().classes("mien-head"):
        with ui.element("div").classes("mien-row"):
            ui.html(f"<h1><span>Mien · </span>{page.title}</h1>", sanitize=False)
            state = ui.label().classes("mien-said").props("role=status aria-live=polite")
            ui.space()
            if not seat.operates:
                ui.label("to look only").classes("mien-tag")
            compare_buttons(seat)
            undo = _button("Undo", "undo", "flat color=white", lambda: seat.do(_go(desk.undo, "taken back")))
            redo = _button("Redo", "redo", "flat color=white", lambda: seat.do(_go(desk.redo, "made again")))
            save = _button("Save", "save", "color=primary", lambda: seat.do(_save(seat)))
        with ui.element("nav").classes("mien-nav").props('aria-label="Pages"'):
            links = [(ui.link(other.title, other.path), other) for other in PAGES]
            for link, other in links:
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
        for link, other in links:
            link.set_visibility(other is page or other.is_of_use(desk))

    seat.keep_up(look)


def _button(text: str, icon: str, look: str, do: Callable[[], object]) -> ui.button:
    return ui.button(text, icon=icon, on_click=do).props(f'dense no-caps {look} aria-label="{text}"')


async def _go(step: Callable[[], Awaitable[str | None]], said: str) -> None:
    """Go a step of the history, and say which it was: it may be one of another page."""
    name = await step()
    if name is not None:
        ui.notify(f"{name} {said}", type="info", timeout=2000)


async def _save(seat: Seat) -> None:
    count = await seat.desk.save()
    name = seat.desk.paths[-1].replace("\\", "/").rsplit("/", 1)[-1] if seat.desk.paths else "config.yaml"
    ui.notify(
        f"{count} setting{'s' * (count != 1)} written to {name}" if count else "nothing differs from the file",
        type="positive",
    )
