"""The artist's poses, fitted in seconds: classifiers compared on what they were not shown, the best one kept.

Four kinds of classifier are compared by leaving out whole people, or whole takes, for rows of one take resemble each other so
much that any classifier looks perfect on a random split. The best one is fitted on everything and becomes ONNX.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from tqdm import tqdm

from installation.poses.features import BODY_COLUMNS, COLUMNS, LEG_COLUMNS, LEG_REST, mirror_columns
from installation.poses.table import NONE, PoseTable
from installation.training.pose_model import Gate, column_weights, distances, gate_share, to_graph
from installation.training.pose_split import MIN_ROWS, Fold, Numbers, Split, folds_of, split, thin
from installation.types import FloatArray

MAX_ROWS = 1200
"""Rows learnt from, before mirror images; neighbouring pictures say the same, so every so-many-th is as good."""
MAX_REFERENCES = 300
JITTER = 0.03
"""Standard deviation of noise on what is learnt, about the landmarkers' own."""
MIN_RADIUS, MAX_RADIUS = 0.5, 1.0
"""Of what counts as the same posture. Measured on the simulated figure and on clips: 95 % of another person's or take's rows
of a held pose lie within 0.6 to 1.0 of the nearest one, those of other poses beyond 1.5."""
ALIKE = 0.005
"""Pipelines within this macro F1 of the best are equals; the surer probabilities (log loss, to two digits) then decide, and
among equals in that the one named first, which is smaller and keeps fewer recorded rows in the file."""


class NotEnoughError(Exception):
    """The table does not hold enough to train on; the message says what to record."""


@dataclass(frozen=True, slots=True)
class Score:
    """One pipeline on held-out rows: means over the folds, and the ``worst`` fold's accuracy."""

    name: str
    accuracy: float
    macro_f1: float
    worst: float
    log_loss: float
    seconds: float


@dataclass(frozen=True, slots=True)
class PoseFit:
    """What training gives: the ONNX file's bytes, all scores (the chosen one first), the split, and what the stored kind of
    model reads in held-out rows at the threshold: ``confusion`` (L, L) counts over ``labels``, rows are the truth."""

    data: bytes
    scores: tuple[Score, ...]
    split: Split
    labels: tuple[str, ...]
    confusion: npt.NDArray[np.int64]


def pipelines(folds: list[Fold]) -> dict[str, Any]:
    """The classifiers compared. ``folds`` (of the rows they will be fitted on) serve the support vectors' calibration."""
    balanced = {"class_weight": "balanced", "random_state": 0}
    return {
        "logistic regression": LogisticRegression(C=10.0, max_iter=1000, **balanced),
        "support vectors, RBF": CalibratedClassifierCV(
            SVC(C=10.0, gamma="scale", **balanced), method="sigmoid", cv=folds, ensemble=False
        ),
        "nearest neighbours": KNeighborsClassifier(n_neighbors=11),
        "random forest": RandomForestClassifier(60, min_samples_leaf=2, max_samples=0.5, **balanced),
    }


