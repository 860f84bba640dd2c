"""The network that repaints what is drawn, in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.types import ByteArray, FloatArray

STRIDE = 4
"""Height and width that the network takes are multiples of this; others are shrunk to the next."""
MIN_PX = 16
TRIAL_PX = (48, 64)
MOST_CHANNELS = 256
"""Of the ground."""


class Grounds:
    """The noise that an empty room is painted from: one endless map, of which each size shows the middle, so that the
    ground stays where it is when the picture is made in another form.

    The channels have waves of different length: a quarter of them changes from cell to cell, the others over 4, 16 and 48
    cells. Each has mean 0 and variance 1.
    """

    SIDE = 192
    WAVES = (1, 4, 16, 48)

    def __init__(self, channels: int, seed: int = 1) -> None:
        rng = np.random.default_rng([seed, 21])
        self._map = np.stack([self._channel(self.WAVES[k * 4 // channels], rng) for k in range(channels)])[None]

    def of(self, rows: int, columns: int, moved: tuple[int, int] = (0, 0)) -> FloatArray:
        """(1, channels, rows, columns) float32, the map's middle or what lies ``moved`` cells down and right of it; beyond
        SIDE the map begins again."""
        y = np.arange(rows) - rows // 2 + moved[0]
        x = np.arange(columns) - columns // 2 + moved[1]
        return np.ascontiguousarray(self._map[:, :, y[:, None] % self.SIDE, x % self.SIDE])

    def _channel(self, wave: int, rng: np.random.Generator) -> FloatArray:
        coarse = rng.standard_normal((self.SIDE // wave,) * 2, np.float32)
        # Three times the map side by side: its middle third closes on itself.
        wide = cv2.resize(np.tile(coarse, (3, 3)), (3 * self.SIDE,) * 2, interpolation=cv2.INTER_CUBIC)
        found = np.asarray(wide[self.SIDE : 2 * self.SIDE, self.SIDE : 2 * self.SIDE], np.float32)
        return np.asarray((found - found.mean()) / found.std(), np.float32)


class Translator(OnnxModel):
    """models/translate.onnx: a picture of any size and an affect give the painting of it.

    Repainting is what the running piece does with its picture; this image-to-image translation network is one of the two
    ways to do it (``repainting.manner: network``), the other is style_painter.py. Has no memory: the same picture, affect and
    ``seed`` give the same painting. Not thread-safe. Raises UnusableModelError for a file that is missing, broken or another
    network, MemoryError where it does not fit.
    """

    def __init__(self, path: Path, provider: str = "auto", threads: int = 1, seed: int = 1) -> None:
        super().__init__(path, provider, threads)
        inputs = self.inputs
        if set(inputs) != {"rgb", "affect", "ground"}:
            raise UnusableModelError(f"{path} is not a translation: its inputs are {sorted(inputs)}")
        channels = inputs["ground"][1] if len(inputs["ground"]) == 4 else None
        if not isinstance(channels, int) or not 0 < channels <= MOST_CHANNELS:
            raise UnusableModelError(
                f"{path}: its input ground is {tuple(inputs['ground'])}; expected is (1, C, h, w), C from 1 to {MOST_CHANNELS}"
            )
        self._grounds = Grounds(channels, seed)
        self._ground = self._grounds.of(4, 4)
        feeds = self._feeds(np.full((*TRIAL_PX, 3), 128, np.uint8), np.zeros(4, np.float32))
        self.try_out(feeds, Expected((1, 3, *TRIAL_PX)))

    def translate(self, rgb: ByteArray, affect: FloatArray) -> ByteArray:
        """(H, W, 4) uint8 sRGB, opaque, of a picture (H, W, 3) uint8 sRGB, row 0 on top, and an affect (4,) in [-1, 1].

        Raises UnusableModelError for another shape, for numbers that are not finite, and where the network fails or gives
        anything but a painting, MemoryError.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or min(rgb.shape[:2]) < MIN_PX:
            raise UnusableModelError(
                f"a picture must be (H, W, 3) uint8, {MIN_PX} pixels or more, not {rgb.shape} {rgb.dtype}"
            )
        wish = np.asarray(affect, np.float32)
        if wish.shape != (4,) or not np.isfinite(wish).all():
            raise UnusableModelError("an affect must be four finite numbers")
        height, width = rgb.shape[:2]
        fitting = (height - height % STRIDE, width - width % STRIDE)
        seen = rgb
        if fitting != (height, width):
            seen = np.asarray(cv2.resize(rgb, fitting[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        painted = self.answer(self._feeds(seen, wish), Expected((1, 3, *fitting)))[0]
        out = np.empty((*fitting, 4), np.uint8)
        np.multiply(np.clip(painted, 0, 1).transpose(1, 2, 0), 255, out=out[:, :, :3], casting="unsafe")
        out[:, :, 3] = 255
        if fitting != (height, width):
            out = np.asarray(cv2.resize(out, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
        return out

    def _feeds(self, rgb: ByteArray, affect: FloatArray) -> dict[str, FloatArray]:
        """The inputs for a picture whose sides are multiples of STRIDE."""
        cells = (rgb.shape[0] // STRIDE, rgb.shape[1] // STRIDE)
        if self._ground.shape[2:] != cells:
            self._ground = self._grounds.of(*cells)
        picture = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], np.float32) * np.float32(1 / 255)
        return {"rgb": picture, "affect": np.clip(affect, -1, 1)[None], "ground": self._ground}
