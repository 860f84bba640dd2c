"""The background thread that paints: newest request in, newest picture out, never the frame loop's business."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from pathlib import Path

from installation.clock import Clock
from installation.config import TexturesConfig
from installation.mailbox import Closed, Latest
from installation.notices import Notices
from installation.pacing import Pacer
from installation.textures.affect import affect_of
from installation.textures.generator import GeneratorError, TextureGenerator
from installation.textures.procedural import procedural_texture
from installation.types import ByteArray, FloatArray, TextureFrame, TextureRequest, read_only

log = logging.getLogger(__name__)

FIRST_RETRY_S = 5.0
LAST_RETRY_S = 300.0
FAULT_PAUSE_S = 1.0
"""After a failure nobody foresaw, so that one which repeats does not fill the log."""


def step_back() -> None:
    """Let every other thread go first, where the system can say so for one thread (Linux)."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


class TextureWorker:
    """One thread. Reads ``requests``, publishes ``textures``.

    Where the model is missing, broken or raises, the procedural texture takes over; the notices say so, and the model is
    tried again with growing patience. A request with numbers that are not finite is refused and counted.
    """

    def __init__(self, config: TexturesConfig, models: Path, seed: int, clock: Clock, notices: Notices) -> None:
        self.requests: Latest[TextureRequest] = Latest("texture requests")
        self.textures: Latest[TextureFrame] = Latest("textures")
        self.refused = 0
        self._config, self._models, self._seed, self._clock, self._notices = config, models, seed, clock, notices
        self._generator: TextureGenerator | None = None
        self._loaded: tuple[str, int, str] | None = None
        self._retry_s = FIRST_RETRY_S
        self._try_again_s = clock.now()
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

    def reconfigure(self, config: TexturesConfig) -> None:
        """Go on with other settings; another model or size is loaded before the next picture."""
        self._config = config
        self._try_again_s = self._clock.now()

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while the procedural texture stands in."""
        generator = self._generator
        return {} if generator is None else {self._config.model: generator.providers[0]}

    def close(self) -> None:
        """End the thread after the picture in work; at most a second."""
        self._stop.set()
        self.requests.close()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self.textures.close()

    def _run(self) -> None:
        step_back()
        pacer = Pacer(1 / self._config.per_second, self._clock.now())
        seq = number = 0
        while not self._stop.wait(max(0.0, pacer.deadline_s - self._clock.now())):
            pacer.interval_s = 1 / self._config.per_second
            try:
                got = self.requests.wait_newer(seq, 0.5)
                if got is not None:
                    seq, number = got[0], number + 1
                    self._answer(got[1], number)
                    self._notices.clear("texture worker")
            except Closed:
                return
            except Exception as error:
                # Nothing that was foreseen: told as a fault with its trace, and the thread lives on for the next request.
                log.exception("the texture worker failed")
                self._notices.fault("texture worker", f"{type(error).__name__}: {error}; going on")
                self._stop.wait(FAULT_PAUSE_S)
            pacer.advance(self._clock.now())

    def _answer(self, request: TextureRequest, number: int) -> None:
        try:
            affect = affect_of(request)
        except ValueError as error:
            self.refused += 1
            self._notices.fault("texture request", str(error))
            return
        self._notices.clear("texture request")
        started_s = self._clock.now()
        self._walk_to(started_s)
        source, rgba = self._paint(affect)
        now_s = self._clock.now()
        self.textures.put(TextureFrame(now_s, number, read_only(rgba), request, source, (now_s - started_s) * 1000))

    def _walk_to(self, now_s: float) -> None:
        if self._moved_s is not None:
            self._position += self._config.latent_speed * min(now_s - self._moved_s, 1.0)
        self._moved_s = now_s

    def _paint(self, affect: FloatArray) -> tuple[str, ByteArray]:
        config = self._config
        generator = self._load()
        if generator is not None:
            try:
                return config.model, generator.generate(affect, self._position)
            except Exception as error:  # noqa: BLE001 - memory, driver, model: whatever it is, the picture goes on
                self._give_up(f"the generator failed ({error})")
        return "procedural", procedural_texture(affect, 6 * self._position, config.size_px)

    def _load(self) -> TextureGenerator | None:
        config = self._config
        wanted = (config.model, config.size_px, config.provider)
        if not config.enabled:
            self._generator, self._loaded = None, None
            self._notices.fallback("textures", "the generator is switched off; the procedural texture is shown")
            return None
        if self._generator is not None and self._loaded == wanted:
            return self._generator
        if self._loaded != wanted:
            self._try_again_s = self._clock.now()
        if self._clock.now() < self._try_again_s:
            return None
        self._loaded, self._generator = wanted, None
        try:
            self._generator = TextureGenerator(self._models / config.model, config.size_px, self._seed, config.provider)
        except GeneratorError as error:
            self._give_up(str(error))
            return None
        self._retry_s = FIRST_RETRY_S
        self._notices.clear("textures")
        running = self._generator.providers[0]
        log.info("generator %s at %d px on %s", config.model, config.size_px, running)
        if self._generator.wanted == "cuda" and not running.startswith("CUDA"):
            self._notices.fallback("textures", f"cuda was to run, but {running} does")
        return self._generator

    def _give_up(self, why: str) -> None:
        self._generator = None
        self._try_again_s = self._clock.now() + self._retry_s
        self._notices.fallback("textures", f"{why}; the procedural texture is shown, next try in {self._retry_s:g} s")
        self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
