"""Whether a run of the piece is alive, from its beats. Pure: the time is handed in."""

from __future__ import annotations

import logging
from dataclasses import replace

from installation.base.sd_notify import Message
from installation.guard.figures import Figures
from installation.guard.hooks import Why

log = logging.getLogger(__name__)

STOP_S = 5.0
"""A piece that said that it is ending has so long until it is gone."""
GAP_S = 2.0
"""When the guard itself was not there for so long (stopped, the machine was asleep or swapping), it heard no beat, either."""


class VitalSigns:
    """Of one run. ``start_s``: until the first picture; ``hang_s``: between two beats after it."""

    def __init__(self, now_s: float, start_s: float, hang_s: float) -> None:
        self._start_s, self._hang_s = start_s, hang_s
        self._since_s = self._looked_s = now_s
        self.is_ready = False
        self.is_stopping = False
        self.figures: Figures | None = None
        """The newest."""

    def hear(self, message: Message, now_s: float, pss_mb: float = 0.0) -> bool:
        """What the piece told; whether it was a beat with a picture behind it. ``pss_mb`` goes into the figures."""
        if message.is_ready:
            self.is_ready, self._since_s = True, now_s
        if message.lines.get("STOPPING") == "1":
            self.is_stopping, self._since_s = True, now_s
        if not message.is_beat or self.is_stopping:
            return False
        if self.is_ready:
            self._since_s = now_s
        if message.figures is not None:
            try:
                self.figures = replace(Figures.from_json(message.figures), pss_mb=pss_mb)
            except ValueError as error:
                log.debug("guard: figures that are none: %s", error)
        return self.is_ready

    def deafen(self) -> None:
        """Beats of this run can no longer be heard: silence says nothing."""
        self._hang_s = self._start_s = float("inf")
        self.is_ready = True

    def verdict(self, now_s: float) -> tuple[Why, str] | None:
        """Why it must be ended, and that in words; None while all is well. To be asked several times a second."""
        gap_s, self._looked_s = now_s - self._looked_s, now_s
        if gap_s > GAP_S:
            self._since_s = min(now_s, self._since_s + gap_s)
        silent_s = now_s - self._since_s
        if self.is_stopping:
            return ("hang", f"did not end within {STOP_S:g} s") if silent_s > STOP_S else None
        if not self.is_ready:
            return (
                ("start", f"no picture within {self._start_s:g} s of its start") if silent_s > self._start_s else None
            )
        return ("hang", f"no beat for {self._hang_s:g} s") if silent_s > self._hang_s else None
