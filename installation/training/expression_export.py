"""From trained networks to the one ONNX file the piece runs: their mean, calibrated on the validation faces."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from installation.base.files import write_whole
from installation.base.model_files import MODELS_DIR, load_manifest, sha256_of
from installation.training.backbones import build_backbone
from installation.training.expression_fit import SPLIT_SEED, VALIDATION_SHARE, best_temperature, predict
from installation.training.expression_net import Calibrated, MeanLogits, views
from installation.training.face_folder import fingerprint
from installation.training.fer import IntArray, score, split
from installation.types import EMOTIONS, ByteArray

CPU = torch.device("cpu")


def load_best(run: Path) -> tuple[nn.Module, dict[str, Any]]:
    """The best network of a run folder and the notes saved with it. Raises FileNotFoundError or ValueError with what to do."""
    path = run / "best.pt"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; train first: run.py train expression --run {run}")
    state: dict[str, Any] = torch.load(path, map_location=CPU, weights_only=True)
    backbone = state.setdefault("backbone", "ours")  # runs from before there was a choice
    net = build_backbone(backbone)
    try:
        net.load_state_dict(state.pop("net"))
    except RuntimeError as error:
        raise ValueError(f"{path} holds another network than today's {backbone}; train it again") from error
    return net.eval(), state


def export(
    runs: Sequence[Path], images: ByteArray, labels: IntArray, model: Path, *, data: str, mirror: str = "all"
) -> dict[str, str]:
    """Write the calibrated mean of the runs' networks to ``model``; gives the notes written into the file.

    ``images`` (N, 48, 48) uint8 grey and ``labels`` (N,) are all they learnt from, ``data`` what these are called: their
    validation tenth, which every run leaves out, sets the temperature and the accuracies noted. ``mirror`` is one of
    ``MIRRORS``. Raises FileNotFoundError, or ValueError when a run learnt from other faces, among which might be those
    of the validation tenth.
    """
    members, states = _members(runs, fingerprint(images, labels), data)
    seen = views(mirror, len(members))
    _, held = split(images, labels, VALIDATION_SHARE, SPLIT_SEED)
    faces, truth = images[held], labels[held]
    alone = [_accuracy(predict(MeanLogits([net], [view]), faces, CPU), truth) for net, view in zip(members, seen)]
    mean = MeanLogits(members, seen)
    logits = predict(mean, faces, CPU)
    temperature = best_temperature(logits, torch.from_numpy(truth))
    together = score(torch.softmax(logits / temperature, 1).numpy(), truth)
    notes = {
        "emotions": ",".join(EMOTIONS),
        "members": str(len(members)),
        "backbones": ",".join(state["backbone"] for state in states),
        "views": ",".join(view.value for view in seen),
        "passes": ",".join(str(state["epoch"]) for state in states),
        "training_minutes": ",".join(f"{state['spent_s'] / 60:.0f}" for state in states),
        "temperature": f"{temperature:.4f}",
        "validation_faces": str(len(truth)),
        "validation_accuracy_of_each": ",".join(f"{accuracy:.4f}" for accuracy in alone),
        "validation_accuracy": f"{together.accuracy:.4f}",
        "validation_calibration_error": f"{together.ece:.4f}",
        "data": f"{len(labels)} faces of {data}",
    }
    write_onnx(Calibrated(mean, temperature), model, notes)
    print("\n".join(f"{name}: {value}" for name, value in notes.items()))
    weights = sum(parameter.numel() for parameter in mean.parameters())
    print(
        f"{model}: {weights / 1e6:.2f} million weights, {model.stat().st_size / 1e6:.1f} MB, "
        f"{median_ms(model, faces):.2f} ms a face on one thread, sha256 {sha256_of(model)}"
    )
    note_in_manifest(model)
    return notes


def _members(runs: Sequence[Path], faces: str, data: str) -> tuple[list[nn.Module], list[dict[str, Any]]]:
    """The best network of each run and its notes. Raises as ``export``."""
    members, states = zip(*(load_best(run) for run in runs))
    for run, state in zip(runs, states):
        if state.get("faces", faces) != faces:
            raise ValueError(f"{run} learnt from other faces than {data} holds; give the --data it was trained on")
    return list(members), list(states)


def _accuracy(logits: torch.Tensor, labels: np.ndarray) -> float:
    return float((logits.argmax(dim=1).numpy() == labels).mean())


def median_ms(model: Path, faces: ByteArray, calls: int = 100) -> float:
    """Median time of one network call for one face (ms), on one thread, after ten calls to warm up."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    face = faces[:1, None].astype(np.float32) / 255
    times_s = []
    for _ in range(calls + 10):
        started = time.perf_counter()
        session.run(None, {"faces": face})
        times_s.append(time.perf_counter() - started)
    return 1e3 * float(np.median(times_s[10:]))


def note_in_manifest(model: Path, manifest: Path = MODELS_DIR / "manifest.yaml") -> None:
    """Write the new sha256 of a shipped model into the manifest, or the piece would refuse the file."""
    for entry in load_manifest(manifest).values():
        if entry.path == model.resolve():
            text = manifest.read_text(encoding="utf-8")
            write_whole(manifest, text.replace(entry.sha256, sha256_of(model)).encode())
            print(f"models/manifest.yaml: {entry.name} has the new sha256")


def write_onnx(net: Calibrated, path: Path, notes: dict[str, str]) -> None:
    """Write ``net`` with inputs ``faces`` (N, 1, 48, 48) and output ``probabilities`` (N, 7), N free, in one file."""
    # The exporter reports libraries that are not needed, and uses functions of its own that will go.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
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
