"""The generated pictures that the shapes wear: the newest fades in over the time that pictures take to come."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from installation.types import ByteArray

FIRST_FADE_S = 0.5
MAX_FADE_S = 2.0


class WornTexture:
    """Two textures that take turns. Nothing is allocated while pictures keep their size."""

    def __init__(self, context: Any) -> None:
        self._context = context
        grey = np.full((2, 2, 4), 128, np.uint8)
        self._pair = [self._make(grey), self._make(grey)]
        self._newest = 0
        self._put_s: float | None = None
        self._fade_s = FIRST_FADE_S

    def put(self, rgba: ByteArray, t_s: float) -> None:
        """Begin to fade to ``rgba`` (S, S, 4) uint8 sRGB, row 0 on top, at ``t_s`` seconds. ValueError for another shape."""
        if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.shape[0] != rgba.shape[1] or rgba.dtype != np.uint8:
            raise ValueError(f"a texture must be (S, S, 4) uint8, not {rgba.shape} {rgba.dtype}")
        if self._put_s is not None and t_s > self._put_s:
            # The measured interval, eased so that one late picture does not make the next one crawl.
            self._fade_s = min(MAX_FADE_S, 0.7 * self._fade_s + 0.3 * (t_s - self._put_s))
        self._put_s = t_s
        self._newest = 1 - self._newest
        texture = self._pair[self._newest]
        if texture.size != (rgba.shape[1], rgba.shape[0]):
            texture.release()
            self._pair[self._newest] = self._make(rgba)
        else:
            texture.write(np.ascontiguousarray(rgba[::-1]))
            texture.build_mipmaps()

    def share(self, t_s: float) -> float:
        """How far the newest has faded in at ``t_s`` seconds, in [0, 1]."""
        if self._put_s is None:
            return 1.0
        return min(max((t_s - self._put_s) / max(self._fade_s, 1e-3), 0.0), 1.0)

    def use(self, before_unit: int, newest_unit: int) -> None:
        """Bind both."""
        self._pair[1 - self._newest].use(before_unit)
        self._pair[self._newest].use(newest_unit)

    def release(self) -> None:
        """Free both."""
        for texture in self._pair:
            texture.release()

    def _make(self, rgba: ByteArray) -> Any:
        size = (rgba.shape[1], rgba.shape[0])
        # GL_SRGB8_ALPHA8: the sampler gives linear light and filters in it.
        texture = self._context.texture(size, 4, np.ascontiguousarray(rgba[::-1]), internal_format=0x8C43)
        texture.repeat_x = texture.repeat_y = True
        texture.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        texture.build_mipmaps()
        return texture
