"""The ways in which a scene's steps are drawn: a shader over the whole picture, meshes in instances, particles.

A step is made from its description (installation/config/scene_files.py) and draws with what the frame block holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import moderngl
import numpy as np

from installation.config.scene_files import Draw, SceneFile
from installation.render import meshes
from installation.render.programs import SHADERS, Program
from installation.types import BIRTH_COLUMNS, BIRTHS, FloatArray

LEVELS = (0.34, 0.67, 1.0)
"""Detail up to which each of the three densities of a mesh serves."""
PARTICLE_BYTES = 32
"""Two vec4 for each particle: in_place and in_motion; what they mean is the scene's affair."""
SHOWN_SHARE = 0.06
"""How much of the way to another number of particles is gone in one picture."""


@dataclass(frozen=True)
class View:
    """What a step needs to know while it draws. ``values`` are the scene's parameters; ``advance``: time goes on (False when
    the same moment is drawn again, for another part of a large picture)."""

    shapes: int
    births: int
    detail: float
    fade: float
    values: dict[str, float]
    advance: bool = True


class Step(Protocol):
    """One step of a scene."""

    def rebuild(self) -> None:
        """Take over programs that were built anew."""
        ...

    def draw(self, view: View) -> None:
        """Draw into the bound frame buffer."""
        ...

    def release(self) -> None:
        """Free all but the programs."""
        ...


class BirthBuffer:
    """The born shapes as instances, shared by all scenes: in_place (x, y, z, size), in_colour (rgb, spikiness) and
    in_life (age_s, seed, leaving, energy)."""

    names = ("in_place", "in_colour", "in_life")

    def __init__(self, context: Any) -> None:
        self.buffer = context.buffer(reserve=BIRTHS * len(BIRTH_COLUMNS) * 4, dynamic=True)
        self._data = np.zeros((BIRTHS, len(BIRTH_COLUMNS)), np.float32)

    def write(self, births: FloatArray) -> None:
        """(M, len(BIRTH_COLUMNS)), M at most BIRTHS."""
        if len(births):
            self._data[: len(births)] = births
            self.buffer.write(self._data[: len(births)])

    def release(self) -> None:
        """Free it."""
        self.buffer.release()


def _set_common(program: Program, view: View) -> None:
    program.set("u_fade", view.fade)
    for name, value in view.values.items():
        program.set(f"u_{name}", value)


class ScreenStep:
    """A fragment shader over the whole picture, once or for each shape."""

    def __init__(self, draw: Draw, program: Program) -> None:
        self._draw, self._program = draw, program

    def rebuild(self) -> None:
        """The program has all there is."""

    def draw(self, view: View) -> None:
        """See ``Step``."""
        _set_common(self._program, view)
        for shape in range(view.shapes if self._draw.per == "shape" else 1):
            self._program.set("u_shape", shape)
            self._program.fill()

    def release(self) -> None:
        """Nothing beside the program."""


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

    def draw(self, view: View) -> None:
        """See ``Step``."""
        count = _count(self._draw, view)
        if count == 0:
            return
        _set_common(self._program, view)
        level = sum(view.detail > most for most in LEVELS[:-1]) if len(self._arrays) > 1 else 0
        array = self._arrays[level]
        for shape in range(view.shapes if self._draw.per == "shape" else 1):
            self._program.set("u_shape", shape)
            if self._buffers:
                array.render(moderngl.TRIANGLES, instances=count)
            else:
                array.render(moderngl.TRIANGLE_STRIP, vertices=2 * (self._draw.along + 1), instances=count)

    def release(self) -> None:
        """See ``Step``."""
        for part in (*self._arrays, *(buffer for pair in self._buffers for buffer in pair)):
            part.release()


