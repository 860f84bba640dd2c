"""Faces drawn by rule: heads, hair, eyes, brows and mouths of random form, in random ink, whose expression alone is decided.

What an emotion does to a drawn face follows what draughtsmen agree on and FACS describes (Ekman and Friesen 1978): brows
down and together in anger; inner brows up in fear and sadness, with wide eyes and small pupils in the one and heavy lids in
the other; corners of the mouth up in happiness; everything up and a round mouth in surprise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from installation.training.drawn.data import SIDE_PX
from installation.training.drawn.features import Features, draw_brow, draw_eye, draw_marks, draw_mouth, draw_nose
from installation.training.drawn.pen import Pen, Points, arc, ellipse
from installation.training.fer import IntArray
from installation.types import ByteArray

Ranges = dict[str, tuple[float, float]]
EXPRESSIONS: dict[str, Ranges] = {
    "anger": {"inner": (-1.0, -0.45), "outer": (0.0, 0.9), "open": (0.35, 0.9), "curve": (-1.0, -0.15), "pupil": (0.3, 0.8)},
    "fear": {"inner": (0.4, 1.1), "outer": (-0.6, 0.1), "open": (0.95, 1.5), "curve": (-0.9, -0.1), "pupil": (0.12, 0.5)},
    "sadness": {"inner": (0.3, 1.0), "outer": (-0.9, -0.1), "open": (0.2, 0.75), "curve": (-1.0, -0.25), "pupil": (0.4, 0.9)},
    "happiness": {"inner": (-0.1, 0.5), "outer": (-0.15, 0.4), "open": (0.55, 1.1), "curve": (0.35, 1.0), "pupil": (0.5, 0.95)},
    "surprise": {"inner": (0.5, 1.2), "outer": (0.45, 1.1), "open": (1.05, 1.5), "curve": (-0.1, 0.1), "pupil": (0.25, 0.8)},
    "neutral": {"inner": (-0.15, 0.12), "outer": (-0.15, 0.12), "open": (0.6, 1.0), "curve": (-0.1, 0.1), "pupil": (0.4, 0.95)},
}  # fmt: skip
"""How far brows rise at either end, eyes open, the mouth's corners rise and pupils fill the eye, from rest."""
MOUTHS: dict[str, dict[str, float]] = {
    "anger": {"line": 0.5, "shout": 0.25, "teeth": 0.2, "wave": 0.05},
    "fear": {"line": 0.2, "gape": 0.35, "teeth": 0.2, "wave": 0.25},
    "sadness": {"line": 0.68, "sob": 0.24, "wave": 0.08},
    "happiness": {"line": 0.45, "laugh": 0.45, "teeth smile": 0.1},
    "surprise": {"round": 1.0},
    "neutral": {"line": 1.0},
}
"""How often a mouth is drawn in which way."""
CLOSED = {"happiness": ("arch", 0.35), "sadness": ("bowl", 0.3), "anger": ("slit", 0.1)}
"""Eyes that are shut: as what, and how often."""
EYES = ("dot", "oval", "white", "manga", "manga", "white")


@dataclass(frozen=True)
class Style:
    """How a face is drawn, whatever it expresses. Lengths in half sides of the picture."""

    head: tuple[float, float]
    chin: float
    turn: float
    eye: str
    eye_size: tuple[float, float]
    spacing: float
    eye_y: float
    mouth_y: float
    mouth_width: float
    ink: int
    skin: int
    hair: int
    width: float


def drawn_faces(label: str, count: int, seed: int) -> ByteArray:
    """(count, 96, 96, 3) uint8 faces that depict ``label``. Raises KeyError for another word than EXPRESSIONS has."""
    EXPRESSIONS[label]
    rng = np.random.default_rng([seed, list(EXPRESSIONS).index(label)])
    return np.stack([draw_face(label, rng) for _ in range(count)])


@lru_cache(maxsize=1)
def every_label(count: int, seed: int) -> tuple[ByteArray, IntArray]:
    """``count`` faces of each of DEPICTED, and their labels."""
    pictures = np.concatenate([drawn_faces(label, count, seed) for label in EXPRESSIONS])
    return pictures, np.repeat(np.arange(len(EXPRESSIONS)), count)


