"""A camera's machine on this one: a real socket that tells what its tracker makes of whoever walks there."""

import threading
from collections.abc import Sequence
from pathlib import Path

from installation.base.clock import Clock, RealClock
from installation.base.host_port import Place
from installation.base.notices import Notices
from installation.network.keys import read_keys
from installation.network.sockets import Network
from installation.perception.several.teller import Teller
from installation.types import Observation
from tests.perception.several.virtual import Camera, Tracker, Walker
from tests.ports import free_port

CLOCK = RealClock()
LOCAL = "127.0.0.1"


class Ahead(Clock):
    """The clock of another machine."""

    def __init__(self, by_s: float) -> None:
        self._by_s = by_s

    def now(self) -> float:
        return CLOCK.now() + self._by_s


class Machine:
    """``walkers`` may be changed while it runs. Without ``key`` it speaks plain text."""

    def __init__(
        self, camera: Camera, port: int, walkers: Sequence[Walker], key: Path | None = None, ahead_s: float = 0.0
    ) -> None:
        self.clock, self.port, self._walkers = Ahead(ahead_s), port, walkers
        network = Network(None if key is None else read_keys(key))
        self.teller = Teller(network, Place(LOCAL, port), self.clock, Notices(self.clock))
        self._tracker, self._stop = Tracker(camera, port, misses=0.0), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        seq = 0
        while not self._stop.wait(0.03):
            seq += 1
            seen, _ = self._tracker.observe(tuple(self._walkers), CLOCK.now(), seq)
            self.teller.tell(Observation(self.clock.now(), seq, seen.people, seen.frame_size))

    def end(self) -> None:
        self._stop.set()
        self._thread.join(5.0)
        self.teller.close()


def free_port_and_next() -> int:
    """Two in a row that nobody else is given."""
    while True:
        first, second = free_port(), free_port()
        if second == first + 1:
            return first
