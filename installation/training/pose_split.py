"""Which recorded rows poses are fitted on and which are held out, so that the figures are honest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.poses.table import PoseTable

Numbers = npt.NDArray[np.intp]
Fold = tuple[Numbers, Numbers]
"""(rows to learn from, rows held out)."""
MIN_ROWS = 10
MAX_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Split:
    """How honesty is kept: ``folds`` of row numbers, ``what`` was left out in turn, ``warnings`` where that falls short."""

    folds: tuple[Fold, ...]
    what: str
    honest: bool
    warnings: tuple[str, ...]


def split(table: PoseTable) -> Split:
    """Folds that leave out people where every label was recorded by two or more, else takes, else pieces of the only take."""
    labels, people, takes = np.array(table.labels), np.array(table.people), np.array(table.takes)
    names = sorted(set(table.labels))
    by_one = [name for name in names if len(set(people[labels == name])) < 2]
    if not by_one:
        _, number = np.unique(people, return_inverse=True)
        return Split(tuple(folds_of(number % MAX_FOLDS)), "people", True, ())
    group = np.zeros(len(table), np.intp)
    single = []
    for name in names:
        rows = np.flatnonzero(labels == name)
        recorded = sorted(set(zip(people[rows], takes[rows])))
        if len(recorded) > 1:
            group[rows] = [recorded.index(one) % MAX_FOLDS for one in zip(people[rows], takes[rows])]
        else:
            single.append(name)
            group[rows] = np.arange(len(rows)) * 4 // len(rows)
    warnings = []
    if len(set(table.people)) > 1:
        warnings.append(f"recorded by one person only: {', '.join(by_one)}; so takes are left out, not people")
    if single:
        warnings.append(
            f"one take only: {', '.join(single)}. No figure for it can be honest: pieces of a single take resemble each "
            f"other. Record a second take of each, at another place and distance"
        )
    what = (
        "takes" if not single else "pieces of a take" if len(single) == len(names) else "takes, pieces of single takes"
    )
    return Split(tuple(folds_of(group)), what, not single, tuple(warnings))


def folds_of(group: Numbers) -> Iterator[Fold]:
    for number in np.unique(group):
        yield np.flatnonzero(group != number), np.flatnonzero(group == number)


def thin(table: PoseTable, rows: Numbers, most: int) -> Numbers:
    """At most about ``most`` of ``rows``, shared evenly between labels and then takes, evenly spaced within each."""
    takes: dict[str, dict[tuple[str, int], list[int]]] = {}
    for row in rows.tolist():
        takes.setdefault(table.labels[row], {}).setdefault((table.people[row], table.takes[row]), []).append(row)
    kept: list[int] = []
    for of_label in takes.values():
        share = max(MIN_ROWS, most // len(takes) // len(of_label))
        for of_take in of_label.values():
            step = max(1.0, len(of_take) / share)
            kept += [of_take[int(at)] for at in np.arange(0.0, len(of_take), step)]
    return np.array(sorted(kept), np.intp)
