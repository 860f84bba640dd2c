"""Messages to OSC packets: bundles with an immediate time tag, split below one network packet."""

from __future__ import annotations

from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from installation.showcontrol.addresses import Message, address_of

MAX_BYTES = 1432
"""Largest packet: fits Ethernet's 1,500 bytes with any usual header."""
_BUNDLE_HEADER, _SIZE_FIELD = 16, 4


def encode_message(prefix: str, message: Message) -> OscMessage:
    """One message with the table's type tags; its arguments must have gone through ``addresses.fit``."""
    path, args = message
    builder = OscMessageBuilder(address=prefix + path)
    tags = address_of(path).tags or "i" * len(args)
    for tag, value in zip(tags, args, strict=True):
        builder.add_arg(value, tag)
    return builder.build()


def encode(prefix: str, messages: list[Message]) -> list[bytes]:
    """Packets for ``messages`` in their order, each a bundle of at most MAX_BYTES (a longer message travels alone)."""
    packets: list[bytes] = []
    bundle, size = OscBundleBuilder(IMMEDIATELY), _BUNDLE_HEADER
    for message in messages:
        encoded = encode_message(prefix, message)
        length = _SIZE_FIELD + encoded.size
        if size > _BUNDLE_HEADER and size + length > MAX_BYTES:
            packets.append(bundle.build().dgram)
            bundle, size = OscBundleBuilder(IMMEDIATELY), _BUNDLE_HEADER
        bundle.add_content(encoded)
        size += length
    if size > _BUNDLE_HEADER:
        packets.append(bundle.build().dgram)
    return packets
