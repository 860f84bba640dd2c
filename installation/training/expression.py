"""Train and export the expression network; ``run.py evaluate expression`` measures it.

    python -m installation.training.expression train --data FOLDER [--epochs 60] [--minutes 70] [--device cuda]
    python -m installation.training.expression export

FOLDER holds train.npz and publictest.npz: ``images`` (N, 48, 48) uint8 grey, ``labels`` (N,) in the order of EMOTIONS.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from installation.models import MODELS_DIR
from installation.training import expression_export
from installation.training.expression_fit import Fit, FitSettings
from installation.training.expression_net import MIRRORS
from installation.training.fer import DATA

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "runs" / "expression"
MODEL = MODELS_DIR / "expression.onnx"


def train(arguments: argparse.Namespace) -> None:
    """Train in ``arguments.run``, or go on with the training that is there."""
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(True)
    settings = FitSettings(
        epochs=arguments.epochs,
        minutes=arguments.minutes,
        batch=arguments.batch,
        learning_rate=arguments.learning_rate,
        augment=arguments.augment,
        mixup_alpha=arguments.mixup,
        small_share=arguments.small_share,
        seed=arguments.seed,
        half=not arguments.full_precision,
    )
    try:
        Fit(arguments.data / "train.npz", arguments.run, settings, torch.device(arguments.device)).run()
    finally:
        torch.set_flush_denormal(False)  # it holds for the whole process, not for torch alone


def export(arguments: argparse.Namespace) -> None:
    """Calibrate the best networks of one or more runs on their validation faces and write them as one ONNX file."""
    torch.set_num_threads(arguments.threads)
    expression_export.export(
        arguments.run or [RUN], arguments.data / "train.npz", arguments.model, mirror=arguments.mirror
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="expression", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    fit = commands.add_parser("train", help="train, or go on training")
    defaults = FitSettings()
    fit.add_argument("--data", type=Path, default=DATA, help="folder with train.npz")
    fit.add_argument("--run", type=Path, default=RUN, help="folder for checkpoints")
    fit.add_argument("--epochs", type=int, default=defaults.epochs)
    fit.add_argument("--minutes", type=float, default=defaults.minutes, help="end after so many minutes; 0: no limit")
    fit.add_argument("--batch", type=int, default=defaults.batch)
    fit.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    fit.add_argument("--augment", type=float, default=defaults.augment, help="strength of random changes, 0 to 1")
    fit.add_argument("--mixup", type=float, default=defaults.mixup_alpha, help="alpha of mixing faces; 0: none")
    fit.add_argument(
        "--small-share", type=float, default=defaults.small_share, help="share of the run on faces of 32 pixels"
    )
    fit.add_argument("--seed", type=int, default=defaults.seed)
    fit.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, mps")
    fit.add_argument("--threads", type=int, default=1, help="processor threads")
    fit.add_argument("--full-precision", action="store_true", help="float32 instead of bfloat16")
    fit.set_defaults(command=train)
    write = commands.add_parser("export", help="calibrate and write the ONNX file")
    write.add_argument("--data", type=Path, default=DATA, help="folder with train.npz")
    write.add_argument(
        "--run", type=Path, action="append", help=f"folder with best.pt; repeat it for an ensemble (default: {RUN})"
    )
    write.add_argument(
        "--mirror",
        choices=MIRRORS,
        default="all",
        help="which networks see the mirror image too: all, none, the first, or alternate:\n"
        "even ones (from 0) see the face, odd ones its mirror image",
    )
    write.add_argument("--model", type=Path, default=MODEL, help="file to write")
    write.add_argument("--threads", type=int, default=1, help="processor threads")
    write.set_defaults(command=export)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    arguments = _parser().parse_args(argv)
    arguments.command(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
