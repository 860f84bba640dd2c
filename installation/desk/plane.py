"""The plane of valence and arousal: where the emotions lie, where visitors and the group are. Moved in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from installation.base.circumplex import COORDINATES
from installation.desk.parts.elements import set_props
from installation.desk.parts.mood_drawing import drawing, place, words
from installation.desk.seat import Seat
from installation.types import EMOTIONS

MOST_DOTS = 24
VISITOR, GROUP = "#eceff4", "#88c0d0"


def plane(seat: Seat, colour_of: Callable[[str], str], choose: Callable[[str], object]) -> None:
    """Draw it. ``colour_of`` gives the colour of an emotion's mark; ``choose`` is called with the emotion that was pressed."""
    label = "Valence from left to right, arousal from bottom to top: emotions, visitors and the group"
    with drawing(f'role=group aria-label="{label}"', 420).style("touch-action: manipulation"):
        marks = {name: _mark(name, at, choose) for name, at in zip(EMOTIONS, COORDINATES, strict=True)}
        dots = [_dot(5, VISITOR) for _ in range(MOST_DOTS)]
        ring = _dot(9, "none").props(f"stroke={GROUP} stroke-width=3")
    said = ui.label().classes("mien-dim").style("text-align: center; width: 100%").props("role=status")

    def look() -> None:
        for name, mark in marks.items():
            set_props(mark, fill=colour_of(name))
        people: Sequence[Mapping[str, Any]] = (seat.desk.part("people") or ()) if seat.desk.lives else ()
        for number, dot in enumerate(dots):
            _move(dot, people[number] if number < len(people) else None)
        _move(ring, seat.desk.part("group") if people else None)
        count = f"{len(people)} visitor{'s' * (len(people) != 1)}"
        said.text = f"{count} (white); the group (ring)" if people else "nobody is there"

    seat.keep_up(look)


def _mark(name: str, at: Any, choose: Callable[[str], object]) -> Any:
    x, y = place(float(at[0]), float(at[1]))
    # Angry and fear lie upon one another: their names stand on either side.
    above = name in ("fear", "surprise", "happy")
    words(x, y - 8 if above else y + 15, name, 9)
    mark = ui.element("circle").props(f"cx={x} cy={y} r=6 stroke=#eceff4 stroke-width=1 tabindex=0 role=button")
    mark.props(f'aria-label="{name}: show its look"').style("cursor: pointer")
    mark.on("click", lambda: choose(name))
    for key in ("enter", "space"):
        mark.on(f"keydown.{key}.prevent", lambda: choose(name))
    return mark


def _dot(radius: int, fill: str) -> Any:
    dot = ui.element("circle").props(f"r={radius} fill={fill} visibility=hidden pointer-events=none aria-hidden=true")
    return dot.style("transition: cx 0.2s linear, cy 0.2s linear")


def _move(dot: Any, mood: Mapping[str, Any] | None) -> None:
    if mood is None or "valence" not in mood:  # nobody, or nothing is read of them
        set_props(dot, visibility="hidden")
        return
    x, y = place(float(mood["valence"]), float(mood["arousal"]))
    set_props(dot, cx=x, cy=y, opacity=max(0.25, round(float(mood["presence"]), 1)), visibility="visible")
