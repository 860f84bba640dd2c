"""Pictures to crops, and what a crop's colours and strokes say."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

CROP_PX = 64
SHORT_SIDE_PX = 384
WINDOW_PX = (72, 200)
"""A crop is a window of 72 to 200 pixels of a picture of 384, shrunk to 64: strokes at one end, forms at the other."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}


class DataError(Exception):
    """A folder that cannot be trained on; the message says why."""


def load_pictures(folder: Path) -> list[npt.NDArray[np.uint8]]:
    """All pictures of a folder as RGB, the short side at SHORT_SIDE_PX. Raises DataError for none or a broken one."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURES)
    if not files:
        raise DataError(f"{folder} has no pictures ({', '.join(sorted(PICTURES))})")
    pictures = []
    for path in files:
        bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if bgr is None or min(bgr.shape[:2]) < CROP_PX:
            raise DataError(f"{path} cannot be read or is smaller than {CROP_PX} pixels; take it out")
        scale = SHORT_SIDE_PX / min(bgr.shape[:2])
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        rgb = cv2.cvtColor(cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=how), cv2.COLOR_BGR2RGB)
        pictures.append(np.asarray(rgb, np.uint8))
    return pictures


def crops(pictures: list[npt.NDArray[np.uint8]], count: int, rng: np.random.Generator) -> Tensor:
    """(count, 3, 64, 64) float32 in [0, 1]: random windows, half of them mirrored, clear of the frames' borders."""
    out = np.empty((count, CROP_PX, CROP_PX, 3), np.uint8)
    for i in range(count):
        picture = pictures[rng.integers(len(pictures))]
        side = int(rng.integers(*WINDOW_PX))
        height, width = picture.shape[:2]
        margin = int(0.05 * min(height, width))
        top = rng.integers(margin, height - side - margin + 1)
        left = rng.integers(margin, width - side - margin + 1)
        crop = cv2.resize(
            picture[top : top + side, left : left + side], (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA
        )
        out[i] = crop[:, ::-1] if rng.random() < 0.5 else crop
    return torch.from_numpy(out).permute(0, 3, 1, 2).float() / 255


def features(rgb: Tensor) -> Tensor:
    """(N, 3, H, W) in [0, 1] -> (N, 4) valence, arousal, warmth, roughness, differentiable, not yet standardised.

    Valence .69 B + .22 S and arousal -.31 B + .60 S of brightness and saturation (Valdez and Mehrabian 1994); warmth is
    red minus blue; roughness the logarithm of the mean step between neighbours.
    """
    high, low = rgb.amax(1), rgb.amin(1)
    brightness = high.mean((1, 2))
    saturation = ((high - low) / (high + 0.05)).mean((1, 2))
    warmth = (rgb[:, 0] - rgb[:, 2]).mean((1, 2))
    grey = rgb.mean(1)
    steps = (grey[:, 1:] - grey[:, :-1]).abs().mean((1, 2)) + (grey[:, :, 1:] - grey[:, :, :-1]).abs().mean((1, 2))
    valence, arousal = 0.69 * brightness + 0.22 * saturation, -0.31 * brightness + 0.60 * saturation
    return torch.stack([valence, arousal, warmth, torch.log(steps + 0.01)], 1)


class AffectScale:
    """Standardises features so that [-1, 1] spans two standard deviations of the training crops."""

    def __init__(self, mean: Tensor, deviation: Tensor) -> None:
        self.mean, self.deviation = mean, deviation

    @classmethod
    def of(cls, pictures: list[npt.NDArray[np.uint8]], rng: np.random.Generator) -> AffectScale:
        """The scale of 3,000 random crops."""
        measured = features(crops(pictures, 3000, rng))
        return cls(measured.mean(0), measured.std(0))

    def __call__(self, rgb: Tensor) -> Tensor:
        """(N, 3, H, W) in [0, 1] -> (N, 4)."""
        return (features(rgb) - self.mean.to(rgb.device)) / (2 * self.deviation.to(rgb.device))
