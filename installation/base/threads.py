"""Threads that do not die in silence: what ends one unforeseen is a fault, and one that is needed begins again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from installation.base.backoff import Backoff
from installation.base.notices import Notices

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
"""Before the work of a thread begins again."""


def unending(work: Callable[[], None], stop: threading.Event, notices: Notices, stage: str) -> Callable[[], None]:
    """``work`` for a thread that the show needs: whatever it raises is a fault of ``stage`` with its trace in the log, and it
    is called again after a pause, until it returns or ``stop`` is set. The fault is resolved by ``work``, once it works."""

    def run() -> None:
        backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        while True:
            try:
                work()
                return
            except Exception as error:
                pause_s = backoff.fail()
                log.exception("%s failed", stage)
                notices.fault(stage, f"{type(error).__name__}: {error}; going on in {pause_s:g} s")
            if stop.wait(pause_s):
                return

    return run


def try_to_start(thread: threading.Thread, notices: Notices, stage: str) -> bool:
    """Start ``thread``; False where the system has no thread left for it, which is a fault of ``stage``."""
    try:
        thread.start()
    except RuntimeError as error:
        notices.fault(
            stage, f"{error}: too many processes or threads on this machine, or a limit set too low (ulimit -u)"
        )
        return False
    return True


def report_ended_threads(notices: Notices) -> None:
    """The last net: from now on a thread that ends by an exception which nobody caught is a fault, too."""

    def report(ended: threading.ExceptHookArgs) -> None:
        name = ended.thread.name if ended.thread is not None else "unknown"
        found = None if ended.exc_value is None else (ended.exc_type, ended.exc_value, ended.exc_traceback)
        log.error("the thread %s ended", name, exc_info=found)
        notices.fault(f"thread {name}", f"ended: {ended.exc_type.__name__}: {ended.exc_value}")

    threading.excepthook = report
