"""The running piece's ONNX Runtime sessions: one thread, nothing spins, which provider a network really runs on, and nothing
that a file says of itself is believed before it was tried."""

from __future__ import annotations

import copy
import re
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import onnxruntime

from installation.base.memory import give_back
from installation.base.model_files import is_shipped
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


MAX_FILE_MB = 500
"""A larger file is no network that keeps up with a show; what is shipped has 12 MB at most."""
TRIAL_MB = 1024
"""Memory that a network may take for its trial, which is made at the smallest size it will be asked for."""
TRIAL_S = 3.0
"""Processor time that it may take for it: it would hold up all that its thread does."""
_TRIAL_WALL_S = 10 * TRIAL_S
"""On a machine that is busy with other things; then it is stopped."""
_REMEDIES = (
    ("no opset import for domain", "it uses operations of its own; export it with standard ones only"),
    ("opset", "it was exported for a newer ONNX; export it again with opset 18"),
    ("model ir version", "it was exported for a newer ONNX; export it again with opset 18"),
    ("external data", "its weights lie in a second file; copy that one, too, or export into one file"),
    ("no op registered", f"it uses operations that {RUNTIME} does not have; export it with standard ones only"),
    ("protobuf", "it is no ONNX file or was cut short; copy it again"),
)
"""What ONNX Runtime writes, and what then helps."""
_NOISE = re.compile(
    r"\[ONNXRuntimeError\] : \d+ : \w+ : |Load model from .*? failed:|/onnxruntime_src/\S+ .*?\) (?=[A-Z])"
)
_ONE_AT_A_TIME = threading.Lock()
_TYPES = {"float32": "tensor(float)", "uint8": "tensor(uint8)"}
Feeds: TypeAlias = Mapping[str, npt.NDArray[Any]]
"""Inputs of a network by name."""


class UnusableModelError(Exception):
    """A model cannot be used; the message names the file, says what is wrong and what is expected."""


@dataclass(frozen=True)
class Expected:
    """What a network has to give: an array of this ``shape`` and ``type`` (float32 or uint8). Numbers of type float32 are
    finite and lie from ``low`` to ``high``."""

    shape: tuple[int, ...]
    type: str = "float32"
    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        numbers = f", {self.low:g} to {self.high:g}" if self.type == "float32" else ""
        return f"{self.type} {self.shape}{numbers}"

    def wrong_with(self, found: object) -> str | None:
        """What was found instead, such as "uint8 (256, 256, 3)"; None where it is as expected."""
        if not isinstance(found, np.ndarray):
            return f"a {type(found).__name__}"
        if found.shape != self.shape or found.dtype.name != self.type:
            return f"{found.dtype.name} {found.shape}"
        if self.type != "float32" or not found.size:
            return None
        low, high = float(found.min()), float(found.max())
        if not np.isfinite(low + high):
            return "numbers that are not finite"
        # Rounding may carry a number a little beyond the end of its range.
        margin = 0.01 * (self.high - self.low)
        if low < self.low - margin or high > self.high + margin:
            return f"numbers from {low:.3g} to {high:.3g}"
        return None


@dataclass(frozen=True)
class Trial:
    """What a network gave when it was tried out: by this it is known again elsewhere."""

    feeds: Feeds
    expected: Expected
    output: str
    answer: npt.NDArray[Any]


class Session(Protocol):
    """Where a network runs: on this machine, or on another."""

    @property
    def where(self) -> str:
        """A provider of ONNX Runtime, or a server's address."""
        ...

    def run(self, feeds: Feeds, expected: Expected, output: str) -> npt.NDArray[Any]:
        """The network's ``output`` by name. Raises UnusableModelError where it is not as ``expected`` or the network fails,
        MemoryError where memory is short; nothing else."""
        ...


class LocalSession:
    """A network on this machine; ``bounds`` are those of a trial."""

    def __init__(
        self, path: Path, session: onnxruntime.InferenceSession, bounds: onnxruntime.RunOptions | None = None
    ) -> None:
        self._path, self._session, self._bounds = path, session, bounds

    @property
    def providers(self) -> list[str]:
        """What the session runs on, the preferred one first. Read from the session: a list of what could run says nothing."""
        return list(self._session.get_providers())

    @property
    def where(self) -> str:
        """The provider."""
        return self.providers[0]

    def run(self, feeds: Feeds, expected: Expected, output: str) -> npt.NDArray[Any]:
        """As ``Session.run``."""
        try:
            found = self._session.run([output], dict(feeds), self._bounds)[0]
        except Exception as error:
            raise failed(self._path, error) from error
        wrong = expected.wrong_with(found)
        if wrong is not None:
            raise UnusableModelError(f"{self._path} gives {wrong}; expected is {expected}")
        answer: npt.NDArray[Any] = found
        return answer


