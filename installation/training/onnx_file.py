"""From a torch module to an ONNX file, in one way for all."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

LARGE = 2048
"""Tensors of so many values or more may be stored as halves, with a Cast that ONNX Runtime folds when it loads."""
HALF = "_half"


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Where to write a model that must still pass its gates: it becomes ``path`` at the end, or is gone after an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.draft.onnx")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_onnx(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    output: str,
    path: Path,
    free: Mapping[str, Mapping[int, str]],
    metadata: Mapping[str, object] | None = None,
) -> None:
    """Write ``module`` as it paints ``inputs``, examples by name in its order. ``free`` names the axes of inputs and
    of the output that may have any size: the running piece reads in "h4" that there are four points to a cell.
    """
    import onnx

    with warnings.catch_warnings():
        # The older exporter, which traces; it warns of its age. The newer one reasons about every border's size: with
        # wrapped borders it does not come to an end, elsewhere it takes ten times as long for a file that is no faster.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes={name: dict(axes) for name, axes in free.items()},
            opset_version=17,
            dynamo=False,
        )
    if metadata:
        model = onnx.load(str(path))
        for key, value in metadata.items():
            model.metadata_props.add(key=key, value=str(value))
        onnx.save(model, str(path))


def halve(path: Path, metadata: Mapping[str, object]) -> None:
    """Store large weights as halves, under their names with HALF behind, and the metadata."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(path))
    casts, kept = [], []
    for entry in model.graph.initializer:
        values = numpy_helper.to_array(entry)
        if entry.data_type == TensorProto.FLOAT and values.size >= LARGE:
            kept.append(numpy_helper.from_array(values.astype(np.float16), entry.name + HALF))
            casts.append(helper.make_node("Cast", [entry.name + HALF], [entry.name], to=TensorProto.FLOAT))
        else:
            kept.append(entry)
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.save(model, str(path))
