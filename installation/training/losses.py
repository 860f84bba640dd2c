"""How a training goes: a table of named losses, a row now and then, its plot, and how long it will still take."""

from __future__ import annotations

import csv
import io
import logging
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.base.files import write_whole

log = logging.getLogger(__name__)
TABLE, PLOT = "losses.csv", "losses.png"
APART = 3.0
"""Losses share a panel while their usual sizes are not further apart than by this factor: else the small one lies flat."""
MAX_IN_A_PANEL = 3
SMOOTHED_ROWS = 40
"""From so many rows on a running mean over a twentieth of them is drawn, with the rows themselves pale behind it."""
COLOURS = ("#3b6ea5", "#c8553d", "#5b8c5a")


class Progress:
    """Of a training that ends ``minutes`` or ``steps`` from now, whichever comes first; ``step`` is where it begins.

    ``leads``: whether this process logs and stores anything at all.
    """

    def __init__(self, folder: Path, step: int, minutes: float, steps: int, leads: bool = True) -> None:
        self._folder, self._first, self._minutes, self._steps, self._leads = folder, step, minutes, steps, leads
        self._started_s, self._step = time.monotonic(), step
        self._seen: dict[str, list[float]] = {}

    @property
    def is_over(self) -> bool:
        """Whether the time or the steps are spent."""
        return self._spent_s >= 60 * self._minutes or self._step - self._first >= self._steps

    @property
    def _spent_s(self) -> float:
        return time.monotonic() - self._started_s

    def note(self, step: int, losses: Mapping[str, float]) -> None:
        """After each step; not every loss needs to come at every step."""
        self._step = step
        for name, value in losses.items():
            self._seen.setdefault(name, []).append(value)

    def report(self, names: Sequence[str]) -> None:
        """Means since the last time, pace and the time left to the log; the means as a row to the table.

        A loss of ``names`` that did not come is not a number there.
        """
        means = {name: float(np.mean(self._seen[name])) if self._seen.get(name) else math.nan for name in names}
        self._seen.clear()
        if not self._leads:
            return
        add(self._folder, self._step, means)
        pace_s = self._spent_s / max(1, self._step - self._first)
        left_s = min(60 * self._minutes - self._spent_s, (self._first + self._steps - self._step) * pace_s)
        text = "  ".join(f"{name} {value:.3f}" for name, value in means.items())
        log.info("step %d  %s  %.2f s a step, %.0f min left", self._step, text, pace_s, max(left_s, 0) / 60)


def add(folder: Path, step: int, losses: Mapping[str, float]) -> None:
    """Put a row into ``folder``/losses.csv.

    Rows from ``step`` on are dropped first: they are from a training that resumed from an earlier checkpoint. A table with
    other losses, of another version, is kept beside it under the name losses-before-STEP.csv.
    """
    table = folder / TABLE
    steps, known = read(table) if table.is_file() else ([], {})
    if known and list(known) != list(losses):
        table.replace(folder / f"losses-before-{step}.csv")
        steps, known = [], {}
    kept = sum(one < step for one in steps)
    columns = {name: [*known.get(name, [])[:kept], value] for name, value in losses.items()}
    write(folder, [*steps[:kept], step], columns)


def write(folder: Path, steps: Sequence[int], losses: Mapping[str, Sequence[float]]) -> None:
    """The whole table, in one step; ``losses`` are columns as long as ``steps``."""
    folder.mkdir(parents=True, exist_ok=True)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["step", *losses])
    for row, step in enumerate(steps):
        writer.writerow([step, *(f"{values[row]:.5g}" for values in losses.values())])
    write_whole(folder / TABLE, file.getvalue().encode())


def read(table: Path) -> tuple[list[int], dict[str, list[float]]]:
    """Steps and columns of a table. Raises ValueError for a file that is none."""
    with table.open(newline="", encoding="utf-8") as file:
        names, *rows = list(csv.reader(file)) or [[]]
    if names[:1] != ["step"] or any(len(row) != len(names) for row in rows):
        raise ValueError(f"{table} is no table of losses; move it away to resume")
    return [int(row[0]) for row in rows], {
        name: [float(row[k + 1]) for row in rows] for k, name in enumerate(names[1:])
    }


def panels(losses: Mapping[str, Sequence[float]]) -> list[list[str]]:
    """Names that can be read off one scale, from the largest to the smallest; none shares a panel with more than two."""
    sizes = {name: _size(values) for name, values in losses.items()}
    found: list[list[str]] = []
    for name in sorted(sizes, key=lambda one: -sizes[one]):
        last = found[-1] if found else []
        if last and len(last) < MAX_IN_A_PANEL and sizes[last[0]] <= APART * sizes[name]:
            last.append(name)
        else:
            found.append([name])
    return found


def _size(values: Sequence[float]) -> float:
    """Usual distance from 0; one wild row does not count."""
    finite = np.abs(np.array([value for value in values if math.isfinite(value)]))
    return float(np.quantile(finite, 0.75)) if len(finite) else 0.0


def plot(folder: Path, title: str) -> None:
    """The table of ``folder`` as losses.png, in as many panels as the losses have scales; nothing where there is no row.

    Says nothing of how good the pictures are: look at the sheets.
    """
    steps, losses = read(folder / TABLE) if (folder / TABLE).is_file() else ([], {})
    if not steps:
        return
    import matplotlib as mpl
    from matplotlib.figure import Figure

    groups = panels(losses)
    columns = min(2, len(groups))
    rows = math.ceil(len(groups) / columns)
    style = {"axes.spines.top": False, "axes.spines.right": False, "font.size": 9, "axes.titlesize": 9}
    with mpl.rc_context(style):
        figure = Figure(figsize=(5 * columns, 0.5 + 2.3 * rows), layout="constrained")
        for place, names in enumerate(groups):
            axes = figure.add_subplot(rows, columns, place + 1)
            for name, colour in zip(names, COLOURS):
                _draw(axes, steps, np.asarray(losses[name], np.float64), name, colour)
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 0.98), ncols=MAX_IN_A_PANEL, fontsize=8)
            axes.grid(alpha=0.15)
            if place >= len(groups) - columns:
                axes.set_xlabel("step")
        figure.suptitle(title, fontsize=10)
        figure.savefig(folder / PLOT, dpi=100)


def _draw(axes: Any, steps: Sequence[int], values: npt.NDArray[np.float64], name: str, colour: str) -> None:
    if len(values) < SMOOTHED_ROWS:
        axes.plot(steps, values, color=colour, linewidth=1.2, label=name, marker="." if len(values) == 1 else None)
        return
    axes.plot(steps, values, color=colour, linewidth=0.7, alpha=0.3)
    axes.plot(steps, _smoothed(values), color=colour, linewidth=1.3, label=name)


def _smoothed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Mean over a twentieth of all rows around each, fewer at the ends; what is not finite is left out."""
    half = max(1, len(values) // 40)
    kernel = np.ones(2 * half + 1)
    there = np.isfinite(values)
    total = np.convolve(np.where(there, values, 0.0), kernel, "same")
    counts = np.convolve(there.astype(np.float64), kernel, "same")
    return np.asarray(total / np.maximum(counts, 1))
