"""What the warp editor shows on the screen, as triangles: borders, grid lines, handles. No GL."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from installation.config.output import ScreenConfig
from installation.render.output import warp
from installation.render.output.warp_editor import WarpEditor

Vertices = npt.NDArray[np.float32]
"""(M, 9) float32, three a triangle: clip x, y; form x, y and kind (0 stroke, 1 ring, 2 disc); colour RGBA, sRGB."""

LINES = 8
"""Cells of the shown grid each way where the screen has none."""
STEPS = 24
QUIET, BRIGHT, CHOSEN = (0.75, 0.80, 0.86, 0.45), (0.93, 0.95, 0.98, 0.95), (1.0, 0.66, 0.25, 1.0)
DIM = 0.35


def triangles(editor: WarpEditor, size: tuple[int, int]) -> Vertices:
    """Everything the editor shows in a window of ``size`` pixels; the chosen output bright, of the others the borders."""
    unit = max(1.0, min(size) / 720)
    parts = []
    for number, screen in enumerate(editor.screens):
        chosen = number == editor.output
        for line, is_border in _lines(screen):
            if not (chosen or is_border):
                continue
            colour = BRIGHT if is_border else QUIET
            colour = colour if chosen else (*colour[:3], colour[3] * DIM)
            parts.append(_stroke(line * size, (1.6 if is_border else 1.0) * unit, colour))
    for index, handle in enumerate(editor.handles()):
        selected = index == editor.selected
        colour, radius = (CHOSEN, 13 * unit) if selected else (BRIGHT, 9 * unit)
        at = np.array([handle.x, handle.y]) * size
        parts.append(_dot(at, radius, 1, colour))
        parts.append(_dot(at, 2.5 * unit, 2, colour))
    out = np.concatenate(parts)
    out[:, 0] = out[:, 0] / size[0] * 2 - 1
    out[:, 1] = 1 - out[:, 1] / size[1] * 2
    return out


def _lines(screen: ScreenConfig) -> list[tuple[warp.Points, bool]]:
    """Polylines (STEPS + 1, 2) in the window, [0, 1], and whether each is the border."""
    columns, rows = (len(screen.grid[0]) - 1, len(screen.grid) - 1) if screen.grid else (LINES, LINES)
    fine = np.linspace(0, 1, STEPS + 1)
    found = []
    for count, upright in ((columns, True), (rows, False)):
        for number in range(count + 1):
            at = np.array([number / count])
            x, y = (at, fine) if upright else (fine, at)
            square = np.stack(np.meshgrid(x, y), axis=-1) + warp.bend(screen, x, y)
            found.append((warp.to_window(screen, square.reshape(-1, 2)), number in (0, count)))
    return found


def _stroke(line: warp.Points, half_width: float, colour: tuple[float, ...]) -> Vertices:
    """A polyline in pixels as strips of two triangles a piece, a pixel wider for its soft border."""
    start, end = line[:-1], line[1:]
    along = end - start
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1) / length * (half_width + 0.5)
    corners = [start - aside, end - aside, start + aside, start + aside, end - aside, end + aside]
    across = [-1.0, -1.0, 1.0, 1.0, -1.0, 1.0]
    form = [np.tile((0.0, side, 0.0), (len(start), 1)) for side in across]
    return _vertices(np.stack(corners, axis=1), np.stack(form, axis=1), colour)


def _dot(at: warp.Points, radius: float, kind: int, colour: tuple[float, ...]) -> Vertices:
    square = np.array([[-1, -1], [1, -1], [-1, 1], [-1, 1], [1, -1], [1, 1]], np.float64)
    form = np.concatenate([square, np.full((6, 1), kind)], axis=1)
    return _vertices(at + square * radius, form, colour)


def _vertices(places: npt.NDArray[np.float64], form: npt.NDArray[np.float64], colour: tuple[float, ...]) -> Vertices:
    places, form = places.reshape(-1, 2), form.reshape(-1, 3)
    return np.concatenate([places, form, np.tile(colour, (len(places), 1))], axis=1).astype(np.float32)
