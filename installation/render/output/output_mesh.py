"""One output's mesh: where its part of the picture stands in the window."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.config.output import ScreenConfig
from installation.render.output import warp
from installation.render.shaders.programs import Program

TINTS = ((0.35, 0.72, 0.95), (0.96, 0.66, 0.32), (0.55, 0.86, 0.50), (0.90, 0.50, 0.74), (0.86, 0.84, 0.42))
"""Colours of the outputs in the test pattern, sRGB; the sixth begins again."""


class OutputMesh:
    """One screen's mesh, its program and the uniforms that only its settings decide."""

    def __init__(self, context: Any, screen: ScreenConfig, number: int) -> None:
        self._context, self.number = context, number
        self._vertices: Any = None
        self._indices: Any = None
        self._arrays: dict[Program, tuple[Any, Any]] = {}
        """For each program that drew it: what it was built as, and the vertex array."""
        self.tint = TINTS[number % len(TINTS)]
        self._build(screen)

    def set(self, screen: ScreenConfig) -> None:
        """Take over settings; what is on the GPU is written only where it changes."""
        if screen != self.screen:
            self._build(screen)

    def _build(self, screen: ScreenConfig) -> None:
        self.screen = screen
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
        built, array = self._arrays.get(program, (None, None))
        if built is not program.program:
            if array is not None:
                array.release()
            content = [(self._vertices, "3f 2f", "in_place", "in_part")]
            array = self._context.vertex_array(program.program, content, index_buffer=self._indices)
            self._arrays[program] = program.program, array
        array.render(moderngl.TRIANGLES)

    def release(self) -> None:
        """Free the mesh."""
        for part in (*(array for _, array in self._arrays.values()), self._vertices, self._indices):
            if part is not None:
                part.release()
        self._arrays.clear()
        self._vertices = self._indices = None
