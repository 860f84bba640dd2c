"""Makes composed pictures at their pace, in the thread that also makes textures: newest request in, newest picture out."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.picture import PictureConfig
from installation.generation.background_loop import Turn
from installation.generation.enlarging import Enlarging
from installation.generation.model_loader import Lend
from installation.generation.picture_painter import PicturePainter
from installation.generation.ranking import Ranking
from installation.generation.texture_levels import texture_ladder
from installation.types import ByteArray, PictureFrame, PictureRequest, read_only

log = logging.getLogger(__name__)

MAX_EVENTS = 64
MAX_SHARE = 0.5
"""Of the worker's time is what pictures are assumed to take at most."""
COST_SHARE = 0.3
"""Of its difference to the last cost the known cost of a picture follows."""
UNASKED_S = 3.0
"""After so long without a request what keeps pictures from being painted is nobody's trouble."""
ENLARGED_SHARE = 0.6
"""Of the time between two frames may go into one that is enlarged; where it would take longer, frames stay small."""
PLAIN, ENLARGED = 0, 1
WORKS = (1.0, 4.0)
"""A guess until it was measured: what an enlarged frame costs, in small ones."""
TRY_S = 1.0
"""At least so often a candidate is measured, until there are enough."""


@dataclass(frozen=True)
class PictureDone:
    """A frame of picture ``number`` is ready, by the model ``source``."""

    t_s: float
    number: int
    source: str
    size_px: int
    compute_ms: float


class PictureMaker:
    """``request`` may be called, and ``pictures`` and ``done`` be read, from any thread; the rest belongs to the worker's.
    A request with numbers that are not finite, or no layout, is refused and counted."""

    def __init__(
        self,
        config: PictureConfig,
        models: Path,
        seed: int,
        enlarging: Enlarging,
        clock: Clock,
        notices: Notices,
        ranking: Ranking | None = None,
        lend: Lend | None = None,
    ) -> None:
        self.pictures: Latest[PictureFrame] = Latest("composed pictures")
        self.done: deque[PictureDone] = deque(maxlen=MAX_EVENTS)
        self.painter = PicturePainter(config, models, seed, notices, ranking, lend)
        self.refused = 0
        self._requests: Latest[PictureRequest] = Latest("picture requests")
        self._config, self._clock, self._notices = config, clock, notices
        self._taken = self._number = 0
        self._turn, self._asked_s = Turn(), float("-inf")
        self._cost_s, self._tried_s = 0.0, float("-inf")
        self._enlarging, self._ladder = enlarging, texture_ladder(WORKS, start=PLAIN)

    def request(self, request: PictureRequest) -> None:
        """Ask for a picture; replaces a request that was not begun."""
        self._requests.put(request)

    def reconfigure(self, config: PictureConfig) -> None:
        """Go on with other settings."""
        self._config = config
        self.painter.reconfigure(config)

    def make(self) -> None:
        """Answer the newest request, if there is one and its time has come."""
        began_s = self._clock.now()
        seq, request = self._requests.peek()
        if not self._config.enabled:
            self.painter.loaded(began_s)
            self._cost_s = 0.0
            return
        if seq != self._taken:
            self._asked_s = began_s
        elif began_s - self._asked_s > UNASKED_S:
            self.painter.rest()
        if request is None or seq == self._taken or not self._turn.has_come(began_s, 1 / self._config.per_second):
            return
        self._taken = seq
        try:
            painted = self.painter.paint(request, began_s)
        except ValueError as error:
            self.refused += 1
            self._notices.fault("picture request", str(error))
            return
        self._notices.resolve("picture request")
        if painted is None:
            self._cost_s = 0.0
            return
        rgba = read_only(self._enlarged(painted.rgba, began_s))
        now_s = self._clock.now()
        cost_s, self._number = now_s - began_s, self._number + 1
        self._cost_s += COST_SHARE * (cost_s - self._cost_s) if self._cost_s > 0 else cost_s
        source, ms = painted.source, cost_s * 1000
        self._ladder.feed(cost_s, ENLARGED_SHARE / self._config.per_second, now_s)
        if not self.pictures.closed:
            self.pictures.put(PictureFrame(now_s, self._number, painted.number, rgba, request, source, ms))
        self.done.append(PictureDone(now_s, painted.number, source, len(rgba), ms))
        log.debug("picture %d of %d: %s, %.0f ms", self._number, painted.number, source, ms)

    def _enlarged(self, rgba: ByteArray, began_s: float) -> ByteArray:
        """A frame at ``size_px`` where there is time and memory for it, else as it is."""
        config = self._config
        if self._ladder.level == PLAIN or config.size_px <= len(rgba):
            return rgba
        try:
            return self._enlarging.picture(rgba, config.size_px, config.provider, began_s)
        except MemoryError as error:
            self._ladder.fail(began_s)
            log.info("pictures stay small for a while: no memory to enlarge them (%s)", error)
            return rgba

    def use_spare_time(self, until_s: float) -> None:
        """Measure a candidate for the next picture where that takes no longer than until ``until_s``, or none was for a while:
        an occasion does not wait until the machine has time."""
        began_s = self._clock.now()
        if (began_s + self._cost_s <= until_s or began_s >= self._tried_s + TRY_S) and self.painter.try_one():
            self._tried_s = began_s

    @property
    def per_second(self) -> float:
        """How many frames are wanted; 0 while nobody asks."""
        return self._config.per_second if self._config.enabled and self._requests.peek()[0] else 0.0

    @property
    def share(self) -> float:
        """Share of the worker's time that pictures take now, [0, MAX_SHARE]."""
        return min(self._cost_s * self._config.per_second, MAX_SHARE)

    def close(self) -> None:
        """No picture comes any more."""
        self._requests.close()
        self.pictures.close()
