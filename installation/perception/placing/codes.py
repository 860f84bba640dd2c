"""Which way round a picture is, by a QR code in it: people look the same in a mirror, a code does not."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from installation.types import ByteArray

_MASK, _GENERATOR = 0x5412, 0x537
"""Of the format's fifteen bits (ISO/IEC 18004, 7.9): five of data, ten of a BCH code, masked."""
_PLACES = (
    *((8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)),
    *((row, 8) for row in (7, 5, 4, 3, 2, 1, 0)),
)
"""Rows and columns of the format's bits round the upper left corner, the highest first; back to front they come backwards."""
MOST_WRONG = 3
"""So many wrong bits the code can bear."""


class CodeReader:
    """Looks for one QR code in a picture; also reads those that are back to front, as most readers do."""

    def __init__(self) -> None:
        self._detector = cv2.QRCodeDetector()

    def is_back_to_front(self, grey: ByteArray) -> bool | None:
        """Whether the code in ``grey`` (H, W) uint8 is; None where there is none, or it cannot be read."""
        text, _, modules = self._detector.detectAndDecode(grey)
        if not text or modules is None or min(modules.shape) < 21:
            return None
        return back_to_front(np.asarray(modules) < 128)


def back_to_front(dark: npt.NDArray[np.bool_]) -> bool | None:
    """Whether the modules (N, N) of a QR code, cut out with the finders in their corners, are those of a mirrored one (rows and
    columns exchanged); None where neither way gives a format."""
    bits = [bool(dark[place]) for place in _PLACES]
    plain, mirrored = _wrong_bits(bits), _wrong_bits(bits[::-1])
    if min(plain, mirrored) > MOST_WRONG or plain == mirrored:
        return None
    return mirrored < plain


def _wrong_bits(bits: list[bool]) -> int:
    """In how many bits these differ from the nearest format."""
    read = sum(bit << (14 - number) for number, bit in enumerate(bits))
    return min((read ^ word).bit_count() for word in FORMATS)


def _format(data: int) -> int:
    rest = data << 10
    for bit in range(14, 9, -1):
        if rest >> bit & 1:
            rest ^= _GENERATOR << (bit - 10)
    return (data << 10 | rest) ^ _MASK


FORMATS = tuple(_format(data) for data in range(32))
