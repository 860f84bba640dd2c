"""The beat of the frame loop: once a second whoever watches over the piece is told that it draws, and what it does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from installation.base.injected_faults import InjectedFaults
from installation.base.notices import Notice, Notices
from installation.base.pacing import Every
from installation.base.sd_notify import Notifier
from installation.record.report import RunReport
from installation.types import EmotionState

PERIOD_S = 1.0
MOST_TEXTS, LONGEST = 20, 300
"""Notices told, and letters of each: a beat must fit into one datagram."""


class Heartbeat:
    """Called by the frame loop itself after each picture, so that a loop that hangs is seen: it sends no beat.

    The figures are those of installation/guard/figures.py, of which the guard adds the memory. ``safe``: whether safe settings
    were asked for. ``quality`` gives the quality level, ``source`` what is seen with.
    """

    def __init__(
        self,
        notifier: Notifier,
        notices: Notices,
        report: RunReport,
        safe: bool = False,
        quality: Callable[[], int] = lambda: 0,
        source: Callable[[], str] = lambda: "",
        faults: InjectedFaults | None = None,
    ) -> None:
        self._notifier, self._notices, self._report = notifier, notices, report
        self._safe, self._quality, self._source = safe, quality, source
        self._faults = faults or InjectedFaults()
        self._due = Every(PERIOD_S)
        self._frames, self._arrivals, self._seen_s = 0, 0, 0.0
        self._present: set[int] = set()
        self._drawn_s: float | None = None
        self._told: tuple[float, int, int] | None = None
        """Time, pictures and observations at the last beat."""
        self._last: dict[str, object] | None = None

    @classmethod
    def from_environment(
        cls, notices: Notices, report: RunReport, safe: bool, quality: Callable[[], int], source: Callable[[], str]
    ) -> Heartbeat:
        """To whoever started this process, where that wants to hear it (sd_notify)."""
        return cls(
            Notifier.from_environment(os.environ),
            notices,
            report,
            safe,
            quality,
            source,
            InjectedFaults.from_environment(),
        )

    def ready(self) -> None:
        """The first picture is on the screen: its beat counts."""
        self._notifier.ready()
        self._notifier.beat(self._last)

    def drawn(self, now_s: float, scene: str, states: Iterable[EmotionState]) -> None:
        """A picture of ``scene`` reached the screen at ``now_s``; ``states`` of the visitors."""
        self._frames += 1
        present = {state.person_id for state in states if state.presence > 0}
        self._arrivals += len(present - self._present)
        self._present = present
        if self._drawn_s is not None and present:
            self._seen_s += max(0.0, now_s - self._drawn_s)
        self._drawn_s = now_s
        if self._due.due(now_s):
            self._faults.poll()
            self._last = self._figures(now_s, scene)
            self._notifier.beat(self._last)

    def close(self) -> None:
        """The end has begun: no beat comes any more."""
        self._notifier.stopping()
        self._notifier.close()

    def _figures(self, now_s: float, scene: str) -> dict[str, object]:
        report = self._report
        since_s, frames, observations = self._told or (now_s, self._frames, report.observations)
        self._told = now_s, self._frames, report.observations
        period_s = max(now_s - since_s, 1e-3)
        active = self._notices.active()
        return {
            "frames": self._frames,
            "fps": round((self._frames - frames) / period_s, 2),
            "perception_hz": round((report.observations - observations) / period_s, 2),
            "visitors": len(self._present),
            "arrivals": self._arrivals,
            "seen_s": round(self._seen_s, 1),
            "faults": _texts(one for one in active if one.kind == "fault"),
            "notices": _texts(one for one in active if one.kind != "fault"),
            "scene": scene,
            "quality": self._quality(),
            "pictures": report.textures + report.pictures + report.paintings,
            "source": self._source(),
            "safe": self._safe,
            "t_s": round(now_s, 3),
        }


def _texts(notices: Iterable[Notice]) -> list[str]:
    return [f"{one.stage}: {one.message}"[:LONGEST] for one in notices][:MOST_TEXTS]
