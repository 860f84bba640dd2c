"""Finds what flashes in the finished picture, so that it is held back: no more than three general or red flashes a second.

The limits are those of WCAG 2.2 (success criterion 2.3.1) and ITU-R BT.1702. Which way each of many cells turned last, in light
and in saturated red, and when fields of ten degrees rose, lives in small textures that take turns; nothing is read back. Where
a field has flashed three times within a second, ``Post.smooth`` keeps the picture before on, as a long exposure would: no light
is lost, and motion stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np

from installation.base.notices import Notices
from installation.render.shaders.programs import SHADERS, Program

FLASHES = "flash limiter"
"""The stage of the notice that nothing limits flashes."""
CELLS, FIELDS = (64, 36), (16, 9)
"""Across and up: what is looked at (half a degree, where the picture has thirty), and the fields' middles."""
_DARK, _FELL = (-1.0, 60.0, 60.0, 60.0), (60.0,) * 4
"""A cell that was black, and long ago rose and fell."""
_EVEN = (0.0, 60.0, 60.0, 60.0)
_STILL, _FREE = (128, 128, 0, 255), (0, 0, 0, 255)
_FIND = {"u_changes_before": _STILL, "u_light_before": _DARK, "u_red_before": _DARK, "u_fell_before": _FELL}
_HOLD = {"u_hold_before": _FREE, "u_fields_before": _EVEN, "u_red_before": _EVEN}
"""What the two passes remember, in the order of their outputs, and how it begins."""


class FlashLimiter:
    """GL thread only. The frame block tells how much time has passed."""

    def __init__(self, context: Any) -> None:
        passes = SHADERS / "passes"
        vertex = passes / "pass.vert"
        self._find = Program(context, vertex, passes / "flashes.frag", own=("u_cells", *_FIND))
        self._hold = Program(context, vertex, passes / "flash_hold.frag", own=tuple(_HOLD))
        self.programs = [self._find, self._hold]
        self._cells = _Memory(context, CELLS, _FIND)
        self._fields = _Memory(context, FIELDS, _HOLD)
        self._find.set("u_cells", (float(CELLS[0]), float(CELLS[1])))
        for program, names in ((self._find, _FIND), (self._hold, _HOLD)):
            for unit, name in enumerate(names, start=1):
                program.set(name, unit)

    def judge(self, picture: Any) -> Any:
        """Look at ``picture`` (a texture, finished, sRGB), the next one in time; gives a texture over the whole picture: red is
        the share of the picture shown before that must stay, [0, 1]."""
        picture.use(0)
        self._cells.turn()
        self._find.fill()
        self._cells.first.use(0)
        self._fields.turn()
        self._hold.fill()
        return self._fields.first

    def release(self) -> None:
        """Free everything."""
        for memory in (self._cells, self._fields):
            memory.release()
        for program in self.programs:
            program.release()


def tell_of_limiter(is_on: bool, notices: Notices) -> None:
    """Say for as long as it is off that it is."""
    if is_on:
        notices.withdraw(FLASHES)
    else:
        notices.fallback(FLASHES, "the flash limiter is off (output.flash_limit): nothing holds flashes down")


class _Memory:
    """Textures of one size that a pass writes anew from what they were, in two sets that take turns."""

    def __init__(self, context: Any, size: tuple[int, int], starts: Mapping[str, tuple[float, ...]]) -> None:
        self._sets = [[_texture(context, size, start) for start in starts.values()] for _ in range(2)]
        self._targets = [context.framebuffer(textures) for textures in self._sets]
        self._now = 0

    @property
    def first(self) -> Any:
        """The first texture, as it was written last."""
        return self._sets[self._now][0]

    def turn(self) -> None:
        """Bind what was written last to the units from 1 on, and draw to the others."""
        for unit, texture in enumerate(self._sets[self._now], start=1):
            texture.use(unit)
        self._now = 1 - self._now
        self._targets[self._now].use()

    def release(self) -> None:
        """Free everything."""
        for part in (*self._targets, *(texture for textures in self._sets for texture in textures)):
            part.release()


def _texture(context: Any, size: tuple[int, int], start: tuple[float, ...]) -> Any:
    """Whole numbers: eight bits, read softly; others: floats, read as they are."""
    is_soft = isinstance(start[0], int)
    data = np.broadcast_to(np.array(start, np.uint8 if is_soft else np.float32), (size[1], size[0], 4)).tobytes()
    texture = context.texture(size, 4, data, dtype="f1" if is_soft else "f4")
    texture.repeat_x = texture.repeat_y = False
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR) if is_soft else (moderngl.NEAREST, moderngl.NEAREST)
    return texture
