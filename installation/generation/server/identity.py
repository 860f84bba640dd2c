"""Whether what a server has is the network that lies here: by what it says of it, and by what it paints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.base.files import TYPED
from installation.base.model_files import sha256_of
from installation.base.onnx_sessions import Expected, Feeds, OnnxModel, Trial
from installation.generation.server.client import Client, Port, Served, ServerError

APART = 1.0
"""The same network on another machine: mean difference of a picture at most, in levels of 255 (on the same ONNX Runtime there
is none; a graphics card that counts in halves comes to less than half of it). Another network's pictures are dozens apart."""
_TYPES = {
    "tensor(float)": "FP32",
    "tensor(uint8)": "UINT8",
    "tensor(int64)": "INT64",
    "tensor(float16)": "FP16",
}
_EXPORT = f"bring it there again: {TYPED} export --model-repository DIR"
Shape = Sequence[int | str | None]


@dataclass(frozen=True)
class Known:
    """A network of this machine: ``name`` is what the server calls it, ``trial`` what it painted when it was tried out."""

    name: str
    path: Path
    inputs: Mapping[str, Shape]
    outputs: Mapping[str, Shape]
    types: Mapping[str, str]
    trial: Trial

    @classmethod
    def of(cls, model: OnnxModel) -> Known:
        """By its file's name without the ending. ``model`` was tried out."""
        assert model.trial is not None
        return cls(model.path.stem, model.path, model.inputs, model.outputs, model.types, model.trial)

    @cached_property
    def sha256(self) -> str:
        """Of the file; raises OSError where it has gone."""
        return sha256_of(self.path)


def compare(known: Known, served: Served) -> frozenset[str]:
    """Names of inputs and outputs that have an axis more at the server, in front: there several pictures go together.

    Raises ServerError ("wrong") where what the server says is not this network.
    """
    if served.sha256 is not None:
        try:
            own = known.sha256
        except OSError as error:
            raise ServerError("wrong", f"{known.path} cannot be read any more") from error
        if served.sha256 != own:
            raise ServerError(
                "wrong", f"its {known.name} is of another file (sha256 {served.sha256[:8]}, here {own[:8]}); {_EXPORT}"
            )
    in_front = set()
    for part, own_shapes, told in (("inputs", known.inputs, served.inputs), ("outputs", known.outputs, served.outputs)):
        if told and set(told) != set(own_shapes):
            raise ServerError(
                "wrong", f"its {known.name} has the {part} {sorted(told)}, here {sorted(own_shapes)}; {_EXPORT}"
            )
        for name, port in told.items():
            if _has_axis_in_front(known, name, own_shapes[name], port):
                in_front.add(name)
    return frozenset(in_front)


def _has_axis_in_front(known: Known, name: str, own: Shape, port: Port) -> bool:
    if _TYPES.get(known.types[name]) == port.type:
        if not port.shape or _fits(own, port.shape):
            return False
        if port.shape[0] in (-1, 1) and _fits(own, port.shape[1:]):
            return True
    here = f"{known.types[name]} {tuple(own)}"
    raise ServerError("wrong", f"{name} of its {known.name} is {port.type} {port.shape}, here {here}; {_EXPORT}")


def _fits(own: Shape, told: Sequence[int]) -> bool:
    """Whether all that is asked for here is taken there; -1 is a free size."""
    return len(own) == len(told) and all(
        size == wanted or size == -1 or (not isinstance(wanted, int) and size < 0)
        for size, wanted in zip(told, own, strict=True)
    )


def ask(
    client: Client, name: str, feeds: Feeds, expected: Expected, output: str, in_front: frozenset[str], timeout_s: float
) -> npt.NDArray[Any]:
    """The network's ``output`` as this machine would give it. Raises ServerError, also where it is not as ``expected``."""
    sent = {key: values[None] if key in in_front else values for key, values in feeds.items()}
    answer = client.ask(name, sent, output, timeout_s)
    if output in in_front or (answer.ndim == len(expected.shape) + 1 and answer.shape[0] == 1):
        answer = answer[0]
    wrong = expected.wrong_with(answer)
    if wrong is not None:
        raise ServerError("broken", f"its {name} gives {wrong}; expected is {expected}")
    return answer


def check_alike(known: Known, answer: npt.NDArray[Any]) -> None:
    """Whether ``answer`` to the trial's inputs is what this machine gave. Raises ServerError ("wrong")."""
    trial = known.trial
    level = 1.0 if trial.expected.type == "uint8" else (trial.expected.high - trial.expected.low) / 255
    apart = float(np.abs(answer.astype(np.float64) - trial.answer.astype(np.float64)).mean()) / level
    if not apart <= APART:
        raise ServerError(
            "wrong", f"its {known.name} paints another picture than the file here ({apart:.1f} of 255 apart); {_EXPORT}"
        )
