"""Pictures for the simple generators: whole compositions at 64 pixels, each with the emotion its colours come nearest to."""

from __future__ import annotations

import zlib
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from installation.generation.affect import DEPICTED
from installation.training.simple_gan_net import LABELS, SIDE_PX
from installation.training.texture_data import features, load_pictures
from installation.types import ByteArray

SHORT_SIDE_PX = 160
WINDOW_SHARE = (0.5, 1.0)
"""Sides of windows as shares of a picture's short side: a figure, a tree, half a landscape."""
WINDOWS = 4096
SPREAD_OF = 256


class Compositions:
    """Windows of the pictures of a folder, fixed for all runs, and their emotions.

    ``scale`` are mean and deviation (4,) of the windows' affect; ``labels`` (WINDOWS,) the emotion whose place is nearest
    in these units: nobody has said what the pictures depict. Raises DataError for a folder without pictures or with one
    that cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._pictures = load_pictures(folder, SHORT_SIDE_PX, SHORT_SIDE_PX)
        rng = np.random.default_rng(64)
        self._windows = np.stack([self._window(rng) for _ in range(WINDOWS)])
        crops = [torch.from_numpy(self._crops(self._windows[i : i + 256])) for i in range(0, WINDOWS, 256)]
        affect = torch.cat([features(part.permute(0, 3, 1, 2).float() / 255) for part in crops])
        self.scale = (affect.mean(0), affect.std(0).clamp_min(1e-4))
        self.labels = nearest_emotion(affect, self.scale)
        self.spread = spread(crops[0][:SPREAD_OF].permute(0, 3, 1, 2).float() / 255)
        self.fingerprint = zlib.crc32(torch.cat(crops).numpy().tobytes())
        self._of = [np.flatnonzero(self.labels == k) for k in range(LABELS)]

    @property
    def missing(self) -> list[int]:
        """Emotions that no window is nearest to."""
        return [k for k, members in enumerate(self._of) if not len(members)]

    def __len__(self) -> int:
        return len(self._pictures)

    def batch(self, count: int, rng: np.random.Generator, balanced: bool) -> tuple[Tensor, npt.NDArray[np.int64]]:
        """((count, 3, 64, 64) in [-1, 1], (count,) emotions), half of them mirrored.

        ``balanced``: every emotion that there is comes equally often, however few windows it has.
        """
        if balanced:
            there = [members for members in self._of if len(members)]
            chosen = np.array([rng.choice(there[rng.integers(len(there))]) for _ in range(count)])
        else:
            chosen = rng.integers(WINDOWS, size=count)
        crops = self._crops(self._windows[chosen])
        mirrored = rng.random(count) < 0.5
        crops[mirrored] = crops[mirrored, :, ::-1]
        return torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 127.5 - 1, self.labels[chosen]

    def _window(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Picture, top, left, side."""
        number = int(rng.integers(len(self._pictures)))
        height, width = self._pictures[number].shape[:2]
        side = int(min(height, width) * rng.uniform(*WINDOW_SHARE))
        return np.array([number, rng.integers(height - side + 1), rng.integers(width - side + 1), side], np.int64)

    def _crops(self, windows: npt.NDArray[np.int64]) -> ByteArray:
        out = np.empty((len(windows), SIDE_PX, SIDE_PX, 3), np.uint8)
        for crop, (number, top, left, side) in zip(out, windows):
            window = self._pictures[number][top : top + side, left : left + side]
            crop[:] = cv2.resize(window, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        return out


def nearest_emotion(affect: Tensor, scale: tuple[Tensor, Tensor]) -> npt.NDArray[np.int64]:
    """(N, 4) as ``features`` gives it, in units of ``scale`` (two deviations are 1) -> (N,) index of the nearest emotion."""
    standard = (affect - scale[0]) / (2 * scale[1])
    return np.asarray(torch.cdist(standard, torch.from_numpy(DEPICTED.copy())).argmin(1).numpy(), np.int64)


def spread(rgb: Tensor) -> float:
    """Mean distance of (N, 3, 64, 64) in [0, 1] from one another, at 8 x 8 pixels."""
    return float(torch.pdist(torch.nn.functional.avg_pool2d(rgb, 8).flatten(1)).mean())