class OnnxModel:
    """A network loaded for ``provider``: auto (CUDA where this ONNX Runtime knows it), cpu, cuda or tensorrt.

    TensorRT is only used where it is asked for: it compiles each network for minutes. ``wanted`` is the provider that was
    asked for: cpu, cuda or tensorrt. ``inputs`` and ``outputs`` map names to shapes (a number, or a name for a free size),
    ``types`` both to types such as "tensor(float)"; ``metadata`` is what the export wrote into the file. ``session`` is where
    it runs: here, until somebody puts another in its place. Raises UnusableModelError for a file that is missing or broken,
    MemoryError where it does not fit into memory. What is made of it calls ``try_out`` once, before it is used, and
    ``answer`` from then on.
    """

    def __init__(self, path: Path, provider: str = "auto", threads: int = 1) -> None:
        check_file(path)
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
            session = onnxruntime.InferenceSession(model_source(path), options, providers=providers)
            ins, outs = session.get_inputs(), session.get_outputs()
            self.inputs: Mapping[str, list[int | str | None]] = {one.name: list(one.shape) for one in ins}
            self.outputs: Mapping[str, list[int | str | None]] = {one.name: list(one.shape) for one in outs}
            self.types: Mapping[str, str] = {one.name: one.type for one in (*ins, *outs)}
            self.metadata: Mapping[str, str] = dict(session.get_modelmeta().custom_metadata_map)
        except Exception as error:
            if out_of_memory(error):
                raise MemoryError(f"{path} does not fit into memory: {_first_line(error)}") from error
            raise UnusableModelError(f"{path} cannot be loaded: {_first_line(error)}{_remedy(error)}") from error
        self._here = LocalSession(path, session)
        self.session: Session = self._here
        self.trial: Trial | None = None
        """The last one; None before."""
        give_back()

    @property
    def providers(self) -> list[str]:
        """What runs it on this machine, the preferred one first."""
        return self._here.providers

    def on_this_machine(self) -> Self:
        """The same network, of which nothing is asked elsewhere."""
        same = copy.copy(self)
        same.session = self._here
        return same

    @property
    def as_wanted(self) -> bool:
        """Whether the provider that was asked for is the one that runs."""
        return self.providers[0] == _PROVIDERS[self.wanted][0]

    def answer(self, feeds: Feeds, expected: Expected, output: str = "") -> npt.NDArray[Any]:
        """The network's ``output`` (its first without a name). Raises UnusableModelError where it is not as ``expected`` or
        the network fails, MemoryError where memory is short; nothing else."""
        return self.session.run(feeds, expected, output or next(iter(self.outputs)))

    def try_out(self, feeds: Feeds, expected: Expected, output: str = "") -> npt.NDArray[Any]:
        """Run it once on the processor with little memory and time: its answer is as ``expected``, or UnusableModelError.

        Costs loading it a second time; the session that runs has no such bounds. A network of the manifest needs none, so it is
        run as it is, without being loaded again (MemoryError where memory is short).
        """
        output = self._check_declared(expected, output)
        shipped = is_shipped(self.path)
        answer = (self._here.run if shipped else self._bounded)(feeds, expected, output)
        self.trial = Trial(feeds, expected, output, answer)
        return answer

    def _bounded(self, feeds: Feeds, expected: Expected, output: str) -> npt.NDArray[Any]:
        options = _options(1)
        options.log_severity_level = 4
        options.add_session_config_entry("session.use_env_allocators", "1")
        with _ONE_AT_A_TIME:
            _bound_memory()
        bounds = onnxruntime.RunOptions()
        bounds.log_severity_level = 4
        bounds.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        stop = threading.Timer(_TRIAL_WALL_S, setattr, (bounds, "terminate", True))
        stop.daemon = True
        began_s = time.thread_time()
        stop.start()
        try:
            session = onnxruntime.InferenceSession(model_source(self.path), options, providers=[_CPU])
            began_s = time.thread_time()
            answer = LocalSession(self.path, session, bounds).run(feeds, expected, output)
        except MemoryError as error:
            raise UnusableModelError(f"{self.path} needs more than {TRIAL_MB} MB of memory; make it smaller") from error
        except UnusableModelError:
            if bounds.terminate:
                raise UnusableModelError(self._too_slow(_TRIAL_WALL_S, "was stopped after")) from None
            raise
        except Exception as error:
            raise failed(self.path, error) from error
        finally:
            stop.cancel()
        took_s = time.thread_time() - began_s
        # On a graphics card it is as quick as that is.
        if took_s > TRIAL_S and self.providers[0] == _CPU:
            raise UnusableModelError(self._too_slow(took_s, "took"))
        del session
        give_back()
        return answer

    def _check_declared(self, expected: Expected, output: str) -> str:
        """Whether the output could be as ``expected``, by what the file says: before anything is made that large. Its name."""
        name = output or next(iter(self.outputs), "")
        if name not in self.outputs:
            raise UnusableModelError(
                f"{self.path} has no output {output!r}; it has {', '.join(self.outputs) or 'none'}"
            )
        shape, kind = self.outputs[name], self.types[name]
        fits = len(shape) in (0, len(expected.shape)) and all(
            not isinstance(size, int) or size == wanted for size, wanted in zip(shape, expected.shape, strict=False)
        )
        if kind != _TYPES[expected.type] or not fits:
            sizes = ", ".join(str(size) for size in shape)
            raise UnusableModelError(f"{self.path} says that it gives {kind} ({sizes}); expected is {expected}")
        return name

    def _too_slow(self, seconds: float, verb: str) -> str:
        return f"{self.path} {verb} {seconds:.1f} s of its trial; at most {TRIAL_S:g} s are allowed: make it smaller"


