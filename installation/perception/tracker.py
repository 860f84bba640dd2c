"""Who is who from picture to picture, without biometrics: by place, motion and the colours of the clothes.

Places and colours are kept in memory only. Faces play no part. ``visitor_numbers.py`` says who keeps a visitor's number.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from installation.perception.likeness import assign, clothes, colour_distance, covered, distance, overlap, same_body
from installation.perception.presence import PresenceGate, bounds, seen_points
from installation.perception.track import LOST_S, Track
from installation.perception.visitor_numbers import SAME_COLOURS, VisitorNumbers
from installation.types import Box, ByteArray, FloatArray

COLOUR_WEIGHT = 0.5
FARTHEST = 1.2
"""Greatest cost, see ``_cost``, at which a detection still belongs to a track."""
TOUCH_S = 1.0
"""After bodies overlapped, colours decide for this long who is who."""
SWAP_MARGIN = 0.12
"""By how much, in Hellinger distance for each of two, swapped colours must fit better before visitors are swapped."""
OWNER_MARGIN = 0.3
"""By how much better a body must fit a hidden visitor than the track whose network found it."""
AGREEMENTS = 3
"""A body without a face is a person once detector and pose network agreed this often: twice may be chance."""
FORGET_PICTURES = 4
"""Nobody is forgotten before this many pictures were looked at: on a busy machine ``forget_s`` may hold but one or two."""
OWN_FACE, OWN_COST = 0.25, 0.2
"""A face of so much of a detected person's height, and within it, is that person's own; see ``_cost``."""
TWINS, TWIN_S = 3, 0.2
"""A face that was read so often on end where another track has one, within this time, is one face and not two: visitors
who pass each other are not in one place for so long."""
OTHER_COLOURS = 0.65
"""Hellinger distance from which clothes are somebody else's."""


def _cost(track: Track, box: Box, t_s: float) -> float:
    if _is_own(track, box, t_s):
        return OWN_COST
    where = track.predicted(t_s)
    # A seated or partly hidden body's box is but part of the detector's: the distance of the middles keeps them together.
    return (1.0 - overlap(where, box)) + 0.5 * distance(where, box)


def _is_own(track: Track, box: Box, t_s: float) -> bool:
    """Whether the detected person at ``box`` is the one whose near face the track follows."""
    last = track.last_face
    if last is None or t_s - last.t_s > LOST_S:
        return False
    return last.box.height > OWN_FACE * box.height and covered(last.box, box) > 0.6


def _has_face(track: Track, face: Box, t_s: float) -> bool:
    last = track.last_face
    return last is not None and 0 <= t_s - last.t_s <= TWIN_S and overlap(last.box, face) > 0.5


def _misfit(track: Track, t_s: float, box: Box, seen: FloatArray | None) -> float:
    """How badly a body at ``box`` in the clothes ``seen`` fits ``track``."""
    return distance(track.predicted(t_s), box) + COLOUR_WEIGHT * colour_distance(track.colours, seen)


