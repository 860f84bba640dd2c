"""The style networks: one reads a painting into numbers, the other paints any picture in the style that such numbers say.

Magenta's arbitrary image stylisation (Ghiasi et al. 2017): a style is 100 numbers; numbers in between give styles in between.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.generation.seamless import wrapped
from installation.types import ByteArray, FloatArray

STYLE = 100
"""Numbers to a style."""
SEEN_PX, PAINTED_PX = 256, 384
"""What the reading and the painting network take; both are square and know no other size."""
LARGEST = 100.0
"""Of a style's numbers; those of paintings stay below 3."""
_READ = Expected((1, 1, 1, STYLE), low=-LARGEST, high=LARGEST)
_PAINTED = Expected((1, PAINTED_PX, PAINTED_PX, 3))


class StyleReader(OnnxModel):
    """models/fetched/style_predict.onnx: a picture to its 100 numbers. Raises UnusableModelError for a broken or other file."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        if list(self.inputs.values()) != [[1, SEEN_PX, SEEN_PX, 3]]:
            raise UnusableModelError(f"{path} does not read styles: its inputs are {dict(self.inputs)}")
        (self._input,) = self.inputs
        self.try_out({self._input: np.full((1, SEEN_PX, SEEN_PX, 3), 0.5, np.float32)}, _READ)

    def read(self, rgb: ByteArray) -> FloatArray:
        """(H, W, 3 or 4) uint8 sRGB -> (100,); the middle square is read."""
        seen = square(rgb, SEEN_PX).astype(np.float32)[None] / 255
        return self.answer({self._input: seen}, _READ).reshape(STYLE)


class Stylist(OnnxModel):
    """models/fetched/style_transform.onnx: paints a picture anew. Raises UnusableModelError for a file that cannot be used."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        shapes = {tuple(shape): name for name, shape in self.inputs.items()}
        try:
            self._content = shapes[(1, PAINTED_PX, PAINTED_PX, 3)]
            self._style = shapes[(1, 1, 1, STYLE)]
        except KeyError as error:
            raise UnusableModelError(f"{path} is no style network: its inputs are {dict(self.inputs)}") from error
        content = np.full((1, PAINTED_PX, PAINTED_PX, 3), 0.5, np.float32)
        self.try_out({self._content: content, self._style: np.zeros((1, 1, 1, STYLE), np.float32)}, _PAINTED)

    def texture(self, rgba: ByteArray, style: FloatArray, colours: float = 1.0) -> ByteArray:
        """(S, S, 4) uint8 sRGB, tileable, S even and at most 384 -> the same in the style of ``style`` (100,), tileable.

        The strokes become the painting's; the colours too with ``colours`` 1, while 0 keeps mean and spread as they were, for
        they say what was asked for. The network sees the picture with its surroundings on the torus, so that borders go on.
        """
        size = rgba.shape[0]
        if size > PAINTED_PX or size % 2:
            raise ValueError(f"a texture to style must have an even size up to {PAINTED_PX} pixels, not {size}")
        margin = (PAINTED_PX - size) // 2
        painted = self._paint(wrapped(rgba[:, :, :3], margin), style)
        return _opaque(coloured(painted[margin : margin + size, margin : margin + size], rgba, 1 - colours))

    def picture(self, rgb: ByteArray, style: FloatArray) -> ByteArray:
        """The middle square of (H, W, 3) uint8 sRGB as (384, 384, 4), opaque, in the style of ``style`` (100,)."""
        return _opaque(self._paint(square(rgb, PAINTED_PX), style))

    def whole(self, rgb: ByteArray, style: FloatArray, colours: float = 1.0) -> ByteArray:
        """All of (H, W, 3) uint8 sRGB as (H, W, 4), opaque, in the style of ``style`` (100,); ``colours`` as ``texture``."""
        height, width = rgb.shape[:2]
        squeezed = np.asarray(cv2.resize(rgb, (PAINTED_PX, PAINTED_PX), interpolation=cv2.INTER_AREA), np.uint8)
        painted = coloured(self._paint(squeezed, style), rgb, 1 - colours)
        return _opaque(np.asarray(cv2.resize(painted, (width, height), interpolation=cv2.INTER_AREA), np.uint8))

    def _paint(self, rgb: ByteArray, style: FloatArray) -> ByteArray:
        content = rgb.astype(np.float32)[None] / 255
        painted = self.answer({self._content: content, self._style: style.reshape(1, 1, 1, STYLE)}, _PAINTED)[0]
        return np.asarray(np.clip(painted, 0, 1) * 255 + 0.5, np.uint8)


def coloured(rgb: ByteArray, like: ByteArray, share: float) -> ByteArray:
    """(H, W, 3) uint8 with mean and spread of each channel moved by ``share`` [0, 1] towards those of ``like`` (after
    Reinhard et al. 2001, who do so in a space of their own)."""
    if share <= 0:
        return rgb
    unit, wanted = rgb.astype(np.float32), like[:, :, :3].astype(np.float32)
    mean, spread = unit.mean((0, 1)), unit.std((0, 1)) + 1
    new_mean = mean + share * (wanted.mean((0, 1)) - mean)
    new_spread = spread + share * (wanted.std((0, 1)) + 1 - spread)
    return np.asarray(np.clip((unit - mean) * (new_spread / spread) + new_mean, 0, 255) + 0.5, np.uint8)


def square(rgb: ByteArray, size_px: int) -> ByteArray:
    """The middle square of (H, W, C) as (size_px, size_px, 3)."""
    side = min(rgb.shape[:2])
    top, left = ((size - side) // 2 for size in rgb.shape[:2])
    middle = rgb[top : top + side, left : left + side, :3]
    how = cv2.INTER_AREA if side > size_px else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(middle, (size_px, size_px), interpolation=how), np.uint8)


def _opaque(rgb: ByteArray) -> ByteArray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
