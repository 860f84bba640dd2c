"""What ``evaluate expression`` says: tables against the votes and against the label, confusion, reliability, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.training.fer import IntArray, Scores, table
from installation.training.fer_votes import BINS, Reliability, VoteScores
from installation.types import EMOTIONS, ByteArray, FloatArray

OURS = "ours"
PUBLISHED = (("VGG19", 0.6565), ("ResNet50", 0.6483), ("MobileNetV2", 0.6174), ("DenseNet201", 0.6634))
"""Name and accuracy on the public test, as published; nothing else of these is published reliably enough to print."""
VOTES_NOTE = """\
majority: of the faces of which more than half of all ten columns' votes go to one of the seven; plain: of the faces with at
least three votes for the seven, however they are split. New faces are no copies of training pictures.
KL (nats) from the votes' shares to the reading, Brier score (sum of squares): less is better. gap: mean distance of
probability and share of votes, 15 bins, weighted by count. Then recall of what most people said. In %, but KL and Brier."""
LABEL_NOTE = """\
accuracy (new: without copies of training pictures), F1, recall, ECE (calibration error, 15 bins) in %; M weights: million
numbers in the file; ms: median for a face, its preparation included, on one thread. F1 and recall are means over the seven
emotions, then recall of each. Confusion tables: rows are the true emotion. Two of the published networks' tables were printed
the other way round, so no recall is taken from them; their accuracies are the same either way. published: not measured here."""


@dataclass(frozen=True)
class Faces:
    """``images`` (N, 48, 48) uint8 grey, ``labels`` (N,), ``votes`` (N, 10) or None where nobody was asked.

    ``new`` (N,) is true where the picture is no copy of a training picture; None when that is not known.
    """

    images: ByteArray
    labels: IntArray
    votes: FloatArray | None
    new: npt.NDArray[np.bool_] | None


@dataclass(frozen=True)
class Row:
    """One network: against the label and against the votes, of all pictures and of those that are ``new``.

    What was not measured is None, and ``note`` says why.
    """

    name: str
    source: str
    accuracy: float | None = None
    by_label: Scores | None = None
    by_label_new: Scores | None = None
    by_votes: VoteScores | None = None
    by_votes_new: VoteScores | None = None
    weights: int | None = None
    ms: float | None = None
    note: str = ""


def published() -> list[Row]:
    """The networks that are compared by what their authors say."""
    return [Row(name, "published", accuracy) for name, accuracy in PUBLISHED]


def _percent(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{100 * value:.{digits}f}"


def _table(cells: Sequence[Sequence[str]], left: int) -> str:
    """Markdown with columns of even width; the first line is the head, the first ``left`` columns are words."""
    cells = [cells[0], ["---"] * left + ["---:"] * (len(cells[0]) - left), *cells[1:]]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    lines = []
    for index, line in enumerate(cells):
        fill = "-" if index == 1 else " "
        padded = []
        for column, (cell, width) in enumerate(zip(line, widths)):
            padded.append(cell.ljust(width) if column < left and index != 1 else cell.rjust(width, fill))
        lines.append("| " + " | ".join(padded) + " |")
    return "\n".join(lines)


def label_table(rows: Sequence[Row]) -> str:
    """The comparison by FER-2013's label, notes of single networks below it."""
    head = ["network", "from", "accuracy", "new", "F1", "recall", "ECE", "M weights", "ms", *EMOTIONS]
    lines = []
    for row in rows:
        s, new = row.by_label, row.by_label_new
        figures = (None, None, None) if s is None else (s.macro_f1, s.macro_recall, s.ece)
        recall: Sequence[float | None] = [None] * len(EMOTIONS) if s is None else [float(share) for share in s.recall]
        lines.append(
            [
                row.name,
                row.source,
                _percent(row.accuracy),
                _percent(None if new is None else new.accuracy),
                *(_percent(figure) for figure in figures),
                "-" if row.weights is None else f"{row.weights / 1e6:.2f}",
                "-" if row.ms is None else f"{row.ms:.2f}",
                *(_percent(share, 1) for share in recall),
            ]
        )
    return "\n".join([_table([head, *lines], 2), *(f"{row.name}: {row.note}" for row in rows if row.note)])


def votes_table(named: Sequence[tuple[str, VoteScores]]) -> str:
    """The comparison by what people say, of networks by their names."""
    head = ["network", "majority", "plain", "KL", "Brier", "gap", *EMOTIONS]
    lines = [
        [
            name,
            _percent(s.majority),
            _percent(s.plain_majority),
            f"{s.kl:.3f}",
            f"{s.brier:.3f}",
            _percent(s.reliability.gap),
            *(_percent(float(share), 1) for share in s.recall),
        ]
        for name, s in named
    ]
    return _table([head, *lines], 1)


