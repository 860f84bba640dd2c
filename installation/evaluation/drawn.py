"""``run.py evaluate drawn``: what emotion drawn faces depict, read on families of drawings that were not learnt from.

    run.py evaluate drawn --data FOLDER              every reader, each family left out in turn; tables into --out
    run.py evaluate drawn --data FOLDER --shipped    the shipped network alone, as it is, on any folder of drawn faces
    run.py evaluate drawn PICTURE ...                what the shipped network reads in these pictures
    run.py evaluate drawn --mask                     what it reads in the scene mask, in each of its moods

FOLDER holds index.tsv (file, label, kind, style, licence) and its pictures. What each fold learnt is kept under --out: a
second run goes on where the first was ended.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from installation.base.files import ROOT, write_whole
from installation.base.model_files import ModelError, model_path
from installation.base.onnx_sessions import UnusableModelError
from installation.evaluation.drawn_report import bar_line, family_table, score, six_table, table
from installation.perception.depicted import DepictedNet
from installation.training.drawn.data import FOLDER, load_drawings, read_drawing
from installation.training.drawn.lessons import load_photographs
from installation.training.drawn.readings import Bench, Readings, StoppedError, of_file, read_all, readers
from installation.training.fer import DATA
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.running import run
from installation.types import DEPICTED

BROKEN = (ModelError, UnusableModelError)


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code."""
    style = argparse.RawTextHelpFormatter
    made = argparse.ArgumentParser(prog="run.py evaluate drawn", description=__doc__, formatter_class=style)
    made.add_argument(
        "pictures", nargs="*", type=Path, metavar="PICTURE", help="drawings to read by the shipped network"
    )
    made.add_argument("--data", type=Path, default=FOLDER, help="folder of the drawn faces")
    made.add_argument(
        "--faces", type=Path, default=DATA, help="folder of FER-2013 (train.npz), for photographs as drawings"
    )
    made.add_argument(
        "--shipped", action="store_true", help="measure models/drawn.onnx on the folder and learn nothing"
    )
    made.add_argument("--mask", action="store_true", help="read stills of the scene mask")
    made.add_argument("--carved", nargs="+", type=float, default=[0.65, 0.0], help="how carved these masks are, 0 to 1")
    made.add_argument("--seeds", type=int, default=3, help="stills of each mood")
    made.add_argument("--readers", nargs="+", choices=list(readers()), default=list(readers()), metavar="READER")
    made.add_argument("--steps", type=int, default=400, help="of each network, 64 pictures each")
    made.add_argument("--out", type=Path, default=ROOT / "runs" / "drawn")
    options = made.parse_args(argv)
    if options.pictures:
        return run(lambda: read_pictures(options.pictures), bad_input=BROKEN)
    if options.mask:
        from installation.evaluation import drawn_mask  # brings OpenGL

        return run(lambda: drawn_mask.main(options.carved, options.seeds, options.out), bad_input=BROKEN)
    if options.shipped:
        return run(lambda: shipped(options.data), bad_input=BROKEN)
    return run(
        lambda: measure(options.data, options.faces, options.readers, options.steps, options.out), bad_input=BROKEN
    )


def measure(data: Path, faces: Path, names: Sequence[str], steps: int, out: Path) -> int:
    """Read all drawings by every reader, print the tables, and leave them and the figures in ``out``."""
    drawings, kinds = load_drawings(data), readers()
    with stop_on_signals() as stop:
        bench = Bench(drawings, load_photographs(faces), out / "folds", stop, steps)
        try:
            readings = read_all(bench, {name: kinds[name] for name in kinds if name in names})
        except StoppedError:
            print("ended; the same command goes on where it was")
            return STOPPED
    rows = [score(drawings, one) for one in readings]
    best = max(range(len(rows)), key=lambda k: rows[k].mean.value)
    lines = [
        f"{len(drawings)} drawn faces of {len(set(drawings.families))} families",
        "",
        *table(rows, {name: reader.about for name, reader in kinds.items()}),
        "",
        bar_line(rows[best]),
        "",
        *family_table(rows, drawings),
        "",
        f"All six, by {rows[best].reader}:",
        "",
        *six_table(drawings, readings[best]),
    ]
    print("\n".join(lines))
    write_whole(out / "table.md", ("\n".join(lines) + "\n").encode())
    write_whole(out / "figures.json", json.dumps([asdict(row) for row in rows], indent=1).encode())
    np.savez(out / "readings.npz", **{one.reader: one.shares for one in readings})  # type: ignore[arg-type]
    return 0


def shipped(data: Path) -> None:
    """Read a folder of drawn faces by the shipped network; it says nothing of families it learnt from."""
    drawings = load_drawings(data)
    readings = Readings("shipped", of_file(model_path("drawn"), drawings.pictures), 0.0)
    row = score(drawings, readings)
    print("\n".join(table([row], {"shipped": "models/drawn.onnx"})), "\n")
    print("\n".join(family_table([row], drawings)), "\n")
    print("\n".join(six_table(drawings, readings)))


def read_pictures(paths: Sequence[Path]) -> None:
    """A line a picture: whether a face is drawn there, and what it depicts."""
    net = DepictedNet(model_path("drawn"))
    for path in paths:
        found = net.read(read_drawing(path))
        order = np.argsort(-found.shares)
        told = ", ".join(f"{DEPICTED[k]} {found.shares[k]:.2f}" for k in order[:3])
        print(f"{path}: a face {found.face:.2f}; depicts {told}")
