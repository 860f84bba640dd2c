"""Where every stage says that something is wrong or replaced: the log, the screen, OSC and the report all know."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import Literal, get_args

from installation.base.clock import Clock
from installation.base.names import printable
from installation.base.secrets import hide

log = logging.getLogger(__name__)

Kind = Literal["fault", "fallback", "note"]
"""A fault: something that was asked for does not work. A fallback: something else runs in its place. A note: worth knowing,
and as somebody chose it or as this machine is (no GPU, textures switched off, a setting that needs a restart)."""
KINDS: tuple[Kind, ...] = get_args(Kind)
_LEVELS: dict[Kind, int] = {"fault": logging.ERROR, "fallback": logging.WARNING, "note": logging.INFO}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know. ``t_s``: when it was raised."""

    t_s: float
    kind: Kind
    stage: str
    message: str


class Notices:
    """Thread-safe list of what is active now and of all that was raised in this run.

    Each stage has at most one active notice of each kind, so two subjects must not share a stage's name: the newer would
    hide the older. Raising the same message again does nothing, so a stage may raise it every frame. The history keeps the
    newest 1,000 notices. Passwords in messages become ***: notices go to the screen, over OSC and into reports.
    """

    _HISTORY = 1000

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._active: dict[tuple[Kind, str], Notice] = {}
        self._history: list[Notice] = []

    def fault(self, stage: str, message: str) -> None:
        """``stage`` does not do what was asked. Active until resolve(stage)."""
        self._raise("fault", stage, message)

    def fallback(self, stage: str, message: str) -> None:
        """``stage`` runs on a substitute that nobody chose. Active until resolve(stage)."""
        self._raise("fallback", stage, message)

    def note(self, stage: str, message: str) -> None:
        """Worth knowing about ``stage``; nothing is wrong. Active until resolve(stage)."""
        self._raise("note", stage, message)

    def resolve(self, stage: str, kind: Kind | None = None) -> None:
        """``stage`` works again: its notices (or those of one ``kind``) hold no longer; logged where there were any.

        Only for the stage itself, where it has truly done what it could not.
        """
        kinds = self._take_back(stage, kind)
        if kinds:
            log.info("%s: %s", stage, "resolved" if kinds != {"note"} else "no longer so")

    def withdraw(self, stage: str, kind: Kind | None = None) -> None:
        """The notices of ``stage`` hold no longer, though nothing recovered: it is no longer asked for, or another notice
        says what is wrong by now."""
        if self._take_back(stage, kind):
            log.info("%s: no longer so", stage)

    def active(self, kind: Kind | None = None) -> tuple[Notice, ...]:
        """What is active now (of one ``kind``, or all), oldest first."""
        with self._lock:
            return tuple(notice for notice in self._active.values() if kind in (None, notice.kind))

    def history(self, kind: Kind) -> tuple[Notice, ...]:
        """All notices of one kind in this run, oldest first."""
        with self._lock:
            return tuple(notice for notice in self._history if notice.kind == kind)

    def newest(self, most: int) -> tuple[Notice, ...]:
        """The ``most`` that were raised last, of all kinds, oldest first."""
        with self._lock:
            return tuple(self._history[-most:])

    def _take_back(self, stage: str, kind: Kind | None) -> set[Kind]:
        with self._lock:
            keys = [key for key in self._active if key[1] == stage and kind in (None, key[0])]
            for key in keys:
                del self._active[key]
        return {key[0] for key in keys}

    def _raise(self, kind: Kind, stage: str, message: str) -> None:
        # Here once: it goes to the log, the screen, over OSC and into the report.
        message = printable(hide(message), lines=True)
        with self._lock:
            known = self._active.get((kind, stage))
            if known is not None and known.message == message:
                return
            notice = Notice(self._clock.now(), kind, stage, message)
            self._active[(kind, stage)] = notice
            self._history.append(notice)
            del self._history[: -self._HISTORY]
        log.log(_LEVELS[kind], "%s: %s", stage, message)
