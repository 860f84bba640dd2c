"""How several people take turns: a budget of processor time a picture, and a pose network for each body."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

from installation.perception.landmarkers import PoseFinder


class Budget:
    """Milliseconds of processor time of one picture, spent and foreseen. What a kind of work costs is learnt by measuring.

    Processor time and not time that passes: on a machine that others use, too, the people are still looked at in turn.
    """

    def __init__(self, limit_ms: float, stopwatch: Callable[[], float]) -> None:
        """``stopwatch`` gives the processor time so far, in seconds."""
        self.limit_ms = limit_ms
        self._stopwatch = stopwatch
        self._cost_ms: dict[str, float] = {}
        self.total_ms: dict[str, float] = {}
        """By kind of work, since the beginning."""
        self._started_s = 0.0

    def start(self) -> None:
        """A new picture begins."""
        self._started_s = self._stopwatch()

    @property
    def spent_ms(self) -> float:
        """Since ``start``."""
        return (self._stopwatch() - self._started_s) * 1000

    def allows(self, *kinds: str) -> bool:
        """Whether work of all these ``kinds`` together still fits."""
        return self.spent_ms + sum(self._cost_ms.get(kind, 0.0) for kind in kinds) <= self.limit_ms

    @contextlib.contextmanager
    def spend(self, kind: str) -> Iterator[None]:
        """Measure work of this ``kind``."""
        before_s = self._stopwatch()
        yield
        cost_ms = (self._stopwatch() - before_s) * 1000
        known_ms = self._cost_ms.get(kind, cost_ms)
        self._cost_ms[kind] = known_ms + 0.1 * (cost_ms - known_ms)
        self.total_ms[kind] = self.total_ms.get(kind, 0.0) + cost_ms


class PosePool:
    """Pose networks, one for each body that is followed; a spare one is made in the background (that takes 0.3 s)."""

    def __init__(self, make: Callable[[], PoseFinder], most: int) -> None:
        self._make, self._most = make, most
        self._free: SimpleQueue[PoseFinder] = SimpleQueue()
        self._made = min(2, most)
        for _ in range(self._made):
            self._free.put(make())
        self._maker: threading.Thread | None = None
        self._used: dict[int, PoseFinder] = {}

    def of(self, number: int) -> PoseFinder | None:
        """The network that follows track ``number``; None while there is none to spare yet."""
        if number not in self._used:
            with contextlib.suppress(Empty):
                self._used[number] = self._free.get_nowait()
        return self._used.get(number)

    def keep(self, numbers: set[int]) -> None:
        """Take the networks of all tracks but ``numbers`` back, and see to it that there is one more than they need."""
        for number in self._used.keys() - numbers:
            self._free.put(self._used.pop(number))
        self._make_spares(min(len(numbers) + 1, self._most) - self._made)

    def close(self) -> None:
        """Free them all."""
        if self._maker is not None:
            self._maker.join()
        for finder in self._used.values():
            finder.close()
        with contextlib.suppress(Empty):
            while True:
                self._free.get_nowait().close()

    def _make_spares(self, count: int) -> None:
        busy = self._maker is not None and self._maker.is_alive()
        if busy or count <= 0:
            return
        self._made += count

        def make() -> None:
            for _ in range(count):
                self._free.put(self._make())

        self._maker = threading.Thread(target=make, name="pose spare", daemon=True)
        self._maker.start()
