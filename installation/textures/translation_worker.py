"""The background thread that repaints the picture: newest picture in, newest painting out, a few times a second."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from installation.clock import Clock
from installation.config import TranslationConfig
from installation.mailbox import Closed, Latest
from installation.notices import Notices
from installation.pacing import Pacer
from installation.textures.affect import affect_of
from installation.textures.translator import Translator, TranslatorError
from installation.textures.worker import step_back
from installation.types import ByteArray, TextureRequest, read_only

log = logging.getLogger(__name__)

RUNGS = (128 * 128, 192 * 192, 256 * 256, 512 * 512)
"""Pixels of a picture, cheapest first."""
START = {"cpu": 2, "cuda": 3}
SHARE, CALM_SHARE = 0.8, 0.35
"""Of the time between two pictures: above the first the next cheaper rung comes, below the second the next dearer one, once
CALM paintings on end were so cheap."""
CALM = 25
FIRST_RETRY_S, LAST_RETRY_S = 5.0, 300.0
FAULT_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SeenPicture:
    """A picture to repaint: ``rgb`` (H, W, 3) uint8 sRGB, row 0 on top, drawn at ``t_s`` seconds, and what it shows."""

    t_s: float
    rgb: ByteArray
    request: TextureRequest


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """``rgba`` (H, W, 4) uint8 sRGB, opaque, row 0 on top, of ``model`` (H', W', 3), a picture drawn at ``of_s``, ready at
    ``t_s`` seconds."""

    t_s: float
    of_s: float
    seq: int
    rgba: ByteArray
    model: ByteArray
    compute_ms: float


class TranslationWorker:
    """One thread. Reads ``pictures``, publishes ``paintings``.

    ``pixels`` says how large a picture it wants next: that follows from what paintings take. Where the model is missing,
    broken or raises, no painting comes; the notices say so, and the model is tried again with growing patience.
    """

    def __init__(self, config: TranslationConfig, models: Path, clock: Clock, notices: Notices) -> None:
        self.pictures: Latest[SeenPicture] = Latest("pictures to repaint")
        self.paintings: Latest[Painting] = Latest("paintings")
        self._config, self._models, self._clock, self._notices = config, models, clock, notices
        self._translator: Translator | None = None
        self._loaded: tuple[str, str] | None = None
        self._retry_s, self._try_again_s = FIRST_RETRY_S, clock.now()
        self._rung, self._calm = START["cpu"], 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="translation", daemon=True)

    def start(self) -> None:
        """Begin; returns at once, the model is loaded in the thread with the first picture."""
        self._thread.start()

    def show(self, picture: SeenPicture) -> None:
        """Ask for its painting; replaces a picture that was not begun."""
        self.pictures.put(picture)

    def reconfigure(self, config: TranslationConfig) -> None:
        """Go on with other settings; another model is loaded before the next painting."""
        self._config = config
        self._try_again_s = self._clock.now()

    @property
    def pixels(self) -> int:
        """About so many pixels the next picture should have."""
        return RUNGS[self._rung]

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while nothing does."""
        translator = self._translator
        return {} if translator is None else {self._config.model: translator.providers[0]}

    def close(self) -> None:
        """End the thread after the painting in work; at most a second."""
        self._stop.set()
        self.pictures.close()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self.paintings.close()

    def _run(self) -> None:
        step_back()
        pacer = Pacer(1 / self._config.per_second, self._clock.now())
        seq = number = 0
        while not self._stop.wait(max(0.0, pacer.deadline_s - self._clock.now())):
            try:
                pacer.interval_s = 1 / self._config.per_second
                got = self.pictures.wait_newer(seq, 0.5)
                if got is not None:
                    seq, number = got[0], number + 1
                    self._answer(got[1], number, pacer.interval_s)
                    self._notices.clear("translation worker")
            except Closed:
                return
            except Exception as error:
                # Nothing that was foreseen: told as a fault with its trace, and the thread lives on for the next picture.
                log.exception("the translation worker failed")
                self._notices.fault("translation worker", f"{type(error).__name__}: {error}; going on")
                self._stop.wait(FAULT_PAUSE_S)
            pacer.advance(self._clock.now())

    def _answer(self, picture: SeenPicture, number: int, interval_s: float) -> None:
        translator = self._load()
        if translator is None:
            return
        affect = affect_of(picture.request)
        began_s = self._clock.now()
        try:
            rgba = translator.translate(picture.rgb, affect)
        except Exception as error:  # noqa: BLE001 - memory, driver, model: whatever it is, the piece goes on
            self._rung, self._calm = max(0, self._rung - 1), 0
            self._give_up(f"repainting failed ({error})")
            return
        self._retry_s = FIRST_RETRY_S
        cost_s = self._clock.now() - began_s
        now_s = self._clock.now()
        self.paintings.put(Painting(now_s, picture.t_s, number, read_only(rgba), picture.rgb, cost_s * 1000))
        self._settle(cost_s / interval_s)

    def _settle(self, share: float) -> None:
        """A painting took ``share`` of the time between two."""
        if share > SHARE:
            self._rung, self._calm = max(0, self._rung - 1), 0
        elif share < CALM_SHARE and self._rung + 1 < len(RUNGS):
            # The next rung has up to four times the pixels: it must fit by what this one took.
            fits = share * RUNGS[self._rung + 1] / RUNGS[self._rung] < SHARE
            self._calm = self._calm + 1 if fits else 0
            if self._calm >= CALM:
                self._rung, self._calm = self._rung + 1, 0
        else:
            self._calm = 0

    def _load(self) -> Translator | None:
        config = self._config
        wanted = (config.model, config.provider)
        if self._translator is not None and self._loaded == wanted:
            return self._translator
        if self._loaded != wanted:
            self._try_again_s = self._clock.now()
        if self._clock.now() < self._try_again_s:
            return None
        self._loaded, self._translator = wanted, None
        try:
            translator = Translator(self._models / config.model, config.provider)
        except TranslatorError as error:
            self._give_up(str(error))
            return None
        self._translator = translator
        self._notices.clear("translation")
        running = translator.providers[0]
        log.info("translation %s on %s", config.model, running)
        self._rung, self._calm = START["cuda" if running.startswith("CUDA") else "cpu"], 0
        if translator.wanted == "cuda" and not running.startswith("CUDA"):
            self._notices.fallback("translation", f"cuda was to run, but {running} does")
        return translator

    def _give_up(self, why: str) -> None:
        self._translator = None
        self._loaded = (self._config.model, self._config.provider)
        self._try_again_s = self._clock.now() + self._retry_s
        self._notices.fallback("translation", f"{why}; no painting is shown, next try in {self._retry_s:g} s")
        self._retry_s = min(2 * self._retry_s, LAST_RETRY_S)
