"""Shader files to programs: includes, uniforms checked when loaded, errors with file and line, reload while running."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import moderngl

from installation.base.files import ROOT
from installation.base.notices import Notices
from installation.render.shaders.uniforms import BINDING, BLOCK, PASS_UNITS, UNITS

SHADERS = ROOT / "shaders"
_INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"\s*$')
_VERSION = re.compile(r"^\s*#\s*version\b", re.MULTILINE)
_MAIN_IMAGE = re.compile(r"^\s*void\s+mainImage\s*\(", re.MULTILINE)
# "0:12(5): error" (Mesa), "0(12) : error" (NVIDIA), "ERROR: 0:12:" (Apple, ANGLE)
_PLACE = re.compile(r"(?:ERROR:\s*)?\b\d+(?::(\d+)(?:\(\d+\))?|\((\d+)\))\s*:")
LINES_PER_FILE = 100_000
"""Which file a line belongs to travels in its number (file x this + line): compilers forget the source number that GLSL
has for it."""


class ShaderError(Exception):
    """A shader that does not compile or link, or wants a uniform that nothing sets; the message has file and line."""


@dataclass
class ShaderText:
    """Text with its includes put in. ``files[i]`` is the file whose lines begin at i x LINES_PER_FILE."""

    text: str
    files: list[Path] = field(default_factory=list)


def load_source(path: Path, root: Path = SHADERS) -> ShaderText:
    """Read a shader and put its includes in, each once. A fragment file without ``#version`` but with a function mainImage is
    put between lib/toy/before.glsl and lib/toy/after.glsl. Raises ShaderError for a file that is missing, or neither."""
    files: list[Path] = [path]
    own = _read(path, "the program", 0)
    if _VERSION.search("\n".join(own)):
        return ShaderText(_expand(own, 0, root, files), files)
    if path.suffix != ".frag" or not _MAIN_IMAGE.search("\n".join(own)):
        raise ShaderError(f'{path.name}:1: needs "#version 330 core" in its first line, or a function mainImage')
    before = _include(root / "lib/toy/before.glsl", root, files, path.name, 1)
    text = _expand(own, 0, root, files)
    after = _include(root / "lib/toy/after.glsl", root, files, path.name, len(own))
    return ShaderText("\n".join(["#version 330 core", before, "#line 1", text, after, ""]), files)


def _read(path: Path, asked_by: str, line: int) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ShaderError(f"{asked_by}:{line}: {path.name} cannot be read ({error})") from error


def _include(path: Path, root: Path, files: list[Path], asked_by: str, line: int) -> str:
    """Another file's text, with the lines numbered as its own."""
    number = len(files)
    text = _read(path, asked_by, line)
    files.append(path)
    return f"#line {number * LINES_PER_FILE + 1}\n" + _expand(text, number, root, files)


def _expand(lines: list[str], number: int, root: Path, files: list[Path]) -> str:
    out = []
    for index, text in enumerate(lines, start=1):
        include = _INCLUDE.match(text)
        if include is None:
            out.append(text)
            if text.startswith("#version"):
                out.append(f"#line {number * LINES_PER_FILE + index + 1}")
            continue
        wanted = root / include.group(1)
        if wanted not in files:
            out.append(_include(wanted, root, files, files[number].name, index))
        out.append(f"#line {number * LINES_PER_FILE + index + 1}")
    return "\n".join(out)


def known_uniforms(table: Path = SHADERS / "UNIFORMS.md") -> set[str]:
    """Names in the first column of shaders/UNIFORMS.md."""
    return set(re.findall(r"^\| `(u_\w+)` \|", table.read_text(encoding="utf-8"), re.MULTILINE))


class Program:
    """A vertex and a fragment shader from files. ``reload`` keeps the old program where the new one is broken.

    Without ``fragment`` it is one of transform feedback, which writes ``varyings``. ``own`` are uniforms allowed beside
    those of UNIFORMS.md (a scene's parameters).
    """

    def __init__(
        self,
        context: Any,
        vertex: Path,
        fragment: Path | None,
        root: Path = SHADERS,
        own: Iterable[str] = (),
        varyings: tuple[str, ...] = (),
    ) -> None:
        self._context, self._root = context, root
        self._paths = (vertex,) if fragment is None else (vertex, fragment)
        self._own, self._varyings = frozenset(own), varyings
        self._times: dict[Path, int] = {}
        self._values: dict[str, Any] = {}
        self._triangle: Any = None
        self.program = self._build()

    @property
    def name(self) -> str:
        """The last shader's file name."""
        return self._paths[-1].name

    def set(self, name: str, value: Any) -> None:
        """Give a uniform its value; one the compiler found unused is passed over, and so is a value it has already."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        member = self.program.get(name, None)
        if member is None:
            return
        if isinstance(value, list):
            # A compiler cuts an array behind the last entry that is read.
            value = value[: member.array_length] if member.array_length > 1 else value[0]
        member.value = value

    def fill(self) -> None:
        """Draw a triangle over all that is drawn to: for vertex shaders that take no buffer (pass.vert, screen.vert)."""
        if self._triangle is None:
            self._triangle = self._context.vertex_array(self.program, [])
        self._triangle.render(moderngl.TRIANGLES, vertices=3)

    def changed(self) -> bool:
        """Whether a file this program is made of has another time stamp than when it was built."""
        return any(modified_ns(path) != time for path, time in self._times.items())

    def reload(self) -> None:
        """Build again; raises ShaderError and keeps the old program when that fails."""
        fresh = self._build()
        self.release()
        self.program = fresh
        self._values.clear()

    def release(self) -> None:
        """Free it."""
        if self._triangle is not None:
            self._triangle.release()
            self._triangle = None
        self.program.release()

    def _build(self) -> Any:
        sources = [load_source(path, self._root) for path in self._paths]
        self._times = {path: modified_ns(path) for source in sources for path in source.files}
        stages = dict(zip(("vertex_shader", "fragment_shader"), (source.text for source in sources), strict=False))
        try:
            program = self._context.program(**stages, varyings=self._varyings)
        except moderngl.Error as error:
            raise ShaderError(_with_places(str(error), sources)) from error
        wanted = {name for name in program if name.startswith("u_")}
        unknown = wanted - known_uniforms() - self._own
        if unknown:
            program.release()
            raise ShaderError(f"{self.name}: nobody gives {', '.join(sorted(unknown))}; see shaders/UNIFORMS.md")
        if BLOCK in program:
            program[BLOCK].binding = BINDING
        for name, unit in (UNITS | PASS_UNITS).items():
            if name in program:
                program[name].value = unit
        return program


def modified_ns(path: Path) -> int:
    """A file's time stamp; 0 where it is missing."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _with_places(message: str, sources: list[ShaderText]) -> str:
    source = sources[0] if "vertex_shader" in message.split("=", 1)[0] else sources[-1]

    def place(match: re.Match[str]) -> str:
        file, line = divmod(int(match.group(1) or match.group(2)), LINES_PER_FILE)
        return f"{source.files[file].name}:{line}:" if file < len(source.files) else match.group(0)

    lines = [line.strip() for line in message.splitlines() if _PLACE.search(line)]
    return "; ".join(_PLACE.sub(place, line, count=1) for line in lines[:3]) or message.strip()


def reload_changed(programs: list[Program], notices: Notices) -> None:
    """Build programs again whose files changed; what fails keeps its old program and raises a fault with file and line."""
    for program in programs:
        if not program.changed():
            continue
        stage = f"shader {program.name}"
        try:
            program.reload()
        except ShaderError as error:
            notices.fault(stage, str(error))
        else:
            notices.resolve(stage)
