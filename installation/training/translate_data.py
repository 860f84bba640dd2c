"""CaptureSet and paintings, and which part of which painting goes with a capture.

CaptureSet are dark rooms with a glowing form, paintings are mostly lit. A critic that sees the two side by side would first
of all learn to distinguish rooms from meadows. So it is shown, beside a capture, one of the windows of paintings most like
it in a few measured statistics (brightness, contrast, how much is dark, saturation, how much the middle is lit): night
pieces and portraits on dark grounds come up by themselves.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from installation.base.picture_file import read_bgr
from installation.generation.affect import affect_of
from installation.training.texture_data import AffectScale, DataError, features
from installation.types import EMOTIONS, TextureRequest

CROP_PX = 128
CAPTURE_WINDOW_PX = (128, 256)
"""Sides of a capture's window before it is shrunk to CROP_PX; never more than the capture has."""
PAINTING_WINDOW_PX = (213, 600)
"""The same of paintings, whose shorter side is 640."""
WINDOWS = 6000
PAINTINGS, WINDOWS_EACH = 24, 5
"""The windows that a capture chooses from: of the paintings that have the likest window, their likest few. So no single
painting, however black, gives all."""
ANYWHERE = 0.1
"""Share of windows that are taken from anywhere, for colours that no capture has."""
LIT, LIT_SHARE = 0.2, 0.08
SEARCHES = 4
SAMPLES = 800
AFFECTS = 4

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float32]


def statistics(rgb: Pixels) -> Array:
    """(5,) of a picture (H, W, 3) sRGB: mean and deviation of luma, share that is dark, mean saturation, middle minus rim."""
    small = cv2.resize(rgb, (16, 16), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    luma = small @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    high, low = small.max(axis=2), small.min(axis=2)
    middle = luma[4:12, 4:12]
    rim = (luma.sum() - middle.sum()) / (luma.size - middle.size)
    saturation = ((high - low) / (high + 0.05)).mean()
    return np.array([luma.mean(), luma.std(), (luma < 0.12).mean(), saturation, middle.mean() - rim], np.float32)


def window(picture: Pixels, sides: tuple[int, int], margin: float, rng: np.random.Generator) -> tuple[int, int, int]:
    """(top, left, side) of a random square, ``margin`` of the shorter side away from the border."""
    height, width = picture.shape[:2]
    rim = int(margin * min(height, width))
    most = min(sides[1], min(height, width) - 2 * rim)
    side = int(rng.integers(min(sides[0], most), most + 1))
    top = int(rng.integers(rim, height - side - rim + 1))
    return top, int(rng.integers(rim, width - side - rim + 1)), side


def cut(picture: Pixels, at: tuple[int, int, int], size_px: int = CROP_PX) -> Pixels:
    """The window as (size_px, size_px, 3)."""
    top, left, side = at
    crop = cv2.resize(picture[top : top + side, left : left + side], (size_px, size_px), interpolation=cv2.INTER_AREA)
    return np.asarray(crop, np.uint8)


def is_lit(rgb: Pixels) -> bool:
    """Whether a picture (H, W, 3) shows something, not a dark room alone."""
    return bool((rgb[::4, ::4].max(axis=2) > 255 * LIT).mean() > LIT_SHARE)


def tensor(crops: list[Pixels]) -> Tensor:
    """(N, 3, H, W) float32 in [0, 1] of pictures (H, W, 3)."""
    return torch.from_numpy(np.ascontiguousarray(np.stack(crops))).permute(0, 3, 1, 2).float() / 255


@dataclass
class CaptureSet:
    """Pictures (H, W, 3) and the affect (N, 4) that each asks for; clips are lists of successive pictures, with affects."""

    pictures: list[Pixels]
    affects: Array
    clips: list[list[Pixels]]
    clip_affects: Array


def load_captures(folder: Path) -> CaptureSet:
    """What ``run.py capture`` stored. Raises DataError."""
    try:
        with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file, delimiter="\t") if row["file"]]
    except OSError as error:
        raise DataError(f"{folder} has no captures ({error}); run: run.py capture {folder}") from error
    pictures: list[Pixels] = []
    affects: list[Array] = []
    clips: dict[str, list[Pixels]] = {}
    clip_affects: dict[str, Array] = {}
    for row in rows:
        bgr = read_bgr(folder / row["file"])
        if bgr is None:
            raise DataError(f"{folder / row['file']} cannot be read; delete the folder and capture anew")
        rgb = np.ascontiguousarray(bgr[:, :, ::-1])
        emotion = np.array([float(row[name]) for name in EMOTIONS], np.float32)
        request = TextureRequest(0.0, emotion / emotion.sum(), float(row["valence"]), float(row["arousal"]))
        if row["kind"] == "clip":
            clips.setdefault(row["sitting"], []).append(rgb)
            clip_affects[row["sitting"]] = affect_of(request)
        else:
            pictures.append(rgb)
            affects.append(affect_of(request))
    if not pictures or min(pictures[0].shape[:2]) < CROP_PX:
        raise DataError(f"{folder} has no captures of {CROP_PX} pixels or more; run: run.py capture {folder}")
    return CaptureSet(pictures, np.array(affects), list(clips.values()), np.array(list(clip_affects.values())))


