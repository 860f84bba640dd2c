"""The step that is a fragment shader over the whole picture."""

from __future__ import annotations

from installation.config.scene_files import Draw
from installation.render.scenes.step import StepValues
from installation.render.shaders.programs import Program


class ScreenStep:
    """A fragment shader over the whole picture, once or for each shape."""

    def __init__(self, draw: Draw, program: Program) -> None:
        self._draw, self._program = draw, program

    def rebuild(self) -> None:
        """The program has all there is."""

    def draw(self, values: StepValues) -> None:
        """See ``Step``."""
        for shape in range(values.shapes if self._draw.per == "shape" else 1):
            self._program.set("u_shape", shape)
            self._program.fill()

    def release(self) -> None:
        """Nothing beside the program."""
