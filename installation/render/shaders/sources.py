"""Shader files to text: whatever an editor saved, with includes put in and each line numbered as in its own file."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from installation.base.files import SHIPPED, FileStamp, file_stamp

SHADERS = SHIPPED / "shaders"
LINES_PER_FILE = 100_000
"""Which file a line belongs to travels in its number (file x this + line): compilers forget the source number that GLSL
has for it."""
MOST_BYTES, MOST_FILES = 1_000_000, 200
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"\s*(?://.*)?$')
_VERSION = re.compile(r"^\s*#\s*version\b", re.MULTILINE)
_MAIN_IMAGE = re.compile(r"^\s*void\s+mainImage\s*\(", re.MULTILINE)
_NO_ASCII = re.compile(r"[^\x00-\x7f]")


class ShaderError(Exception):
    """A shader that cannot be read, does not compile or link, or wants a uniform that nothing sets; the message has file and
    line."""


@dataclass
class ShaderText:
    """Text with its includes put in. ``files[i]`` is the file whose lines begin at i x LINES_PER_FILE."""

    text: str
    files: list[Path] = field(default_factory=list)


def load_source(path: Path, root: Path = SHADERS, stamps: dict[Path, FileStamp] | None = None) -> ShaderText:
    """Read a shader and put its includes in, each once. A fragment file without ``#version`` but with a function mainImage is
    put between lib/toy/before.glsl and lib/toy/after.glsl.

    ``stamps`` gets those of all files that were looked at, also where it fails. Raises ShaderError for a file that is
    missing, cannot be read, includes itself, or is neither kind.
    """
    source = _Source(root, {} if stamps is None else stamps)
    own = source.open(path, "")
    if _VERSION.search("\n".join(own)):
        return ShaderText(source.expand(own, 0), source.files)
    if path.suffix != ".frag" or not _MAIN_IMAGE.search("\n".join(own)):
        raise ShaderError(f'{path.name}:1: needs "#version 330 core" in its first line, or a function mainImage')
    before = source.include(root / "lib/toy/before.glsl", f"{path.name}:1: ")
    text = source.expand(own, 0)
    after = source.include(root / "lib/toy/after.glsl", f"{path.name}:{len(own)}: ")
    return ShaderText("\n".join(["#version 330 core", before, "#line 1", text, after, ""]), source.files)


@cache
def _joined(root: Path, name: str) -> Path:
    """The same object for the same file: it is found again in no time where files are looked up."""
    return root / name


class _Source:
    """What was put in so far, and which files are being read now, the outermost first."""

    def __init__(self, root: Path, stamps: dict[Path, FileStamp]) -> None:
        self._root, self._stamps = root, stamps
        self.files: list[Path] = []
        self._known: set[str] = set()
        self._inside: list[Path] = []

    def open(self, path: Path, place: str) -> list[str]:
        """The lines of a file asked for at ``place`` ("name:line: "); the file counts as put in."""
        if len(self.files) >= MOST_FILES:
            raise ShaderError(f"{place}more than {MOST_FILES} files are included")
        lines = self._read(path, place)
        self.files.append(path)
        self._known.add(os.path.realpath(path))
        return lines

    def include(self, path: Path, place: str) -> str:
        """Another file's text, with the lines numbered as its own."""
        number = len(self.files)
        lines = self.open(path, place)
        return f"#line {number * LINES_PER_FILE + 1}\n" + self.expand(lines, number)

    def expand(self, lines: list[str], number: int) -> str:
        """The text of file ``number`` with its includes in their places."""
        self._inside.append(self.files[number])
        out = []
        for index, text in enumerate(lines, start=1):
            include = _INCLUDE.match(text)
            next_line = f"#line {number * LINES_PER_FILE + index + 1}"
            if include is None:
                out.append(text)
                if _VERSION.match(text):
                    out.append(next_line)
                continue
            wanted, place = self._included(include.group(1)), f"{self.files[number].name}:{index}: "
            if os.path.realpath(wanted) not in self._known:
                out.append(self.include(wanted, place))
            elif os.path.realpath(wanted) in map(os.path.realpath, self._inside):
                names = " > ".join(path.name for path in [*self._inside, wanted])
                raise ShaderError(f"{place}files include one another in a circle: {names}")
            out.append(next_line)
        self._inside.pop()
        return "\n".join(out)

    def _included(self, name: str) -> Path:
        """The file of an include: below shaders/, or beside the shader that was asked for, where the artist's own lie."""
        common, own = _joined(self._root, name), _joined(self.files[0].parent, name)
        if own == common or os.path.exists(common) or not os.path.exists(own):  # noqa: PTH110 - a name may be too long
            return common
        self._stamps[common] = file_stamp(common)
        return own

    def _read(self, path: Path, place: str) -> list[str]:
        """Raises ShaderError for what is no readable text file of moderate size."""
        self._stamps[path] = file_stamp(path)
        name = path.name if path.name.isprintable() else ascii(path.name)
        try:
            if path.exists() and not path.is_file():
                raise ShaderError(f"{place}{name} cannot be read (it is {'a folder' if path.is_dir() else 'no file'})")
            if self._stamps[path][1] > MOST_BYTES:
                raise ShaderError(f"{place}{name} cannot be read (it has more than {MOST_BYTES} bytes)")
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise ShaderError(f"{place}{name} cannot be read ({why})") from error
        lines = _lines(data)
        for number, line in enumerate(lines, start=1):
            if "\0" in line:
                raise ShaderError(f"{name}:{number}: holds a zero byte; save the file as plain text (UTF-8)")
        if len(lines) >= LINES_PER_FILE:
            raise ShaderError(f"{name}:{LINES_PER_FILE}: the file is too long")
        return lines


def _lines(data: bytes) -> list[str]:
    """Lines of text, in ASCII: outside comments GLSL knows nothing else, and drivers differ in what they take.

    Byte-order marks go, a space that does not break is a space, and any other character that is none of ASCII's becomes @,
    which is a mistake wherever it is code.
    """
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if wide else "utf-8", errors="replace").replace("\ufeff", "").replace("\xa0", " ")
    # Only what a compiler, too, takes for the end of a line: Python would split at a form feed.
    lines = re.split(r"\r\n|\r|\n", _NO_ASCII.sub("@", text))
    return lines[:-1] if not lines[-1] else lines
