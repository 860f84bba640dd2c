"""The tables of ``run.py evaluate art``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.training.art.readings import Readings
from installation.training.art.scores import FEWEST, Figure, accuracy, auc, correlation
from installation.training.art.tasks import NAMED_BY, Task
from installation.types import FloatArray

ANNOTATORS = 10
"""The fewest people who were asked about a work."""
SHOWN = ("happiness", "fear", "anger", "sadness")


@dataclass(frozen=True)
class Accuracy:
    """One model on a task with one answer a work."""

    model: str
    task: str
    balanced: Figure
    macro_f1: Figure
    seconds: float


@dataclass(frozen=True)
class Emotion:
    """One model on the share of one emotion; ``auc`` is None where too few works evoke it."""

    model: str
    name: str
    evoking: int
    auc: Figure | None
    spearman: Figure


def accuracies(readings: Sequence[Readings], artists: Sequence[str]) -> list[Accuracy]:
    """Of the readings whose task has one answer a work."""
    out = []
    for one in readings:
        if one.task.one_of:
            rows = [int(row) for row in np.flatnonzero(one.task.counted)]
            who = [artists[row] for row in rows]
            out.append(
                Accuracy(one.model, one.task.name, *accuracy(one.task.labels[rows], one.shares[rows], who), one.seconds)
            )
    return out


def emotions(readings: Sequence[Readings], artists: Sequence[str]) -> list[Emotion]:
    """Of the readings whose task is shares, an entry for each model and emotion."""
    out = []
    for one in readings:
        if not one.task.one_of:
            for k, name in enumerate(one.task.classes):
                named, read = one.task.target[:, k], one.shares[:, k]
                evoking = int((named >= NAMED_BY).sum())
                found = auc(named, read, artists), correlation(named, read, artists)
                out.append(Emotion(one.model, name, evoking, *found))
    return out


def ceiling(task: Task, rng: np.random.Generator) -> FloatArray:
    """(N, K): what ANNOTATORS other people would say, drawn as if each share were the truth. No model that is right about the
    truth reads these better, so it is what readings can be held against; it flatters, for the shares are themselves answers of
    few."""
    return np.asarray(rng.binomial(ANNOTATORS, task.target) / ANNOTATORS, np.float32)


def accuracy_table(rows: Sequence[Accuracy], about: dict[str, str]) -> list[str]:
    """Markdown, a row a model, a column a task."""
    tasks = list(dict.fromkeys(row.task for row in rows))
    lines = ["| model | " + " | ".join(f"{task}: balanced accuracy | macro-F1" for task in tasks) + " | time |"]
    lines.append("|---" * (2 * len(tasks) + 2) + "|")
    for model in dict.fromkeys(row.model for row in rows):
        own = {row.task: row for row in rows if row.model == model}
        told = "not measured | not measured"
        cells = [f"{own[task].balanced} | {own[task].macro_f1}" if task in own else told for task in tasks]
        seconds = sum(row.seconds for row in own.values())
        lines.append(f"| {model}: {about[model]} | " + " | ".join(cells) + f" | {seconds:.0f} s |")
    return lines


def emotion_table(rows: Sequence[Emotion]) -> list[str]:
    """Markdown, a row a model: AUC of the emotions in SHOWN, and the mean over all that can be measured."""
    lines = ["| model | " + " | ".join(SHOWN) + " | mean AUC | mean Spearman |", "|---" * (len(SHOWN) + 3) + "|"]
    for model in dict.fromkeys(row.model for row in rows):
        own = {row.name: row for row in rows if row.model == model}
        cells = [str(own[name].auc) if own[name].auc else "too few" for name in SHOWN]
        lines.append(f"| {model} | " + " | ".join(cells) + f" | {mean_auc(rows, model):.3f} | {_mean_rho(own):.3f} |")
    return lines


def every_emotion(rows: Sequence[Emotion], model: str) -> list[str]:
    """Markdown, a row an emotion, of one model."""
    lines = ["| emotion | works that evoke it | AUC | Spearman |", "|---|---|---|---|"]
    for row in sorted((row for row in rows if row.model == model), key=lambda row: -row.evoking):
        told = str(row.auc) if row.auc else f"fewer than {FEWEST} works: cannot be said"
        lines.append(f"| {row.name} | {row.evoking} | {told} | {row.spearman} |")
    return lines


def mean_auc(rows: Sequence[Emotion], model: str) -> float:
    """Of the emotions that enough works evoke."""
    return float(np.mean([row.auc.value for row in rows if row.model == model and row.auc is not None]))


def _mean_rho(own: dict[str, Emotion]) -> float:
    return float(np.mean([row.spearman.value for row in own.values()]))
