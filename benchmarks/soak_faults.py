"""Runs the piece for an hour with a fault every ten seconds and says whether memory, files or OpenGL objects grow.

    .venv/bin/python benchmarks/soak_faults.py [--seconds 3600] [--seed 1]

The faults are those of tests/faults/table.py, drawn by the seed. Figures are taken in the quiet moment before each. The first
sixth of the run, ten minutes of an hour, is its warm-up; the window after it is compared with the run's last one (medians of
memory, the least number of open files and threads). Children are restarted by the faults, so they are compared at the same
age. Memory is what a process has for itself (USS): shared pages depend on what else runs here, and a leak is private.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults import limits
from tests.faults.checkout import Checkout
from tests.faults.fault import Fault
from tests.faults.network import Network
from tests.faults.piece import Piece, PieceError
from tests.faults.table import FAULTS

EVERY_S = 10.0
SHORTEST_S, LONGEST_S = 1.0, 4.0
"""A fault's length; the rest of ten seconds is for recovery."""
AGE_S = 8.0
"""At this age children are measured, once each."""
FILES = 2
"""More open files or threads than this at the end are a leak: one in reading the figures and one in closing are not."""


@dataclass
class Figures:
    """What was measured, each with the second of the run."""

    memory_mb: list[tuple[float, float]] = field(default_factory=list)
    files: list[tuple[float, float]] = field(default_factory=list)
    threads: list[tuple[float, float]] = field(default_factory=list)
    children: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: {"perception": [], "sender": []})
    measured: set[int] = field(default_factory=set)
    late: Counter[str] = field(default_factory=Counter)
    """How often all was not well again ten seconds after which fault began."""

    def take(self, piece: Piece, t_s: float) -> None:
        """Look at the main process, and at children that have come of age."""
        main = psutil.Process(piece.process.pid)
        self.memory_mb.append((t_s, main.memory_full_info().uss / 2**20))
        self.files.append((t_s, main.num_fds()))
        self.threads.append((t_s, main.num_threads()))
        self.take_children(piece, t_s)

    def take_children(self, piece: Piece, t_s: float) -> None:
        """Measure each child once, when it has the age."""
        for name, child in (("perception", piece.perception), ("sender", piece.sender)):
            if child is None or child.pid in self.measured:
                continue
            # It may end at any moment.
            with contextlib.suppress(psutil.Error):
                if time.time() - child.create_time() >= AGE_S:
                    self.children[name].append((t_s, child.memory_full_info().uss / 2**20))
                    self.measured.add(child.pid)


def main() -> int:
    """Print the figures; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.seconds < 180:
        parser.error("at least 180 seconds: half a minute each to warm up, to start from and to end with")
    with tempfile.TemporaryDirectory() as name:
        folder, network, figures = Path(name), Network(), Figures()
        checkout = Checkout(folder / "checkout")
        piece = Piece(checkout, network, folder / "piece")
        try:
            piece.start()
            soak(piece, figures, options.seconds, options.seed)
            ended = end(piece)
            objects = gl_objects(piece)
        finally:
            piece.abandon()
            checkout.close()
            network.close()
    return judge(figures, objects, options.seconds) or ended


def end(piece: Piece) -> int:
    """End it; 1, with the reason, where that does not go as it should."""
    try:
        piece.end()
    except PieceError as error:
        print(f"the end: {error}")
        return 1
    return 0


def gl_objects(piece: Piece) -> list[float]:
    """How many there were, second by second, where that was counted."""
    timeline = json.loads(piece.report.read_text())["timeline"]
    return [entry["gl_objects"] for entry in timeline if entry["gl_objects"] is not None]


def soak(piece: Piece, figures: Figures, seconds: float, seed: int) -> None:
    """Every ten seconds a fault. Raises PieceError where the piece ends."""
    rng = np.random.default_rng(seed)
    faults = [fault for fault in FAULTS if not fault.missing(piece)]
    start_s = time.monotonic()
    number, fault, before = 0, None, set[str]()
    while (at_s := number * EVERY_S) + EVERY_S <= seconds:
        wait(piece, figures, start_s, at_s)
        # What an earlier fault left behind is counted once.
        if fault is not None and (piece.troubles() - before or not fault.over(piece)):
            figures.late[fault.name] += 1
        before = piece.troubles()
        figures.take(piece, at_s)
        fault = faults[int(rng.integers(len(faults)))]
        through(piece, figures, fault, start_s, at_s + float(rng.uniform(SHORTEST_S, LONGEST_S)))
        number += 1
    wait(piece, figures, start_s, seconds)
    figures.take(piece, seconds)
    gap_s, own_s = piece.pictures.longest_gap_s(start_s)
    print(f"{number} faults; longest time without a picture {gap_s:.2f} s, {own_s:.2f} s less waiting for a processor")


def wait(piece: Piece, figures: Figures, start_s: float, until_s: float) -> None:
    """Until that second of the run."""
    while (left_s := start_s + until_s - time.monotonic()) > 0:
        piece.hold(min(left_s, 1.0))
        figures.take_children(piece, time.monotonic() - start_s)


def through(piece: Piece, figures: Figures, fault: Fault, start_s: float, until_s: float) -> None:
    """Make the fault, and end it at that second of the run."""
    fault.inject(piece)
    try:
        wait(piece, figures, start_s, until_s)
        piece.look_round()
    finally:
        fault.remove(piece)


def windows(values: list[tuple[float, float]], seconds: float) -> tuple[list[float], list[float]]:
    """The values after the warm-up, and those of the end, each of a sixth of the run."""
    part_s = seconds / 6
    first = [value for t_s, value in values if part_s <= t_s < 2 * part_s]
    return first, [value for t_s, value in values if t_s >= seconds - part_s]


def grown(values: list[tuple[float, float]], seconds: float) -> float:
    """The end's median above that after the warm-up; 0 where nothing was measured."""
    first, last = windows(values, seconds)
    return statistics.median(last) - statistics.median(first) if first and last else 0.0


def judge(figures: Figures, objects: list[float], seconds: float) -> int:
    """Print, and say whether all bars are kept."""
    growth = {"piece": grown(figures.memory_mb, seconds)}
    for name, values in figures.children.items():
        growth[name] = grown(values, seconds)
        print(f"{name}: {len(values)} measured {AGE_S:g} s old, grew by {growth[name]:+.1f} MB")
    print(f"piece alone: {figures.memory_mb[0][1]:.0f} MB at first, {figures.memory_mb[-1][1]:.0f} MB at the end")
    total_mb = sum(growth.values())
    print(f"memory grew by {total_mb:+.1f} MB after the warm-up (bar: below {limits.MEMORY_MB:g})")
    more = {}
    for name, values in (("files", figures.files), ("threads", figures.threads)):
        first, last = windows(values, seconds)
        more[name] = min(last) - min(first)
        print(f"open {name}: least {min(first):.0f} after the warm-up, {min(last):.0f} at the end (bar: +{FILES})")
    first, last = windows(list(enumerate(objects)), len(objects))
    print(f"OpenGL objects: most {max(first):.0f} after the warm-up, {max(last):.0f} at the end (bar: no more)")
    print(f"not well again within ten seconds: {dict(figures.late) or 'never'}")
    bad = (
        total_mb >= limits.MEMORY_MB or max(more.values()) > FILES or max(last) > max(first) or figures.late.total() > 0
    )
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
