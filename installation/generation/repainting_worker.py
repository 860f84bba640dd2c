"""The background thread that repaints the picture: newest picture in, newest painting out, a few times a second."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from installation.base.clock import Clock
from installation.base.governor import Governor
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.base.quality_ladder import Ladder, LadderRules, RollingWindow
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.generation.affect import affect_of
from installation.generation.background_loop import BackgroundLoop
from installation.generation.model_loader import RetriedModel, SteadyStamps, check_provider
from installation.generation.style_networks import PAINTED_PX
from installation.generation.style_painter import StylePainter
from installation.generation.translator import Translator
from installation.types import ByteArray, TextureRequest, read_only

log = logging.getLogger(__name__)

LEVELS = (128 * 128, 192 * 192, 256 * 256, 512 * 512)
"""Pixels of a picture on each quality level."""
START = {"cpu": 2, "cuda": 3}
CALM = 25
"""A higher level is tried after so many paintings on end that were cheap enough for it."""
RULES = LadderRules(down=0.8, up=0.35, fits=0.8, up_after=CALM - 1, max_patience=CALM - 1, proved_after=0)
"""Counted in paintings. The cost of the next level is expected to grow with its pixels."""
STYLED_PIXELS = PAINTED_PX * PAINTED_PX
"""The style network knows one size only, and takes as long for any."""
NO_PAINTING = "no painting is shown"


@dataclass(frozen=True, slots=True, eq=False)
class SeenPicture:
    """A picture to repaint: ``rgb`` (H, W, 3) uint8 sRGB, row 0 on top, drawn at ``t_s`` seconds, and what it shows."""

    t_s: float
    rgb: ByteArray
    request: TextureRequest


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """``rgba`` (H, W, 4) uint8 sRGB, opaque, row 0 on top, of the picture ``original`` (H', W', 3) drawn at ``of_s``, ready
    at ``t_s`` seconds."""

    t_s: float
    of_s: float
    seq: int
    rgba: ByteArray
    original: ByteArray
    compute_ms: float


class RepaintingWorker:
    """One thread. Reads ``pictures``, publishes ``paintings``.

    ``pixels`` says how large a picture it wants next: that follows from what paintings take. Where the model is missing,
    broken or raises, no painting comes; the notices say so, and the model is tried again with growing patience.
    """

    def __init__(
        self,
        config: RepaintingConfig,
        textures: GenerationConfig,
        models: Path,
        clock: Clock,
        notices: Notices,
        governor: Governor,
    ) -> None:
        self.pictures: Latest[SeenPicture] = Latest("pictures to repaint")
        self.paintings: Latest[Painting] = Latest("paintings")
        self._config, self._textures, self._models = config, textures, models
        self._clock, self._notices = clock, notices
        self._translator: RetriedModel[Translator] = RetriedModel("repainting", NO_PAINTING, notices)
        self._stamps = SteadyStamps()
        self._styles = StylePainter(textures, models, notices, "repainting ", NO_PAINTING)
        self._ladder = Ladder(LEVELS, RULES, RollingWindow(1, 1, 0), START["cpu"])
        self._judged = 0
        self._orders: deque[tuple[RepaintingConfig, GenerationConfig]] = deque()
        self._loop = BackgroundLoop(
            "repainting",
            self.pictures,
            clock,
            notices,
            governor,
            "repainting worker",
            self._prepare,
            self._answer,
            self._tend,
        )

    def start(self) -> None:
        """Begin; returns at once, the model is loaded in the thread with the first picture."""
        self._loop.start()

    def show(self, picture: SeenPicture) -> None:
        """Ask for its painting; replaces a picture that was not begun."""
        self.pictures.put(picture)

    def reconfigure(self, config: RepaintingConfig, textures: GenerationConfig) -> None:
        """Go on with other settings; another model is loaded before the next painting."""
        self._orders.append((config, textures))

    @property
    def pixels(self) -> int:
        """About so many pixels the next picture should have."""
        return STYLED_PIXELS if self._config.manner == "styles" else LEVELS[self._ladder.level]

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while nothing does."""
        if self._config.manner == "styles":
            return self._styles.providers
        translator = self._translator.value
        return {} if translator is None else {self._translator.name: translator.providers[0]}

    def close(self) -> None:
        """End the thread after the painting in work; at most a second."""
        self._loop.close()
        self.paintings.close()

    def _prepare(self) -> float:
        """Take over other settings; gives the seconds between two paintings."""
        while self._orders:
            self._config, self._textures = self._orders.popleft()
            self._styles.reconfigure(self._textures)
            self._translator.hurry()
        return 1 / self._config.per_second

    def _answer(self, picture: SeenPicture, number: int, interval_s: float) -> None:
        began_s = self._clock.now()
        paint = self._paint_styled if self._config.manner == "styles" else self._paint
        rgba = paint(picture, began_s)
        if rgba is None:
            return
        now_s = self._clock.now()
        cost_s = now_s - began_s
        self.paintings.put(Painting(now_s, picture.t_s, number, read_only(rgba), picture.rgb, cost_s * 1000))
        self._judge(cost_s / interval_s)

    def _paint_styled(self, picture: SeenPicture, now_s: float) -> ByteArray | None:
        position = picture.t_s * self._textures.latent_per_second
        return self._styles.scene(picture.rgb, picture.request.emotion, position, now_s)

    def _paint(self, picture: SeenPicture, now_s: float) -> ByteArray | None:
        try:
            affect = affect_of(picture.request)
        except ValueError as error:
            # The request is wrong, not the model.
            self._notices.fault("repainting request", str(error))
            return None
        self._notices.resolve("repainting request")
        self._styles.rest(now_s)
        translator = self._loaded(now_s)
        if translator is None:
            return None
        try:
            painted = translator.translate(picture.rgb, affect)
        except Exception as error:  # noqa: BLE001 - memory, driver, model: whatever it is, the piece goes on
            self._ladder.fail(self._judged)
            self._translator.give_up(f"repainting failed ({error})", self._clock.now())
            return None
        self._translator.worked()
        return painted

    def _tend(self) -> bool:
        """Load what was missing or is mended; whether it has yet to show that it works."""
        now_s = self._clock.now()
        if self._config.manner == "styles":
            return self._styles.ready(now_s) and self._styles.unproved
        return self._loaded(now_s) is not None and self._translator.unproved

    def _loaded(self, now_s: float) -> Translator | None:
        config, path = self._config, self._models / self._config.model
        key = (config.model, config.provider, self._stamps.of(path, now_s))
        return self._translator.get(config.model, key, now_s, lambda: self._load(path, config.provider))

    def _load(self, path: Path, provider: str) -> Translator:
        translator = Translator(path, provider)
        running = translator.providers[0]
        log.info("repainting by %s on %s", path.name, running)
        self._ladder.reset(START["cuda" if running.startswith("CUDA") else "cpu"])
        check_provider(translator, provider, "repainting provider", self._notices)
        return translator

    def _judge(self, share: float) -> None:
        """A painting took ``share`` of the time between two."""
        self._judged += 1
        self._ladder.feed(share, 1.0, self._judged)
