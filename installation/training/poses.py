"""Fit the artist's recorded poses: python3 run.py train poses [--data FILE] [--out FILE]

Prints how four kinds of classifier do on people, or takes, that they were not shown; stores the best one where the running
piece finds it, and a picture of what it confuses beside it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay

from installation.base.files import PROGRAM
from installation.config.poses import PosesConfig
from installation.poses import table as pose_table
from installation.poses.reader import PoseModel
from installation.poses.table import NONE, PoseTable, PoseTableError
from installation.training.pose_fit import NotEnoughError, PoseFit, fit
from installation.training.pose_model import save

# No window, whatever the machine: the picture goes to a file.
mpl.use("Agg")


def main(argv: list[str] | None = None, settings: PosesConfig | None = None, root: Path = Path()) -> int:
    """Train and store; gives the exit code (1: the table is broken or holds too little).

    Without arguments the table, the model and the threshold are those of ``settings``, in the folder ``root``.
    """
    settings = settings if settings is not None else PosesConfig()
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} train poses", description="Learn the recorded poses.")
    parser.add_argument("--data", type=Path, default=root / settings.data, metavar="FILE", help="the recorded table")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the model (default: beside the table, .onnx)")
    parser.add_argument("--no-mirror", action="store_true", help="left arm up and right arm up are two poses")
    parser.add_argument("--face", action="store_true", help="the expression counts, too")
    parser.add_argument("--threshold", type=float, default=settings.threshold, help="of the confusion table, 0 to 1")
    options = parser.parse_args(argv)
    own = options.data == root / settings.data
    out: Path = options.out or (root / settings.model if own else options.data.with_suffix(".onnx"))
    started_s = time.perf_counter()
    try:
        table = pose_table.read(options.data)
        print(_contents(table), flush=True)
        found = fit(table, not options.no_mirror, options.face, options.threshold)
    except (PoseTableError, NotEnoughError) as error:
        print(error, file=sys.stderr)
        return 1
    save(found.data, out)
    model = PoseModel(out)  # what was stored is what loads
    picture = out.with_suffix(".png")
    draw(found, picture)
    print(report(found, options.threshold))
    print(f"done in {time.perf_counter() - started_s:.1f} s: {out} ({out.stat().st_size / 1024:.0f} KB), {picture}")
    print(_next_steps(model.labels))
    return 0


def report(found: PoseFit, threshold: float) -> str:
    """The comparison, the warnings and the confusion table as text."""
    lines = [f"left out in turn: {found.split.what} ({len(found.split.folds)} folds)"]
    lines += [f"NOTE: {warning}" for warning in found.split.warnings]
    lines += ["", "pipeline                accuracy  macro F1  worst fold  log loss  seconds"]
    for score in found.scores:
        mark = " <- chosen" if score is found.scores[0] else ""
        lines.append(
            f"{score.name:22s} {score.accuracy:9.1%} {score.macro_f1:9.3f} {score.worst:11.1%} {score.log_loss:9.3f} "
            f"{score.seconds:8.1f}{mark}"
        )
    lines += ["", f"what the piece would say of held-out rows at threshold {threshold:g} (rows: truth, counts)"]
    width = max(8, *(len(label) for label in found.labels))
    lines.append(" " * width + "".join(f"  {label:>{width}s}" for label in found.labels) + "   right")
    for label, row in zip(found.labels, found.confusion):
        if row.sum() > 0:
            share = row[found.labels.index(label)] / row.sum()
            lines.append(f"{label:{width}s}" + "".join(f"  {count:{width}d}" for count in row) + f"  {share:6.1%}")
    return "\n".join([*lines, ""])


def draw(found: PoseFit, path: Path) -> None:
    """The confusion table as a PNG, shares of each true label in percent."""
    side = 2.5 + 0.7 * len(found.labels)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    shares = 100 * found.confusion / np.maximum(found.confusion.sum(axis=1, keepdims=True), 1)
    display = ConfusionMatrixDisplay(shares, display_labels=list(found.labels))
    display.plot(ax=axes, cmap="Blues", values_format=".0f", xticks_rotation=45, colorbar=False)
    axes.set_title(f"held-out {found.split.what}, %")
    axes.set_xlabel("read")
    axes.set_ylabel("recorded as")
    figure.savefig(path, dpi=100)


def _contents(table: PoseTable) -> str:
    takes = {(label, person, take) for label, person, take in zip(table.labels, table.people, table.takes)}
    counted = []
    for label in sorted(set(table.labels)):
        number, of_label = table.labels.count(label), sum(take[0] == label for take in takes)
        counted.append(f"{label} {number} rows in {of_label} take{'s' * (of_label != 1)}")
    people = len(set(table.people))
    return f"{len(table)} rows of {people} {'person' if people == 1 else 'people'}: {', '.join(counted)}"


def _next_steps(labels: tuple[str, ...]) -> str:
    lines = ["A running piece takes it up by itself. Say in config.yaml what each label means or does, such as"]
    lines += ["poses:", "  meanings:", f"    {labels[0]}: {{happy: 0.7, surprise: 0.3}}"]
    if len(labels) > 1:
        lines += ["  commands:", f"    {labels[1]}: next_scene"]
    lines.append(f"labels: {', '.join(labels)}; anything else is {NONE!r}")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
