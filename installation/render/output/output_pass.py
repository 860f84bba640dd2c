"""The last pass: the finished picture through each output's warp, soft edges and colours into the window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from installation.config.output import OutputConfig, ScreenConfig
from installation.render.output import warp
from installation.render.output.operator_layer import OperatorLayer, Text
from installation.render.output.output_mesh import OutputMesh
from installation.render.shaders.programs import SHADERS, Program


class OutputPass:
    """Draws the finished picture through the warps of ``output.screens``; main thread only.

    ``draw`` gives the picture and ``draw_over`` what only the operator reads; between the two films, screenshots and stills are
    taken. A screen that colours nothing costs what a plain copy costs. Meshes are uploaded when settings change and
    nothing is made in ``draw`` once every program has been used. Raises ShaderError when a shader is broken at the start.
    """

    def __init__(self, context: Any, config: OutputConfig) -> None:
        self._context = context
        passes = SHADERS / "passes"
        mesh = passes / "output.vert"
        names = ("output", "output_bent", "output_graded", "output_blended")
        self._programs = {name: Program(context, mesh, passes / f"{name}.frag") for name in names}
        self._telling = {name: Program(context, mesh, passes / f"{name}.frag", defines=("NOTICE",)) for name in names}
        """The same with what visitors are told over the picture."""
        small = [Program(context, passes / "pass.vert", passes / "still.frag", own=("u_step",), defines=words)
                 for words in ((), ("NOTICE",))]  # fmt: skip
        self._flat, self._flat_telling = small
        self._see_through: dict[bool, Program] = {}
        """As these two, with an alpha; by whether visitors are told something. Made when it is first asked for."""
        self._last: tuple[Any, Mapping[str, Any] | None] | None = None
        """The picture that was drawn last, and the uniforms of what visitors were told over it."""
        self._operator = OperatorLayer(context)
        self._outputs: list[OutputMesh] = []
        self._size: tuple[tuple[int, int], tuple[int, int]] = ((0, 0), (0, 0))
        self.light = 1.0
        """Share of the picture's light, [0, 1]; what the operator reads has all of it."""
        self.reconfigure(config)

    def programs(self) -> list[Program]:
        """What an artist may edit while the piece runs; the pass notices by itself when one was built again."""
        drawn = (*self._programs.values(), *self._telling.values())
        return [*drawn, self._flat, self._flat_telling, *self._see_through.values(), *self._operator.programs()]

    def reconfigure(self, config: OutputConfig) -> None:
        """Go on with other screens or another test pattern."""
        self._size = ((0, 0), (0, 0))
        self._screens = list(config.screens) or [ScreenConfig()]
        for output in self._outputs[len(self._screens) :]:
            output.release()
        del self._outputs[len(self._screens) :]
        for number, screen in enumerate(self._screens):
            if number < len(self._outputs):
                self._outputs[number].set(screen)
            else:
                self._outputs.append(OutputMesh(self._context, screen, number))
        first = self._screens[0]
        self._covers = len(self._screens) == 1 and self._outputs[0].straight and first.place == [0.0, 0.0, 1.0, 1.0]
        names = tuple(screen.name or str(n) for n, screen in enumerate(self._screens, start=1))
        self._operator.show_pattern(config.test_pattern, names)

    def picture_size(self, window: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of the whole picture in the window's pixels: what should be drawn for it (portrait screens)."""
        if self._size[0] != window:
            self._size = window, warp.picture_size(self._screens, window)
        return self._size[1]

    def set_handles(self, vertices: npt.NDArray[np.float32] | None) -> None:
        """Lines and handles over everything: (M, 9) float32 as ``handles.triangles`` gives them, or None for none."""
        self._operator.set_handles(vertices)

    def draw(
        self, source: Any, framebuffer: Any, size: tuple[int, int], notice: Mapping[str, Any] | None = None
    ) -> None:
        """Draw ``source`` (an RGBA8 texture, sRGB, row 0 at the bottom) into the window of ``size`` pixels. ``notice``: the
        uniforms of what visitors are told, while they are."""
        context, self._last = self._context, (source, notice)
        framebuffer.use()
        context.viewport = (0, 0, *size)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        if not self._covers:
            framebuffer.clear(0.0, 0.0, 0.0, 1.0)
        source.use(0)
        for output in self._outputs:
            self._draw_output(output, notice)

    def draw_over(self, text: Text | None, framebuffer: Any, size: tuple[int, int]) -> None:
        """Draw what only the operator reads over it: test pattern, ``text``, handles. Costs nothing where there is nothing."""
        self._operator.draw(self._outputs, text, framebuffer, size, self.picture_size(size))

    def draw_flat(self, framebuffer: Any, size: tuple[int, int], cover: Any = None) -> bool:
        """Draw what ``draw`` was given last, small, into ``framebuffer`` of ``size`` pixels, row 0 on top: flat and whole, with
        what visitors are told, without test pattern and text. False, and nothing drawn, before the first picture.

        ``cover``: a texture whose alpha says how much shapes cover; then the picture's alpha is that, and 1 under what visitors
        are told. Colours are not multiplied with it."""
        if self._last is None:
            return False
        source, notice = self._last
        program = self._flat if notice is None else self._flat_telling
        if cover is not None:
            program = self._covered(notice is not None)
            cover.use(1)
        framebuffer.use()
        self._context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)
        source.use(0)
        for name, value in (notice or {}).items():
            program.set(name, value)
        program.set("u_dim", self.light ** (1 / 2.2))
        program.set("u_step", (0.25 / size[0], 0.25 / size[1]))
        program.fill()
        return True

    def _covered(self, telling: bool) -> Program:
        found = self._see_through.get(telling)
        if found is None:
            passes, words = SHADERS / "passes", ("COVER", "NOTICE") if telling else ("COVER",)
            own = ("u_step", "u_cover")
            found = Program(self._context, passes / "pass.vert", passes / "still.frag", own=own, defines=words)
            found.set("u_cover", 1)
            self._see_through[telling] = found
        return found

    def release(self) -> None:
        """Free everything."""
        drawn = (*self._programs.values(), *self._telling.values(), self._flat, self._flat_telling)
        drawn = (*drawn, *self._see_through.values())
        for output in self._outputs:
            output.release()
        for program in drawn:
            program.release()
        self._operator.release()
        self._outputs, self._last = [], None

    def _draw_output(self, output: OutputMesh, notice: Mapping[str, Any] | None) -> None:
        program = (self._programs if notice is None else self._telling)[output.program]
        program.set("u_part", output.part)
        for name, value in output.uniforms if output.is_coloured else ():
            program.set(name, value)
        for name, value in (notice or {}).items():
            program.set(name, value)
        # A display's signal goes with about this power of its light; black stays black beside soft edges, too.
        program.set("u_dim", self.light ** (1 / 2.2))
        if self.light < 1 and output.is_coloured:
            program.set("u_black", output.black * self.light)
        output.render(program)
