"""Messages to OSC packets: bundles with an immediate time tag, split below one network packet; SLIP for streams.

python-osc writes the messages. Bundles are put together here, from messages that are written once for each camera frame and
sent again with every deadline.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from pythonosc.osc_message_builder import OscMessageBuilder

from installation.live_commands.table import Argument

TypedMessage = tuple[str, str, Sequence[Argument]]
"""(address, OSC type tags without the comma, arguments)."""

MAX_BYTES = 1432
"""Largest packet: fits Ethernet's 1,500 bytes with any usual header."""
_HEAD = b"#bundle\0" + struct.pack(">Q", 1)
"""A bundle with the time tag that means "at once"."""
_SIZE_FIELD = 4
REPEATS = 3
"""Rare events are sent this often, for UDP loses packets."""
_END, _ESCAPE = b"\xc0", b"\xdb"


def pack(address: str, tags: str, args: Sequence[Argument]) -> bytes:
    """One message. ``tags`` are i, f and s. Raises pythonosc's BuildError for arguments that are not of these types."""
    builder = OscMessageBuilder(address)
    for tag, value in zip(tags, args, strict=True):
        builder.add_arg(_sendable(value) if isinstance(value, str) else value, tag)
    dgram: bytes = builder.build().dgram
    return dgram


def _sendable(text: str) -> str:
    """A zero inside would end a text early, and half a character cannot be written."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


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
