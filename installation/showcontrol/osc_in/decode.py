"""OSC packets to messages: strict, without recursion and bounded in everything, as anybody may send anything.

OSC 1.0 with the usual further types. python-osc's reader is not used for what comes in: it recurses into bundles, copies the
packet anew for each argument, and writes a line of log for each type it does not know.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAX_PACKET_BYTES = 8192
MAX_DEPTH = 8
"""Bundles in bundles."""
MAX_MESSAGES = 256
"""In one packet."""
MAX_ARGS = 64
"""In one message."""
_BUNDLE = b"#bundle\x00"
_HEADER = len(_BUNDLE) + 8


class NotOscError(ValueError):
    """Not an OSC packet, or one beyond the bounds; the message says where."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """An argument of a type that no address here takes, such as a blob; ``kind`` names it."""

    kind: str

    def __repr__(self) -> str:
        return f"a {self.kind}"


Value = int | float | str | bool | None | Opaque
Decoded = tuple[str, list[Value]]
"""(address as it came, arguments)."""
_FIXED: dict[str, tuple[struct.Struct, str]] = {
    "i": (struct.Struct(">i"), ""),
    "f": (struct.Struct(">f"), ""),
    "h": (struct.Struct(">q"), ""),
    "d": (struct.Struct(">d"), ""),
    "t": (struct.Struct(">q"), "time tag"),
    "r": (struct.Struct(">I"), "colour"),
    "m": (struct.Struct(">I"), "MIDI message"),
    "c": (struct.Struct(">I"), "character"),
}
_EMPTY: dict[str, Value] = {"T": True, "F": False, "N": None, "I": None}


def decode(packet: bytes) -> list[Decoded]:
    """All messages of a packet in their order; time tags are not waited for. Raises NotOscError."""
    if len(packet) > MAX_PACKET_BYTES:
        raise NotOscError(f"{len(packet)} bytes are too many; a packet has {MAX_PACKET_BYTES} at most")
    found: list[Decoded] = []
    # Last in, first out: the elements of a bundle are put on in reverse.
    waiting = [(0, len(packet), 0)]
    while waiting:
        start, end, depth = waiting.pop()
        if packet.startswith(_BUNDLE, start, end):
            if depth == MAX_DEPTH:
                raise NotOscError(f"bundles lie deeper in each other than {MAX_DEPTH}")
            elements = _elements(packet, start, end)
            if len(elements) + len(waiting) + len(found) > MAX_MESSAGES:
                raise NotOscError(f"a packet holds {MAX_MESSAGES} messages at most")
            waiting += [(*element, depth + 1) for element in reversed(elements)]
        else:
            found.append(_message(packet, start, end))
    return found


def _elements(packet: bytes, start: int, end: int) -> list[tuple[int, int]]:
    at = start + _HEADER
    if at > end:
        raise NotOscError("a bundle ends within its time tag")
    found = []
    while at < end:
        if at + 4 > end:
            raise NotOscError("a bundle ends within an element's size")
        size = int.from_bytes(packet[at : at + 4], "big", signed=True)
        at += 4
        if size <= 0 or size % 4 or at + size > end:
            raise NotOscError(f"a bundle's element cannot have {size} bytes")
        found.append((at, at + size))
        at += size
    return found


def _message(packet: bytes, start: int, end: int) -> Decoded:
    if (end - start) % 4 or packet[start : start + 1] != b"/":
        raise NotOscError("a message begins with / and has a multiple of 4 bytes")
    address, at = _text(packet, start, end)
    if at == end:  # Very old senders leave the type tags out where there are no arguments.
        return address, []
    tags, at = _text(packet, at, end)
    if not tags.startswith(",") or len(tags) > MAX_ARGS + 1:
        raise NotOscError(f"{address[:80]!r}: type tags begin with a comma and are {MAX_ARGS} at most")
    args: list[Value] = []
    for tag in tags[1:]:
        value, at = _argument(tag, packet, at, end)
        args.append(value)
    if at != end:
        raise NotOscError(f"{address[:80]!r}: it has more bytes than its type tags say")
    return address, args


def _argument(tag: str, packet: bytes, at: int, end: int) -> tuple[Value, int]:
    if tag in _EMPTY:
        return _EMPTY[tag], at
    if tag in "sS":
        return _text(packet, at, end)
    if tag == "b":
        size = int.from_bytes(packet[at : at + 4], "big", signed=True)
        after = at + 4 + (size + 3) // 4 * 4
        if at + 4 > end or size < 0 or after > end:
            raise NotOscError("a blob ends too early")
        return Opaque("blob"), after
    if tag in "[]":
        return Opaque("list"), at
    if tag not in _FIXED:
        raise NotOscError(f"there is no type {tag!r}")
    form, kind = _FIXED[tag]
    if at + form.size > end:
        raise NotOscError("a message ends within its arguments")
    value: Value = form.unpack_from(packet, at)[0]
    if tag == "f":
        value = shortest(value)  # type: ignore[arg-type]
    return (Opaque(kind) if kind else value), at + form.size


def _text(packet: bytes, at: int, end: int) -> tuple[str, int]:
    stop = packet.find(b"\x00", at, end)
    after = stop + 4 - (stop - at) % 4
    if stop < 0 or after > end or any(packet[stop:after]):
        raise NotOscError("a text must end with 1 to 4 zero bytes, up to a multiple of 4")
    try:
        return packet[at:stop].decode("utf-8"), after
    except UnicodeDecodeError as error:
        raise NotOscError("a text is not UTF-8") from error


def shortest(single: float) -> float:
    """The number with the fewest digits that is ``single`` in 32 bits: 0.2, where plain unpacking gives 0.200000003.

    A limit of 0.2 can so be reached, and what is saved reads as it was sent. NaN and infinities stay.
    """
    if single != single or single in (float("inf"), float("-inf")):
        return single
    for digits in (6, 7, 8, 9):
        short = float(f"{single:.{digits}g}")
        # Rounding up the largest numbers leaves 32 bits.
        if abs(short) < 3.4e38 and struct.unpack(">f", struct.pack(">f", short))[0] == single:
            return short
    return single
