"""Sheets of paper, cards and screens that are held into the camera: four straight borders that nothing breaks.

A visitor's head is joined to a body, which crosses the border of whatever is behind it (a door, a window, a poster); a face
that is drawn ends on its sheet. So a sheet is a convex form of four straight sides whose border is seen nearly all the way
round: fingers may cover some of it, and no more of it at one place than is narrower than a neck.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.sizes import fit_within
from installation.perception.likeness import covered
from installation.types import Box, ByteArray, FloatArray

LOOK_PX = 320
"""Sheets are looked for in a picture of this width."""
LEVELS = (0.35, 0.5, 0.65, 0.8)
"""Where the picture is cut into light and dark, quantiles of its greys."""
SMALLEST, LARGEST = 0.02, 0.6
"""Of the picture's area."""
LONGEST = 2.2
"""Of the longer side over the shorter."""
BENT_DEG = 32.0
"""A corner may be so far from a right angle: a sheet that leans away."""
WHOLE, OF_A_SIDE = 0.75, 0.5
"""Least share of the border that is seen, and of each of its sides."""
SOLID = 0.25
"""Least share of its own hull that a form fills: where fingers open it, a drawing on white paper counts as outside."""
COVERED = 0.85
"""What lies on a sheet by so much is drawn there."""
NECK = 0.5
"""What covers the border at one place is narrower than so much of a face that is drawn there."""
STEP = 9.0
"""Grey levels across a border that is seen."""
SAMPLES = 20
"""Points a side at which the border is looked for."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """``corners`` (4, 2) in the picture's [0, 1], clockwise from the one that is nearest to the picture's top left; ``border``
    [0, 1]: the share of it that is seen; ``gap``: across and down, in the same [0, 1], the longest part that is not."""

    corners: FloatArray
    border: float
    gap: tuple[float, float]

    @property
    def box(self) -> Box:
        """Upright, round it."""
        (left, top), (right, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom))

    def holds(self, x: float, y: float) -> bool:
        """Whether a point in [0, 1] lies on it."""
        contour = self.corners.reshape(-1, 1, 2).astype(np.float32)
        return cv2.pointPolygonTest(contour, (float(x), float(y)), False) >= 0

    def bears(self, face: Box) -> bool:
        """Whether a face, or a person, is drawn on it: it lies there, and nothing as wide as its neck crosses the border."""
        across, down = self.gap[0] / max(face.width, 1e-6), self.gap[1] / max(face.height, 1e-6)
        return self.holds(*face.centre) and covered(face, self.box) > COVERED and math.hypot(across, down) < NECK


def find_sheets(rgb: ByteArray) -> list[Sheet]:
    """The sheets in a picture (H, W, 3) uint8, the largest first; none lies within another or nearly where another is."""
    height, width = rgb.shape[:2]
    size = fit_within(width, height, LOOK_PX)
    small = rgb if size == (width, height) else cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (3, 3), 0)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *way, ksize=3) / 4 for way in ((1, 0), (0, 1)))
    found: list[Sheet] = []
    scale = np.array([grey.shape[1], grey.shape[0]], np.float32)
    for corners in sorted(_quads(grey), key=lambda quad: -abs(cv2.contourArea(quad))):
        border, gap = _border(corners, across, down)
        gap = gap[0] / float(scale[0]), gap[1] / float(scale[1])
        sheet = Sheet(np.asarray(_ordered(corners) / scale, np.float32), border, gap)
        if sheet.border >= WHOLE and not any(other.holds(*sheet.corners.mean(axis=0)) for other in found):
            found.append(sheet)
    return found


def flat(rgb: ByteArray, sheet: Sheet, side_px: int = 96, trimmed: float = 0.04) -> ByteArray:
    """(side, side, 3) uint8: what is on the sheet, seen straight on; a margin of it is ``trimmed`` away. A sheet that is not
    square shows its middle square."""
    height, width = rgb.shape[:2]
    corners = sheet.corners * np.array([width, height], np.float32)
    wide = float(np.hypot(*(corners[1] - corners[0])) + np.hypot(*(corners[2] - corners[3])))
    tall = float(np.hypot(*(corners[3] - corners[0])) + np.hypot(*(corners[2] - corners[1])))
    scale = side_px / (1 - 2 * trimmed) / max(min(wide, tall), 1e-6)
    right, bottom = wide * scale, tall * scale
    off = np.array([(right - side_px) / 2, (bottom - side_px) / 2])
    target = np.array([(0, 0), (right, 0), (right, bottom), (0, bottom)]) - off
    to_flat = cv2.getPerspectiveTransform(corners.astype(np.float32), target.astype(np.float32))
    return np.asarray(cv2.warpPerspective(rgb, to_flat, (side_px, side_px), flags=cv2.INTER_LINEAR), np.uint8)


def _quads(grey: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.float32]]:
    """(4, 2) corners in pixels of convex forms with four corners, in the picture cut at each of LEVELS and along its edges."""
    edges = cv2.dilate(cv2.Canny(grey, 40, 110), np.ones((3, 3), np.uint8))
    cuts = [np.asarray(255 - edges, np.uint8)]
    cuts += [np.asarray((grey > level) * np.uint8(255), np.uint8) for level in np.quantile(grey[::2, ::2], LEVELS)]
    area = grey.size
    for cut in cuts:
        contours, _ = cv2.findContours(cut, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in contours:
            if len(contour) < 4:
                continue
            hull = cv2.convexHull(contour)
            inside = cv2.contourArea(hull)
            if not SMALLEST * area < inside < LARGEST * area or cv2.contourArea(contour) < SOLID * inside:
                continue
            quad = cv2.approxPolyDP(hull, 0.04 * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float32)
            if len(quad) == 4 and cv2.contourArea(quad) > 0.88 * inside and _is_sheet(quad, grey.shape):
                yield quad


def _is_sheet(quad: npt.NDArray[np.float32], shape: tuple[int, ...]) -> bool:
    """Whether the sides, the angles and the place are a sheet's: none of it lies at the picture's border."""
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if lengths.min() < 8 or lengths.max() > LONGEST * lengths.min():
        return False
    before = np.roll(sides, 1, axis=0)
    cosine = (sides * before).sum(axis=1) / (lengths * np.roll(lengths, 1))
    if np.abs(cosine).max() > np.sin(np.radians(BENT_DEG)):
        return False
    return bool((quad > 1).all() and (quad[:, 0] < shape[1] - 2).all() and (quad[:, 1] < shape[0] - 2).all())


def _border(quad: npt.NDArray[np.float32], across: FloatArray, down: FloatArray) -> tuple[float, tuple[float, float]]:
    """Share of points along the sides at which the picture changes across the side, and the longest part without, in pixels
    (x, y)."""
    at = (np.arange(SAMPLES) + 0.5) / SAMPLES
    seen: list[float] = []
    gap = np.zeros(2)
    for start, end in zip(quad, np.roll(quad, -1, axis=0)):
        along = end - start
        normal = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-6)
        best = np.zeros(SAMPLES)
        for off in (-2, -1, 0, 1, 2):
            points = start + at[:, None] * along + off * normal
            x = np.clip(np.round(points[:, 0]).astype(int), 0, across.shape[1] - 1)
            y = np.clip(np.round(points[:, 1]).astype(int), 0, across.shape[0] - 1)
            best = np.maximum(best, np.abs(across[y, x] * normal[0] + down[y, x] * normal[1]))
        there = best >= STEP
        seen.append(float(there.mean()))
        missing = np.abs(along) * _longest(~there) / SAMPLES
        gap = max(gap, missing, key=lambda one: float(np.hypot(*one)))
    # One side that is not there at all is no border, however clear the others are.
    return float(np.mean(seen)) if min(seen) >= OF_A_SIDE else 0.0, (float(gap[0]), float(gap[1]))


def _longest(missing: npt.NDArray[np.bool_]) -> int:
    """How many are missing on end, at most."""
    most = now = 0
    for one in missing:
        now = now + 1 if one else 0
        most = max(most, now)
    return most


def _ordered(quad: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Clockwise, from the corner nearest to the top left."""
    middle = quad.mean(axis=0)
    turn = np.arctan2(quad[:, 1] - middle[1], quad[:, 0] - middle[0])
    clockwise = quad[np.argsort(turn)]
    return np.roll(clockwise, -int(clockwise.sum(axis=1).argmin()), axis=0)
