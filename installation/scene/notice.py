"""When the notice stands in the picture: while nobody is there, and from an arrival on."""

from __future__ import annotations

from installation.config.notice import NoticeConfig

COME_S, GO_S = 0.8, 1.6
"""Seconds in which it comes, and in which it goes."""
ALONE_S = 1.5
"""Nobody must have been there for so long before it is shown as in an empty room."""
MAX_STEP_S = 0.1


class NoticeTimer:
    """Deterministic: the same calls give the same answers. Times in seconds."""

    def __init__(self, config: NoticeConfig) -> None:
        self._config = config
        self.share, self.shown_s = 0.0, 0.0
        """How far it is there [0, 1], not eased, and for how long it has been shown since it last began to come."""
        self._t_s: float | None = None
        self._here_s: float | None = None

    def reconfigure(self, config: NoticeConfig) -> None:
        """Go on with other settings; it fades as always."""
        self._config = config

    def update(self, t_s: float, anybody: bool, arrived_s: float | None) -> None:
        """At ``t_s``: whether ``anybody`` is there, and when the newest visitor arrived (None: nobody has yet)."""
        step_s = 0.0 if self._t_s is None else min(max(t_s - self._t_s, 0.0), MAX_STEP_S)
        self._t_s = t_s
        if anybody:
            self._here_s = t_s
        wanted = self._config.enabled and (self._in_empty_room(t_s) or self._at_arrival(t_s, arrived_s))
        if wanted:
            self.share = min(1.0, self.share + step_s / COME_S)
        else:
            self.share = max(0.0, self.share - step_s / GO_S)
        self.shown_s = self.shown_s + step_s if self.share > 0.0 else 0.0

    def _in_empty_room(self, t_s: float) -> bool:
        return self._config.attract and (self._here_s is None or t_s - self._here_s > ALONE_S)

    def _at_arrival(self, t_s: float, arrived_s: float | None) -> bool:
        if arrived_s is None or not self._config.arrival:
            return False
        return t_s - arrived_s < max(self._config.arrival_s, self._config.dwell_s)