def draw_face(label: str, rng: np.random.Generator) -> ByteArray:
    """(96, 96, 3) uint8: one face."""
    style = _style(rng)
    paper = int(rng.integers(150, 256)) if rng.random() < 0.7 else int(rng.integers(20, 150))
    pen = Pen(SIDE_PX, rng, paper, style.width)
    face = _features(label, style, rng)
    bald = rng.random() < 0.25
    if not bald:
        _hair_behind(pen, style, rng)
    pen.fill(_head(style), style.skin, style.ink if rng.random() < 0.85 else None)
    for side in (-1, 1):
        draw_eye(pen, face, side)
    draw_nose(pen, face)
    draw_mouth(pen, face)
    if not bald:
        _fringe(pen, style, rng)
    if rng.random() < 0.88:  # the brows of comics lie over the hair
        for side in (-1, 1):
            draw_brow(pen, face, side)
    draw_marks(pen, face, label)
    return pen.picture()


def _style(rng: np.random.Generator) -> Style:
    eye = str(rng.choice(EYES))
    wide, tall = {"dot": (0.05, 0.07), "oval": (0.07, 0.1), "white": (0.14, 0.13), "manga": (0.15, 0.2)}[eye]
    size = float(rng.uniform(0.75, 1.35))
    ink = int(rng.integers(0, 70))
    light = rng.random() < 0.8
    skin = int(rng.integers(165, 256)) if light else int(rng.integers(90, 165))
    return Style(
        head=(float(rng.uniform(0.55, 0.8)), float(rng.uniform(0.68, 0.88))),
        chin=float(rng.uniform(0.0, 0.45)),
        turn=float(rng.normal(0, 0.08)),
        eye=eye,
        eye_size=(wide * size * float(rng.uniform(0.8, 1.25)), tall * size * float(rng.uniform(0.8, 1.25))),
        spacing=float(rng.uniform(0.24, 0.38)),
        eye_y=float(rng.uniform(-0.12, 0.16)),
        mouth_y=float(rng.uniform(0.4, 0.58)),
        mouth_width=float(rng.uniform(0.12, 0.34)),
        ink=ink,
        skin=skin,
        hair=int(rng.integers(0, 235)),
        width=float(rng.uniform(0.012, 0.055)),
    )


def _features(label: str, style: Style, rng: np.random.Generator) -> Features:
    drawn = {name: float(rng.uniform(*ends)) for name, ends in EXPRESSIONS[label].items()}
    kinds = MOUTHS[label]
    shut, often = CLOSED.get(label, ("", 0.0))
    return Features(
        eye=shut if rng.random() < often else style.eye,
        eye_size=style.eye_size,
        eye_at=(style.spacing, style.eye_y),
        turn=style.turn,
        mouth=str(rng.choice(list(kinds), p=list(kinds.values()))),
        mouth_at=(style.turn * 1.2, style.mouth_y),
        mouth_width=style.mouth_width,
        ink=style.ink,
        skin=style.skin,
        rng=rng,
        **drawn,
    )


def _head(style: Style) -> Points:
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    below = np.clip(np.sin(around), 0, 1)
    x = style.head[0] * np.cos(around) * (1 - style.chin * below**1.5)
    return np.stack([x, style.head[1] * np.sin(around) + 0.05], axis=1)


def _hair_behind(pen: Pen, style: Style, rng: np.random.Generator) -> None:
    wide = style.head[0] * float(rng.uniform(1.05, 1.3))
    below = float(rng.uniform(-0.1, 1.0))
    top = ellipse((0, -0.05), (wide, style.head[1] * float(rng.uniform(1.02, 1.15))))
    pen.fill(top, style.hair, style.ink)
    if below > 0.2:
        pen.fill(
            np.array([(-wide, -0.1), (wide, -0.1), (wide * 1.05, below), (-wide * 1.05, below)]), style.hair, style.ink
        )


def _fringe(pen: Pen, style: Style, rng: np.random.Generator) -> None:
    """Hair over the forehead: spikes, a parting, or a straight cut."""
    crown = arc((0, 0.05), (style.head[0] * 1.04, style.head[1] * 1.06), np.pi, 2 * np.pi, 20)
    locks = int(rng.integers(1, 9))
    low = style.eye_y - float(rng.uniform(0.05, 0.42))
    across = np.linspace(1, -1, 2 * locks + 1)[1:-1] * style.head[0]
    teeth = np.where(np.arange(len(across)) % 2 == 0, low, low - rng.uniform(0.02, 0.3))
    teeth = teeth + rng.normal(0, 0.04, len(across))
    points: npt.NDArray[np.float64] = np.concatenate([crown, np.stack([across, teeth], axis=1)])
    pen.fill(points, style.hair, style.ink)
