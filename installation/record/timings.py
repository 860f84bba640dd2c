"""How long pictures and OSC took, second by second, for the graphs of the operator's page."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

SECONDS_KEPT = 3
"""The page's process keeps a longer past by itself; it looks once a second at least."""
MOST_A_SECOND = 1000
"""Of more the rest of that second is only counted."""


@dataclass(frozen=True, slots=True)
class Second:
    """One second. ``number`` counts them; ``frame_ms`` and ``osc_ms`` are (median, p95, p99), None where nothing came:
    from picture to picture, and from the camera's picture to OSC."""

    number: int
    frames: int
    frame_ms: tuple[float, float, float] | None
    observations: int
    osc_ms: tuple[float, float, float] | None

    def row(self, memory_mb: float) -> dict[str, object]:
        """As JSON has it."""
        return {
            "number": self.number,
            "frames": self.frames,
            "frame_ms": self.frame_ms,
            "observations": self.observations,
            "osc_ms": self.osc_ms,
            "memory_mb": round(memory_mb, 1),
        }


class Timings:
    """A few floats a picture; sorted once a second."""

    def __init__(self) -> None:
        self.seconds: deque[Second] = deque(maxlen=SECONDS_KEPT)
        """The newest that are over, oldest first."""
        self._number: int | None = None
        self._drawn_s: float | None = None
        self._frames = self._observations = 0
        self._intervals_ms: list[float] = []
        self._ages_ms: list[float] = []

    def drawn(self, t_s: float) -> None:
        """A picture is there."""
        self._turn(t_s)
        if self._drawn_s is not None and len(self._intervals_ms) < MOST_A_SECOND:
            self._intervals_ms.append((t_s - self._drawn_s) * 1000)
        self._drawn_s = t_s
        self._frames += 1

    def observed(self, t_s: float, age_ms: float) -> None:
        """An observation went to OSC, ``age_ms`` after its picture was taken."""
        self._turn(t_s)
        if len(self._ages_ms) < MOST_A_SECOND:
            self._ages_ms.append(age_ms)
        self._observations += 1

    def _turn(self, t_s: float) -> None:
        number = int(t_s)
        if number == self._number:
            return
        if self._number is not None:
            self.seconds.append(
                Second(
                    self._number, self._frames, spread(self._intervals_ms), self._observations, spread(self._ages_ms)
                )
            )
        self._number, self._frames, self._observations = number, 0, 0
        self._intervals_ms, self._ages_ms = [], []


def spread(values: list[float]) -> tuple[float, float, float] | None:
    """(median, p95, p99) by nearest rank, to a hundredth; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    last = len(ordered) - 1
    median, high, highest = (round(ordered[round(share * last)], 2) for share in (0.5, 0.95, 0.99))
    return median, high, highest
