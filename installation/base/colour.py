"""Colour spaces. Palettes are written as sRGB hex, blended in OKLab and handed on as linear RGB."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Bjoern Ottosson, "A perceptual color space for image processing" (2020): linear sRGB to LMS, and its cube root to Lab.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LMS = np.linalg.inv(_TO_LMS)
_FROM_LAB = np.linalg.inv(_TO_LAB)


def linear_of_hex(colour: str) -> Array:
    """Linear RGB (3,) in [0, 1] of "#rrggbb". ValueError for other text."""
    text = colour.removeprefix("#")
    if len(text) != 6:
        raise ValueError(f"a colour is written #rrggbb, not {colour!r}")
    return linear_of_srgb(np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)]) / 255)


def linear_of_srgb(srgb: Array) -> Array:
    """Linear light of sRGB, both in [0, 1], of any shape. Source: IEC 61966-2-1."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def srgb_of_linear(linear: Array) -> Array:
    """sRGB of linear light, both in [0, 1], of any shape. Source: IEC 61966-2-1."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055)


def oklab_of_linear(rgb: Array) -> Array:
    """OKLab (..., 3) of linear RGB (..., 3)."""
    return np.asarray(np.cbrt(rgb @ _TO_LMS.T) @ _TO_LAB.T)


def linear_of_oklab(lab: Array) -> Array:
    """Linear RGB (..., 3) of OKLab (..., 3), negative components (out of sRGB's gamut) cut to 0."""
    return np.maximum((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0.0)


def turned(lab: Array, turns: float) -> Array:
    """OKLab (..., 3) with its hue ``turns`` of the circle further (red to yellow is forwards); lightness and chroma stay."""
    cos, sin = math.cos(math.tau * turns), math.sin(math.tau * turns)
    return np.asarray(lab @ np.array([[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]]))


def hex_of_linear(rgb: Array) -> list[str]:
    """ "#rrggbb" of each linear RGB (N, 3); what lies outside of [0, 1] is cut."""
    levels = np.rint(255 * np.clip(srgb_of_linear(np.clip(rgb, 0.0, 1.0)), 0.0, 1.0)).astype(int)
    return [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in levels.tolist()]
