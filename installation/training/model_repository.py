"""``run.py export --model-repository DIR``: the networks that paint, as NVIDIA Triton and servers like it take them.

    python3 run.py export --model-repository DIR [--largest 8] [--wait-us 2000]

For each network DIR/NAME/config.pbtxt and DIR/NAME/1/model.onnx. Where a network can be made to paint several pictures at once
(training/batch_axis.py) the server may put requests together; others are run one at a time, and that is said. docs/scale.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from installation.base.exit_codes import BAD_INPUT
from installation.base.files import PROGRAM
from installation.base.model_files import MODELS_DIR, model_file, model_names, sha256_of
from installation.base.onnx_sessions import OnnxModel, UnusableModelError, outline
from installation.generation.enlarge import ENLARGER, Enlarger
from installation.generation.generator import PICTURE, TextureGenerator, kind_of, looks_like_a_generator
from installation.generation.picture_generator import PictureGenerator
from installation.generation.style_networks import Stylist
from installation.generation.style_painter import STYLIST
from installation.generation.texture_levels import texture_levels
from installation.training.batch_axis import FixedError, freed

TEXTURE_PX = 256
"""Textures are warmed up at the sizes in which one of this size is made."""
ENLARGED_PX = (64, 272)
"""Sides of what is enlarged: the smallest texture, and a picture with its border."""
VERSION = "1"
LATE_US = 800_000
"""A request that waits longer has been given up by its wall: it is dropped. Each request says its own, shorter time."""
QUEUE = 64
"""More requests that wait are refused: their walls paint by themselves."""
_KINDS = {"tensor(float)": "TYPE_FP32", "tensor(uint8)": "TYPE_UINT8", "tensor(int64)": "TYPE_INT64"}
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Asked:
    """A network that the piece asks of a server, and shapes of inputs that it sends."""

    model: OnnxModel
    sizes: tuple[Shapes, ...]

    @property
    def name(self) -> str:
        """What a server calls it."""
        return self.model.path.stem


def networks(models: Path = MODELS_DIR) -> Iterator[Asked | str]:
    """All networks of models/ that the piece asks of a server; a line for each that it does not, or that cannot be used."""
    for name in (*model_names("*.onnx", models), STYLIST):
        path = model_file(name, models)
        try:
            asked = _asked(name, path)
        except (UnusableModelError, MemoryError) as error:
            yield f"left out: {error}"
            continue
        yield f"left out: {name} (this machine alone asks it)" if asked is None else asked


def _asked(name: str, path: Path) -> Asked | None:
    if name == STYLIST:
        model: OnnxModel = Stylist(path)
        return Asked(model, (_fixed(model),))
    found = outline(path)
    if name == ENLARGER:
        return Asked(Enlarger(path), tuple({"rgba": (side, side, 4)} for side in ENLARGED_PX))
    if looks_like_a_generator(found):
        texture = TextureGenerator(path, TEXTURE_PX, 1, "cpu")
        sides = [level.made_px for level in texture_levels(TEXTURE_PX, texture.cell_px, styles=False)]
        return Asked(texture, tuple(texture.shapes(side) | {"affect": (1, 4)} for side in sides))
    if "affect" in found.inputs and kind_of(found.metadata) == PICTURE:
        model = PictureGenerator(path, "cpu")
        return Asked(model, (_fixed(model),))
    return None


def _fixed(model: OnnxModel) -> Shapes:
    return {name: tuple(size if isinstance(size, int) else 1 for size in shape) for name, shape in model.inputs.items()}


def trials(asked: Asked) -> list[dict[str, np.ndarray]]:
    """Two different pictures' inputs, at the smallest size."""
    rng = np.random.default_rng(7)
    found = []
    for _ in range(2):
        feeds = {}
        for name, shape in asked.sizes[0].items():
            floats = asked.model.types[name] == "tensor(float)"
            feeds[name] = (rng.uniform(0, 1, shape) if floats else rng.integers(0, 255, shape)).astype(
                np.float32 if floats else np.uint8
            )
        found.append(feeds)
    return found


