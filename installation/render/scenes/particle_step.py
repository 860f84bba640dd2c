"""The step that draws particles, which move on the GPU."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.config.scene_files import Draw
from installation.render.scenes.step import StepValues, instance_count
from installation.render.shaders.programs import Program

PARTICLE_BYTES = 32
"""Two vec4 for each particle: in_place and in_motion; each scene decides what they mean."""
SHOWN_SHARE = 0.06
"""How much of the way to another number of particles is gone in one picture."""


class ParticleStep:
    """Soft discs that a vertex shader moves by transform feedback (out_place, out_motion from in_place, in_motion).

    All begin as zeros; the shader puts one that it finds so where it belongs. Each is drawn as a quad (gl_VertexID 0 to 3), for
    points have a largest size and are cut at the border of a part. ``u_shown`` is how many there are: it eases
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

    def draw(self, values: StepValues) -> None:
        """See ``Step``."""
        wanted = min(self._most, instance_count(self._draw, values)) * particle_share(values.detail)
        if self._shown is None:
            self._shown = wanted
        if values.advance:
            self._shown += (wanted - self._shown) * SHOWN_SHARE
        count = min(self._most, max(1, round(self._shown)))
        for program in (self._program, self._update):
            program.set("u_shown", self._shown)
        if values.advance:
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
