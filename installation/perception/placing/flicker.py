"""Flicker of lamps, as a camera sees it: bands that run through the picture, or the whole picture pulsing.

Lamps on the mains shine brighter twice in each of its periods, 100 or 120 times a second. A camera that reads its rows one
after the other catches that as bands; what is left of it from picture to picture is the remainder of 100 or 120 by the rate.
Bands lie straight across the whole picture, and come at one pace; people do neither. Bands that stand still (60 Hz at 30 or
60 pictures a second, 50 Hz at 25) are not told from the room.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from installation.types import ByteArray

ROWS, STRIPS = 64, 8
"""A picture is taken as so many rows of so many strips side by side."""
PICTURES = 128
"""So many of the newest pictures are looked at, four seconds' worth of a camera."""
LEAST_PICTURES = 48
DARK = 8.0
"""Grey levels added before the logarithm: a camera's noise in the dark is no flicker."""
BANDS = np.arange(0.0, 8.01, 0.5)
"""Bands from top to bottom that are looked for; 0 is the whole picture pulsing."""
LEAST_STEP = 0.1
"""Slowest pulse that counts, in periods a picture: what is slower may be people, clouds, or the camera's own exposure."""


class Pulse(NamedTuple):
    """The strongest regular pulse.

    ``depth``: 0.05 where levels go up and down by five per cent. ``prominence``: how far it stands out of all others, 1: not at
    all. ``bands`` in the picture; ``step``, its periods from picture to picture (0 to 0.5).
    """

    depth: float
    prominence: float
    bands: float
    step: float


class Flicker:
    """Takes every picture, in order; ``strongest`` says what pulses."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, npt.NDArray[np.float32]]] = deque(maxlen=PICTURES)

    def add(self, seq: int, rgb: ByteArray) -> None:
        """``rgb`` (H, W, 3) is picture number ``seq``; numbers that are left out are pictures that were missed."""
        small = cv2.resize(rgb, (STRIPS, ROWS), interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
        self._seen.append((seq, np.log(grey + DARK)))

    def strongest(self) -> Pulse | None:
        """What pulses most; None before enough pictures were seen."""
        if len(self._seen) < LEAST_PICTURES:
            return None
        numbers = np.array([seq for seq, _ in self._seen], np.float64)
        levels = np.stack([level for _, level in self._seen])
        # What all strips have in common; whoever moves is in some of them.
        common = np.median(levels - levels.mean(axis=0), axis=2)
        place = (np.arange(ROWS) + 0.5) / ROWS
        row_window, time_window = np.hanning(ROWS + 2)[1:-1], np.hanning(len(numbers) + 2)[1:-1]
        waves = np.exp(-2j * np.pi * np.outer(place, BANDS)) * row_window[:, None] / row_window.sum()
        steps = np.linspace(-0.5, 0.5, 2 * PICTURES, endpoint=False)
        turns = np.exp(-2j * np.pi * np.outer(steps, numbers - numbers[0])) * time_window / time_window.sum()
        depth = 2 * np.abs(turns @ (common @ waves))
        depth[np.abs(steps) < LEAST_STEP] = 0.0
        at = np.unravel_index(int(depth.argmax()), depth.shape)
        others = float(np.median(depth[np.abs(steps) >= LEAST_STEP, at[1]]))
        return Pulse(
            float(depth[at]), float(depth[at]) / max(others, 1e-6), float(BANDS[at[1]]), float(abs(steps[at[0]]))
        )


def mains_of(pulse: Pulse, per_second: float) -> int | None:
    """50 or 60: the mains whose lamps would pulse at this pace in pictures that come ``per_second``; None where both would, or
    neither."""
    if per_second <= 0:
        return None
    off = {hz: abs(_alias(2 * hz / per_second) - pulse.step) for hz in (50, 60)}
    nearest = min(off, key=lambda hz: off[hz])
    return nearest if off[nearest] < 0.03 and abs(off[50] - off[60]) > 0.06 else None


def _alias(periods: float) -> float:
    """Periods from picture to picture, as they look."""
    rest = periods % 1.0
    return min(rest, 1.0 - rest)
