"""The room behind everything as a small picture: it is soft, and so it need not be large. Where a processor draws, it is drawn
bit by bit."""

from __future__ import annotations

import math
from typing import Any

import moderngl

from installation.config.scene_files import ROOMS
from installation.render.passes.room_lots import LOTS
from installation.render.shaders.frame_block import FrameBlock
from installation.render.shaders.programs import SHADERS, Program
from installation.render.shaders.uniforms import UNITS

PROCESSOR_PX, GPU_PX = 26_000, 60_000
"""Pixels of it: where a processor draws they are a fifth to a third of the picture's."""
ROOM_S = 0.2
"""Seconds that a room takes that is drawn bit by bit; then the picture goes over to it in the same time, while the next one is
drawn. It moves slowly: nothing of this is seen, and a picture pays for a fifth of a room at 25 pictures a second."""
MIXED = {"u_scene_before": len(UNITS), "u_scene_after": len(UNITS) + 1}
"""Texture units behind those of the scenes, which have theirs bound already."""
KEPT = 3
"""Forms (sizes) that are kept: a large capture has the window's form, or one of its own."""


class Target:
    """A texture of linear light and the frame buffer that draws into it."""

    def __init__(self, context: Any, size: tuple[int, int]) -> None:
        self.texture = context.texture(size, 4, dtype="f2")
        self.texture.repeat_x = self.texture.repeat_y = False
        self.texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.target = context.framebuffer([self.texture])

    def release(self) -> None:
        """Free both."""
        self.target.release()
        self.texture.release()


class Room:
    """Its programs and, for each form of the picture, textures and frame buffers."""

    def __init__(self, context: Any, on_processor: bool) -> None:
        self._context, self._on_processor = context, on_processor
        passes, screen = SHADERS / "passes", SHADERS / "scenes" / "screen.vert"
        self._kinds = [
            Program(context, passes / "pass.vert", passes / "room.frag", own=("u_room",), defines=(kind.upper(),))
            for kind in ROOMS
        ]
        """One for each: a processor pays for all that a program may draw, whichever it draws."""
        self._layers: list[tuple[Program, int]] = []
        """What makes up the room that is being drawn, one over the other: its program, and which of u_rooms it is."""
        word = ("ON_PROCESSOR",) if on_processor else ()
        shown = passes / "backdrop.frag"
        self._plain = Program(context, screen, shown, defines=word)
        self._with_camera = Program(context, screen, shown, defines=("CAMERA", *word))
        own = (*MIXED, "u_share")
        self._mix = Program(context, passes / "pass.vert", passes / "dissolve.frag", own=own)
        for name, unit in MIXED.items():
            self._mix.set(name, unit)
        self.programs = [*self._kinds, self._plain, self._with_camera, self._mix]
        self._forms: dict[tuple[int, int], list[Target]] = {}
        self._key: tuple[Any, ...] = ()
        self._rooms: list[Target] = []
        """What is shown, what it goes over to once that is there, what is drawn now; then the mixture of the first two."""
        self._goes_over, self._share = False, 0.0
        self._shown: Any = None
        self._is_held = False

    def draw(self, size: tuple[float, float], quality: float, block: FrameBlock, dt_s: float | None) -> None:
        """Draw it for a picture of ``size`` pixels, with the frame block and the composed picture bound, and bind it.

        ``quality``: the quality level's factor on pixels; where a processor draws fewer of them, the room has fewer, too.
        ``dt_s``: seconds since the picture before it, or None for a whole room at once, as it is now.
        """
        if self._key != (size, quality):
            self._key, dt_s = (size, quality), None
            self._prepare(size, quality)
        if dt_s is None or dt_s >= ROOM_S or not self._on_processor:
            self._choose(block)
            self._draw_rows(self._rooms[0], 0.0, 1.0)
            self._goes_over, self._share, self._shown = False, 0.0, self._rooms[0].texture
        else:
            self._go_on(block, dt_s / ROOM_S)
            self._is_held = False
        self.use()

    def hold(self) -> None:
        """Bind what was shown before the whole rooms that have been drawn since the last bit."""
        mixed = self._rooms[3]
        if not self._is_held and self._shown is not mixed.texture:
            self._mix_into(mixed, self._shown, self._shown, 0.0)
        self._is_held = True
        mixed.texture.use(UNITS["u_backdrop"])

    def _go_on(self, block: FrameBlock, step: float) -> None:
        """By ``step`` of a room, in (0, 1). All of it is drawn by the numbers that held when it was begun."""
        if self._share == 0.0:
            block.hold()
            self._choose(block)
        until = min(self._share + step, 1.0)
        block.use(held=True)
        self._draw_rows(self._rooms[2], self._share, until)
        block.use()
        self._share = until
        shown, follows, drawn, mixed = self._rooms
        if self._goes_over:
            self._mix_into(mixed, shown.texture, follows.texture, until)
            self._shown = mixed.texture
        if until == 1.0:
            self._rooms = [follows, drawn, shown, mixed] if self._goes_over else [shown, drawn, follows, mixed]
            self._goes_over, self._share = True, 0.0

    def _choose(self, block: FrameBlock) -> None:
        """The programs for what ``block`` has now: while scenes cross-fade, so do their rooms."""
        kinds, blend = block.values["u_room_kinds"], block.values["u_rooms"][0, LOTS]
        rooms = (0,) if blend >= 1.0 else (1, 0)
        self._layers = [(self._kinds[int(kinds[room])], room) for room in rooms]

    def _mix_into(self, mixed: Target, before: Any, after: Any, share: float) -> None:
        self._mix.set("u_share", share)
        mixed.target.use()
        before.use(MIXED["u_scene_before"])
        after.use(MIXED["u_scene_after"])
        self._mix.fill()

    def _draw_rows(self, room: Target, begin: float, end: float) -> None:
        """From ``begin`` to ``end``, shares of its height from below."""
        width, height = room.texture.size
        bottom = round(begin * height)
        room.target.use()
        room.target.scissor = (0, bottom, width, round(end * height) - bottom)
        for layer, (program, which) in enumerate(self._layers):
            if layer:
                self._context.enable(moderngl.BLEND)
                self._context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
            program.set("u_room", which)
            program.fill()
        self._context.disable(moderngl.BLEND)
        room.target.scissor = None

    def use(self) -> None:
        """Bind it, as it was drawn last."""
        self._shown.use(UNITS["u_backdrop"])

    def fill(self, camera: bool) -> None:
        """Fill what is drawn to with it, and with the camera's picture before it."""
        (self._with_camera if camera else self._plain).fill()

    def release(self) -> None:
        """Free all."""
        self._free()
        for program in self.programs:
            program.release()

    def _prepare(self, picture: tuple[float, float], quality: float) -> None:
        pixels = PROCESSOR_PX * min(quality, 1.0) if self._on_processor else GPU_PX
        size = room_size(picture, pixels)
        if size not in self._forms:
            if len(self._forms) >= KEPT:
                self._free()
            self._forms[size] = [Target(self._context, size) for _ in range(4 if self._on_processor else 1)]
        self._rooms = list(self._forms[size])

    def _free(self) -> None:
        for form in self._forms.values():
            for room in form:
                room.release()
        self._forms.clear()


def room_size(size: tuple[float, float], pixels: float) -> tuple[int, int]:
    """(width, height) of about ``pixels`` pixels in the form of ``size``."""
    scale = math.sqrt(pixels / (size[0] * size[1]))
    return max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
