"""What is asked of an inference server, whichever way it is reached; and what may go wrong, in five kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from installation.base.onnx_sessions import Feeds
from installation.config.inference_server import ServerAddress

Trouble = Literal["missing", "gone", "slow", "full", "wrong", "broken"]
"""The client is not installed; the server is not reached; it answers too late; it has too much to do; it does not have this
network; it answers what cannot be read."""
TYPES: Mapping[str, str] = {"float32": "FP32", "uint8": "UINT8", "int64": "INT64", "float16": "FP16"}
"""numpy's names: the protocol's."""
MOST_BYTES = 64 << 20
"""Of an answer: the largest picture of a piece has 16 MB."""


class ServerError(Exception):
    """The server did not give what was asked for; the message says why, without its address."""

    def __init__(self, trouble: Trouble, message: str) -> None:
        super().__init__(message)
        self.trouble = trouble


@dataclass(frozen=True)
class Port:
    """An input or output as the server tells it: -1 is a free size."""

    shape: tuple[int, ...]
    type: str


@dataclass(frozen=True)
class Served:
    """What the server says of a network. ``inputs`` and ``outputs`` by name, empty where it does not tell; ``sha256`` of the
    file that it was made of, None where the server cannot tell."""

    versions: tuple[str, ...]
    inputs: Mapping[str, Port]
    outputs: Mapping[str, Port]
    sha256: str | None


class Client(Protocol):
    """One connection. To be used by one thread only; after a ServerError it is closed and another one made."""

    def check_ready(self, timeout_s: float) -> None:
        """Whether the server takes requests. Raises ServerError."""
        ...

    def served(self, network: str, timeout_s: float) -> Served:
        """What it says of a network. Raises ServerError: "wrong" where it has none of this name."""
        ...

    def ask(self, network: str, feeds: Feeds, output: str, timeout_s: float) -> npt.NDArray[Any]:
        """The network's ``output``, at most ``timeout_s`` seconds later. Raises ServerError."""
        ...

    def close(self) -> None:
        """Hang up; calling it again does nothing."""
        ...


Connect: TypeAlias = Callable[[ServerAddress], Client]
"""Makes a client; returns at once, whether anybody listens or not."""


def port_of(told: Mapping[str, Any]) -> Port:
    """An input or output out of the protocol's JSON. Raises ServerError for what is none."""
    try:
        return Port(tuple(int(size) for size in told.get("shape", ())), str(told["datatype"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ServerError("broken", f"it tells of a network what cannot be read ({error!r})") from error


def served_of(told: Mapping[str, Any], sha256: str | None) -> Served:
    """What a server says of a network, out of the protocol's JSON. Raises ServerError for what is none."""
    try:
        ports = [
            {str(one["name"]): port_of(one) for one in told.get(part, None) or ()} for part in ("inputs", "outputs")
        ]
        versions = tuple(str(one) for one in told.get("versions", None) or ())
    except (AttributeError, KeyError, TypeError) as error:
        raise ServerError("broken", f"it tells of a network what cannot be read ({error!r})") from error
    return Served(versions, ports[0], ports[1], sha256)


def wire_type(values: npt.NDArray[Any]) -> str:
    """The protocol's name of an array's type. Raises ServerError for one that no network of the piece takes."""
    try:
        return TYPES[np.dtype(values.dtype).name]
    except KeyError as error:
        raise ServerError("wrong", f"numbers of type {values.dtype.name} cannot be sent") from error


def answer_of(found: Any, output: str) -> npt.NDArray[Any]:
    """The array in tritonclient's result. Raises ServerError where there is none."""
    try:
        values = found.as_numpy(output)
    except Exception as error:
        raise ServerError("broken", f"it answers what cannot be read ({type(error).__name__}: {error})") from error
    if not isinstance(values, np.ndarray):
        raise ServerError("broken", f"its answer has no output {output!r}")
    return values
