"""What is asked of the piece with one press: light, scene, pictures, restart, and the notice to visitors."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from installation.base.files import PROGRAM
from installation.desk.controls import setting_control
from installation.desk.parts.elements import OTHER, set_props
from installation.desk.seat import Seat

NOTICE, TEMPO = "/control/notice/enabled", "/control/tempo/source"


def add_buttons(seat: Seat) -> None:
    """Draw them."""
    desk = seat.desk
    words, icons = ("Blackout", "Light on again"), ("lightbulb", "lightbulb_outline")
    _switched(seat, "blackout", words, icons, "black", "deep-orange-9")
    _button(seat, "Next scene", "skip_next", lambda: seat.do(desk.command("next_scene")))
    _button(seat, "Snapshot", "photo_camera", lambda: seat.do(desk.command("snapshot"), "the next picture is stored"))
    _button(seat, "Paint", "brush", lambda: seat.do(desk.command("paint"), "this moment is being painted"))
    _switched(seat, "video", ("Film", "Stop filming"), ("videocam", "stop"), "films", "red-9")
    if desk.values.get(TEMPO) == "tap":
        _button(seat, "Tap", "touch_app", lambda: seat.do(desk.command("tap")))
    _restart(seat)
    notice = desk.table.get(NOTICE)
    if notice is not None:
        setting_control(seat, notice, "Notice to visitors")


def _button(seat: Seat, text: str, icon: str, do: Callable[[], object]) -> ui.button:
    button = ui.button(text, icon=icon, on_click=do).props(f"no-caps unelevated color={OTHER}")
    button.set_enabled(seat.operates)
    return button


def _switched(seat: Seat, command: str, texts: tuple[str, str], icons: tuple[str, str], key: str, colour: str) -> None:
    """A command that takes 1 or 0, by what the part "state" says of ``key``."""
    button = _button(seat, texts[0], icons[0], lambda: seat.do(seat.desk.command(command, int(not is_on()))))

    def is_on() -> bool:
        return bool((seat.desk.part("state") or {}).get(key))

    def look() -> None:
        on = is_on()
        button.text = texts[on]
        set_props(button, color=colour if on else OTHER, icon=icons[on], aria_pressed=str(on).lower())

    seat.keep_up(look)


def _restart(seat: Seat) -> None:
    async def go() -> None:
        dialog.close()
        await seat.do(seat.desk.command("restart"), "the piece is started anew")

    def ask() -> None:
        if (seat.desk.part("state") or {}).get("restarts"):
            dialog.open()
        else:
            ui.notify(
                f"Restart needs {PROGRAM} guard or {PROGRAM} service, which start the piece again.", type="warning"
            )

    with ui.dialog() as dialog, ui.card().style("background: var(--card)"):
        ui.label("Start the piece anew? The wall is dark for a few seconds.")
        with ui.element("div").classes("mien-row"):
            ui.button("Restart", on_click=go).props("no-caps color=red-9")
            ui.button("Leave it", on_click=dialog.close).props("no-caps flat color=white")
    _button(seat, "Restart", "restart_alt", ask)
