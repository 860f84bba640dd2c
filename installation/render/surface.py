"""Where the picture goes: a fullscreen or plain window, or no window at all. One surface, one OpenGL context."""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Callable
from typing import Any, Protocol

import moderngl

from installation.base.notices import Notices
from installation.config.output import OutputConfig
from installation.render.output.displays import DisplayError, desktop_area, display_number
from installation.render.output.input_event import InputEvent
from installation.render.output.keyboard import Keyboard

log = logging.getLogger(__name__)

__all__ = [
    "DisplayError",
    "Offscreen",
    "Surface",
    "Window",
    "has_display",
    "is_software",
    "live_objects",
    "open_surface",
]

_NO_SCREEN = ("offscreen", "dummy", "evdev")
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "basic render")


class Surface(Protocol):
    """What the frame loop needs of an output. ``size`` is (width, height) in pixels."""

    context: Any
    size: tuple[int, int]
    describe: str

    @property
    def renderer(self) -> str:
        """The OpenGL renderer's name."""
        ...

    @property
    def is_software(self) -> bool:
        """Whether the processor draws."""
        ...

    def poll_events(self) -> list[str]:
        """What the operator did since the last call: quit, hud, screenshot, next_scene, clear,
        record, video, edit_output, test_pattern, resize."""
        ...

    def edit(self, on: bool) -> None:
        """Whether keys and pointer set up the output: then most of them come from ``take_input`` instead."""
        ...

    def take_input(self) -> list[InputEvent]:
        """Keys and pointer since the last call, oldest first; filled by ``poll_events`` while ``edit`` is on."""
        ...

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """Between two passes: where the processor draws, wait for the first, calling ``meanwhile`` now and then."""
        ...

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Show what was drawn; ``meanwhile`` is called now and then where that takes long."""
        ...

    def close(self) -> None:
        """Free the context and the window."""
        ...


def is_software(renderer: str) -> bool:
    """Whether an OpenGL renderer's name is one that draws on the processor."""
    return any(word in renderer.lower() for word in _SOFTWARE)


OBJECT_KINDS = ("Texture", "Buffer", "Framebuffer", "Renderbuffer", "VertexArray", "Program", "Shader")


def live_objects(most: int = 512) -> int | None:
    """How many OpenGL objects with names below ``most`` live in the current context, asked of the driver itself.

    None where the system's OpenGL library is not found under a known name. Takes about a millisecond.
    """
    for name in ("libGL.so.1", "libOpenGL.so.0"):
        try:
            library = ctypes.CDLL(name)
            asks = [getattr(library, f"glIs{kind}") for kind in OBJECT_KINDS]
        except (OSError, AttributeError):
            continue
        for ask in asks:
            ask.argtypes, ask.restype = [ctypes.c_uint], ctypes.c_ubyte
        return sum(bool(ask(number)) for ask in asks for number in range(1, most))
    return None


class _Fence:
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
    def find(cls) -> _Fence | None:
        """None where the system's OpenGL library does not offer it under a known name."""
        for name in ("libGL.so.1", "libOpenGL.so.0"):
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


def _standalone(backend: str | None) -> Any:
    settings: dict[str, Any] = {} if backend is None else {"backend": backend}
    return moderngl.create_context(require=330, standalone=True, **settings)


class Offscreen:
    """Draws into a frame buffer, with no window."""

    def __init__(self, size: tuple[int, int], why: str = "asked for") -> None:
        # One thread draws, the other core is perception's; more threads only take time from each other.
        os.environ.setdefault("LP_NUM_THREADS", "1")
        try:
            self.context = _standalone("egl")
        except Exception as error:  # noqa: BLE001 - glcontext raises nothing narrower
            try:
                self.context = _standalone(None)
            except Exception:  # noqa: BLE001 - the same
                raise DisplayError(
                    f"OpenGL 3.3 cannot be had without a window ({error}); on Debian: apt-get install libegl1 libgl1"
                ) from error
        self.size = size
        self.describe = f"offscreen {size[0]}x{size[1]} ({why})"
        self._target = self.context.simple_framebuffer(size)
        self._target.use()
        self._fence = _Fence.find()
        self._slow = self.is_software

    @property
    def framebuffer(self) -> Any:
        """What to draw into."""
        return self._target

    @property
    def renderer(self) -> str:
        """The OpenGL renderer's name."""
        return str(self.context.info["GL_RENDERER"])

    @property
    def is_software(self) -> bool:
        """Whether the processor draws."""
        return is_software(self.renderer)

    def poll_events(self) -> list[str]:
        """Nobody is at the keys."""
        return []

    def edit(self, on: bool) -> None:
        """Nobody is at the keys."""

    def take_input(self) -> list[InputEvent]:
        """Nobody is at the keys."""
        return []

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """See ``Surface``."""
        if self._slow and self._fence is not None:
            self._fence.wait(meanwhile)

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Wait until it is drawn, as a window's swap would: otherwise frames would pile up in the driver."""
        if self._fence is not None:
            self._fence.wait(meanwhile)
        else:
            self.context.finish()

    def close(self) -> None:
        """Free the context."""
        self._target.release()
        self.context.release()


