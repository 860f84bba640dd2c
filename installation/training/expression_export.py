"""From a trained network to the one ONNX file the piece runs: calibrated on held-out faces, in eight bits."""

from __future__ import annotations

import contextlib
import io
import logging
import math
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn import functional

from installation.base.files import write_whole
from installation.base.model_files import MODELS_DIR, load_manifest, sha256_of
from installation.base.onnx_sessions import model_source
from installation.training.expression_heads import CLASSES, Calibrated, build, logits_of
from installation.training.face_folder import TrainingFaces
from installation.training.fer import IntArray, score
from installation.training.fer_augment import FaceAugment, standardise
from installation.training.fer_votes import score_votes, shares
from installation.types import EMOTIONS, ByteArray, FloatArray

CPU = torch.device("cpu")
RANGE_FACES = 600
"""Faces by which the range of every layer's eight bits is set."""


def best_temperature(logits: torch.Tensor, targets: torch.Tensor) -> float:
    """The divisor in [0.3, 3] of the logits with the least cross-entropy, from a fine grid.

    ``targets`` are (N,) labels or (N, 7) shares.
    """
    grid = torch.exp(torch.linspace(math.log(0.3), math.log(3.0), 461))
    losses = torch.stack([functional.cross_entropy(logits / t, targets) for t in grid])
    return float(grid[losses.argmin()])


def load_net(run: Path, faces: str) -> tuple[nn.Module, IntArray, dict[str, str]]:
    """The network of a run that has ended, the rows it did not learn from, and notes for the file.

    Raises FileNotFoundError or ValueError with what to do; ``faces`` is the fingerprint of what it must have learnt from.
    """
    path = run / "net.pt"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; train to the end first: run.py train expression --run {run}")
    state = torch.load(path, map_location=CPU, weights_only=True)
    if state["faces"] != faces:
        raise ValueError(f"{run} learnt from other faces than these; give the --data it was trained on")
    notes = {
        "shape": state["settings"]["shape"],
        "passes": str(state["epoch"]),
        "training_minutes": f"{state['spent_s'] / 60:.1f}",
    }
    return load_weights(notes["shape"], state["net"], path), state["held"].numpy(), notes


def load_weights(shape: str, weights: Mapping[str, Any], path: Path) -> nn.Module:
    """A network of ``shape`` with ``weights``. Raises ValueError when they are another shape's."""
    net = build(shape)
    try:
        net.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(f"{path} holds another network than today's {shape}; train it again") from error
    return net


def export(
    net: nn.Module,
    faces: TrainingFaces,
    held: IntArray,
    model: Path,
    notes: Mapping[str, str],
    *,
    mirror: bool = True,
) -> dict[str, str]:
    """Write ``net`` to ``model``; gives the notes written into the file, ``notes`` first.

    ``held`` are the rows of ``faces`` that it did not learn from: they set the temperatures, and what the notes say
    was read rightly is read in them, by the file itself.
    """
    net.eval()
    logits = logits_of(net, faces.images[held], CPU)
    temperatures = (
        best_temperature(logits[:, :CLASSES], torch.from_numpy(shares(faces.votes[held]))),
        best_temperature(logits[:, CLASSES:], torch.from_numpy(faces.labels[held])),
    )
    calibrated = Calibrated(net, temperatures, mirror=mirror)
    learnt = np.setdiff1d(np.arange(len(faces.images)), held)
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        write_onnx(calibrated, plain)
        quantise(plain, _ranges(faces.images[learnt]), model)
    votes, label = read(model, faces.images[held])
    by_votes, by_label = score_votes(votes, faces.votes[held]), score(label, faces.labels[held])
    written = {
        **notes,
        "emotions": ",".join(EMOTIONS),
        "mirror_image": str(mirror).lower(),
        "temperatures": ",".join(f"{one:.4f}" for one in temperatures),
        "validation_faces": str(len(held)),
        "validation_majority": f"{by_votes.majority:.4f}",
        "validation_divergence": f"{by_votes.kl:.4f}",
        "validation_reliability_gap": f"{by_votes.reliability.gap:.4f}",
        "validation_label_accuracy": f"{by_label.accuracy:.4f}",
    }
    file = onnx.load(model)
    onnx.helper.set_model_props(file, written)
    onnx.save(file, model)
    print("\n".join(f"{name}: {value}" for name, value in written.items()))
    print(
        f"{model}: {model.stat().st_size / 1e6:.1f} MB, {median_ms(model, faces.images):.2f} ms a face on one thread, "
        f"sha256 {sha256_of(model)}"
    )
    note_in_manifest(model)
    return written


