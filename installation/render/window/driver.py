"""What ModernGL does not ask of the driver: whether it draws on the processor, what lives in it, when it has finished."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

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
    for name in _LIBRARIES:
        try:
            library = ctypes.CDLL(name)
            asks = [getattr(library, f"glIs{kind}") for kind in OBJECT_KINDS]
        except (OSError, AttributeError):
            continue
        for ask in asks:
            ask.argtypes, ask.restype = [ctypes.c_uint], ctypes.c_ubyte
        return sum(bool(ask(number)) for ask in asks for number in range(1, most))
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
        for name in _LIBRARIES:
            try:
                return cls(ctypes.CDLL(name))
            except (OSError, AttributeError):
                continue
        return None

    def wait(self, meanwhile: Callable[[], None]) -> None:
        """Wait until all that was asked for is drawn (a second at most), doing ``meanwhile`` every millisecond."""
        sync = self._make(self.CONDITION, 0)
        for _ in range(1000):
            if self._wait(sync, self.FLUSH, self.STEP_NS) in self.DONE:
                break
            meanwhile()
        self._delete(sync)
