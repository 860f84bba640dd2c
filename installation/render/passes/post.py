"""From the scene's linear light to the finished picture: glow, then tone map."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.render.passes.targets import Targets
from installation.render.shaders.programs import SHADERS, Program

THRESHOLD = 0.55
"""Linear light above which parts glow over."""


class Post:
    """The passes after the scene."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        self._down = Program(context, passes / "pass.vert", passes / "bloom_down.frag")
        self._up = Program(context, passes / "pass.vert", passes / "bloom_up.frag")
        self._finish = Program(context, SHADERS / "scenes" / "screen.vert", passes / "finish.frag")
        self._smooth = Program(context, passes / "pass.vert", passes / "smooth.frag", own=("u_before", "u_hold"))
        self._smooth.set("u_before", 1)
        self._smooth.set("u_hold", 2)
        self._nothing = context.texture((1, 1), 1, bytes(1))
        self._turn = 0
        self._before: Targets | None = None
        """Whose picture was shown before."""
        self.programs = [self._down, self._up, self._finish, self._smooth]

    def glow(self, targets: Targets, levels: int) -> Any:
        """The texture of what glows over in ``targets``; ``levels`` doubles its reach each."""
        context, source = self._context, targets.colour
        bloom = targets.bloom[:levels]
        for level, (texture, framebuffer) in enumerate(bloom):
            framebuffer.use()
            source.use(0)
            if level < 2:
                self._down.set("u_threshold", THRESHOLD if level == 0 else 0.0)
            self._down.fill()
            source = texture
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        for level in range(len(bloom) - 1, 0, -1):
            texture = bloom[level][0]
            bloom[level - 1][1].use()
            texture.use(0)
            self._up.fill()
        context.disable(moderngl.BLEND)
        return targets.bloom[0][0]

    def finish(self, targets: Targets, glow: Any, exposure: float, saturation: float) -> None:
        """Tone-map into ``targets.finished``. ``glow`` is one of the whole picture, whatever part ``targets`` holds."""
        targets.finish.use()
        targets.colour.use(0)
        glow.use(1)
        self._finish.set("u_exposure", exposure)
        self._finish.set("u_saturation", saturation)
        self._finish.fill()

    def smooth(self, picture: Any, targets: Targets, hold: Any) -> Any:
        """Anti-alias ``picture`` (a texture, sRGB, its alpha the brightness); gives the texture of the result, one of
        ``targets``. ``hold``: a texture whose red says how much of the picture given before stays, or None: nothing."""
        before, turn = self._before, self._turn
        shown = picture if before is None or before.is_released else before.smoothed[turn][0]
        self._before, self._turn = targets, 1 - turn
        texture, framebuffer = targets.smoothed[1 - turn]
        picture.use(0)
        shown.use(1)
        (self._nothing if hold is None else hold).use(2)
        framebuffer.use()
        self._smooth.fill()
        return texture

    def release(self) -> None:
        """Free all."""
        for part in (*self.programs, self._nothing):
            part.release()
