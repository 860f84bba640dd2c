"""``run.py evaluate art``: what emotion a picture evokes, read by each kind of model on artists it did not learn from.

    run.py evaluate art                    all models but those that take hours, all questions; tables into --out
    run.py evaluate art --models colour    some of them; with --join beside what earlier runs read
    run.py evaluate art PICTURE ...        what your pictures evoke, and where the shipped model looks

The works are WikiArt Emotions (docs/art.md says how they are had). Five folds, no artist in two of them; intervals by drawing
artists anew. What each network sees is kept under --out, so that a second run only learns.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from installation.base.files import PROGRAM, PROJECT, write_whole
from installation.base.model_files import ModelError
from installation.evaluation.art_maps import read_pictures
from installation.evaluation.art_report import (
    accuracies,
    accuracy_table,
    ceiling,
    emotion_table,
    emotions,
    every_emotion,
    mean_auc,
)
from installation.training.art.mistake import MISTAKE, one_unit
from installation.training.art.models import models
from installation.training.art.readings import Looking, Readings, joined, read_all
from installation.training.art.tasks import TASKS
from installation.training.art.works import FOLDER, load_works
from installation.training.running import run

CEILING = "other people"
BASELINES = ("majority", "colour", CEILING)


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code."""
    style = argparse.RawTextHelpFormatter
    made = argparse.ArgumentParser(prog=f"{PROGRAM} evaluate art", description=__doc__, formatter_class=style)
    made.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE", help="to be read by models/art.onnx")
    made.add_argument("--data", type=Path, default=FOLDER, help="folder of the works")
    made.add_argument(
        "--wheels", type=Path, default=PROJECT / "data" / "wheels", help="folder of the networks' packages"
    )
    kinds = models(Path())
    quick = [name for name, model in kinds.items() if not model.slow]
    about = f"default: {', '.join(quick)}"
    made.add_argument("--models", nargs="+", choices=list(kinds), default=quick, metavar="MODEL", help=about)
    made.add_argument("--tasks", nargs="+", choices=list(TASKS), default=list(TASKS), metavar="QUESTION")
    made.add_argument("--out", type=Path, default=PROJECT / "runs" / "art")
    about = "have in the tables, too, what earlier runs left in --out of models that are not learnt now"
    made.add_argument("--join", action="store_true", help=about)
    options = made.parse_args(argv)
    if options.pictures:
        return run(lambda: read_pictures(options.pictures, options.out / "maps.jpg"), bad_input=(ModelError,))
    return run(lambda: measure(options.data, options.wheels, options.models, options.tasks, options.out, options.join))


def measure(data: Path, wheels: Path, names: Sequence[str], questions: Sequence[str], out: Path, join: bool) -> None:
    """Read all works by all models, print the tables, and leave them and the figures in ``out``."""
    works = load_works(data)
    tasks = {name: TASKS[name](works) for name in questions}
    kinds = {name: model for name, model in models(wheels).items() if name in names}
    readings = read_all(works, tasks, kinds, Looking(works, wheels, out / "seen"), out / "readings")
    if join:
        readings = joined(readings, tasks, list(models(wheels)), out / "readings")
        there = {one.model for one in readings}
        kinds = {name: model for name, model in models(wheels).items() if name in there}
    if "twenty" in tasks:
        said = ceiling(tasks["twenty"], np.random.default_rng(0))
        readings.append(Readings(CEILING, tasks["twenty"], said, 0.0))
    single, shared = accuracies(readings, works.artists), emotions(readings, works.artists)
    lines = [f"{len(works)} works by {len(set(works.artists))} artists", ""]
    if single:
        lines += [*accuracy_table(single, {name: model.about for name, model in kinds.items()}), ""]
    if shared:
        asked = {row.model for row in shared}
        able = [name for name in kinds if name in asked and name not in BASELINES] or list(kinds)
        best = max(able, key=lambda name: mean_auc(shared, name))
        lines += [*emotion_table(shared), "", f"Every emotion, by the best of them, {best}:", ""]
        lines += [*every_emotion(shared, best), ""]
    lines += [MISTAKE, "", *one_unit(works)]
    print("\n".join(lines))
    write_whole(out / "table.md", ("\n".join(lines) + "\n").encode())
    figures = {"single": [asdict(row) for row in single], "shares": [asdict(row) for row in shared]}
    write_whole(out / "figures.json", json.dumps(figures, indent=1).encode())
