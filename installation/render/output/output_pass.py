"""The last pass: the finished picture through each output's warp, soft edges and colours into the window."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Protocol

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import moderngl
import numpy as np
import numpy.typing as npt
import pygame
import pygame.font

from installation.base.names import printable
from installation.config.output import OutputConfig, ScreenConfig, TestPattern
from installation.render.output import warp
from installation.render.shaders.programs import SHADERS, Program

PATTERNS: tuple[TestPattern, ...] = ("none", "grid", "ramp", "colour")
NAME_SIZE = (512, 64)
TINTS = ((0.35, 0.72, 0.95), (0.96, 0.66, 0.32), (0.55, 0.86, 0.50), (0.90, 0.50, 0.74), (0.86, 0.84, 0.42))
"""Colours of the outputs in the test pattern, sRGB; the sixth begins again."""


class Text(Protocol):
    """What is written over the picture; the operator's ``Hud`` is one."""

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Where it stands in a picture of this size: left, bottom, width, height in [0, 1]; width 0 hides it."""
        ...

    def use(self, unit: int) -> None:
        """Bind it."""
        ...


class _Output:
    """One screen's mesh, its program and the uniforms that only its settings decide."""

    def __init__(self, context: Any, screen: ScreenConfig, number: int) -> None:
        self._context, self.number = context, number
        self._vertices: Any = None
        self._indices: Any = None
        self._array: Any = None
        self._built: Any = None
        self._screen: ScreenConfig | None = None
        self.tint = TINTS[number % len(TINTS)]
        self.set(screen)

    def set(self, screen: ScreenConfig) -> None:
        """Take over settings; what is on the GPU is written only where it changes."""
        if screen == self._screen:
            return
        self._screen = screen
        vertices, indices = warp.mesh(screen)
        data, order = vertices.tobytes(), indices.tobytes()
        if self._vertices is not None and (self._vertices.size, self._indices.size) == (len(data), len(order)):
            self._vertices.write(data)
            self._indices.write(order)
        else:
            self.release()
            self._vertices, self._indices = self._context.buffer(data), self._context.buffer(order)
        self.straight = warp.is_straight(screen)
        self.is_coloured = not warp.is_uncoloured(screen)
        blended = any(warp.edge_widths(screen))
        plain = "output" if self.straight else "output_bent"
        self.program = ("output_blended" if blended else "output_graded") if self.is_coloured else plain
        self.part, self.black = tuple(screen.picture), screen.black
        self.uniforms: tuple[tuple[str, Any], ...] = (
            ("u_edges", warp.edge_widths(screen)),
            ("u_edge_curve", screen.edge_curve),
            ("u_gain", tuple(screen.brightness * gain for gain in screen.gains)),
            ("u_gamma", screen.gamma),
            ("u_black", screen.black),
            ("u_feather", 0.0 if self.straight else 1.0),
        )

    def render(self, program: Program) -> None:
        """Draw the mesh with a program whose uniforms are set."""
        if self._array is None or self._built is not program.program:
            if self._array is not None:
                self._array.release()
            self._built = program.program
            content = [(self._vertices, "3f 2f", "in_place", "in_part")]
            self._array = self._context.vertex_array(self._built, content, index_buffer=self._indices)
        self._array.render(moderngl.TRIANGLES)

    def release(self) -> None:
        """Free the mesh."""
        for part in (self._array, self._vertices, self._indices):
            if part is not None:
                part.release()
        self._array = self._vertices = self._indices = None


