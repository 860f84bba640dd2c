"""Visitors' numbers: a newcomer who looks like a visitor who left, or was lost, a moment ago is the same visitor.

What is remembered, place and colours of the clothes, is kept for ``remember_s`` in memory only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from installation.perception.likeness import colour_distance, distance
from installation.perception.presence import PresenceGate
from installation.perception.track import Track
from installation.types import Box, FloatArray

SAME_COLOURS = 0.45
"""Hellinger distance up to which a newcomer may be a visitor who just left."""
LOST_S = 0.25
"""A visitor without body and face for this long may be the newcomer close by."""
NARROWEST = 0.18
"""Least width of a body, as a share of its height (both in [0, 1] of a picture of 16:9), by which ways are measured: from
the side or behind something it looks narrower."""


@dataclass(frozen=True, slots=True, eq=False)
class _Left:
    """What is remembered of a visitor who left, last seen at ``t_s``; ``box`` is where the way would have led."""

    id: int
    box: Box
    colours: FloatArray | None
    t_s: float
    by_clothes: bool = False
    """Whether the place says nothing, for the picture shows another one now."""


class VisitorNumbers:
    """Gives numbers from 1. ``remember_s``: for how long a visitor who left keeps the number; ``make_gate`` makes the gate of
    a track that gave its number away."""

    def __init__(self, remember_s: float, make_gate: Callable[[], PresenceGate]) -> None:
        self._remember_s, self._make_gate = remember_s, make_gate
        self._left: list[_Left] = []
        self._given = 0

    def number(self, track: Track, tracks: Sequence[Track], t_s: float) -> int:
        """The number of the visitor who left, or was lost among ``tracks``, and looks most like ``track``; or a new one."""
        lost = [
            other
            for other in tracks
            if other.id is not None and other.pose is None and other.face is None and t_s - other.body_s > LOST_S
        ]
        options = [*self._left, *(_left(other, t_s) for other in lost)]
        costs = [(_return_cost(track, one, t_s), index) for index, one in enumerate(options)]
        if not costs or min(costs)[0] == math.inf:
            self._given += 1
            return self._given
        index = min(costs)[1]
        if index < len(self._left):
            return self._left.pop(index).id
        # It was lost because the network of ``track`` follows its body.
        found_again = lost[index - len(self._left)]
        assert found_again.id is not None
        number, found_again.id = found_again.id, None
        found_again.gate = self._make_gate()
        return number

    def remember(self, gone: Sequence[Track], t_s: float, by_clothes: bool = False) -> None:
        """The tracks ``gone`` ended now; forget visitors who left too long ago.

        ``by_clothes``: the scene changed; who comes back, from this one or from those before, is known by clothes alone.
        """
        self._left += [_left(track, t_s) for track in gone if track.id is not None]
        if by_clothes:
            self._left = [replace(one, by_clothes=True) for one in self._left if one.colours is not None]
        self._left = [one for one in self._left if t_s - one.t_s <= self._remember_s]

    def forget(self) -> None:
        """Forget all who left."""
        self._left = []


def _left(track: Track, t_s: float) -> _Left:
    assert track.id is not None
    return _Left(track.id, track.predicted(t_s), track.colours, track.t_s)


def _return_cost(track: Track, one: _Left, t_s: float) -> float:
    taller = max(track.box.height, 1e-6) / max(one.box.height, 1e-6)
    seen = track.colours if track.colours is not None else track.wears
    known = seen is not None and one.colours is not None
    colour = colour_distance(seen, one.colours)
    if one.by_clothes:
        return colour if known and colour <= SAME_COLOURS else math.inf
    # People walk about a body's width in a quarter of a second; who left at one border may come back at the other.
    reach = 1.0 + 4.0 * (t_s - one.t_s)
    if not 0.5 <= taller <= 2.0 or (known and colour > SAME_COLOURS):
        return math.inf
    away = distance(track.box, one.box, NARROWEST)
    return math.inf if away > reach else colour + 0.1 * away