class PoseTrainer:
    """Everything about one table and its columns that folds and final fit share."""

    def __init__(self, table: PoseTable, mirror: bool, face: bool) -> None:
        self.table, self.mirror = table, mirror
        self.columns = COLUMNS if face else BODY_COLUMNS
        self.labels = tuple(sorted(set(table.labels)))
        self.rows: FloatArray = table.features[:, [COLUMNS.index(name) for name in self.columns]]
        self.truth = np.array([self.labels.index(label) for label in table.labels], np.intp)
        self._weights = column_weights(self.columns)
        self._legs = [self.columns.index(name) for name in LEG_COLUMNS]
        self._order, self._sign = mirror_columns(self.columns)

    def learnable(self, rows: Numbers) -> tuple[FloatArray, Numbers, Numbers]:
        """(weighted rows, truth, the row each was made from): thinned, with mirror images, and with legs out of the picture."""
        rows = thin(self.table, rows, MAX_ROWS)
        x, origin = self.rows[rows], rows
        # A quarter of those that show legs are repeated without, so that arms decide where legs cannot be seen.
        legged = np.flatnonzero(np.abs(x[:, self._legs] - LEG_REST).max(axis=1) > 0.1)[::4]
        hidden = x[legged].copy()
        hidden[:, self._legs] = LEG_REST
        x, origin = np.concatenate([x, hidden]), np.concatenate([origin, rows[legged]])
        if self.mirror:
            x, origin = np.concatenate([x, x[:, self._order] * self._sign]), np.concatenate([origin, origin])
        noise = np.random.default_rng(0).normal(0.0, JITTER, x.shape)
        return ((x + noise) * self._weights).astype(np.float32), self.truth[origin], origin

    def fitted(self, name: str, rows: Numbers, folds: tuple[Fold, ...]) -> Any:
        """Pipeline ``name`` fitted on ``rows``. ``folds`` of the whole table say what calibration holds out."""
        x, y, origin = self.learnable(rows)
        held = [np.isin(origin, test) for _, test in folds]
        inner = [(np.flatnonzero(~part), np.flatnonzero(part)) for part in held if part.any() and not part.all()]
        # A label that one fold alone holds cannot be left out.
        inner = [(train, test) for train, test in inner if len(set(y[train])) == len(set(y))]
        if not inner:
            inner = list(folds_of(np.arange(len(x)) % 3))
        estimator = pipelines(inner)[name]
        estimator.fit(x, y)
        return estimator

    def shares(self, estimator: Any, rows: Numbers) -> npt.NDArray[np.float64]:
        """(N, labels) of ``rows`` as measured, the mean over both images where mirrored; 0 for labels never learnt."""
        images = [self.rows[rows]]
        if self.mirror:
            images.append(images[0][:, self._order] * self._sign)
        found = np.mean([estimator.predict_proba(image * self._weights) for image in images], axis=0)
        whole = np.zeros((len(rows), len(self.labels)))
        whole[:, estimator.classes_] = found
        return whole

    def references(self, label: int, rows: Numbers) -> FloatArray:
        """(M, F) postures of label number ``label`` among ``rows``, and their mirror images."""
        rows = rows[self.truth[rows] == label]
        x = self.rows[thin(self.table, rows, MAX_REFERENCES // len(self.labels))]
        return np.concatenate([x, x[:, self._order] * self._sign]) if self.mirror else x

    def gates(self, folds: tuple[Fold, ...]) -> tuple[dict[str, Gate], npt.NDArray[np.float64]]:
        """The gate of each label but "none", and what it would leave of each row's labels, (N, labels), while held out.

        A radius holds 95 % of the distances of a label's held-out rows from its other rows.
        """
        gates, left = {}, np.ones((len(self.table), len(self.labels)))
        for number, label in enumerate(self.labels):
            if label == NONE:
                continue
            far = np.full(len(self.table), np.inf)
            for train, test in folds:
                references = self.references(number, train)
                if len(references):
                    far[test] = distances(self.rows[test], references, self.columns)
            own = far[(self.truth == number) & np.isfinite(far)]
            radius = float(np.quantile(own, 0.95)) if len(own) else MIN_RADIUS
            radius = min(max(radius, MIN_RADIUS), MAX_RADIUS)
            gates[label] = Gate(self.references(number, np.arange(len(self.table))), radius)
            left[:, number] = gate_share(far, radius)
        return gates, left


def fit(
    table: PoseTable, mirror: bool = True, face: bool = False, threshold: float = 0.6, quiet: bool = False
) -> PoseFit:
    """Compare, choose, and fit on everything. Raises NotEnoughError.

    ``mirror``: a pose and its mirror image are the same. ``face``: the expression counts, too. ``threshold``: what a
    probability must reach in the confusion table. ``quiet``: no progress bar.
    """
    _check_enough(table)
    trainer, parts = PoseTrainer(table, mirror, face), split(table)
    scores: list[Score] = []
    held_out = {}
    with tqdm(total=4 * len(parts.folds), desc="comparing", disable=quiet, leave=False) as progress:
        for name in pipelines([]):
            score, held_out[name] = _score(trainer, name, parts, progress.update)
            scores.append(score)
    best = max(score.macro_f1 for score in scores)
    alike = [score for score in scores if score.macro_f1 >= best - ALIKE]
    chosen = min(alike, key=lambda score: round(score.log_loss, 2))
    gates, left = trainer.gates(parts.folds)
    outputs = (*(label for label in trainer.labels if label != NONE), NONE)
    confusion = _confusion(trainer, held_out[chosen.name] * left, outputs, threshold)
    estimator = trainer.fitted(chosen.name, np.arange(len(table)), parts.folds)
    data = to_graph(estimator, trainer.labels, trainer.columns, mirror, gates, _notes(table, parts, chosen))
    return PoseFit(data, (chosen, *(s for s in scores if s is not chosen)), parts, outputs, confusion)


def _check_enough(table: PoseTable) -> None:
    names = sorted(set(table.labels))
    few = [f"{name} ({table.labels.count(name)})" for name in names if table.labels.count(name) < MIN_ROWS]
    if few:
        raise NotEnoughError(f"too few rows of {', '.join(few)}; record {MIN_ROWS} or more, or forget the label")
    if len(names) < 2:
        raise NotEnoughError(f"only {', '.join(names) or 'nothing'} is recorded; record a second pose, or {NONE!r}")


def _score(
    trainer: PoseTrainer, name: str, parts: Split, step: Callable[[], object]
) -> tuple[Score, npt.NDArray[np.float64]]:
    """The score, and what the pipeline said of every row while it was held out, (N, labels)."""
    started_s = time.perf_counter()
    right, f1, loss = [], [], []
    held_out = np.zeros((len(trainer.table), len(trainer.labels)))
    for train, test in parts.folds:
        shares = trainer.shares(trainer.fitted(name, train, parts.folds), test)
        held_out[test] = shares
        truth, read = trainer.truth[test], shares.argmax(axis=1)
        right.append(float((read == truth).mean()))
        f1.append(float(f1_score(truth, read, average="macro", labels=np.unique(truth), zero_division=0)))
        sure = np.clip(shares, 1e-3, None)
        sure /= sure.sum(axis=1, keepdims=True)
        loss.append(float(log_loss(truth, sure, labels=np.arange(len(trainer.labels)))))
        step()
    seconds = time.perf_counter() - started_s
    score = Score(name, float(np.mean(right)), float(np.mean(f1)), min(right), float(np.mean(loss)), seconds)
    return score, held_out


def _confusion(
    trainer: PoseTrainer, shares: npt.NDArray[np.float64], outputs: tuple[str, ...], threshold: float
) -> npt.NDArray[np.int64]:
    """(L, L) counts of held-out rows: truth by what the piece would have said, "none" below the threshold."""
    place = np.array([outputs.index(label) for label in trainer.labels], np.intp)
    poses = shares * (place != len(outputs) - 1)
    read = np.where(poses.max(axis=1) >= threshold, place[poses.argmax(axis=1)], len(outputs) - 1)
    counts = np.zeros((len(outputs), len(outputs)), np.int64)
    np.add.at(counts, (place[trainer.truth], read), 1)
    return counts


def _notes(table: PoseTable, parts: Split, chosen: Score) -> dict[str, str]:
    scores = {
        "accuracy": round(chosen.accuracy, 4),
        "macro_f1": round(chosen.macro_f1, 4),
        "worst_fold": round(chosen.worst, 4),
    }
    return {
        "pipeline": chosen.name,
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "left_out": parts.what,
        "honest": json.dumps(parts.honest),
        "scores": json.dumps(scores),
        "rows": str(len(table)),
    }
