"""What only the operator reads, over what the outputs show: test pattern, text, handles of the warp editor.

Drawn by itself, after films, screenshots and stills have taken the picture, so that none of them can ever hold it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import moderngl
import numpy as np
import numpy.typing as npt
import pygame
import pygame.font

from installation.base.names import printable
from installation.config.output import TestPattern
from installation.render.output import warp
from installation.render.output.output_mesh import OutputMesh
from installation.render.shaders.programs import SHADERS, Program

PATTERNS: tuple[TestPattern, ...] = ("none", "grid", "ramp", "colour")
NAME_SIZE = (512, 64)
OVER = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
"""Blending that leaves the window as opaque as it was."""
Box = tuple[float, float, float, float]
Point = npt.NDArray[np.float64]


class Text(Protocol):
    """What is written over the picture; the operator's ``Hud`` is one."""

    def box(self, width: int, height: int) -> Box:
        """Where it stands in a picture of this size: left, bottom, width, height in [0, 1]; width 0 hides it."""
        ...

    def use(self, unit: int) -> None:
        """Bind it."""
        ...


class OperatorLayer:
    """Main thread only; nothing is made in ``draw``, and nothing drawn where there is nothing to read."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        self._pattern = Program(context, passes / "output.vert", passes / "output_pattern.frag")
        written = passes / "output.vert", passes / "output_text.frag"
        self._text, self._graded = Program(context, *written), Program(context, *written, defines=("GRADED",))
        self._handles = _Handles(context)
        self._shown = 0
        self._names: Any = None
        self._named: tuple[str, ...] = ()
        self._name_boxes: list[Box] = []

    def programs(self) -> list[Program]:
        """What an artist may edit while the piece runs."""
        return [self._pattern, self._text, self._graded, self._handles.program]

    def show_pattern(self, pattern: TestPattern, names: tuple[str, ...]) -> None:
        """Show a test pattern, "none" for none, with the outputs' ``names``."""
        self._shown = PATTERNS.index(pattern)
        if self._shown:
            self._write_names(names)

    def set_handles(self, vertices: npt.NDArray[np.float32] | None) -> None:
        """Lines and handles over everything: (M, 9) float32 as ``handles.triangles`` gives them, or None for none."""
        self._handles.set(vertices)

    def draw(
        self,
        outputs: Sequence[OutputMesh],
        text: Text | None,
        framebuffer: Any,
        size: tuple[int, int],
        picture_px: tuple[int, int],
    ) -> None:
        """Draw over what ``outputs`` show in the window of ``size`` pixels, of a picture of ``picture_px``."""
        box = text.box(*picture_px) if text is not None else (0.0, 0.0, 0.0, 1.0)
        if not (self._shown or box[2] > 0 or self._handles.count):
            return
        context = self._context
        framebuffer.use()
        context.viewport = (0, 0, *size)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        if self._shown:
            self._names.use(2)
            for output in outputs:
                self._draw_pattern(output, picture_px)
        context.enable(moderngl.BLEND)
        context.blend_func = OVER
        if text is not None and box[2] > 0:
            text.use(1)
            for output in outputs:
                self._draw_text(output, box, framebuffer, size, picture_px)
            framebuffer.scissor = None
        self._handles.draw(context)
        context.disable(moderngl.BLEND)

    def release(self) -> None:
        """Free everything."""
        for part in (self._pattern, self._text, self._graded, self._handles, self._names):
            if part is not None:
                part.release()
        self._names = None

    def _draw_pattern(self, output: OutputMesh, picture_px: tuple[int, int]) -> None:
        program = self._pattern
        for name, value in output.uniforms:
            program.set(name, value)
        program.set("u_part", output.part)
        program.set("u_pattern", self._shown)
        program.set("u_names", 2)
        program.set("u_name", self._name_boxes[output.number])
        program.set("u_picture_px", picture_px)
        program.set("u_tint", output.tint)
        output.render(program)

    def _draw_text(
        self, output: OutputMesh, box: Box, framebuffer: Any, size: tuple[int, int], picture_px: tuple[int, int]
    ) -> None:
        """Only where it stands: a processor that draws would look at every pixel of the window."""
        left, top, width, height = output.part
        low = np.maximum(((box[0] - left) / width, (1.0 - box[1] - box[3] - top) / height), 0.0)
        high = np.minimum(((box[0] + box[2] - left) / width, (1.0 - box[1] - top) / height), 1.0)
        if (low >= high).any():
            return  # none of it is in this output's part
        framebuffer.scissor = _pixels(output, low, high, size) if output.straight else None
        is_plain = output.straight and not output.is_coloured
        program = self._text if is_plain else self._graded
        for name, value in () if is_plain else output.uniforms:
            program.set(name, value)
        program.set("u_part", output.part)
        program.set("u_text", 1)
        program.set("u_text_box", box)
        program.set("u_picture_px", picture_px)
        output.render(program)

    def _write_names(self, names: tuple[str, ...]) -> None:
        """The names one below the other, white on black."""
        if names == self._named and self._names is not None:
            return
        self._named = names
        pygame.font.init()
        font = pygame.font.Font(None, round(NAME_SIZE[1] * 0.9))
        page = pygame.Surface((NAME_SIZE[0], NAME_SIZE[1] * len(names)), depth=32)
        self._name_boxes = []
        for number, name in enumerate(names):
            word = font.render(printable(name), True, (255, 255, 255))
            page.blit(word, (12, number * NAME_SIZE[1] + (NAME_SIZE[1] - word.get_height()) // 2))
            width = min(1.0, (word.get_width() + 24) / NAME_SIZE[0])
            self._name_boxes.append((0.0, number / len(names), width, 1 / len(names)))
        red = np.ascontiguousarray(np.frombuffer(pygame.image.tobytes(page, "RGB"), np.uint8)[::3])
        if self._names is None or self._names.size != page.get_size():
            if self._names is not None:
                self._names.release()
            self._names = self._context.texture(page.get_size(), 1)
            self._names.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._names.write(red.tobytes())


def _pixels(output: OutputMesh, low: Point, high: Point, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The window's pixels round a rectangle of the part of an output that is not bent: left, bottom, width, height."""
    origin, right, below = warp.part_of(output.screen, ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
    turn = np.linalg.inv(np.stack([right - origin, below - origin], axis=1))
    corners = warp.to_window(output.screen, (np.stack([low, high]) - origin) @ turn.T) * size
    (x0, y0), (x1, y1) = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    return int(x0), int(size[1] - y1), int(x1 - x0), int(y1 - y0)


class _Handles:
    """The editor's triangles, in a buffer that only grows."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        self.program = Program(context, passes / "output_handles.vert", passes / "output_handles.frag")
        self._buffer: Any = None
        self._array: Any = None
        self._built: Any = None
        self.count = 0

    def set(self, vertices: npt.NDArray[np.float32] | None) -> None:
        """(M, 9) float32: clip x, y; form (3); colour RGBA. None: nothing is drawn."""
        self.count = 0 if vertices is None else len(vertices)
        if vertices is None:
            return
        data = vertices.astype(np.float32).tobytes()
        if self._buffer is None or self._buffer.size < len(data):
            self._free()
            self._buffer = self._context.buffer(reserve=2 * len(data), dynamic=True)
        self._buffer.write(data)

    def draw(self, context: Any) -> None:
        """Draw them over the picture; blending is on."""
        if not self.count:
            return
        if self._array is None or self._built is not self.program.program:
            if self._array is not None:
                self._array.release()
            self._built = self.program.program
            content = [(self._buffer, "2f 3f 4f", "in_place", "in_form", "in_colour")]
            self._array = context.vertex_array(self._built, content)
        self._array.render(moderngl.TRIANGLES, vertices=self.count)

    def release(self) -> None:
        """Free everything."""
        self._free()
        self.program.release()

    def _free(self) -> None:
        for part in (self._array, self._buffer):
            if part is not None:
                part.release()
        self._array = self._buffer = None
