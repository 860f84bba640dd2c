"""How values glide: a smooth step between two bounds, and the share of its way that something goes in a time."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

SHORTEST_S = 1e-3
"""A time constant counts as at least this, so that 0 means "at once"."""


def smooth_step(value: float, low: float, high: float) -> float:
    """0 up to ``low``, 1 from ``high`` on, a smooth rise between (Hermite)."""
    x = min(max((value - low) / (high - low), 0.0), 1.0)
    return x * x * (3 - 2 * x)


def smooth_steps(values: npt.ArrayLike, low: float, high: float) -> npt.NDArray[np.float64]:
    """``smooth_step`` of each of ``values``, in their shape."""
    x = np.clip((np.asarray(values, np.float64) - low) / (high - low), 0.0, 1.0)
    return np.asarray(x * x * (3 - 2 * x))


def eased_share(dt_s: float, time_s: float) -> float:
    """How far something comes in ``dt_s`` seconds that goes 63 % of its way in ``time_s``, the same at any frame rate."""
    return 1.0 - math.exp(-dt_s / max(time_s, SHORTEST_S))


def eased(share: float, easing: str) -> float:
    """How far something is at ``share`` [0, 1] of its time: "linear", "smooth" (sets out and arrives gently), "in" (sets out
    gently) or "out" (arrives gently). KeyError for another word."""
    x = min(max(share, 0.0), 1.0)
    return {"linear": x, "smooth": smooth_step(x, 0.0, 1.0), "in": x * x, "out": x * (2.0 - x)}[easing]
