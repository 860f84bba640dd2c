"""What the operator's keyboard and pointer do while the picture is being set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class InputEvent:
    """A key, or the pointer's left button pressed, dragged or let go.

    ``key`` is a name in small letters such as "w", "3", "tab", "left", "return", "backspace", "escape", "+"; "" for the
    pointer. ``x``, ``y``: the pointer in the window, [0, 1], origin top left. ``shift``: held at the time.
    """

    kind: Literal["key", "press", "drag", "release"]
    key: str = ""
    x: float = 0.0
    y: float = 0.0
    shift: bool = False