class Window:
    """A window or a whole screen through pygame-ce."""

    def __init__(self, config: OutputConfig, fullscreen: bool) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        os.environ.setdefault("LP_NUM_THREADS", "1")
        import pygame

        self._pygame = pygame
        try:
            pygame.display.init()
        except pygame.error as error:
            raise DisplayError(
                f"no display can be opened ({error}); use --offscreen, or start it on a screen"
            ) from error
        driver = pygame.display.get_driver()
        if driver in _NO_SCREEN:
            # SDL picks this one without a word where there is no display: a dark screen must not look healthy.
            pygame.display.quit()
            raise DisplayError("there is no display here; use --offscreen, or start it on a screen (is DISPLAY set?)")
        self._open(config, fullscreen)
        self.context = moderngl.create_context(require=330)
        self._fence = _Fence.find()
        self._slow = self.is_software
        kind = "fullscreen" if fullscreen else "window"
        where = "all displays" if config.display == "all" and fullscreen else f"display {display_number(config)}"
        self.describe = f"{kind} {self.size[0]}x{self.size[1]} on {where} ({driver})"
        self._fullscreen = fullscreen
        self._keyboard = Keyboard()

    def _open(self, config: OutputConfig, fullscreen: bool) -> None:
        pygame = self._pygame
        sizes = pygame.display.get_desktop_sizes()
        number = display_number(config)
        if number >= len(sizes):
            pygame.display.quit()
            raise DisplayError(f"output.display is {config.display}, but the displays here are 0 to {len(sizes) - 1}")
        area = desktop_area(len(sizes)) if config.display == "all" and fullscreen else None
        for name, value in (
            (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
            (pygame.GL_CONTEXT_MINOR_VERSION, 3),
            (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
            (pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG, 1),
            (pygame.GL_DOUBLEBUFFER, 1),
        ):
            pygame.display.gl_set_attribute(name, value)
        flags = pygame.OPENGL | pygame.DOUBLEBUF | (pygame.FULLSCREEN if fullscreen else pygame.RESIZABLE)
        wanted = sizes[number] if fullscreen else (config.width, config.height)
        if area is not None:
            # A fullscreen window belongs to one display; only one without a frame may lie over several.
            flags, wanted = pygame.OPENGL | pygame.DOUBLEBUF | pygame.NOFRAME, area[2:]
        try:
            pygame.display.set_mode(wanted, flags, display=number, vsync=int(config.vsync))
        except pygame.error as error:
            if not config.vsync:
                raise DisplayError(f"no OpenGL window can be opened: {error}") from error
            log.warning("no vertical sync here (%s); the picture may tear", error)
            try:
                pygame.display.set_mode(wanted, flags, display=number, vsync=0)
            except pygame.error as second:
                raise DisplayError(f"no OpenGL window can be opened: {second}") from second
        pygame.display.set_caption("Mien")
        if area is not None:
            pygame.display.set_window_position(area[:2])
        pygame.mouse.set_visible(not fullscreen)
        self.size = pygame.display.get_window_size()

    @property
    def framebuffer(self) -> Any:
        """What to draw into."""
        return self.context.screen

    @property
    def renderer(self) -> str:
        """The OpenGL renderer's name."""
        return str(self.context.info["GL_RENDERER"])

    @property
    def is_software(self) -> bool:
        """Whether the processor draws."""
        return is_software(self.renderer)

    def poll_events(self) -> list[str]:
        """What the operator did, in order."""
        pygame = self._pygame
        names = []
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                names.append("quit")
            elif event.type == pygame.VIDEORESIZE:
                self.size = pygame.display.get_window_size()
                names.append("resize")
            else:
                names += self._keyboard.read(event, self.size)
        return names

    def edit(self, on: bool) -> None:
        """See ``Surface``. The pointer shows while it is on."""
        self._pygame.mouse.set_visible(on or not self._fullscreen)
        self._keyboard.edit(on)

    def take_input(self) -> list[InputEvent]:
        """See ``Surface``."""
        return self._keyboard.take_input()

    def settle(self, meanwhile: Callable[[], None]) -> None:
        """See ``Surface``."""
        if self._slow and self._fence is not None:
            self._fence.wait(meanwhile)

    def present(self, meanwhile: Callable[[], None]) -> None:
        """Swap the buffers; with vertical sync this waits for the screen."""
        self.settle(meanwhile)
        self._pygame.display.flip()

    def close(self) -> None:
        """Close the window."""
        self.context.release()
        self._pygame.display.quit()


def has_display() -> tuple[bool, str]:
    """Whether SDL finds a display, and what it says of it."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    try:
        pygame.display.init()
    except pygame.error as error:
        return False, f"none ({error})"
    driver = pygame.display.get_driver()
    sizes = ", ".join(f"{width}x{height}" for width, height in pygame.display.get_desktop_sizes())
    pygame.display.quit()
    if driver in _NO_SCREEN:
        return False, "none; auto will draw offscreen, and nobody will see it"
    return True, f"{driver}: {sizes}"


def open_surface(config: OutputConfig, notices: Notices) -> Window | Offscreen:
    """The surface that ``output.mode`` names. ``auto`` without a display draws offscreen and says so loudly.

    Raises DisplayError where ``fullscreen`` or ``window`` cannot be had, or OpenGL is missing.
    """
    size = (config.width, config.height)
    if config.mode == "offscreen":
        return Offscreen(size)
    try:
        return Window(config, fullscreen=config.mode in ("auto", "fullscreen"))
    except DisplayError as error:
        if config.mode != "auto":
            raise
        notices.fallback("output", f"NOTHING IS SHOWN: {error}; drawing offscreen")
        return Offscreen(size, "no display")
