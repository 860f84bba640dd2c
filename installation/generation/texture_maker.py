"""Makes textures at their pace: the quality level follows from what they take, and spare time goes into candidates."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.generation.affect import affect_of
from installation.generation.model_loader import FIRST_RETRY_S, LONGEST_RETRY_S, Lend
from installation.generation.texture_levels import TextureLevel, texture_ladder
from installation.generation.texture_painter import MemoryShortError, TexturePainter, TextureTask
from installation.types import TextureFrame, TextureRequest, read_only

log = logging.getLogger(__name__)

MAX_TRIES = 2
"""Candidates for the walk's next key that are measured after one picture."""
FORGETS = 0.9
"""Where there was no time for a candidate, one is expected to take this share of what it was with each picture."""
MAX_EVENTS = 64
"""Finished pictures that are remembered until ``take_done``."""


@dataclass(frozen=True)
class TextureDone:
    """A picture is ready. ``way`` names the quality level it was made on, such as "64>256 px"."""

    t_s: float
    number: int
    source: str
    way: str
    size_px: int
    compute_ms: float


class TextureMaker:
    """Not thread-safe but for ``textures``, ``done`` and ``way``. Where memory is short, the next cheaper quality level is
    taken; a request with numbers that are not finite is refused and counted."""

    def __init__(
        self,
        config: GenerationConfig,
        models: Path,
        seed: int,
        clock: Clock,
        notices: Notices,
        lend: Lend | None = None,
    ) -> None:
        self.textures: Latest[TextureFrame] = Latest("textures")
        self.done: deque[TextureDone] = deque(maxlen=MAX_EVENTS)
        self.painter = TexturePainter(config, models, seed, notices, lend)
        self.refused = 0
        self.position = 0.0
        """On the walk, in keys."""
        self._config, self._clock, self._notices = config, clock, notices
        self._levels: tuple[TextureLevel, ...] = ()
        self._ladder = texture_ladder([1.0])
        self._no_memory_from: int | None = None
        self._memory = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._try_s = 0.0
        self._moved_s: float | None = None

    def reconfigure(self, config: GenerationConfig) -> None:
        """Go on with other settings."""
        self._config = config
        self.painter.reconfigure(config)

    @property
    def way(self) -> str:
        """How textures are made now, for the operator: "256 px, quality level 3 of 3"."""
        levels, number = self._levels, self._ladder.level
        if number >= len(levels):
            return "nothing yet"
        return f"{levels[number].name}, quality level {number + 1} of {len(levels)}"

    def make(self, request: TextureRequest, number: int, allowed_s: float, may_try: bool) -> None:
        """Paint one, which may take ``allowed_s`` seconds; with ``may_try`` what is left goes into candidates."""
        try:
            affect = affect_of(request)
        except ValueError as error:
            self.refused += 1
            self._notices.fault("texture request", str(error))
            return
        self._notices.resolve("texture request")
        self._walk_to(self._clock.now())
        task = TextureTask(affect, request.emotion, self.position)
        self.find_levels()
        started_s = self._clock.now()
        tried = self._ladder.level
        if self._no_memory_from is not None and self._memory.due(started_s):
            # Once in a while the level that found no memory, whatever the pace allows: nothing else shows that there is some.
            tried = self._no_memory_from
        level = self._levels[tried]
        try:
            source, rgba = self.painter.paint(task, level, started_s)
        except MemoryShortError as error:
            if tried > self._ladder.level:
                self._memory.fail(started_s)
            else:
                self._step_down(level, str(error))
            return
        now_s = self._clock.now()
        cost_s = now_s - started_s
        self._had_memory(tried)
        self.textures.put(TextureFrame(now_s, number, read_only(rgba), request, source, cost_s * 1000))
        self.done.append(TextureDone(now_s, number, source, level.name, len(rgba), cost_s * 1000))
        log.debug("texture %d: %s, %s, %.0f ms", number, source, level.name, cost_s * 1000)
        if tried == self._ladder.level and self._ladder.feed(cost_s, allowed_s, now_s):
            log.info("textures: %.0f ms a picture; now %s", cost_s * 1000, self.way)
        if may_try:
            self._use_spare_time(task, started_s + allowed_s)

    def find_levels(self) -> None:
        """Load what is wanted. Another model or size has other quality levels; the ladder begins anew on the best and finds its
        place."""
        levels = self.painter.levels(self._clock.now())
        if levels != self._levels:
            self._levels, self._no_memory_from = levels, None
            self._notices.resolve("texture memory")
            self._ladder = texture_ladder([level.work for level in levels])

    def _had_memory(self, tried: int) -> None:
        if self._no_memory_from is not None and tried >= self._no_memory_from:
            self._no_memory_from = None
            self._memory.reset()
            self._notices.resolve("texture memory")

    def _step_down(self, level: TextureLevel, why: str) -> None:
        """There is no memory for ``level``."""
        now_s, failed = self._clock.now(), self._ladder.level
        if self._ladder.fail(now_s):
            self._no_memory_from = failed
            self._memory.fail(now_s)
            self._notices.fallback("texture memory", f"no memory for {level.name} ({why}); now {self.way}")
        else:
            # Nothing smaller is left: the session goes, and with it what it holds.
            self.painter.give_up(f"no memory even for {level.name} ({why})", now_s)

    def _use_spare_time(self, task: TextureTask, until_s: float) -> None:
        """Measure candidates for the walk's next key while that does not cost a picture."""
        for count in range(MAX_TRIES):
            began_s = self._clock.now()
            if began_s + 2 * self._try_s > until_s:
                if count == 0:
                    # One that took long once must not keep all others away for ever.
                    self._try_s *= FORGETS
                return
            if not self.painter.try_one(task, began_s):
                return
            self._try_s = 0.7 * self._try_s + 0.3 * (self._clock.now() - began_s)

    def _walk_to(self, now_s: float) -> None:
        if self._moved_s is not None:
            self.position += self._config.latent_per_second * min(now_s - self._moved_s, 1.0)
        self._moved_s = now_s
