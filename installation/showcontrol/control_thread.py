"""A thread that drives lamps or instruments: it follows the newest scene at its own pace and takes new settings meanwhile."""

from __future__ import annotations

import logging
import threading
from typing import Generic, TypeVar

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.types import EmotionState, SceneState

log = logging.getLogger(__name__)

STOP_S = 0.8
"""The end gets this long."""
RETRY_S = 1.0
"""After an error in the thread it waits so long before it goes on."""

C = TypeVar("C")


class ControlThread(Generic[C]):
    """Runs ``_reconfigure``, ``_step`` and ``_end``, which a subclass has, in one thread from ``start`` to ``close``.

    ``show`` may be called by one thread, ``reconfigure`` and ``close`` by any; none of them waits for the network or a port.
    What fails in the thread is a fault of the stage ``name`` until it works again; nothing is raised.
    """

    def __init__(self, name: str, config: C, notices: Notices, clock: Clock) -> None:
        self._name, self._notices, self._clock = name, notices, clock
        self._newest: tuple[SceneState, tuple[EmotionState, ...]] | None = None
        self._wake = threading.Condition()
        self._woken = self._stopping = False
        self._next: C | None = config
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def show(self, scene: SceneState, states: tuple[EmotionState, ...] = ()) -> None:
        """Follow this scene and these visitors (frozen values) from now on. Costs one assignment."""
        self._newest = (scene, states)

    def reconfigure(self, config: C) -> None:
        """Go on with other settings."""
        with self._wake:
            self._next = config
        self._step_now()

    def close(self) -> None:
        """Bring everything to its safe state and end the thread, within a second."""
        with self._wake:
            self._stopping = True
        self._step_now()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _reconfigure(self, config: C) -> None:
        """Take over settings, at the start and after each ``reconfigure``."""
        raise NotImplementedError

    def _step(self, now_s: float) -> float | None:
        """Do what is due; gives the seconds until something else is, None where nothing will be."""
        raise NotImplementedError

    def _end(self) -> None:
        """Leave everything in its safe state."""
        raise NotImplementedError

    def _step_now(self) -> None:
        """Let the thread take its next step without waiting for it to be due."""
        with self._wake:
            self._woken = True
            self._wake.notify_all()

    def _run(self) -> None:
        wait_s: float | None = 0.0
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._woken, wait_s)
                if self._stopping:
                    break
                self._woken = False
                config, self._next = self._next, None
            try:
                if config is not None:
                    self._reconfigure(config)
                    config = None
                wait_s = self._step(self._clock.now())
                self._notices.resolve(self._name, "fault")
            except Exception as error:
                log.exception("%s: the thread goes on", self._name)
                self._notices.fault(self._name, f"{type(error).__name__}: {error}; trying again")
                wait_s = RETRY_S
                with self._wake:
                    self._next = self._next if self._next is not None else config
        try:
            self._end()
        except Exception:
            log.exception("%s: the end failed", self._name)
