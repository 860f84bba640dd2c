"""Where every stage says that something is wrong or replaced: the log, the screen, OSC and the report all know."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from installation.base.clock import Clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """``kind`` is "fault" (something broke) or "fallback" (something else runs instead), ``t_s`` when it was raised."""

    t_s: float
    kind: str
    stage: str
    message: str


class Notices:
    """Thread-safe list of what is wrong now and of all that went wrong in this run.

    Each stage has at most one active notice of each kind; raising the same message again does nothing, so a stage may
    raise it every frame. The history keeps the newest 1,000 notices.
    """

    _HISTORY = 1000

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._active: dict[tuple[str, str], Notice] = {}
        self._history: list[Notice] = []

    def fault(self, stage: str, message: str) -> None:
        """Say that ``stage`` broke. It stays active until clear(stage)."""
        self._raise("fault", stage, message, logging.ERROR)

    def fallback(self, stage: str, message: str) -> None:
        """Say that ``stage`` runs on a substitute. It stays active until clear(stage)."""
        self._raise("fallback", stage, message, logging.WARNING)

    def clear(self, stage: str, kind: str | None = None) -> None:
        """``stage`` is well again (or only its notices of one ``kind``); logged when there was something to clear."""
        with self._lock:
            keys = [key for key in self._active if key[1] == stage and kind in (None, key[0])]
            for key in keys:
                del self._active[key]
        if keys:
            log.info("%s: well again", stage)

    def active(self) -> tuple[Notice, ...]:
        """What is wrong now, oldest first."""
        with self._lock:
            return tuple(self._active.values())

    def history(self, kind: str) -> tuple[Notice, ...]:
        """All notices of one kind in this run, oldest first."""
        with self._lock:
            return tuple(notice for notice in self._history if notice.kind == kind)

    def _raise(self, kind: str, stage: str, message: str, level: int) -> None:
        with self._lock:
            known = self._active.get((kind, stage))
            if known is not None and known.message == message:
                return
            notice = Notice(self._clock.now(), kind, stage, message)
            self._active[(kind, stage)] = notice
            self._history.append(notice)
            del self._history[: -self._HISTORY]
        log.log(level, "%s: %s", stage, message)
