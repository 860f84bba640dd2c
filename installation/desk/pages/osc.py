"""OSC as it goes out and comes in: every address with its last value and rate, and what was refused and why."""

from __future__ import annotations

from nicegui import ui

from installation.desk.parts.osc_monitor import STYLE, OscMonitorTable
from installation.desk.seat import Seat

PART = "osc"


def build(seat: Seat) -> None:
    """Draw it."""
    ui.add_css(STYLE)
    seat.wish(PART)
    table = OscMonitorTable().style("width: 100%")
    seat.keep_up(lambda: table.show(seat.desk.part(PART)))
