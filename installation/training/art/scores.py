"""How good readings are: artists kept apart, and how far each figure can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import balanced_accuracy_score, f1_score
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from installation.training.art.tasks import NAMED_BY, Task
from installation.types import FloatArray

FOLDS, DRAWS, SEED = 5, 400, 7
LEVEL = 0.95
FEWEST = 15
"""An emotion with fewer works that evoke it has no AUC to speak of."""
Rows = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Figure:
    """A value and the ends of its interval (LEVEL, by drawing artists anew)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def folds(task: Task, artists: Sequence[str]) -> list[tuple[Rows, Rows]]:
    """(rows to learn from, rows to be read) of each fold, of the rows that count. No artist is in both; the classes are spread
    evenly where there is one for each work, and at least a work of each class for each fold."""
    rows = np.flatnonzero(task.counted)
    groups = np.asarray(artists)[rows]
    if task.one_of and np.unique(task.labels[rows], return_counts=True)[1].min() >= FOLDS:
        splitter: Any = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
        parts = splitter.split(rows, task.labels[rows], groups)
    else:
        parts = GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(rows, groups=groups)
    return [(rows[learn], rows[read]) for learn, read in parts]


def figure(measure: Callable[[Rows], float], artists: Sequence[str], draws: int = DRAWS) -> Figure:
    """``measure`` of all rows, and of rows whose artists are drawn with replacement: works of one hand are no independent
    proofs. Draws in which it cannot be measured (a class is missing) are left out."""
    found = [value for rows in _drawn(tuple(artists), draws) if np.isfinite(value := measure(rows))]
    low, high = np.quantile(found, (0.5 - LEVEL / 2, 0.5 + LEVEL / 2)) if found else (np.nan, np.nan)
    return Figure(measure(np.arange(len(artists))), float(low), float(high))


@lru_cache(maxsize=4)
def _drawn(artists: tuple[str, ...], draws: int) -> list[Rows]:
    """Works of artists drawn with replacement, ``draws`` times; the same for all that is measured of the same works."""
    rng = np.random.default_rng(SEED)
    names, member = np.unique(np.asarray(artists), return_inverse=True)
    works = [np.flatnonzero(member == k) for k in range(len(names))]
    return [np.concatenate([works[k] for k in rng.integers(len(names), size=len(names))]) for _ in range(draws)]


def accuracy(labels: Rows, readings: FloatArray, artists: Sequence[str]) -> tuple[Figure, Figure]:
    """Balanced accuracy and macro-F1 of readings (N, K)."""
    said = readings.argmax(1)
    every = np.unique(labels)

    def balanced(rows: Rows) -> float:
        # Resampled rows may lack a class; recall is then the mean of those there are.
        recalls = [float((said[rows] == k)[labels[rows] == k].mean()) for k in every if (labels[rows] == k).any()]
        return float(np.mean(recalls))

    def macro(rows: Rows) -> float:
        true, right = labels[rows], labels[rows][said[rows] == labels[rows]]
        size = readings.shape[1]
        both = np.bincount(true, minlength=size) + np.bincount(said[rows], minlength=size)
        return float(np.mean(2 * np.bincount(right, minlength=size)[every] / np.maximum(both[every], 1)))

    whole = np.arange(len(labels))
    assert np.isclose(balanced(whole), balanced_accuracy_score(labels, said))
    assert np.isclose(macro(whole), f1_score(labels, said, labels=every, average="macro", zero_division=0.0))
    return figure(balanced, artists), figure(macro, artists)


def auc(named: FloatArray, readings: FloatArray, artists: Sequence[str], draws: int = DRAWS) -> Figure | None:
    """Area under the ROC curve of one emotion's readings (N,), where ``named`` (N,) by NAMED_BY counts as evoked; None for an
    emotion that fewer than FEWEST works evoke."""
    evoked = named >= NAMED_BY
    if evoked.sum() < FEWEST:
        return None

    def measure(rows: Rows) -> float:
        there = evoked[rows]
        count, others = int(there.sum()), int((~there).sum())
        if not count or not others:
            return float("nan")
        # By ranks (Mann and Whitney 1947): thousands of draws in a second.
        return float((rankdata(readings[rows])[there].sum() - count * (count + 1) / 2) / (count * others))

    return figure(measure, artists, draws)


def correlation(shares: FloatArray, readings: FloatArray, artists: Sequence[str], draws: int = DRAWS) -> Figure:
    """Spearman's rank correlation of shares (N,) with readings (N,)."""

    def measure(rows: Rows) -> float:
        if np.ptp(shares[rows]) == 0 or np.ptp(readings[rows]) == 0:
            return float("nan")
        return float(np.corrcoef(rankdata(shares[rows]), rankdata(readings[rows]))[0, 1])

    if np.ptp(readings) == 0:
        return Figure(0.0, 0.0, 0.0)
    return figure(measure, artists, draws)
