"""From what was shown, seen, perceived and sent to latencies. Pure: times go in, milliseconds come out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from installation.latency.code import NUMBERS

LONGEST_S = 4.0
"""A code is looked for among the pictures of so long; what would be older is taken for misread."""
FEWEST = 20
"""So many values, or there is no percentile."""


@dataclass
class Moments:
    """When what happened, in seconds of one clock. ``shown``: (time, number of the picture, number of the newest camera frame
    it knew). ``seen``: (time of capture, number of the camera frame, code read or None). ``sent``: {camera frame: when its
    bundle came by network}. ``people``: {camera frame: visitors in it}, for those that were perceived."""

    shown: list[tuple[float, int, int]] = field(default_factory=list)
    seen: list[tuple[float, int, int | None]] = field(default_factory=list)
    sent: dict[int, float] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    has_pictures: bool = True
    """Whether the source gives pictures at all."""


@dataclass(frozen=True)
class Latency:
    """One figure: its values in milliseconds, or why there are none."""

    name: str
    meaning: str
    values_ms: tuple[float, ...] = ()
    why: str = ""

    def percentile(self, percent: float) -> float | None:
        """None where there are too few values."""
        return float(np.percentile(self.values_ms, percent)) if not self.why else None

    def as_dict(self) -> dict[str, Any]:
        """For the report."""
        if self.why:
            return {"why_not": self.why}
        figures = {f"p{percent}": round(float(np.percentile(self.values_ms, percent)), 2) for percent in (50, 95)}
        return {**figures, "min": round(min(self.values_ms), 2), "max": round(max(self.values_ms), 2),
                "count": len(self.values_ms)}  # fmt: skip


def latencies(moments: Moments) -> tuple[Latency, ...]:
    """camera_to_photon, screen_to_capture, capture_to_screen, capture_to_osc."""
    loop, ages = _ages(moments)
    first = _first_pictures(moments.shown, moments.people)
    captured = {seq: t_s for t_s, seq, _ in moments.seen}
    react = {seq: first[seq] - captured[seq] for seq in sorted(first.keys() & captured.keys())}
    whole = {seq: ages[seq] + react[seq] for seq in sorted(react.keys() & ages.keys())}
    sent = {seq: at - captured[seq] for seq, at in sorted(moments.sent.items()) if seq in captured}
    unseen = _why_unseen(moments)
    blind = "" if moments.people else "perception has not seen one picture; see the log"
    return (
        _latency("camera_to_photon", "light into the camera to the picture that answers it", whole, unseen or blind),
        _latency("screen_to_capture", "of it: screen and camera", loop, unseen),
        _latency("capture_to_screen", "of it: perception, show, drawing", react, _why_no_pictures(moments) or blind),
        _latency("capture_to_osc", "picture captured to its bundle received", sent, _why_no_pictures(moments) or blind
                 or "no bundle came back; is osc.targets' network up, and osc enabled?"),
    )  # fmt: skip


def mean_people(moments: Moments) -> float:
    """Visitors in a perceived picture: with more of them perception takes longer."""
    return float(np.mean(list(moments.people.values()))) if moments.people else 0.0


def _latency(name: str, meaning: str, values: Mapping[int, float], why: str) -> Latency:
    good = tuple(value * 1000 for value in values.values() if value >= 0)
    if len(good) >= FEWEST:
        return Latency(name, meaning, good)
    few = f"only {len(good)} values came; {FEWEST} are needed, measure for longer" if good else ""
    return Latency(name, meaning, (), few or why or "no value came")


def _why_no_pictures(moments: Moments) -> str:
    if not moments.has_pictures:
        return "the source has no pictures (simulated performer)"
    return "" if moments.seen else "no picture came from the source; see the log"


def _why_unseen(moments: Moments) -> str:
    if any(code is not None for _, _, code in moments.seen):
        return ""
    return _why_no_pictures(moments) or (
        f"the code was found in none of {len(moments.seen)} pictures; point the camera at the screen so that all of the code "
        "is in its picture, sharp and not overexposed"
    )


def _ages(moments: Moments) -> tuple[dict[int, float], dict[int, float]]:
    """{camera frame: age in seconds of the picture in it, since that was shown}, without what can only be misread.

    The first has only those camera frames that see a picture first: that a slow screen shows it for longer is no latency. In
    the second the others have the age that it had when it was first seen.
    """
    shown: dict[int, list[float]] = {}
    for t_s, number, _ in moments.shown:
        shown.setdefault(number % NUMBERS, []).append(t_s)
    first: dict[int, float] = {}
    seen_by: dict[int, int] = {}
    last: tuple[int, int] | None = None
    for t_s, seq, code in moments.seen:
        if code is None:
            continue
        if last is None or last[0] != code:
            last = code, seq
            before = [at for at in shown.get(code, []) if 0 <= t_s - at <= LONGEST_S]
            if before:
                first[seq] = t_s - before[-1]
        seen_by[seq] = last[1]
    if not first:
        return {}, {}
    # A block misread in the middle of a change may give any number: far from all others, it is none.
    middle = float(np.median(list(first.values())))
    spread = float(np.median(np.abs(np.array(list(first.values())) - middle)))
    good = {seq: age_s for seq, age_s in first.items() if abs(age_s - middle) <= max(0.2, 8 * spread)}
    return good, {seq: good[by] for seq, by in seen_by.items() if by in good}


def _first_pictures(shown: Sequence[tuple[float, int, int]], perceived: Iterable[int]) -> dict[int, float]:
    """{camera frame: when the first picture was shown that knew it, or a newer one}, of those that were perceived."""
    found: dict[int, float] = {}
    waiting = deque(sorted(perceived))
    for t_s, _, newest in shown:
        while waiting and waiting[0] <= newest:
            found[waiting.popleft()] = t_s
    return found
