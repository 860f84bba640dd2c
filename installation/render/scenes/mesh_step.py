"""The step that draws a mesh in instances."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import moderngl

from installation.config.scene_files import Draw
from installation.render.scenes import meshes
from installation.render.scenes.step import BirthBuffer, StepValues, instance_count
from installation.render.shaders.programs import Program

LEVELS = (0.34, 0.67, 1.0)
"""Detail up to which each of the three densities of a mesh serves."""


class MeshStep:
    """A mesh in instances, in three densities where the quality may thin it."""

    def __init__(self, context: Any, draw: Draw, program: Program, births: BirthBuffer) -> None:
        self._context, self._draw, self._program, self._births = context, draw, program, births
        self._arrays: list[Any] = []
        self._buffers: list[tuple[Any, Any]] = []
        shares = (0.5, 0.75, 1.0) if draw.detailed else (1.0,)
        for share in shares:
            made = _mesh(draw, share)
            if made is not None:
                vertices, indices = made
                self._buffers.append((context.buffer(vertices.tobytes()), context.buffer(indices.tobytes())))
        self.rebuild()

    def rebuild(self) -> None:
        """See ``Step``."""
        for array in self._arrays:
            array.release()
        program = self._program.program
        instances: list[Any] = []
        if self._draw.instances == "births":
            used = [name if name in program else None for name in BirthBuffer.names]
            kinds = " ".join("4f" if name else "16x" for name in used)
            names = [name for name in used if name]
            instances = [(self._births.buffer, f"{kinds}/i", *names)] if names else []
        self._arrays = []
        for vertices, indices in self._buffers:
            kind, name = ("2f", "in_uv") if self._draw.mesh == "grid" else ("3f", "in_position")
            parts = ([(vertices, kind, name)] if name in program else []) + instances
            self._arrays.append(self._context.vertex_array(program, parts, index_buffer=indices))
        if not self._buffers:
            self._arrays.append(self._context.vertex_array(program, instances))

    def draw(self, values: StepValues) -> None:
        """See ``Step``."""
        count = instance_count(self._draw, values)
        if count == 0:
            return
        array = self._arrays[_level(values.detail) if len(self._arrays) > 1 else 0]
        for shape in range(values.shapes if self._draw.per == "shape" else 1):
            self._program.set("u_shape", shape)
            if self._buffers:
                array.render(moderngl.TRIANGLES, instances=count)
            else:
                array.render(moderngl.TRIANGLE_STRIP, vertices=2 * (self._draw.along + 1), instances=count)

    def release(self) -> None:
        """See ``Step``."""
        for part in (*self._arrays, *(buffer for pair in self._buffers for buffer in pair)):
            part.release()


@lru_cache(maxsize=8)
def _level(detail: float) -> int:
    return sum(detail > most for most in LEVELS[:-1])


def _mesh(draw: Draw, share: float) -> tuple[meshes.Vertices, meshes.Indices] | None:
    across, along = max(1, round(draw.across * share)), max(1, round(draw.along * share))
    match draw.mesh:
        case "grid":
            return meshes.grid(across, along)
        case "sphere":
            return meshes.sphere(across, along)
        case "octahedron":
            return meshes.octahedron()
        case "crystals":
            return meshes.crystals(draw.across, draw.along)
        case _:
            return None
