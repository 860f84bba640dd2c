"""The background thread that paints: newest request in, newest picture out, never the frame loop's business."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.generation.affect import affect_of
from installation.generation.answering import answer_newest
from installation.generation.painter import Ask, MemoryShortError, Painter
from installation.generation.rungs import RateLadder, Rung
from installation.types import AvatarFrame, ByteArray, FloatArray, TextureFrame, TextureRequest, read_only

log = logging.getLogger(__name__)

SHARE = 0.9
"""Of the interval between two pictures may go into painting one."""
TRIES = 2
"""Candidates for the walk's next key that are measured after one picture, at most."""
TOLD = 64
"""Events that are kept for who asks late."""


_NOTHING = read_only(np.zeros((1, 1, 4), np.uint8))


@dataclass(frozen=True)
class TextureDone:
    """A picture is ready. ``way`` is the rung's name, such as "64>256 px"."""

    t_s: float
    number: int
    source: str
    way: str
    size_px: int
    compute_ms: float


@dataclass(frozen=True, eq=False)
class _Face:
    person_id: int
    rgb: ByteArray
    emotion: FloatArray


class TextureWorker:
    """One thread. Reads ``requests``, publishes ``textures``, and ``avatars`` of the faces it is shown.

    How a picture is made (small and enlarged, or at full size) follows from what pictures take, so that
    ``config.per_second`` is kept. Where the model is missing, broken or raises, the procedural texture takes over; where
    memory is short, the next cheaper way. The notices say so, and what failed is tried again with growing patience. A
    request with numbers that are not finite is refused and counted.
    """

    def __init__(self, config: GenerationConfig, models: Path, seed: int, clock: Clock, notices: Notices) -> None:
        self.requests: Latest[TextureRequest] = Latest("texture requests")
        self.textures: Latest[TextureFrame] = Latest("textures")
        self.avatars: Latest[AvatarFrame] = Latest("avatars")
        self.refused = 0
        self._config, self._clock, self._notices = config, clock, notices
        self._painter = Painter(config, models, seed, notices)
        self._orders: deque[tuple[str, object]] = deque()
        self._done: deque[TextureDone] = deque(maxlen=TOLD)
        self._ways: tuple[Rung, ...] = ()
        self._ladder = RateLadder([1.0])
        self._short: int | None = None
        # The newest crop of a face, taken out when it is painted; no mailbox, for that would keep it.
        self._face: _Face | None = None
        self._face_lock = threading.Lock()
        self._avatar_number = 0
        self._avatar_due_s = 0.0
        self._avatar_s = 0.0
        self._try_s = 0.0
        self._position = 0.0
        self._moved_s: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="textures", daemon=True)

    def start(self) -> None:
        """Begin; returns at once, the model is loaded in the thread."""
        self._thread.start()

    def request(self, request: TextureRequest) -> None:
        """Ask for a picture; replaces a request that was not begun."""
        self.requests.put(request)

    def reconfigure(self, config: GenerationConfig) -> None:
        """Go on with other settings; another model or size is loaded before the next picture."""
        self._orders.append(("settings", config))

    def use_model(self, name: str) -> None:
        """Go on with another generator of models/ ("texture2" or "texture2.onnx"); a name that is not there is told."""
        self._orders.append(("model", name))

    def next_model(self) -> None:
        """Go on with the next generator of models/, in the order of their names, after the last one the first."""
        self._orders.append(("next", None))

    def show_face(self, person_id: int, rgb: ByteArray, emotion: FloatArray) -> None:
        """Paint this face in the manner of ``emotion`` (7,); replaces one that was not begun. ``rgb`` (H, W, 3) uint8 sRGB is a
        square crop with the face in its middle. It is let go once painted; the painting comes in ``avatars``."""
        with self._face_lock:
            self._face = _Face(person_id, rgb, emotion)

    def forget_face(self) -> None:
        """Nobody's face is wanted any more: a crop that waits is let go, and a frame without a person follows."""
        with self._face_lock:
            self._face = None
            self._put_avatar(_NOTHING, None, 0.0)

    def take_done(self) -> list[TextureDone]:
        """What was finished since this was last asked, oldest first; at most the newest 64."""
        done = []
        while self._done:
            done.append(self._done.popleft())
        return done

    @property
    def way(self) -> str:
        """How pictures are made now, and on which rung of how many: "256 px, rung 3 of 3"."""
        ways, rung = self._ways, self._ladder.rung
        return f"{ways[rung].name}, rung {rung + 1} of {len(ways)}" if rung < len(ways) else "nothing yet"

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while the procedural texture stands in."""
        return self._painter.running

    def close(self) -> None:
        """End the thread after the picture in work; at most a second."""
        self._stop.set()
        self.requests.close()
        if self._thread.is_alive():
            self._thread.join(1.0)
        with self._face_lock:
            self._face = None
        self.textures.close()
        self.avatars.close()

    def _run(self) -> None:
        answer_newest(
            self.requests, self._stop, self._clock, self._notices, "texture worker", self._begin, self._answer_and_face
        )

    def _begin(self) -> float:
        self._obey()
        return 1 / self._config.per_second

    def _answer_and_face(self, request: TextureRequest, number: int, interval_s: float) -> None:
        self._answer(request, number, interval_s)
        self._paint_face()

    def _obey(self) -> None:
        while self._orders:
            what, value = self._orders.popleft()
            if isinstance(value, GenerationConfig):
                self._config = value
                self._painter.reconfigure(value)
            elif what == "model":
                self._painter.use_model(str(value))
            else:
                self._painter.next_model()

    def _answer(self, request: TextureRequest, number: int, interval_s: float) -> None:
        try:
            affect = affect_of(request)
        except ValueError as error:
            self.refused += 1
            self._notices.fault("texture request", str(error))
            return
        self._notices.resolve("texture request")
        self._walk_to(self._clock.now())
        ask = Ask(affect, request.emotion, self._position)
        self._settle_ways()
        started_s = self._clock.now()
        rung = self._ways[self._ladder.rung]
        try:
            source, rgba = self._painter.paint(ask, rung, started_s)
        except MemoryShortError as error:
            self._give_way(rung, str(error))
            return
        now_s = self._clock.now()
        cost_s = now_s - started_s
        if self._short is not None and self._ladder.rung >= self._short:
            self._short = None
            self._notices.resolve("texture memory")
        self.textures.put(TextureFrame(now_s, number, read_only(rgba), request, source, cost_s * 1000))
        self._done.append(TextureDone(now_s, number, source, rung.name, len(rgba), cost_s * 1000))
        log.debug("texture %d: %s, %s, %.0f ms", number, source, rung.name, cost_s * 1000)
        if self._ladder.feed(cost_s, self._allowed_s(interval_s), now_s):
            log.info("textures: %.0f ms a picture; now %s", cost_s * 1000, self.way)
        self._use_spare_time(ask, started_s + self._allowed_s(interval_s))

    def _allowed_s(self, interval_s: float) -> float:
        """What a picture may cost: the time between two, less what avatars take."""
        share = SHARE - min(self._avatar_s * self._config.avatars_per_second, 0.5)
        return share * interval_s

    def _paint_face(self) -> None:
        began_s = self._clock.now()
        if began_s < self._avatar_due_s:
            return
        with self._face_lock:
            face, self._face = self._face, None
        if face is None:
            self._avatar_s = 0.0
            return
        self._avatar_due_s = began_s + 1 / self._config.avatars_per_second
        rgba = self._painter.styling.face(face.rgb, face.emotion, self._position, began_s)
        self._avatar_s = self._clock.now() - began_s
        if rgba is not None:
            with self._face_lock:
                # Who left while it was painted is not shown again.
                if not self._forgotten_since(began_s):
                    self._put_avatar(rgba, face.person_id, self._avatar_s * 1000)

    def _forgotten_since(self, t_s: float) -> bool:
        newest = self.avatars.peek()[1]
        return newest is not None and newest.person_id is None and newest.t_s >= t_s

    def _put_avatar(self, rgba: ByteArray, person_id: int | None, compute_ms: float) -> None:
        if not self.avatars.closed:
            self._avatar_number += 1
            frame = AvatarFrame(self._clock.now(), self._avatar_number, read_only(rgba), person_id, compute_ms)
            self.avatars.put(frame)

    def _settle_ways(self) -> None:
        """Another model or size has other rungs; the ladder begins anew on the dearest and finds its place."""
        ways = self._painter.ways(self._clock.now())
        if ways != self._ways:
            self._ways, self._ladder, self._short = ways, RateLadder([rung.work for rung in ways]), None

    def _give_way(self, rung: Rung, why: str) -> None:
        now_s, failed = self._clock.now(), self._ladder.rung
        if self._ladder.fail(now_s):
            self._short = failed
            self._notices.fallback("texture memory", f"no memory for {rung.name} ({why}); now {self.way}")
        else:
            # Nothing smaller is left: the session goes, and with it what it holds.
            self._painter.give_up(f"no memory even for {rung.name} ({why})", now_s)

    def _use_spare_time(self, ask: Ask, until_s: float) -> None:
        """Measure candidates for the walk's next key while that does not cost a picture."""
        for _ in range(TRIES):
            began_s = self._clock.now()
            if began_s + 2 * self._try_s > until_s or not self._painter.try_one(ask):
                return
            self._try_s = 0.7 * self._try_s + 0.3 * (self._clock.now() - began_s)

    def _walk_to(self, now_s: float) -> None:
        if self._moved_s is not None:
            self._position += self._config.latent_per_second * min(now_s - self._moved_s, 1.0)
        self._moved_s = now_s
