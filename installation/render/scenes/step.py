"""One step of a scene: what it is given, what it offers, and the shapes that it may draw as instances."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from installation.config.scene_files import Draw
from installation.types import BIRTH_COLUMNS, BIRTHS, FloatArray

NO_PICTURE: tuple[str, ...] = ("NO_PICTURE",)
PICTURES: tuple[tuple[str, ...], ...] = (
    NO_PICTURE,
    *((), ("DRY_PICTURE",)),
    *(("WHOLE_PICTURE",), ("WHOLE_PICTURE", "DRY_PICTURE")),
)
"""States of the composed picture, as the words that shaders find defined."""


def picture_state(strength: float, fade: float) -> tuple[str, ...]:
    """One of PICTURES, for a composed picture of ``strength`` and ``fade`` [0, 1]."""
    if strength <= 0:
        return NO_PICTURE
    whole = ("WHOLE_PICTURE",) if strength >= 1 else ()
    return (*whole, "DRY_PICTURE") if fade >= 1 else whole


class StepValues(NamedTuple):
    """What a step needs to know while it draws.

    ``parameters``: the values of the scene's own parameters. ``advance``: time goes on (False when the same moment is drawn
    again, for another part of a large picture). ``picture``: the state of the composed picture, the words that shaders find
    defined for it.
    """

    shapes: int
    births: int
    detail: float
    fade: float
    parameters: dict[str, float]
    advance: bool = True
    picture: tuple[str, ...] = NO_PICTURE


class Step(Protocol):
    """One step of a scene."""

    def rebuild(self) -> None:
        """Take over programs that were built again."""
        ...

    def draw(self, values: StepValues) -> None:
        """Draw into the bound frame buffer."""
        ...

    def release(self) -> None:
        """Free all but the programs."""
        ...


class BirthBuffer:
    """The born shapes as instances, shared by all scenes: in_place (x, y, z, size), in_colour (rgb, spikiness) and
    in_life (age_s, seed, leaving, energy)."""

    names = ("in_place", "in_colour", "in_life")

    def __init__(self, context: Any) -> None:
        self.buffer = context.buffer(reserve=BIRTHS * len(BIRTH_COLUMNS) * 4, dynamic=True)
        self._data = np.zeros((BIRTHS, len(BIRTH_COLUMNS)), np.float32)

    def write(self, births: FloatArray) -> None:
        """(M, len(BIRTH_COLUMNS)), M at most BIRTHS."""
        if len(births):
            self._data[: len(births)] = births
            self.buffer.write(self._data[: len(births)])

    def release(self) -> None:
        """Free it."""
        self.buffer.release()


def instance_count(draw: Draw, values: StepValues) -> int:
    if draw.instances == "births":
        return values.births
    if isinstance(draw.instances, str):
        return int(values.parameters[draw.instances])
    return int(draw.instances)
