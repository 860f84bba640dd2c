"""The geometry and the colour of one output as plain mathematics: no GL, so that tests and the editor share it.

Three spaces, all with their origin top left and 1 as the far side: the *picture*, an output's *place* in the window, and
the output's *part* of the picture, turned and mirrored as it hangs. A point of the place's unit square is first moved by
the grid, then by the corner-pin; so a bend stays where it is on the wall while the corners are pinned again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from installation.config.output import EdgesConfig, ScreenConfig

Points = npt.NDArray[np.float64]
"""(..., 2) float64: x, y."""

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
STEPS_A_CELL = 8
"""Triangles' edges between two points of a grid: at 17 points over 4K a step is 30 pixels, and no corner is seen."""


def homography(corners: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The (3, 3) perspective map of the unit square onto four ``corners`` (4, 2), clockwise from the top left.

    The third row is scaled to 1 at the square's origin; inside a convex quadrangle w is above 0. Closed form after
    Heckbert, Fundamentals of Texture Mapping and Image Warping (1989), section 2.2.3. Raises ValueError for a quadrangle
    without area.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = np.asarray(corners, np.float64)
    sum_x, sum_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    dx1, dx2, dy1, dy2 = x1 - x2, x3 - x2, y1 - y2, y3 - y2
    area = dx1 * dy2 - dx2 * dy1
    if abs(area) < 1e-12:
        raise ValueError("the corners lie on a line")
    g = (sum_x * dy2 - dx2 * sum_y) / area
    h = (dx1 * sum_y - sum_x * dy1) / area
    return np.array([[x1 - x0 + g * x1, x3 - x0 + h * x3, x0], [y1 - y0 + g * y1, y3 - y0 + h * y3, y0], [g, h, 1.0]])


def project(matrix: npt.NDArray[np.float64], points: npt.ArrayLike) -> Points:
    """``points`` (..., 2) through a (3, 3) homography, divided by w."""
    points = np.asarray(points, np.float64)
    moved = np.concatenate([points, np.ones_like(points[..., :1])], axis=-1) @ matrix.T
    return np.asarray(moved[..., :2] / moved[..., 2:])


def _catmull_rom(values: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``values`` (N, ...) at ``at`` (M,) in [0, N - 1]: through every value, smooth between (Catmull and Rom, 1974).

    Beyond its ends the row goes on straight.
    """
    padded = np.concatenate([[2 * values[0] - values[1]], values, [2 * values[-1] - values[-2]]])
    cell = np.clip(at.astype(int), 0, len(values) - 2)
    t = (at - cell).reshape(-1, *([1] * (values.ndim - 1)))
    before, start, end, after = (padded[cell + step] for step in range(4))
    linear = end - before
    square = 2 * before - 5 * start + 4 * end - after
    cube = 3 * (start - end) + after - before
    return np.asarray(start + 0.5 * t * (linear + t * (square + t * cube)))


def _straight(values: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    cell = np.clip(at.astype(int), 0, len(values) - 2)
    t = (at - cell).reshape(-1, *([1] * (values.ndim - 1)))
    return np.asarray(values[cell] * (1 - t) + values[cell + 1] * t)


def bend(screen: ScreenConfig, x: npt.ArrayLike, y: npt.ArrayLike) -> Points:
    """How far the grid moves the crossings of columns ``x`` (C,) and rows ``y`` (R,), all in [0, 1]: (R, C, 2)."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if not screen.grid:
        return np.zeros((len(y), len(x), 2))
    grid = np.array(screen.grid, np.float64)
    between = _catmull_rom if screen.bend == "smooth" else _straight
    rows = between(grid, y * (len(grid) - 1))
    return between(rows.swapaxes(0, 1), x * (grid.shape[1] - 1)).swapaxes(0, 1)


def to_window(screen: ScreenConfig, points: npt.ArrayLike) -> Points:
    """Points of the place's square (..., 2), the grid's offsets already added, in the window [0, 1]."""
    left, top, width, height = screen.place
    return project(homography(screen.corners), points) * (width, height) + (left, top)


def from_window(screen: ScreenConfig, points: npt.ArrayLike) -> Points:
    """The inverse of ``to_window``."""
    left, top, width, height = screen.place
    local = (np.asarray(points, np.float64) - (left, top)) / (width, height)
    inverse = np.asarray(np.linalg.inv(homography(screen.corners)), np.float64)
    return project(inverse, local)


def part_of(screen: ScreenConfig, points: npt.ArrayLike) -> Points:
    """Where in the output's part of the picture the points (..., 2) of the place's square are taken from, [0, 1]."""
    points = np.asarray(points, np.float64)
    x, y = points[..., 0], points[..., 1]
    if screen.mirror == "horizontal":
        x = 1 - x
    elif screen.mirror == "vertical":
        y = 1 - y
    turned = {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}
    return np.stack(turned[screen.rotation], axis=-1)


def mesh(screen: ScreenConfig) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    """Vertices (M, 5) float32 and triangles' indices (K,) int32 of an output.

    A vertex is x, y, w of the window's clip space (y up; not divided by w, so that OpenGL interpolates in perspective),
    then x, y of the output's part of the picture. Without a grid it is one quadrangle: the perspective needs no more.
    """
    if screen.grid:
        rows, columns = (len(screen.grid) - 1) * STEPS_A_CELL, (len(screen.grid[0]) - 1) * STEPS_A_CELL
    else:
        rows = columns = 1
    x, y = np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1)
    square = np.stack(np.meshgrid(x, y), axis=-1)
    moved = square + bend(screen, x, y)
    local = np.concatenate([moved, np.ones_like(moved[..., :1])], axis=-1) @ homography(screen.corners).T
    left, top, width, height = screen.place
    w = np.maximum(local[..., 2], 1e-4)  # a grid may reach beyond the horizon of a steep corner-pin
    clip_x = 2 * (local[..., 0] * width + left * w) - w
    clip_y = w - 2 * (local[..., 1] * height + top * w)
    vertices = np.concatenate([np.stack([clip_x, clip_y, w], axis=-1), part_of(screen, square)], axis=-1)
    corner = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)[None, :]).ravel()
    down = corner + columns + 1
    triangles = np.stack([corner, down, corner + 1, corner + 1, down, down + 1], axis=1)
    return vertices.reshape(-1, 5).astype(np.float32), triangles.astype(np.int32).ravel()


