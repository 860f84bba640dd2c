"""What goes between the piece and the process that sends, and how it is written to the socket between them."""

from __future__ import annotations

import marshal
import struct
from collections.abc import Iterator
from typing import Any, TypedDict

from installation.showcontrol.osc_out.encode import TypedMessage

_LENGTH = struct.Struct(">I")


class TargetSpec(TypedDict):
    """One receiver, as config.yaml has it; ``stage`` is its name in the notices, of no other target."""

    stage: str
    host: str
    port: int
    prefix: str
    per_second: float
    addresses: list[str]
    protocol: str
    format: str


class HealthBundle(TypedDict):
    """A bundle that is sent once."""

    prefix: str
    messages: list[TypedMessage]


class FrameBundle(HealthBundle):
    """A frame's bundle: ``messages``, then ``events`` (number, message), then ``last``. ``joints`` go to targets that ask for
    them; ``formats`` are the messages of other programs, by the format's name."""

    events: list[tuple[int, TypedMessage]]
    last: list[TypedMessage]
    joints: list[TypedMessage]
    formats: dict[str, list[TypedMessage]]


def packed(*message: Any) -> bytes:
    """A message of plain values, marshalled behind its length in bytes."""
    data = marshal.dumps(message)
    return _LENGTH.pack(len(data)) + data


class PipeReader:
    """Puts messages together from what comes in."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Any, ...]]:
        """The messages that are whole with ``data``. They are as the other end packed them: both ends are ours."""
        self._data += data
        while len(self._data) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._data)
            end = _LENGTH.size + length
            if len(self._data) < end:
                return
            message = marshal.loads(bytes(self._data[_LENGTH.size : end]))
            del self._data[:end]
            yield message
