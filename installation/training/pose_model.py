"""What a fitted pose classifier becomes: one ONNX graph with its mirror image and its doubt inside."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import onnx
from onnx import compose, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.neighbors import KNeighborsClassifier

from installation.base.files import write_whole
from installation.poses.features import BODY_COLUMNS, LEG_COLUMNS, MEASURE_COLUMNS, mirror_columns
from installation.poses.reader import KIND
from installation.poses.table import NONE
from installation.types import FloatArray

OPSETS = {"": 18, "ai.onnx.ml": 3}
LEG_WEIGHT, MEASURE_WEIGHT = 0.5, 0.5
"""Columns are compared in their own units, for they are alike already (parts of unit vectors, bends, torso lengths); dividing
each by its spread would blow up those that hardly vary in a recording, such as the legs of people who all stood. Legs
count half, for many visitors sit or are cut off at the waist, and so do distances, which range further."""
DOUBT_LEG_WEIGHT = 0.25
"""For the question whether a posture is near any that was recorded, legs count still less, and the face not at all."""
DOUBT_HALF, DOUBT_STEEPNESS = 1.4, 8.0
"""At so many radii from the nearest recorded posture of its label a probability is halved; the steepness is per radius."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What is near the recorded postures of one label. ``references`` (M, F) of the model's columns; ``radius`` in weighted
    units: how far postures of that label by somebody else, or from another take, lie from the nearest of them."""

    references: FloatArray
    radius: float


def column_weights(columns: tuple[str, ...]) -> FloatArray:
    """(F,) what each column is multiplied with before it is classified."""
    halves = dict.fromkeys(LEG_COLUMNS, LEG_WEIGHT) | dict.fromkeys(MEASURE_COLUMNS, MEASURE_WEIGHT)
    return np.array([halves.get(name, 1.0) for name in columns], np.float32)


def doubt_weights(columns: tuple[str, ...]) -> FloatArray:
    """(F,) the same for the distance to recorded postures."""
    less = dict.fromkeys(LEG_COLUMNS, DOUBT_LEG_WEIGHT) | dict.fromkeys(MEASURE_COLUMNS, MEASURE_WEIGHT)
    return np.array([less.get(name, 1.0) if name in BODY_COLUMNS else 0.0 for name in columns], np.float32)


def distances(rows: FloatArray, references: FloatArray, columns: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """(N,) of each row (N, F) to the nearest of ``references`` (M, F)."""
    weights = doubt_weights(columns).astype(np.float64)
    a, b = rows * weights, references * weights
    squared = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(squared.min(axis=1), 0.0)), np.float64)


def gate_share(distance: npt.NDArray[np.float64], radius: float) -> npt.NDArray[np.float64]:
    """[0, 1] what a probability is multiplied with at a ``distance``; the graph says the same."""
    return np.asarray(0.5 - 0.5 * np.tanh(DOUBT_STEEPNESS / 2 * (distance / radius - DOUBT_HALF)))


def to_graph(
    estimator: Any,
    labels: tuple[str, ...],
    columns: tuple[str, ...],
    mirror: bool,
    gates: dict[str, Gate],
    notes: dict[str, str],
) -> bytes:
    """The file's bytes. ``estimator``: a fitted scikit-learn classifier of ``labels`` by their numbers, on weighted columns.
    ``gates``: of every label but "none".

    Input ``features`` (N, F) of ``columns`` as measured; output ``probabilities`` (N, L) of the labels in the metadata, the
    last of which is "none": what the classifier or the gate leaves over.
    """
    size = len(columns)
    options: dict[str, Any] = {"zipmap": False}
    if isinstance(estimator, KNeighborsClassifier):
        options["optim"] = "cdist"  # one operator of ONNX Runtime's own: 13 ms a row become 0.2
    with warnings.catch_warnings():
        # skl2onnx 1.20 looks at attributes of the support vectors that scikit-learn 1.9 is about to drop.
        warnings.filterwarnings("ignore", category=FutureWarning, module=r"sklearn\.utils\.deprecation")
        model = to_onnx(
            estimator,
            initial_types=[("scaled", FloatTensorType([None, size]))],
            options={id(estimator): options},
            target_opset=OPSETS,
        )
    # Its inner names must not meet those given here.
    model = compose.add_prefix(model, "fitted_")
    graph = model.graph
    scaled = graph.input[0].name
    of_classifier = graph.output[1].name
    nodes = list(graph.node)
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend([*_before(graph, scaled, columns, mirror), *nodes])
    graph.node.extend([*_after(graph, of_classifier, labels, mirror), *_gated(graph, labels, columns, gates)])
    kind = onnx.TensorProto.FLOAT
    outputs = [*(label for label in labels if label != NONE), NONE]
    graph.input.append(helper.make_tensor_value_info("features", kind, ["rows", size]))
    graph.output.append(helper.make_tensor_value_info("probabilities", kind, ["rows", len(outputs)]))
    facts = {"kind": KIND, "labels": json.dumps(outputs), "columns": json.dumps(columns), "mirror": json.dumps(mirror)}
    helper.set_model_props(model, facts | notes)
    model.doc_string = "Poses for Mien: rows of named posture columns in, probabilities of labels out."
    onnx.checker.check_model(model)
    return cast(bytes, model.SerializeToString())


def save(data: bytes, path: Path) -> None:
    """Store a model at once: a running piece sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)


