"""The running piece's ONNX Runtime sessions: one thread, nothing spins, and which provider a network really runs on."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt
import onnxruntime

from installation.base.memory import give_back
from installation.base.names import is_text

RUNTIME = f"ONNX Runtime {onnxruntime.__version__}"
"""Name and version, for the check table."""
_CPU, _CUDA, _TENSORRT = "CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"
_PROVIDERS = {"cpu": [_CPU], "cuda": [_CUDA, _CPU], "tensorrt": [_TENSORRT, _CUDA, _CPU]}
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
"""What ONNX Runtime and the drivers write when memory runs out; it has no error type of its own for it."""


class UnusableModelError(Exception):
    """A model cannot be used; the message says why."""


class OnnxModel:
    """A network loaded for ``provider``: auto (CUDA where this ONNX Runtime knows it), cpu, cuda or tensorrt.

    TensorRT is only used where it is asked for: it compiles each network for minutes. ``wanted`` is the provider that was
    asked for: cpu, cuda or tensorrt. ``inputs`` maps names to shapes (a number, or a name for a free size); ``metadata`` is
    what the export wrote into the file. Raises UnusableModelError for a file that is missing or broken, MemoryError where it
    does not fit into memory.
    """

    def __init__(self, path: Path, provider: str = "auto", threads: int = 1) -> None:
        available = onnxruntime.get_available_providers()
        self.path = path
        self.wanted = provider
        if provider == "auto":
            self.wanted = "cuda" if _CUDA in available else "cpu"
        options = _options(threads)
        options.log_severity_level = 3
        # A provider that this ONNX Runtime was built without only draws a warning; ``providers`` says what runs.
        providers = [name for name in _PROVIDERS[self.wanted] if name in available]
        try:
            self._session = onnxruntime.InferenceSession(model_source(path), options, providers=providers)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryError(f"{path} does not fit into memory: {error}") from error
            raise UnusableModelError(f"{path} cannot be loaded: {error}") from error
        give_back()
        self.inputs: Mapping[str, list[int | str]] = {
            entry.name: list(entry.shape) for entry in self._session.get_inputs()
        }
        self.metadata: Mapping[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)

    @property
    def providers(self) -> list[str]:
        """What the session runs on, the preferred one first. Read from the session: a list of what could run says nothing."""
        return list(self._session.get_providers())

    @property
    def as_wanted(self) -> bool:
        """Whether the provider that was asked for is the one that runs."""
        return self.providers[0] == _PROVIDERS[self.wanted][0]

    def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The network's first output. Raises what ONNX Runtime raises."""
        output: npt.NDArray[Any] = self._session.run(None, dict(feeds))[0]
        return output


def cpu_session(model: Path | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """A plain session on the processor, of a file or of a file's bytes. Raises ONNX Runtime's own errors."""
    session = onnxruntime.InferenceSession(model_source(model), _options(threads), providers=[_CPU])
    give_back()
    return session


def model_source(model: Path | bytes) -> str | bytes:
    """What ONNX Runtime opens: a file by a name that is text, else its bytes."""
    if isinstance(model, bytes):
        return model
    return str(model) if is_text(str(model)) else model.read_bytes()


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, the machine's or the graphics card's."""
    message = str(error).lower()
    return isinstance(error, MemoryError) or any(words in message for words in _MEMORY)


def has_nvidia_gpu() -> bool:
    """Whether this machine has an NVIDIA card with its driver, whatever ONNX Runtime can do with it."""
    return Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi") is not None


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Its arena keeps the most that a session ever needed, rounded up, for each session alone: 33 MB instead of 19 for painting
    # a scene of 320x180, 71 instead of 40 for a texture of 512. The C library's heap, which all share, is as quick.
    options.enable_cpu_mem_arena = False
    # A thread that spins while it waits takes the core from perception and from the picture.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
