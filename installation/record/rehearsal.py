"""Rehearsal: a performance in the place of camera and perception, and what the operator does with it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from installation.base.clock import Clock
from installation.base.mailbox import Closed
from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.base.playing import Playing
from installation.base.threads import unending
from installation.config.rehearsal import RehearsalConfig
from installation.record.performance import Performance
from installation.record.performance_files import load, names
from installation.record.playhead import Playhead
from installation.types import Observation, Silhouette

log = logging.getLogger(__name__)

STAGE, COMMAND = "performance", "performance command"
NAMES_PERIOD_S = 5.0
"""The folders of performances are looked at this often."""


class PerformancePlayer(Playing[Observation, Silhouette]):
    """Plays a performance; ``settings`` are asked for each observation, so that they count at once. While it rests it waits."""

    def __init__(
        self,
        performance: Performance,
        settings: Callable[[], RehearsalConfig],
        clock: Clock,
        notices: Notices,
        draw: Callable[[Observation], Silhouette],
        on_start: Callable[[PerformancePlayer], None] = lambda _: None,
    ) -> None:
        super().__init__("performance", draw)
        self.performance = performance
        self._playhead = Playhead(performance)
        self._settings, self._clock, self._on_start = settings, clock, on_start
        self._lock = threading.Lock()
        self._notices = notices

    def start(self) -> None:
        """Begin; returns at once."""
        if self.performance.note:
            self._notices.note(STAGE, self.performance.note)
        self._on_start(self)
        super().start()

    def close(self) -> None:
        """End the thread."""
        super().close()
        self._notices.withdraw(STAGE)

    def do(self, what: Callable[[Playhead], None]) -> None:
        """Something with the playhead, between two observations."""
        with self._lock:
            what(self._playhead)

    def state(self) -> dict[str, Any]:
        """Where it is, JSON-able."""
        with self._lock:
            head = self._playhead
            return {"at_s": round(head.at_s, 3), "paused": head.paused, "ended": head.ended}

    def describe(self) -> str:
        """For the operator."""
        state, length_s = self.state(), self.performance.length_s
        paused = ", paused" if state["paused"] else ", over" if state["ended"] else ""
        return f"performance {self.performance.name}: {state['at_s']:.0f} of {length_s:.0f} s{paused}"

    def _run(self) -> None:
        unending(self._play, self._stop, self._notices, STAGE)()

    def _play(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            settings = self._settings()
            with self._lock:
                observation = self._playhead.tick(self._clock.now(), settings, self._rest.is_set())
                wait_s = self._playhead.wait_s(settings.speed)
            if observation is None:
                continue
            try:
                self._publish(observation)
            except Closed:
                return
            self._notices.resolve(STAGE, "fault")


class Rehearsal:
    """Opens performances, and passes the operator's commands to the one that plays. Main thread, but ``open``."""

    def __init__(
        self,
        settings: Callable[[], RehearsalConfig],
        clock: Clock,
        notices: Notices,
        draw: Callable[[Observation], Silhouette],
    ) -> None:
        self._settings, self._clock, self._notices, self._draw = settings, clock, notices, draw
        self._player: PerformancePlayer | None = None
        self._names: list[str] = []
        self._names_due = Every(NAMES_PERIOD_S)

    def open(self, source: str) -> PerformancePlayer:
        """A player, not started yet, of the performance that ``capture.source`` names. Raises PerformanceError."""
        return PerformancePlayer(load(source), self._settings, self._clock, self._notices, self._draw, self._started)

    def pause(self, on: bool | None) -> None:
        """Hold the moment or go on; None: the other of the two."""
        self._do(lambda head: head.pause(not head.paused if on is None else on))

    def step(self) -> None:
        """One observation on, and hold."""
        self._do(Playhead.step)

    def seek(self, at_s: float) -> None:
        """Jump to a second of the performance."""
        self._do(lambda head: head.seek(at_s))

    def describe(self) -> dict[str, Any]:
        """JSON-able: ``name`` (None: no performance plays; the next four are then 0 and False), ``length_s``, ``at_s``,
        ``paused``, ``ended``, ``speed``, ``loop``, and ``performances``, the names there are for performance:NAME."""
        if self._names_due.due(self._clock.now()):
            self._names = names()
        player, settings = self._playing, self._settings()
        state: dict[str, Any] = {"name": None, "length_s": 0.0, "at_s": 0.0, "paused": False, "ended": False}
        if player is not None:
            length_s = round(player.performance.length_s, 3)
            state |= {"name": player.performance.name, "length_s": length_s, **player.state()}
        return {**state, "speed": settings.speed, "loop": settings.loop, "performances": list(self._names)}

    @property
    def _playing(self) -> PerformancePlayer | None:
        return None if self._player is None or self._player.observations.closed else self._player

    def _started(self, player: PerformancePlayer) -> None:
        self._player = player

    def _do(self, what: Callable[[Playhead], None]) -> None:
        player = self._playing
        if player is None:
            self._notices.note(COMMAND, "no performance plays: capture.source is another one (performance:NAME)")
            return
        self._notices.resolve(COMMAND)
        player.do(what)
