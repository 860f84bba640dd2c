"""Ours: kernel ridge regression of the shares, its two settings chosen within what it learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from installation.training.art.fit import Lesson, Read
from installation.training.art.reader import BEND, Learnt
from installation.training.art.tasks import NAMED_BY
from installation.types import FloatArray

AXES = 384
"""Principal axes of what is seen that are kept: nearly all of what tells pictures apart, and small enough to be shipped."""
REACHES, RIDGES = (1.0, 2.0, 4.0), (0.1, 0.3, 1.0)
"""What is tried: the kernel is exp(-reach * squared distance / its mean), and the ridge."""
INNER, FEWEST_INNER = 4, 8
"""Folds within what is learnt from, by artist, and how many works must evoke an emotion for it to have a say in the choice."""


@dataclass(frozen=True, eq=False)
class Points:
    """``axes`` (D, P) turn pictures' numbers less ``mean`` (D,) into points whose squared distance is 2 on average."""

    mean: FloatArray
    axes: FloatArray

    @classmethod
    def of(cls, seen: FloatArray) -> Points:
        """From N rows of D numbers, each brought to deviation 1 first."""
        mean, deviation = seen.mean(0), np.maximum(seen.std(0), 1e-3)
        rows = ((seen - mean) / deviation).astype(np.float64)
        strength, turned = np.linalg.eigh(rows @ rows.T)
        kept = slice(max(0, len(rows) - AXES), None)
        strength, turned = np.maximum(strength[kept], 1e-9), turned[:, kept]
        axes = rows.T @ turned / np.sqrt(strength) / np.sqrt(strength.sum() / len(rows))
        return cls(np.asarray(mean, np.float32), np.asarray(axes / deviation[:, None], np.float32))

    def __call__(self, seen: FloatArray) -> FloatArray:
        """(N, P)."""
        return np.asarray((seen - self.mean) @ self.axes, np.float32)


def learn(lesson: Lesson, reaches: Sequence[float] = REACHES, ridges: Sequence[float] = RIDGES) -> Learnt:
    """The reader with the reach and the ridge that read artists best who were left out of the learning, by turns."""
    reach, ridge = chosen(lesson, reaches, ridges)
    points = Points.of(lesson.seen)
    # exp(-reach * d / 2) of points is exp(-d) of points drawn in.
    axes = points.axes * np.float32(np.sqrt(reach / 2))
    known = np.asarray((lesson.seen - points.mean) @ axes, np.float32)
    weights, middle = _solved(_near(known, known), lesson.target, [ridge])[0]
    return Learnt(points.mean, axes, known, weights, middle)


def chosen(lesson: Lesson, reaches: Sequence[float], ridges: Sequence[float]) -> tuple[float, float]:
    """By the mean AUC of the emotions, over folds that keep artists apart."""
    found = np.zeros((len(reaches), len(ridges)))
    if found.size == 1:
        return reaches[0], ridges[0]
    readings = np.zeros((*found.shape, *lesson.target.shape), np.float32)
    for learns, reads in GroupKFold(INNER).split(lesson.seen, groups=lesson.artist):
        points = Points.of(lesson.seen[learns])
        known, asked = points(lesson.seen[learns]), points(lesson.seen[reads])
        for a, reach in enumerate(reaches):
            scale = np.float32(np.sqrt(reach / 2))
            near, other = _near(scale * known, scale * known), _near(scale * asked, scale * known)
            for b, (weights, middle) in enumerate(_solved(near, lesson.target[learns], ridges)):
                readings[a, b, reads] = other @ weights + middle
    evoked = lesson.target >= NAMED_BY
    able = np.flatnonzero((evoked.sum(0) >= FEWEST_INNER) & ~evoked.all(0))
    for a, b in np.ndindex(*found.shape):
        found[a, b] = np.mean([roc_auc_score(evoked[:, k], readings[a, b, :, k]) for k in able]) if len(able) else 0
    best = int(found.argmax())
    return reaches[best // len(ridges)], ridges[best % len(ridges)]


def reading(learnt: Learnt) -> Read:
    """What was seen (N, D) -> shares (N, K) in [0, 1]."""

    def read(seen: FloatArray) -> FloatArray:
        near = _near(np.asarray((seen - learnt.mean) @ learnt.axes, np.float32), learnt.known)
        shares = near @ learnt.weights + learnt.middle
        return np.asarray(np.minimum(np.logaddexp(0, BEND * shares) / BEND, 1), np.float32)

    return read


def _near(a: FloatArray, b: FloatArray) -> FloatArray:
    apart = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.asarray(np.exp(-np.maximum(apart, 0)), np.float32)


def _solved(near: FloatArray, target: FloatArray, ridges: Sequence[float]) -> list[tuple[FloatArray, FloatArray]]:
    """(weights (N, K), middle (K,)) for each ridge."""
    middle = target.mean(0)
    strength, turned = np.linalg.eigh(near.astype(np.float64))
    across = turned.T @ (target - middle)
    return [
        (np.asarray(turned @ (across / (strength + ridge)[:, None]), np.float32), np.asarray(middle, np.float32))
        for ridge in ridges
    ]
