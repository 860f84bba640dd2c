"""The room and its light by direction as two small pictures."""

from __future__ import annotations

import math
from typing import Any, Literal

import moderngl

from installation.render.passes.room import Room
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

SIDE_PX, LEVELS = 48, 4
"""As in shaders/lib/light/environment.glsl."""
Turn = Literal["goes on", "hold", "anew"]
KEPT_S = 0.07
"""Where a processor draws, the light is not drawn anew sooner."""


class Environment:
    """The room, and the light that comes from it: program, texture and frame buffer."""

    def __init__(self, context: Any, block: FrameBlock, on_processor: bool) -> None:
        self.room, self._block = Room(context, on_processor), block
        self._on_processor = on_processor
        self._size: tuple[float, float] = (0, 0)
        self._drawn_s, self._lit_s = -math.inf, -math.inf
        self._program = Program(context, SHADERS / "passes" / "pass.vert", SHADERS / "passes" / "environment.frag")
        self._texture = context.texture((SIDE_PX * LEVELS, SIDE_PX), 4, dtype="f2")
        self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._target = context.framebuffer([self._texture])

    @property
    def programs(self) -> list[Program]:
        """All, the room's among them."""
        return [*self.room.programs, self._program]

    def draw(self, size: tuple[float, float], t_s: float, quality: float, turn: Turn = "goes on") -> None:
        """Draw both for a picture of ``size`` pixels at ``t_s`` seconds, with the frame block and the pictures bound, and bind
        them. ``quality`` as ``Room.draw``.

        Where a processor draws, a bit of the room, but where it is "anew"; on "hold", before that, it is as it was shown last.
        """
        goes_on = self._on_processor and size == self._size and turn != "anew"
        if goes_on and turn == "hold":
            self.room.hold()
            self._light_up()
            return
        goes_on = goes_on and t_s > self._drawn_s
        self.room.draw(size, quality, self._block, t_s - self._drawn_s if goes_on else None)
        self._size, self._drawn_s = size, t_s
        if not goes_on or t_s - self._lit_s > KEPT_S:
            self._lit_s = t_s
            self._light_up()
            self.room.use()
        self._texture.use(UNITS["u_environment"])

    def use(self) -> None:
        """Bind both, as they were drawn last."""
        self.room.use()
        self._texture.use(UNITS["u_environment"])

    def _light_up(self) -> None:
        """The light of the room that is bound."""
        self._target.use()
        self._program.fill()
        self._texture.use(UNITS["u_environment"])

    def release(self) -> None:
        """Free all."""
        for part in (self._target, self._texture, self._program, self.room):
            part.release()
