"""The expression network of face-api as ONNX; the package ships its weights but, but for code, no graph.

Structure as in face-api's denseBlock4 and FaceFeatureExtractor: four blocks of four convolutions, each block halving the
picture, whose later inputs are sums of all earlier outputs; then the mean over the picture and one dense layer.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx

from installation.training.tfjs import Layers, read_weights

INPUT_SIZE = 112
MEAN_RGB = np.array([122.782, 117.001, 104.298], np.float32)
"""Subtracted from 0..255; the difference is then divided by 255."""
BLOCKS = 4


def face_api_to_onnx(manifest: Path, weights: Path) -> onnx.ModelProto:
    """Input ``x`` (1, 3, 112, 112), output (1, 7): neutral, happy, sad, angry, fearful, disgusted, surprised.

    Raises ValueError or KeyError when the files are not the network's.
    """
    arrays = read_weights(json.loads(manifest.read_text(encoding="utf-8")), weights.read_bytes())
    layers = Layers()
    x = "x"
    for block in range(BLOCKS):
        x = _block(layers, arrays, f"dense{block}", x, first=block == 0)
    pooled = layers.add("Flatten", layers.add("GlobalAveragePool", x))
    dense = layers.add("Gemm", pooled, layers.constant(arrays["fc/weights"]), layers.constant(arrays["fc/bias"]))
    return layers.model((1, 3, INPUT_SIZE, INPUT_SIZE), layers.add("Softmax", dense, axis=-1), classes=7)


def _block(layers: Layers, arrays: dict[str, np.ndarray], name: str, x: str, *, first: bool) -> str:
    """denseBlock4: every convolution after the first sees the rectified sum of what came before it in the block."""
    total = ""
    for index in range(4):
        stride = 2 if index == 0 else 1
        part = f"{name}/conv{index}"
        if first and index == 0:
            out = layers.conv(x, arrays[f"{part}/filters"], arrays[f"{part}/bias"], stride=stride)
        else:
            deep = layers.depthwise(x, arrays[f"{part}/depthwise_filter"], stride=stride)
            out = layers.conv(deep, arrays[f"{part}/pointwise_filter"], arrays[f"{part}/bias"])
        if index == 0:
            total = x = layers.add("Relu", out)  # the first output is rectified before it is summed, the others after
        else:
            total = layers.add("Add", total, out)
            x = layers.add("Relu", total)
    return x
