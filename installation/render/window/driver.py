"""What ModernGL does not ask of the driver: whether it draws on the processor, what lives in it, when it has finished."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")
_LIBRARIES = ("libGL.so.1", "libOpenGL.so.0")
"""Names under which systems have OpenGL's library."""
OBJECT_KINDS = ("Texture", "Buffer", "Framebuffer", "Renderbuffer", "VertexArray", "Program", "Shader")


def is_software(renderer: str) -> bool:
    """Whether an OpenGL renderer's name is one that draws on the processor."""
    return any(word in renderer.lower() for word in _SOFTWARE)


def live_objects(most: int = 512) -> int | None:
    """How many OpenGL objects with names below ``most`` live in the current context, by the driver's own count.

    None where the system's OpenGL library is not found under a known name. Takes about a millisecond.
    """
    names = [f"glIs{kind}" for kind in OBJECT_KINDS]
    library = _library(*names)
    if library is None:
        return None
    asks = [getattr(library, name) for name in names]
    for ask in asks:
        ask.argtypes, ask.restype = [ctypes.c_uint], ctypes.c_ubyte
    return sum(bool(ask(number)) for ask in asks for number in range(1, most))


@contextmanager
def failed_programs_deleted(most: int = 512) -> Iterator[None]:
    """Build one program inside. ModernGL keeps a program and the shaders of its other stages where one fails to compile or
    to be linked; they are deleted here, before the error goes on. Nothing happens where OpenGL's library is not found."""
    library = _library("glIsProgram", "glIsShader", "glDeleteProgram", "glDeleteShader")
    before = _programs_and_shaders(library, most)
    try:
        yield
    except Exception:
        for kind, number in _programs_and_shaders(library, most) - before:
            getattr(library, f"glDelete{kind}")(ctypes.c_uint(number))
        raise


def _programs_and_shaders(library: ctypes.CDLL | None, most: int) -> set[tuple[str, int]]:
    if library is None:
        return set()
    asks = {kind: getattr(library, f"glIs{kind}") for kind in ("Program", "Shader")}
    for ask in asks.values():
        ask.argtypes, ask.restype = [ctypes.c_uint], ctypes.c_ubyte
    return {(kind, number) for kind, ask in asks.items() for number in range(1, most) if ask(number)}


def _library(*functions: str) -> ctypes.CDLL | None:
    """OpenGL's library with these functions; None where none of the known names has them."""
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        if all(hasattr(library, function) for function in functions):
            return library
    return None


class Fence:
    """OpenGL's fence through ctypes: it waits without Python's lock, and in short steps.

    Where the processor draws, a pass that reads what the one before it draws waits inside the driver, and so does finish:
    with Python's lock held, capture and the thread that feeds perception stood still for most of a frame.
    """

    CONDITION, FLUSH, STEP_NS = 0x9117, 1, 1_000_000
    DONE = (0x911A, 0x911C)  # already signalled, condition satisfied

    def __init__(self, library: ctypes.CDLL) -> None:
        self._make, self._wait, self._delete = library.glFenceSync, library.glClientWaitSync, library.glDeleteSync
        self._make.argtypes, self._make.restype = [ctypes.c_uint, ctypes.c_uint], ctypes.c_void_p
        self._wait.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint64]
        self._wait.restype = ctypes.c_uint
        self._delete.argtypes, self._delete.restype = [ctypes.c_void_p], None

    @classmethod
    def find(cls) -> Fence | None:
        """None where the system's OpenGL library does not offer it under a known name."""
        library = _library("glFenceSync", "glClientWaitSync", "glDeleteSync")
        return None if library is None else cls(library)

    def wait(self, meanwhile: Callable[[], None]) -> None:
        """Wait until all that was asked for is drawn (a second at most), doing ``meanwhile`` every millisecond."""
        sync = self._make(self.CONDITION, 0)
        for _ in range(1000):
            if self._wait(sync, self.FLUSH, self.STEP_NS) in self.DONE:
                break
            meanwhile()
        self._delete(sync)
