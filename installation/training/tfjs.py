"""TensorFlow.js networks as ONNX, in memory: their weight files read, and the few layers that our comparison meets.

TensorFlow keeps pictures as (N, H, W, C) and kernels as (H, W, in, out); ONNX pictures as (N, C, H, W) and kernels as
(out, in, H, W). Its padding "SAME" puts the odd row or column at the end, ONNX's SAME_UPPER.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from installation.types import FloatArray

OPSET = 18


def read_weights(manifest: Sequence[Mapping[str, Any]], data: bytes) -> dict[str, np.ndarray]:
    """The arrays in ``data``, the weight file that goes with a "weightsManifest" (groups of name, shape and dtype).

    Arrays kept in 8 or 16 bits become float32 again: value x scale + min. Raises ValueError when sizes do not agree.
    """
    arrays: dict[str, np.ndarray] = {}
    at = 0
    for entry in (weight for group in manifest for weight in group["weights"]):
        quantised = entry.get("quantization")
        stored = np.dtype(quantised["dtype"] if quantised is not None else entry["dtype"]).newbyteorder("<")
        count = int(np.prod(entry["shape"], dtype=np.int64))
        if at + count * stored.itemsize > len(data):
            raise ValueError(f"the weight file ends within {entry['name']}")
        values = np.frombuffer(data, stored, count, at).reshape(entry["shape"])
        at += count * stored.itemsize
        if quantised is not None:
            values = (values * np.float64(quantised["scale"]) + quantised["min"]).astype(np.float32)
        arrays[entry["name"]] = values
    if at != len(data):
        raise ValueError(f"the weight file has {len(data)} bytes, its manifest {at}")
    return arrays


class Layers:
    """Puts an ONNX graph together, layer by layer; every method gives the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, op: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        """Any one node. ``name`` is its output's, else a new one."""
        output = name if name is not None else f"{op}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [output], **attributes))
        return output

    def constant(self, values: np.ndarray) -> str:
        """An array as a named constant."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def conv(
        self, x: str, kernel: FloatArray, bias: FloatArray | None = None, *, stride: int = 1, same: bool = True
    ) -> str:
        """A convolution with TensorFlow's kernel (H, W, in, out)."""
        inputs = [x, self.constant(kernel.transpose(3, 2, 0, 1))]
        if bias is not None:
            inputs.append(self.constant(bias))
        return self.add("Conv", *inputs, strides=[stride, stride], auto_pad="SAME_UPPER" if same else "VALID")

    def depthwise(self, x: str, kernel: FloatArray, *, stride: int = 1, same: bool = True) -> str:
        """A convolution of every channel by itself, TensorFlow's kernel (H, W, channels, 1). Raises ValueError for more."""
        if kernel.shape[3] != 1:
            raise ValueError(f"only one filter a channel is known here, not {kernel.shape[3]}")
        weights = self.constant(kernel.transpose(2, 3, 0, 1))
        auto_pad = "SAME_UPPER" if same else "VALID"
        return self.add("Conv", x, weights, group=kernel.shape[2], strides=[stride, stride], auto_pad=auto_pad)

    def model(self, input_shape: Sequence[int], output: str, classes: int) -> onnx.ModelProto:
        """The finished network: input ``x`` of ``input_shape``, output (1, classes). Raises onnx's own error if broken."""
        graph = helper.make_graph(
            self._nodes,
            "network",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(input_shape))],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, classes])],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
        onnx.checker.check_model(model, full_check=True)
        return model


def graph_to_onnx(document: Mapping[str, Any], data: bytes) -> onnx.ModelProto:
    """A TensorFlow.js graph model that classifies one picture, (1, C, H, W) -> (1, classes).

    ``document`` is its model.json, ``data`` its weights. Raises ValueError for a layer that is not known here.
    """
    arrays = read_weights(document["weightsManifest"], data)
    nodes = document["modelTopology"]["node"]
    layers, shape = Layers(), list[int]()
    outputs: dict[str, str] = {}
    for node in nodes:
        op, name, inputs = node["op"], node["name"], node.get("input", [])
        if op == "Const":
            continue
        if op == "Placeholder":
            _, height, width, channels = (int(dim["size"]) for dim in node["attr"]["shape"]["shape"]["dim"])
            shape, outputs[name] = [1, channels, height, width], "x"
            continue
        unknown = [source for source in inputs if source not in outputs and source not in arrays]
        if unknown:
            raise ValueError(f"{name} needs {', '.join(unknown)}, which comes later or nowhere")
        x = [outputs[source] for source in inputs if source in outputs]
        weights = [arrays[source] for source in inputs if source in arrays]
        outputs[name] = _layer(layers, op, x, weights, node.get("attr", {}))
    return layers.model(shape, list(outputs.values())[-1], classes=_classes(document))


def _classes(document: Mapping[str, Any]) -> int:
    (output,) = document["userDefinedMetadata"]["signature"]["outputs"].values()
    return int(output["tensorShape"]["dim"][-1]["size"])


def _layer(layers: Layers, op: str, x: list[str], weights: list[np.ndarray], attributes: Mapping[str, Any]) -> str:
    if op in ("_FusedConv2D", "Conv2D", "DepthwiseConv2dNative", "MaxPool"):
        stride, same = int(attributes["strides"]["list"]["i"][1]), _text(attributes["padding"]["s"]) == "SAME"
        if op == "MaxPool":
            size = int(attributes["ksize"]["list"]["i"][1])
            pad = "SAME_UPPER" if same else "VALID"
            return layers.add("MaxPool", *x, kernel_shape=[size, size], strides=[stride, stride], auto_pad=pad)
        if op == "DepthwiseConv2dNative":
            return layers.depthwise(x[0], weights[0], stride=stride, same=same)
        fused = [_text(word) for word in attributes.get("fused_ops", {"list": {"s": []}})["list"]["s"]]
        if fused not in ([], ["BiasAdd"], ["BiasAdd", "Relu"]):
            raise ValueError(f"a convolution fused with {fused} is not known here")
        output = layers.conv(x[0], weights[0], weights[1] if fused else None, stride=stride, same=same)
        return layers.add("Relu", output) if "Relu" in fused else output
    match op:
        case "AddV2":
            return layers.add("Add", *x)
        case "Relu" | "Identity":
            return layers.add(op, *x)
        case "Softmax":
            return layers.add("Softmax", *x, axis=-1)
        case "Mean":
            if sorted(weights[0].tolist()) != [1, 2]:
                raise ValueError("a mean over anything but height and width is not known here")
            return layers.add("Flatten", layers.add("GlobalAveragePool", *x))
    raise ValueError(f"the layer {op} is not known here")


def _text(word: str) -> str:
    return base64.b64decode(word).decode()
