"""Networks of a model repository, or of single files, run by ONNX Runtime for the servers of the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

TYPES = {
    "tensor(float)": ("FP32", np.float32),
    "tensor(uint8)": ("UINT8", np.uint8),
    "tensor(int64)": ("INT64", np.int64),
}
Tensors = dict[str, npt.NDArray[Any]]


@dataclass
class Network:
    """One file. ``parameters`` is what a configuration says of it."""

    path: Path
    parameters: dict[str, str] = field(default_factory=dict)
    threads: int = 1

    def __post_init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = self.threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(self.path), options, providers=["CPUExecutionProvider"])
        self.types = {one.name: TYPES[one.type] for one in (*self._session.get_inputs(), *self._session.get_outputs())}

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """As the protocol tells them."""
        return [self._told(one) for one in self._session.get_inputs()]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        return [self._told(one) for one in self._session.get_outputs()]

    def run(self, feeds: Tensors) -> Tensors:
        names = [one.name for one in self._session.get_outputs()]
        return dict(zip(names, self._session.run(names, feeds), strict=True))

    def array(self, name: str, raw: bytes, shape: list[int]) -> npt.NDArray[Any]:
        return np.frombuffer(raw, self.types[name][1]).reshape(shape)

    def listed(self, name: str, data: list[Any], shape: list[int]) -> npt.NDArray[Any]:
        return np.array(data, self.types[name][1]).reshape(shape)

    def _told(self, one: Any) -> dict[str, Any]:
        shape = [size if isinstance(size, int) else -1 for size in one.shape]
        return {"name": one.name, "datatype": TYPES[one.type][0], "shape": shape}
