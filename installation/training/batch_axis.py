"""A network of one picture as a network of several: its batch axis made free, and tried whether it then paints the same.

A server puts requests of several walls together along that axis. Inside, the networks of the piece work on a batch of one:
their inputs begin with an axis of 1 or get it in the first steps, and it is lost in the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper

from installation.base.onnx_sessions import cpu_session

AXIS = "batch"
PLAIN = frozenset(
    {"Cast", "Clip", "Floor", "Round", "Mul", "Add", "Sub", "Div", "Min", "Max", "Identity", "Relu", "Sigmoid", "Tanh"}
)
"""What a picture goes through number by number."""
MOST_STEPS = 16
MOST_APART = 1.0
"""In levels of 255: how far a picture in a batch may be from the same one alone."""


class FixedError(Exception):
    """The network takes one picture at a time; the message says why."""


def freed(model: ModelProto, trials: Sequence[Mapping[str, np.ndarray]]) -> ModelProto:
    """``model`` with a free first axis on every input and output, tried on ``trials`` (inputs of equal shapes, at least two).

    Raises FixedError.
    """
    found = ModelProto()
    found.CopyFrom(model)
    constants = {values.name for values in found.graph.initializer}
    for port in found.graph.input:
        if port.name not in constants and not _free_first(port):
            _take_axis(found, port.name)
            _put_in_front(port)
    for port in found.graph.output:
        if not _free_first(port):
            _keep_axis(found, port.name)
            _put_in_front(port)
    _copy_first_sizes(found)
    _repeat_constants(found)
    _drop_unused(found)
    del found.graph.value_info[:]
    _try(model, found, trials)
    return found


def _free_first(port: Any) -> bool:
    """Make a first axis of 1 free; whether there is one."""
    sizes = port.type.tensor_type.shape.dim
    if len(sizes) > 1 and sizes[0].dim_value == 1:
        sizes[0].dim_param = AXIS
        return True
    return False


def _put_in_front(port: Any) -> None:
    sizes = [*port.type.tensor_type.shape.dim]
    del port.type.tensor_type.shape.dim[:]
    port.type.tensor_type.shape.dim.add(dim_param=AXIS)
    port.type.tensor_type.shape.dim.extend(sizes)


def _take_axis(model: ModelProto, name: str) -> None:
    """Take out what gives an input its batch axis, and move what comes before that by one axis."""
    for _ in range(MOST_STEPS):
        readers = [node for node in model.graph.node if name in node.input]
        if len(readers) != 1:
            break
        (node,) = readers
        if node.op_type == "Unsqueeze" and _is(_constant(model, node.input[1]), [0]):
            _bypass(model, node)
            return
        if node.op_type == "Slice":
            _move_axes(model, node)
        elif node.op_type == "Transpose":
            _move_order(node)
        elif node.op_type not in PLAIN:
            break
        name = node.output[0]
    raise FixedError("its input has no axis for several, and where it gets one is not seen")


def _keep_axis(model: ModelProto, name: str) -> None:
    """Take out what drops the batch axis at the end, and move what comes after that by one axis."""
    makers = {made: node for node in model.graph.node for made in node.output}
    moved: list[NodeProto] = []
    for _ in range(MOST_STEPS):
        node = makers.get(name)
        if node is None:
            break
        if _drops_axis(model, node):
            _bypass(model, node)
            for one in moved:
                _move_order(one)
            return
        if node.op_type == "Transpose":
            moved.append(node)
        elif node.op_type not in PLAIN:
            break
        name = next((one for one in node.input if one in makers and _constant(model, one) is None), "")
    raise FixedError("its output has no axis for several, and where it lost it is not seen")


def _drops_axis(model: ModelProto, node: NodeProto) -> bool:
    if node.op_type == "Gather":
        at = _constant(model, node.input[1])
        return _axis(node) == 0 and at is not None and at.ndim == 0 and int(at) == 0
    return node.op_type == "Squeeze" and len(node.input) > 1 and _is(_constant(model, node.input[1]), [0])


def _bypass(model: ModelProto, node: NodeProto) -> None:
    gone, source = node.output[0], node.input[0]
    model.graph.node.remove(node)
    for other in model.graph.node:
        other.input[:] = [source if one == gone else one for one in other.input]


def _move_order(node: NodeProto) -> None:
    order = next((one for one in node.attribute if one.name == "perm"), None)
    if order is None:
        raise FixedError(f"{node.name} turns all axes round")
    order.ints[:] = [0, *(place + 1 for place in order.ints)]


def _move_axes(model: ModelProto, node: NodeProto) -> None:
    axes = _constant(model, node.input[3]) if len(node.input) > 3 else None
    if axes is None:
        raise FixedError(f"{node.name} does not say which axes it cuts")
    name = f"{node.name or node.output[0]}_moved_axes"
    moved = np.where(axes >= 0, axes + 1, axes).astype(np.int64)
    model.graph.initializer.append(numpy_helper.from_array(moved, name))
    node.input[3] = name


def _repeat_constants(model: ModelProto) -> None:
    """A constant that is joined to what comes in, along another axis, is repeated for each picture."""
    nodes = [*model.graph.node]
    del model.graph.node[:]
    for number, node in enumerate(nodes):
        if node.op_type == "Concat" and _axis(node) != 0:
            values = {one: _constant_of(nodes, model, one) for one in node.input}
            moving = next((one for one, value in values.items() if value is None), None)
            for at, one in enumerate(node.input):
                value = values[one]
                if moving is None or value is None or value.ndim < 2 or value.shape[0] != 1:
                    continue
                prefix = f"repeated_{number}_{at}"
                rest = numpy_helper.from_array(np.ones(value.ndim - 1, np.int64), f"{prefix}_rest")
                model.graph.initializer.append(rest)
                model.graph.node.extend(
                    [
                        helper.make_node("Shape", [moving], [f"{prefix}_count"], start=0, end=1),
                        helper.make_node("Concat", [f"{prefix}_count", rest.name], [f"{prefix}_form"], axis=0),
                        helper.make_node("Expand", [one, f"{prefix}_form"], [prefix]),
                    ]
                )
                node.input[at] = prefix
        model.graph.node.append(node)


def _copy_first_sizes(model: ModelProto) -> None:
    """Where a fixed form begins with 1, the first size is that of what comes in (0 in ONNX)."""
    forms = {node.input[1] for node in model.graph.node if node.op_type == "Reshape"}
    places = [values for values in model.graph.initializer if values.name in forms]
    places += [one.attribute[0].t for one in model.graph.node if one.op_type == "Constant" and one.output[0] in forms]
    for place in places:
        form = numpy_helper.to_array(place).copy()
        if form.ndim == 1 and len(form) > 1 and form[0] == 1:
            form[0] = 0
            place.CopyFrom(numpy_helper.from_array(form, place.name))


def _drop_unused(model: ModelProto) -> None:
    used = {one for node in model.graph.node for one in node.input}
    unused = [one for one in model.graph.node if one.op_type == "Constant" and one.output[0] not in used]
    for node in unused:
        model.graph.node.remove(node)


def _axis(node: NodeProto) -> int:
    return next((int(one.i) for one in node.attribute if one.name == "axis"), 0)


def _is(values: np.ndarray | None, wanted: list[int]) -> bool:
    return values is not None and values.tolist() == wanted


def _constant(model: ModelProto, name: str) -> np.ndarray | None:
    return _constant_of(model.graph.node, model, name)


def _constant_of(nodes: Sequence[NodeProto], model: ModelProto, name: str) -> np.ndarray | None:
    for values in model.graph.initializer:
        if values.name == name:
            return np.asarray(numpy_helper.to_array(values))
    for node in nodes:
        if node.op_type == "Constant" and name in node.output:
            return np.asarray(numpy_helper.to_array(node.attribute[0].t))
    return None


def _try(model: ModelProto, found: ModelProto, trials: Sequence[Mapping[str, np.ndarray]]) -> None:
    rank = {port.name: len(port.type.tensor_type.shape.dim) for port in found.graph.input}
    joined = {
        name: (np.stack if rank[name] > trials[0][name].ndim else np.concatenate)([trial[name] for trial in trials])
        for name in trials[0]
    }
    try:
        onnx.checker.check_model(found)
        several: Any = cpu_session(found.SerializeToString()).run(None, joined)[0]
    except Exception as error:
        raise FixedError(f"its inside is made for one ({str(error).splitlines()[0][:160]})") from error
    alone = cpu_session(model.SerializeToString())
    for number, trial in enumerate(trials):
        one: Any = alone.run(None, dict(trial))[0]
        level = 1.0 if one.dtype == np.uint8 else 1 / 255
        if several.size != len(trials) * one.size:
            raise FixedError(f"its pictures become {several.shape}")
        apart = np.abs(several[number].reshape(one.shape).astype(np.float64) - one.astype(np.float64)).max() / level
        if not apart <= MOST_APART:
            raise FixedError(f"its pictures differ in a batch ({apart:.1f} of 255)")
