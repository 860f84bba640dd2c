"""A scene as it is drawn: the steps of its description (installation/config/scene_files.py), with their programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import moderngl

from installation.config.scene_files import FOLDERS, Draw, Folders, SceneFile, SceneFileError, as_folders, scene_folder
from installation.render.scenes.feedback import FeedbackBuffer
from installation.render.scenes.mesh_step import MeshStep
from installation.render.scenes.particle_step import ParticleStep
from installation.render.scenes.screen_step import ScreenStep
from installation.render.scenes.step import PICTURES, BirthBuffer, Step, StepValues
from installation.render.shaders.programs import Program
from installation.render.shaders.sources import ShaderError

MOST_INSTANCES = 2_000_000
"""Particles or meshes of one step; the swarm has up to 200,000."""


class DrawnScene:
    """A scene's steps with their programs. Raises ShaderError when a shader is broken, SceneFileError for a description that
    cannot be drawn."""

    def __init__(
        self,
        context: Any,
        file: SceneFile,
        births: BirthBuffer,
        folder: Folders = FOLDERS,
        on_processor: bool = False,
    ) -> None:
        """``folder``: where scenes lie, last the one beside lib/ and UNIFORMS.md, whose shaders all scenes may use.
        ``on_processor``: a processor draws; steps with a picture find ON_PROCESSOR defined. Nothing may be drawn before
        ``build_more`` says that nothing is left."""
        self.file = file
        self._context, self._births, self._folders = context, births, as_folders(folder)
        self._words = ("ON_PROCESSOR",) if on_processor else ()
        self._programs: list[Program] = []
        self._reads: dict[tuple[str, ...], bool] = {}
        """Whether a program reads one of some uniforms, once it was asked for."""
        self._steps: list[tuple[Draw, Step, tuple[str, ...] | None]] = []
        """Last the one state of the composed picture that a step is for."""
        self._by_picture: dict[tuple[str, ...], list[tuple[Draw, Step]]] = {}
        """The steps for each state of the composed picture, once it was drawn."""
        self._feedback: FeedbackBuffer | None = None
        self._given: tuple[float, dict[str, float]] = (1.0, {})
        """The fade and the parameters that the programs have."""
        self._left = [
            (place, state) for place, draw in enumerate(file.draws) for state in (PICTURES if draw.picture else (None,))
        ]
        """Steps that are not built yet: their place among the draws, and the state of the composed picture they are for."""

    def build_more(self) -> bool:
        """Build one more step, some milliseconds of work, where all at once would make a frame late. Gives whether more is
        left. Frees everything where it raises."""
        try:
            self._build_step(*self._left.pop(0))
        except Exception:
            self.release()
            raise
        return bool(self._left)

    @property
    def programs(self) -> list[Program]:
        """All its programs."""
        return self._programs

    @property
    def _own(self) -> list[str]:
        """Uniforms that are its parameters."""
        return [f"u_{parameter}" for parameter in self.file.parameters]

    def reads(self, *uniforms: str) -> bool:
        """Whether one of its programs reads one of ``uniforms``, whatever its file says."""
        found = self._reads.get(uniforms)
        if found is None:
            found = any(one.program.get(name, None) is not None for one in self._programs for name in uniforms)
            self._reads[uniforms] = found
        return found

    def rebuild(self) -> None:
        """Take over programs that were built again."""
        self._reads.clear()
        for _, step, _ in self._steps:
            step.rebuild()

    def draw(self, values: StepValues) -> None:
        """Draw all steps, premultiplied with the scene's fade, over what is there."""
        context = self._context
        self._give(values.fade, values.parameters)
        if self._feedback is not None:
            self._feedback.draw(values)
        flags = blend = None
        for draw, step in self._drawn_in(values.picture):
            if blend != draw.blend:
                blend = draw.blend
                context.blend_func = (moderngl.ONE, moderngl.ONE if blend == "add" else moderngl.ONE_MINUS_SRC_ALPHA)
            if flags != (draw.depth, draw.cull):
                flags = (draw.depth, draw.cull)
                depth, cull = moderngl.DEPTH_TEST * draw.depth, moderngl.CULL_FACE * draw.cull
                context.enable_only(moderngl.BLEND | depth | cull)
            step.draw(values)
        context.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)

    def release(self) -> None:
        """Free all."""
        for _, step, _ in self._steps:
            step.release()
        if self._feedback is not None:
            self._feedback.release()
        for program in self._programs:
            program.release()

    def _give(self, fade: float, parameters: dict[str, float]) -> None:
        """To all programs, where they have not got it; one that is built again keeps what it was given."""
        given_fade, given = self._given
        if fade == given_fade and parameters is given:
            return
        self._given = fade, parameters
        for program in self._programs:
            program.set("u_fade", fade)
            for name, value in parameters.items():
                program.set(f"u_{name}", value)

    def _drawn_in(self, picture: tuple[str, ...]) -> list[tuple[Draw, Step]]:
        found = self._by_picture.get(picture)
        if found is None:
            found = [(draw, step) for draw, step, state in self._steps if state is None or state == picture]
            self._by_picture[picture] = found
        return found

    def _build_step(self, place: int, state: tuple[str, ...] | None) -> None:
        file = self.file
        if file.feedback is not None and self._feedback is None:
            fragment = self._shader(file.feedback.fragment or f"{file.name}_feedback.frag")
            program = self._program(self._shader("screen.vert"), fragment, self._own)
            self._feedback = FeedbackBuffer(self._context, file.feedback, program)
        self._reads.clear()
        draw, words = file.draws[place], () if state is None else (*state, *self._words)
        self._steps.append((draw, self._make(draw, self._births, words), state))

    def _make(self, draw: Draw, births: BirthBuffer, defines: tuple[str, ...]) -> Step:
        name = self.file.name
        self._check_instances(draw)
        own = self._own
        fragment = self._shader(draw.fragment or f"{name}.frag")
        vertex = self._shader(draw.vertex or ("screen.vert" if draw.kind == "screen" else f"{name}.vert"))
        program = self._program(vertex, fragment, own, defines=defines)
        if draw.kind == "screen":
            return ScreenStep(draw, program)
        if draw.kind == "mesh":
            return MeshStep(self._context, draw, program, births)
        update = self._program(self._shader(draw.update or f"{name}_update.vert"), None, own, ParticleStep.varyings)
        most = draw.instances if isinstance(draw.instances, float) else self.file.parameters[draw.instances].high
        return ParticleStep(self._context, draw, program, update, int(most))

    def _shader(self, name: str) -> Path:
        """A shader's file: beside the scene's own, or else one of those that came with Mien."""
        own = (scene_folder(self.file.name, self._folders) or self._folders[-1]) / name
        common = self._folders[-1] / name
        return common if common.exists() and not own.exists() else own

    def _program(self, vertex: Path, fragment: Path | None, own: list[str], varyings: tuple[str, ...] = (),
                 defines: tuple[str, ...] = ()) -> Program:  # fmt: skip
        program = Program(self._context, vertex, fragment, self._folders[-1].parent, own, varyings, defines)
        self._programs.append(program)
        # What a step will give it, so that a uniform of another type is found now.
        given = {f"u_{parameter}": value.value for parameter, value in self.file.parameters.items()}
        for uniform, number in (given | {"u_fade": 1.0, "u_shown": 1.0, "u_shape": 0}).items():
            program.set(uniform, number)
        if program.problem:
            raise ShaderError(program.problem)
        return program

    def _check_instances(self, draw: Draw) -> None:
        """Raises SceneFileError for a number of instances that cannot be."""
        name, known = draw.instances, self.file.parameters
        words = ["births"] if draw.kind == "mesh" else []
        if isinstance(name, str) and name not in {*known, *words}:
            there = ", ".join([*known, *words]) or "nothing but a number"
            raise SceneFileError(f"{self.file.name}.yaml: draws: instances: there is no {name!r}; there is {there}")
        numbers = (name,) if not isinstance(name, str) else (known[name].low, known[name].high) if name in known else ()
        for number in numbers:
            if not 0 <= number <= MOST_INSTANCES:
                raise SceneFileError(
                    f"{self.file.name}.yaml: draws: instances must lie between 0 and {MOST_INSTANCES:,}, not {number:g}"
                )
