"""Rotations as quaternions (x, y, z, w), in the order in which VMC sends them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
"""(3,) a direction or place, or (4,) a quaternion."""
IDENTITY = np.array([0.0, 0.0, 0.0, 1.0])


def multiply(a: Vector, b: Vector) -> Vector:
    """(4,) the rotation that turns by ``b`` first, then by ``a``."""
    xyz = a[3] * b[:3] + b[3] * a[:3] + np.cross(a[:3], b[:3])
    return np.asarray(np.append(xyz, a[3] * b[3] - float(a[:3] @ b[:3])), np.float64)


def inverse(q: Vector) -> Vector:
    """(4,) the opposite rotation of a unit quaternion."""
    return np.asarray(q * np.array([-1.0, -1.0, -1.0, 1.0]), np.float64)


def rotate(q: Vector, v: Vector) -> Vector:
    """(3,) ``v`` turned by the unit quaternion ``q``."""
    t = 2.0 * np.cross(q[:3], v)
    return np.asarray(v + q[3] * t + np.cross(q[:3], t), np.float64)


def between(a: Vector, b: Vector, half_turn: Vector | None = None) -> Vector:
    """(4,) the shortest rotation that takes direction ``a`` to direction ``b``; both (3,), not of length 0.

    ``half_turn`` (3,) is the axis to turn about where they are opposite and any axis across would do.
    """
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    cosine = float(a @ b)
    if cosine < -1.0 + 1e-9:
        axis = half_turn
        if axis is None:
            axis = np.cross(a, [0.0, 0.0, 1.0] if abs(a[2]) < 0.9 else [0.0, 1.0, 0.0])
        return np.append(axis / np.linalg.norm(axis), 0.0)
    q = np.append(np.cross(a, b), 1.0 + cosine)
    return np.asarray(q / np.linalg.norm(q), np.float64)


def of_axes(x: Vector, up: Vector) -> Vector:
    """(4,) the rotation that takes the x axis to ``x`` and the y axis as near to ``up`` as a right angle lets it."""
    x = x / np.linalg.norm(x)
    z = np.cross(x, up)
    z = z / np.linalg.norm(z)
    first = between(np.array([1.0, 0.0, 0.0]), x)
    return multiply(between(rotate(first, np.array([0.0, 0.0, 1.0])), z, x), first)
