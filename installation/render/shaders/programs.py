"""Shader programs: uniforms checked when loaded, errors with file and line, reload while running."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import moderngl

from installation.base.files import FileStamp, file_stamp
from installation.base.notices import Notices
from installation.render.shaders.messages import with_places
from installation.render.shaders.sources import SHADERS as SHADERS
from installation.render.shaders.sources import ShaderError as ShaderError
from installation.render.shaders.sources import load_source as load_source
from installation.render.shaders.uniforms import BINDING, BLOCK, PASS_UNITS, UNITS
from installation.render.window.driver import failed_programs_deleted

Look: TypeAlias = Callable[[Path], FileStamp]
UNGIVEN = "nobody gives"
"""Begins what is said of uniforms that nothing sets."""


def known_uniforms(page: Path) -> set[str]:
    """Names in the first column of shaders/UNIFORMS.md. Raises ShaderError where it cannot be read."""
    try:
        text = page.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        raise ShaderError(f"{page.name} cannot be read ({error.strerror}); restore it from the repository") from error
    return set(re.findall(r"^\| `(u_\w+)` \|", text, re.MULTILINE))


_TYPES = {float: "float", int: "int or sampler2D"}


class Program:
    """A vertex and a fragment shader from files. ``refresh`` keeps the old program where the new one is broken.

    Without ``fragment`` it is one of transform feedback, which writes ``varyings``. ``own`` are uniforms allowed beside
    those of UNIFORMS.md (a scene's parameters). ``defines`` are words that its files find defined.
    """

    def __init__(
        self,
        context: Any,
        vertex: Path,
        fragment: Path | None,
        root: Path = SHADERS,
        own: Iterable[str] = (),
        varyings: tuple[str, ...] = (),
        defines: tuple[str, ...] = (),
    ) -> None:
        self._context, self._root = context, root
        self._paths = (vertex,) if fragment is None else (vertex, fragment)
        self._own, self._varyings, self._defines = frozenset(own), varyings, defines
        self._stamps: dict[Path, FileStamp] = {}
        self._values: dict[str, Any] = {}
        self._triangle: Any = None
        self.problem = ""
        """What is wrong with the files as they are now, with file and line; the program before runs on."""
        self.program = self._build()

    @property
    def name(self) -> str:
        """The last shader's file name."""
        return self._paths[-1].name

    def set(self, name: str, value: Any) -> None:
        """Give a uniform its value; one the compiler found unused is passed over, and so is a value it has already. One that
        the shader declares as another type is a ``problem``."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        try:
            self._give(self.program, name, value)
        except ShaderError as error:
            self.problem = str(error)

    def fill(self, vertices: int = 3) -> None:
        """Draw a triangle over all that is drawn to, or as many as ``vertices`` make: for vertex shaders that take no buffer
        (pass.vert, screen.vert)."""
        if self._triangle is None:
            self._triangle = self._context.vertex_array(self.program, [])
        self._triangle.render(moderngl.TRIANGLES, vertices=vertices)

    def changed(self, look: Look = file_stamp) -> bool:
        """Whether a file that was read, or looked for, when it was built last is another one now. ``look`` may remember what
        it saw: most files are those of many programs."""
        return any(look(path) != stamp for path, stamp in self._stamps.items())

    def refresh(self, look: Look = file_stamp) -> bool:
        """``reload`` if a file ``changed``; gives whether there is another program now. What it raises becomes the
        ``problem``."""
        if not self.changed(look):
            return False
        try:
            self.reload()
        except ShaderError as error:
            self.problem = str(error)
            return False
        return True

    def reload(self) -> None:
        """Build again. Raises ShaderError, and keeps the old program, where that fails or takes other uniforms."""
        fresh = self._build()
        try:
            for name, value in self._values.items():
                self._give(fresh, name, value)
        except ShaderError:
            fresh.release()
            raise
        self.release()
        self.program, self.problem = fresh, ""

    def release(self) -> None:
        """Free it."""
        if self._triangle is not None:
            self._triangle.release()
            self._triangle = None
        self.program.release()

    def _build(self) -> Any:
        self._stamps = {}
        sources = [load_source(path, self._root, self._stamps) for path in self._paths]
        texts = (_with_defines(source.text, self._defines) for source in sources)
        stages = dict(zip(("vertex_shader", "fragment_shader"), texts, strict=False))
        try:
            with failed_programs_deleted():
                program = self._context.program(**stages, varyings=self._varyings)
        except moderngl.Error as error:
            raise ShaderError(with_places(str(error), sources)) from error
        try:
            self._check_uniforms(program)
        except ShaderError:
            program.release()
            raise
        if BLOCK in program:
            program[BLOCK].binding = BINDING
        return program

    def _check_uniforms(self, program: Any) -> None:
        """Raises ShaderError for uniforms that nobody gives, or whose type is another one; tells the samplers their units."""
        wanted = {name for name in program if name.startswith("u_")}
        page = self._root / "UNIFORMS.md"
        self._stamps[page] = file_stamp(page)
        unknown = wanted - known_uniforms(page) - self._own
        if unknown:
            raise ShaderError(f"{self.name}: {UNGIVEN} {', '.join(sorted(unknown))}; see shaders/UNIFORMS.md")
        for name, unit in (UNITS | PASS_UNITS).items():
            self._give(program, name, unit)

    def _give(self, program: Any, name: str, value: Any) -> None:
        """Set a uniform, where the program has it. Raises ShaderError for one of another type."""
        member = program.get(name, None)
        if member is None:
            return
        if isinstance(value, list):
            # A compiler cuts an array behind the last entry that is read.
            value = value[: member.array_length] if member.array_length > 1 else value[0]
        try:
            member.value = value
        except (TypeError, ValueError, struct.error, moderngl.Error) as error:
            kind = _TYPES.get(type(value), f"{len(value) if isinstance(value, tuple | list) else 'several'} numbers")
            raise ShaderError(f"{self.name}: declares {name} as another type than what it is given ({kind})") from error


def _with_defines(text: str, defines: tuple[str, ...]) -> str:
    """Behind the line with #version, which is the first but for comments; other lines keep their numbers."""
    if not defines:
        return text
    words = "".join(f"#define {word}\n" for word in defines)
    return re.sub(r"^(\s*#\s*version\b.*\n)", lambda found: found.group(1) + words, text, count=1, flags=re.MULTILINE)


def reload_changed(programs: Iterable[Program], notices: Notices, look: Look = file_stamp) -> None:
    """Build programs again whose files changed; what fails keeps its old program and is a fault with file and line for as long
    as it does."""
    for program in programs:
        program.refresh(look)
        stage = f"shader {program.name}"
        if program.problem:
            notices.fault(stage, program.problem)
        else:
            notices.resolve(stage)
