"""Frame buffers of one inner size: the scene in linear light, the glow's levels, the finished picture."""

from __future__ import annotations

from typing import Any

import moderngl

BLOOM_LEVELS = 4
MAX_SIZES = 4
"""Of so many sizes the frame buffers are kept: quality levels go up and down, scenes of different sizes take turns. Each size
holds up to 90 MB at 1440 lines, and those of a window that is being resized would stay for ever."""


class Targets:
    """Made once for a size and kept."""

    def __init__(self, context: Any, size: tuple[int, int]) -> None:
        self.size = size
        self.colour = context.texture(size, 4, dtype="f2")
        self.depth = context.depth_renderbuffer(size)
        self.scene = context.framebuffer([self.colour], self.depth)
        self.bloom: list[tuple[Any, Any]] = []
        width, height = size
        for _ in range(BLOOM_LEVELS):
            width, height = max(2, width // 2), max(2, height // 2)
            texture = context.texture((width, height), 4, dtype="f2")
            self.bloom.append((texture, context.framebuffer([texture])))
        self.finished = context.texture(size, 4)
        self.finish = context.framebuffer([self.finished])
        smoothed = [context.texture(size, 4) for _ in range(2)]
        self.smoothed = [(texture, context.framebuffer([texture])) for texture in smoothed]
        """They take turns: the picture before is looked at while the next one is made."""
        self.is_released = False
        for texture in (self.colour, self.finished, *smoothed, *(level for level, _ in self.bloom)):
            texture.repeat_x = texture.repeat_y = False
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)

    def release(self) -> None:
        """Free all."""
        self.is_released = True
        for part in (self.scene, self.finish, self.colour, self.depth, self.finished):
            part.release()
        for texture, framebuffer in (*self.bloom, *self.smoothed):
            framebuffer.release()
            texture.release()


class TargetPool:
    """The frame buffers of the MAX_SIZES sizes that were drawn last."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._by_size: dict[tuple[int, int], Targets] = {}

    def get(self, size: tuple[int, int]) -> Targets:
        """Those of ``size``; made where there are none, in the place of those that were not asked for the longest."""
        found = self._by_size.pop(size, None)
        if found is None:
            if len(self._by_size) >= MAX_SIZES:
                self._by_size.pop(next(iter(self._by_size))).release()
            found = Targets(self._context, size)
        self._by_size[size] = found
        return found

    def release(self) -> None:
        """Free all."""
        for targets in self._by_size.values():
            targets.release()
        self._by_size.clear()
