"""The leader's clock as another machine knows it: offset and drift, from questions and answers that carry times.

As in NTP (Mills, RFC 5905, sections 8 and 10): an answer that took its way quickly tells the offset best, whatever the others
say, so the quickest of the last minutes are believed; where they span long enough, a line through them tells the drift.
No clock is read here, and no thread runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from installation.network.wire import WireError

FIRST = 8
"""Questions that follow one another quickly at first: the quickest answer is believed."""
KEPT, KEPT_S = 240, 120.0
"""Answers, and for how long: crystals change their rate with the temperature within minutes."""
SPAN_S, LEAST = 8.0, 8
"""Seconds that the quick answers must span, and how many there must be, before a drift is told from them."""
MOST_DRIFT = 500e-6
"""Seconds in a second: what a crystal at its worst, or an operating system that slews its clock, may do."""
QUICK = 0.25
"""The share of all answers that is believed, the quickest ones."""
SLACK_S = 0.00025
"""A way longer than the shortest by this is no worse."""
STEP_S, SLEW = 0.05, 0.01
"""An estimate that is wrong by more than this is put right at once; less of it goes at so many seconds a second."""


class Sample(NamedTuple):
    """One question and its answer, seconds."""

    at_s: float
    """Middle of asking and hearing, by this machine's clock."""
    offset_s: float
    """What the leader's clock was ahead."""
    way_s: float
    """Both ways together, without what the leader took in between."""


class Questions:
    """When to ask for the time: FIRST times every ``first_s`` seconds, then every ``then_s``."""

    def __init__(self, first_s: float, then_s: float) -> None:
        self._first_s, self._then_s = first_s, then_s
        self._asked_s, self._count = float("-inf"), 0

    @property
    def first(self) -> bool:
        """Whether they still follow one another quickly."""
        return self._count < FIRST

    def due(self, now_s: float) -> bool:
        """Whether to ask now; then it counts as asked."""
        if now_s - self._asked_s < (self._first_s if self.first else self._then_s):
            return False
        self._asked_s, self._count = now_s, self._count + 1
        return True


def times_of(values: Mapping[str, Any]) -> tuple[float, float, float]:
    """When an answer's question was asked, heard and answered, as ``SharedClock.hear`` takes them. Raises WireError."""
    found = [values.get(name) for name in ("asked_s", "heard_s", "answered_s")]
    asked_s, heard_s, answered_s = (one if isinstance(one, float) else None for one in found)
    if asked_s is None or heard_s is None or answered_s is None:
        raise WireError("the clock's answer has no times")
    return asked_s, heard_s, answered_s


class SharedClock:
    """Tells the leader's time from this machine's. Both clocks are monotonic; their starts have nothing in common."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=KEPT)
        self._offset_s, self._drift, self._at_s = 0.0, 0.0, 0.0
        """The estimate: ``offset_s`` at ``at_s``, and what it grows by in a second."""
        self._shown_s: float | None = None
        self._asked_s = 0.0
        self._last_s = float("-inf")

    @property
    def is_set(self) -> bool:
        """Whether any answer has come."""
        return bool(self._samples)

    @property
    def figures(self) -> dict[str, float]:
        """Offset in seconds, drift in millionths, the shortest way there and back in milliseconds, and how many answers."""
        way_s = min((sample.way_s for sample in self._samples), default=0.0)
        return {
            "offset_s": round(self._offset_s, 6),
            "drift_ppm": round(self._drift * 1e6, 2),
            "round_trip_ms": round(way_s * 1000, 3),
            "answers": float(len(self._samples)),
        }

    def clear(self) -> None:
        """Another leader: nothing of the one before holds."""
        self.__init__()  # type: ignore[misc]

    def hear(self, asked_s: float, heard_s: float, answered_s: float, arrived_s: float) -> None:
        """An answer: asked at ``asked_s`` and back at ``arrived_s`` by this machine's clock, heard at ``heard_s`` and answered
        at ``answered_s`` by the leader's. What cannot be (an answer before its question) is left out."""
        way_s = (arrived_s - asked_s) - (answered_s - heard_s)
        if way_s < 0 or answered_s < heard_s:
            return
        at_s = (asked_s + arrived_s) / 2
        self._samples.append(Sample(at_s, (heard_s + answered_s) / 2 - at_s, way_s))
        while self._samples and at_s - self._samples[0].at_s > KEPT_S:
            self._samples.popleft()
        self._estimate(at_s)

    def leader_s(self, now_s: float) -> float:
        """The leader's time when this machine's clock says ``now_s``. Never goes back, but for a step of more than STEP_S."""
        wanted = self._offset_s + self._drift * (now_s - self._at_s)
        shown = wanted if self._shown_s is None else self._shown_s
        most = SLEW * max(now_s - self._asked_s, 0.0)
        away = wanted - shown
        shown = wanted if abs(away) > STEP_S else shown + min(max(away, -most), most)
        self._shown_s, self._asked_s = shown, now_s
        return now_s + shown

    def _estimate(self, at_s: float) -> None:
        ranked = sorted(self._samples, key=lambda sample: sample.way_s)
        best, shortest = ranked[0], ranked[0].way_s
        quick = ranked[: max(LEAST, round(QUICK * len(ranked)))]
        moments = [sample.at_s for sample in quick]
        if len(quick) < LEAST or max(moments) - min(moments) < SPAN_S:
            self._offset_s, self._drift, self._at_s = best.offset_s, 0.0, best.at_s
            return
        times = np.array([sample.at_s - at_s for sample in quick])
        offsets = np.array([sample.offset_s for sample in quick])
        # The longer the way was beyond the shortest, the more it may have been longer one way than the other.
        weights = 1.0 / (np.array([sample.way_s for sample in quick]) - shortest + SLACK_S)
        drift, _ = np.polyfit(times, offsets, 1, w=weights)
        self._drift = float(min(max(drift, -MOST_DRIFT), MOST_DRIFT))
        middle = float(np.average(times, weights=weights**2))
        self._offset_s = float(np.average(offsets, weights=weights**2)) - self._drift * middle
        self._at_s = at_s
