"""Where the visitors are in the picture, point by point: the pose networks' masks become one soft, steady silhouette.

Each pose network draws the outline of its body besides the landmarks. Here these outlines are laid into one small picture,
calmed over time, and moved along while a body waits for its turn. Fitting them to the edges in the camera picture (a guided
filter) was tried and made them worse: it lost the hands of people far away, and included things behind them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.landmarks import LEFT_HIP, LEFT_SHOULDER, NOSE, RIGHT_HIP, RIGHT_SHOULDER
from installation.base.sizes import fit_within
from installation.perception.crops import Square
from installation.perception.track import Track
from installation.types import ByteArray, FloatArray

LONGER_PX = 256
"""The longer side of a silhouette."""
MEMORY_S = 0.1
"""Time constant with which uncertain points forget what they were."""
MAX_SHRINKING = 2.5
"""Masks are smooth, as they are drawn at 256 pixels or less; shrunk by up to this factor they need no averaging."""
HOLD_S, FADE_S = 0.25, 0.25
"""A body not seen for HOLD_S fades out in FADE_S; a new one fades in as fast."""
_TRUNK = (NOSE, LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP)
"""The points that say how the body as a whole moved; arms and legs move on their own."""


def canvas_size(width: int, height: int) -> tuple[int, int]:
    """(width, height) of the silhouette of a picture of this size; never larger than the picture."""
    return fit_within(width, height, LONGER_PX)


def lay(mask: FloatArray, cut: Square, width: int, height: int) -> FloatArray:
    """A window's ``mask`` (h, w) in its place in the silhouette of a picture of ``width`` x ``height`` pixels; 0 elsewhere."""
    across, down = canvas_size(width, height)
    left, top, right, bottom = (
        edge * size / whole
        for edge, size, whole in zip(cut, (across, down, across, down), (width, height, width, height))
    )
    # Much smaller: averaging first, so that there are no steps. Then to the exact place: a gliding window makes no hops.
    size = (max(1, math.ceil(right - left)), max(1, math.ceil(bottom - top)))
    if MAX_SHRINKING * size[0] < mask.shape[1]:
        mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32)
    x, y = (right - left) / mask.shape[1], (bottom - top) / mask.shape[0]
    # Pixel middles lie at halves: the window's first one is half of a pixel inside its edge.
    place = np.array([[x, 0.0, left + x / 2 - 0.5], [0.0, y, top + y / 2 - 0.5]], np.float32)
    # A body cut off by the picture's border goes on beyond it.
    border = np.asarray(cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE), np.float32)
    place[:, 2] -= place[:, :2].sum(axis=1)
    return np.asarray(cv2.warpAffine(border, place, (across, down), flags=cv2.INTER_LINEAR), np.float32)


def moved(mask: FloatArray, x: float, y: float) -> FloatArray:
    """``mask`` shifted by ``x`` to the right and ``y`` down, in shares of its size; what comes in from outside is empty."""
    height, width = mask.shape
    if abs(x * width) < 0.05 and abs(y * height) < 0.05:
        return mask
    shift = np.array([[1.0, 0.0, x * width], [0.0, 1.0, y * height]], np.float32)
    return np.asarray(cv2.warpAffine(mask, shift, (width, height), flags=cv2.INTER_LINEAR), np.float32)


def calmed(new: FloatArray, before: FloatArray, dt_s: float) -> FloatArray:
    """``new`` (H, W) in [0, 1], where it is uncertain pulled towards what it was ``dt_s`` seconds before.

    A point that is certainly body, or certainly not, stays as it is, so that a moving arm leaves no trace; the edge, which
    jitters from picture to picture, becomes steady.
    """
    doubt = 4.0 * new * (1.0 - new)
    return np.asarray(new + (math.exp(-dt_s / MEMORY_S) * doubt) * (before - new), np.float32)


def _trunk(pose: FloatArray) -> npt.NDArray[np.float64]:
    return np.asarray(pose[list(_TRUNK), :2], np.float64)


@dataclass(eq=False)
class _Outline:
    """One body's mask in the silhouette's size, as seen at ``t_s``."""

    mask: FloatArray
    t_s: float
    trunk: npt.NDArray[np.float64]
    centre: tuple[float, float]
    begun_s: float


class Silhouettes:
    """The outlines of the bodies that are followed. Not thread-safe. Times in seconds."""

    def __init__(self) -> None:
        self._outlines: dict[Track, _Outline] = {}

    def clear(self) -> None:
        """Forget all outlines: silhouettes are not wanted any more."""
        self._outlines.clear()

    def seen(self, track: Track, t_s: float, mask: FloatArray, cut: Square, size: tuple[int, int]) -> None:
        """The network of ``track``, which has a pose, drew ``mask`` (h, w) of the window ``cut`` of a picture ``size``."""
        assert track.pose is not None
        new, trunk, begun_s = lay(mask, cut, *size), _trunk(track.pose), t_s
        old = self._outlines.get(track)
        if old is not None and old.mask.shape == new.shape and t_s - old.t_s <= HOLD_S + FADE_S:
            begun_s = old.begun_s
            x, y = (trunk - old.trunk).mean(axis=0)
            new = calmed(new, moved(old.mask, float(x), float(y)), max(t_s - old.t_s, 0.0))
        self._outlines[track] = _Outline(new, t_s, trunk, track.box.centre, begun_s)

    def draw(self, t_s: float, tracks: Sequence[Track], size: tuple[int, int]) -> ByteArray:
        """(H, W) uint8: the visitors among ``tracks`` in a picture of ``size`` (width, height) pixels, 255 where one is."""
        across, down = canvas_size(*size)
        self._outlines = {track: outline for track, outline in self._outlines.items() if track in tracks}
        alpha = np.zeros((down, across), np.float32)
        for track, outline in self._outlines.items():
            share = _share(outline, t_s)
            if track.id is None or share <= 0 or outline.mask.shape != alpha.shape:
                continue
            x, y = np.subtract(track.predicted(t_s).centre, outline.centre) if t_s > outline.t_s else (0.0, 0.0)
            np.maximum(alpha, share * moved(outline.mask, float(x), float(y)), out=alpha)
        return np.asarray(cv2.convertScaleAbs(alpha, alpha=255), np.uint8)


def _share(outline: _Outline, t_s: float) -> float:
    """[0, 1]: fades in from its beginning, and out when it is no longer seen."""
    come = min((t_s - outline.begun_s) / FADE_S, 1.0)
    gone = min(max(1.0 - (t_s - outline.t_s - HOLD_S) / FADE_S, 0.0), 1.0)
    return come * gone
