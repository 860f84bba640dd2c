"""A thread of one service: takes new settings, works at its own pace, and outlives whatever fails in it."""

from __future__ import annotations

import logging
import threading
from typing import Generic, TypeVar

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.showcontrol.service_state import ServiceState, why

log = logging.getLogger(__name__)

STOP_S = 0.8
"""The end gets this long."""

C = TypeVar("C")


class ServiceThread(Generic[C]):
    """Runs ``_reconfigure``, ``_step`` and ``_end``, which a subclass has, in one thread from ``start`` to ``close``.

    Any thread may call ``reconfigure`` and ``close``; neither waits for the network or a port. Any Exception in the thread is
    a fault of the stage ``name``, and tried again with growing pauses, at once with other settings. The subclass calls
    ``_state.worked`` where it has done what it is for: nothing else resolves the fault.
    """

    def __init__(self, name: str, config: C, notices: Notices, clock: Clock) -> None:
        self._name, self._notices, self._clock = name, notices, clock
        self._state = ServiceState(name, notices)
        self._wake = threading.Condition()
        self._woken = self._changed = self._stopping = self._failed = False
        self._next: C | None = config
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, where it does not run already. RuntimeError where the system gives no thread."""
        if self._stopping or (self._thread is not None and self._thread.is_alive()):
            return
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        thread.start()
        self._thread = thread

    def reconfigure(self, config: C) -> None:
        """Go on with other settings."""
        with self._wake:
            self._next, self._changed = config, True
        self._step_now()

    def end(self) -> None:
        """Let the thread bring everything to its safe state and end; returns at once."""
        with self._wake:
            self._stopping = True
        self._step_now()

    def close(self) -> None:
        """Bring everything to its safe state and end the thread, within a second."""
        self.end()
        if self._thread is not None and self._thread.is_alive():
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

    def _trouble(self, error: Exception) -> str:
        """What the notice says of an error: place, what, remedy."""
        return why(error)

    def _step_now(self) -> None:
        """Let the thread take its next step without waiting for it to be due."""
        with self._wake:
            self._woken = True
            self._wake.notify_all()

    def _is_wanted(self) -> bool:
        # After a failure only other settings, or the end, cut the pause short.
        return self._changed or self._stopping or (self._woken and not self._failed)

    def _run(self) -> None:
        wait_s: float | None = 0.0
        while True:
            with self._wake:
                self._wake.wait_for(self._is_wanted, wait_s)
                if self._stopping:
                    break
                if self._changed:
                    self._state.hurry()
                self._woken = self._changed = False
                config, self._next = self._next, None
            try:
                if config is not None:
                    self._reconfigure(config)
                    config = None
                wait_s = self._step(self._clock.now())
                self._failed = False
            except Exception as error:
                self._failed = True
                if not isinstance(error, OSError) and not self._state.troubled:
                    log.error("%s: the thread goes on", self._name, exc_info=True)
                wait_s = self._state.failed(f"{self._trouble(error)}; trying again", self._clock.now())
                with self._wake:
                    self._next = self._next if self._next is not None else config
        try:
            self._end()
        except Exception:
            log.exception("%s: the end failed", self._name)
