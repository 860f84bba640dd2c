"""Messages to OSC packets: bundles with an immediate time tag, split below one network packet; SLIP for streams.

Standard library only: the sending process uses it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache

Argument = int | float | str
Wire = tuple[str, str, Sequence[Argument]]
"""(address, OSC type tags without the comma, arguments)."""

MAX_BYTES = 1432
"""Largest packet: fits Ethernet's 1,500 bytes with any usual header."""
_HEAD = b"#bundle\0" + struct.pack(">Q", 1)
"""A bundle with the time tag that means "at once"."""
_SIZE_FIELD = 4
REPEATS = 3
"""Rare events are sent this often, for UDP loses packets."""
_END, _ESCAPE = b"\xc0", b"\xdb"


def _text(value: str) -> bytes:
    """OSC-string: UTF-8, ended by one to four zeros to a multiple of four bytes. A zero inside would end it early."""
    data = value.replace("\0", "").encode("utf-8", "replace")
    return data + b"\0" * (4 - len(data) % 4)


@lru_cache(4096)
def _front(address: str, tags: str) -> bytes:
    return _text(address) + _text("," + tags)


@lru_cache(256)
def _numbers(tags: str) -> struct.Struct:
    return struct.Struct(">" + tags)


def pack(address: str, tags: str, args: Sequence[Argument]) -> bytes:
    """One message. ``tags`` are i, f and s. Raises struct.error for arguments that are not of these types."""
    front = _front(address, tags)
    if "s" not in tags:
        return front + _numbers(tags).pack(*args)
    parts = [front]
    for tag, value in zip(tags, args, strict=True):
        parts.append(_text(str(value)) if tag == "s" else struct.pack(">" + tag, value))
    return b"".join(parts)


def bundled(messages: Iterable[bytes]) -> list[bytes]:
    """Packets for encoded ``messages`` in their order, each a bundle of at most MAX_BYTES (a longer message goes alone)."""
    packets: list[bytes] = []
    parts, size = [_HEAD], len(_HEAD)
    for message in messages:
        length = _SIZE_FIELD + len(message)
        if len(parts) > 1 and size + length > MAX_BYTES:
            packets.append(b"".join(parts))
            parts, size = [_HEAD], len(_HEAD)
        parts += [struct.pack(">i", len(message)), message]
        size += length
    if len(parts) > 1:
        packets.append(b"".join(parts))
    return packets


def slip(packet: bytes) -> bytes:
    """``packet`` framed for a stream: RFC 1055 with an END on both sides, as OSC 1.1 asks."""
    escaped = packet.replace(_ESCAPE, _ESCAPE + b"\xdd").replace(_END, _ESCAPE + b"\xdc")
    return _END + escaped + _END
