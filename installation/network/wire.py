"""A message between machines: a head in JSON, and one block of numbers.

The head says kind, version, values and the arrays that follow in the block: readable in any capture of the network, exact (JSON
keeps every float as Python has it), and nothing in it can run. No pickle, and nothing beyond the standard library and numpy.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_BYTES = 64 * 2**20
"""Of one message: a picture of 4096 x 4096 pixels."""
MOST_HEAD = 2**20
MOST_ARRAYS, MOST_AXES = 32, 4
_KINDS = {"<f4": np.float32, "<f8": np.float64, "|u1": np.uint8}
Arrays = Mapping[str, npt.NDArray[Any]]


class WireError(ValueError):
    """Bytes that are no message of ours; says why."""


@dataclass(frozen=True, eq=False)
class Message:
    """``version`` is the sender's, whatever is behind it. ``arrays`` are read-only."""

    kind: str
    version: str
    values: dict[str, Any]
    arrays: dict[str, npt.NDArray[Any]]


def pack(kind: str, version: str, values: Mapping[str, Any], arrays: Arrays | None = None) -> list[bytes]:
    """Two parts, head and block. ValueError for numbers that are not finite among ``values``, TypeError for arrays of other
    types than float32, float64 and uint8."""
    blocks, rows = [], []
    for name, array in (arrays or {}).items():
        code = array.dtype.newbyteorder("<").str
        if code not in _KINDS:
            raise TypeError(f"{name}: arrays of {array.dtype} do not travel")
        rows.append([name, code, list(array.shape)])
        blocks.append(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
    head = {"kind": kind, "version": version, "values": values, "arrays": rows}
    text = json.dumps(head, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return [text.encode("utf-8", "surrogatepass"), b"".join(blocks)]


def unpack(parts: Sequence[bytes]) -> Message:
    """The message in two parts. Raises WireError."""
    if len(parts) != 2:
        raise WireError(f"a message has two parts, not {len(parts)}")
    head, block = parts
    if len(head) > MOST_HEAD or len(block) > MOST_BYTES:
        raise WireError(f"{len(head)} and {len(block)} bytes are too many")
    try:
        found = json.loads(head.decode("utf-8", "surrogatepass"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"the head is not readable: {error}") from None
    if not isinstance(found, dict):
        raise WireError("the head is no mapping")
    kind, version, values = found.get("kind"), found.get("version"), found.get("values")
    if not (isinstance(kind, str) and isinstance(version, str) and isinstance(values, dict)):
        raise WireError("the head lacks kind, version or values")
    return Message(kind, version, values, _arrays(found.get("arrays"), block))


def _arrays(rows: Any, block: bytes) -> dict[str, npt.NDArray[Any]]:
    if not isinstance(rows, list) or len(rows) > MOST_ARRAYS:
        raise WireError("the arrays are not told of as a list")
    found: dict[str, npt.NDArray[Any]] = {}
    at = 0
    for row in rows:
        name, code, shape = row if isinstance(row, list) and len(row) == 3 else (None, None, None)
        if not isinstance(name, str) or code not in _KINDS or shape is None or not _is_shape(shape):
            raise WireError(f"{str(row)[:80]} describes no array")
        kind = np.dtype(code)
        length = math.prod(shape) * kind.itemsize
        if at + length > len(block):
            raise WireError(f"{name} is cut off")
        array = np.frombuffer(block, kind, math.prod(shape), at).reshape(shape)
        found[name], at = array.astype(_KINDS[code], copy=False), at + length
        found[name].setflags(write=False)
    if at != len(block):
        raise WireError(f"{len(block) - at} bytes are left over")
    return found


def _is_shape(shape: Any) -> bool:
    return (
        isinstance(shape, list)
        and len(shape) <= MOST_AXES
        and all(isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= MOST_BYTES for size in shape)
    )


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")
