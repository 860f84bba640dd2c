"""Hands composed pictures to the renderer, and to their painter what they are made of: mood, layout and occasion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from installation.base.mailbox import Latest
from installation.config.picture import PictureConfig
from installation.generation.generation_worker import GenerationWorker
from installation.generation.occasion import Occasion
from installation.generation.painting_orders import FinishedPainting, PaintOrder
from installation.types import ByteArray, PictureFrame, PictureRequest, SceneState, read_only

T = TypeVar("T")
Store = Callable[[ByteArray, Callable[[str], None]], None]
"""Stores a picture (H, W, 3) uint8 sRGB and then tells its file's name, empty where it could not be stored."""

LAYOUT_KEPT_S = 1.0
"""Where no newer layout came for so long, the scene's shapes compose nothing any more: it shows the picture itself."""
GONE_S = 6.0
"""Where no frame came for so long, the picture on show fades: its painter cannot paint. Longer than painters ever pause."""
FADE_S = 2.0
UNSEEN_S = 2.0
"""Where no scene shows the picture one is painted so often only, so that it is ready. Less than GONE_S."""
MIN_PX, MAX_PX = 256, 1024
"""Side of a painting that is asked for."""


class LayoutView(Protocol):
    """Where the renderer reads back what the scene's shapes look like in rough cells."""

    on_layout: Callable[[float, ByteArray], None] | None
    per_second: float


class PictureFades(Protocol):
    """Where the renderer shows the composed picture."""

    def reconfigure(self, config: PictureConfig, /) -> None:
        """Go on with other settings."""


class PictureView(Protocol):
    """What this module needs of the renderer."""

    @property
    def layout(self) -> LayoutView:
        """Reads layouts back."""

    @property
    def picture(self) -> PictureFades:
        """Shows pictures."""

    def shows_picture(self, scene: SceneState, /) -> bool:
        """Whether the composed picture can be seen in ``scene``."""

    def set_picture(self, frame: PictureFrame, t_s: float, /) -> None:
        """Fade to a new picture, or to how it is now."""

    def layout_now(self, scene: SceneState, /) -> ByteArray:
        """(LAYOUT, LAYOUT, 4) uint8 of the shapes of ``scene``, at once."""

    def show_painting(self, rgba: ByteArray, t_s: float, seconds: float, /) -> None:
        """Show a painting large for so long."""


class PictureReport(Protocol):
    """What this module needs of the report."""

    def pictured(self, compute_ms: float, /) -> None:
        """A frame of a picture was handed over."""


class PictureDelivery:
    """Main thread only. ``event`` goes to the show; ``store`` is handed paintings that are to be kept; ``painting_px`` says how
    large a painting of the whole screen would be."""

    def __init__(
        self,
        worker: GenerationWorker,
        renderer: PictureView,
        config: PictureConfig,
        event: Callable[[str, list[object]], None],
        store: Store,
        painting_px: Callable[[], int],
    ) -> None:
        self._worker, self._renderer, self._event = worker, renderer, event
        self._store, self._painting_px = store, painting_px
        self._occasion = Occasion(config.another_s)
        self._layout: tuple[float, ByteArray] | None = None
        self._picture_seq = self._painting_seq = self._ordered = 0
        self._came_s: float | None = None
        self._asked_s: float | None = None
        self._requested_s: float | None = None
        self._share = 1.0
        """Of the strength: less while no picture can be painted."""
        self._picture_number = 0
        self.reconfigure(config)

    def reconfigure(self, config: PictureConfig) -> None:
        """Go on with other settings."""
        self._config = config
        self._occasion.another_s = config.another_s
        layout = self._renderer.layout
        layout.per_second = config.per_second
        # A layout that nobody uses is not read back.
        layout.on_layout = self._take_layout if self._is_wanted and config.shapes > 0 else None
        self._send_strength()

    def ask(self, scene: SceneState, now_s: float) -> None:
        """``scene`` is about to be drawn: ask for a picture that suits it."""
        occasion = self._occasion.update(scene)
        if self._is_wanted and self._is_due(scene, now_s):
            self._requested_s = now_s
            layout = self._layout
            new = layout[1] if layout is not None and now_s - layout[0] <= LAYOUT_KEPT_S else None
            self._worker.request_picture(_request(scene, now_s, occasion, new))
        self._fade(now_s)

    def paint(self, scene: SceneState, now_s: float) -> None:
        """Have ``scene`` painted well; the newest order that was not begun counts."""
        self._ordered += 1
        size_px = min(max(self._painting_px(), MIN_PX), MAX_PX)
        layout = read_only(self._renderer.layout_now(scene))
        request = _request(scene, now_s, self._occasion.number, layout)
        self._worker.paint(PaintOrder(now_s, self._ordered, request, size_px))

    def take(self, now_s: float, report: PictureReport) -> None:
        """Hand over what is ready."""
        for done in self._worker.take_pictures_done():
            self._event("picture_done", [done.source, done.number, done.size_px, done.compute_ms])
        if (new := newer(self._worker.pictures, self._picture_seq)) is not None:
            self._picture_seq, frame = new
            self._came_s, self._picture_number = now_s, frame.number
            self._renderer.set_picture(frame, now_s)
            report.pictured(frame.compute_ms)
        if (finished := newer(self._worker.paintings, self._painting_seq)) is not None:
            self._painting_seq, painting = finished
            self._show(painting, now_s)

    def describe(self) -> str:
        """For the operator: which picture is shown."""
        return f"picture {self._picture_number}" if self._share > 0 and self._picture_number else "no picture"

    @property
    def _is_wanted(self) -> bool:
        return self._config.enabled and self._config.strength > 0

    def _is_due(self, scene: SceneState, now_s: float) -> bool:
        since_s = None if self._requested_s is None else now_s - self._requested_s
        return since_s is None or not 0 <= since_s < UNSEEN_S or self._renderer.shows_picture(scene)

    def _take_layout(self, t_s: float, rgba: ByteArray) -> None:
        self._layout = t_s, rgba

    def _show(self, painting: FinishedPainting, now_s: float) -> None:
        self._renderer.show_painting(painting.rgba, now_s, self._config.shown_s)
        number, seconds = painting.number, painting.seconds
        if self._config.keep:
            self._store(painting.rgba[:, :, :3], lambda name: self._event("painted", [number, name, seconds]))
        else:
            self._event("painted", [number, "", seconds])

    def _fade(self, now_s: float) -> None:
        """Let the picture go while none can be painted, and come again."""
        dt_s = 0.0 if self._asked_s is None else min(max(now_s - self._asked_s, 0.0), 0.1)
        self._asked_s = now_s
        gone = not self._is_wanted or (self._came_s is not None and now_s - self._came_s > GONE_S)
        share = min(max(self._share + (-dt_s if gone else dt_s) / FADE_S, 0.0), 1.0)
        if share != self._share:
            self._share = share
            self._send_strength()

    def _send_strength(self) -> None:
        config, share = self._config, self._share
        # Switched off, it is shown until it has faded.
        update = {"strength": config.strength * share, "enabled": config.enabled or share > 0}
        self._renderer.picture.reconfigure(config.model_copy(update=update))


def newer(mailbox: Latest[T], seq: int) -> tuple[int, T] | None:
    """The newest value with its number, where that is above ``seq``; it is taken then. Does not wait."""
    return mailbox.wait_newer(seq, 0.0) if mailbox.peek()[0] > seq else None


def _request(scene: SceneState, t_s: float, occasion: int, layout: ByteArray | None) -> PictureRequest:
    return PictureRequest(t_s, scene.emotion, scene.valence, scene.arousal, occasion, layout)
