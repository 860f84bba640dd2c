"""A and B in the head of each page: two states of the settings, stored, and switched between."""

from __future__ import annotations

from nicegui import ui

from installation.desk.compare import SLOTS
from installation.desk.parts.elements import set_chosen, set_props
from installation.desk.seat import Seat

MARK = " •"


def compare_buttons(seat: Seat) -> None:
    """Draw them. A slot that holds nothing stores what is set now; one that holds something shows it."""
    desk, buttons = seat.desk, {}

    async def show(slot: str) -> None:
        if not seat.operates:
            await seat.do(_nothing())
        elif desk.compare.has(slot):
            await seat.do(desk.show(slot))
        else:
            store(slot)

    def store(slot: str) -> None:
        if seat.operates:
            desk.store(slot)
            ui.notify(f"{slot} holds what is set now", type="positive")

    with ui.element("div").classes("mien-ab").props('role=group aria-label="Compare two states"'):
        for slot in SLOTS:
            buttons[slot] = ui.button(slot, on_click=lambda _, slot=slot: show(slot)).props("dense no-caps unelevated")
            buttons[slot].style("min-width: 2.2rem")
        with ui.button(icon="expand_more").props('flat dense color=white aria-label="Store A or B"') as more:
            more.set_enabled(seat.operates)
            with ui.menu():
                for slot in SLOTS:
                    ui.menu_item(f"Store as {slot}", on_click=lambda _, slot=slot: store(slot))
    said = ui.label().classes("mien-dim mien-ab-said").props("role=status")

    shown: list[object] = [None]

    def look() -> None:
        on = desk.compare.on(desk.values)
        state = (on, tuple(map(desk.compare.has, SLOTS)), desk.compare.differing())
        if state == shown[0]:
            return
        shown[0] = state
        for slot, button in buttons.items():
            has = desk.compare.has(slot)
            button.set_enabled(seat.operates)
            set_chosen(button, slot == on)
            what = "is shown" if slot == on else "is stored: show it" if has else "is empty: store what is set now"
            set_props(button, aria_label=f"{slot} {what}")
            button.text = f"{slot}{MARK}" if has and slot != on else slot
        said.text = f"{on or 'neither'} is on; they differ in {state[2]}" if all(state[1]) else ""

    seat.keep_up(look)


async def _nothing() -> None:
    """What a browser that may only look wants, to be told so."""
