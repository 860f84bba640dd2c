"""How people and networks take turns: a budget of processor time for each picture, and a pose network for each body."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Mapping

from installation.perception.landmarkers import PoseFinder

RETRY_S = 0.1
"""A body or face that was not found is looked for again after this."""
SPARE_S = 60.0
"""A pose network that nobody needed for so long is closed."""
MAKE_AGAIN_S = 5.0
"""A pose network that could not be made is tried again after this."""
PACE_SHARE = 0.1
"""Of its difference to the last interval the pace follows."""
LATE = 2.0
"""Work that has waited for so many of its periods is done whatever it costs."""


def periods(since_s: float, period_s: float) -> float:
    """How many periods of ``period_s`` seconds ``since_s`` are; infinite when time went back or there is no period."""
    return since_s / period_s if since_s >= 0 and period_s > 0 else math.inf


class Pace:
    """How far apart pictures are in seconds: ``source_s`` as they are taken, ``seen_s`` as they are perceived.

    Both follow within about a second's worth of pictures; a gap of over two seconds (a film that begins again, a camera that
    was away) says nothing.
    """

    def __init__(self) -> None:
        self.source_s = self.seen_s = 1 / 30
        self._last: tuple[float, int] | None = None

    def picture(self, t_s: float, seq: int) -> None:
        """A picture taken at ``t_s``, the source's ``seq``-th, is perceived."""
        if self._last is not None:
            since_s, count = t_s - self._last[0], seq - self._last[1]
            if 0 < since_s <= 2.0 and count > 0:
                self.source_s += PACE_SHARE * (since_s / count - self.source_s)
                self.seen_s += PACE_SHARE * (since_s - self.seen_s)
        self._last = t_s, seq


