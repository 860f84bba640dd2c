"""The background thread that repaints the picture: newest picture in, newest painting out, a few times a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path

from installation.base.clock import Clock
from installation.base.governor import Governor
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig, RepaintingConfig
from installation.generation.affect import affect_of
from installation.generation.background_loop import BackgroundLoop
from installation.generation.model_loader import Lend
from installation.generation.style_networks import PAINTED_PX
from installation.generation.style_painter import StylePainter
from installation.types import ByteArray, TextureRequest, read_only

PIXELS = PAINTED_PX * PAINTED_PX
"""Of a picture that is to be repainted: the style network knows one size only, and takes as long for any."""
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

    ``pixels`` says how large a picture it wants. Where the networks of the styles are missing, broken or raise, no painting
    comes; the notices say so, and they are tried again with growing patience.
    """

    def __init__(
        self,
        config: RepaintingConfig,
        textures: GenerationConfig,
        models: Path,
        clock: Clock,
        notices: Notices,
        governor: Governor,
        lend: Lend | None = None,
    ) -> None:
        self.pictures: Latest[SeenPicture] = Latest("pictures to repaint")
        self.paintings: Latest[Painting] = Latest("paintings")
        self._config, self._textures = config, textures
        self._clock, self._notices = clock, notices
        self._styles = StylePainter(textures, models, notices, "repainting ", NO_PAINTING, lend)
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
        """Begin; returns at once, the networks are loaded in the thread with the first picture."""
        self._loop.start()

    def show(self, picture: SeenPicture) -> None:
        """Ask for its painting; replaces a picture that was not begun."""
        self.pictures.put(picture)

    def reconfigure(self, config: RepaintingConfig, textures: GenerationConfig) -> None:
        """Go on with other settings."""
        self._orders.append((config, textures))

    @property
    def pixels(self) -> int:
        """About so many pixels the next picture should have."""
        return PIXELS

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; empty while nothing does."""
        return self._styles.providers

    def close(self) -> None:
        """End the thread after the painting in work; at most a second."""
        self._loop.close()
        self.paintings.close()

    def _prepare(self) -> float:
        """Take over other settings; gives the seconds between two paintings."""
        while self._orders:
            self._config, self._textures = self._orders.popleft()
            self._styles.reconfigure(self._textures)
        return 1 / self._config.per_second

    def _answer(self, picture: SeenPicture, number: int, _interval_s: float) -> None:
        began_s, emotion = self._clock.now(), picture.request.emotion
        try:
            affect_of(picture.request)
        except ValueError as error:
            # The request is wrong, not the network.
            self._notices.fault("repainting request", str(error))
            return
        self._notices.resolve("repainting request")
        rgba = self._styles.scene(picture.rgb, emotion, picture.t_s * self._textures.latent_per_second, began_s)
        if rgba is None:
            return
        now_s = self._clock.now()
        cost_ms = (now_s - began_s) * 1000
        self.paintings.put(Painting(now_s, picture.t_s, number, read_only(rgba), picture.rgb, cost_ms))

    def _tend(self) -> bool:
        """Load what was missing or is mended; whether it has yet to show that it works."""
        return self._styles.ready(self._clock.now()) and self._styles.unproved
