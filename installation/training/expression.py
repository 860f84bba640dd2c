"""Train and export the expression network; ``run.py evaluate expression`` measures it.

    python -m installation.training.expression train --data FOLDER [--minutes 9] [--device cuda] [--export]
    python -m installation.training.expression train --backbones all --seconds N  (the published comparison; --help tells)
    python -m installation.training.expression export --data FOLDER [--run RUN/ours] [--model FILE]

FOLDER holds train.npz: ``images`` (N, 48, 48) uint8 grey, ``labels`` (N,) in the order of EMOTIONS and, from FER+,
``votes`` (N, 10) of ten people. Both are learnt, a head for each. On a card three larger networks learn first and teach;
give --taught FILE to learn from what teachers read elsewhere. Or FOLDER holds a folder for each emotion (angry,
disgust, fear, happy, sad, surprise, neutral) with pictures of any size, grey or colour: faces alone, upright, filling
the picture. They are brought to 48 x 48, and the emotion is learnt by both heads, without teachers. A tenth is held
out to check by. Ctrl-C saves and stops; the same command goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from installation.base.files import PROJECT
from installation.training import backbone_runs
from installation.training.expression_heads import SHAPES
from installation.training.expression_runs import STUDENTS_SHARE, Job, fit, load_taught, side_by_side, teach
from installation.training.expression_settings import UNBOUNDED, FitSettings
from installation.training.face_folder import TrainingFaces, load_training
from installation.training.fer import DATA
from installation.training.interrupt import STOPPED, stop_on_signals
from installation.training.running import run
from installation.training.several import Place, joined

RUN = PROJECT / "runs" / "expression"
MODEL = PROJECT / "models" / "expression.onnx"
OURS = "ours"
CARD_MINUTES = 9.0
CARD_BATCH, BATCH = 512, 128


def train(arguments: argparse.Namespace) -> int:
    """Train in ``arguments.run``, or go on with the training that is there; export it at the end if so asked."""
    device = _device(arguments.device)
    faces = load_training(arguments.data)
    if arguments.start is not None and not arguments.start.is_file():
        raise ValueError(f"--start {arguments.start} is missing; give the net.pt of another run")
    settings = _settings(arguments, device, faces.asked)
    with_teachers = arguments.teachers if arguments.teachers is not None else device.type == "cuda"
    job = Job(
        arguments.run, settings, arguments.data, arguments.device, arguments.threads, arguments.taught, arguments.start
    )
    torch.set_flush_denormal(True)
    try:
        with joined(arguments.device) as place, stop_on_signals() as stop:
            finished = _train(job, arguments, with_teachers and faces.asked, lambda: stop.is_set, faces, place)
    finally:
        torch.set_flush_denormal(False)  # it holds for the whole process, not for torch alone
    if not place.leads:
        return 0 if finished else STOPPED
    if not finished:
        print(f"stopped; everything is saved in {arguments.run}. The same command goes on.")
        return STOPPED
    folders = [arguments.run / shape for shape in arguments.shape or [OURS]]
    print(f"done: {', '.join(str(folder / 'net.pt') for folder in folders)}")
    if arguments.export is None:
        print(f"next: the same command with --export, which writes {MODEL.name}; then run.py evaluate expression")
        return 0
    return _write(folders[0], faces, arguments.export, arguments.data.resolve().name)


def _train(
    job: Job,
    arguments: argparse.Namespace,
    with_teachers: bool,
    wants_stop: Callable[[], bool],
    faces: TrainingFaces,
    place: Place,
) -> bool:
    """Teachers where there are to be any, then the students; whether all got to their end."""
    taught, seconds = job.taught, job.settings.seconds
    if place.world > 1 and ((with_teachers and taught is None) or len(arguments.shape or [OURS]) > 1):
        raise ValueError("under torchrun one network learns at a time: give one --shape, and --no-teachers or --taught")
    if with_teachers and taught is None:
        taught, seconds = teach(job, wants_stop, faces), STUDENTS_SHARE * seconds
        if taught is None:
            return False
    jobs = []
    for index, shape in enumerate(arguments.shape or [OURS]):
        settings = replace(job.settings, shape=shape, seconds=seconds, seed=arguments.seed + index)
        jobs.append(replace(job, folder=job.folder / shape, settings=settings, taught=taught))
    if len(jobs) == 1:
        return fit(jobs[0], wants_stop, faces, place)
    finished = side_by_side(jobs, wants_stop)
    if not all(finished) and not wants_stop():
        raise ValueError("not every network got to its end; what it said is above")
    return all(finished)


def _settings(arguments: argparse.Namespace, device: torch.device, asked: bool) -> FitSettings:
    """What the command asks for; passes bound a run only where no time does, or where they are asked for."""
    card = device.type == "cuda"
    minutes = arguments.minutes
    if minutes is None:
        minutes = CARD_MINUTES if card and asked and arguments.epochs is None else 0.0
    seconds = arguments.seconds if arguments.seconds is not None else 60 * minutes
    epochs = arguments.epochs
    if epochs is None:
        epochs = UNBOUNDED if seconds > 0 else FitSettings.epochs
    if min(epochs, arguments.batch or 1) < 1 or seconds < 0:
        raise ValueError("--epochs and --batch must be at least 1, --minutes and --seconds not negative")
    return FitSettings(
        epochs=epochs,
        seconds=seconds,
        batch=arguments.batch or (CARD_BATCH if card and asked else BATCH),
        learning_rate=arguments.learning_rate,
        augment=arguments.augment,
        small_share=arguments.small_share,
        seed=arguments.seed,
        half=not arguments.full_precision,
    )


def _device(name: str) -> torch.device:
    """Raises ValueError when nothing can be computed there."""
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"--device {name} cannot be used here: {str(error).splitlines()[0]}") from error
    return device


def export(arguments: argparse.Namespace) -> int:
    """Calibrate a trained network on the faces that it did not learn from, and write it as ONNX in eight bits."""
    faces = load_training(arguments.data)
    name = arguments.data.resolve().name
    if arguments.weights is None:
        return _write(arguments.run, faces, arguments.model, name, mirror=arguments.mirror)
    if arguments.held is None:
        raise ValueError("--weights needs --held FILE, which tells the faces that they did not learn from")
    from installation.training import expression_export

    _, (_, held) = load_taught(arguments.held, faces)
    weights = torch.load(arguments.weights, map_location="cpu", weights_only=True)
    net = expression_export.load_weights(arguments.shape, weights, arguments.weights)
    notes = {"shape": arguments.shape, "data": f"{len(faces.images)} faces of {name}"}
    expression_export.export(net, faces, held, arguments.model, notes, mirror=arguments.mirror)
    return 0


def _write(run_folder: Path, faces: TrainingFaces, model: Path, data: str, *, mirror: bool = True) -> int:
    from installation.training import expression_export  # ONNX is not everywhere where there is a card

    net, held, notes = expression_export.load_net(run_folder, faces.fingerprint)
    notes |= {"data": f"{len(faces.images)} faces of {data}"}
    expression_export.export(net, faces, held, model, notes, mirror=mirror)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="expression", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    fit_parser = commands.add_parser(
        "train",
        help="train, or go on with a training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_train(fit_parser)
    _add_export(commands.add_parser("export", help="calibrate and write the ONNX file"))
    return parser


def _add_train(parser: argparse.ArgumentParser) -> None:
    add, defaults = parser.add_argument, FitSettings()
    add("--data", type=Path, default=DATA, help="folder with train.npz, or with a folder for each emotion")
    add("--run", type=Path, default=RUN, help="folder for checkpoints, a folder in it for each network")
    add(
        "--shape",
        choices=tuple(SHAPES),
        action="append",
        help="which network; repeat it for several side by side (ours: 1.6 million weights, mid: 3.6)",
    )
    add(
        "--teachers",
        action=argparse.BooleanOptionalAction,
        help="three larger networks first (on a card, where there are votes; they are too large for a processor)",
    )
    add("--taught", type=Path, metavar="FILE", help="learn from what teachers read elsewhere: the taught.npz of a run")
    add("--start", type=Path, metavar="FILE", help="begin with the weights of another run's net.pt")
    add("--export", type=Path, nargs="?", const=MODEL, metavar="FILE", help=f"write the ONNX file ({MODEL.name})")
    add("--epochs", type=int, help=f"end after so many passes ({defaults.epochs} where no time is given)")
    add(
        "--minutes",
        type=float,
        help=f"end after so many minutes of training, teachers included ({CARD_MINUTES:g} on a card)",
    )
    add("--seconds", type=float, help="the same in seconds")
    add("--batch", type=int, help=f"faces a step ({BATCH}; {CARD_BATCH} on a card)")
    add("--learning-rate", type=float, default=defaults.learning_rate, help="the peak, for a batch of 128")
    add("--augment", type=float, default=defaults.augment, help="strength of random changes, 0 to 1")
    add("--small-share", type=float, default=defaults.small_share, help="share of the run on faces of 32 pixels")
    add("--seed", type=int, default=11)
    add("--device", default="cpu", help="cpu, cuda, cuda:1, mps")
    add("--threads", type=int, default=1, help="processor threads of each network")
    add("--full-precision", action="store_true", help="float32 instead of bfloat16")
    parser.set_defaults(command=train)


def _add_export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--data", type=Path, default=DATA, help="the folder it was trained on")
    add("--run", type=Path, default=RUN / OURS, help="folder with net.pt")
    add("--weights", type=Path, metavar="FILE", help="instead of a run: a state dict that torch saved elsewhere")
    add("--shape", choices=tuple(SHAPES), default=OURS, help="the shape of --weights")
    add("--held", type=Path, metavar="FILE", help="for --weights: the taught.npz that tells which faces were held out")
    add(
        "--mirror",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="read the mirror image, too, for twice the time",
    )
    add("--model", type=Path, default=MODEL, help="file to write")
    add("--threads", type=int, default=1, help="processor threads")
    parser.set_defaults(command=export)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 good, 2 bad input, 130 stopped."""
    words = sys.argv[1:] if argv is None else argv
    if any(word.startswith("--backbones") for word in words):
        return backbone_runs.main(words[1:] if words[0] == "train" else words)
    arguments = _parser().parse_args(words)
    return run(lambda: arguments.command(arguments), arguments.threads)


if __name__ == "__main__":
    raise SystemExit(main())
