"""Trains the texture generator on a folder of pictures.

    python3 run.py train texture --data FOLDER [--minutes 60] [--eye VGG16.onnx] [--begin-from models/texture.onnx]
    .venv/bin/python -m torch.distributed.run --standalone --nproc_per_node 2 -m installation train texture ...  (two cards)
    python -m installation.training.texture export | evaluate | sheet

Every picture of a batch is either a pair (paint in the style of this crop: the Gram matrices of a frozen network and the
palette must agree) or free (any style, any affect). A critic with small heads on the same frozen network's maps judges all
of them, an analytic loss compares the affect asked for with the affect measured, and the weights shipped are an average
over time. The design is described in models/texture.md.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from installation.base.files import PROJECT
from installation.training.exports import export_as
from installation.training.interrupt import Stop
from installation.training.losses import Progress, plot
from installation.training.running import run
from installation.training.several import Place, run_in_all
from installation.training.texture_begin import begin_from
from installation.training.texture_check import in_training, shipped, write_sheet
from installation.training.texture_data import CROP_PX, AffectScale, Picture, crops, load_pictures, split
from installation.training.texture_eye import PRECISIONS, eye_of
from installation.training.texture_fit import TextureTrainer, load, restored, save
from installation.types import EMOTIONS

log = logging.getLogger(__name__)
MODEL = PROJECT / "models" / "texture.onnx"
RUN = PROJECT / "runs" / "texture"
SAVE_EVERY = 50


def train(options: argparse.Namespace) -> int:
    """Train for ``options.minutes`` or ``options.steps``, resuming from the checkpoint where there is one.

    Ends early, with a checkpoint, on the first SIGINT or SIGTERM; gives the exit code.
    """
    return run_in_all(options.device, lambda place, stop: fit(options, place, stop))


def fit(options: argparse.Namespace, place: Place, stop: Stop) -> TextureTrainer:
    """What ``train`` does, as one of the processes that ``place`` describes; gives the trainer as it is at the end."""
    pictures, held_out = split(load_pictures(options.data))
    if place.leads:
        log.info("%d pictures to train on, %d held out", len(pictures), len(held_out))
        if options.eye == "random":
            log.warning("the eye is random: a trained one (--eye FILE) sees strokes and surfaces better")
    trainer = _begun(options, pictures, place)
    # After resuming, other crops and noise than those already seen; in each process others.
    rng = np.random.default_rng([options.seed, trainer.step, place.rank])
    torch.manual_seed(int(rng.integers(2**62)))
    progress = Progress(options.out, trainer.step, options.minutes, options.steps, place.leads)
    while True:
        losses = trainer.train_on(crops(pictures, options.batch, rng, options.crop), rng)
        progress.note(trainer.step, losses)
        over = place.anyone(stop.is_set or progress.is_over)
        if trainer.step % SAVE_EVERY == 0 or over:
            save(trainer, options.out / "state.pt")
            progress.report(list(losses))
        if place.leads and (trainer.step % options.sheet_every == 0 or over):
            write_sheet(in_training(trainer.average), options.out / f"sheet-{trainer.step:06d}.png", 192, 6)
            plot(options.out, f"{options.out.name}, {len(pictures)} pictures")
        if over:
            return trainer


def _begun(options: argparse.Namespace, pictures: list[Picture], place: Place) -> TextureTrainer:
    """The run in ``options.out`` as it was left, or a new one; the same in all processes."""
    eye, checkpoint = eye_of(options.eye, PRECISIONS[options.precision]), options.out / "state.pt"
    if checkpoint.is_file():
        trainer = load(checkpoint, eye, place)
        if place.leads:
            began = f", begun with {trainer.begun_from}" if trainer.begun_from else ""
            log.info("resuming at step %d%s", trainer.step, began)
            if options.begin_from is not None:
                log.warning(
                    "--begin-from counts where a run begins; this one resumes. For a new one give another --out"
                )
    else:
        rng = np.random.default_rng(options.seed)
        torch.manual_seed(options.seed)
        scale = AffectScale.of(pictures, rng, options.scale_crops)
        trainer = TextureTrainer.begin(scale, eye, place, crops(pictures, 16, rng, options.crop))
        if options.begin_from is not None and place.leads:
            begin_from(trainer, options.begin_from)
            log.info("begins with the generator of %s", trainer.begun_from)
    return trainer if place.world == 1 else restored(place.shared(trainer.state()), eye, place)


def parser() -> argparse.ArgumentParser:
    """Commands and options."""
    top = argparse.ArgumentParser(prog="texture", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True)
    _add_train(commands.add_parser("train", help="train, or resume a training"))
    export = commands.add_parser("export", help="write models/texture.onnx, as run.py export texture does")
    export.add_argument("--out", type=Path, default=RUN, help="folder of the checkpoint")
    export.add_argument("--file", type=Path, default=MODEL)
    evaluate = commands.add_parser("evaluate", help="measure an exported network")
    evaluate.add_argument("--model", type=Path, default=MODEL, help="exported network")
    evaluate.add_argument("--data", type=Path, help="folder of pictures; without it only what needs none")
    evaluate.add_argument("--eye", default="random", help="VGG16's convolutions in an ONNX file, or random")
    evaluate.add_argument("--precision", choices=sorted(PRECISIONS), default="bf16", help="of the eye")
    evaluate.add_argument("--detector", type=Path, help="a TFLite object detector as second feature network")
    evaluate.add_argument("--count", type=int, default=200, help="pictures")
    sheet = commands.add_parser("sheet", help="draw all emotions")
    sheet.add_argument("--model", type=Path, default=MODEL, help="exported network")
    sheet.add_argument("--file", type=Path, default=RUN / "sheet.png")
    sheet.add_argument("--size", type=int, default=192)
    sheet.add_argument("--columns", type=int, default=len(EMOTIONS))
    return top


def _add_train(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=RUN, help="folder of the checkpoint")
    command.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu, cuda, cuda:1")
    command.add_argument("--data", type=Path, required=True, help="folder of pictures")
    command.add_argument(
        "--begin-from",
        type=Path,
        metavar="FILE",
        help="an exported generator to begin with, such as models/texture.onnx",
    )
    command.add_argument("--eye", default="random", help="VGG16's convolutions in an ONNX file, or random")
    command.add_argument("--precision", choices=sorted(PRECISIONS), default="bf16", help="of the eye and the critic")
    command.add_argument("--minutes", type=float, default=60.0)
    command.add_argument("--steps", type=int, default=1_000_000)
    command.add_argument("--batch", type=int, default=6, help="crops a step, at least 4; 32 or more on a GPU")
    command.add_argument("--crop", type=int, default=CROP_PX, help="pixels; 256 on a GPU")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--threads", type=int, default=1)
    command.add_argument("--sheet-every", type=int, default=500)
    command.add_argument("--scale-crops", type=int, default=2000, help="crops by which the affect is scaled")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 good, 1 refused, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return run(lambda: _COMMANDS[options.command](options), getattr(options, "threads", 1))


def _export(options: argparse.Namespace) -> None:
    print("\n".join([*export_as("texture", options.out, options.file), f"{options.file} written"]))


def _evaluate(options: argparse.Namespace) -> None:
    from installation.training.texture_score import report

    for name, value in report(options).items():
        print(f"{name:44} {value:.4g}")


def _sheet(options: argparse.Namespace) -> None:
    write_sheet(shipped(options.model), options.file, options.size, options.columns)


_COMMANDS = {"train": train, "export": _export, "evaluate": _evaluate, "sheet": _sheet}


if __name__ == "__main__":
    raise SystemExit(main())
