"""What a candidate picture evokes, where generation.rank_by asks for it: the art model, loaded when it is wanted."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from installation.base.notices import Notices
from installation.config.generation import GenerationConfig
from installation.generation.evoked import EvokedReader
from installation.generation.model_loader import RetriedModel, SteadyStamps
from installation.types import ByteArray, FloatArray

MODEL = "art.onnx"


class Ranking:
    """Not thread-safe: it belongs to the worker's thread. ``now_s`` is the clock's time in seconds."""

    def __init__(self, config: GenerationConfig, models: Path, notices: Notices) -> None:
        self._config, self._models = config, models
        instead = "pictures are ranked without what they evoke"
        self._model: RetriedModel[EvokedReader] = RetriedModel("ranking", instead, notices)
        self._stamps = SteadyStamps()

    def reconfigure(self, config: GenerationConfig) -> None:
        """Go on with other settings."""
        self._config = config
        self._model.hurry()
        if not self._wanted:
            self._model.drop()

    def answers(self, rgba: ByteArray, shown: FloatArray, now_s: float) -> float:
        """How far a picture (H, W, 3 or 4) evokes what answers the emotion ``shown`` (7,), in deviations; 0 where nobody asks
        or the model cannot be used (the notices say so)."""
        if not self._wanted:
            return 0.0
        path = self._models / MODEL
        load = partial(EvokedReader, path)
        model = self._model.get(MODEL, self._stamps.of(path, now_s), now_s, load)
        if model is None:
            return 0.0
        try:
            found = model.answers(rgba, shown)
        except Exception as error:  # noqa: BLE001 - memory, model: whatever it is, the piece goes on
            self._model.give_up(f"the art model failed ({error})", now_s)
            return 0.0
        self._model.worked()
        return found

    @property
    def _wanted(self) -> bool:
        return self._config.rank_by == "affect_and_evoked"
