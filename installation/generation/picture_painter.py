"""Paints one composed picture after another: the generator, its slow walk, and which picture comes next."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from installation.base.model_files import model_file
from installation.base.notices import Notices
from installation.base.onnx_sessions import out_of_memory
from installation.config.picture import PictureConfig
from installation.generation.affect import AFFECT, affect_of
from installation.generation.candidates import Candidate, KeyChooser
from installation.generation.layout import SteadyMasses, masses, painters_layout
from installation.generation.model_loader import Lend, RetriedModel, SteadyStamps, check_provider
from installation.generation.picture_generator import PictureGenerator, PictureWalk
from installation.generation.ranking import Ranking
from installation.types import ByteArray, FloatArray, PictureRequest

log = logging.getLogger(__name__)

STAGE, PROVIDER_STAGE = "pictures", "picture provider"
AFFECT_S = 1.5
"""Time constant in which a picture follows the mood."""
LONGEST_STEP_S = 1.0
"""After a stall the walk goes on from where it was."""
_EXACT = np.zeros(len(AFFECT), np.float32)
_EXACT.setflags(write=False)


@dataclass(frozen=True, eq=False)
class PaintedPicture:
    """``rgba`` (S, S, 4) uint8 sRGB of picture ``number``, by the model ``source``."""

    number: int
    source: str
    rgba: ByteArray


class PicturePainter:
    """Not thread-safe: everything is called from the worker's thread. ``now_s`` is the clock's time in seconds.

    Where the model is missing, broken or raises, no picture comes; the notices say so, and it is tried again.
    """

    def __init__(
        self,
        config: PictureConfig,
        models: Path,
        seed: int,
        notices: Notices,
        ranking: Ranking | None = None,
        lend: Lend | None = None,
    ) -> None:
        """Without ``ranking`` candidates are chosen without what they evoke."""
        self._ranking = ranking
        self._emotion: FloatArray | None = None
        self._config, self._models, self.seed, self._notices = config, models, seed, notices
        self._model: RetriedModel[PictureGenerator] = RetriedModel(STAGE, "no picture is painted", notices, lend)
        self._stamps = SteadyStamps()
        self._chooser = KeyChooser(config.candidates)
        self._number = 0
        self._occasion: int | None = None
        self._walk: PictureWalk | None = None
        self._position = 0.0
        self._moved_s: float | None = None
        self._affect: FloatArray = _EXACT
        self._masses = SteadyMasses()
        self._layout: FloatArray | None = None

    def reconfigure(self, config: PictureConfig) -> None:
        """Go on with other settings; another model is loaded before the next picture."""
        if config.candidates != self._config.candidates:
            self._chooser = KeyChooser(config.candidates)
        self._config = config
        self._model.hurry()

    @property
    def running(self) -> dict[str, str]:
        """{model: provider} of what is loaded now."""
        model = self._model.value
        return {} if model is None else {self._model.name: model.session.where}

    @property
    def unproved(self) -> bool:
        """Whether the model failed and is here again, not yet used."""
        return self._model.unproved

    def loaded(self, now_s: float) -> PictureGenerator | None:
        """The generator, loaded where it is wanted and can be; None while there is none."""
        config = self._config
        if not config.enabled:
            self._model.drop()
            self._walk = None
            self._notices.resolve(PROVIDER_STAGE)
            return None
        path, before = model_file(config.model, self._models), self._model.value
        key = (config.model, config.provider, self._stamps.of(path, now_s))
        model = self._model.get(config.model, key, now_s, partial(PictureGenerator, path, config.provider))
        if model is not None and model is not before:
            log.info("pictures by %s on %s", config.model, model.providers[0])
            check_provider(model, config.provider, PROVIDER_STAGE, self._notices)
            # Other latents: what was begun cannot go on.
            self._walk = None
        return model

    def paint(self, request: PictureRequest, now_s: float) -> PaintedPicture | None:
        """The picture as it is now; None where none can be painted. Another occasion begins another picture. Raises
        ValueError for a request with wrong numbers."""
        affect, mass = affect_of(request), masses(request.layout)
        self._emotion = np.asarray(request.emotion, np.float32)
        model = self.loaded(now_s)
        if model is None:
            return None
        dt_s = 0.0 if self._moved_s is None else min(max(now_s - self._moved_s, 0.0), LONGEST_STEP_S)
        self._moved_s = now_s
        if self._walk is None or request.occasion != self._occasion:
            self._begin(model, request.occasion, affect)
            dt_s = 0.0
        assert self._walk is not None
        self._position += self._config.latent_per_second * dt_s
        self._affect = self._affect + np.float32(1 - math.exp(-dt_s / AFFECT_S)) * (affect - self._affect)
        self._layout = painters_layout(self._masses.follow(mass, dt_s), self._config.shapes)
        try:
            rgba = model.paint(self._affect, self._walk.at(self._position), self._layout)
        except Exception as error:  # noqa: BLE001 - memory, driver, model: whatever it is, the piece goes on
            self.give_up(f"painting pictures failed ({error})", now_s)
            return None
        self._model.worked()
        return PaintedPicture(self._number, self._model.name, rgba)

    def answers(self, rgba: ByteArray, shown: FloatArray, now_s: float) -> float:
        """How far a picture evokes what answers the emotion ``shown`` (7,); 0 where it is not asked for."""
        return 0.0 if self._ranking is None else self._ranking.answers(rgba, shown, now_s)

    def rest(self) -> None:
        """Nobody asks for pictures now: a trouble with them is nobody's."""
        self._model.forget_trouble()

    def give_up(self, why: str, now_s: float) -> None:
        """Drop the generator; no picture is painted until it is tried again."""
        self._model.give_up(why, now_s)

    def try_one(self) -> bool:
        """Paint and measure one more candidate for the next picture; False when there are enough of them."""
        model, wanted = self._model.value, self._chooser.next(self._number - 1)
        if model is None or wanted is None or self._layout is None:
            return False
        try:
            latents = PictureWalk(model.shapes, self.seed, *wanted).at(0.0)
            rgba = model.paint(self._affect, latents, self._layout)
        except Exception as error:  # noqa: BLE001 - a candidate that fails is no loss; the next picture will show it
            log.debug("a candidate failed: %s%s", error, " (no memory)" if out_of_memory(error) else "")
            return False
        found = Candidate.of(wanted[1], rgba, model.scale)
        # What it is off by: the mood may be another one when its time comes.
        answers = 0.0
        if self._emotion is not None:
            answers = self.answers(rgba, self._emotion, self._moved_s or 0.0)
        self._chooser.measured(Candidate(found.variant, found.affect - self._affect, found.likeness, answers))
        return True

    def _begin(self, model: PictureGenerator, occasion: int, affect: FloatArray) -> None:
        """Take the best candidate for the next picture; its mood and layout are those of this moment."""
        chosen = self._chooser.take(self._number, _EXACT)
        self._number += 1
        variant = chosen[1] if chosen is not None else 0
        self._walk = PictureWalk(model.shapes, self.seed, self._number, variant)
        self._occasion, self._position, self._affect = occasion, 0.0, affect
        self._masses.forget()
        log.debug("picture %d, candidate %d", self._number, variant)
