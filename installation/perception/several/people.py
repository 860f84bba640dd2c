"""Who is who among several cameras: people known by where they stand on the floor, and when. No face, no clothes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from installation.perception.likeness import assign
from installation.perception.several.floor import Spot
from installation.types import EXTENTS, Person

PLACE_GAIN, SPEED_GAIN = 0.5, 0.12
"""Of a new sighting: an alpha-beta filter for a walk that is seen to some centimetres, thirty times a second."""
FASTEST_M_S = 3.0
AHEAD_S = 0.3
"""A walk is believed to go on for so long."""
APART, APART_S = 1.6, 0.4
"""Two sightings of one are two people where they are further from each other than so many times what makes two one, for so
long: a tracker that swapped its numbers in a crossing is found out."""
TOGETHER_S = 0.4
"""Two who are seen by one camera each, and nearer than what makes two one, are one after so long."""
CLEARER, CROSSED_S = 0.4, 0.15
"""Two of a camera's people change places where that brings both nearer to the other cameras' by so much of what makes two one,
for so long: they were matched crosswise while they stood close together."""
JUMP_M = 0.4
"""Nobody gets so far between two pictures beyond what FASTEST_M_S allows: the camera's number went to somebody else."""
NEWCOMER_S = 0.5
"""Whoever appears beside somebody whom that camera sees already is a newcomer only after so long: a camera may be mistaken
about who is who for a moment."""
KNOWN = 0.5
"""A camera's own number counts for something: whoever had it before is as if so many times as far away."""
REMEMBER_S, WALK_M_S = 2.0, 1.5
"""Somebody out of all pictures keeps the number for so long, and may have walked so fast meanwhile."""
BETTER, DWELL_S = 0.3, 0.5
"""Another camera shows somebody once it sees so much more, and not before the first one has shown them for so long."""


class Sighting(NamedTuple):
    """A camera's person; ``spot`` None where that camera's place is not known."""

    person: Person
    spot: Spot | None


class Seen(NamedTuple):
    """Somebody, under the show's number, as the camera that sees most of them has them; ``spot`` is what all cameras say."""

    number: int
    camera: str
    person: Person
    spot: Spot | None


@dataclass(eq=False)
class _Track:
    """One camera's person, followed on the floor; ``number`` is the camera's."""

    number: int
    sighting: Sighting
    t_s: float
    spot: Spot | None
    since_s: float
    """Since when it has been followed without a gap."""
    speed: tuple[float, float] = (0.0, 0.0)

    def goes_on(self, sighting: Sighting, t_s: float) -> bool:
        """Whether the same person may be at ``sighting`` by then."""
        there, step_s = self.at(t_s), max(t_s - self.t_s, 0.0)
        if there is None or sighting.spot is None:
            return True
        return _metres(there, sighting.spot) <= JUMP_M + FASTEST_M_S * step_s

    def see(self, sighting: Sighting, t_s: float) -> None:
        step_s, new = t_s - self.t_s, sighting.spot
        self.sighting, self.t_s = sighting, t_s
        if new is None or self.spot is None or step_s <= 0 or step_s > AHEAD_S:
            self.spot, self.speed = new, (0.0, 0.0)
            return
        (vx, vy), (x, y) = self.speed, self.spot
        x, y = x + vx * step_s, y + vy * step_s
        off_x, off_y = new.x_m - x, new.y_m - y
        vx, vy = vx + SPEED_GAIN * off_x / step_s, vy + SPEED_GAIN * off_y / step_s
        fast = max(1.0, math.hypot(vx, vy) / FASTEST_M_S)
        self.spot = Spot(x + PLACE_GAIN * off_x, y + PLACE_GAIN * off_y)
        self.speed = (vx / fast, vy / fast)

    def at(self, t_s: float) -> Spot | None:
        if self.spot is None:
            return None
        ahead_s = min(max(t_s - self.t_s, -AHEAD_S), AHEAD_S)
        return Spot(self.spot.x_m + self.speed[0] * ahead_s, self.spot.y_m + self.speed[1] * ahead_s)


