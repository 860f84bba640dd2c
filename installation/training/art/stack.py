"""Ours where a work has one answer: balanced logistic regression of the twenty shares, as works by other artists tell them, and
of the strongest axes of what is seen; how far either is trusted is chosen within what is learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from installation.training.art.fit import Around, Lesson, Read
from installation.training.art.kernel import INNER, Points, learn, reading
from installation.types import FloatArray

REACH, RIDGE = 2.0, 0.3
"""Of the shares' reader here; set beforehand."""
STRONGEST, AXES_C = 20, 0.1
SHARES_C = (0.01, 0.03, 0.1)
WAYS = tuple((c, part) for c in SHARES_C for part in (0.0, 0.5))
"""What is tried: strength of the shares' logistic regression, and the part that the axes have in the answer."""
DRAWS, DRAWN = 5, 3
"""Times that the works are divided anew for the choice, and into how many parts."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """(N, 20) shares in deviations, and (N, STRONGEST) places on the axes."""

    shares: FloatArray
    axes: FloatArray

    def at(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> _Seen:
        return _Seen(self.shares[rows], self.axes[rows])


def stacked(lesson: Lesson) -> Read:
    """Learn from works with one answer and, for the shares, from all others that may be learnt from."""
    around = lesson.around
    assert around is not None
    whole = _lesson(around, np.arange(len(around.seen)), lesson.seed)
    guessed = np.empty_like(around.shares)
    for learns, reads in GroupKFold(INNER).split(around.seen, groups=around.artist):
        part = learn(_lesson(around, learns, lesson.seed), (REACH,), (RIDGE,))
        guessed[reads] = reading(part)(around.seen[reads])
    mean, deviation = guessed.mean(0), np.maximum(guessed.std(0), 1e-4)
    shares, points = reading(learn(whole, (REACH,), (RIDGE,))), Points.of(around.seen)
    strongest = points.axes[:, -STRONGEST:]
    scale = ((around.seen - points.mean) @ strongest).std(0).max()

    def places(seen: FloatArray) -> FloatArray:
        return np.asarray((seen - points.mean) @ strongest / scale, np.float32)

    known = _Seen((guessed[around.rows] - mean) / deviation, places(lesson.seen))
    labels = lesson.target.argmax(1)
    found = np.zeros(len(WAYS))
    for learns, reads in _divisions(labels, lesson.artist):
        said = _answers(known.at(learns), labels[learns], known.at(reads), lesson.target.shape[1])
        found += [_recall(labels[reads], one.argmax(1)) for one in said]
    best = int(found.argmax())

    def read(seen: FloatArray) -> FloatArray:
        asked = _Seen((shares(seen) - mean) / deviation, places(seen))
        return _answers(known, labels, asked, lesson.target.shape[1])[best]

    return read


def _recall(
    labels: np.ndarray[tuple[int], np.dtype[np.int64]], said: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    """Mean over the classes that there are."""
    return float(np.mean([(said[labels == k] == k).mean() for k in np.unique(labels)]))


def _divisions(
    labels: np.ndarray[tuple[int], np.dtype[np.int64]], artist: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> Iterator[tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.int64]]]]:
    kind = StratifiedGroupKFold if np.unique(labels, return_counts=True)[1].min() >= DRAWN else GroupKFold
    for draw in range(DRAWS):
        for learns, reads in kind(DRAWN, shuffle=True, random_state=draw).split(labels, labels, artist):
            if len(np.unique(labels[learns])) > 1:
                yield learns, reads


def _answers(
    known: _Seen, labels: np.ndarray[tuple[int], np.dtype[np.int64]], asked: _Seen, classes: int
) -> list[FloatArray]:
    """(N, classes) for each of WAYS."""

    def fitted(seen: FloatArray, other: FloatArray, c: float) -> FloatArray:
        made = LogisticRegression(C=c, class_weight="balanced", max_iter=500).fit(seen, labels)
        out = np.zeros((len(other), classes), np.float32)
        out[:, made.classes_] = made.predict_proba(other)
        return out

    by_axes = fitted(known.axes, asked.axes, AXES_C)
    by_shares = {c: fitted(known.shares, asked.shares, c) for c in SHARES_C}
    return [(1 - part) * by_shares[c] + part * by_axes for c, part in WAYS]


def _lesson(around: Around, rows: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int) -> Lesson:
    return Lesson(around.seen[rows], around.shares[rows], around.artist[rows], one_of=False, seed=seed)
