"""What the piece and the desk's process say to each other: JSON objects, and JPEG stills, over one pipe.

To the desk: ``settings`` {values, lists: each by address (all at first, then what changed), gone}, ``snapshot`` {name: what
that part tells; costly ones only now and then}, ``answer`` {number, error, value}, ``stop``. To the piece: ``set`` {number,
path, value}, ``command`` {number, name, args}, ``save`` {number}, ``watch`` {watchers, still, wished: names of costly parts},
``listening`` {host, port}, ``trouble`` {text}, ``log`` {level, text}, and ``alive`` once a second.
"""

from __future__ import annotations

import json
import struct
from multiprocessing.connection import Connection
from typing import Any

MOST_BYTES = 8_000_000
"""Of one message; a longer one is a mistake, and is not read."""
_JSON, _STILL = b"j", b"s"


class WireError(ValueError):
    """What came is no message of this kind."""


def packed(kind: str, **values: Any) -> bytes:
    """One message as bytes."""
    return _JSON + json.dumps({"kind": kind, **values}, separators=(",", ":"), allow_nan=False).encode()


def packed_still(jpeg: bytes) -> bytes:
    """A still as bytes."""
    return _STILL + jpeg


def unpacked(data: bytes) -> dict[str, Any]:
    """The message; a still is {"kind": "still", "jpeg": bytes}. Raises WireError."""
    if data[:1] == _STILL:
        return {"kind": "still", "jpeg": data[1:]}
    try:
        found = json.loads(data[1:])
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from error
    if data[:1] != _JSON or not isinstance(found, dict) or not isinstance(found.get("kind"), str):
        raise WireError("not a message of the desk")
    return found


def framed(message: bytes) -> bytes:
    """As a Connection's ``send_bytes`` writes it, for who writes to its socket by itself."""
    return struct.pack("!i", len(message)) + message


def receive(pipe: Connection) -> dict[str, Any]:
    """The next message. Raises EOFError and OSError where the other end is gone, WireError for nonsense."""
    return unpacked(pipe.recv_bytes(MOST_BYTES))
