"""What is asked of the piece with one press: light, scene, pictures, restart, and the notice to visitors."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from installation.desk.controls import setting_control
from installation.desk.seat import Seat

NOTICE = "/control/notice/enabled"


def add_buttons(seat: Seat) -> None:
    """Draw them."""
    desk = seat.desk
    with ui.element("div").classes("mien-row"):
        _switched(
            seat,
            "blackout",
            ("Blackout", "Light on again"),
            ("lightbulb", "lightbulb_outline"),
            "black",
            "deep-orange-9",
        )
        _button(seat, "Next scene", "skip_next", lambda: seat.do(desk.command("next_scene")))
        _button(
            seat, "Snapshot", "photo_camera", lambda: seat.do(desk.command("snapshot"), "the next picture is stored")
        )
        _button(seat, "Paint", "brush", lambda: seat.do(desk.command("paint"), "this moment is being painted"))
        _switched(seat, "video", ("Film", "Stop filming"), ("videocam", "stop"), "films", "red-9")
        _restart(seat)
    notice = desk.table.get(NOTICE)
    if notice is not None:
        setting_control(seat, notice, "Notice to visitors")


def _button(seat: Seat, text: str, icon: str, do: Callable[[], object]) -> ui.button:
    button = (
        ui.button(text, icon=icon, on_click=do).props("no-caps unelevated color=blue-grey-9").style("min-height: 44px")
    )
    button.set_enabled(seat.operates)
    return button


def _switched(seat: Seat, command: str, texts: tuple[str, str], icons: tuple[str, str], key: str, colour: str) -> None:
    """A command that takes 1 or 0, by what the part "state" says of ``key``."""
    button = _button(seat, texts[0], icons[0], lambda: seat.do(seat.desk.command(command, int(not is_on()))))
    button.props("aria-pressed=false")
    shown = False

    def is_on() -> bool:
        return bool((seat.desk.part("state") or {}).get(key))

    def look() -> None:
        nonlocal shown
        if is_on() != shown:
            shown = is_on()
            button.text = texts[shown]
            button.props(
                f"color={colour if shown else 'blue-grey-9'} icon={icons[shown]} aria-pressed={str(shown).lower()}"
            )

    seat.keep_up(look)


def _restart(seat: Seat) -> None:
    with ui.dialog() as dialog, ui.card().style("background: #20242c"):
        ui.label("Start the piece anew? The wall is dark for a few seconds.")
        with ui.element("div").classes("mien-row"):
            ui.button("Restart", on_click=lambda: go()).props("no-caps color=red-9")
            ui.button("Leave it", on_click=dialog.close).props("no-caps flat color=white")
    button = _button(seat, "Restart", "restart_alt", dialog.open)
    why_not = ui.label("Restart needs run.py guard or run.py service, which start the piece again.").classes("mien-dim")
    why_not.style("font-size: 0.85rem")

    async def go() -> None:
        dialog.close()
        await seat.do(seat.desk.command("restart"), "the piece is started anew")

    def look() -> None:
        restarts = bool((seat.desk.part("state") or {}).get("restarts"))
        if button.enabled != (restarts and seat.operates):
            button.set_enabled(restarts and seat.operates)
        if why_not.visible == restarts:
            why_not.set_visibility(not restarts)

    seat.keep_up(look)
