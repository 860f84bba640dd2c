"""What a folder of pictures can say: the affect of its crops, against what the generator is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch

from installation.generation.affect import AFFECT, DEPICTED
from installation.training.texture_data import features
from installation.types import EMOTIONS, ByteArray, FloatArray

REFERENCE_MEAN = np.array([0.364, 0.033, 0.101, -2.682], np.float32)
REFERENCE_DEVIATION = np.array([0.131, 0.105, 0.103, 0.436], np.float32)
"""Of ``features`` over 24 crops of each of the 98 paintings that the shipped generator was trained on: the units in which
folders are compared. (A training measures in units of its own folder, so that each reaches from -1 to 1 there.)"""
CROPS, CROP_PX, WINDOW_SHARE = 24, 128, (0.2, 0.45)
"""Crops a picture, their side, and the sides of their windows as shares of the picture's short side: what the texture
training sees."""
NEAR, FED, THIN = 0.8, 0.01, 0.002
"""An emotion is fed when this share of the crops lies within NEAR of its place; with less than THIN it is not fed. Of the
98 paintings the emotions least fed, surprise and angry, have 1.7 and 2 %."""
TIED = 0.8


@dataclass(frozen=True, eq=False)
class Measured:
    """Crops of one picture: ``rgb`` (CROPS, S, S, 3) uint8 and their ``affect`` (CROPS, 4) in reference units."""

    rgb: ByteArray
    affect: FloatArray


def measure(rgb: ByteArray, rng: np.random.Generator) -> Measured:
    """Random crops of a picture (H, W, 3), at least 256 pixels high and wide, clear of its border."""
    height, width = rgb.shape[:2]
    short = min(height, width)
    margin = short // 20
    crops = np.empty((CROPS, CROP_PX, CROP_PX, 3), np.uint8)
    for crop in crops:
        side = int(short * np.exp(rng.uniform(*np.log(WINDOW_SHARE))))
        top = rng.integers(margin, height - side - margin + 1)
        left = rng.integers(margin, width - side - margin + 1)
        window = rgb[top : top + side, left : left + side]
        crop[:] = cv2.resize(window, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
    return Measured(crops, affect_of_crops(crops))


def affect_of_crops(rgb: ByteArray) -> FloatArray:
    """(N, S, S, 3) uint8 -> (N, 4) valence, arousal, warmth, roughness in reference units."""
    found = features(torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 255).numpy()
    return np.asarray((found - REFERENCE_MEAN) / (2 * REFERENCE_DEVIATION), np.float32)


def distances(affect: FloatArray) -> FloatArray:
    """(N, 4) -> (N, 7) to the place of each emotion. What lies beyond [-1, 1] counts as its end: no request goes further."""
    return np.asarray(np.linalg.norm(affect.clip(-1, 1)[:, None] - DEPICTED[None], axis=2), np.float32)


def fed_shares(affect: FloatArray) -> dict[str, float]:
    """Share of crops (N, 4) near enough to each emotion's place to teach it."""
    return {name: float(share) for name, share in zip(EMOTIONS, (distances(affect) < NEAR).mean(0), strict=True)}


def unfed(affect: FloatArray) -> list[str]:
    """Emotions that the crops (N, 4) cannot feed."""
    return [name for name, share in fed_shares(affect).items() if share < THIN]


def describe(affect: FloatArray) -> list[str]:
    """Lines of text about crops (N, 4): the range of each axis, the emotions, and what to do about it."""
    lines = ["affect, in units of the shipped generator's paintings (0 their middle, 1 two deviations from it):"]
    low, high = np.quantile(affect, (0.02, 0.98), axis=0)
    for k, name in enumerate(AFFECT):
        needs = f"needed {DEPICTED[:, k].min():+.2f} to {DEPICTED[:, k].max():+.2f}"
        missing = []
        if low[k] > DEPICTED[:, k].min() + 0.3:
            missing.append(f"little {ENDS[name][0]}")
        if high[k] < DEPICTED[:, k].max() - 0.3:
            missing.append(f"little {ENDS[name][1]}")
        lines.append(f"  {name:10} {low[k]:+.2f} to {high[k]:+.2f}  {needs}  {', '.join(missing)}".rstrip())
    lines.append("emotions, by the share of crops near the place of each:")
    for name, share in fed_shares(affect).items():
        verdict = "fed" if share >= FED else "thin" if share >= THIN else "not fed"
        lines.append(f"  {name:10} {share:6.1%}  {verdict}")
    return lines + _advice(affect)


ENDS = {
    "valence": ("dark", "bright"),
    "arousal": ("pale", "saturated"),
    "warmth": ("blue", "red and yellow"),
    "roughness": ("smooth", "rough"),
}
"""What lies at the low and the high end of each axis."""


def _advice(affect: FloatArray) -> list[str]:
    lines = []
    for name in unfed(affect):
        valence, arousal, warmth, roughness = DEPICTED[EMOTIONS.index(name)]
        wanted = [
            ENDS[axis][1 if value > 0 else 0]
            for axis, value in zip(AFFECT, (valence, arousal, warmth, roughness), strict=True)
            if abs(value) >= 0.5
        ]
        lines.append(
            f"{name} has nothing to learn from: it will be the nearest to it that these pictures have. "
            f"Add some that are {', '.join(wanted)}."
        )
    spread = affect.std(0) > 1e-3
    for a in range(len(AFFECT)):
        for b in range(a):
            tie = float(np.corrcoef(affect[:, a], affect[:, b])[0, 1]) if spread[a] and spread[b] else 0.0
            if abs(tie) > TIED:
                lines.append(
                    f"{AFFECT[b]} and {AFFECT[a]} go together in these pictures (correlation {tie:+.2f}): "
                    "the generator will hardly distinguish them."
                )
    return lines
