"""A camera that sees the rendered pictures a known time later: what the measuring is measured with (run.py latency --loop)."""

from __future__ import annotations

import threading
from collections import deque

import numpy as np

from installation.base.clock import Clock
from installation.types import ByteArray

KEPT = 512
"""Pictures on their way."""


class Delay:
    """Pictures go in as they are shown, and come out ``delay_s`` later; thread-safe."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self._lock = threading.Lock()
        self._pictures: deque[tuple[float, ByteArray]] = deque(maxlen=KEPT)

    def put(self, rgb: ByteArray, t_s: float) -> None:
        """A picture (H, W, 3) uint8 was shown at ``t_s``."""
        with self._lock:
            self._pictures.append((t_s, rgb))

    def at(self, t_s: float) -> ByteArray | None:
        """What is seen at ``t_s``: the newest picture of ``delay_s`` before; None before the first."""
        with self._lock:
            while len(self._pictures) > 1 and self._pictures[1][0] <= t_s - self.delay_s:
                self._pictures.popleft()
            first = self._pictures[0] if self._pictures else None
        return first[1] if first is not None and first[0] <= t_s - self.delay_s else None


class VirtualCamera:
    """Looks into a ``Delay`` so many times a second; has the methods of a live source of pictures. ``size``: of its picture."""

    live = True

    def __init__(self, delay: Delay, clock: Clock, size: tuple[int, int], per_second: float = 30.0) -> None:
        self._delay, self._clock, self._size = delay, clock, size
        self.per_second, self.delay_s = per_second, delay.delay_s * 1000
        self._closed = threading.Event()
        self._next_s: float | None = None
        self._seen: ByteArray | None = None
        self._count = 0

    def rewind(self) -> None:
        """It has no start."""

    def grab(self) -> float | None:
        """Wait for the shutter, and take what is seen then."""
        now_s = self._clock.now()
        self._next_s = max(now_s, (self._next_s or now_s) + 1 / self.per_second)
        self._closed.wait(self._next_s - now_s)
        self._seen = self._delay.at(self._clock.now())
        return 0.0

    def retrieve(self) -> ByteArray:
        """(H, W, 3) uint8 RGB; grey before the first. A corner changes with each, as noise does: it is not taken for hung."""
        width, height = self._size
        rgb = self._seen.copy() if self._seen is not None else np.full((height, width, 3), 90, np.uint8)
        self._count += 1
        rgb[0:4, 0:4] = self._count % 256
        return rgb

    def read(self) -> ByteArray | None:
        """``grab`` and ``retrieve`` in one."""
        self.grab()
        return self.retrieve()

    def close(self) -> None:
        """Wake whoever waits."""
        self._closed.set()
