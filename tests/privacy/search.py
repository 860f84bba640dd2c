"""Searches everything that was written or sent for the marked visitor: pictures, pixels and numbers, also packed ones."""

import base64
import binascii
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from installation.types import ByteArray, FloatArray
from tests.faults.listening import messages
from tests.privacy import find_pictures, marked
from tests.privacy.find_numbers import SCALES, Row, binary_numbers, number_words, pixel_words, text_numbers
from tests.privacy.watch import Written

PICTURE = "picture"
MAX_RAW = 4_000_000
"""Larger pieces without a head are searched for known pixels only."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/\-_]{40,}={0,2}")
_HEX = re.compile(rb"[0-9a-fA-F]{64,}")
_LONG = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
"""Bytes that a text spells out; the digits in them are no numbers."""
_PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"PK\x03\x04")


@dataclass(frozen=True)
class Finding:
    """``kind``: picture, or one of marked.numbers(); ``place`` as ``Written`` has it; ``how`` it was recognised."""

    kind: str
    place: str
    how: str


class Search:
    """Looks for ``pictures`` (H, W, 3) uint8 RGB, for the pixels of ``crops``, and for rows of ``numbers`` by kind.

    ``size``: width and height in which places may be counted in pixels.
    """

    def __init__(
        self, pictures: list[ByteArray], crops: list[ByteArray], numbers: dict[str, FloatArray], size: tuple[int, int]
    ) -> None:
        find_pictures.look_for(pictures)
        self._pixels = pixel_words(crops)
        self._any = number_words(*numbers.values())
        self._exact = {kind: number_words(values) for kind, values in numbers.items()}
        self._rows = {kind: Row(values.astype(np.float64)) for kind, values in numbers.items()}
        self._in_pixels = {
            kind: Row((values.reshape(-1, 2) * size).ravel().astype(np.float64) / 1000)
            for kind, values in numbers.items()
            if kind.endswith("(x, y)")
        }

    def findings(self, streams: list[Written]) -> list[Finding]:
        """Everything that should not be where it is, each kind once a place."""
        found: dict[tuple[str, str], Finding] = {}
        known: dict[tuple[bool, bytes], list[tuple[str, str]]] = {}
        for stream in streams:
            # What was written is, as a rule, what then lies on the disk.
            key = (stream.place.startswith("udp:"), hashlib.sha256(stream.data).digest())
            if key not in known:
                known[key] = list(self._in_stream(stream))
            for kind, how in known[key]:
                found.setdefault((kind, stream.place), Finding(kind, stream.place, how))
        return list(found.values())

    def _in_stream(self, stream: Written) -> Iterator[tuple[str, str]]:
        numbers = _osc_numbers(stream.parts) if stream.place.startswith("udp:") else None
        if numbers is not None:
            yield from self._in_numbers(numbers, "OSC")
        for how, data in unwrapped(stream.data):
            yield from self._in_bytes(data, how, numbers is not None)

    def _in_bytes(self, data: bytes, how: str, is_osc: bool = False) -> Iterator[tuple[str, str]]:
        known = bool(self._pixels.longest(data))
        if known:
            yield PICTURE, f"{how}: pixels as they were"
        exact = self._exact.items() if self._any.longest(data) else ()
        for kind, words in exact:
            if words.longest(data):
                yield kind, f"{how}: bit by bit"
        if is_text(data):
            for numbers in text_numbers(_LONG.sub(b" ", data)):
                yield from self._in_numbers(numbers, f"{how}: text")
            return
        if known:
            return
        pictures = False
        for what, shown in find_pictures.pictures_in(data):
            pictures = True
            if find_pictures.agreeing(shown) >= find_pictures.ENOUGH:
                yield PICTURE, f"{how}: {what}"
                return
        if not pictures and len(data) <= MAX_RAW:
            yield from self._in_raw(data, how, is_osc)

    def _in_raw(self, data: bytes, how: str, is_osc: bool) -> Iterator[tuple[str, str]]:
        for what, shown in find_pictures.raw_pictures(data):
            if find_pictures.agreeing(shown) >= find_pictures.ENOUGH:
                yield PICTURE, f"{how}: {what}"
                break
        if not is_osc:
            for numbers in binary_numbers(data):
                yield from self._in_numbers(numbers, f"{how}: binary", scales=(1.0,))

    def _in_numbers(
        self, numbers: np.ndarray, how: str, scales: tuple[float, ...] = SCALES
    ) -> Iterator[tuple[str, str]]:
        for scale in scales:
            for kind, row in self._rows.items():
                if row.found_in(numbers, scale):
                    yield kind, f"{how}, in steps of 1/{scale:g}"
        if len(scales) > 1:
            for kind, row in self._in_pixels.items():
                if row.found_in(numbers, 1000.0):
                    yield kind, f"{how}, in pixels"


def for_the_visitor() -> Search:
    """Looks for the marked visitor."""
    return Search([marked.picture()], marked.crops(), marked.numbers(), marked.SIZE)


def is_text(data: bytes) -> bool:
    """Whether it has nothing but printable signs in its beginning, middle and end."""
    middle = len(data) // 2
    sample = data[:4096] + data[middle : middle + 4096] + data[-4096:]
    odd = sum(byte < 9 or 13 < byte < 27 for byte in sample)
    return bool(sample) and odd == 0


def unwrapped(data: bytes, how: str = "as written", depth: int = 3) -> Iterator[tuple[str, bytes]]:
    """``data``, and what is packed in it: gzip, zlib, zip, base64, hexadecimal, one in the other."""
    yield how, data
    if depth == 0 or not data:
        return
    for name, inner in _packed(data):
        yield from unwrapped(inner, f"{how}, {name}", depth - 1)


def _packed(data: bytes) -> Iterator[tuple[str, bytes]]:
    if data[:2] == b"\x1f\x8b":
        yield "gzip", _gunzip(data)
    elif data[:2] in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        inner = _inflate(data)
        if inner:
            yield "zlib", inner
    elif data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield f"zip {name}", archive.read(name)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError):
            return
    elif is_text(data):
        yield from _spelled(data)


def _spelled(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Bytes that a text spells out; those of all lines together, for a line may hold but a packet."""
    hexadecimal = b"".join(binascii.unhexlify(one[: len(one) // 2 * 2]) for one in _HEX.findall(data))
    if hexadecimal:
        yield "hexadecimal", hexadecimal
    decoded = []
    for one in _BASE64.findall(data):
        if _HEX.fullmatch(one):
            continue
        whole = one.rstrip(b"=")
        try:
            decoded.append(
                base64.b64decode(
                    whole + b"=" * (-len(whole) % 4), altchars=b"-_" if b"-" in one or b"_" in one else None
                )
            )
        except (binascii.Error, ValueError):
            continue
    yield from (("base64", one) for one in decoded if one.startswith(_PACKED))
    if decoded:
        yield "base64", b"".join(decoded)


def _gunzip(data: bytes) -> bytes:
    out = b""
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        try:
            while chunk := file.read(65536):
                out += chunk
        except (OSError, EOFError, zlib.error):
            pass
    return out


def _inflate(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


def _osc_numbers(packets: list[bytes]) -> np.ndarray | None:
    """All numbers of all messages, in the order in which they were sent; None where a packet is no OSC."""
    out: list[float] = []
    try:
        for packet in packets:
            for _, arguments in messages(packet):
                out += [float(value) for value in arguments if isinstance(value, int | float)]
    except Exception:  # noqa: BLE001 - python-osc raises several: it is searched as bytes all the same
        return None
    return np.array(out, np.float64)
