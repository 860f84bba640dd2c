"""Setting up the warps by hand: events in, changed screens out. No GL, no window, no file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from installation.config.output import ScreenConfig
from installation.render.output import warp
from installation.render.output.input_event import InputEvent

Verdict = Literal["save", "leave"]
NEW_GRID = (3, 3)
MAX_POINTS = 17
UNDO_STEPS = 200
DECIMALS = 5
"""A hundred-thousandth of a wall of 8K is a twelfth of a pixel."""
ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@dataclass(frozen=True, slots=True)
class Handle:
    """A point that can be moved: row and column of the grid, or of the four corners. ``x``, ``y`` in the window, [0, 1]."""

    row: int
    column: int
    x: float
    y: float


class WarpEditor:
    """Corners and grids of the screens under a person's hands.

    A change that no picture can follow (corners that cross, a point too far away) is refused: the handle stays where it
    was. ``screens`` is what would be saved; ``version`` counts its changes.
    """

    def __init__(self, screens: list[ScreenConfig]) -> None:
        self.screens = tuple(screens) or (ScreenConfig(),)
        self.version = 0
        self.output = 0
        self.on_grid = False
        self.selected = 0
        self._drag: tuple[float, float] | None = None
        self._before: list[tuple[ScreenConfig, ...]] = []

    @property
    def screen(self) -> ScreenConfig:
        """The screen that is being worked on."""
        return self.screens[self.output]

    def handles(self) -> list[Handle]:
        """What can be moved now, row by row: the corners (2 x 2) or the grid's points."""
        rows, columns = self._shape()
        x, y = np.linspace(0, 1, columns), np.linspace(0, 1, rows)
        square = np.stack(np.meshgrid(x, y), axis=-1)
        if self.on_grid:
            square = square + warp.bend(self.screen, x, y)
        window = warp.to_window(self.screen, square).reshape(-1, 2)
        return [Handle(n // columns, n % columns, float(at[0]), float(at[1])) for n, at in enumerate(window)]

    def handle(self, event: InputEvent, size: tuple[int, int]) -> Verdict | None:
        """Take an event in a window of ``size`` pixels; the verdict says when the person wants to save or to leave."""
        match event.kind:
            case "press":
                self._remember()
                self._press(event, size)
            case "drag" if self._drag is not None:
                self._move_to(event.x + self._drag[0], event.y + self._drag[1])
            case "release":
                self._drag = None
                self._forget_if_unchanged()
            case "key":
                return self._key(event, size)
        return None

    def lines(self, size: tuple[int, int]) -> tuple[str, ...]:
        """What the person should know, for the corner of the screen."""
        screen, handle = self.screen, self.handles()[self.selected]
        name = f" ({screen.name})" if screen.name else ""
        rows, columns = self._shape()
        what = f"grid {columns} x {rows}, point {handle.column + 1}, {handle.row + 1}" if self.on_grid else "corners"
        place = f"{handle.x * size[0]:.1f}, {handle.y * size[1]:.1f} px"
        return (
            f"output {self.output + 1} of {len(self.screens)}{name}: {what} at {place}",
            "mouse: drag   tab: next handle   arrows: 1 px, with shift 10   1-9: output",
            "G: corners or grid   + -: more or fewer points   Z: back a step   backspace: reset",
            "T: test pattern   enter: save   escape: leave without saving",
        )

    def _shape(self) -> tuple[int, int]:
        grid = self.screen.grid
        return (len(grid), len(grid[0])) if self.on_grid and grid else (2, 2)

    def _key(self, event: InputEvent, size: tuple[int, int]) -> Verdict | None:
        if event.key in ("return", "enter"):
            return "save"
        if event.key in ("escape", "w"):
            return "leave"
        if event.key in ARROWS:
            dx, dy = (step * (10 if event.shift else 1) for step in ARROWS[event.key])
            handle = self.handles()[self.selected]
            self._remember()
            self._move_to(handle.x + dx / size[0], handle.y + dy / size[1])
            self._forget_if_unchanged()
        elif event.key == "tab":
            self.selected = (self.selected + (-1 if event.shift else 1)) % len(self.handles())
        elif event.key.isdecimal() and 1 <= int(event.key) <= len(self.screens):
            self.output, self.on_grid, self.selected = int(event.key) - 1, False, 0
        elif event.key == "z":
            self._undo()
        elif event.key in ("g", "+", "-", "backspace"):
            self._remember()
            self._reshape(event.key)
            self._forget_if_unchanged()
        return None

    def _reshape(self, key: str) -> None:
        if key == "g":
            if not self.on_grid and not self.screen.grid:
                self._change(grid=np.zeros((*NEW_GRID, 2)).tolist())
            self.on_grid, self.selected = not self.on_grid, 0
        elif key == "backspace":
            fresh = ScreenConfig()
            self._change(
                **({"grid": np.zeros((*self._shape(), 2)).tolist()} if self.on_grid else {"corners": fresh.corners})
            )
        elif self.on_grid:
            # Twice as many cells: every point that was set stays where it is.
            rows, columns = (2 * size - 1 if key == "+" else (size + 1) // 2 for size in self._shape())
            if min(rows, columns) >= 2 and max(rows, columns) <= MAX_POINTS:
                points = warp.bend(self.screen, np.linspace(0, 1, columns), np.linspace(0, 1, rows))
                self._change(grid=_rounded(points))
                self.selected = 0

    def _press(self, event: InputEvent, size: tuple[int, int]) -> None:
        handles = self.handles()
        far = [((at.x - event.x) * size[0]) ** 2 + ((at.y - event.y) * size[1]) ** 2 for at in handles]
        self.selected = int(np.argmin(far))
        # The handle keeps its distance from the pointer: a click alone moves nothing.
        self._drag = handles[self.selected].x - event.x, handles[self.selected].y - event.y

    def _move_to(self, x: float, y: float) -> None:
        handle = self.handles()[self.selected]
        screen = self.screen
        if self.on_grid:
            rows, columns = self._shape()
            home = (handle.column / (columns - 1), handle.row / (rows - 1))
            grid = np.array(screen.grid, np.float64)
            grid[handle.row, handle.column] = warp.from_window(screen, (x, y)) - home
            self._change(grid=_rounded(grid))
        else:
            left, top, width, height = screen.place
            corners = np.array(screen.corners, np.float64)
            number = (0, 1, 3, 2)[2 * handle.row + handle.column]  # row by row to clockwise
            corners[number] = (x - left) / width, (y - top) / height
            self._change(corners=_rounded(corners))

    def _change(self, **values: Any) -> None:
        try:
            changed = ScreenConfig.model_validate({**self.screen.model_dump(), **values})
        except ValidationError:
            return
        if changed != self.screen:
            self.screens = (*self.screens[: self.output], changed, *self.screens[self.output + 1 :])
            self.version += 1

    def _remember(self) -> None:
        self._before = [*self._before[-UNDO_STEPS:], self.screens]

    def _forget_if_unchanged(self) -> None:
        if self._before and self._before[-1] == self.screens:
            self._before.pop()

    def _undo(self) -> None:
        if not self._before:
            return
        self.screens = self._before.pop()
        self.version += 1
        if self.on_grid and not self.screen.grid:
            self.on_grid = False
        self.selected = min(self.selected, len(self.handles()) - 1)


def _rounded(values: npt.NDArray[np.float64]) -> Any:
    return (np.round(values, DECIMALS) + 0.0).tolist()  # + 0.0: a minus zero becomes a zero