class OutputPass:
    """Draws the finished picture through the warps of ``output.screens``; main thread only.

    A screen that colours nothing costs what a plain copy costs. Meshes are uploaded when settings change and
    nothing is made in ``draw`` once every program has been used. Raises ShaderError when a shader is broken at the start.
    """

    def __init__(self, context: Any, config: OutputConfig) -> None:
        self._context = context
        passes = SHADERS / "passes"
        mesh = passes / "output.vert"
        names = ("output", "output_bent", "output_graded", "output_blended", "output_pattern")
        self._programs = {name: Program(context, mesh, passes / f"{name}.frag") for name in names}
        self._telling = {
            name: Program(context, mesh, passes / f"{name}.frag", defines=("NOTICE",)) for name in names[:-1]
        }
        """The same with what visitors are told over the picture; not over a test pattern."""
        small = [Program(context, passes / "pass.vert", passes / "still.frag", own=("u_step",), defines=words)
                 for words in ((), ("NOTICE",))]  # fmt: skip
        self._flat, self._flat_telling = small
        self._last: tuple[Any, Mapping[str, Any] | None] | None = None
        """The picture that was drawn last, and the uniforms of what visitors were told over it."""
        self._handles = _Handles(context)
        self._outputs: list[_Output] = []
        self._names: Any = None
        self._named: tuple[str, ...] = ()
        self._name_boxes: list[tuple[float, float, float, float]] = []
        self._size: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
        self.light = 1.0
        """Share of the picture's light, [0, 1]; test patterns and text have all of it."""
        self.reconfigure(config)

    def programs(self) -> list[Program]:
        """What an artist may edit while the piece runs; the pass notices by itself when one was built again."""
        drawn = (*self._programs.values(), *self._telling.values())
        return [*drawn, self._flat, self._flat_telling, self._handles.program]

    def reconfigure(self, config: OutputConfig) -> None:
        """Go on with other screens or another test pattern."""
        self._size = ((0, 0), (0, 0))
        self._screens = list(config.screens) or [ScreenConfig()]
        self._shown = PATTERNS.index(config.test_pattern)
        for output in self._outputs[len(self._screens) :]:
            output.release()
        del self._outputs[len(self._screens) :]
        for number, screen in enumerate(self._screens):
            if number < len(self._outputs):
                self._outputs[number].set(screen)
            else:
                self._outputs.append(_Output(self._context, screen, number))
        first = self._screens[0]
        self._covers = len(self._screens) == 1 and self._outputs[0].straight and first.place == [0.0, 0.0, 1.0, 1.0]
        if self._shown:
            self._write_names(tuple(screen.name or str(n) for n, screen in enumerate(self._screens, start=1)))

    def picture_size(self, window: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of the whole picture in the window's pixels: what should be drawn for it (portrait screens)."""
        if self._size[0] != window:
            self._size = window, warp.picture_size(self._screens, window)
        return self._size[1]

    def set_handles(self, vertices: npt.NDArray[np.float32] | None) -> None:
        """Lines and handles over everything: (M, 9) float32 as ``handles.triangles`` gives them, or None for none."""
        self._handles.set(vertices)

    def draw(
        self,
        source: Any,
        text: Text | None,
        framebuffer: Any,
        size: tuple[int, int],
        notice: Mapping[str, Any] | None = None,
    ) -> None:
        """Draw ``source`` (an RGBA8 texture, sRGB, row 0 at the bottom) into the window of ``size`` pixels. ``notice``: the
        uniforms of what visitors are told, while they are."""
        context, self._last = self._context, (source, notice)
        framebuffer.use()
        context.viewport = (0, 0, *size)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        if not self._covers:
            framebuffer.clear(0.0, 0.0, 0.0, 1.0)
        picture_px = self.picture_size(size)
        source.use(0)
        if text is not None:
            text.use(1)
        if self._shown:
            self._names.use(2)
        box = text.box(*picture_px) if text is not None else (0.0, 0.0, 0.0, 1.0)
        for output in self._outputs:
            self._draw_output(output, box, picture_px, notice)
        self._handles.draw(context)

    def draw_flat(self, framebuffer: Any, size: tuple[int, int]) -> bool:
        """Draw what ``draw`` was given last, small, into ``framebuffer`` of ``size`` pixels, row 0 on top: flat and whole, with
        what visitors are told, without test pattern and text. False, and nothing drawn, before the first picture."""
        if self._last is None:
            return False
        source, notice = self._last
        program = self._flat if notice is None else self._flat_telling
        framebuffer.use()
        self._context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        source.use(0)
        for name, value in (notice or {}).items():
            program.set(name, value)
        program.set("u_dim", self.light ** (1 / 2.2))
        program.set("u_step", (0.25 / size[0], 0.25 / size[1]))
        program.fill()
        return True

    def release(self) -> None:
        """Free everything."""
        flat = (self._flat, self._flat_telling)
        for part in (
            *self._outputs,
            *self._programs.values(),
            *self._telling.values(),
            *flat,
            self._handles,
            self._names,
        ):
            if part is not None:
                part.release()
        self._outputs, self._names = [], None

    def _draw_output(
        self, output: _Output, box: tuple[float, ...], picture_px: tuple[int, int], notice: Mapping[str, Any] | None
    ) -> None:
        programs = self._programs if notice is None or self._shown else self._telling
        program = programs["output_pattern" if self._shown else output.program]
        program.set("u_part", output.part)
        for name, value in output.uniforms if self._shown or output.is_coloured else ():
            program.set(name, value)
        if self._shown:
            program.set("u_pattern", self._shown)
            program.set("u_names", 2)
            program.set("u_name", self._name_boxes[output.number])
            program.set("u_picture_px", picture_px)
            program.set("u_tint", output.tint)
        else:
            program.set("u_source", 0)
            for name, value in (notice or {}).items():
                program.set(name, value)
            # A display's signal goes with about this power of its light; black stays black beside soft edges, too.
            program.set("u_dim", self.light ** (1 / 2.2))
            if self.light < 1 and output.is_coloured:
                program.set("u_black", output.black * self.light)
        program.set("u_text", 1)
        program.set("u_text_box", box)
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


class _Handles:
    """The editor's triangles, in a buffer that only grows."""

    def __init__(self, context: Any) -> None:
        self._context = context
        passes = SHADERS / "passes"
        self.program = Program(context, passes / "output_handles.vert", passes / "output_handles.frag")
        self._buffer: Any = None
        self._array: Any = None
        self._built: Any = None
        self._count = 0

    def set(self, vertices: npt.NDArray[np.float32] | None) -> None:
        """(M, 9) float32: clip x, y; form (3); colour RGBA. None: nothing is drawn."""
        self._count = 0 if vertices is None else len(vertices)
        if vertices is None:
            return
        data = vertices.astype(np.float32).tobytes()
        if self._buffer is None or self._buffer.size < len(data):
            self._free()
            self._buffer = self._context.buffer(reserve=2 * len(data), dynamic=True)
        self._buffer.write(data)

    def draw(self, context: Any) -> None:
        """Draw them over the picture."""
        if not self._count:
            return
        if self._array is None or self._built is not self.program.program:
            if self._array is not None:
                self._array.release()
            self._built = self.program.program
            content = [(self._buffer, "2f 3f 4f", "in_place", "in_form", "in_colour")]
            self._array = context.vertex_array(self._built, content)
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self._array.render(moderngl.TRIANGLES, vertices=self._count)
        context.disable(moderngl.BLEND)

    def release(self) -> None:
        """Free everything."""
        self._free()
        self.program.release()

    def _free(self) -> None:
        for part in (self._array, self._buffer):
            if part is not None:
                part.release()
        self._array = self._buffer = None