@dataclass(frozen=True)
class Outline:
    """What a network says of itself: names and shapes of its inputs, and what its export wrote into the file."""

    inputs: Mapping[str, list[int | str | None]]
    metadata: Mapping[str, str]


def outline(path: Path) -> Outline:
    """Read it without making the network ready to run. Raises UnusableModelError."""
    check_file(path)
    options = _options(1)
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(model_source(path), options, providers=[_CPU])
        inputs = {entry.name: list(entry.shape) for entry in session.get_inputs()}
        return Outline(inputs, dict(session.get_modelmeta().custom_metadata_map))
    except Exception as error:
        raise UnusableModelError(f"{path} cannot be loaded: {_first_line(error)}{_remedy(error)}") from error


def check_file(path: Path, most_mb: float = MAX_FILE_MB) -> None:
    """Raises UnusableModelError for what is no file that can be read as a model, before anything tries to."""
    try:
        if not path.exists():
            raise UnusableModelError(f"{path} is not there")
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "no regular file"
            raise UnusableModelError(f"{path} is {kind}; a model is a file")
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise UnusableModelError(f"{str(path)!r} cannot be looked at: {error}") from error
    if size == 0:
        raise UnusableModelError(f"{path} is empty (0 bytes); copy it again")
    if size > most_mb * 1e6:
        raise UnusableModelError(f"{path} has {size / 1e6:.0f} MB; at most {most_mb:g} are allowed")


def cpu_session(model: Path | bytes, threads: int = 1) -> onnxruntime.InferenceSession:
    """A plain session on the processor, of a file or of a file's bytes. Raises ONNX Runtime's own errors."""
    session = onnxruntime.InferenceSession(model_source(model), _options(threads), providers=[_CPU])
    give_back()
    return session


def failed(path: Path, error: Exception) -> Exception:
    """What to raise where a network failed: MemoryError or UnusableModelError."""
    if out_of_memory(error):
        return MemoryError(f"{path} needs more memory than there is: {_first_line(error)}")
    return UnusableModelError(f"{path} fails: {_first_line(error)}{_remedy(error)}")


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


def _first_line(error: BaseException) -> str:
    lines = _NOISE.sub("", str(error)).strip().splitlines()
    return lines[0].strip()[:300] if lines else type(error).__name__


def _remedy(error: BaseException) -> str:
    message = str(error).lower()
    return next((f"; {remedy}" for words, remedy in _REMEDIES if words in message), "")


@cache
def _bound_memory() -> None:
    """Sessions that use the environment's allocator get at most TRIAL_MB together; only trials do."""
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(TRIAL_MB << 20, 1, -1, -1))


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
