"""A pad for a mood: valence from left to right, arousal from bottom to top; by mouse, touch and arrow keys."""

from __future__ import annotations

from typing import Any

from nicegui import events, ui

from installation.desk.parts.elements import set_props
from installation.desk.parts.mood_drawing import EDGE, HALF, drawing, place
from installation.desk.seat import Seat

STEP = 0.05
"""An arrow key moves by so much."""
KEYS = {"ArrowLeft": (-STEP, 0.0), "ArrowRight": (STEP, 0.0), "ArrowUp": (0.0, STEP), "ArrowDown": (0.0, -STEP)}
THROTTLE_S = 0.05
OWN_S = 0.7
"""What was moved here is not moved back by an older answer for so long."""
POINT = """(event) => {
  if (event.type === 'pointermove' && !(event.buttons & 1)) return;
  const box = event.currentTarget.getBoundingClientRect();
  emit({x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height});
}"""


def mood_pad(seat: Seat, valence: str, arousal: str) -> None:
    """Draw it; ``valence`` and ``arousal`` are the addresses of the settings that it moves."""
    desk = seat.desk
    at = [0.0, 0.0]
    moved_s = [float("-inf")]
    label = "Mood: arrow keys move it, left and right unpleasant to pleasant, down and up calm to excited"
    hand = "application tabindex=0" if seat.operates else "img"
    with drawing(f'role={hand} aria-label="{label}"', 340) as svg:
        dot = ui.element("circle").props("r=9 fill=#ebcb8b stroke=#16181d stroke-width=2 cx=0 cy=0")
    said = ui.label().classes("mien-dim").style("text-align: center; width: 100%")

    def show() -> None:
        x, y = place(at[0], at[1])
        set_props(dot, cx=x, cy=y)
        said.set_text(f"valence {at[0]:+.2f}, arousal {at[1]:+.2f}")

    async def move(x: float, y: float) -> None:
        at[:] = [round(min(max(value, -1.0), 1.0), 3) for value in (x, y)]
        moved_s[0] = desk.clock.now()
        show()
        await seat.do(desk.recall({valence: at[0], arousal: at[1]}))

    async def point(event: events.GenericEventArguments) -> None:
        x, y = ((2 * float(event.args[name]) - 1) * EDGE / HALF for name in ("x", "y"))
        await move(x, -y)

    async def key(event: events.GenericEventArguments) -> None:
        dx, dy = KEYS.get(str(event.args.get("key")), (0.0, 0.0))
        if dx or dy:
            await move(at[0] + dx, at[1] + dy)

    if seat.operates:
        svg.style("touch-action: none; cursor: crosshair")
        svg.on("pointerdown", point, js_handler=POINT)
        svg.on("pointermove", point, js_handler=POINT, throttle=THROTTLE_S)
        svg.on("keydown", key, args=["key"])

    def look() -> None:
        found: list[Any] = [desk.values.get(path, 0.0) for path in (valence, arousal)]
        if found != at and desk.clock.now() - moved_s[0] >= OWN_S:
            at[:] = found
            show()

    show()
    seat.keep_up(look)
