"""The first screen: does it live, what does it show, and the dials that are turned most."""

from __future__ import annotations

from nicegui import ui

from installation.desk.controls import setting_control
from installation.desk.seat import Seat

DIALS = (
    ("/control/smoothing/calmness", "Calmness"),
    ("/control/scene/pace", "Pace"),
    ("/control/scene/size", "Size"),
    ("/control/generation/strength", "Generated pictures"),
    ("/control/picture/strength", "Painted landscape"),
    ("/control/output/brightness", "Brightness"),
    ("/control/output/saturation", "Saturation"),
    ("/control/output/glow", "Glow"),
)


def build(seat: Seat) -> None:
    """Draw it."""
    with ui.element("div").classes("mien-grid"), ui.element("section").classes("mien-card"):
        ui.html("<h2>Dials</h2>", sanitize=False)
        for path, title in DIALS:
            setting = seat.desk.table.get(path)
            if setting is not None:
                setting_control(seat, setting, title)
