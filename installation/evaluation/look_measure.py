"""How well pictures distinguish emotions: features of a picture, distances between emotions and seeds, a blind classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from installation.base.colour import linear_of_srgb, oklab_of_linear
from installation.types import ByteArray

Array = npt.NDArray[np.float64]
LIT = 0.12
"""OKLab lightness above which a pixel belongs to what is shown, not to the dark room."""
COLOURS = 12
"""So many of the features, the first, say something about colour and brightness; the others are form and motion."""
RINGS = 5
DIRECTIONS = 4
COMPONENTS = 10
"""Directions that are kept of the features for the classifier: fewer than pictures, or it would learn the seeds by heart."""


def oklab(picture: ByteArray) -> Array:
    """OKLab (H, W, 3) of an sRGB picture (H, W, 3) uint8."""
    return oklab_of_linear(linear_of_srgb(picture / 255.0))


def features(before: ByteArray, picture: ByteArray) -> Array:
    """(F,): colour, form and motion of a picture (H, W, 3) uint8 sRGB and of the one a tenth of a second before it.

    Colour: mean and deviation of OKLab over what is lit, its lightness's upper percentiles, how much is lit. Form: place and
    extent of what is lit, how its edges lie (a histogram of directions), power in rings of the spectrum, how compact its
    outline is. Motion: how much changed, and where it changed most. Nothing reads the place of single pixels.
    """
    lab = oklab(picture)
    lightness = lab[:, :, 0]
    return np.array([*_colour(lab, lightness), *_form(lightness), *_motion(oklab(before), lab)])


def _colour(lab: Array, lightness: Array) -> list[float]:
    lit = lab[lightness > LIT]
    if len(lit) < 8:
        lit = lab.reshape(-1, 3)
    chroma = np.hypot(lit[:, 1], lit[:, 2])
    upper = np.percentile(lightness, [50, 75, 90, 97])
    return [*lit.mean(axis=0), *lit.std(axis=0), chroma.mean(), chroma.std(), *upper]


def _form(lightness: Array) -> list[float]:
    height, width = lightness.shape
    mask = lightness > LIT
    share = mask.mean()
    ys, xs = np.nonzero(mask) if mask.any() else (np.array([height / 2]), np.array([width / 2]))
    place = [ys.mean() / height, np.ptp(xs) / width, np.ptp(ys) / height, xs.std() / width, ys.std() / height]
    edge = np.count_nonzero(mask[:, 1:] != mask[:, :-1]) + np.count_nonzero(mask[1:] != mask[:-1])
    ragged = edge / np.sqrt(max(mask.sum(), 1.0))
    dx = cv2.Sobel(lightness, cv2.CV_64F, 1, 0)
    dy = cv2.Sobel(lightness, cv2.CV_64F, 0, 1)
    strength, angle = np.hypot(dx, dy), np.mod(np.arctan2(dy, dx), np.pi)
    directions, _ = np.histogram(angle, DIRECTIONS, (0, np.pi), weights=strength)
    mirror = np.abs(lightness - lightness[:, ::-1]).mean() / (lightness.mean() + 1e-3)
    return [
        share, *place, ragged, mirror, strength.mean(), *(directions / (directions.sum() + 1e-9)), *_spectrum(lightness)
    ]  # fmt: skip


def _spectrum(lightness: Array) -> list[float]:
    """Logarithm of the power in rings, an octave each, against the whole."""
    height, width = lightness.shape
    power = np.abs(np.fft.rfft2(lightness - lightness.mean())) ** 2
    radius = np.hypot(np.fft.fftfreq(height)[:, None] * height, np.fft.rfftfreq(width)[None] * height)
    rings = [power[(radius >= 2.0**n) & (radius < 2.0 ** (n + 1))].sum() for n in range(1, RINGS + 1)]
    return [float(np.log10((ring + 1e-6) / (power.sum() + 1e-6))) for ring in rings]


def _motion(before: Array, now: Array) -> list[float]:
    change = np.abs(now - before).sum(axis=2)
    brightness = now[:, :, 0].mean() + 1e-3
    return [float(np.log10(change.mean() / brightness + 1e-3)), float(np.log10(np.percentile(change, 98) + 1e-3))]


@dataclass(frozen=True)
class Telling:
    """How far emotions can be distinguished in one scene.

    ``worst``: the pair that is closest, its distance against the distance of two seeds of one emotion (``ratio``, > 1 where
    it differs more). ``accuracy`` [0, 1] of the classifier, on seeds that it had not seen; ``form_accuracy`` of one that is
    shown form and motion only, no colour.
    """

    scene: str
    worst: tuple[str, str]
    ratio: float
    median_ratio: float
    accuracy: float
    form_accuracy: float
    pictures: int


def standardised(rows: Array) -> Array:
    """Each feature (a column of (N, F)) in units of its deviation over all pictures; one that never changes is 0."""
    deviation = rows.std(axis=0)
    return np.asarray((rows - rows.mean(axis=0)) / np.where(deviation > 1e-9, deviation, np.inf))


def pair_ratios(rows: Array, emotions: Sequence[str]) -> dict[tuple[str, str], float]:
    """For each pair of emotions: mean distance between their pictures over the mean distance between two pictures of the
    same emotion, for whichever of the two has the larger. ``rows`` (N, F), ``emotions`` N names, two pictures of each at
    least (ValueError)."""
    points = standardised(rows)
    names = list(dict.fromkeys(emotions))
    groups = {name: points[[index for index, emotion in enumerate(emotions) if emotion == name]] for name in names}
    if min(len(group) for group in groups.values()) < 2:
        raise ValueError("two pictures of each emotion are needed to know how far seeds differ")
    within = {
        name: float(np.mean([np.linalg.norm(a - b) for a, b in combinations(group, 2)]))
        for name, group in groups.items()
    }
    ratios = {}
    for one, other in combinations(names, 2):
        between = np.linalg.norm(groups[one][:, None] - groups[other][None], axis=2).mean()
        ratios[one, other] = float(between / max(within[one], within[other], 1e-9))
    return ratios


def blind_accuracy(rows: Array, emotions: Sequence[str], seeds: Sequence[int], folds: int = 4) -> float:
    """Share of pictures whose emotion a linear classifier names, trained on pictures of other seeds only."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), PCA(COMPONENTS, random_state=0), LogisticRegression(C=1.0, max_iter=2000))
    splits = GroupKFold(min(folds, len(set(seeds))))
    return float(cross_val_score(model, rows, np.array(emotions), groups=np.array(seeds), cv=splits).mean())


def telling(scene: str, rows: Array, emotions: Sequence[str], seeds: Sequence[int]) -> Telling:
    """The figures of one scene's pictures: features ``rows`` (N, F), with each one's emotion and seed."""
    ratios = pair_ratios(rows, emotions)
    worst = min(ratios, key=lambda pair: ratios[pair])
    median = float(np.median(list(ratios.values())))
    form = blind_accuracy(rows[:, COLOURS:], emotions, seeds)
    return Telling(scene, worst, ratios[worst], median, blind_accuracy(rows, emotions, seeds), form, len(rows))
