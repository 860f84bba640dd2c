"""The room behind everything as a small picture: it is soft, and so it need not be large."""

from __future__ import annotations

import math
from typing import Any, Literal

import moderngl

from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

PROCESSOR_PX, GPU_PX = 13_000, 60_000
"""Pixels of it: where a processor draws they are a tenth to a sixth of the picture's."""
Part = Literal["whole", "air", "ground"]
HORIZON = 0.4
"""Scene units below the middle: air and ground meet there (place_horizon_y of shaders/lib/place/floor.glsl)."""
KEPT = 3
"""Forms (sizes) that are kept: a large capture has the window's form, or one of its own."""


class Room:
    """Its programs and, for each form of the picture, texture and frame buffer."""

    def __init__(self, context: Any, on_processor: bool) -> None:
        self._context, self._on_processor = context, on_processor
        passes, screen = SHADERS / "passes", SHADERS / "scenes" / "screen.vert"
        self._small = Program(context, passes / "pass.vert", passes / "room.frag")
        word = ("ON_PROCESSOR",) if on_processor else ()
        shown = passes / "backdrop.frag"
        self._plain = Program(context, screen, shown, defines=word)
        self._with_camera = Program(context, screen, shown, defines=("CAMERA", *word))
        self.programs = [self._small, self._plain, self._with_camera]
        self._targets: dict[tuple[int, int], tuple[Any, Any]] = {}
        self._drawn: Any = None
        self._key: tuple[Any, ...] = ()
        self._target: Any = None
        self._rows: dict[Part, tuple[int, int, int, int]] = {}
        """Of the picture size and quality that were drawn last: the frame buffer, and each part of it."""

    def draw(self, size: tuple[int, int], quality: float, part: Part = "whole") -> None:
        """Draw it for a picture of ``size`` pixels, with the frame block and the composed picture bound, and bind it.
        A ``part`` of it leaves the rest as it was: they meet at the horizon, where no seam shows.

        ``quality``: the quality level's factor on pixels; where a processor draws fewer of them, the room has fewer, too.
        """
        if self._key != (size, quality):
            self._key = size, quality
            self._prepare(size, quality)
        target = self._target
        target.use()
        target.scissor = self._rows[part]
        self._small.fill()
        target.scissor = None
        self.use()

    def use(self) -> None:
        """Bind it, as it was drawn last."""
        self._drawn.use(UNITS["u_backdrop"])

    def fill(self, camera: bool) -> None:
        """Fill what is drawn to with it, and with the camera's picture before it."""
        (self._with_camera if camera else self._plain).fill()

    def release(self) -> None:
        """Free all."""
        self._free()
        for program in self.programs:
            program.release()

    def _prepare(self, picture: tuple[int, int], quality: float) -> None:
        pixels = PROCESSOR_PX * min(quality, 1.0) if self._on_processor else GPU_PX
        size = width, height = room_size(picture, pixels)
        if size not in self._targets:
            if len(self._targets) >= KEPT:
                self._free()
            texture = self._context.texture(size, 4, dtype="f2")
            texture.repeat_x = texture.repeat_y = False
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            self._targets[size] = (texture, self._context.framebuffer([texture]))
        self._drawn, self._target = self._targets[size]
        ground = round(height * 0.5 * (1.0 - HORIZON * min(picture) / picture[1]))
        self._rows = {
            "whole": (0, 0, width, height),
            "ground": (0, 0, width, ground),
            "air": (0, ground, width, height - ground),
        }

    def _free(self) -> None:
        for texture, target in self._targets.values():
            target.release()
            texture.release()
        self._targets.clear()


def room_size(size: tuple[int, int], pixels: float) -> tuple[int, int]:
    """(width, height) of about ``pixels`` pixels in the form of ``size``."""
    scale = math.sqrt(pixels / (size[0] * size[1]))
    return max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
