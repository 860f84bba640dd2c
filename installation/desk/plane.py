"""The plane of valence and arousal: where the emotions lie, where visitors and the group are. Moved in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from installation.base.circumplex import COORDINATES
from installation.desk.seat import Seat
from installation.types import EMOTIONS

MOST_DOTS = 24
HALF = 100.0
"""Half the plane, in the drawing's units; it is drawn from -EDGE to EDGE."""
EDGE = 122.0
SCALE_DP = 1
VISITOR, GROUP = "#eceff4", "#88c0d0"


def plane(seat: Seat, colour_of: Callable[[str], str], choose: Callable[[str], object]) -> None:
    """Draw it. ``colour_of`` gives the colour of an emotion's mark; ``choose`` is called with the emotion that was pressed."""
    box = f"{-EDGE} {-EDGE} {2 * EDGE} {2 * EDGE}"
    label = "Valence from left to right, arousal from bottom to top: emotions, visitors and the group"
    svg = ui.element("svg").props(f'viewBox="{box}" role=group aria-label="{label}"')
    svg.style("width: 100%; max-width: 420px; display: block; margin: 0 auto; touch-action: manipulation")
    with svg:
        _axes()
        marks = {name: _mark(name, at, choose) for name, at in zip(EMOTIONS, COORDINATES, strict=True)}
        dots = [_dot(5, VISITOR) for _ in range(MOST_DOTS)]
        ring = _dot(9, "none").props(f"stroke={GROUP} stroke-width=3")
    said = ui.label().classes("mien-dim").style("text-align: center; width: 100%").props("role=status")
    shown: dict[Any, Any] = {}

    def look() -> None:
        for name, mark in marks.items():
            _change(shown, name, colour_of(name), partial(_paint, mark))
        people: Sequence[Mapping[str, Any]] = (seat.desk.part("people") or ()) if seat.desk.lives else ()
        group = seat.desk.part("group") if people else None
        for number, dot in enumerate(dots):
            _move(shown, number, dot, people[number] if number < len(people) else None)
        _move(shown, "group", ring, group)
        text = (
            f"{len(people)} visitor{'s' * (len(people) != 1)} (white); the group (ring)"
            if people
            else "nobody is there"
        )
        _change(shown, "said", text, said.set_text)

    seat.keep_up(look)


def place(valence: float, arousal: float) -> tuple[float, float]:
    """(x, y) in the drawing of a mood in [-1, 1]; arousal upwards."""
    x, y = (min(max(one, -1.0), 1.0) * HALF for one in (valence, arousal))
    return round(x, SCALE_DP), round(-y, SCALE_DP)


def _axes() -> None:
    ui.element("rect").props(f"x={-HALF} y={-HALF} width={2 * HALF} height={2 * HALF} rx=6 fill=#16181d stroke=#4c566a")
    for ends in (f"x1={-HALF} x2={HALF} y1=0 y2=0", f"x1=0 x2=0 y1={-HALF} y2={HALF}"):
        ui.element("line").props(f"{ends} stroke=#4c566a stroke-width=1")
    for x, y, text in ((0, -108, "excited"), (0, 116, "calm")):
        _text(x, y, text)
    for x, text in ((-110, "unpleasant"), (110, "pleasant")):
        _text(x, 0, text).props(f'transform="rotate(-90 {x} 0)"')


def _text(x: float, y: float, text: str, size: int = 10) -> Any:
    found = ui.element("text").props(f"x={x} y={y} font-size={size} text-anchor=middle fill=#b4bdcc aria-hidden=true")
    found._text = text
    return found


def _mark(name: str, at: Any, choose: Callable[[str], object]) -> Any:
    x, y = place(float(at[0]), float(at[1]))
    # Angry and fear lie upon one another: their names stand on either side.
    above = name in ("fear", "surprise", "happy")
    _text(x, y - 8 if above else y + 15, name, 9)
    mark = ui.element("circle").props(f"cx={x} cy={y} r=6 stroke=#eceff4 stroke-width=1 tabindex=0 role=button")
    mark.props(f'aria-label="{name}: show its look"').style("cursor: pointer")
    mark.on("click", lambda: choose(name))
    for key in ("enter", "space"):
        mark.on(f"keydown.{key}.prevent", lambda: choose(name))
    return mark


def _dot(radius: int, fill: str) -> Any:
    dot = ui.element("circle").props(f"r={radius} fill={fill} visibility=hidden pointer-events=none aria-hidden=true")
    return dot.style("transition: cx 0.2s linear, cy 0.2s linear")


def _move(shown: dict[Any, Any], key: object, dot: Any, mood: Mapping[str, Any] | None) -> None:
    if mood is None or "valence" not in mood:  # nobody, or nothing is read of them
        _change(shown, key, None, lambda _: dot.props("visibility=hidden"))
        return
    at = place(float(mood["valence"]), float(mood["arousal"]))
    opacity = max(0.25, round(float(mood["presence"]), 1))
    _change(
        shown, key, (at, opacity), lambda _: dot.props(f"cx={at[0]} cy={at[1]} opacity={opacity} visibility=visible")
    )


def _paint(mark: Any, colour: str) -> None:
    mark.props(f"fill={colour}")


def _change(shown: dict[Any, Any], key: object, value: Any, change: Callable[[Any], object]) -> None:
    if key not in shown or shown[key] != value:
        shown[key] = value
        change(value)
