"""Train, export and measure the expression network.

    python -m installation.training.expression train --data FOLDER [--epochs 60] [--minutes 70] [--device cuda]
    python -m installation.training.expression export
    python -m installation.training.expression evaluate --data FOLDER

FOLDER holds train.npz and publictest.npz: ``images`` (N, 48, 48) uint8 grey, ``labels`` (N,) in the order of EMOTIONS.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

from installation.emotion.expression import ExpressionNet
from installation.models import MODELS_DIR, load_manifest, sha256_of
from installation.training.expression_fit import (
    SPLIT_SEED,
    VALIDATION_SHARE,
    Fit,
    FitSettings,
    best_temperature,
    predict,
)
from installation.training.expression_net import CalibratedCnn, ExpressionCnn
from installation.training.fer import copies, load_faces, score, split, table
from installation.types import EMOTIONS, FloatArray

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "fer2013"
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
    """Calibrate the best network of a run on its validation faces and write it as ONNX, softmax and all."""
    torch.set_num_threads(arguments.threads)
    state = torch.load(arguments.run / "best.pt", map_location="cpu", weights_only=True)
    net = ExpressionCnn()
    net.load_state_dict(state["net"])
    images, labels = load_faces(arguments.data / "train.npz")
    _, held = split(images, labels, VALIDATION_SHARE, SPLIT_SEED)
    logits = predict(net, images[held], torch.device("cpu"))
    temperature = best_temperature(logits, torch.from_numpy(labels[held]))
    accuracy = score(torch.softmax(logits / temperature, 1).numpy(), labels[held]).accuracy
    notes = {
        "emotions": ",".join(EMOTIONS),
        "temperature": f"{temperature:.4f}",
        "validation_accuracy": f"{accuracy:.4f}",
        "passes": str(state["epoch"]),
        "training_minutes": f"{state['spent_s'] / 60:.0f}",
        "data": "FER-2013 training split",
    }
    write_onnx(CalibratedCnn(net, temperature), arguments.model, notes)
    print("\n".join(f"{name}: {value}" for name, value in notes.items()))
    print(f"{arguments.model}: {arguments.model.stat().st_size / 1e6:.1f} MB, sha256 {sha256_of(arguments.model)}")
    note_in_manifest(arguments.model)


def note_in_manifest(model: Path, manifest: Path = MODELS_DIR / "manifest.yaml") -> None:
    """Write the new sha256 of a shipped model into the manifest, or the piece would refuse the file."""
    for entry in load_manifest(manifest).values():
        if entry.path == model.resolve():
            text = manifest.read_text(encoding="utf-8")
            manifest.write_text(text.replace(entry.sha256, sha256_of(model)), encoding="utf-8")
            print(f"models/manifest.yaml: {entry.name} has the new sha256")


def write_onnx(net: CalibratedCnn, path: Path, notes: dict[str, str]) -> None:
    """Write ``net`` with inputs ``faces`` (N, 1, 48, 48) and output ``probabilities`` (N, 7), N free, in one file."""
    program = torch.onnx.export(
        net.eval(),
        (torch.zeros(2, 1, 48, 48),),
        dynamo=True,
        input_names=["faces"],
        output_names=["probabilities"],
        dynamic_shapes=({0: torch.export.Dim("n", min=1, max=4096)},),
        opset_version=18,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    # The exporter writes down the source lines every node came from; they say nothing about the network.
    for part in (*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output, model.graph):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    for initialiser in model.graph.initializer:
        initialiser.ClearField("metadata_props")
    onnx.helper.set_model_props(model, notes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def evaluate(arguments: argparse.Namespace) -> None:
    """Measure the shipped network through the run-time class on FER-2013's public test.

    Some of its pictures are exact copies of training pictures; the accuracy on the others is printed too, if train.npz
    is there to tell.
    """
    images, labels = load_faces(arguments.data / "publictest.npz")
    net = ExpressionNet(arguments.model, arguments.threads)
    started = time.perf_counter()
    probabilities = read_faces(net, images)
    per_face_ms = 1e3 * (time.perf_counter() - started) / len(images)
    print(f"{len(images)} faces of publictest.npz, {per_face_ms:.2f} ms each, one at a time")
    print(table(score(probabilities, labels)))
    if (arguments.data / "train.npz").exists():
        new = ~copies(images, load_faces(arguments.data / "train.npz")[0])
        if 0 < new.sum() < len(new):
            accuracy = score(probabilities[new], labels[new]).accuracy
            print(
                f"\n{(~new).sum()} of these are copies of training pictures; on the other {new.sum()}: {accuracy:.2%}"
            )


def read_faces(net: ExpressionNet, images: np.ndarray) -> FloatArray:
    """(N, 48, 48) uint8 grey -> (N, 7), each one alone and as a colour picture, as at run time."""
    rgb = np.repeat(images[..., None], 3, axis=3)
    return np.stack([net.probabilities(face) for face in rgb])


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
    write.add_argument("--run", type=Path, default=RUN, help="folder with best.pt")
    write.add_argument("--model", type=Path, default=MODEL, help="file to write")
    write.add_argument("--threads", type=int, default=1, help="processor threads")
    write.set_defaults(command=export)
    measure = commands.add_parser("evaluate", help="accuracy, recall, F1, calibration, confusion on publictest.npz")
    measure.add_argument("--data", type=Path, default=DATA, help="folder with publictest.npz")
    measure.add_argument("--model", type=Path, default=MODEL, help="file to measure")
    measure.add_argument("--threads", type=int, default=1, help="processor threads")
    measure.set_defaults(command=evaluate)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    arguments = _parser().parse_args(argv)
    arguments.command(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
