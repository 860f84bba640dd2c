"""The plane of valence and arousal as a drawing: valence to the right, arousal upwards, both from -1 to 1."""

from __future__ import annotations

from typing import Any

from nicegui import ui

HALF, EDGE = 100.0, 122.0
"""Half the plane, and half of what is drawn, in the drawing's units."""
SCALE_DP = 1
QUIET = "#b4bdcc"


def drawing(props: str, width_px: int) -> ui.element:
    """An empty plane with its axes and their names; used as a context."""
    svg = ui.element("svg").props(f'viewBox="{-EDGE} {-EDGE} {2 * EDGE} {2 * EDGE}" {props}')
    svg.style(f"width: 100%; max-width: {width_px}px; display: block; margin: 0 auto")
    with svg:
        square = f"x={-HALF} y={-HALF} width={2 * HALF} height={2 * HALF}"
        ui.element("rect").props(f"{square} rx=6 fill=#16181d stroke=#4c566a")
        for ends in (f"x1={-HALF} x2={HALF} y1=0 y2=0", f"x1=0 x2=0 y1={-HALF} y2={HALF}"):
            ui.element("line").props(f"{ends} stroke=#4c566a stroke-width=1")
        for y, text in ((-108, "excited"), (116, "calm")):
            words(0, y, text)
        for x, text in ((-110, "unpleasant"), (110, "pleasant")):
            words(x, 0, text).props(f'transform="rotate(-90 {x} 0)"')
    return svg


def words(x: float, y: float, text: str, size: int = 10) -> Any:
    """A text about (x, y)."""
    found = ui.element("text").props(f"x={x} y={y} font-size={size} text-anchor=middle fill={QUIET} aria-hidden=true")
    found._text = text
    return found


def place(valence: float, arousal: float) -> tuple[float, float]:
    """(x, y) in the drawing of a mood; beyond the ends at them."""
    x, y = (min(max(one, -1.0), 1.0) * HALF for one in (valence, arousal))
    return round(x, SCALE_DP), round(-y, SCALE_DP)