def config_text(asked: Asked, largest: int, wait_us: int) -> str:
    """config.pbtxt. ``largest`` pictures go together at most, 0: each alone; one waits ``wait_us`` microseconds for others."""
    model = asked.model
    lines = [
        f'name: "{asked.name}"',
        'backend: "onnxruntime"',
        f"max_batch_size: {largest}",
        "version_policy { latest { num_versions: 1 } }",
        f'parameters {{ key: "sha256" value {{ string_value: "{sha256_of(model.path)}" }} }}',
    ]
    for part, ports in (("input", model.inputs), ("output", model.outputs)):
        for name, shape in ports.items():
            own = _without_batch(shape, shape) if largest else shape
            sizes = ", ".join(str(size) if isinstance(size, int) else "-1" for size in own)
            lines.append(f'{part} {{ name: "{name}" data_type: {_KINDS[model.types[name]]} dims: [ {sizes} ] }}')
    if largest:
        lines += [
            f"dynamic_batching {{ max_queue_delay_microseconds: {wait_us}",
            f"  default_queue_policy {{ timeout_action: REJECT default_timeout_microseconds: {LATE_US}",
            f"    allow_timeout_override: true max_queue_size: {QUEUE} }} }}",
        ]
    for number, sizes_of in enumerate(asked.sizes):
        for batch in dict.fromkeys((1, largest) if largest else (0,)):
            lines += _warm_up(asked, sizes_of, number, batch)
    return "\n".join(lines) + "\n"


def _warm_up(asked: Asked, shapes: Shapes, number: int, batch: int) -> Iterator[str]:
    yield f'model_warmup {{ name: "size {number}, {batch or 1} at once" batch_size: {batch}'
    for name, shape in shapes.items():
        sizes = ", ".join(map(str, _without_batch(asked.model.inputs[name], shape) if batch else shape))
        kind = _KINDS[asked.model.types[name]]
        yield f'  inputs {{ key: "{name}" value {{ data_type: {kind} dims: [ {sizes} ] zero_data: true }} }}'
    yield "}"


def _without_batch(declared: Sequence[int | str | None], shape: Sequence[Any]) -> Sequence[Any]:
    """``shape`` without the axis of 1 that an input or output ``declared`` with one has in front; others got one more."""
    return shape[1:] if declared[0] == 1 else shape


def write(asked: Asked, folder: Path, largest: int, wait_us: int) -> str:
    """The network's folder; gives a line for who typed it. Raises OSError."""
    source = onnx.load(asked.model.path)
    try:
        data, said = freed(source, trials(asked)).SerializeToString(), f"up to {largest} pictures at once"
    except FixedError as error:
        data, said, largest = asked.model.path.read_bytes(), f"one picture at a time: {error}", 0
    place = folder / asked.name
    (place / VERSION).mkdir(parents=True, exist_ok=True)
    (place / VERSION / "model.onnx").write_bytes(data)
    (place / "config.pbtxt").write_text(config_text(asked, largest, wait_us), encoding="utf-8")
    return f"{asked.name}: {said}"


def main(argv: Sequence[str]) -> int:
    """Write the repository; gives the exit code."""
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} export", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model-repository", type=Path, required=True, metavar="DIR", help="written, or written anew")
    parser.add_argument("--largest", type=int, default=8, metavar="N", help="pictures in a batch (default 8)")
    parser.add_argument(
        "--wait-us", type=int, default=2000, metavar="US", help="one waits so long for others (default 2000)"
    )
    options = parser.parse_args(argv)
    folder: Path = options.model_repository
    try:
        for asked in networks():
            print(asked if isinstance(asked, str) else write(asked, folder, max(1, options.largest), options.wait_us))
    except OSError as error:
        print(f"{error.filename or folder}: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    return 0
