"""From a torch module to an ONNX file, in one way for all."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn


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
