"""A background thread that answers the newest request at a steady pace and survives every failure."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.governor import Governor
from installation.base.mailbox import Closed, Latest
from installation.base.notices import Notices
from installation.base.pacing import Pacer, step_back

log = logging.getLogger(__name__)
T = TypeVar("T")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 5.0
"""After a failure that nobody foresaw; longer each time, so that one which repeats does not fill the log."""
WAIT_S = 0.5
TEND_S = 0.5
"""Where answers are further apart, trouble is looked after this often meanwhile."""
CLOSE_S = 1.0


EARLY = 0.25
"""Of the time between two: so much too early is no reason to wait for the loop's next turn."""


class Turn:
    """Whose turn it is in a loop that several paces share."""

    def __init__(self) -> None:
        self._due_s = float("-inf")

    def has_come(self, now_s: float, period_s: float) -> bool:
        """Whether ``period_s`` has about passed since this last said yes; the first call says yes."""
        if now_s < self._due_s - EARLY * period_s:
            return False
        # A small delay is made up for, a long one is not.
        self._due_s = max(self._due_s + period_s, now_s + (1 - EARLY) * period_s)
        return True


class BackgroundLoop(Generic[T]):
    """One thread called ``name``. Until it is closed it calls ``answer(request, number, interval_s)`` with the newest of
    ``requests``; numbers count from 1.

    ``prepare`` is called before each answer, and when no request came for half a second; it gives the seconds between two
    answers, which become more while the ``governor`` holds painters back. ``tend`` is called in long pauses: what is broken
    must not wait for a slow pace to be mended; it says whether the next answer is to come at once. What they raise is a fault
    of ``stage`` with its trace in the log, and the next request is answered.
    """

    def __init__(
        self,
        name: str,
        requests: Latest[T],
        clock: Clock,
        notices: Notices,
        governor: Governor,
        stage: str,
        prepare: Callable[[], float],
        answer: Callable[[T, int, float], None],
        tend: Callable[[], bool],
    ) -> None:
        self._requests, self._clock, self._notices = requests, clock, notices
        self._prepare, self._answer, self._tend = prepare, answer, tend
        self._name, self._governor, self._stage = name, governor, stage
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """Close ``requests`` and end the thread after the answer in work; waits a second at most."""
        self._stop.set()
        self._requests.close()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        step_back()
        backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        pacer: Pacer | None = None
        seq = number = 0
        is_asked = False
        while not self._stop.wait(min(pause_s := self._pause_s(pacer), TEND_S)):
            try:
                if pause_s > TEND_S:
                    self._prepare()
                    if not (is_asked and self._tend()):
                        continue
                got = self._requests.wait_newer(seq, WAIT_S)
                # After the wait: settings that came meanwhile apply to this very request.
                interval_s = self._prepare()
                pacer = pacer or Pacer(interval_s, self._clock.now())
                pacer.interval_s = self._governor.interval_s(self._name, interval_s)
                is_asked = got is not None
                if got is not None:
                    seq, number = got[0], number + 1
                    # Processor time: the painter that waits for others costs nobody anything.
                    began_s = time.thread_time()
                    self._answer(got[1], number, interval_s)
                    self._governor.spent(self._name, time.thread_time() - began_s)
                    backoff.succeed()
                    self._notices.resolve(self._stage)
            except Closed:
                return
            except Exception as error:
                log.exception("the %s failed", self._stage)
                self._notices.fault(self._stage, f"{type(error).__name__}: {error}; going on")
                self._stop.wait(backoff.fail())
            if pacer is not None:
                pacer.advance(self._clock.now())

    def _pause_s(self, pacer: Pacer | None) -> float:
        return 0.0 if pacer is None else max(0.0, pacer.deadline_s - self._clock.now())
