"""Whose face is painted: one visitor's at a time, and what was painted never lies on another one's body."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from installation.base.face_size import large_enough
from installation.generation.face_painter import FaceSquare, face_square
from installation.types import Box, Person

FACE_GONE_S = 1.5
"""A visitor who shows no face for so long is not painted any more: what is shown of them dissolves."""
REACH, REACH_PER_S = 1.0, 4.0
"""How far a face may be from where it was, and how much farther with each second since, in half sides of its square (0.85 of a
face's height). At four readings a second that is 1.5 m a second; farther away it is somebody else who has the number now."""
HELD_S = 0.3
"""Where many visitors take turns, what was read of a face is repeated for about so long."""
GROWTH = 1.8
"""A face so many times larger or smaller than it was is another one."""
BODY_MARGIN = 0.1
"""A body's box is widened by this share of its size: its outline passes it a little."""

Outcome = Literal["stays", "dissolves", "vanishes"]


class Sitter:
    """Who sits for the painter. ``id`` is the visitor's number, None while nobody does."""

    def __init__(self) -> None:
        self.id: int | None = None
        self.square: FaceSquare | None = None
        """Where the face that is shown was last; it is known until the last of it has dissolved."""
        self._owner: int | None = None
        """Whose face is shown, until the last of it has dissolved."""
        self._moved_s = self._seen_s = 0.0

    def watch(self, people: Sequence[Person], aspect: float, now_s: float) -> Outcome:
        """What becomes of the painted face on show now that ``people`` are there.

        ``aspect`` is the picture's width by its height.

        It stays; or dissolves where it is, for its visitor has gone or turned away; or vanishes at once, for somebody else is
        in its place. In the last two cases nobody sits any more.
        """
        if self.square is None:
            return "stays"
        sitter = next((person for person in people if person.id == self._owner), None)
        if self._is_on_another(people, sitter):
            self.end()
            return "vanishes"
        if sitter is not None and sitter.face_box is not None:
            return self._follow(face_square(sitter.face_box, aspect), aspect, now_s)
        if self.id is not None and (sitter is None or now_s - self._seen_s > FACE_GONE_S):
            self.id = None
            return "dissolves"
        return "stays"

    def choose(self, people: Sequence[Person], size: tuple[int, int], now_s: float) -> None:
        """Who shows the largest face, large enough in a picture of ``size`` (width, height) pixels, sits from now on."""
        width, height = size
        faces = [(one.face_box, one.id) for one in people if one.face_box is not None]
        fit = [(box.height, number, box) for box, number in faces if large_enough(box, width, height)]
        if fit:
            _, self.id, box = max(fit)
            self._owner, self.square = self.id, face_square(box, width / height)
            self._moved_s = self._seen_s = now_s

    def end(self) -> None:
        """Nobody sits, and nothing is shown."""
        self.id = self.square = self._owner = None

    def _follow(self, square: FaceSquare, aspect: float, now_s: float) -> Outcome:
        assert self.square is not None
        if square != self.square:
            (x, y, half), (was_x, was_y, was_half) = square, self.square
            larger = max(half, was_half)
            away = math.hypot((x - was_x) * aspect, y - was_y) / larger
            since_s = min(now_s - self._moved_s, now_s - self._seen_s + HELD_S)
            if away > REACH + REACH_PER_S * since_s or larger > GROWTH * min(half, was_half):
                self.end()
                return "vanishes"
            self.square, self._moved_s = square, now_s
        self._seen_s = now_s
        return "stays"

    def _is_on_another(self, people: Sequence[Person], sitter: Person | None) -> bool:
        """Whether the face, which is not seen now, lies on the body of somebody else."""
        assert self.square is not None
        if sitter is None:
            # An outline reaches beyond a body's box: whoever is there may come to lie under the face.
            return bool(people)
        if sitter.face_box is not None or _holds(sitter.box, self.square):
            return False
        return any(person is not sitter and _holds(person.box, self.square) for person in people)


def _holds(body: Box, square: FaceSquare) -> bool:
    across, down = BODY_MARGIN * body.width, BODY_MARGIN * body.height
    return body.left - across < square[0] < body.right + across and body.top - down < square[1] < body.bottom + down
