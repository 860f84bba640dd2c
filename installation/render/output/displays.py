"""The displays of this machine: which one a window opens on, and the rectangle round all of them."""

from __future__ import annotations

import ctypes
import os

from installation.config.output import OutputConfig


class DisplayError(Exception):
    """No window can be opened; the message says why and what to do."""


def display_number(config: OutputConfig) -> int:
    """The display a window opens on; over all of them, it begins on the first."""
    return config.display if isinstance(config.display, int) else 0


class _Rect(ctypes.Structure):
    _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int), ("w", ctypes.c_int), ("h", ctypes.c_int))


def desktop_area(displays: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of the rectangle round all ``displays``, pixels of the desktop.

    Asked of the SDL that pygame runs on: pygame itself gives the displays' sizes but not their places. Raises
    DisplayError where it cannot be asked.
    """
    import pygame

    rects = []
    try:
        # Symbols of a library are also found through one that is linked to it; Windows knows it by its own name.
        library = ctypes.CDLL("SDL2.dll" if os.name == "nt" else pygame.base.__file__)
        for number in range(displays):
            rect = _Rect()
            if library.SDL_GetDisplayBounds(number, ctypes.byref(rect)) == 0:
                rects.append(rect)
    except (OSError, AttributeError):
        rects = []
    if len(rects) != displays or not rects:
        raise DisplayError("the displays' positions are not known here; set output.display to a number")
    left, top = min(rect.x for rect in rects), min(rect.y for rect in rects)
    right, bottom = max(rect.x + rect.w for rect in rects), max(rect.y + rect.h for rect in rects)
    return left, top, right - left, bottom - top
