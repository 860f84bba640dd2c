"""The drawing of all screens with corners that can be moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui.element import Element
from nicegui.events import GenericEventArguments

STYLE = """
.corner-drawing { width: 100%; max-height: 62vh; background: #101216; border-radius: 8px; }
.corner-window { fill: #1b1f27; stroke: #6b7689; stroke-width: 0.003; }
.corner-place { fill: none; stroke: #7c879b; stroke-width: 0.002; stroke-dasharray: 0.012 0.008; }
.corner-screen { fill: #5e81ac; fill-opacity: 0.25; stroke: #88c0d0; stroke-width: 0.003; cursor: pointer; }
.corner-screen.corner-chosen { fill-opacity: 0.45; stroke-width: 0.005; }
.corner-name { fill: #eceff4; font-size: 0.05px; text-anchor: middle; dominant-baseline: middle; pointer-events: none; }
.corner-reach { fill: transparent; }
.corner-dot { fill: #16181d; stroke: #eceff4; stroke-width: 0.006; }
.corner-handle { touch-action: none; cursor: grab; outline: none; }
.corner-held .corner-dot { fill: #ebcb8b; }
.corner-handle:focus-visible .corner-dot { stroke: #ebcb8b; stroke-width: 0.01; }
.corner-bar { margin-top: 10px; }
.corner-steps { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; }
.corner-steps legend { float: left; padding: 0; margin-right: 10px; color: #b4bdcc; }
.corner-steps label { display: flex; gap: 6px; align-items: center; min-height: 32px; }
.corner-arrows { display: flex; gap: 4px; }
.corner-arrows button { background: #3b4252; color: #eceff4; border: 0; border-radius: 6px; min-width: 44px; min-height: 40px; }
.corner-arrows button:disabled { opacity: 0.5; }
.corner-where { font-variant-numeric: tabular-nums; }
"""


class CornerEditor(Element, component="corner_editor.js"):
    """``moved`` (screen, its four corners) is awaited with each move, some ten times a second; ``chosen`` (screen) when another
    one is touched."""

    def __init__(
        self,
        operates: bool,
        moved: Callable[[int, list[list[float]]], Awaitable[None]],
        chosen: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._props |= {"screens": [], "size": [16, 9], "operates": operates, "screenNumber": 0}

        async def take(event: GenericEventArguments) -> None:
            await moved(int(event.args["number"]), [[float(x), float(y)] for x, y in event.args["corners"]])

        self.on("moved", take)
        self.on("chosen", lambda event: chosen(int(event.args)))

    def show(self, screens: Sequence[dict[str, Any]], size: Sequence[int], number: int) -> None:
        """Draw these screens (name, place, corners) in a window of ``size`` pixels; screen ``number`` is chosen."""
        wanted = {"screens": list(screens), "size": list(size), "screenNumber": number}
        if any(self._props.get(name) != value for name, value in wanted.items()):
            self._props |= wanted
            self.update()
