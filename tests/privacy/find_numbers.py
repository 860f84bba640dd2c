"""Finds known numbers and known pixels in what was written: as binary of any usual type, as text, rounded or counted in steps.

Several neighbours must fit, so that nothing is found by chance.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from installation.types import ByteArray, FloatArray

NEIGHBOURS = 8
"""So many numbers in a row must fit where they are rounded."""
WORDS = 2
"""So many words of 8 bytes in a row must fit where every bit does: two doubles, four floats, sixteen bytes."""
PIXEL_WORDS = 4
TOLERANCE = 0.0051
"""What two decimals leave of a number."""
SCALES = (1.0, 100.0, 255.0, 1000.0, 65535.0)
"""Numbers may be counted in these steps, or in pixels of the marked picture."""
_NUMBER = re.compile(rb"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_MIXER = np.uint64(0x9E3779B97F4A7C15)


class Words:
    """Known bytes, as all the words of 8 bytes in them."""

    def __init__(self, run: int) -> None:
        self._run, self._parts = run, [np.zeros(0, np.uint64)]
        self._known, self._maybe = self._parts[0], np.zeros(0, bool)
        self._bits = 0

    def add(self, data: bytes) -> None:
        """Look for ``data``, or any part of it that is long enough."""
        # One shift is enough: what is searched is read from each byte on.
        words = _words(data, 0)
        self._parts.append(words[_is_varied(words)])
        self._maybe = np.zeros(0, bool)

    def longest(self, data: bytes) -> int:
        """The most known words in a row in ``data``, each 8 bytes after the one before; 0 below the run that counts."""
        if not len(self._maybe):
            self._known = np.unique(np.concatenate(self._parts))
            self._bits = min(24, len(self._known).bit_length() + 4)
            self._maybe = np.zeros(1 << self._bits, bool)
            self._maybe[self._slot(self._known)] = True
        most = 0
        for shift in range(8):
            words = _words(data, shift)
            hits = self._maybe[self._slot(words)]
            places = np.flatnonzero(hits)
            nearest = np.searchsorted(self._known, words[places]).clip(max=len(self._known) - 1)
            hits[places] = self._known[nearest] == words[places]
            most = max(most, _longest_run(hits))
        return most if most >= self._run else 0

    def _slot(self, words: np.ndarray) -> np.ndarray:
        return ((words * _MIXER) >> np.uint64(64 - self._bits)).astype(np.int64)


def _words(data: bytes, shift: int) -> np.ndarray:
    return (
        np.frombuffer(data, "<u8", max(0, len(data) - shift) // 8, shift)
        if len(data) >= shift + 8
        else np.zeros(0, "<u8")
    )


def _is_varied(words: np.ndarray) -> np.ndarray:
    """Whether a word has at least five different bytes: flat surfaces and round numbers are everywhere."""
    ordered = np.sort(np.ascontiguousarray(words).view(np.uint8).reshape(-1, 8), axis=1)
    return np.asarray((np.diff(ordered, axis=1) != 0).sum(axis=1) >= 4)


def _longest_run(hits: np.ndarray) -> int:
    places = np.flatnonzero(hits)
    if not len(places):
        return 0
    starts = np.concatenate([[0], np.flatnonzero(np.diff(places) != 1) + 1, [len(places)]])
    return int(np.diff(starts).max())


def pixel_words(pictures: list[ByteArray]) -> Words:
    """Pixels as anybody would write them: RGB, BGR, with alpha, in planes, grey; every third row, both ways round."""
    found = Words(PIXEL_WORDS)
    for shown in pictures:
        for rows in (shown[::3], shown[::3, ::-1]):
            grey = np.round(rows @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
            alpha = np.full((*rows.shape[:2], 1), 255, np.uint8)
            for form in (rows, rows[:, :, ::-1], np.concatenate([rows, alpha], axis=2), rows.transpose(2, 0, 1), grey):
                found.add(np.ascontiguousarray(form).tobytes())
            found.add((rows[::4].astype(np.float32) / 255).tobytes())
    return found


def number_words(*rows: FloatArray) -> Words:
    """Numbers as anybody would write them in binary."""
    found = Words(WORDS)
    for values in rows:
        for dtype in ("<f4", ">f4", "<f8", ">f8", "<f2"):
            found.add(values.astype(dtype).tobytes())
        # As sound files have it.
        found.add(np.round(np.clip(values, -1, 1) * 32767).astype("<i2").tobytes())
        for top, dtype in ((255, "u1"), (65535, "<u2"), (65535, ">u2")):
            found.add(np.clip(np.round(values * top), 0, top).astype(dtype).tobytes())
    return found


@dataclass(frozen=True, eq=False)
class Row:
    """Known numbers in their order, ready to be looked for in others."""

    values: np.ndarray

    def found_in(self, numbers: np.ndarray, scale: float = 1.0) -> bool:
        """Whether NEIGHBOURS of this row stand one after the other in ``numbers`` (N,), counted in steps of 1 / ``scale``."""
        known, values = self.values, numbers / scale
        if min(len(known), len(values)) < NEIGHBOURS:
            return False
        off = TOLERANCE if scale == 1.0 else max(0.0006, 0.51 / scale)
        order = np.argsort(known[: len(known) - NEIGHBOURS + 1])
        first, heads = known[order], values[: len(values) - NEIGHBOURS + 1]
        low, high = np.searchsorted(first, heads - off), np.searchsorted(first, heads + off)
        counts = high - low
        here = np.repeat(np.arange(len(heads)), counts)
        there = order[np.repeat(low - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())]
        for further in range(1, NEIGHBOURS):
            fits = np.abs(values[here + further] - known[there + further]) <= off
            here, there = here[fits], there[fits]
        return bool(len(here))


def text_numbers(data: bytes) -> Iterator[np.ndarray]:
    """(N,) all numbers in a text, in their order; and those with a point alone, for counts and times may stand between."""
    found = _NUMBER.findall(data)
    yield np.array([float(number) for number in found], np.float64)
    yield np.array([float(number) for number in found if b"." in number], np.float64)


def binary_numbers(data: bytes) -> Iterator[np.ndarray]:
    """``data`` read as floats and doubles of either order, from each byte on; what is far off or no number becomes 1e9."""
    for dtype, size in (("<f4", 4), (">f4", 4), ("<f8", 8), (">f8", 8)):
        for shift in range(size):
            count = max(0, len(data) - shift) // size
            if count < NEIGHBOURS:
                continue
            with np.errstate(all="ignore"):
                values = np.frombuffer(data, dtype, count, shift).astype(np.float64)
                yield np.where(np.isfinite(values) & (np.abs(values) < 10) & (np.abs(values) > 1e-4), values, 1e9)
