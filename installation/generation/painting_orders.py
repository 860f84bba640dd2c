"""Paintings asked for by ``paint``: several are painted of one moment, the best is enlarged."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np

from installation.base.clock import Clock
from installation.base.mailbox import Latest
from installation.base.notices import Notices
from installation.config.picture import PictureConfig
from installation.generation.affect import affect_of
from installation.generation.candidates import REMEMBERED, Candidate, score
from installation.generation.enlarging import Enlarging
from installation.generation.layout import masses, painters_layout
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.generation.picture_painter import PicturePainter
from installation.types import LAYOUT, ByteArray, FloatArray, PictureRequest, read_only

log = logging.getLogger(__name__)

STAGE = "painting"
CELLS = 8
"""Across and down: so coarsely a painting is compared with its layout."""
AGREEMENT = 0.5
"""What keeping the layout's light and dark is worth, in units of affect."""
LONGEST_S = 1.0
"""No further candidate is begun after so long: the visitor is waiting."""
FIRST_NUMBER = 1_000_000
"""Orders' latents are none that the pictures of a run come to."""


@dataclass(frozen=True, slots=True, eq=False)
class PaintOrder:
    """``request`` holds mood and layout of the moment; ``size_px`` is the painting's side. Ordered at ``t_s`` seconds."""

    t_s: float
    number: int
    request: PictureRequest
    size_px: int


@dataclass(frozen=True, slots=True, eq=False)
class FinishedPainting:
    """``rgba`` (S, S, 4) uint8 sRGB, opaque, row 0 on top, of order ``number``; ready at ``t_s``, after ``seconds``."""

    t_s: float
    number: int
    rgba: ByteArray
    seconds: float


def agreement(rgba: ByteArray, mass: FloatArray) -> float:
    """[-1, 1]: correlation of a picture's luminance and its layout's (``masses``) at 8 x 8 cells, weighted by cover; 0 where
    the layout says nothing."""
    step = LAYOUT // CELLS
    cells = mass.reshape(CELLS, step, CELLS, step, 4).mean((1, 3))
    weight = cells[:, :, 3]
    total = float(weight.sum())
    if total < 1:
        return 0.0
    asked = cells[:, :, :3].mean(2) / np.maximum(weight, 1e-3)
    small = cv2.resize(rgba, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    painted = small[:, :, :3].astype(np.float32).mean(2) / 255
    a, b = (values - float((weight * values).sum()) / total for values in (asked, painted))
    spread = float((weight * a * a).sum() * (weight * b * b).sum())
    return float((weight * a * b).sum()) / spread**0.5 if spread > 1e-8 else 0.0


class PaintingOrders:
    """One order waits at most, the newest; ``finished`` holds what came of the last one. ``order`` may be called from any
    thread, ``work`` from the worker's only."""

    def __init__(
        self, config: PictureConfig, painter: PicturePainter, enlarging: Enlarging, clock: Clock, notices: Notices
    ) -> None:
        self.finished: Latest[FinishedPainting] = Latest("finished paintings")
        self._config, self._painter, self._enlarging = config, painter, enlarging
        self._clock, self._notices = clock, notices
        self._order: PaintOrder | None = None
        self._lock = threading.Lock()
        self._shown: deque[FloatArray] = deque(maxlen=REMEMBERED)

    def reconfigure(self, config: PictureConfig) -> None:
        """Go on with other settings."""
        self._config = config

    def order(self, order: PaintOrder) -> None:
        """Paint this; replaces an order that was not begun."""
        with self._lock:
            self._order = order

    @property
    def waiting(self) -> bool:
        """Whether there is an order that was not begun."""
        return self._order is not None

    def work(self) -> None:
        """Paint what was ordered, if anything was. What keeps it from that is a fault."""
        with self._lock:
            order, self._order = self._order, None
        if order is None:
            return
        now_s = self._clock.now()
        if not self._config.enabled:
            self._notices.fault(STAGE, "no painting: picture.enabled is false; set it to true")
            return
        model = self._painter.loaded(now_s)
        if model is None:
            self._notices.fault(STAGE, f"no painting: {self._config.model} cannot paint now; key H says why")
            return
        try:
            rgba = self._best(model, order)
            large = self._enlarging.picture(rgba, order.size_px, self._config.provider, now_s)
        except Exception as error:  # noqa: BLE001 - memory, driver, model: whatever it is, the piece goes on
            self._notices.fault(STAGE, f"no painting: {error}")
            return
        self._notices.resolve(STAGE)
        done_s = self._clock.now()
        if not self.finished.closed:
            self.finished.put(FinishedPainting(done_s, order.number, read_only(large), max(0.0, done_s - order.t_s)))
        log.info("painting %d: %.2f s", order.number, done_s - order.t_s)

    def close(self) -> None:
        """Nothing is finished any more."""
        self.finished.close()

    def _best(self, model: PictureGenerator, order: PaintOrder) -> ByteArray:
        """The best of the candidates. Raises ValueError for wrong numbers, UnusableModelError, MemoryError."""
        affect, mass = affect_of(order.request), masses(order.request.layout)
        layout = painters_layout(mass, self._config.shapes)
        found: list[tuple[float, ByteArray, Candidate]] = []
        until_s = self._clock.now() + LONGEST_S
        for variant in range(self._config.candidates):
            if found and self._clock.now() >= until_s:
                break
            walk = PictureWalk(model.shapes, self._painter.seed, FIRST_NUMBER + order.number, variant)
            rgba = model.paint(affect, walk.at(0.0), layout)
            answers = self._painter.answers(rgba, np.asarray(order.request.emotion, np.float32), self._clock.now())
            one = Candidate.of(variant, rgba, model.scale, answers)
            worth = score(one, affect, list(self._shown)) + AGREEMENT * agreement(rgba, mass)
            found.append((worth, rgba, one))
        log.debug("painting %d: the best of %d", order.number, len(found))
        _, rgba, one = max(found, key=lambda entry: entry[0])
        self._shown.append(one.likeness)
        return rgba
