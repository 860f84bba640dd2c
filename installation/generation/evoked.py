"""What emotion a picture evokes in those who look at it, as models/art.onnx reads it: shares of twenty emotions.

Three things are kept apart: what a visitor *shows* (types.EMOTIONS), what a picture is asked to *depict* (affect.py), and what
it *evokes* (here). ANSWER is where the first meets the last: what a picture should evoke where a visitor shows something.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.types import EMOTIONS, ByteArray, FloatArray

EVOKED = (
    "agreeableness", "anger", "anticipation", "arrogance", "disagreeableness", "disgust", "fear", "gratitude", "happiness",
    "humility", "love", "optimism", "pessimism", "regret", "sadness", "shame", "shyness", "surprise", "trust", "neutral",
)  # fmt: skip
"""What people could name before a work of art, in the order of the shares (Mohammad and Kiritchenko 2018)."""
ANSWER = {
    "angry": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprise": "surprise",
}
"""A visitor shows: a picture evokes. Neutral is answered by nothing: too few works evoke it for it to be read."""
MOST = 3.0
"""In deviations: what stands out further counts as so much."""
_WEIGHTS = np.zeros((len(EMOTIONS), len(EVOKED)), np.float32)
for _shown, _evoked in ANSWER.items():
    _WEIGHTS[EMOTIONS.index(_shown), EVOKED.index(_evoked)] = 1.0
_WEIGHTS.setflags(write=False)


class EvokedReader(OnnxModel):
    """models/art.onnx. Not thread-safe. Raises UnusableModelError for a file that is missing, broken or another network."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        shape = self.inputs.get("rgb", [])
        side = shape[0] if shape else None
        if set(self.inputs) != {"rgb"} or not isinstance(side, int) or list(shape) != [side, side, 3]:
            raise UnusableModelError(f"{path} does not read what pictures evoke: its inputs are {dict(self.inputs)}")
        self.side_px: int = side
        self._mean, self._deviation = (self._row(key) for key in ("evoked_mean", "evoked_deviation"))
        if not (self._deviation > 0).all():
            raise UnusableModelError(f"{path}: evoked_deviation must be above 0")
        self.try_out({"rgb": np.full((side, side, 3), 128, np.uint8)}, _SHARES)

    def shares(self, rgb: ByteArray) -> FloatArray:
        """(H, W, 3 or 4) uint8 sRGB -> (20,): the share of people who would name each of EVOKED before it. The whole picture is
        squeezed to a square. Raises UnusableModelError, MemoryError."""
        size = (self.side_px, self.side_px)
        small = rgb[:, :, :3]
        if small.shape[:2] != size:
            how = cv2.INTER_AREA if min(small.shape[:2]) >= self.side_px else cv2.INTER_LINEAR
            small = cv2.resize(np.ascontiguousarray(small), size, interpolation=how)
        found = self.answer({"rgb": np.ascontiguousarray(small)}, _SHARES)
        return np.asarray(found, np.float32)

    def standing(self, shares: FloatArray) -> FloatArray:
        """(..., 20) shares -> how far each stands out from what works of art evoke, in deviations of the readings of them."""
        return np.asarray((shares - self._mean) / self._deviation, np.float32)

    def answers(self, rgb: ByteArray, shown: FloatArray) -> float:
        """How far a picture evokes what ANSWER wants where ``shown`` (7,) is shown: standing weighted by the probabilities."""
        standing = np.clip(self.standing(self.shares(rgb)), -MOST, MOST)
        return float(shown @ _WEIGHTS @ standing)

    def _row(self, key: str) -> FloatArray:
        try:
            found = np.array(self.metadata[key].split(), np.float32)
        except (KeyError, ValueError):
            found = np.zeros(0, np.float32)
        if found.shape != (len(EVOKED),) or not np.isfinite(found).all():
            raise UnusableModelError(f"{self.path}: its metadata has no {key} of {len(EVOKED)} numbers")
        return found


_SHARES = Expected((len(EVOKED),))
