"""ONNX Runtime sessions for the generator and its helpers: which provider is wanted, which one really runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt
import onnxruntime

_CPU, _CUDA, _TENSORRT = "CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"
_PROVIDERS = {"cpu": [_CPU], "cuda": [_CUDA, _CPU], "tensorrt": [_TENSORRT, _CUDA, _CPU]}
_FIRST = {"cpu": _CPU, "cuda": _CUDA, "tensorrt": _TENSORRT}
_MEMORY = (
    "bfc_arena",
    "bfcarena",
    "failed to allocate",
    "out of memory",
    "out_of_memory",
    "cudaerrormemoryallocation",
    "bad_alloc",
    "bad allocation",
)
"""What ONNX Runtime and the drivers write when memory is at its end; it has no error type of its own for it."""


class GeneratorError(Exception):
    """A model cannot be used; the message says why."""


@dataclass(frozen=True)
class Opened:
    """A session. ``wanted`` is cpu, cuda or tensorrt; ``inputs`` maps names to shapes (a number, or a name for a free
    size); ``metadata`` is what the export wrote into the file."""

    path: Path
    wanted: str
    inputs: Mapping[str, list[int | str]]
    metadata: Mapping[str, str]
    session: Any

    @property
    def providers(self) -> list[str]:
        """What the session runs on, the preferred one first; asked of the session, for a list of what could be says nothing."""
        return list(self.session.get_providers())

    @property
    def as_wanted(self) -> bool:
        """Whether what was asked for is what runs."""
        return self.providers[0] == _FIRST[self.wanted]

    def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The network's first output. Raises what ONNX Runtime raises."""
        output: npt.NDArray[Any] = self.session.run(None, dict(feeds))[0]
        return output


def open_session(path: Path, provider: str = "auto", threads: int = 1) -> Opened:
    """Load ``path`` for ``provider``: auto (CUDA where this ONNX Runtime knows it), cpu, cuda or tensorrt.

    TensorRT is never chosen by itself: it compiles each network for minutes. Raises GeneratorError for a file that is
    missing or broken, MemoryError where it does not fit.
    """
    available = onnxruntime.get_available_providers()
    wanted = provider
    if provider == "auto":
        wanted = "cuda" if _CUDA in available else "cpu"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A thread that spins while it waits takes the core from perception and from the picture.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        # A provider that this ONNX Runtime was built without only draws a warning; ``providers`` tells what came of it.
        providers = [name for name in _PROVIDERS[wanted] if name in available]
        session = onnxruntime.InferenceSession(str(path), options, providers=providers)
    except Exception as error:
        if out_of_memory(error):
            raise MemoryError(f"{path} does not fit into memory: {error}") from error
        raise GeneratorError(f"{path} cannot be loaded: {error}") from error
    inputs = {entry.name: list(entry.shape) for entry in session.get_inputs()}
    return Opened(path, wanted, inputs, dict(session.get_modelmeta().custom_metadata_map), session)


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is at its end, the machine's or the graphics card's."""
    told = str(error).lower()
    return isinstance(error, MemoryError) or any(words in told for words in _MEMORY)