def _constant(graph: Any, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
    graph.initializer.append(numpy_helper.from_array(np.asarray(value, dtype), name))
    return name


def _before(graph: Any, scaled: str, columns: tuple[str, ...], mirror: bool) -> list[Any]:
    """features -> what the classifier takes: (2N, F), rows and then their mirror images, or (N, F) without."""
    nodes, rows = [], "features"
    if mirror:
        order, sign = mirror_columns(columns)
        _constant(graph, "mirror_order", order, np.int64)
        _constant(graph, "mirror_sign", sign)
        nodes += [
            helper.make_node("Gather", ["features", "mirror_order"], ["swapped"], axis=1),
            helper.make_node("Mul", ["swapped", "mirror_sign"], ["mirrored"]),
            helper.make_node("Concat", ["features", "mirrored"], ["both"], axis=0),
        ]
        rows = "both"
    _constant(graph, "column_weights", column_weights(columns))
    return [*nodes, helper.make_node("Mul", [rows, "column_weights"], [scaled])]


def _after(graph: Any, found: str, labels: tuple[str, ...], mirror: bool) -> list[Any]:
    """The classifier's probabilities -> pose_shares (N, poses without "none"), the mean over both images."""
    poses = [number for number, label in enumerate(labels) if label != NONE]
    _constant(graph, "pose_numbers", poses, np.int64)
    nodes = []
    if mirror:
        _constant(graph, "image_shape", [2, -1, len(labels)], np.int64)
        _constant(graph, "image_axis", [0], np.int64)
        nodes += [
            helper.make_node("Reshape", [found, "image_shape"], ["of_images"]),
            helper.make_node("ReduceMean", ["of_images", "image_axis"], ["of_row"], keepdims=0),
        ]
        found = "of_row"
    return [*nodes, helper.make_node("Gather", [found, "pose_numbers"], ["pose_shares"], axis=1)]


def _gated(graph: Any, labels: tuple[str, ...], columns: tuple[str, ...], gates: dict[str, Gate]) -> list[Any]:
    """pose_shares and features -> probabilities, each by its distance to the nearest reference of its label."""
    poses = [label for label in labels if label != NONE]
    weights = doubt_weights(columns)
    ends = np.cumsum([0, *(len(gates[label].references) for label in poses)])
    _constant(graph, "doubt_weights", weights)
    _constant(graph, "references", np.concatenate([gates[label].references for label in poses])[None] * weights)
    _constant(graph, "axis_1", [1], np.int64)
    _constant(graph, "axis_2", [2], np.int64)
    _constant(graph, "steepness", [-DOUBT_STEEPNESS / gates[label].radius for label in poses])
    _constant(graph, "shift", DOUBT_HALF * DOUBT_STEEPNESS)
    _constant(graph, "one", 1.0)
    nodes = [
        helper.make_node("Mul", ["features", "doubt_weights"], ["weighed"]),
        helper.make_node("Unsqueeze", ["weighed", "axis_1"], ["weighed_rows"]),
        helper.make_node("Sub", ["weighed_rows", "references"], ["difference"]),
        helper.make_node("ReduceL2", ["difference", "axis_2"], ["distance"], keepdims=0),
    ]
    for number, (start, end) in enumerate(pairwise(ends)):
        _constant(graph, f"start_{number}", [start], np.int64)
        _constant(graph, f"end_{number}", [end], np.int64)
        inputs = ["distance", f"start_{number}", f"end_{number}", "axis_1"]
        nodes.append(helper.make_node("Slice", inputs, [f"of_label_{number}"]))
        nodes.append(helper.make_node("ReduceMin", [f"of_label_{number}", "axis_1"], [f"nearest_{number}"], keepdims=1))
    nearest = [f"nearest_{number}" for number in range(len(poses))]
    return [
        *nodes,
        helper.make_node("Concat", nearest, ["nearest"], axis=1),
        helper.make_node("Mul", ["nearest", "steepness"], ["fall"]),
        helper.make_node("Add", ["fall", "shift"], ["known"]),
        helper.make_node("Sigmoid", ["known"], ["gate"]),
        helper.make_node("Mul", ["pose_shares", "gate"], ["poses"]),
        helper.make_node("ReduceSum", ["poses", "axis_1"], ["poses_sum"], keepdims=1),
        helper.make_node("Sub", ["one", "poses_sum"], ["of_none"]),
        helper.make_node("Concat", ["poses", "of_none"], ["probabilities"], axis=1),
    ]