class ParticleStep:
    """Soft discs that a vertex shader moves by transform feedback (out_place, out_motion from in_place, in_motion).

    All begin as zeros; the shader puts one that it finds so where it belongs. Each is drawn as a quad (gl_VertexID 0 to 3), for
    points have a largest size and are cut at the border of a part. ``u_shown`` tells the shaders how many there are: it eases
    to what parameter and detail ask for, so that the last ones can fade instead of vanishing.
    """

    varyings = ("out_place", "out_motion")

    def __init__(self, context: Any, draw: Draw, program: Program, update: Program, most: int) -> None:
        self._context, self._draw, self._program, self._update, self._most = context, draw, program, update, most
        self._buffers = [context.buffer(bytes(most * PARTICLE_BYTES)) for _ in range(2)]
        self._arrays: list[tuple[Any, Any]] = []
        self._now = 0
        self._shown: float | None = None
        self.rebuild()

    def rebuild(self) -> None:
        """See ``Step``."""
        for pair in self._arrays:
            for array in pair:
                array.release()
        self._arrays = [
            (self._bound(self._update.program, buffer, ""), self._bound(self._program.program, buffer, "/i"))
            for buffer in self._buffers
        ]

    def _bound(self, program: Any, buffer: Any, step: str) -> Any:
        names = [name if name in program else None for name in ("in_place", "in_motion")]
        kinds = " ".join("4f" if name else "16x" for name in names) + step
        used = [name for name in names if name]
        return self._context.vertex_array(program, [(buffer, kinds, *used)] if used else [])

    def draw(self, view: View) -> None:
        """See ``Step``."""
        wanted = min(self._most, _count(self._draw, view)) * particle_share(view.detail)
        if self._shown is None:
            self._shown = wanted
        if view.advance:
            self._shown += (wanted - self._shown) * SHOWN_SHARE
        count = min(self._most, max(1, round(self._shown)))
        for program in (self._program, self._update):
            program.set("u_shown", self._shown)
            _set_common(program, view)
        if view.advance:
            self._arrays[self._now][0].transform(self._buffers[1 - self._now], moderngl.POINTS, vertices=count)
            self._now = 1 - self._now
        self._arrays[self._now][1].render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count)

    def release(self) -> None:
        """See ``Step``."""
        for part in (*(array for pair in self._arrays for array in pair), *self._buffers):
            part.release()


def particle_share(detail: float) -> float:
    """Share of a scene's particles that is drawn at this detail [0, 1]; a processor's middle quality level draws a tenth."""
    return float(0.03 + 0.97 * detail**2.5)


class DrawnScene:
    """A scene's steps with their programs. Raises ShaderError when a shader is broken."""

    def __init__(self, context: Any, file: SceneFile, births: BirthBuffer, folder: Path = SHADERS / "scenes") -> None:
        self.file = file
        self._context = context
        self._programs: list[Program] = []
        self._steps: list[tuple[Draw, Step]] = []
        try:
            for draw in file.draws:
                self._steps.append((draw, self._make(draw, births, folder)))
        except Exception:
            self.release()
            raise

    @property
    def programs(self) -> list[Program]:
        """All its programs."""
        return self._programs

    def rebuild(self) -> None:
        """Take over programs that were built anew."""
        for _, step in self._steps:
            step.rebuild()

    def draw(self, view: View) -> None:
        """Draw all steps, premultiplied with the scene's fade, over what is there."""
        context = self._context
        context.enable(moderngl.BLEND)
        for draw, step in self._steps:
            context.blend_func = (moderngl.ONE, moderngl.ONE if draw.blend == "add" else moderngl.ONE_MINUS_SRC_ALPHA)
            for flag, wanted in ((moderngl.DEPTH_TEST, draw.depth), (moderngl.CULL_FACE, draw.cull)):
                (context.enable if wanted else context.disable)(flag)
            step.draw(view)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)

    def release(self) -> None:
        """Free all."""
        for _, step in self._steps:
            step.release()
        for program in self._programs:
            program.release()

    def _make(self, draw: Draw, births: BirthBuffer, folder: Path) -> Step:
        name = self.file.name
        own = [f"u_{parameter}" for parameter in self.file.parameters]
        fragment = folder / (draw.fragment or f"{name}.frag")
        vertex = folder / (draw.vertex or ("screen.vert" if draw.kind == "screen" else f"{name}.vert"))
        program = self._program(vertex, fragment, own)
        if draw.kind == "screen":
            return ScreenStep(draw, program)
        if draw.kind == "mesh":
            return MeshStep(self._context, draw, program, births)
        update = self._program(folder / (draw.update or f"{name}_update.vert"), None, own, ParticleStep.varyings)
        most = draw.instances if isinstance(draw.instances, float) else self.file.parameters[draw.instances].high
        return ParticleStep(self._context, draw, program, update, int(most))

    def _program(self, vertex: Path, fragment: Path | None, own: list[str], varyings: tuple[str, ...] = ()) -> Program:
        program = Program(self._context, vertex, fragment, vertex.parent.parent, own, varyings)
        self._programs.append(program)
        return program


def _count(draw: Draw, view: View) -> int:
    if draw.instances == "births":
        return view.births
    if isinstance(draw.instances, str):
        return int(view.values[draw.instances])
    return int(draw.instances)


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
