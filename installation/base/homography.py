"""Between a picture and a floor: the homography that four points of a plane give (Hartley and Zisserman, Multiple View
Geometry, 2004, section 4.1). Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Points = Sequence[Sequence[float]]


def corners_of(area_m: Sequence[float]) -> Points:
    """The corners of an area, metres: back left, back right, front right, front left."""
    width, depth = area_m
    return ((0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth))


def homography(corners: Points, marks_m: Points) -> Matrix:
    """(3, 3) from image coordinates to metres of the floor, by four ``corners`` (x, y) and what they are there.

    Raises ValueError where the corners lie on a line.
    """
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, marks_m, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    try:
        found = np.linalg.solve(np.array(rows, np.float64), np.array(values, np.float64))
    except np.linalg.LinAlgError:
        raise ValueError("the corners lie on a line") from None
    return _facing(np.append(found, 1.0).reshape(3, 3), corners)


def mapped(matrix: Matrix, x: float, y: float) -> tuple[float, float] | None:
    """Where a homography takes a point; None at and beyond its horizon."""
    u, v, w = matrix @ np.array([x, y, 1.0])
    return None if w < 1e-6 else (float(u / w), float(v / w))


def _facing(matrix: Matrix, corners: Points) -> Matrix:
    """``matrix`` with the sign with which the corners lie on this side of the horizon."""
    x, y = (sum(corner[axis] for corner in corners) / 4 for axis in (0, 1))
    return matrix if float((matrix @ np.array([x, y, 1.0]))[2]) > 0 else -matrix
