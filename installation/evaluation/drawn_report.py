"""The tables of ``run.py evaluate drawn``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.training.art.scores import Figure, accuracy
from installation.training.drawn.data import FOUR, Drawings
from installation.training.drawn.readings import Readings
from installation.training.fer import IntArray
from installation.types import DEPICTED, FloatArray

BAR = 0.75
"""Of balanced accuracy in four classes."""
DRAWS, SEED = 1000, 7


@dataclass(frozen=True)
class Scored:
    """One reader on FOUR: over all drawings, and the mean of the families' own figures; ``families`` are these."""

    reader: str
    seconds: float
    balanced: Figure
    macro_f1: Figure
    mean: Figure
    kinds: dict[str, float]
    recall: tuple[float, ...]
    families: dict[str, float]


def of_four(drawings: Drawings) -> IntArray:
    """The rows that depict one of FOUR."""
    return np.flatnonzero(drawings.labels < len(FOUR))


def score(drawings: Drawings, readings: Readings) -> Scored:
    """Intervals are 95 %, by drawing families anew: drawings of one hand are no independent proofs."""
    rows = of_four(drawings)
    labels, shares = drawings.labels[rows], readings.shares[rows][:, : len(FOUR)]
    hands = [drawings.hands[row] for row in rows]
    kinds = np.array([drawings.kinds[row] for row in rows])
    balanced, macro_f1 = accuracy(labels, shares, hands)
    own = {hand: balanced_accuracy(labels, shares, np.asarray(hands) == hand) for hand in sorted(set(hands))}
    return Scored(
        readings.reader,
        readings.seconds,
        balanced,
        macro_f1,
        mean_of(list(own.values())),
        {kind: balanced_accuracy(labels, shares, kinds == kind) for kind in np.unique(kinds)},
        tuple(float((shares.argmax(1) == k)[labels == k].mean()) for k in range(len(FOUR))),
        own,
    )


def balanced_accuracy(labels: IntArray, shares: FloatArray, here: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """Mean recall of the classes that there are among the rows ``here``."""
    right = (shares.argmax(1) == labels)[here]
    return float(np.mean([right[labels[here] == k].mean() for k in np.unique(labels[here])]))


def mean_of(values: Sequence[float]) -> Figure:
    """Their mean, with an interval by drawing them anew."""
    rng, array = np.random.default_rng(SEED), np.asarray(values)
    means = array[rng.integers(len(array), size=(DRAWS, len(array)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Figure(float(array.mean()), float(low), float(high))


def table(rows: Sequence[Scored], about: dict[str, str]) -> list[str]:
    """Markdown, a row a reader."""
    kinds = list(rows[0].kinds)
    head = [
        "reader",
        "balanced accuracy",
        "macro-F1",
        "mean of families",
        *kinds,
        *(f"recall {name}" for name in FOUR),
        "time",
    ]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        cells = [f"{row.reader}: {about[row.reader]}", str(row.balanced), str(row.macro_f1), str(row.mean)]
        cells += [f"{row.kinds[kind]:.2f}" for kind in kinds] + [f"{one:.2f}" for one in row.recall]
        lines.append("| " + " | ".join([*cells, f"{row.seconds:.0f} s"]) + " |")
    return lines


def family_table(rows: Sequence[Scored], drawings: Drawings) -> list[str]:
    """Markdown, a row a family with those that are left out with it, a column a reader."""
    lines = ["| family | faces | " + " | ".join(row.reader for row in rows) + " |", "|---" * (len(rows) + 2) + "|"]
    four = of_four(drawings)
    for hand in rows[0].families:
        names = sorted({drawings.families[row] for row in four if drawings.hands[row] == hand})
        count = sum(drawings.hands[row] == hand for row in four)
        cells = " | ".join(f"{row.families[hand]:.2f}" for row in rows)
        lines.append(f"| {', '.join(names)} | {count} | {cells} |")
    return lines


def six_table(drawings: Drawings, readings: Readings) -> list[str]:
    """Markdown: what drawings of each class were read as, of all of DEPICTED."""
    lines = ["| depicted \\ read | " + " | ".join(DEPICTED) + " | recall |", "|---" * (len(DEPICTED) + 2) + "|"]
    said = readings.shares.argmax(1)
    for k, name in enumerate(DEPICTED):
        own = said[drawings.labels == k]
        if len(own):
            counts = [int((own == j).sum()) for j in range(len(DEPICTED))]
            lines.append(f"| {name} | " + " | ".join(map(str, counts)) + f" | {counts[k] / len(own):.2f} |")
    return lines


def bar_line(row: Scored) -> str:
    """Whether the mean of the families reaches BAR."""
    word = "reached" if row.mean.value >= BAR else "missed"
    below = [f"{name} {value:.2f}" for name, value in row.families.items() if value < BAR]
    under = f"; families below it: {', '.join(below)}" if below else ""
    return f"{row.reader}: mean of the families {row.mean}, the bar of {BAR} is {word}{under}."
