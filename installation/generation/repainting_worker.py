"""The background thread that repaints the picture: newest picture in, newest painting out, a few times a second."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.generation.affect import affect_of
from installation.generation.answering import answer_newest
from installation.generation.kept import Kept
from installation.generation.styles import PAINTED_PX
from installation.generation.styling import Styling, stamp
from installation.generation.translator import Translator
from installation.types import ByteArray, TextureRequest, read_only

log = logging.getLogger(__name__)

RUNGS = (128 * 128, 192 * 192, 256 * 256, 512 * 512)
"""Pixels of a picture, cheapest first."""
START = {"cpu": 2, "cuda": 3}
SHARE, CALM_SHARE = 0.8, 0.35
"""Of the time between two pictures: above the first the next cheaper rung comes, below the second the next dearer one, once
CALM paintings on end were so cheap."""
CALM = 25
STYLED_PIXELS = PAINTED_PX * PAINTED_PX
"""The style network knows one size only, and takes as long for any."""


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


class RepaintingWorker:
    """One thread. Reads ``pictures``, publishes ``paintings``.

    ``pixels`` says how large a picture it wants next: that follows from what paintings take. Where the model is missing,
    broken or raises, no painting comes; the notices say so, and the model is tried again with growing patience.
    """

    def __init__(
        self, config: RepaintingConfig, textures: GenerationConfig, models: Path, clock: Clock, notices: Notices
    ) -> None:
        self.pictures: Latest[SeenPicture] = Latest("pictures to repaint")
        self.paintings: Latest[Painting] = Latest("paintings")
        self._config, self._textures, self._models = config, textures, models
        self._clock, self._notices = clock, notices
        self._kept: Kept[Translator] = Kept("translation", "no painting is shown", notices)
        self._styling = Styling(textures, models, notices)
        self._rung, self._calm = START["cpu"], 0
        self._orders: deque[tuple[RepaintingConfig, GenerationConfig]] = deque()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="translation", daemon=True)

    def start(self) -> None:
        """Begin; returns at once, the model is loaded in the thread with the first picture."""
        self._thread.start()

    def show(self, picture: SeenPicture) -> None:
        """Ask for its painting; replaces a picture that was not begun."""
        self.pictures.put(picture)

    def reconfigure(self, config: RepaintingConfig, textures: GenerationConfig) -> None:
        """Go on with other settings; another model is loaded before the next painting."""
        self._orders.append((config, textures))

    @property
    def pixels(self) -> int:
        """About so many pixels the next picture should have."""
        return STYLED_PIXELS if self._config.manner == "styles" else RUNGS[self._rung]

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while nothing does."""
        if self._config.manner == "styles":
            return self._styling.providers
        translator = self._kept.value
        return {} if translator is None else {self._kept.name: translator.providers[0]}

    def close(self) -> None:
        """End the thread after the painting in work; at most a second."""
        self._stop.set()
        self.pictures.close()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self.paintings.close()

    def _run(self) -> None:
        answer_newest(
            self.pictures, self._stop, self._clock, self._notices, "translation worker", self._begin, self._answer
        )

    def _begin(self) -> float:
        self._obey()
        return 1 / self._config.per_second

    def _obey(self) -> None:
        while self._orders:
            self._config, self._textures = self._orders.popleft()
            self._styling.reconfigure(self._textures)
            self._kept.hurry()

    def _answer(self, picture: SeenPicture, number: int, interval_s: float) -> None:
        began_s = self._clock.now()
        paint = self._paint_styled if self._config.manner == "styles" else self._paint
        rgba = paint(picture, began_s)
        if rgba is None:
            return
        now_s = self._clock.now()
        cost_s = now_s - began_s
        self.paintings.put(Painting(now_s, picture.t_s, number, read_only(rgba), picture.rgb, cost_s * 1000))
        self._settle(cost_s / interval_s)

    def _paint_styled(self, picture: SeenPicture, now_s: float) -> ByteArray | None:
        position = picture.t_s * self._textures.latent_per_second
        return self._styling.scene(picture.rgb, picture.request.emotion, position, now_s)

    def _paint(self, picture: SeenPicture, now_s: float) -> ByteArray | None:
        config, path = self._config, self._models / self._config.model
        key = (config.model, config.provider, stamp(path))
        translator = self._kept.get(config.model, key, now_s, lambda: self._load(path, config.provider))
        if translator is None:
            return None
        try:
            return translator.translate(picture.rgb, affect_of(picture.request))
        except Exception as error:  # noqa: BLE001 - memory, driver, model: whatever it is, the piece goes on
            self._rung, self._calm = max(0, self._rung - 1), 0
            self._kept.give_up(f"repainting failed ({error})", self._clock.now())
            return None

    def _load(self, path: Path, provider: str) -> Translator:
        translator = Translator(path, provider)
        running = translator.providers[0]
        log.info("translation %s on %s", path.name, running)
        self._rung, self._calm = START["cuda" if running.startswith("CUDA") else "cpu"], 0
        if translator.as_wanted:
            self._notices.resolve("translation provider")
        else:
            self._notices.fallback("translation provider", f"{translator.wanted} was to run, but {running} does")
        return translator

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
