"""A camera's view as an outline, with who stands there and four marks that can be moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

STYLE = """
.mark-drawing { width: 100%; display: block; max-height: 36vh; background: #101216; border-radius: 8px; }
.mark-open { cursor: crosshair; }
.mark-picture { fill: #1b1f27; stroke: #6b7689; stroke-width: 0.003; }
.mark-grid { fill: none; stroke: #8793a8; stroke-width: 0.002; opacity: 0.7; }
.mark-area { fill: none; stroke: #eceff4; stroke-width: 0.003; pointer-events: none; }
.mark-area.mark-wrong { stroke: #ffb4a8; stroke-dasharray: 0.012 0.008; }
.mark-person, .mark-still { stroke-width: 0.004; pointer-events: none; }
.mark-person { transition: cx 0.3s linear, cy 0.3s linear; }
.mark-still { fill: none; }
.mark-handle { touch-action: none; cursor: grab; outline: none; }
.mark-reach { fill: transparent; }
.mark-dot { fill: #16181d; stroke: #eceff4; stroke-width: 0.004; }
.mark-chosen .mark-dot { stroke: #ebcb8b; stroke-width: 0.006; }
.mark-handle:focus-visible .mark-dot { stroke: #ebcb8b; stroke-width: 0.009; }
.mark-number { fill: #eceff4; font-size: 0.028px; text-anchor: middle; dominant-baseline: central; pointer-events: none; }
"""


class MarkEditor(Element, component="mark_editor.js"):
    """``moved`` (camera, mark, x, y in image coordinates) is awaited with each move, some ten times a second; ``chosen`` (mark)
    when another one is touched. ``names``: of the four marks."""

    def __init__(
        self,
        operates: bool,
        names: Sequence[str],
        moved: Callable[[str, int, float, float], Awaitable[None]],
        chosen: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._props |= {"operates": operates, "names": list(names)}
        self.show("", 9 / 16, [None] * len(names), (), (), "#eceff4", 0)

        async def take(event: GenericEventArguments) -> None:
            said = event.args
            await moved(str(said["camera"]), int(said["number"]), float(said["x"]), float(said["y"]))

        self.on("moved", take)
        self.on("chosen", lambda event: chosen(int(event.args)))

    def show(
        self,
        camera: str,
        aspect: float,
        marks: Sequence[Any],
        people: Sequence[dict[str, Any]],
        grid: Sequence[Any],
        colour: str,
        chosen: int,
    ) -> None:
        """Draw a view of ``aspect`` height to width: the marks (None: not set), people (x, y, still, feet), the rows of points
        in ``grid``."""
        wanted = {
            "camera": camera,
            "aspect": aspect,
            "marks": list(marks),
            "people": list(people),
            "grid": list(grid),
            "colour": colour,
            "chosen": chosen,
        }
        if any(self._props.get(name) != value for name, value in wanted.items()):
            self._props |= wanted
            self.update()
