"""What the scene's shapes look like in LAYOUT x LAYOUT rough cells: from it a picture of the same masses is composed.

Read without a stall: where a GPU draws two small buffers take turns, and each layout comes with the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from installation.render.shaders.programs import SHADERS, Program
from installation.types import LAYOUT, ByteArray, read_only

BYTES = LAYOUT * LAYOUT * 4


class Layout:
    """GL thread only. ``buffered`` reads through pixel buffers: for a GPU.

    ``on_layout`` (time of the picture, (LAYOUT, LAYOUT, 4) uint8, read-only: sRGB colour of the shapes, not multiplied with
    its alpha, which says how much of a cell they cover; row 0 on top) gets them ``per_second`` times a second; None: nobody
    wants them, and nothing is done.
    """

    def __init__(self, context: Any, buffered: bool) -> None:
        self._context, self._buffered = context, buffered
        passes = SHADERS / "passes"
        self.program = Program(context, passes / "pass.vert", passes / "layout.frag", own=("u_cover", "u_cells"))
        self._texture = context.texture((LAYOUT, LAYOUT), 4)
        self._target = context.framebuffer([self._texture])
        self._buffers = [context.buffer(reserve=BYTES) for _ in range(2)] if buffered else []
        self._turn = 0
        self._pending: tuple[Any, float] | None = None
        self._next_s: float | None = None
        self.per_second = 5.0
        self.on_layout: Callable[[float, ByteArray], None] | None = None

    def offer(self, finished: Any, cover: Any, t_s: float) -> None:
        """Give the layout of a picture (texture ``finished``, sRGB; ``cover``: a texture whose alpha says how much shapes
        cover the room) to who wants it, where one is due at ``t_s`` seconds."""
        if self.on_layout is None or self.per_second <= 0 or not self._is_due(t_s):
            return
        self._next_s = t_s + 1 / self.per_second
        self._shrink(finished, cover)
        if not self._buffered:
            self.on_layout(t_s, _upright(self._target.read(components=4)))
            return
        buffer = self._buffers[self._turn]
        self._turn = 1 - self._turn
        self._target.read_into(buffer, components=4)
        before, self._pending = self._pending, (buffer, t_s)
        if before is not None:
            self.on_layout(before[1], _upright(before[0].read()))

    def forget(self) -> None:
        """A layout that is still on its way is not delivered any more."""
        self._pending = None

    def now(self, finished: Any, cover: Any) -> ByteArray:
        """The layout of a picture at once; waits for the GPU."""
        self._shrink(finished, cover)
        return _upright(self._target.read(components=4))

    def release(self) -> None:
        """Free everything."""
        self._pending = None
        for part in (self._target, self._texture, *self._buffers, self.program):
            part.release()

    def _is_due(self, t_s: float) -> bool:
        return self._next_s is None or t_s >= self._next_s or t_s < self._next_s - 1 / self.per_second

    def _shrink(self, finished: Any, cover: Any) -> None:
        self.program.set("u_cover", 1)
        self.program.set("u_cells", float(LAYOUT))
        finished.use(0)
        cover.use(1)
        self._target.use()
        self.program.fill()


def _upright(data: bytes) -> ByteArray:
    return read_only(np.ascontiguousarray(np.frombuffer(data, np.uint8).reshape(LAYOUT, LAYOUT, 4)[::-1]))
