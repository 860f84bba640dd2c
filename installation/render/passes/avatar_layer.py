"""A visitor's painted face in the portrait: it comes, follows the face, and dissolves when the visitor leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from installation.base.easing import eased_share
from installation.render.passes.worn_texture import WornTexture
from installation.types import AvatarFrame

COME_S, GO_S = 0.9, 1.4
"""Seconds in which it comes, and in which it dissolves."""
FOLLOW_S = 0.06
"""Time constant with which it follows: perception brings a new place every other picture."""
MAX_STEP_S = 0.1
_CLEAR = np.zeros((2, 2, 4), np.uint8)


class AvatarLayer:
    """What the shader needs to know of it. Nothing is allocated while avatars keep their size. GL thread only."""

    def __init__(self, context: Any) -> None:
        self._worn = WornTexture(context)
        self._aim = self._share = 0.0
        self._place: tuple[float, float, float] | None = None
        self._goal: tuple[float, float, float] | None = None
        self._person: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no face is shown, not even the last of one; nor will be without a new painting."""
        return self._person is None

    def put(self, frame: AvatarFrame, t_s: float) -> None:
        """Fade to a newly painted face at ``t_s`` seconds, or, where the frame has no person, begin to dissolve."""
        if frame.person_id is None:
            self._aim = 0.0
            return
        if frame.person_id != self._person:
            # No cross-fade from one visitor to another: one's paint would lie on the other's face.
            self.vanish()
        self._aim, self._person = 1.0, frame.person_id
        self._worn.put(frame.rgba, t_s)

    def follow(self, square: tuple[float, float, float]) -> None:
        """Where the face is now: x, y of its middle in image coordinates, half its side in picture heights."""
        self._goal = square

    def vanish(self) -> None:
        """Show nothing any more, at once, and keep nothing."""
        self._aim = self._share = 0.0
        self._place = None
        if self._person is not None:
            # Nothing stays in memory that is not shown.
            self._worn.put(_CLEAR, 0.0)
            self._worn.put(_CLEAR, 0.0)
            self._person = None

    def advance(self, dt_s: float) -> None:
        """Go on by ``dt_s`` seconds."""
        step_s = min(max(dt_s, 0.0), MAX_STEP_S)
        if self._aim > self._share:
            self._share = min(self._aim, self._share + step_s / COME_S)
        else:
            self._share = max(self._aim, self._share - step_s / GO_S)
        if self._goal is not None:
            if self._place is None or self._share == 0.0:
                self._place = self._goal
            near = eased_share(step_s, FOLLOW_S)
            x, y, half = (now + (goal - now) * near for now, goal in zip(self._place, self._goal, strict=True))
            self._place = (x, y, half)
        if self._share == 0.0 and self._aim == 0.0:
            self.vanish()

    def place(self) -> tuple[float, float, float, float]:
        """x, y of its middle in the camera's picture (origin top left), half its side in picture heights, and how far it is
        there, [0, 1]."""
        return (*self._place, self._share) if self._place is not None else (0.5, 0.5, 0.0, 0.0)

    def fade(self, t_s: float) -> float:
        """How far the newest painting of it has faded in, [0, 1]."""
        return self._worn.share(t_s)

    def use(self, before_unit: int, newest_unit: int) -> None:
        """Bind the painting before and the newest one."""
        self._worn.use(before_unit, newest_unit)

    def release(self) -> None:
        """Free both."""
        self._worn.release()
