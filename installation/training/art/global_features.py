"""Thirteen numbers of a whole picture: brightness, likeness to six textures, likeness to six palettes.

After the thesis that asked what emotion a painting shows; its reference palettes were not printed, so these are the six basic
emotions' colours after the sources in docs/look.md. The numbers are min-max scaled on what is learnt from, by the model.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from scipy.optimize import linear_sum_assignment

from installation.types import ByteArray, FloatArray

WEIGHTS = np.array([0.241, 0.691, 0.068])
"""Of red, green and blue in perceived brightness (Finley 2006, HSP)."""
TEXTURES = (
    (200.0, 100, 0.75, 2.0),
    (100.0, 4, 0.5, 6.0),
    (80.0, 75, 0.05, 2.0),
    (75.0, 1, 0.75, 3.0),
    (10.0, 1, 0.9, 0.1),
    (2.0, 1, 0.95, 0.01),
)
"""Perlin noise: scale (pixels to a cell), octaves, persistence, lacunarity."""
PALETTES = {
    "anger": ("#8f0d0d", "#d3201c", "#2a0a0a", "#f26a1b", "#5c1010"),
    "disgust": ("#6b7a1e", "#3d3a16", "#a3a83c", "#5c4a26", "#2b2f12"),
    "fear": ("#0d0b14", "#2c2440", "#4b3f6b", "#1a1a22", "#7d7894"),
    "happiness": ("#ffd23f", "#ff8c1a", "#fff2b0", "#e8453c", "#6cc5e8"),
    "sadness": ("#1f3a5f", "#43658b", "#7f96ab", "#10202f", "#a9b4bf"),
    "surprise": ("#ff3fa4", "#35d0e0", "#fff56b", "#7a3cff", "#ffffff"),
}
CENTROIDS, SAMPLE_PX, SIDE_PX = 5, 64, 224
NAMES = ("brightness", *(f"texture {k}" for k in range(1, 7)), *(f"palette of {name}" for name in PALETTES))


def global_features(rgb: ByteArray) -> FloatArray:
    """(H, W, 3) uint8 sRGB -> (13,) in the order of NAMES: brightness in [0, 1]; structural similarity (Wang and others 2004)
    of the grey picture with each texture, in [-1, 1]; and minus the mean distance in CIELAB of the picture's five colours to
    each palette's, each colour to one of its own so that their order says nothing."""
    square = cv2.resize(rgb, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    root_mean_square = np.sqrt(np.square(square.astype(np.float64) / 255).mean((0, 1)))
    brightness = float(np.sqrt(WEIGHTS @ np.square(root_mean_square)))
    grey = cv2.cvtColor(square, cv2.COLOR_RGB2GRAY)
    similar = [_likeness(grey, texture) for texture in _textures()]
    colours = _centroids(square)
    near = [-_distance(colours, palette) for palette in _palettes()]
    return np.array([brightness, *similar, *near], np.float32)


def _likeness(a: ByteArray, b: ByteArray) -> float:
    mean, _ = cv2.quality.QualitySSIM_compute(a, b)  # type: ignore[attr-defined]
    return float(mean[0])


def _lab(rgb: ByteArray) -> FloatArray:
    """(N, 3) uint8 sRGB -> (N, 3) CIELAB."""
    return np.asarray(cv2.cvtColor(np.float32(rgb[None]) / 255, cv2.COLOR_RGB2LAB)[0], np.float32)


def _centroids(square: ByteArray) -> FloatArray:
    """(5, 3) CIELAB: k-means of the pixels, begun from the same places each time."""
    small = cv2.resize(square, (SAMPLE_PX, SAMPLE_PX), interpolation=cv2.INTER_AREA)
    points = _lab(small.reshape(-1, 3))
    # By lightness in five equal parts: the same picture gives the same colours.
    begin = np.empty((len(points), 1), np.int32)
    begin[np.argsort(points[:, 0], kind="stable"), 0] = np.arange(len(points)) * CENTROIDS // len(points)
    rule = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 30, 0.1)
    _, _, centres = cv2.kmeans(points, CENTROIDS, begin, rule, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    return np.asarray(centres, np.float32)


def _distance(colours: FloatArray, palette: FloatArray) -> float:
    apart = np.linalg.norm(colours[:, None] - palette[None], axis=2)
    return float(apart[linear_sum_assignment(apart)].mean())


@cache
def _palettes() -> tuple[FloatArray, ...]:
    tables = [[[int(one[k : k + 2], 16) for k in (1, 3, 5)] for one in colours] for colours in PALETTES.values()]
    return tuple(_lab(np.array(table, np.uint8)) for table in tables)


@cache
def _textures() -> tuple[ByteArray, ...]:
    return tuple(perlin(SIDE_PX, *texture) for texture in TEXTURES)


def perlin(side_px: int, scale: float, octaves: int, persistence: float, lacunarity: float) -> ByteArray:
    """(side, side) uint8: Perlin's gradient noise (1985, fade of 2002) of ``octaves``, each ``lacunarity`` times as fine and
    ``persistence`` times as strong as the one before. The same each time."""
    total, strength, frequency, whole = np.zeros((side_px, side_px)), 1.0, 1.0, 0.0
    place = np.arange(side_px) / scale
    for _ in range(octaves):
        total += strength * _noise(place * frequency)
        whole += strength
        strength, frequency = strength * persistence, frequency * lacunarity
        if strength < 1e-4:
            break
    return np.asarray(np.clip((total / whole * 0.7 + 0.5) * 255, 0, 255), np.uint8)


def _noise(place: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Of a square grid with ``place`` along both sides, in [-0.71, 0.71]; it repeats every 256 cells."""
    rng = np.random.default_rng(0)
    turn = rng.uniform(0, 2 * np.pi, (256, 256))
    cell = np.floor(place)
    inside = place - cell
    index = np.mod(cell, 256).astype(int)
    fade = inside**3 * (inside * (inside * 6 - 15) + 10)

    def corner(down: int, right: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        angle = turn[np.ix_((index + down) % 256, (index + right) % 256)]
        along: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (
            np.sin(angle) * (inside - down)[:, None] + np.cos(angle) * (inside - right)[None]
        )
        return along

    across = fade[None]
    top = corner(0, 0) * (1 - across) + corner(0, 1) * across
    bottom = corner(1, 0) * (1 - across) + corner(1, 1) * across
    down = fade[:, None]
    mixed: np.ndarray[tuple[int, int], np.dtype[np.float64]] = top * (1 - down) + bottom * down
    return mixed
