"""How alike two bodies are in place, shape and clothes; nothing here knows a face."""

from __future__ import annotations

import math

import cv2
import lap
import numpy as np
import numpy.typing as npt

from installation.base.landmarks import LEFT_HIP, LEFT_SHOULDER, NOSE, RIGHT_HIP, RIGHT_SHOULDER
from installation.types import Box, ByteArray, FloatArray

_HUES, _GREYS = 12, 4


def overlap(a: Box, b: Box) -> float:
    """Intersection over union, [0, 1]."""
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    return both / (a.width * a.height + b.width * b.height - both)


def covered(a: Box, b: Box) -> float:
    """Share of ``a`` that lies in ``b``, [0, 1]."""
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    return across * down / max(a.width * a.height, 1e-9) if across > 0 and down > 0 else 0.0


def clothes(rgb: ByteArray, pose: FloatArray) -> FloatArray | None:
    """(16,) histogram, sum 1, of hue (12 bins, by saturation) and brightness (4) between shoulders and hips.

    ``pose`` (33, 4). None where less than half of that lies in the picture.
    """
    corners = pose[[LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP], :2].astype(np.float64)
    at = np.linspace(0.15, 0.85, 14)
    across, down = (grid.ravel()[:, None] for grid in np.meshgrid(at, 0.8 * at))
    top = corners[0] + (corners[1] - corners[0]) * across
    bottom = corners[2] + (corners[3] - corners[2]) * across
    points = top + (bottom - top) * down
    points = points[((points >= 0) & (points < 1)).all(axis=1)]
    if len(points) < 98:
        return None
    height, width = rgb.shape[:2]
    pixels = rgb[(points[:, 1] * height).astype(int), (points[:, 0] * width).astype(int)]
    hsv = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2HSV)[0].astype(np.float64)
    hue, saturation, value = hsv[:, 0] / 180, hsv[:, 1] / 255, hsv[:, 2] / 255
    # The hue of dark and pale pixels is random.
    vivid = np.clip(2 * saturation * np.sqrt(value), 0, 1)
    hues = np.bincount((hue * _HUES).astype(int) % _HUES, vivid, _HUES)
    greys = np.bincount(np.minimum((value * _GREYS).astype(int), _GREYS - 1), 1 - vivid, _GREYS)
    histogram = np.concatenate([hues, greys])
    return np.asarray(histogram / histogram.sum(), np.float32)


def colour_distance(a: FloatArray | None, b: FloatArray | None) -> float:
    """Hellinger distance [0, 1] of two histograms; 0.5 where one is not known."""
    if a is None or b is None:
        return 0.5
    return math.sqrt(max(0.0, 1.0 - float(np.sqrt(a.astype(np.float64) * b).sum())))


def same_body(a: FloatArray, b: FloatArray) -> bool:
    """Whether two poses (33, 4) lie on one body: nose, shoulders and hips less than a third of a torso apart."""
    points = [NOSE, LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP]
    torso = np.linalg.norm(a[[LEFT_SHOULDER, RIGHT_SHOULDER], :2] - a[[LEFT_HIP, RIGHT_HIP], :2], axis=1).mean()
    apart = np.linalg.norm(a[points, :2] - b[points, :2], axis=1).mean()
    return bool(apart < torso / 3)


def assign(costs: npt.NDArray[np.float64], max_cost: float) -> list[tuple[int, int]]:
    """Pairs (row, column) of least total cost (Jonker and Volgenant 1987), each of at most ``max_cost``.

    Not by scipy.optimize, which brings 250 modules and 18 MB into a process that needs this one function of them.
    """
    if costs.size == 0:
        return []
    _, columns, _ = lap.lapjv(np.minimum(costs, 10.0 * max_cost), extend_cost=True)
    return [(row, int(column)) for row, column in enumerate(columns) if column >= 0 and costs[row, column] <= max_cost]


def distance(a: Box, b: Box, narrowest: float = 0.0) -> float:
    """Between the middles, in sizes of the larger box; its width counts as ``narrowest`` of its height at least."""
    (ax, ay), (bx, by) = a.centre, b.centre
    size_y = max(a.height, b.height, 1e-6)
    size_x = max(a.width, b.width, narrowest * size_y, 1e-6)
    return math.hypot((ax - bx) / size_x, (ay - by) / size_y)
