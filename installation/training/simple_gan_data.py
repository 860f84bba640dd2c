"""Pictures for the simple generators: compositions at 64 pixels, each with the emotion its colours come nearest to."""

from __future__ import annotations

import zlib
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from installation.generation.affect import DEPICTED
from installation.training.paint_data import load_views
from installation.training.simple_gan_net import LABELS, SIDE_PX
from installation.training.texture_data import features, load_pictures
from installation.types import ByteArray

SHORT_SIDE_PX = 160
WINDOW_SHARE = (0.5, 1.0)
"""Sides of windows as shares of a picture's short side: a figure, a tree, half a landscape."""
WINDOWS = 4096
SPREAD_OF = 256


class Compositions:
    """Squares of 64 pixels, fixed for all runs, and their emotions: windows of the pictures of a folder, or the views to train
    on of an .npz (see paint_data), whole; ``whole``: those of a folder, too.

    ``scale`` are mean and deviation (4,) of the squares' affect; ``labels`` (N,) the emotion whose place is nearest in these
    units: nobody has said what the pictures depict. Raises DataError for a source without pictures or with one that cannot
    be used.
    """

    def __init__(self, source: Path, whole: bool = False) -> None:
        if whole or source.suffix == ".npz":
            views = load_views(source, SIDE_PX, "cpu")
            self._pictures, crops, self.held = len(views.real), views.real, views.held
        else:
            pictures = load_pictures(source, SHORT_SIDE_PX, SHORT_SIDE_PX)
            self._pictures, crops = len(pictures), torch.from_numpy(_windows(pictures))
            self.held = crops[:0]
        self.affect = torch.cat([features(_rgb(crops[i : i + 256])) for i in range(0, len(crops), 256)])
        self.scale = (self.affect.mean(0), self.affect.std(0).clamp_min(1e-4))
        self.labels = nearest_emotion(self.affect, self.scale)
        self.spread = spread(_rgb(crops[np.linspace(0, len(crops) - 1, SPREAD_OF).astype(int)]))
        self.fingerprint = zlib.crc32(crops.numpy().tobytes())
        self.crops = crops
        self._of = [np.flatnonzero(self.labels == k) for k in range(LABELS)]

    @property
    def missing(self) -> list[int]:
        """Emotions that no square is nearest to."""
        return [k for k, members in enumerate(self._of) if not len(members)]

    def __len__(self) -> int:
        return self._pictures

    def to(self, device: str) -> None:
        """Keep the squares on ``device``: a GPU does not wait for them then."""
        self.crops = self.crops.to(device)

    def batch(self, count: int, rng: np.random.Generator, balanced: bool) -> tuple[Tensor, npt.NDArray[np.int64]]:
        """((count, 3, 64, 64) in [-1, 1] on the device, (count,) emotions), half of them mirrored.

        ``balanced``: every emotion that there is comes equally often, however few squares it has.
        """
        if balanced:
            there = [members for members in self._of if len(members)]
            which, share = rng.integers(len(there), size=count), rng.random(count)
            chosen = np.array([there[k][int(part * len(there[k]))] for k, part in zip(which, share)])
        else:
            chosen = rng.integers(len(self.crops), size=count)
        device = self.crops.device
        crops = self.crops[torch.from_numpy(chosen).to(device)]
        mirrored = torch.from_numpy(rng.random(count) < 0.5).to(device)[:, None, None, None]
        crops = torch.where(mirrored, crops.flip(2), crops)
        return crops.permute(0, 3, 1, 2).float() / 127.5 - 1, self.labels[chosen]


def _windows(pictures: list[ByteArray]) -> ByteArray:
    """(WINDOWS, 64, 64, 3): random windows, shrunk."""
    rng = np.random.default_rng(64)
    out = np.empty((WINDOWS, SIDE_PX, SIDE_PX, 3), np.uint8)
    for crop in out:
        picture = pictures[int(rng.integers(len(pictures)))]
        height, width = picture.shape[:2]
        side = int(min(height, width) * rng.uniform(*WINDOW_SHARE))
        top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
        window = picture[top : top + side, left : left + side]
        crop[:] = cv2.resize(window, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return out


def _rgb(crops: Tensor) -> Tensor:
    """(N, 64, 64, 3) uint8 -> (N, 3, 64, 64) in [0, 1]."""
    return crops.permute(0, 3, 1, 2).float() / 255


def nearest_emotion(affect: Tensor, scale: tuple[Tensor, Tensor]) -> npt.NDArray[np.int64]:
    """(N, 4) as ``features`` gives it, in units of ``scale`` (two deviations are 1) -> (N,) index of the nearest emotion."""
    standard = (affect - scale[0]) / (2 * scale[1])
    return np.asarray(torch.cdist(standard, torch.from_numpy(DEPICTED.copy())).argmin(1).numpy(), np.int64)


def spread(rgb: Tensor) -> float:
    """Mean distance of (N, 3, 64, 64) in [0, 1] from one another, at 8 x 8 pixels."""
    return float(torch.pdist(torch.nn.functional.avg_pool2d(rgb, 8).flatten(1)).mean())