def _ranges(images: ByteArray) -> FloatArray:
    """(M, 1, 48, 48) standardised faces, changed at random as in training: the ranges must hold for a live camera, too."""
    rows = np.random.default_rng(0).permutation(len(images))[:RANGE_FACES]
    grey = torch.from_numpy(images[rows])[:, None].float() / 255
    changed: FloatArray = FaceAugment(torch.Generator().manual_seed(0))(grey).numpy()
    return changed


def quantise(plain: Path, faces: FloatArray, model: Path) -> None:
    """Write the network of ``plain`` with convolutions in eight bits to ``model``; ``faces`` set the ranges.

    Weights have seven bits: with eight, processors without VNNI overflow (ONNX Runtime's own advice). The ranges leave
    out one value in ten thousand; of the ways tried, this one was nearest to the network in float32.
    """
    from onnxruntime.quantization import (
        CalibrationDataReader,
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Faces(CalibrationDataReader):
        def __init__(self) -> None:
            self._parts = iter(np.array_split(faces, max(1, len(faces) // 20)))

        def get_next(self) -> dict[str, FloatArray] | None:
            part = next(self._parts, None)
            return None if part is None else {"faces": part}

    folded = plain.with_name("folded.onnx")
    with _silence():
        quant_pre_process(plain, folded)
        quantize_static(
            folded,
            model,
            Faces(),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["Conv", "Add", "AveragePool", "Relu"],  # the heads stay in float32
            calibrate_method=CalibrationMethod.Percentile,
            extra_options={"CalibPercentile": 99.99},
        )


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """The quantiser tells of every histogram and every layer."""
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(logging.NOTSET)


def _session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model_source(model), options, providers=["CPUExecutionProvider"])


def read(model: Path, images: ByteArray) -> tuple[FloatArray, FloatArray]:
    """What an exported file reads in (N, 48, 48) uint8 faces: (N, 7) shares of votes, (N, 7) probabilities of the label."""
    session, parts = _session(model), []
    for start in range(0, len(images), 100):
        grey = torch.from_numpy(images[start : start + 100])[:, None].float() / 255
        parts.append(session.run(["probabilities", "label"], {"faces": standardise(grey).numpy()}))
    return np.concatenate([votes for votes, _ in parts]), np.concatenate([label for _, label in parts])


def median_ms(model: Path, images: ByteArray, calls: int = 100) -> float:
    """Median time of one network call for one face (ms), on one thread, after ten calls to warm up."""
    session = _session(model)
    face = images[:1, None].astype(np.float32) / 255
    times_s = []
    for _ in range(calls + 10):
        started = time.perf_counter()
        session.run(["probabilities"], {"faces": face})
        times_s.append(time.perf_counter() - started)
    return 1e3 * float(np.median(times_s[10:]))


def note_in_manifest(model: Path, manifest: Path = MODELS_DIR / "manifest.yaml") -> None:
    """Write the new sha256 of a shipped model into the manifest, or the piece would refuse the file."""
    for entry in load_manifest(manifest).values():
        if entry.path == model.resolve():
            text = manifest.read_text(encoding="utf-8")
            write_whole(manifest, text.replace(entry.sha256, sha256_of(model)).encode())
            print(f"models/manifest.yaml: {entry.name} has the new sha256")


def write_onnx(net: Calibrated, path: Path) -> None:
    """Write ``net`` in float32: input ``faces`` (N, 1, 48, 48), outputs ``probabilities`` and ``label`` (N, 7), N free."""
    names = ["faces", "probabilities", "label"]
    with warnings.catch_warnings():
        # The older exporter, which traces and warns of its age, as for the other networks here.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net.eval(),
            (torch.zeros(2, 1, 48, 48),),
            str(path),
            input_names=names[:1],
            output_names=names[1:],
            dynamic_axes={name: {0: "n"} for name in names},
            opset_version=17,
            dynamo=False,
        )