class Pairs:
    """Draws training crops from both sides."""

    def __init__(self, paintings: list[Pixels], captures: CaptureSet, rng: np.random.Generator) -> None:
        self._paintings, self._captures = paintings, captures
        numbers = rng.integers(len(paintings), size=WINDOWS)
        self._of = numbers
        self._windows = [(int(n), window(paintings[n], PAINTING_WINDOW_PX, 0.05, rng)) for n in numbers]
        measured = np.array([statistics(cut(paintings[n], at, 32)) for n, at in self._windows])
        self._spread = measured.std(axis=0) + 1e-6
        self._measured = measured / self._spread
        # The affect's units are those of the windows which the captures choose.
        chosen = [self._capture(rng)[0] for _ in range(SAMPLES)]
        matched = tensor([self._painting(crop, rng) for crop in chosen])
        found = features(matched)
        self.scale = AffectScale(found.mean(0), found.std(0) + 1e-3)
        self._fit_own(rng)

    def _fit_own(self, rng: np.random.Generator) -> None:
        """How captures' own features follow from the affect that they ask for, a linear fit over SAMPLES crops."""
        drawn = [self._capture(rng) for _ in range(SAMPLES)]
        own = features(tensor([crop for crop, _ in drawn]))
        self._own_mean, self._own_spread = own.mean(0), 2 * own.std(0) + 1e-3
        asked = torch.from_numpy(np.array([affect for _, affect in drawn]))
        asked = torch.cat([asked, torch.ones(len(asked), 1)], 1)
        self._expected = torch.linalg.lstsq(asked, (own - self._own_mean) / self._own_spread).solution

    def target(self, rgb: Tensor, affect: Tensor, asked: Tensor) -> Tensor:
        """(N, 4): the features that the painting of captures (N, 3, H, W) should have, in units of ``scale``; the captures
        were drawn with ``affect`` (N, 4) and are to be painted with ``asked`` (N, 4).

        What is asked, and on top of it as much brighter or calmer as the crop is than others that ask for the same:
        without that, dark corners would have to be painted bright.
        """
        own = (features(rgb) - self._own_mean) / self._own_spread
        expected = torch.cat([affect, torch.ones(len(affect), 1)], 1) @ self._expected
        return (0.9 * asked + 0.8 * (own - expected)).clamp(-1.3, 1.3)

    def batch(self, count: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Crops of captures (count, 3, 128, 128), their affects (count, 4), crops of paintings that go with them."""
        drawn = [self._capture(rng) for _ in range(count)]
        matched = [self._painting(crop, rng) for crop, _ in drawn]
        return tensor([crop for crop, _ in drawn]), torch.from_numpy(np.array([a for _, a in drawn])), tensor(matched)

    def sources(self, count: int, rng: np.random.Generator) -> dict[int, float]:
        """Share of ``count`` matched windows that comes from each painting, the commonest first."""
        numbers = [self._match(self._capture(rng)[0], rng)[0] for _ in range(count)]
        found, times = np.unique(numbers, return_counts=True)
        return {int(found[i]): float(times[i]) / count for i in np.argsort(-times)}

    def _capture(self, rng: np.random.Generator) -> tuple[Pixels, Array]:
        crop, affect = np.zeros((0, 0, 3), np.uint8), np.zeros(AFFECTS, np.float32)
        for _ in range(SEARCHES):
            number = int(rng.integers(len(self._captures.pictures)))
            picture, affect = self._captures.pictures[number], self._captures.affects[number]
            crop = cut(picture, window(picture, CAPTURE_WINDOW_PX, 0.0, rng))
            # Nothing but a dark room teaches little.
            if is_lit(crop):
                break
        return (np.ascontiguousarray(crop[:, ::-1]) if rng.random() < 0.5 else crop), affect

    def _match(self, crop: Pixels, rng: np.random.Generator) -> tuple[int, tuple[int, int, int]]:
        if rng.random() < ANYWHERE:
            return self._windows[int(rng.integers(WINDOWS))]
        away = np.square(self._measured - statistics(crop) / self._spread).sum(axis=1)
        nearest = np.full(len(self._paintings), np.inf)
        np.minimum.at(nearest, self._of, away)
        painting = int(rng.choice(np.argsort(nearest)[:PAINTINGS]))
        its = np.flatnonzero(self._of == painting)
        return self._windows[int(rng.choice(its[np.argsort(away[its])[:WINDOWS_EACH]]))]

    def _painting(self, crop: Pixels, rng: np.random.Generator) -> Pixels:
        number, at = self._match(crop, rng)
        found = cut(self._paintings[number], at)
        return np.ascontiguousarray(found[:, ::-1]) if rng.random() < 0.5 else found
