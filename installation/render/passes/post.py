"""From the scene's linear light to the finished picture: glow, then tone map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import moderngl

from installation.config.wall import WHOLE, Part
from installation.render.passes.targets import Targets
from installation.render.shaders.programs import SHADERS, Program

THRESHOLD = 0.55
"""Linear light above which parts glow over."""


FLOOR_TOP = -0.60
"""Scene units: the mirroring floor lies below (place_floor_y of shaders/lib/place/floor.glsl, at its highest)."""


@dataclass(frozen=True)
class View:
    """A picture of ``size`` (width, height) pixels, and its ``part`` (left, bottom, width, height in [0, 1]) that is drawn."""

    size: tuple[float, float]
    part: Part


def floor_height(size: tuple[float, float]) -> float:
    """The share of a picture of ``size``, from its bottom, in which the floor may mirror."""
    return 0.5 + 0.5 * FLOOR_TOP * min(size) / size[1]


class Post:
    """The passes after the scene."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes, screen = SHADERS / "passes", SHADERS / "scenes" / "screen.vert"
        self._bright, self._down = (
            Program(context, passes / "pass.vert", passes / "bloom_down.frag") for _ in range(2)
        )
        self._bright.set("u_threshold", THRESHOLD)
        self._down.set("u_threshold", 0.0)
        self._up = Program(context, passes / "pass.vert", passes / "bloom_up.frag")
        self._finish = Program(context, screen, passes / "finish.frag")
        self._mirror = Program(context, screen, passes / "finish.frag", defines=("MIRROR",))
        self._smooth = Program(context, passes / "pass.vert", passes / "smooth.frag")
        self._held = Program(
            context, passes / "held.vert", passes / "held.frag", own=("u_before", "u_hold", "u_part_held")
        )
        self._held.set("u_before", 1)
        self._held.set("u_hold", 2)
        self._turn = 0
        self._before: Targets | None = None
        """Whose picture was shown before."""
        self.programs = [self._bright, self._down, self._up, self._finish, self._mirror, self._smooth, self._held]

    def glow(self, targets: Targets, levels: int) -> Any:
        """The texture of what glows over in ``targets``; ``levels`` doubles its reach each."""
        context, source = self._context, targets.colour
        bloom = targets.bloom[:levels]
        for level, (texture, framebuffer) in enumerate(bloom):
            framebuffer.use()
            source.use(0)
            (self._down if level else self._bright).fill()
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

    def finish(self, targets: Targets, glow: Any, exposure: float, saturation: float, view: View) -> None:
        """Tone-map into ``targets.finished``. ``glow`` is one of the whole picture, whatever part of it ``targets`` holds."""
        targets.finish.use()
        targets.colour.use(0)
        glow.use(1)
        width, height = targets.size
        strip = min(max(round((floor_height(view.size) - view.part[1]) / view.part[3] * height), 0), height)
        # What mirrors costs a read more: it is drawn with a program of its own, only where the floor is.
        for program, bottom, top in ((self._mirror, 0, strip), (self._finish, strip, height)):
            if top > bottom:
                targets.finish.scissor = (0, bottom, width, top - bottom)
                program.set("u_exposure", exposure)
                program.set("u_saturation", saturation)
                program.fill()
        targets.finish.scissor = None

    def smooth(self, picture: Any, targets: Targets, hold: Any, part: Part = WHOLE) -> Any:
        """Anti-alias ``picture`` (a texture, sRGB, its alpha the brightness); gives the texture of the result, one of
        ``targets``. ``hold``: a texture whose red says how much of the picture given before stays, or None: nothing; it is over
        the whole picture, of which ``picture`` is the ``part`` (left, bottom, width, height)."""
        before, turn = self._before, self._turn
        shown = picture if before is None or before.is_released else before.smoothed[turn][0]
        self._before, self._turn = targets, 1 - turn
        texture, framebuffer = targets.smoothed[1 - turn]
        picture.use(0)
        framebuffer.use()
        self._smooth.fill()
        if hold is not None:
            shown.use(1)
            hold.use(2)
            self._held.set("u_part_held", part)
            self._held.fill(6 * hold.width * hold.height)
        return texture

    def release(self) -> None:
        """Free all."""
        for part in self.programs:
            part.release()