class Budget:
    """Milliseconds of processor time of one picture, spent and expected. The cost of each kind of work is measured.

    Processor time, not elapsed time: on a machine that other programs use, too, people still take turns.
    """

    def __init__(self, limit_ms: float, stopwatch: Callable[[], float]) -> None:
        """``stopwatch`` gives the processor time so far, in seconds."""
        self.limit_ms = limit_ms
        self._stopwatch = stopwatch
        self._cost_ms: dict[str, float] = {}
        self.total_ms: dict[str, float] = {}
        """By kind of work, since the beginning."""
        self._started_s = 0.0

    def start(self, limit_ms: float | None = None) -> None:
        """A new picture begins, with another limit if one is given. Work that was not done is expected to cost a little less
        with each picture: one expensive run would block it for ever."""
        if limit_ms is not None:
            self.limit_ms = limit_ms
        self._cost_ms = {kind: 0.99 * cost_ms for kind, cost_ms in self._cost_ms.items()}
        self._started_s = self._stopwatch()

    @property
    def spent_ms(self) -> float:
        """Since ``start``."""
        return (self._stopwatch() - self._started_s) * 1000

    def allows(self, *kinds: str) -> bool:
        """Whether the expected cost of all these ``kinds`` together still fits."""
        return self.spent_ms + sum(self._cost_ms.get(kind, 0.0) for kind in kinds) <= self.limit_ms

    def choose(self, waited: Mapping[str, float]) -> set[str]:
        """Which kinds of work this picture gets. ``waited`` says for how many of its periods each kind has waited.

        What is due (1 or more) comes in the order of its lateness: the first whatever it costs, the others where they fit or
        are late. So a slow machine does one thing a picture, each in its turn, and the picture is not kept waiting for all.
        """
        chosen: set[str] = set()
        cost_ms = 0.0
        for kind in sorted((kind for kind in waited if waited[kind] >= 1.0), key=lambda kind: -waited[kind]):
            more_ms = cost_ms + self._cost_ms.get(kind, 0.0)
            if not chosen or more_ms <= self.limit_ms or waited[kind] >= LATE:
                chosen.add(kind)
                cost_ms = more_ms
        return chosen

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
    """Pose networks, one for each body that is followed, made in the background (that takes 0.3 s). None is kept to spare,
    because each takes 70 MB; those that nobody needed for ``SPARE_S`` are closed.

    There are two kinds, with and without masks, and a network cannot change its kind. When the wanted kind changes, each
    body's network is replaced once another one is made; one after the other.
    """

    def __init__(self, make: Callable[[bool], PoseFinder], max_networks: int) -> None:
        """``make`` takes whether the network draws masks; the first one does not. ``max_networks``: at most as many bodies."""
        self._make, self._max = make, max_networks
        self._lock = threading.Lock()
        self._masks = False
        self._free = [make(False)]
        self._target = len(self._free)
        self._needed_s = 0.0
        self._maker: threading.Thread | None = None
        self._error: Exception | None = None
        """Why no network could be made."""
        self._again_s = -math.inf
        self._used: dict[int, PoseFinder] = {}

    def want(self, masks: bool) -> None:
        """From now on networks with (or without) masks are wanted."""
        with self._lock:
            self._masks = masks

    def of(self, number: int) -> PoseFinder | None:
        """The network that follows track ``number``; None while there is none to spare yet."""
        with self._lock:
            used = self._used.get(number)
            if used is None or used.masks != self._masks:
                fresh = self._take(any_kind=used is None)
                if fresh is not None:
                    if used is not None:
                        self._free.append(used)
                    self._used[number] = used = fresh
            return used

    def keep(self, numbers: set[int], t_s: float) -> None:
        """Take back the networks of all tracks but ``numbers`` at ``t_s`` seconds, and make sure that there is one for each.

        Where one could not be made this raises why, once; those that there are go on, and it is tried again after MAKE_AGAIN_S.
        """
        with self._lock:
            error, self._error = self._error, None
            if error is not None:
                self._again_s = t_s + MAKE_AGAIN_S
            for number in self._used.keys() - numbers:
                self._free.append(self._used.pop(number))
            needed = min(max(len(numbers), 1), self._max)
            if needed >= self._target or t_s < self._needed_s:
                self._needed_s = t_s
            if needed > self._target or t_s - self._needed_s > SPARE_S:
                self._target = needed
            idle = self._maker is None or not self._maker.is_alive()
            wanting = t_s >= self._again_s and (self._to_close() is not None or self._may_make())
        if error is not None:
            raise RuntimeError(f"no further pose network can be made ({type(error).__name__}: {error})") from error
        if idle and wanting:
            self._maker = threading.Thread(target=self._supply, name="pose spare", daemon=True)
            self._maker.start()

    def close(self) -> None:
        """Free them all."""
        with self._lock:
            self._target = 0
        if self._maker is not None:
            self._maker.join()
        for finder in (*self._used.values(), *self._free):
            finder.close()
        self._used, self._free = {}, []

    def _take(self, any_kind: bool) -> PoseFinder | None:
        right = [finder for finder in self._free if finder.masks == self._masks]
        options = right or (self._free if any_kind else [])
        if not options:
            return None
        chosen = options[0]  # before anything is removed: ``options`` may be the list itself
        self._free.remove(chosen)
        return chosen

    def _to_close(self) -> PoseFinder | None:
        other_kind = next((finder for finder in self._free if finder.masks != self._masks), None)
        if other_kind is None and self._free and self._right_ones() > self._target:
            return self._free[-1]
        return other_kind

    def _right_ones(self) -> int:
        return sum(finder.masks == self._masks for finder in (*self._used.values(), *self._free))

    def _may_make(self) -> bool:
        return self._right_ones() < self._target and len(self._used) + len(self._free) <= self._target

    def _supply(self) -> None:
        """Close networks of the unwanted kind and make missing ones."""
        try:
            self._supply_all()
        except Exception as error:  # noqa: BLE001 - the next ``keep`` raises it: no thread dies in silence
            with self._lock:
                self._error = error

    def _supply_all(self) -> None:
        while True:
            with self._lock:
                spent, missing, masks = self._to_close(), self._may_make(), self._masks
                if spent is not None:
                    self._free.remove(spent)
            if spent is not None:
                spent.close()
            elif missing:
                made = self._make(masks)
                with self._lock:
                    self._free.append(made)
            else:
                return
