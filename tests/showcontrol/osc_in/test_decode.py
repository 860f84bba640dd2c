"""The reader of OSC packets: what it takes, what it refuses, and that nothing makes it fall."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from installation.showcontrol.osc_in.decode import (
    MAX_ARGS,
    MAX_DEPTH,
    MAX_MESSAGES,
    MAX_PACKET_BYTES,
    NotOscError,
    Opaque,
    decode,
    shortest,
)

NAN, INF = float("nan"), float("inf")


def text(value: str) -> bytes:
    data = value.encode()
    return data + b"\0" * (4 - len(data) % 4)


def bundle(*elements: bytes) -> bytes:
    return b"#bundle\0" + b"\0" * 7 + b"\1" + b"".join(struct.pack(">i", len(one)) + one for one in elements)


def nested(depth: int) -> bytes:
    inner = text("/a") + text(",")
    for _ in range(depth):
        inner = bundle(inner)
    return inner


def test_every_type_is_read_or_named() -> None:
    packet = text("/a") + text(",ifsShdTFNIbtrmc") + struct.pack(">if", -3, 0.25) + text("ä") + text("")
    packet += struct.pack(">qd", 2**40, 0.1) + struct.pack(">i", 5) + b"12345\0\0\0" + struct.pack(">qIII", 1, 2, 3, 65)
    plain = [-3, 0.25, "ä", "", 2**40, 0.1, True, False, None, None]
    kinds = ("blob", "time tag", "colour", "MIDI message", "character")
    assert decode(packet) == [("/a", plain + [Opaque(kind) for kind in kinds])]


def test_messages_of_bundles_come_in_order() -> None:
    a, b, c, d = (text(f"/{name}") + text(",") for name in "abcd")
    assert [address for address, _ in decode(bundle(a, bundle(b, c), d))] == ["/a", "/b", "/c", "/d"]
    assert decode(bundle()) == []
    assert decode(text("/old")) == [("/old", [])]


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (b"", "begins with /"),
        (b"abc", "multiple of 4"),
        (b"abcd", "begins with /"),
        (b"/abc", "zero bytes"),
        (b"/a\0x,\0\0\0", "zero bytes"),
        (b"/\xff\0\0,\0\0\0", "UTF-8"),
        (text("/a") + text("i"), "comma"),
        (text("/a") + text(",i"), "ends within its arguments"),
        (text("/a") + text(",") + b"more", "more bytes"),
        (text("/a") + text(",x"), "no type 'x'"),
        (text("/a") + text(",b") + struct.pack(">i", -8), "blob"),
        (text("/a") + text(",b") + struct.pack(">i", 2**31 - 1), "blob"),
        (text("/a") + text(",s") + b"abcd", "zero bytes"),
        (text("/a") + text("," + "T" * (MAX_ARGS + 1)), f"{MAX_ARGS} at most"),
        (b"#bundle\0\0\0\0\0", "time tag"),
        (bundle() + b"\0\0", "element's size"),
        (bundle() + struct.pack(">i", -4), "-4 bytes"),
        (bundle() + struct.pack(">i", 0), "0 bytes"),
        (bundle() + struct.pack(">i", 400), "400 bytes"),
        (nested(MAX_DEPTH + 1), "deeper"),
        (nested(300), "deeper"),
        (bundle(*[text("/a")] * (MAX_MESSAGES + 1)), "messages at most"),
        (b"/" * (MAX_PACKET_BYTES + 1), "too many"),
    ],
)
def test_what_is_wrong_is_named(packet: bytes, words: str) -> None:
    with pytest.raises(NotOscError, match=words):
        decode(packet)


def test_at_the_bounds_it_is_read() -> None:
    assert decode(nested(MAX_DEPTH)) == [("/a", [])]
    assert len(decode(bundle(*[text("/a")] * MAX_MESSAGES))) == MAX_MESSAGES


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for packet in (data, b"#bundle\0" + data, b"/a\0\0," + data, bundle(data[: len(data) // 4 * 4] or b"/a\0\0")):
        try:
            assert all(address.startswith("/") for address, _ in decode(packet))
        except NotOscError:
            continue


_VALUES = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32),
    st.text(st.characters(exclude_characters="\0", codec="utf-8")),
)


@given(st.lists(st.lists(_VALUES, max_size=6), max_size=6), st.data())
def test_what_another_library_writes_is_read_alike_and_no_damage_fells_it(
    rows: list[list], data: st.DataObject
) -> None:
    builder = OscBundleBuilder(IMMEDIATELY)
    for row in rows:
        message = OscMessageBuilder("/mien/x")
        for value in row:
            message.add_arg(value, "s" if isinstance(value, str) else "i" if isinstance(value, int) else "f")
        builder.add_content(message.build())
    packet = builder.build().dgram
    theirs = [
        [struct.pack(">f", v) if isinstance(v, float) else v for v in m.message.params]
        for m in OscPacket(packet).messages
    ]
    ours = [[struct.pack(">f", v) if isinstance(v, float) else v for v in args] for _, args in decode(packet)]
    assert [repr(row) for row in ours] == [repr(row) for row in theirs]
    damaged = bytearray(packet)
    for at in data.draw(st.lists(st.integers(0, len(packet) - 1), max_size=5)):
        damaged[at] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(damaged[: data.draw(st.integers(0, len(packet)))]))
    except NotOscError:
        return


@given(st.floats(width=32))
def test_a_number_keeps_its_32_bits_and_loses_its_tail(value: float) -> None:
    assert struct.pack(">f", shortest(value)) == struct.pack(">f", value)


def test_a_limit_can_be_reached() -> None:
    assert [shortest(struct.unpack(">f", struct.pack(">f", value))[0]) for value in (0.2, 0.1, 12.5, -3.0, 1e-4)] == [
        0.2, 0.1, 12.5, -3.0, 1e-4,
    ]  # fmt: skip
    assert shortest(INF) == INF
    assert shortest(NAN) != shortest(NAN)
