"""Trains the network that repaints what is drawn as a painting while it moves.

    python3 run.py capture CAPTURES
    python3 run.py train translate --data PAINTINGS --captures CAPTURES [--minutes 120]
    .venv/bin/python -m torch.distributed.run --standalone --nproc_per_node 2 -m installation train translate ...  (two cards)
    python -m installation.training.translate export | evaluate | sheet

After CUT (Park et al. 2020): one-sided, a critic of patches says whether it is painted, a patch-contrastive loss on the
generator's own features keeps each place what it was; here conditioned on the affect, and steady under small motions.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from installation.base.files import ROOT
from installation.training.exports import export_as
from installation.training.interrupt import Stop
from installation.training.losses import Progress, plot
from installation.training.running import run
from installation.training.several import Place, run_in_all
from installation.training.texture_data import load_pictures
from installation.training.translate_check import draw_sheet, flicker, obedience, shipped
from installation.training.translate_data import CaptureSet, Pairs, load_captures
from installation.training.translate_fit import LOSSES, WEIGHTS, RepaintTrainer, in_training, load, save

log = logging.getLogger(__name__)
MODEL = ROOT / "models" / "translate.onnx"


def train(options: argparse.Namespace) -> int:
    """Train for ``options.minutes`` or ``options.steps``, resuming from the checkpoint where there is one.

    Ends early, with a checkpoint, on the first SIGINT or SIGTERM; gives the exit code.
    """
    return run_in_all(options.device, lambda place, stop: fit(options, place, stop))


def fit(options: argparse.Namespace, place: Place, stop: Stop) -> RepaintTrainer:
    """What ``train`` does, as one of the processes that ``place`` describes; gives the trainer as it is at the end."""
    torch.manual_seed(options.seed)
    checkpoint = options.out / "state.pt"
    if checkpoint.is_file():
        trainer = load(checkpoint, place, options.steady)
        if place.leads:
            log.info("resuming at step %d", trainer.step)
    else:
        trainer = RepaintTrainer(place, options.steady)
    if place.world > 1:
        trainer.take(place.shared(trainer.state()))
    paintings, captures = load_pictures(options.data), load_captures(options.captures)
    pairs = Pairs(paintings, captures, np.random.default_rng([options.seed, 1]))
    if place.leads:
        shares = pairs.sources(1000, np.random.default_rng(2))
        log.info(
            "%d captures, %d paintings; the %d commonest give half of what the critic sees",
            len(captures.pictures), len(paintings), _half(list(shares.values())),
        )  # fmt: skip
    # Another order after resuming, or the same crops would come again; in each process another.
    rng = np.random.default_rng([options.seed, trainer.step, place.rank])
    torch.manual_seed(int(rng.integers(2**62)))
    _loop(trainer, pairs, captures, rng, options, stop)
    return trainer


def _half(shares: list[float]) -> int:
    return int(np.searchsorted(np.cumsum(shares), 0.5)) + 1


def _loop(
    trainer: RepaintTrainer,
    pairs: Pairs,
    captures: CaptureSet,
    rng: np.random.Generator,
    options: argparse.Namespace,
    stop: Stop,
) -> None:
    place = trainer.place
    progress = Progress(options.out, trainer.step, options.minutes, options.steps, place.leads)
    while True:
        losses = trainer.train_on(pairs.batch(options.batch, rng), pairs, rng)
        progress.note(trainer.step, losses)
        over = place.anyone(stop.is_set or progress.is_over)
        if trainer.step % 50 == 0 or over:
            save(trainer, options.out / "state.pt")
            progress.report(LOSSES)
        if place.leads and (trainer.step % options.sheet_every == 0 or over):
            draw_sheet(in_training(trainer), captures, options.out / f"sheet-{trainer.step:06d}.jpg")
            plot(options.out, f"{options.out.name}, {len(captures.pictures)} captures")
        if over:
            return


def parser() -> argparse.ArgumentParser:
    """Commands and options."""
    top = argparse.ArgumentParser(prog="translate", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True)
    for name, what in (
        ("train", "train, or resume a training"),
        ("export", "write models/translate.onnx, as run.py export translate does"),
        ("evaluate", "print how much paintings flicker, and how far they follow the affect"),
        ("sheet", "draw captures beside their paintings"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument(
            "--captures", type=Path, required=name != "export", help="folder that run.py capture filled"
        )
        if name in ("train", "export"):
            out = ROOT / "runs" / "translate"
            command.add_argument("--out", type=Path, default=out, help="folder of the checkpoint")
        else:
            command.add_argument("--model", type=Path, default=MODEL, help="exported network")
        if name == "train":
            _add_train(command)
        if name == "sheet":
            command.add_argument("--file", type=Path, default=ROOT / "docs" / "translate_sheet.jpg")
        if name == "export":
            command.add_argument("--file", type=Path, default=MODEL)
    return top


def _add_train(command: argparse.ArgumentParser) -> None:
    best = "cuda" if torch.cuda.is_available() else "cpu"
    command.add_argument("--device", default=best, help="cpu, cuda, cuda:1")
    command.add_argument("--data", type=Path, required=True, help="folder of paintings")
    command.add_argument("--minutes", type=float, default=120.0)
    command.add_argument("--steps", type=int, default=1_000_000)
    command.add_argument("--batch", type=int, default=4, help="captures a step and process")
    command.add_argument("--seed", type=int, default=1)
    command.add_argument("--threads", type=int, default=1)
    command.add_argument("--sheet-every", type=int, default=500)
    command.add_argument("--steady", type=float, default=WEIGHTS["steady"], help="weight of steadiness in time")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 good, 1 refused, 2 bad input, 130 stopped."""
    options = parser().parse_args(argv)
    return run(lambda: _COMMANDS[options.command](options), getattr(options, "threads", 1))


def _export(options: argparse.Namespace) -> None:
    found = export_as("translate", options.out, options.file, options.captures)
    print("\n".join([*found, f"{options.file} written"]))


def _sheet(options: argparse.Namespace) -> None:
    draw_sheet(shipped(options.model), load_captures(options.captures), options.file)


def _evaluate(options: argparse.Namespace) -> None:
    repaint, captures = shipped(options.model), load_captures(options.captures)
    for name, value in (flicker(repaint, captures) | obedience(repaint, captures)).items():
        print(f"{name:52} {value:.4f}")


_COMMANDS = {"train": train, "export": _export, "sheet": _sheet, "evaluate": _evaluate}


if __name__ == "__main__":
    raise SystemExit(main())