def confusion_table(scores: VoteScores) -> str:
    """Of the faces of which most people agree: rows are what they said, columns what was read."""
    counts = scores.confusion.sum(axis=1)
    lines = [
        [emotion, *(str(count) for count in row), str(faces), f"{recall:.1%}"]
        for emotion, row, faces, recall in zip(EMOTIONS, scores.confusion, counts, scores.recall)
    ]
    return _table([["people say \\ read", *EMOTIONS, "faces", "recall"], *lines], 1)


def reliability_table(found: Reliability) -> str:
    """The reliability diagram in figures: a line a bin of the probability."""
    lines = []
    for index in range(BINS):
        share = f"{found.voted[index]:.3f}" if found.counts[index] else "-"
        mean = f"{found.predicted[index]:.3f}" if found.counts[index] else "-"
        lines.append([f"{index / BINS:.2f} to {(index + 1) / BINS:.2f}", str(found.counts[index]), mean, share])
    return _table([["probability", "readings", "mean", "votes' share"], *lines], 1)


def report(rows: Sequence[Row], faces: Faces) -> str:
    """Everything that is printed."""
    parts = [f"{len(faces.labels)} faces of publictest.npz"]
    if faces.new is not None:
        parts[0] += f"; {(~faces.new).sum()} of these are copies of training pictures, {faces.new.sum()} are new"
    every = [(row.name, row.by_votes) for row in rows if row.by_votes is not None]
    new = [(row.name, row.by_votes_new) for row in rows if row.by_votes_new is not None]
    for named, which in ((every, ""), (new, " new")):
        if named:
            first = named[0][1]
            agreed = f"more than half agree about {first.sure}{which} faces; {first.faces} have at least three votes"
            parts += [f"What people say: {agreed}", votes_table(named)]
    if every:
        parts.append(VOTES_NOTE)
    parts += ["FER-2013's own label, one person's word", label_table(rows), LABEL_NOTE]
    for row in (row for row in rows if row.name == OURS):
        for scores, which in ((row.by_votes, ""), (row.by_votes_new, ", new faces")):
            if scores is not None:
                gap = f"mean gap {scores.reliability.gap:.4f}"
                parts.append(f"ours, against the votes{which}:\n\n{confusion_table(scores)}")
                parts.append(
                    f"probability against share of votes{which}, {gap}:\n\n{reliability_table(scores.reliability)}"
                )
        for by_label, which in ((row.by_label, ""), (row.by_label_new, ", new faces")):
            if by_label is not None:
                parts.append(f"ours, against the label{which}: {table(by_label)}")
    return "\n\n".join(parts)


def as_json(rows: Sequence[Row], faces: Faces) -> dict[str, Any]:
    """All figures as plain data; in ``confusion`` the true emotions are the rows, both ways in the order of ``emotions``."""
    return {
        "emotions": EMOTIONS,
        "faces": len(faces.labels),
        "copies": None if faces.new is None else int((~faces.new).sum()),
        "rows": [_row_as_json(row) for row in rows],
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in ("name", "source", "accuracy", "weights", "ms", "note")}
    return {
        **fields,
        "label": _label_as_json(row.by_label),
        "label_without_copies": _label_as_json(row.by_label_new),
        "votes": _votes_as_json(row.by_votes),
        "votes_without_copies": _votes_as_json(row.by_votes_new),
    }


def _recall(recall: FloatArray) -> dict[str, float]:
    return {emotion: round(float(share), 6) for emotion, share in zip(EMOTIONS, recall)}


def _label_as_json(s: Scores | None) -> dict[str, Any] | None:
    if s is None:
        return None
    figures = {name: getattr(s, name) for name in ("accuracy", "macro_f1", "macro_recall", "ece")}
    return {**figures, "recall": _recall(s.recall), "confusion": s.confusion.tolist()}


def _votes_as_json(s: VoteScores | None) -> dict[str, Any] | None:
    if s is None:
        return None
    figures = {name: getattr(s, name) for name in ("sure", "majority", "faces", "plain_majority", "kl", "brier")}
    bins = {
        "gap": s.reliability.gap,
        "counts": s.reliability.counts.tolist(),
        "predicted": [round(float(one), 6) for one in s.reliability.predicted],
        "voted": [round(float(one), 6) for one in s.reliability.voted],
    }
    return {**figures, "recall": _recall(s.recall), "confusion": s.confusion.tolist(), "reliability": bins}