@dataclass(eq=False)
class _Somebody:
    number: int
    seen_s: float
    spot: Spot | None = None
    """Where all cameras saw them last."""
    tracks: dict[str, _Track] = field(default_factory=dict)
    called: dict[str, int] = field(default_factory=dict)
    """The number that each camera had for them last."""
    apart_s: dict[str, float] = field(default_factory=dict)
    """Since when a camera's sighting has been away from the others'."""
    shown: str | None = None
    shown_s: float = 0.0

    def at(self, t_s: float, without: str | None = None) -> Spot | None:
        """Where the cameras, but that one, have them now; None where none of them knows."""
        found = [spot for name, track in self.tracks.items() if name != without and (spot := track.at(t_s)) is not None]
        if not found:
            return None
        return Spot(sum(spot.x_m for spot in found) / len(found), sum(spot.y_m for spot in found) / len(found))


class People:
    """Everybody, of all cameras. Times are the show's; a camera's observations come in their order, cameras in any."""

    def __init__(self, same_within_m: float) -> None:
        self.same_within_m = same_within_m
        self._all: list[_Somebody] = []
        self._tracks: dict[tuple[str, int], _Track] = {}
        self._together_s: dict[tuple[int, int], float] = {}
        self._crossed_s: dict[tuple[str, int, int], float] = {}
        self._given = 0

    def see(self, camera: str, t_s: float, sightings: Mapping[int, Sighting]) -> None:
        """All whom ``camera`` sees at ``t_s``, by its own numbers."""
        for key, track in [one for one in self._tracks.items() if one[0][0] == camera]:
            if key[1] not in sightings or not track.goes_on(sightings[key[1]], t_s):
                self._unlink(camera, self._tracks.pop(key))
        for number, sighting in sightings.items():
            known = self._tracks.get((camera, number))
            if known is None:
                self._tracks[camera, number] = _Track(number, sighting, t_s, sighting.spot, t_s)
            else:
                known.see(sighting, t_s)
        self._uncross(camera, t_s)
        self._part(camera, t_s)
        self._match(camera, t_s)
        self._join(t_s)
        for one in self._all:
            if one.tracks:
                one.called |= {name: track.number for name, track in one.tracks.items()}
                one.seen_s, one.spot = max(one.seen_s, t_s), one.at(t_s)
        self._all = [one for one in self._all if one.tracks or t_s - one.seen_s <= REMEMBER_S]

    def now(self, t_s: float) -> list[Seen]:
        """Everybody who is seen, by number."""
        found = []
        for one in self._all:
            if one.tracks:
                camera = self._choose(one, t_s)
                found.append(Seen(one.number, camera, one.tracks[camera].sighting.person, one.at(t_s)))
        return sorted(found, key=lambda seen: seen.number)

    def numbers(self, camera: str) -> dict[int, int]:
        """Everybody whom ``camera`` sees: the number of the show by the camera's own."""
        return {track.number: one.number for one in self._all if (track := one.tracks.get(camera)) is not None}

    def _unlink(self, camera: str, track: _Track) -> None:
        for one in self._all:
            if one.tracks.get(camera) is track:
                del one.tracks[camera]
                one.apart_s.pop(camera, None)

    def _uncross(self, camera: str, t_s: float) -> None:
        """Let two of ``camera``'s people change places who were matched crosswise."""
        found = [
            (one, track, own, others)
            for one in self._all
            if (track := one.tracks.get(camera)) is not None
            and (own := track.at(t_s)) is not None
            and (others := one.at(t_s, camera)) is not None
        ]
        crossed: dict[tuple[str, int, int], float] = {}
        for k, (one, track, own, others) in enumerate(found):
            for other, its_track, its_own, its_others in found[k + 1 :]:
                now = _metres(own, others) + _metres(its_own, its_others)
                gain = now - _metres(own, its_others) - _metres(its_own, others)
                key = (camera, one.number, other.number)
                newest = max(track.since_s, its_track.since_s)
                rest = [seen for who in (one, other) for name, seen in who.tracks.items() if name != camera]
                # The camera that had one of them out of sight last is the one that may be mistaken.
                if gain < CLEARER * self.same_within_m or newest < max(seen.since_s for seen in rest):
                    continue
                crossed[key] = self._crossed_s.get(key, t_s)
                if (
                    t_s - crossed[key] >= CROSSED_S
                    and one.tracks[camera] is track
                    and other.tracks[camera] is its_track
                ):
                    one.tracks[camera], other.tracks[camera] = its_track, track
                    del crossed[key]
        self._crossed_s = {key: since for key, since in self._crossed_s.items() if key[0] != camera} | crossed

    def _part(self, camera: str, t_s: float) -> None:
        """Let go of sightings that have been away from what the other cameras say."""
        away: list[_Somebody] = []
        for one in self._all:
            track = one.tracks.get(camera)
            others, own = one.at(t_s, camera), None if track is None else track.at(t_s)
            if track is None or own is None or others is None or _metres(own, others) <= APART * self.same_within_m:
                one.apart_s.pop(camera, None)
                continue
            one.apart_s.setdefault(camera, t_s)
            # The camera that had them out of sight last is the one that may be mistaken.
            if all(track.since_s >= other.since_s for other in one.tracks.values()):
                away.append(one)
        # Where two swapped, both are let go at once, so that each finds the other's place free.
        if any(t_s - one.apart_s[camera] >= APART_S for one in away):
            for one in away:
                del one.tracks[camera], one.apart_s[camera]

    def _match(self, camera: str, t_s: float) -> None:
        """Give each of ``camera``'s people who is nobody's yet to whom is there, or a number of their own."""
        linked = {id(one.tracks[camera]) for one in self._all if camera in one.tracks}
        free = [track for (name, _), track in self._tracks.items() if name == camera and id(track) not in linked]
        open_to = [one for one in self._all if camera not in one.tracks]
        costs = np.array([[self._cost(camera, track, one, t_s) for one in open_to] for track in free], np.float64)
        pairs = dict(assign(costs.reshape(len(free), len(open_to)), 1.0)) if free and open_to else {}
        for row, track in enumerate(free):
            if row in pairs:
                one = open_to[pairs[row]]
            elif t_s - track.since_s < NEWCOMER_S and self._is_beside(track, camera, t_s):
                continue
            else:
                self._given += 1
                one = _Somebody(self._given, t_s)
                self._all.append(one)
            one.tracks[camera] = track

    def _is_beside(self, track: _Track, camera: str, t_s: float) -> bool:
        """Whether ``track`` is where somebody is whom another camera sees, and this one elsewhere or mistakenly."""
        own = track.at(t_s)
        there = [one.at(t_s, camera) for one in self._all if camera in one.tracks]
        return own is not None and any(spot is not None and _metres(own, spot) <= self.same_within_m for spot in there)

    def _cost(self, camera: str, track: _Track, one: _Somebody, t_s: float) -> float:
        """How far from where ``one`` is, in what is allowed; 1 at most for a match."""
        own, there = track.at(t_s), one.at(t_s)
        allowed = self.same_within_m
        if there is None and not one.tracks:
            there = one.spot
            allowed += WALK_M_S * max(0.0, t_s - one.seen_s)
        if own is None or there is None:
            return 1e3
        cost = _metres(own, there) / allowed
        # Nobody comes nearer than what is allowed by that.
        return cost * KNOWN if cost <= 1.0 and one.called.get(camera) == track.number else cost

    def _join(self, t_s: float) -> None:
        """Two who are one: seen by other cameras each, and in one place for a while."""
        near: dict[tuple[int, int], float] = {}
        for k, one in enumerate(self._all):
            for other in self._all[k + 1 :]:
                if not one.tracks or not other.tracks or one.tracks.keys() & other.tracks.keys():
                    continue
                here, there = one.at(t_s), other.at(t_s)
                if here is not None and there is not None and _metres(here, there) <= self.same_within_m:
                    key = (one.number, other.number)
                    near[key] = self._together_s.get(key, t_s)
        self._together_s = near
        by_number = {one.number: one for one in self._all}
        for (first, second), since_s in near.items():
            one, other = by_number[min(first, second)], by_number[max(first, second)]
            if t_s - since_s >= TOGETHER_S and other.tracks and not one.tracks.keys() & other.tracks.keys():
                one.tracks.update(other.tracks)
                self._all.remove(other)
                other.tracks = {}

    def _choose(self, one: _Somebody, t_s: float) -> str:
        """The camera that shows them."""
        worth = {name: _worth(track.sighting.person) for name, track in one.tracks.items()}
        best = max(sorted(worth), key=lambda name: worth[name])
        shown = one.shown
        if shown not in worth or (worth[best] > worth[shown] + BETTER and t_s - one.shown_s >= DWELL_S):
            shown, one.shown_s = best, t_s
        one.shown = shown
        return shown


def _worth(person: Person) -> float:
    """How much of somebody a camera sees: the face above all, then how far down the body."""
    return person.face_quality + EXTENTS.index(person.extent) / len(EXTENTS) + (0.5 if person.pose is not None else 0.0)


def _metres(a: Spot, b: Spot) -> float:
    return math.hypot(a.x_m - b.x_m, a.y_m - b.y_m)
