"""``run.py train drawn``: the network that reads drawn faces, learnt from all families that there are, and its ONNX file.

    run.py train drawn --data FOLDER             learn; Ctrl-C saves and stops, the same command goes on
    run.py train drawn --data FOLDER --export    and write models/drawn.onnx at the end

How well it reads a family it never saw is ``run.py evaluate drawn``'s to say: what is learnt here has seen them all.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch

from installation.base.files import ROOT
from installation.base.model_files import MODELS_DIR, ModelError, sha256_of
from installation.perception.depicted import FACE_PX, DepictedNet
from installation.training.drawn.data import FOLDER, Drawings, load_drawings
from installation.training.drawn.fit import Plan, fit
from installation.training.drawn.lessons import Lessons, Photographs, load_photographs, standard
from installation.training.drawn.net import DrawnNet, Shipped
from installation.training.drawn.readings import of_file, of_net
from installation.training.expression_export import note_in_manifest, quantise
from installation.training.fer import DATA
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.onnx_file import write_onnx
from installation.training.running import RefusedError, run
from installation.types import DEPICTED

MODEL = MODELS_DIR / "drawn.onnx"
AGREE = 0.97
"""Least share of the drawings that the file in eight bits must read as the network does."""
RANGE_BATCHES = 10


def main(argv: Sequence[str] | None = None) -> int:
    """Give the exit code."""
    style = argparse.RawTextHelpFormatter
    made = argparse.ArgumentParser(prog="run.py train drawn", description=__doc__, formatter_class=style)
    made.add_argument("--data", type=Path, default=FOLDER, help="folder of the drawn faces")
    made.add_argument(
        "--faces", type=Path, default=DATA, help="folder of FER-2013 (train.npz), for photographs as drawings"
    )
    made.add_argument("--steps", type=int, default=Plan.steps, help="of 64 pictures each")
    made.add_argument("--run", type=Path, default=ROOT / "runs" / "drawn" / "shipped", help="folder of the checkpoint")
    made.add_argument("--export", action="store_true", help=f"write {MODEL.relative_to(ROOT)} at the end")
    options = made.parse_args(argv)
    return run(
        lambda: train(options.data, options.faces, options.steps, options.run, export_it=options.export),
        bad_input=(ModelError,),
    )


def train(data: Path, faces: Path, steps: int, folder: Path, *, export_it: bool, model: Path = MODEL) -> int:
    """Learn from all drawings of ``data`` and perhaps write ``model``; gives the exit code."""
    drawings, photographs = load_drawings(data), load_photographs(faces)
    plan = replace(Plan(), steps=steps)
    with stop_on_signals() as stop:
        rows = np.arange(len(drawings))
        found = fit(drawings, rows, photographs, plan, folder / "state.pt", stop)
    if found is None:
        print(f"saved in {folder}; the same command goes on")
        return STOPPED
    net, seconds = found
    print(f"{steps} steps in {seconds / 60:.1f} minutes on one thread")
    if export_it:
        export(net, drawings, photographs, plan, seconds, model)
    return 0


def export(
    net: DrawnNet, drawings: Drawings, photographs: Photographs, plan: Plan, seconds: float, model: Path
) -> None:
    """Write ``net`` in eight bits to ``model``. Raises RefusedError where the file reads otherwise than the network."""
    lessons = Lessons(drawings, np.arange(len(drawings)), photographs, plan.mixture, plan.rule_faces, plan.seed + 1)
    ranges = standard(np.concatenate([lessons.batch()[0] for _ in range(RANGE_BATCHES)]))
    with TemporaryDirectory() as folder:
        plain, small = Path(folder) / "plain.onnx", Path(folder) / "drawn.onnx"
        inputs = {"faces": torch.zeros(2, 1, FACE_PX, FACE_PX)}
        write_onnx(Shipped(net), inputs, "depicted", plain, {"faces": {0: "n"}, "depicted": {0: "n"}})
        quantise(plain, ranges, small)
        file = onnx.load(small)
        onnx.helper.set_model_props(
            file,
            {
                "depicted": ",".join(DEPICTED),
                "data": f"{len(drawings)} drawings of {len(set(drawings.families))} families, faces by rule, fer2013",
                "steps": str(plan.steps),
                "training_minutes": f"{seconds / 60:.1f}",
            },
        )
        onnx.save(file, small)
        before, after = of_net(net, drawings.pictures), of_file(small, drawings.pictures)
        agree = float((before.argmax(1) == after.argmax(1)).mean())
        if agree < AGREE:
            raise RefusedError(f"in eight bits {agree:.1%} of the drawings are read as before; {AGREE:.0%} are wanted")
        model.parent.mkdir(parents=True, exist_ok=True)
        model.write_bytes(small.read_bytes())
    DepictedNet(model)
    print(f"{model}: {model.stat().st_size / 1e6:.1f} MB, {agree:.1%} read as before, sha256 {sha256_of(model)}")
    note_in_manifest(model)