class Tracker:
    """The bodies followed now. Times in seconds.

    ``max_people``: how many are followed. ``confirm_s`` and ``forget_s`` as PresenceGate has them. ``remember_s``: for how
    long a visitor who left keeps the number.
    """

    def __init__(self, max_people: int, confirm_s: float, forget_s: float, remember_s: float) -> None:
        self._max, self._confirm_s, self._forget_s = max_people, confirm_s, forget_s
        self._least_forget_s = forget_s
        self.all: list[Track] = []
        self._begun = 0
        self._numbers = VisitorNumbers(remember_s, lambda: PresenceGate(confirm_s, forget_s))

    def paced(self, interval_s: float) -> None:
        """Pictures are perceived about ``interval_s`` apart."""
        self._forget_s = max(self._least_forget_s, FORGET_PICTURES * interval_s)
        for track in self.all:
            track.gate.forget_s = self._forget_s

    def detected(self, t_s: float, found: Sequence[tuple[float, Box]], newcomer: float = 0.0) -> None:
        """The person detector saw ``found`` (score, box). What scores less than ``newcomer`` only shows that a visitor is still
        there."""
        costs = np.array([[_cost(track, box, t_s) for _, box in found] for track in self.all])
        matched = assign(costs, FARTHEST)
        for row, column in matched:
            track, (score, box) = self.all[row], found[column]
            if score < newcomer and track.id is None:
                continue
            track.detected_s, track.detected_box = t_s, box
            # Where bodies touch the detector sees one large one: the person hidden in it keeps the predicted place.
            merged = t_s - track.touched_s <= TOUCH_S and overlap(track.predicted(t_s), box) < 0.5
            if track.pose is None and not merged:
                track.move(box, t_s)
        taken = {column for _, column in matched}
        for column, (score, box) in enumerate(found):
            if score >= newcomer and column not in taken and not self._is_part_of_one(box, t_s):
                new = self.begin(box, t_s)
                if new is not None:
                    new.detected_s, new.detected_box = t_s, box

    def _is_part_of_one(self, box: Box, t_s: float) -> bool:
        """Whether the detector took part of a followed body, or the body of a face that is followed, for another person."""
        return any(overlap(track.box, box) > 0.6 or _is_own(track, box, t_s) for track in self.all)

    def begin(self, box: Box, t_s: float) -> Track | None:
        """Follow a new body at ``box``; None where ``max_people`` are followed already."""
        if len(self.all) >= self._max:
            return None
        self._begun += 1
        track = Track(self._begun, box, PresenceGate(self._confirm_s, self._forget_s), t_s, t_s)
        self.all.append(track)
        return track

    def twin(self, track: Track, t_s: float) -> Track | None:
        """Another track in whose place the face of ``track`` was just read. When that lasts they are one visitor, seen twice:
        the later of the two goes."""
        face = track.face
        assert face is not None
        twin = next((other for other in self.all if other is not track and _has_face(other, face.box, t_s)), None)
        track.twins = 0 if twin is None else track.twins + 1
        if twin is not None and track.twins >= TWINS:
            earlier, later = sorted((track, twin), key=lambda one: (one.id is None, one.id, one.number))
            earlier.face = earlier.last_face = face
            later.face = None
            self.all = [other for other in self.all if other is not later]
        return twin

    def touching(self, t_s: float) -> bool:
        """Note which bodies overlap; gives whether any do, or did within TOUCH_S."""
        for index, a in enumerate(self.all):
            for b in self.all[index + 1 :]:
                if overlap(a.box, b.box) > 0.1:
                    a.touched_s = b.touched_s = t_s
        return any(t_s - track.touched_s <= TOUCH_S for track in self.all)

    def posed(self, track: Track, t_s: float, pose: FloatArray, world: FloatArray, rgb: ByteArray) -> None:
        """The pose network of ``track`` saw a body in the picture ``rgb``.

        A pose on a body that another track has is given to the track it fits better; the other one lost its body.
        """
        points = seen_points(pose)
        box = bounds(points) if len(points) >= 2 else track.box
        seen = clothes(rgb, pose)
        for other in self.all:
            if other is track or other.pose is None or not same_body(pose, other.pose):
                continue
            # A candidate never takes the body of a visitor.
            visitors = other.id is not None and track.id is None
            if visitors or _misfit(other, t_s, box, seen) <= _misfit(track, t_s, box, seen):
                track.lose_body()
                return
            other.lose_body()
        owner = self._lost_owner(track, t_s, box, seen)
        if owner is not None:
            # The network now follows somebody who was hidden: it becomes theirs.
            track.number, owner.number = owner.number, track.number
            track.window, owner.window = owner.window, track.window
            track.posed_s, owner.posed_s = owner.posed_s, track.posed_s
            track.lose_body()
            track = owner
        elif self._is_dressed_as_another(track, t_s, seen):
            track.lose_body()
            return
        before_s = track.t_s
        track.pose, track.world, track.body_s = pose, world, t_s
        if len(points) >= 2:
            track.move(box, t_s)
        track.wears = seen if track.wears is None or seen is None else np.asarray((track.wears + seen) / 2, np.float32)
        if seen is not None and t_s - track.touched_s > TOUCH_S:
            track.learn_colours(seen, max(t_s - before_s, 0.0))

    def _lost_owner(self, track: Track, t_s: float, box: Box, seen: FloatArray | None) -> Track | None:
        """The visitor without a body whom a body found near ``track`` fits clearly better; None if it is the track's own."""
        if t_s - track.touched_s > TOUCH_S:
            return None
        mine = _misfit(track, t_s, box, seen)
        lost = [
            (_misfit(other, t_s, box, seen), other.number, other)
            for other in self.all
            if other is not track and other.id is not None and other.pose is None and t_s - other.touched_s <= TOUCH_S
        ]
        best = min(lost, default=None)
        return best[2] if best is not None and best[0] + OWNER_MARGIN < mine else None

    def _is_dressed_as_another(self, track: Track, t_s: float, seen: FloatArray | None) -> bool:
        """Whether the network of ``track`` follows somebody who stands in front, whose own body was not seen just now."""
        if t_s - track.touched_s > TOUCH_S or colour_distance(track.colours, seen) < OTHER_COLOURS:
            return False
        return any(
            colour_distance(other.colours, seen) < SAME_COLOURS
            for other in self.all
            if other is not track and other.id is not None and t_s - other.touched_s <= TOUCH_S
        )

    def untangle(self, t_s: float) -> None:
        """After bodies overlapped: two tracks swap their visitors where the clothes then fit clearly better."""
        near = [
            track
            for track in self.all
            if track.id is not None and t_s - track.touched_s <= TOUCH_S and track.pose is not None
        ]
        for index, a in enumerate(near):
            for b in near[index + 1 :]:
                known = a.colours is not None and b.colours is not None and a.wears is not None and b.wears is not None
                if overlap(a.box, b.box) > 0.25 or not known:
                    continue
                as_is = colour_distance(a.colours, a.wears) + colour_distance(b.colours, b.wears)
                exchanged = colour_distance(a.colours, b.wears) + colour_distance(b.colours, a.wears)
                if exchanged + 2 * SWAP_MARGIN < as_is:
                    a.id, b.id = b.id, a.id
                    a.colours, b.colours = b.colours, a.colours
                    a.gate, b.gate = b.gate, a.gate

    def agree(self, track: Track, t_s: float, agreed: float) -> None:
        """Detector and pose network see the same body; ``agreed`` (0, 1] says how well they agree."""
        track.agreements = track.agreements + 1 if t_s - track.agreed_s <= self._forget_s else 1
        track.agreed, track.agreed_s, track.evidence = agreed, t_s, True

    def settle(self, t_s: float) -> None:
        """End this picture: see who has become a visitor and who has gone."""
        for track in self.all:
            body = track.pose is not None or track.face is not None or track.detected_s == t_s
            # A face where the detector sees a person is certain at once.
            sure = track.face is not None and t_s - track.detected_s <= self._confirm_s
            if track.pose is None and track.face is None:
                # A hand or a bottle has a skeleton now and then; a person has one in every picture.
                track.gate.begin_again()
                track.agreements = 0
            enough = track.face is not None or track.agreements >= AGREEMENTS
            present = track.gate.update(t_s, body, track.evidence, sure, enough)
            track.evidence = False
            if present and track.id is None:
                track.id = self._numbers.number(track, self.all, t_s)
        gone = [track for track in self.all if self._has_gone(track, t_s)]
        self.all = [track for track in self.all if track not in gone]
        self._numbers.remember(gone, t_s)

    def cut(self, t_s: float) -> None:
        """A film was cut to another scene: nobody is where they were, and only clothes say who is who."""
        self._numbers.remember(self.all, t_s, by_clothes=True)
        self.all = []

    def forget(self) -> None:
        """Forget everybody, those who left included. Numbers are not given again."""
        self.all = []
        self._numbers.forget()

    def _has_gone(self, track: Track, t_s: float) -> bool:
        if track.id is not None:
            return not track.gate.present
        seen_s = max(track.t_s, track.detected_s)
        return t_s - seen_s > self._forget_s
