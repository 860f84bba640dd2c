"""The loop of a background thread that answers the newest request at a steady pace, and outlives whatever happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from installation.base.clock import Clock
from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.base.pacing import Pacer, step_back

log = logging.getLogger(__name__)
T = TypeVar("T")

FAULT_PAUSE_S = 1.0
"""After a failure nobody foresaw, so that one which repeats does not fill the log."""
WAIT_S = 0.5


def answer_newest(
    requests: Latest[T],
    stop: threading.Event,
    clock: Clock,
    notices: Notices,
    stage: str,
    begin: Callable[[], float],
    answer: Callable[[T, int, float], None],
) -> None:
    """Until ``stop`` or ``requests`` is closed: ``answer(request, number, interval_s)`` with the newest request, counted from
    1. ``begin`` is called before each, and when none came for half a second; it gives the seconds between two answers.

    What they raise is told as a fault of ``stage`` with its trace in the log, and the next request is answered.
    """
    step_back()
    pacer: Pacer | None = None
    seq = number = 0
    while not stop.wait(0.0 if pacer is None else max(0.0, pacer.deadline_s - clock.now())):
        try:
            got = requests.wait_newer(seq, WAIT_S)
            # After the wait: settings that came meanwhile count for this very request.
            interval_s = begin()
            pacer = pacer or Pacer(interval_s, clock.now())
            pacer.interval_s = interval_s
            if got is not None:
                seq, number = got[0], number + 1
                answer(got[1], number, interval_s)
                notices.resolve(stage)
        except Closed:
            return
        except Exception as error:
            log.exception("the %s failed", stage)
            notices.fault(stage, f"{type(error).__name__}: {error}; going on")
            stop.wait(FAULT_PAUSE_S)
        if pacer is not None:
            pacer.advance(clock.now())
