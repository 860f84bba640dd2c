"""The background thread that paints textures and faces: the newest request in, the newest picture out."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.base.governor import Governor
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.generation.affect import affect_of
from installation.generation.background_loop import BackgroundLoop
from installation.generation.face_painter import FacePainter
from installation.generation.model_loader import FIRST_RETRY_S, LONGEST_RETRY_S
from installation.generation.texture_levels import TextureLevel, texture_ladder
from installation.generation.texture_painter import MemoryShortError, TexturePainter, TextureTask
from installation.types import AvatarFrame, ByteArray, FloatArray, TextureFrame, TextureRequest, read_only

log = logging.getLogger(__name__)

SHARE = 0.9
"""Of the interval between two pictures may go into painting one."""
MAX_TRIES = 2
"""Candidates for the walk's next key that are measured after one picture."""
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


class TextureWorker:
    """One thread. Reads ``requests``, publishes ``textures``, and ``avatars`` of the faces it is shown.

    The quality level (generated small and enlarged, or at full size) follows from what pictures take, so that
    ``config.per_second`` is kept. Where the model is missing, broken or raises, the procedural texture takes over; where
    memory is short, the next cheaper level. The notices say so, and what failed is tried again with growing patience. A
    request with numbers that are not finite is refused and counted.
    """

    def __init__(
        self, config: GenerationConfig, models: Path, seed: int, clock: Clock, notices: Notices, governor: Governor
    ) -> None:
        self.requests: Latest[TextureRequest] = Latest("texture requests")
        self.textures: Latest[TextureFrame] = Latest("textures")
        self.refused = 0
        self._config, self._clock, self._notices, self._governor = config, clock, notices, governor
        self._painter = TexturePainter(config, models, seed, notices)
        self._faces = FacePainter(clock)
        self._orders: deque[tuple[str, object]] = deque()
        self._done: deque[TextureDone] = deque(maxlen=MAX_EVENTS)
        self._levels: tuple[TextureLevel, ...] = ()
        self._ladder = texture_ladder([1.0])
        self._no_memory_from: int | None = None
        self._memory = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._try_s = 0.0
        self._position = 0.0
        self._moved_s: float | None = None
        self._loop = BackgroundLoop(
            "textures",
            self.requests,
            clock,
            notices,
            governor,
            "texture worker",
            self._prepare,
            self._answer,
            self._tend,
        )

    def start(self) -> None:
        """Begin; returns at once, the model is loaded in the thread."""
        self._loop.start()

    def request(self, request: TextureRequest) -> None:
        """Ask for a picture; replaces a request that was not begun."""
        self.requests.put(request)

    def reconfigure(self, config: GenerationConfig) -> None:
        """Go on with other settings; another model or size is loaded before the next picture."""
        self._orders.append(("settings", config))

    def use_model(self, name: str) -> None:
        """Go on with another generator of models/ ("texture2" or "texture2.onnx"); a name that is not there is a fault."""
        self._orders.append(("model", name))

    def next_model(self) -> None:
        """Go on with the next generator of models/, in the order of their names, after the last one the first."""
        self._orders.append(("next", None))

    def show_face(self, person_id: int, rgb: ByteArray, emotion: FloatArray) -> None:
        """Paint this face in the style of ``emotion`` (7,); replaces one that was not begun. ``rgb`` (H, W, 3) uint8 sRGB is a
        square crop with the face in its middle. It is dropped once painted; the painting comes in ``avatars``."""
        self._faces.show(person_id, rgb, emotion)

    def forget_face(self) -> None:
        """Nobody's face is wanted any more: a crop that waits is dropped, and a frame without a person follows."""
        self._faces.forget()

    def take_done(self) -> list[TextureDone]:
        """What was finished since the last call, oldest first; at most the newest 64."""
        done = []
        while self._done:
            done.append(self._done.popleft())
        return done

    @property
    def avatars(self) -> Latest[AvatarFrame]:
        """Painted faces."""
        return self._faces.avatars

    @property
    def way(self) -> str:
        """How pictures are made now, for the operator: "256 px, quality level 3 of 3"."""
        levels, number = self._levels, self._ladder.level
        if number >= len(levels):
            return "nothing yet"
        return f"{levels[number].name}, quality level {number + 1} of {len(levels)}"

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while the procedural texture stands in."""
        return self._painter.running

    def close(self) -> None:
        """End the thread after the picture in work; at most a second."""
        self._loop.close()
        self._faces.close()
        self.textures.close()

    def _prepare(self) -> float:
        """Follow what was asked for since the last picture; gives the seconds between two pictures."""
        while self._orders:
            what, value = self._orders.popleft()
            if isinstance(value, GenerationConfig):
                self._config = value
                self._painter.reconfigure(value)
            elif what == "model":
                self._painter.use_model(str(value))
            else:
                self._painter.next_model()
        return 1 / self._config.per_second

    def _answer(self, request: TextureRequest, number: int, interval_s: float) -> None:
        self._paint_texture(request, number, interval_s)
        self._faces.paint(self._painter.styles, self._position, self._config.avatars_per_second)

    def _paint_texture(self, request: TextureRequest, number: int, interval_s: float) -> None:
        try:
            affect = affect_of(request)
        except ValueError as error:
            self.refused += 1
            self._notices.fault("texture request", str(error))
            return
        self._notices.resolve("texture request")
        self._walk_to(self._clock.now())
        task = TextureTask(affect, request.emotion, self._position)
        self._find_levels()
        started_s = self._clock.now()
        tried = self._ladder.level
        if self._no_memory_from is not None and self._memory.due(started_s):
            # Once in a while the level that found no memory, whatever the pace allows: nothing else shows that there is some.
            tried = self._no_memory_from
        level = self._levels[tried]
        try:
            source, rgba = self._painter.paint(task, level, started_s)
        except MemoryShortError as error:
            if tried > self._ladder.level:
                self._memory.fail(started_s)
            else:
                self._step_down(level, str(error))
            return
        now_s = self._clock.now()
        cost_s = now_s - started_s
        if self._no_memory_from is not None and tried >= self._no_memory_from:
            self._no_memory_from = None
            self._memory.reset()
            self._notices.resolve("texture memory")
        self.textures.put(TextureFrame(now_s, number, read_only(rgba), request, source, cost_s * 1000))
        self._done.append(TextureDone(now_s, number, source, level.name, len(rgba), cost_s * 1000))
        log.debug("texture %d: %s, %s, %.0f ms", number, source, level.name, cost_s * 1000)
        allowed_s = (SHARE - self._faces.share(self._config.avatars_per_second)) * interval_s
        if tried == self._ladder.level and self._ladder.feed(cost_s, allowed_s, now_s):
            log.info("textures: %.0f ms a picture; now %s", cost_s * 1000, self.way)
        if not self._governor.limited:
            self._use_spare_time(task, started_s + allowed_s)

    def _tend(self) -> bool:
        """Load what was missing or is mended; whether it has yet to show that it works."""
        self._find_levels()
        return self._painter.unproved

    def _find_levels(self) -> None:
        """Another model or size has other quality levels; the ladder begins anew on the best and finds its place."""
        levels = self._painter.levels(self._clock.now())
        if levels != self._levels:
            self._levels, self._no_memory_from = levels, None
            self._notices.resolve("texture memory")
            self._ladder = texture_ladder([level.work for level in levels])

    def _step_down(self, level: TextureLevel, why: str) -> None:
        """There is no memory for ``level``."""
        now_s, failed = self._clock.now(), self._ladder.level
        if self._ladder.fail(now_s):
            self._no_memory_from = failed
            self._memory.fail(now_s)
            self._notices.fallback("texture memory", f"no memory for {level.name} ({why}); now {self.way}")
        else:
            # Nothing smaller is left: the session goes, and with it what it holds.
            self._painter.give_up(f"no memory even for {level.name} ({why})", now_s)

    def _use_spare_time(self, task: TextureTask, until_s: float) -> None:
        """Measure candidates for the walk's next key while that does not cost a picture."""
        for _ in range(MAX_TRIES):
            began_s = self._clock.now()
            if began_s + 2 * self._try_s > until_s or not self._painter.try_one(task):
                return
            self._try_s = 0.7 * self._try_s + 0.3 * (self._clock.now() - began_s)

    def _walk_to(self, now_s: float) -> None:
        if self._moved_s is not None:
            self._position += self._config.latent_per_second * min(now_s - self._moved_s, 1.0)
        self._moved_s = now_s
