"""The background thread that paints textures, pictures and faces: the newest request in, the newest picture out."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TypeVar

from installation.base.clock import Clock
from installation.base.governor import Governor
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.config.picture import PictureConfig
from installation.generation.background_loop import BackgroundLoop, Turn
from installation.generation.face_painter import FacePainter
from installation.generation.painting_orders import FinishedPainting, PaintingOrders, PaintOrder
from installation.generation.picture_maker import PictureDone, PictureMaker
from installation.generation.server.server import Server
from installation.generation.texture_maker import TextureDone, TextureMaker
from installation.types import (
    AvatarFrame,
    ByteArray,
    FloatArray,
    PictureFrame,
    PictureRequest,
    TextureFrame,
    TextureRequest,
)

T = TypeVar("T")

SHARE = 0.9
"""Of the interval between two textures may go into painting."""
LEAST_SHARE = 0.2
"""Of it is left to the texture, whatever faces and pictures take."""


class GenerationWorker:
    """One thread. Reads ``requests``, publishes ``textures``, ``pictures`` where ``request_picture`` asks for them, ``avatars``
    of the faces it is shown, and ``paintings`` that were ordered.

    The quality level of textures (generated small and enlarged, or at full size) follows from what they take, so that
    ``config.per_second`` is kept. Where a model is missing, broken or raises, the procedural texture takes over, and no picture
    comes; where memory is short, the next cheaper level. The notices say so, and what failed is tried again with growing
    patience. A request with numbers that are not finite is refused and counted.
    """

    def __init__(
        self,
        config: GenerationConfig,
        picture: PictureConfig,
        models: Path,
        seed: int,
        clock: Clock,
        notices: Notices,
        governor: Governor,
        server: Server | None = None,
    ) -> None:
        """``server`` runs the networks while it is well; it is told of other settings from here."""
        self.requests: Latest[TextureRequest] = Latest("texture requests")
        self._config, self._clock, self._governor, self._server = config, clock, governor, server
        lend = None if server is None else server.lend
        self._textures = TextureMaker(config, models, seed, clock, notices, lend)
        enlarging, ranking = self._textures.painter.enlarging, self._textures.painter.ranking
        self._pictures = PictureMaker(picture, models, seed, enlarging, clock, notices, ranking, lend)
        self._faces = FacePainter(clock)
        self._paintings = PaintingOrders(picture, self._pictures.painter, enlarging, clock, notices)
        self._orders: deque[tuple[str, object]] = deque()
        self._turn = Turn()
        self._loop = BackgroundLoop(
            "generation",
            self.requests,
            clock,
            notices,
            governor,
            "generation worker",
            self._prepare,
            self._answer,
            self._tend,
        )

    def start(self) -> None:
        """Begin; returns at once, models are loaded in the thread."""
        self._loop.start()

    def request(self, request: TextureRequest) -> None:
        """Ask for a texture; replaces a request that was not begun."""
        self.requests.put(request)

    def request_picture(self, request: PictureRequest) -> None:
        """Ask for a picture, which is painted in turn with textures; replaces a request that was not begun."""
        self._pictures.request(request)

    def paint(self, order: PaintOrder) -> None:
        """Paint this, the best of several and large; replaces an order that was not begun."""
        self._paintings.order(order)

    def reconfigure(self, config: GenerationConfig, picture: PictureConfig) -> None:
        """Go on with other settings; another model or size is loaded before the next picture."""
        self._orders.append(("settings", (config, picture)))

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
        """Textures that were finished since the last call, oldest first; at most the newest 64."""
        return _taken(self._textures.done)

    def take_pictures_done(self) -> list[PictureDone]:
        """The same for pictures."""
        return _taken(self._pictures.done)

    @property
    def textures(self) -> Latest[TextureFrame]:
        """Generated surfaces."""
        return self._textures.textures

    @property
    def pictures(self) -> Latest[PictureFrame]:
        """Composed pictures."""
        return self._pictures.pictures

    @property
    def avatars(self) -> Latest[AvatarFrame]:
        """Painted faces."""
        return self._faces.avatars

    @property
    def paintings(self) -> Latest[FinishedPainting]:
        """What came of ``paint``."""
        return self._paintings.finished

    @property
    def refused(self) -> tuple[int, int]:
        """How many requests for textures and for pictures had wrong numbers."""
        return self._textures.refused, self._pictures.refused

    @property
    def way(self) -> str:
        """How textures are made now, for the operator: "256 px, quality level 3 of 3"."""
        return self._textures.way

    @property
    def providers(self) -> dict[str, str]:
        """{model: provider} of what runs now; without the generator of textures while the procedural texture stands in."""
        return {**self._textures.painter.running, **self._pictures.painter.running}

    def close(self) -> None:
        """End the thread after the picture in work; at most a second."""
        self._loop.close()
        self._faces.close()
        self._pictures.close()
        self._paintings.close()
        self.textures.close()

    def _prepare(self) -> float:
        """Follow what was asked for since the last picture; gives the seconds between two of what comes most often."""
        while self._orders:
            what, value = self._orders.popleft()
            if isinstance(value, tuple):
                self._config, picture = value
                if self._server is not None:
                    self._server.reconfigure(self._config)
                self._textures.reconfigure(self._config)
                self._pictures.reconfigure(picture)
                self._paintings.reconfigure(picture)
            elif what == "model":
                self._textures.painter.use_model(str(value))
            else:
                self._textures.painter.next_model()
        return 1 / max(self._config.per_second, self._pictures.per_second)

    def _answer(self, request: TextureRequest, number: int, interval_s: float) -> None:
        began_s, faces_per_second = self._clock.now(), self._config.avatars_per_second
        self._paintings.work()
        others = self._faces.share(faces_per_second) + self._pictures.share
        allowed_s = max(SHARE - others, LEAST_SHARE) * interval_s
        may_try = not self._governor.limited
        if self._turn.has_come(began_s, 1 / self._config.per_second):
            self._textures.make(request, number, allowed_s, may_try)
        self._pictures.make()
        if may_try:
            self._pictures.use_spare_time(began_s + SHARE * interval_s)
        self._faces.paint(self._textures.painter.styles, self._textures.position, faces_per_second)

    def _tend(self) -> bool:
        """Load what was missing or is mended; whether it has yet to show that it works, or an order waits."""
        self._textures.find_levels()
        return self._textures.painter.unproved or self._pictures.painter.unproved or self._paintings.waiting


def _taken(done: deque[T]) -> list[T]:
    found = []
    while done:
        found.append(done.popleft())
    return found