def picture_size(screens: list[ScreenConfig], window: tuple[int, int]) -> tuple[int, int]:
    """(width, height) of the whole picture in the window's pixels, by the output that shows it largest; () is the window."""
    sizes = []
    for screen in screens:
        width, height = window[0] * screen.place[2], window[1] * screen.place[3]
        if screen.rotation in (90, 270):
            width, height = height, width
        sizes.append((width / screen.picture[2], height / screen.picture[3]))
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=window)
    return max(1, round(width)), max(1, round(height))


def edge_widths(screen: ScreenConfig) -> tuple[float, float, float, float]:
    """Left, top, right and bottom soft edge as shares of the output's own part."""
    width, height = screen.picture[2:]
    edges: EdgesConfig = screen.edges
    return edges.left / width, edges.top / height, edges.right / width, edges.bottom / height


def edge_weight(screen: ScreenConfig, part: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Share of the light (linear) that an output gives at ``part`` (..., 2) of its picture: [0, 1], (...).

    The S-shaped ramp of Bourke, Edge Blending Using Commodity Projectors (2004): at t from one side and 1 - t from the
    other the shares add up to 1, whatever the curve. The shader lib/output/edge_weight.glsl computes the same.
    """
    part = np.asarray(part, np.float64)
    left, top, right, bottom = edge_widths(screen)
    weight: npt.NDArray[Any] = np.ones(part.shape[:-1])
    sides = ((left, part[..., 0]), (right, 1 - part[..., 0]), (top, part[..., 1]), (bottom, 1 - part[..., 1]))
    for width, distance in sides:
        if width > 0:
            weight = weight * _ramp(np.clip(distance / width, 0, 1), screen.edge_curve)
    return weight


def _ramp(t: npt.NDArray[np.float64], curve: float) -> npt.NDArray[np.float64]:
    return np.where(t < 0.5, 0.5 * (2 * t) ** curve, 1 - 0.5 * (2 - 2 * t) ** curve)


def is_straight(screen: ScreenConfig) -> bool:
    """Whether the output's picture fills a rectangle: neither corners nor grid move anything."""
    return np.allclose(screen.corners, SQUARE, atol=1e-9) and not np.any(screen.grid)


def is_uncoloured(screen: ScreenConfig) -> bool:
    """Whether the picture's values go out as they come in."""
    plain = ScreenConfig()
    same = ("edges", "gamma", "brightness", "gains", "black")
    return all(getattr(screen, name) == getattr(plain, name) for name in same)
