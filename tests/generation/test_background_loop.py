"""A painter's thread: its pace, and what is looked after between two answers that are far apart."""

import threading

from installation.base.clock import RealClock
from installation.base.governor import Governor
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.generation.background_loop import BackgroundLoop

FAR_S = 600.0


class Painter:
    """Answers ten minutes apart; ``unproved``: what ``tend`` says."""

    def __init__(self, unproved: bool) -> None:
        clock = RealClock()
        notices = Notices(clock)
        self.requests: Latest[str] = Latest("requests")
        self.answered, self.tended, self.unproved = threading.Semaphore(0), threading.Semaphore(0), unproved
        self.loop = BackgroundLoop(
            "painter",
            self.requests,
            clock,
            notices,
            Governor(notices),
            "painter",
            lambda: FAR_S,
            self._answer,
            self._tend,
        )

    def _answer(self, _request: str, _number: int, _interval_s: float) -> None:
        self.answered.release()

    def _tend(self) -> bool:
        self.tended.release()
        return self.unproved


def test_what_is_broken_does_not_wait_for_a_slow_pace() -> None:
    painter = Painter(unproved=False)
    painter.requests.put("first")
    painter.loop.start()
    try:
        assert painter.answered.acquire(timeout=60)
        assert painter.tended.acquire(timeout=60)
        painter.requests.put("second")
        assert painter.tended.acquire(timeout=60)
        assert not painter.answered.acquire(timeout=0.1), "the pace holds"
        painter.unproved = True
        assert painter.answered.acquire(timeout=60), "what came back shows at once whether it works"
    finally:
        painter.loop.close()


def test_nothing_is_loaded_for_a_painter_whom_nobody_asks() -> None:
    painter = Painter(unproved=True)
    painter.loop.start()
    try:
        assert not painter.tended.acquire(timeout=1.2)
        assert not painter.answered.acquire(timeout=0.1)
    finally:
        painter.loop.close()
