"""The code that stands on the screen while latency is measured: a number, and four markers by which a camera finds it.

A patch of COLUMNS x ROWS cells with a white margin: an ArUco marker in each corner, between them a white and a black block to
compare with and BITS blocks with the picture's number in Gray code, so that from one picture to the next one block alone
changes: what a camera sees while the screen changes is one of the two numbers and no third one. Nothing large ever flashes:
a block is BLOCK_SHARE of the patch. Source: F. Gray, US patent 2632058 (1953); S. Garrido-Jurado et al., Automatic generation
and detection of highly reliable fiducial markers under occlusion, Pattern Recognition 47 (2014).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from installation.types import ByteArray

COLUMNS, ROWS = 24, 16
MARKER = 6
"""Cells of a marker's side: four bits and the black border."""
_CORNERS = ((1, 1), (COLUMNS - 1 - MARKER, 1), (COLUMNS - 1 - MARKER, ROWS - 1 - MARKER), (1, ROWS - 1 - MARKER))
"""Left and top of markers 0 to 3, clockwise from the top left."""
BITS = 10
NUMBERS = 1 << BITS
_BLOCK = (2, 4)
BLOCK_SHARE = _BLOCK[0] * _BLOCK[1] / (COLUMNS * ROWS)
_PLACES = tuple((8 + _BLOCK[0] * column, 2 + _BLOCK[1] * row) for row in range(3) for column in range(4))
"""Left and top of the white block, the black block and the bits, the lowest first."""
LEAST_CONTRAST = 24.0
"""Of white against black, in levels of 255, below which nothing is read."""
_DICTIONARY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)


def gray_of(number: int) -> int:
    """The Gray code of ``number``."""
    return number ^ (number >> 1)


def number_of(gray: int) -> int:
    """The number whose Gray code is ``gray``."""
    number = 0
    while gray:
        number ^= gray
        gray >>= 1
    return number


def _still_cells() -> ByteArray:
    cells = np.full((ROWS, COLUMNS), 255, np.uint8)
    for name, (left, top) in enumerate(_CORNERS):
        marker = cv2.aruco.generateImageMarker(_DICTIONARY, name, MARKER)
        cells[top : top + MARKER, left : left + MARKER] = marker
    cells.setflags(write=False)
    return cells


_STILL = _still_cells()


def cells_of(number: int) -> ByteArray:
    """(ROWS, COLUMNS) uint8, 0 or 255: the patch for a picture's number, of which the lowest BITS bits count."""
    cells = _STILL.copy()
    gray = gray_of(number % NUMBERS)
    dark = [False, True, *(not gray >> bit & 1 for bit in range(BITS))]
    for (left, top), is_dark in zip(_PLACES, dark, strict=True):
        cells[top : top + _BLOCK[1], left : left + _BLOCK[0]] = 0 if is_dark else 255
    return cells


def patch_box(size: tuple[int, int], share: float = 0.4) -> tuple[int, int, int]:
    """(left, bottom, pixels of a cell) of the patch in the middle of a picture of ``size``; it takes ``share`` of its height,
    and no more than nine tenths of its width."""
    width, height = size
    cell = max(1, min(int(height * share / ROWS), int(width * 0.9 / COLUMNS)))
    return (width - cell * COLUMNS) // 2, (height - cell * ROWS) // 2, cell


def bright_runs(cells: ByteArray) -> list[tuple[int, int, int]]:
    """(row, first column, columns) of the white cells that lie side by side."""
    runs = []
    for row, line in enumerate(cells > 0):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], line, [False]))))
        runs += [(row, int(first), int(last - first)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    return runs


class CodeReader:
    """Finds the patch in camera pictures and reads its number. The place is kept while it can be read there: cameras stand.

    ``is_mirrored``: the pictures are, as ``capture.mirror`` makes them.
    """

    def __init__(self, is_mirrored: bool = False) -> None:
        self._is_mirrored = is_mirrored
        self._detector = cv2.aruco.ArucoDetector(_DICTIONARY, cv2.aruco.DetectorParameters())
        self._place: npt.NDArray[np.float32] | None = None
        """(12, 2) middles of the blocks in the picture."""
        self._size: tuple[int, ...] = ()
        self.markers = 0
        """How many of the four were found when last looked for."""

    def read(self, rgb: ByteArray) -> int | None:
        """The number in a picture (H, W, 3) uint8; None where there is none that can be read."""
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        if self._is_mirrored:
            grey = np.ascontiguousarray(grey[:, ::-1])
        if self._place is not None and grey.shape == self._size:
            number = self._read_at(grey, self._place)
            if number is not None:
                return number
        self._place, self._size = self._find(grey), grey.shape
        return None if self._place is None else self._read_at(grey, self._place)

    def forget(self) -> None:
        """Look for the place anew with the next picture."""
        self._place = None

    def _find(self, grey: ByteArray) -> npt.NDArray[np.float32] | None:
        corners, names, _ = self._detector.detectMarkers(grey)
        here: list[npt.NDArray[np.float32]] = []
        there: list[tuple[float, float]] = []
        for name, four in zip([] if names is None else np.asarray(names).ravel().tolist(), corners, strict=False):
            if name < len(_CORNERS):
                left, top = _CORNERS[name]
                right, bottom = left + MARKER, top + MARKER
                there += [(left, top), (right, top), (right, bottom), (left, bottom)]
                here.append(np.asarray(four, np.float32).reshape(4, 2))
        self.markers = len(here)
        # Two markers fix the perspective; three or four fix it well.
        if self.markers < 3:
            return None
        matrix, _ = cv2.findHomography(np.array(there, np.float32), np.concatenate(here))
        if matrix is None:
            return None
        middles = np.array([[(x + _BLOCK[0] / 2, y + _BLOCK[1] / 2)] for x, y in _PLACES], np.float32)
        return np.asarray(cv2.perspectiveTransform(middles, matrix), np.float32).reshape(-1, 2)

    def _read_at(self, grey: ByteArray, place: npt.NDArray[np.float32]) -> int | None:
        height, width = grey.shape
        levels = []
        for x, y in place.round().astype(int).tolist():
            if not (1 <= x < width - 1 and 1 <= y < height - 1):
                return None
            levels.append(float(grey[y - 1 : y + 2, x - 1 : x + 2].mean()))
        white, black, *bits = levels
        if white - black < LEAST_CONTRAST:
            return None
        middle = (white + black) / 2
        gray = sum(1 << bit for bit, level in enumerate(bits) if level > middle)
        return number_of(gray)
