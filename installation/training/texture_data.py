"""Pictures to crops, and what a crop's colours and strokes say."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.base.picture_file import read_bgr
from installation.training.running import DataError as DataError

CROP_PX = 128
SHORT_SIDE_PX = 640
ZOOM = (1.0, 2.25)
"""A crop is a window of 128 to 288 pixels of a picture of 640, shrunk to 128: strokes at one end, forms at the other."""
PAPER, PAPER_SHARE = 246, 0.1
"""A window is drawn anew when more than a tenth of it is paler than this in all channels: margins of a scanned page."""
HELD_OUT_EVERY = 8
OCTAVES = 4
PICTURES = {".jpg", ".jpeg", ".png", ".webp"}
Picture = npt.NDArray[np.uint8]


def load_pictures(folder: Path, short_side_px: int = SHORT_SIDE_PX, least_px: int = CROP_PX) -> list[Picture]:
    """All pictures of a folder as RGB, the short side at ``short_side_px``.

    Raises DataError for a folder without any, and for a picture that is broken or has a side below ``least_px``.
    """
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURES)
    if not files:
        raise DataError(
            f"{folder} has no pictures ({', '.join(sorted(PICTURES))}); make a data set: run.py ingest FOLDER"
        )
    pictures = []
    for path in files:
        rgb = read_picture(path, least_px)
        scale = short_side_px / min(rgb.shape[:2])
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pictures.append(np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=how), np.uint8))
    return pictures


def read_picture(path: Path, least_px: int) -> Picture:
    """RGB at its own size. Raises DataError for one that is broken or has a side below ``least_px``."""
    bgr = read_bgr(path)
    if bgr is None or min(bgr.shape[:2]) < least_px:
        raise DataError(
            f"{path} cannot be read or is smaller than {least_px} pixels; run.py ingest sorts such pictures out"
        )
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def split(pictures: list[Picture]) -> tuple[list[Picture], list[Picture]]:
    """(to train on, held out): every eighth picture, from the fifth on, is never trained on where there are 16 or more.

    With fewer there is nothing to spare: both are the whole list.
    """
    if len(pictures) < 2 * HELD_OUT_EVERY:
        return pictures, pictures
    held = range(HELD_OUT_EVERY // 2, len(pictures), HELD_OUT_EVERY)
    return [p for i, p in enumerate(pictures) if i not in held], [pictures[i] for i in held]


def crops(pictures: list[Picture], count: int, rng: np.random.Generator, size_px: int = CROP_PX) -> Tensor:
    """(count, 3, S, S) float32 in [0, 1]: random windows, half of them mirrored, clear of the frames' borders."""
    out = np.empty((count, size_px, size_px, 3), np.uint8)
    for i in range(count):
        window = _window(pictures, rng, size_px)
        for _ in range(20):
            if (window.min(2) > PAPER).mean() <= PAPER_SHARE:
                break
            window = _window(pictures, rng, size_px)
        crop = cv2.resize(window, (size_px, size_px), interpolation=cv2.INTER_AREA)
        out[i] = crop[:, ::-1] if rng.random() < 0.5 else crop
    return torch.from_numpy(out).permute(0, 3, 1, 2).float() / 255


def _window(pictures: list[Picture], rng: np.random.Generator, size_px: int) -> Picture:
    picture = pictures[rng.integers(len(pictures))]
    # Even in the logarithm: as many doublings of size as halvings.
    side = int(size_px * np.exp(rng.uniform(*np.log(ZOOM))))
    height, width = picture.shape[:2]
    margin = int(0.05 * min(height, width))
    top = rng.integers(margin, height - side - margin + 1)
    left = rng.integers(margin, width - side - margin + 1)
    return picture[top : top + side, left : left + side]


def features(rgb: Tensor) -> Tensor:
    """(N, 3, H, W) in [0, 1] -> (N, 4) valence, arousal, warmth, roughness, differentiable, not yet standardised.

    Valence .69 B + .22 S and arousal -.31 B + .60 S of brightness and saturation (Valdez and Mehrabian 1994); warmth is
    red minus blue; roughness the logarithm of the mean step between neighbours, averaged over cells of 1, 2, 4 and 8
    pixels: on pixels alone a hatch as fine as they are would be the cheapest way to be rough. H and W are at least 16.
    """
    return torch.cat([colour_features(rgb), _roughness(rgb.mean(1, keepdim=True))[:, None]], 1)


def colour_features(rgb: Tensor) -> Tensor:
    """(N, 3, H, W) -> (N, 3): the first three of ``features``."""
    high, low = rgb.amax(1), rgb.amin(1)
    brightness = high.mean((1, 2))
    saturation = ((high - low) / (high + 0.05)).mean((1, 2))
    warmth = (rgb[:, 0] - rgb[:, 2]).mean((1, 2))
    return torch.stack([0.69 * brightness + 0.22 * saturation, -0.31 * brightness + 0.60 * saturation, warmth], 1)


def _roughness(grey: Tensor) -> Tensor:
    octaves = []
    for octave in range(OCTAVES):
        if octave:
            grey = functional.avg_pool2d(grey, 2)
        down, across = (grey[:, :, 1:] - grey[:, :, :-1]).abs(), (grey[..., 1:] - grey[..., :-1]).abs()
        octaves.append(torch.log(down.mean((1, 2, 3)) + across.mean((1, 2, 3)) + 0.01))
    return torch.stack(octaves).mean(0)


class AffectScale:
    """Standardises features so that [-1, 1] spans two standard deviations of the training crops."""

    def __init__(self, mean: Tensor, deviation: Tensor) -> None:
        self.mean, self.deviation = mean, deviation

    @classmethod
    def of(cls, pictures: list[Picture], rng: np.random.Generator, count: int = 2000) -> AffectScale:
        """The scale of ``count`` random crops."""
        measured = torch.cat([features(crops(pictures, min(100, count), rng)) for _ in range(max(1, count // 100))])
        return cls(measured.mean(0), measured.std(0))

    def __call__(self, rgb: Tensor) -> Tensor:
        """(N, 3, H, W) in [0, 1] -> (N, 4)."""
        return (features(rgb) - self.mean.to(rgb.device)) / (2 * self.deviation.to(rgb.device))
