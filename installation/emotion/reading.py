"""From when on somebody is read: not before they could have seen the notice."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from installation.types import Observation, Person

FORGET_S = 60.0
"""A visitor's number that was not seen for this long is forgotten. Perception gives a number again only to somebody it takes
for the same visitor; a source that numbers anew calls ``clear``."""


@dataclass
class _Stay:
    """``since_s``: when this visitor came; ``seen_s``: when they were seen last."""

    since_s: float
    seen_s: float


class Reading:
    """Takes what would be read of emotions out of observations of newcomers. Deterministic; time is the observations' own.

    ``dwell_s``: for how long after somebody new arrives; 0: everybody is read at once.
    """

    def __init__(self, dwell_s: float) -> None:
        self._dwell_s = dwell_s
        self._stays: dict[int, _Stay] = {}
        self.arrived_s: float | None = None
        """When the newest visitor came; None before the first."""
        self.unread: frozenset[int] = frozenset()
        """The numbers of those who are not read yet, as of the last ``gate``."""

    def reconfigure(self, dwell_s: float) -> None:
        """Go on with another time; it counts for those who are there already, too."""
        self._dwell_s = dwell_s

    def clear(self) -> None:
        """Visitors are numbered anew: whoever comes now is new."""
        self._stays.clear()

    def gate(self, observation: Observation) -> Observation:
        """``observation`` without expression, blendshapes and pose labels of those who are not read yet: where they are and
        how they move remains. The very same object where nothing is to be taken out."""
        t_s = observation.t_s
        self._stays = {number: stay for number, stay in self._stays.items() if t_s - stay.seen_s <= FORGET_S}
        unread = set()
        for person in observation.people:
            stay = self._stays.get(person.id)
            if stay is None:
                stay = self._stays[person.id] = _Stay(t_s, t_s)
                self.arrived_s = t_s
            stay.seen_s = t_s
            if t_s - stay.since_s < self._dwell_s:
                unread.add(person.id)
        self.unread = frozenset(unread)
        if not unread:
            return observation
        return replace(observation, people=tuple(_unread(person, unread) for person in observation.people))

    def without_faces(self, observation: Observation) -> Observation:
        """What may go out of an observation that came through ``gate``: the points of unread faces, which show an expression
        to whoever receives them, stay here, where they only say how a head is turned."""
        if not self.unread:
            return observation
        hidden = (replace(one, face=None) if one.id in self.unread else one for one in observation.people)
        return replace(observation, people=tuple(hidden))


def _unread(person: Person, unread: AbstractSet[int]) -> Person:
    if person.id not in unread:
        return person
    return replace(person, expression=None, blendshapes=None, gestures=(), poses=())
