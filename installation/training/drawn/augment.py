"""Random changes that bring emoji, avatars and photographs nearer to what people draw: ink, line, form, paper, framing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from installation.perception.depicted import FACE_PX
from installation.types import ByteArray

Grey = npt.NDArray[np.uint8]
"""(S, S) one picture."""
WORK_PX = 96


@dataclass(frozen=True, eq=False)
class Changes:
    """Makes a picture different every time it is seen. ``strength`` 0 only frames it."""

    rng: np.random.Generator
    strength: float = 1.0

    def __call__(self, rgb: ByteArray, frame: npt.ArrayLike = (0.5, 0.5, 1.0)) -> Grey:
        """(H, W, 3) or (H, W) uint8 with its face in ``frame`` (middle x, y and side, shares) -> (FACE_PX, FACE_PX) uint8."""
        grey = self._grey(rgb)
        if grey.shape != (WORK_PX, WORK_PX):
            grey = np.asarray(cv2.resize(grey, (WORK_PX, WORK_PX), interpolation=cv2.INTER_LINEAR), np.uint8)
        if self.strength > 0:
            for change, share in self._list():
                if self.rng.random() < share * self.strength:
                    grey = change(grey)
        grey = self._placed(grey, np.asarray(frame, np.float64))
        return self._camera(grey) if self.strength > 0 else grey

    def _list(self) -> tuple[tuple[Callable[[Grey], Grey], float], ...]:
        return (
            (self._other_paper, 0.45),
            (self._bent, 0.6),
            (self._ink, 0.5),
            (self._tone, 0.5),
            (self._hatched, 0.12),
            (self._negative, 0.08),
        )

    def _grey(self, rgb: ByteArray) -> Grey:
        """By weights of the colours at random: no colour can be relied on."""
        if rgb.ndim == 2:
            return rgb
        if self.strength == 0:
            return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        weights = self.rng.dirichlet((1.2, 1.6, 1.0))
        return np.asarray(np.clip(rgb.astype(np.float32) @ weights.astype(np.float32), 0, 255), np.uint8)

    def _other_paper(self, grey: Grey) -> Grey:
        """What is joined to a corner and as plain becomes another tone, a slope of tones, or grain."""
        filled, mask = grey.copy(), np.zeros((grey.shape[0] + 2, grey.shape[1] + 2), np.uint8)
        for corner in ((0, 0), (grey.shape[1] - 1, 0), (0, grey.shape[0] - 1), (grey.shape[1] - 1, grey.shape[0] - 1)):
            if not mask[corner[1] + 1, corner[0] + 1]:
                cv2.floodFill(filled, mask, corner, 0, 6, 6, 4 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY)
        outside = cv2.GaussianBlur(mask[1:-1, 1:-1].astype(np.float32), (3, 3), 0)
        tone = float(self.rng.uniform(0, 255))
        paper = tone + self._slope(grey.shape, 60) + self._grain(grey.shape, float(self.rng.uniform(0, 30)))
        return np.asarray(np.clip(grey * (1 - outside) + paper * outside, 0, 255), np.uint8)

    def _bent(self, grey: Grey) -> Grey:
        """A slow random field moves everything by up to five pixels: no two hands draw one form."""
        field = cv2.resize(
            self.rng.normal(0, 1, (5, 5, 2)).astype(np.float32), grey.shape[::-1], interpolation=cv2.INTER_CUBIC
        ) * float(self.rng.uniform(0.5, 2.6))
        y, x = np.mgrid[: grey.shape[0], : grey.shape[1]].astype(np.float32)
        return np.asarray(
            cv2.remap(grey, x + field[:, :, 0], y + field[:, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
            np.uint8,
        )

    def _ink(self, grey: Grey) -> Grey:
        """Another line: thicker, thinner, edges alone, or the difference of two blurs, as a brush would (Winnemoeller 2012)."""
        kind = int(self.rng.integers(0, 4))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
        if kind == 0:
            return np.asarray(cv2.erode(grey, kernel, iterations=int(self.rng.integers(1, 3))), np.uint8)
        if kind == 1:
            return np.asarray(cv2.dilate(grey, kernel), np.uint8)
        if kind == 2:
            edges = cv2.morphologyEx(cv2.GaussianBlur(grey, (0, 0), 0.8), cv2.MORPH_GRADIENT, kernel)
            gain = 255.0 / max(float(np.percentile(edges, 99)), 24.0)
            return np.asarray(255 - np.clip(edges * gain * float(self.rng.uniform(0.7, 1.3)), 0, 255), np.uint8)
        return self._brushed(grey)

    def _brushed(self, grey: Grey) -> Grey:
        level = grey.astype(np.float32) / 255
        fine = float(self.rng.uniform(0.6, 1.4))
        sharp = float(self.rng.uniform(4, 14))
        near, far = cv2.GaussianBlur(level, (0, 0), fine), cv2.GaussianBlur(level, (0, 0), 1.6 * fine)
        inked = (1 + sharp) * near - sharp * far
        threshold = float(self.rng.uniform(0.25, 0.7)) * float(np.median(inked)) + 0.1
        soft = np.where(inked >= threshold, 1.0, 1.0 + np.tanh(float(self.rng.uniform(3, 12)) * (inked - threshold)))
        return np.asarray(np.clip(soft, 0, 1) * 255, np.uint8)

    def _tone(self, grey: Grey) -> Grey:
        """Fewer tones, or another curve of them."""
        if self.rng.random() < 0.3:
            steps = int(self.rng.integers(2, 6))
            return np.asarray(np.round(grey / 255 * (steps - 1)) * (255 / (steps - 1)), np.uint8)
        curve = (np.linspace(0, 1, 256) ** float(np.exp(self.rng.normal(0, 0.5)))) * 255
        return np.asarray(curve[grey], np.uint8)

    def _hatched(self, grey: Grey) -> Grey:
        """Shaded by parallel strokes where it is dark."""
        y, x = np.mgrid[: grey.shape[0], : grey.shape[1]].astype(np.float32)
        angle, pitch = float(self.rng.uniform(0, np.pi)), float(self.rng.uniform(3, 7))
        wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / pitch) * float(self.rng.uniform(15, 60))
        dark = 1 - cv2.GaussianBlur(grey, (0, 0), 2.0).astype(np.float32) / 255
        return np.asarray(np.clip(grey + wave * dark, 0, 255), np.uint8)

    def _negative(self, grey: Grey) -> Grey:
        return np.asarray(255 - grey, np.uint8)

    def _placed(self, grey: Grey, frame: npt.NDArray[np.float64]) -> Grey:
        """Cut between tightly and whole, turned, stretched, in perspective, mirrored; enlarged or made small to FACE_PX."""
        x, y, side = frame
        rng, s = self.rng, self.strength
        if s > 0:
            side = float(np.exp(rng.uniform(np.log(side * 0.82), np.log(max(1.12, side)))))
            x, y = (
                x * (1 - (side - frame[2]) / 2) + rng.normal(0, 0.045) * side,
                y + rng.normal(0, 0.045) * side,
            )
        half = side * WORK_PX / 2
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float64)
        if s > 0:
            angle = rng.normal(0, 0.16) * s
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            stretch = np.exp(rng.normal(0, 0.12, 2) * s)
            corners = (corners * stretch) @ turn.T + rng.normal(0, 0.05, (4, 2)) * s
            if rng.random() < 0.5:
                corners = corners[[1, 0, 3, 2]]
        target = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32) * FACE_PX - 0.5
        source = (corners * half + np.array([x, y]) * WORK_PX - 0.5).astype(np.float32)
        if side * WORK_PX > 1.4 * FACE_PX:
            grey = np.asarray(cv2.blur(grey, (2, 2)), np.uint8)
        to_face = cv2.getPerspectiveTransform(source, target)
        return np.asarray(
            cv2.warpPerspective(
                grey, to_face, (FACE_PX, FACE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            ),
            np.uint8,
        )

    def _camera(self, grey: Grey) -> Grey:
        """As a camera sees a sheet of paper: a slope of light, blur, noise, less contrast, something in front."""
        rng = self.rng
        level: npt.NDArray[np.floating] = grey.astype(np.float32)
        if rng.random() < 0.4 * self.strength:
            level += self._slope(grey.shape, 50)
        if rng.random() < 0.3 * self.strength:
            level = cv2.GaussianBlur(level, (0, 0), float(rng.uniform(0.4, 1.3)))
        if rng.random() < 0.4 * self.strength:
            low, high = float(rng.uniform(0, 90)), float(rng.uniform(150, 255))
            level = low + level * (high - low) / 255
        if rng.random() < 0.4 * self.strength:
            level += self._grain(grey.shape, float(rng.uniform(1, 12)))
        if rng.random() < 0.25 * self.strength:
            h, w = rng.integers(5, 18, 2)
            top, left = rng.integers(0, FACE_PX, 2)
            level[top : top + h, left : left + w] = float(rng.uniform(0, 255))
        return np.asarray(np.clip(level, 0, 255), np.uint8)

    def _slope(self, shape: tuple[int, ...], most: float) -> npt.NDArray[np.float32]:
        down, across = np.linspace(-1, 1, shape[0]), np.linspace(-1, 1, shape[1])
        a, b = self.rng.uniform(-most, most, 2) / 2
        return np.asarray(a * down[:, None] + b * across[None, :], np.float32)

    def _grain(self, shape: tuple[int, ...], deviation: float) -> npt.NDArray[np.float32]:
        return self.rng.normal(0, deviation, shape).astype(np.float32)
