"""Small networks of every kind, good and bad, made by the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

FLOAT, UINT8 = TensorProto.FLOAT, TensorProto.UINT8
Shape = Sequence[int | str] | None


def write(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: Mapping[str, Shape],
    output: tuple[str, int, Shape],
    constants: Mapping[str, Any] = {},
    metadata: Mapping[str, str] = {},
    opset: int = 18,
    kinds: Mapping[str, int] = {},
) -> Path:
    """``inputs``: name to shape; ``constants``: name to an array; ``kinds``: the inputs that are not float."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(name, kinds.get(name, FLOAT), shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(*output)],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    helper.set_model_props(model, dict(metadata))
    path.write_bytes(model.SerializeToString())
    return path


def node(kind: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs.split(), [output], **attributes)


def generator(path: Path, level: float = 100.0, metadata: Mapping[str, str] | None = None, **more: Any) -> Path:
    """A texture generator as small as can be: grey cells of 16 pixels about ``level``. ``more`` bends it, see below."""
    cell = more.get("cell", 16)
    nodes = [
        node("Resize", "coarse none scales", "up", mode="nearest"),
        node("Mul", "up gain", "wave"),
        node("Add", "wave level", "grey"),
        node("Clip", "grey low high", "clipped"),
        node("Mul", "up zero", "still"),
        node("Add", "still opacity", "alpha"),
        node("Concat", f"{'clipped ' * more.get('colours', 3)}alpha", "planes", axis=1),
        node("Transpose", "planes", "last", perm=[0, 2, 3, 1]),
        node("Squeeze", "last first", "floats"),
        *more.get("then", ()),
        node("Cast", more.get("of", "floats"), "rgba", to=more.get("kind", UINT8)),
    ]
    constants = {
        "none": np.zeros(0, np.float32),
        "scales": np.float32([1, 1, cell, more.get("cell_across", cell)]),
        "gain": np.float32(20),
        "level": np.float32(level),
        "low": np.float32(0),
        "high": np.float32(255),
        "zero": np.float32(0),
        "opacity": np.float32(more.get("opacity", 255)),
        "first": np.int64([0]),
        **more.get("constants", {}),
    }
    inputs = {"coarse": [1, 1, "h", "w"], "affect": [1, 4]} | more.get("inputs", {})
    output = ("rgba", more.get("kind", UINT8), more.get("declared", ["height", "width", "channels"]))
    told = {"cell_px": "16"} if metadata is None else metadata
    return write(path, nodes, inputs, output, constants, told)


def painter(path: Path, metadata: Mapping[str, str] | None = None, **more: Any) -> Path:
    """A painter of pictures as small as can be, 64 pixels: the layout, lighter with affect and z, grained by noise."""
    nodes = [
        node("Resize", "layout none scales", "up", mode="nearest"),
        node("Mul", "up contrast", "wave"),
        node("ReduceMean", "affect axis", "mood"),
        node("Mul", "mood contrast", "light"),
        node("ReduceMean", "z axis", "place"),
        node("Mul", "place contrast", "shade"),
        node("Mul", "noise grain", "grains"),
        node("Sum", "wave light shade grains level", "sum"),
        node("Clip", "sum low high", "clipped"),
        node("Mul", "clipped colours", "colour"),
        node("Add", "colour opaque", "planes"),
        node("Transpose", "planes", "last", perm=[0, 2, 3, 1]),
        node("Squeeze", "last first", "floats"),
        node("Cast", "floats", "rgba", to=UINT8),
    ]
    constants = {
        "none": np.zeros(0, np.float32),
        "scales": np.float32([1, 1, 4, 4]),
        "axis": np.int64([1]),
        "contrast": np.float32(40),
        "grain": np.float32(8),
        "level": np.float32(120),
        "low": np.float32(0),
        "high": np.float32(255),
        "colours": np.float32([1, 1, 1, 0]).reshape(1, 4, 1, 1),
        "opaque": np.float32([0, 0, 0, more.get("opacity", 255)]).reshape(1, 4, 1, 1),
        "first": np.int64([0]),
    }
    inputs = {"z": [1, 8], "noise": [1, 1, 64, 64], "affect": [1, 4], "layout": [1, 4, 16, 16]} | more.get("inputs", {})
    told = {"kind": "picture", "size_px": "64"} | dict(metadata or {})
    return write(path, nodes, inputs, ("rgba", UINT8, more.get("declared", [64, 64, 4])), constants, told)


def endless(path: Path) -> Path:
    """A generator that does not come to an end of itself."""
    body = helper.make_graph(
        [node("Identity", "go", "goes"), node("Sin", "v", "next")],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("goes", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", FLOAT, None),
        ],
    )
    loop = helper.make_node("Loop", ["often", "yes", "floats"], ["turned"], body=body)
    constants = {"often": np.int64(1 << 40), "yes": np.bool_(True)}
    return generator(path, then=[loop], of="turned", constants=constants)


def immense(path: Path) -> Path:
    """A generator whose picture has billions of numbers, though it does not say so."""
    then = [
        node("NonZero", "floats", "places"),
        node("Shape", "places", "counted"),
        node("Concat", "counted counted", "four", axis=0),
        node("Slice", "four second end", "large"),
        node("Slice", "floats at to", "point"),
        node("Reshape", "point one", "number"),
        node("Expand", "number large", "whole"),
    ]
    constants = {
        "at": np.int64([0, 0, 0]),
        "to": np.int64([1, 1, 1]),
        "one": np.int64([1]),
        "second": np.int64([1]),
        "end": np.int64([4]),
    }
    return generator(path, then=then, of="whole", constants=constants, declared=None)


def simple(path: Path, inputs: Mapping[str, Shape], answer: Any, declared: Shape = None, **more: Any) -> Path:
    """A network that always gives the constant ``answer``, whatever it is asked."""
    value = np.asarray(answer)
    kind = helper.np_dtype_to_tensor_dtype(value.dtype)
    name = more.get("output", "answer")
    first = next(iter(inputs))
    nodes = [
        node("Cast", first, "asked", to=FLOAT),
        node("ReduceSum", "asked", "sum", keepdims=0),
        node("Mul", "sum zero", "nothing"),
        node("Cast", "value", "number", to=FLOAT),
        node("Add", "number nothing", "sent"),
        node("Cast", "sent", name, to=kind),
    ]
    shape = list(value.shape) if declared is None else declared
    constants = {"value": value, "zero": np.float32(0)}
    return write(
        path, nodes, inputs, (name, kind, shape), constants, more.get("metadata", {}), kinds=more.get("kinds", {})
    )
