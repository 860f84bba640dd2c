"""The small generators and the piece's own against real views, by one measure each for all.

KID is by eyes that none of them was trained with: the 100 numbers in which Magenta's style network reads a picture's manner.
What it gives for known views against held-out ones is the floor.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import torch

from installation.base.model_files import model_file
from installation.generation.style_networks import StyleReader
from installation.training.exports import fastest_ms
from installation.training.running import DataError
from installation.training.simple_gan_data import Compositions, spread
from installation.training.simple_gan_export import paint, write
from installation.training.simple_gan_net import LABELS, NOISE, SIDE_PX, Generator
from installation.training.texture_check import session_of
from installation.training.texture_score import Vectors, kid
from installation.types import ByteArray

READER, OURS = model_file("fetched/style_predict.onnx"), model_file("paint.onnx")
MARKDOWN, TABLE = "table.md", "table.csv"
SEED = 11


@dataclass(frozen=True)
class Row:
    """``seen``: pictures trained on, repeats counted. ``kid`` is times 1000; ``diversity`` over that of held-out views; ``ms``
    a picture on one thread; ``weights`` in millions. None where it does not apply."""

    name: str
    seen: int | None
    kid: float
    diversity: float
    ms: float | None
    weights: float | None


def score(
    generators: dict[str, Generator], states: dict[str, dict[str, Any]], data: Compositions, folder: Path
) -> list[Row]:
    """A row for known views, each generator and ours, as many pictures of each as there are held-out views. The generators'
    ONNX files are left in ``folder``. Raises DataError where a network to measure with is missing."""
    for path in (READER, OURS):
        if not path.is_file():
            raise DataError(f"{path} is not there; bring it back, or give --train-only, which measures nothing")
    held, count = data.held.numpy(), len(data.held)
    look = _reader()
    real, apart = look(held), _spread(held)
    known = some(data, count)

    def row(name: str, made: ByteArray, seen: int | None = None, file: Path | None = None) -> Row:
        ms = fastest_ms(*asked(file)) if file is not None else None
        weights = weights_of(file) / 1e6 if file is not None else None
        return Row(name, seen, kid(real, look(made)), _spread(made) / apart, ms, weights)

    rows = [row("real views, others than those held out", data.crops.cpu().numpy()[known])]
    for name, generator in generators.items():
        file, state = folder / f"{name}.onnx", states[name]
        write(generator, file, {"settings": {"network": name}, "progress": (state["step"],)})
        rows.append(row(name, paint(file, data.labels[known], SEED), state["step"] * state["batch"], file))
    metadata = session_of(OURS).get_modelmeta().custom_metadata_map
    seen = int(metadata["images"]) if "images" in metadata else None
    return [*rows, row("ours, shrunk from 256 px", ours(data, count), seen, OURS)]


def some(data: Compositions, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Numbers of ``count`` views to train on, drawn by lot: what affects and labels are asked for."""
    return np.random.default_rng(SEED).choice(len(data.crops), count, replace=count > len(data.crops))


def ours(data: Compositions, count: int) -> ByteArray:
    """(count, 64, 64, 3): the piece's painter, composing by itself, asked for known views' affects, shrunk by area."""
    session = session_of(OURS)
    mean, deviation = data.scale
    affect = ((data.affect[some(data, count)] - mean) / (2 * deviation)).clamp(-1, 1).numpy()
    shapes = {entry.name: entry.shape for entry in session.get_inputs()}
    rng = np.random.default_rng(SEED)
    out = np.empty((count, SIDE_PX, SIDE_PX, 3), np.uint8)
    for number in range(count):
        feeds = {name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items()}
        feeds |= {"affect": affect[number : number + 1], "layout": np.zeros(shapes["layout"], np.float32)}
        rgba = session.run(None, feeds)[0]
        out[number] = cv2.resize(rgba[:, :, :3], (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return out


def asked(file: Path) -> tuple[Any, dict[str, np.ndarray[Any, Any]]]:
    """A session and what one picture is asked with."""
    session = session_of(file)
    if {entry.name for entry in session.get_inputs()} <= {"noise", "label"}:
        feeds = {"noise": np.zeros((1, NOISE), np.float32), "label": np.eye(LABELS, dtype=np.float32)[:1]}
    else:
        feeds = {entry.name: np.zeros(entry.shape, np.float32) for entry in session.get_inputs()}
    return session, {entry.name: feeds[entry.name] for entry in session.get_inputs()}


def weights_of(file: Path) -> int:
    """Numbers that an ONNX file holds as weights."""
    tensors = onnx.load(str(file)).graph.initializer
    real = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)
    return sum(int(np.prod(tensor.dims)) for tensor in tensors if tensor.data_type in real)


def write_tables(rows: list[Row], folder: Path) -> None:
    """The rows as table.md and table.csv."""
    with (folder / TABLE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([one.name for one in fields(Row)])
        writer.writerows([["" if value is None else value for value in asdict(row).values()] for row in rows])
    head = ["network", "pictures seen", "KID x 1000", "diversity over real", "ms a picture", "weights, million"]
    lines = [" | ".join(head), " | ".join(["---"] * len(head))]
    for row in rows:
        seen = "" if row.seen is None else f"{row.seen:,}"
        speed = "" if row.ms is None else f"{row.ms:.1f}"
        size = "" if row.weights is None else f"{row.weights:.2f}"
        lines.append(" | ".join([row.name, seen, f"{row.kid:.0f}", f"{row.diversity:.2f}", speed, size]))
    text = "\n".join(f"| {line} |" for line in lines)
    (folder / MARKDOWN).write_text(f"{text}\n", encoding="utf-8")


def _reader() -> Callable[[ByteArray], Vectors]:
    reader = StyleReader(READER)
    return lambda pictures: np.stack([reader.read(one) for one in pictures]).astype(np.float64)


def _spread(pictures: ByteArray) -> float:
    return spread(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255)
