"""Train and export the expression network; ``run.py evaluate expression`` measures it.

    python -m installation.training.expression train --data FOLDER [--epochs 60] [--minutes 70] [--device cuda]
    python -m installation.training.expression train --backbones all --seconds N  (the published comparison; --help tells)
    python -m installation.training.expression export --data FOLDER [--run A --run B] [--model FILE]

FOLDER holds train.npz, ``images`` (N, 48, 48) uint8 grey and ``labels`` (N,) in the order of EMOTIONS; or a folder for
each emotion (angry, disgust, fear, happy, sad, surprise, neutral) with pictures of any size, grey or colour. They should
be faces alone, upright, filling the picture; they are brought to 48 x 48. A tenth is held out to choose the best pass
by. Ctrl-C saves and stops; the same command resumes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from installation.base.files import ROOT
from installation.base.model_files import MODELS_DIR
from installation.perception.expression import ExpressionNet
from installation.training import backbone_runs, expression_export
from installation.training.backbones import BACKBONES
from installation.training.expression_fit import ExpressionRun
from installation.training.expression_net import MIRRORS
from installation.training.expression_settings import FitSettings
from installation.training.face_folder import load_training
from installation.training.fer import DATA
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.running import run
from installation.types import ByteArray, FloatArray

RUN = ROOT / "runs" / "expression"
MODEL = MODELS_DIR / "expression.onnx"


def train(arguments: argparse.Namespace) -> int:
    """Train in ``arguments.run``, or resume the training that is there; export it at the end if so asked."""
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
        backbone=arguments.backbone,
    )
    device = _device(arguments.device)
    images, labels = load_training(arguments.data)
    taught = _readings(arguments.teacher, images) if arguments.teacher is not None else None
    if arguments.start is not None and not arguments.start.is_file():
        raise ValueError(f"--start {arguments.start} is missing; give the best.pt of another run")
    torch.set_flush_denormal(True)
    try:
        with stop_on_signals() as stop:
            fit = ExpressionRun(images, labels, arguments.run, settings, device, stop, taught, arguments.start)
            finished = fit.run()
    finally:
        torch.set_flush_denormal(False)  # it holds for the whole process, not for torch alone
    best = arguments.run / "best.pt"
    if not finished:
        print(f"stopped; everything is saved in {arguments.run}. The same command resumes it.")
        return STOPPED
    print(f"done: {best}, {fit.best:.2%} of the held-out faces read rightly")
    if arguments.export is not None:
        name = arguments.data.resolve().name
        expression_export.export([arguments.run], images, labels, arguments.export, data=name)
    else:
        print(
            "next: the same command with --export, which writes models/expression.onnx; then run.py evaluate expression"
        )
    return 0


def _readings(model: Path, images: ByteArray) -> FloatArray:
    """(N, 7): what the network ``model`` reads in (N, 48, 48) grey faces, a hundred at a time."""
    net = ExpressionNet(model)
    faces = [np.repeat(face[..., None], 3, axis=2) for face in images]
    parts = range(0, len(faces), 100)
    return np.concatenate([net.batch_probabilities(faces[n : n + 100]) for n in tqdm(parts, "teacher", disable=None)])


def _device(name: str) -> torch.device:
    """Raises ValueError when nothing can be computed there."""
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"--device {name} cannot be used here: {str(error).splitlines()[0]}") from error
    return device


def export(arguments: argparse.Namespace) -> int:
    """Calibrate the best networks of one or more runs on their validation faces and write them as one ONNX file."""
    images, labels = load_training(arguments.data)
    name = arguments.data.resolve().name
    expression_export.export(
        arguments.run or [RUN], images, labels, arguments.model, data=name, mirror=arguments.mirror
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="expression", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    fit = commands.add_parser(
        "train",
        help="train, or resume a training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_train(fit)
    _add_export(commands.add_parser("export", help="calibrate and write the ONNX file"))
    return parser


def _add_train(fit: argparse.ArgumentParser) -> None:
    defaults = FitSettings()
    fit.add_argument("--data", type=Path, default=DATA, help="folder with train.npz, or with a folder for each emotion")
    fit.add_argument("--run", type=Path, default=RUN, help="folder for checkpoints")
    sizes = ", ".join(f"{name} {backbone.million_weights} M" for name, backbone in BACKBONES.items())
    fit.add_argument(
        "--backbone", choices=tuple(BACKBONES), default=defaults.backbone, help=f"which network; weights: {sizes}"
    )
    fit.add_argument(
        "--export",
        type=Path,
        nargs="?",
        const=MODEL,
        metavar="FILE",
        help=f"write the ONNX file at the end ({MODEL.name})",
    )
    fit.add_argument("--epochs", type=int, default=defaults.epochs)
    fit.add_argument("--minutes", type=float, default=defaults.minutes, help="end after so many minutes; 0: no limit")
    fit.add_argument("--batch", type=int, default=defaults.batch)
    fit.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    fit.add_argument("--augment", type=float, default=defaults.augment, help="strength of random changes, 0 to 1")
    fit.add_argument("--mixup", type=float, default=defaults.mixup_alpha, help="alpha of mixing faces; 0: none")
    fit.add_argument(
        "--small-share", type=float, default=defaults.small_share, help="share of the run on faces of 32 pixels"
    )
    fit.add_argument("--start", type=Path, metavar="FILE", help="begin with the weights of another run's best.pt")
    fit.add_argument(
        "--teacher",
        type=Path,
        metavar="FILE",
        help="an expression network (.onnx); half of what is aimed at is what it reads in the same faces",
    )
    fit.add_argument("--seed", type=int, default=defaults.seed)
    fit.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, mps")
    fit.add_argument("--threads", type=int, default=1, help="processor threads")
    fit.add_argument("--full-precision", action="store_true", help="float32 instead of bfloat16")
    fit.set_defaults(command=train)


def _add_export(write: argparse.ArgumentParser) -> None:
    write.add_argument("--data", type=Path, default=DATA, help="the folder they were trained on")
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 good, 2 bad input, 130 stopped."""
    words = sys.argv[1:] if argv is None else argv
    if any(word.startswith("--backbones") for word in words):
        return backbone_runs.main(words[1:] if words[0] == "train" else words)
    arguments = _parser().parse_args(words)
    return run(lambda: arguments.command(arguments), arguments.threads)


if __name__ == "__main__":
    raise SystemExit(main())
