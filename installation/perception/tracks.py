"""Who is who from picture to picture, without biometrics: by place, motion and the colours of the clothes.

Places and colours are kept while a visitor is there and for ``remember_s`` after, in memory only. Faces play no part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from installation.base.easing import eased_share
from installation.perception.likeness import assign, clothes, colour_distance, distance, overlap, same_body
from installation.perception.presence import PresenceGate, bounds, seen_points
from installation.types import Box, ByteArray, FloatArray

VELOCITY_S = 0.25
"""Time constant of the velocity estimate."""
COAST_S = 0.6
"""An unseen person is taken to go on walking for about this long."""
COLOUR_S = 1.5
"""Time constant with which the remembered colours follow."""
COLOUR_WEIGHT = 0.5
FARTHEST = 1.2
"""Greatest cost, see ``_cost``, at which a detection still belongs to a track."""
TOUCH_S = 1.0
"""After bodies overlapped, colours decide for this long who is who."""
SWAP_MARGIN = 0.12
"""By how much, in Hellinger distance for each of two, exchanged colours must fit better before identities change."""
OWNER_MARGIN = 0.3
"""By how much a body must fit somebody who is hidden better than the one whose network found it."""
AGREEMENTS = 3
"""A body without a face is somebody once detector and pose network agreed so often: two may be chance."""
SAME_COLOURS = 0.45
"""Hellinger distance up to which a newcomer may be a visitor who just left."""
LOST_S = 0.25
"""A visitor without body and face for this long may turn out to be the newcomer beside."""
NARROWEST = 0.18
"""Least width of a body, as a share of its height (both in [0, 1] of a picture of 16:9), by which ways are measured: from
the side or behind something it looks narrower."""
OTHER_COLOURS = 0.65
"""Hellinger distance from which clothes are somebody else's."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A face read at ``t_s``: landmarks (478, 3) and ``box`` in the picture's [0, 1], blendshapes (52,), expression (7,)
    or None, ``quality`` [0, 1]."""

    t_s: float
    landmarks: FloatArray
    box: Box
    blendshapes: FloatArray
    expression: FloatArray | None
    quality: float


@dataclass(eq=False)
class Track:
    """One body (or lone face) followed through the pictures. ``id`` is the visitor's number once it counts as one."""

    number: int
    box: Box
    gate: PresenceGate
    t_s: float
    """When ``box`` was measured."""
    id: int | None = None
    velocity: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    colours: FloatArray | None = None
    """The clothes as remembered."""
    wears: FloatArray | None = None
    """The clothes as seen with the last poses."""
    pose: FloatArray | None = None
    world: FloatArray | None = None
    posed_s: float = -math.inf
    """When the pose network last looked, whether it saw the body or not."""
    face: Face | None = None
    face_tried_s: float = -math.inf
    gestures: dict[int, str] = field(default_factory=dict)
    hand: int = 0
    """Which hand was read last."""
    hand_tried_s: float = -math.inf
    agreed: float = 0.0
    """How well detector and pose network agreed when they last did."""
    agreements: int = 0
    """How often they did, with no more than ``forget_s`` between."""
    agreed_s: float = -math.inf
    """When that detection was made."""
    detected_s: float = -math.inf
    detected_box: Box | None = None
    window: FloatArray | None = None
    """(4,) the part of the picture that its pose network is shown, in pixels."""
    touched_s: float = -math.inf
    body_s: float = -math.inf
    """When its body or face was last seen."""
    evidence: bool = False
    """Whether this picture showed that it is a person."""

    def predicted(self, t_s: float) -> Box:
        """Where the box will be at ``t_s``: it goes on as it went, slowing down."""
        after_s = max(0.0, t_s - self.t_s)
        moved = self.velocity * COAST_S * eased_share(after_s, COAST_S)
        x, y = float(moved[0]), float(moved[1])
        return Box(self.box.left + x, self.box.top + y, self.box.right + x, self.box.bottom + y)

    def move(self, box: Box, t_s: float) -> None:
        """The body is at ``box`` now."""
        dt_s = t_s - self.t_s
        if dt_s > 0:
            speed = (np.array(box.centre) - np.array(self.box.centre)) / dt_s
            self.velocity = self.velocity + (speed - self.velocity) * eased_share(dt_s, VELOCITY_S)
        self.box, self.t_s = box, max(t_s, self.t_s)

    def learn_colours(self, seen: FloatArray, dt_s: float) -> None:
        """Follow the colours seen now, slowly."""
        if self.colours is None:
            self.colours = seen
        else:
            share = np.float32(eased_share(dt_s, COLOUR_S))
            self.colours = self.colours + (seen - self.colours) * share

    def loses_body(self) -> None:
        """The pose network lost it, or followed somebody else."""
        self.pose = self.world = self.wears = None
        self.gestures = {}


@dataclass(frozen=True, slots=True, eq=False)
class _Left:
    """What is remembered of a visitor who left, last seen at ``t_s``; ``box`` is where the way would have led."""

    id: int
    box: Box
    colours: FloatArray | None
    t_s: float


def _cost(track: Track, box: Box, t_s: float) -> float:
    where = track.predicted(t_s)
    # A seated or partly hidden body's box is but part of the detector's: the distance of the middles keeps them together.
    return (1.0 - overlap(where, box)) + 0.5 * distance(where, box)


def _misfit(track: Track, t_s: float, box: Box, seen: FloatArray | None) -> float:
    """How badly a body at ``box`` in the clothes ``seen`` fits ``track``."""
    return distance(track.predicted(t_s), box) + COLOUR_WEIGHT * colour_distance(track.colours, seen)


class Tracks:
    """The bodies followed now, and the visitors who left a moment ago. Times in seconds.

    ``most``: how many are followed. ``confirm_s`` and ``forget_s`` as PresenceGate has them. ``remember_s``: for how long
    a visitor who left keeps the number.
    """

    def __init__(self, most: int, confirm_s: float, forget_s: float, remember_s: float) -> None:
        self._most, self._confirm_s, self._forget_s, self._remember_s = most, confirm_s, forget_s, remember_s
        self.all: list[Track] = []
        self._left: list[_Left] = []
        self._numbers = self._ids = 0

    def detected(self, t_s: float, found: Sequence[tuple[float, Box]]) -> None:
        """The person detector saw ``found`` (score, box)."""
        costs = np.array([[_cost(track, box, t_s) for _, box in found] for track in self.all])
        matched = assign(costs, FARTHEST)
        for row, column in matched:
            track, box = self.all[row], found[column][1]
            track.detected_s, track.detected_box = t_s, box
            # Where bodies touch the detector sees one large one: who is hidden in it goes on as before.
            merged = t_s - track.touched_s <= TOUCH_S and overlap(track.predicted(t_s), box) < 0.5
            if track.pose is None and not merged:
                track.move(box, t_s)
        taken = {column for _, column in matched}
        for column, (_, box) in enumerate(found):
            if column not in taken and not self._is_part_of_one(box):
                new = self.begin(box, t_s)
                if new is not None:
                    new.detected_s, new.detected_box = t_s, box

    def _is_part_of_one(self, box: Box) -> bool:
        """Whether the detector took half of somebody who is followed already for one more person."""
        return any(overlap(track.box, box) > 0.6 for track in self.all)

    def begin(self, box: Box, t_s: float) -> Track | None:
        """Follow a new body at ``box``; None where as many as may be are followed."""
        if len(self.all) >= self._most:
            return None
        self._numbers += 1
        track = Track(self._numbers, box, PresenceGate(self._confirm_s, self._forget_s), t_s)
        self.all.append(track)
        return track

    def touching(self, t_s: float) -> bool:
        """Note which bodies overlap; whether any do or just did."""
        for index, a in enumerate(self.all):
            for b in self.all[index + 1 :]:
                if overlap(a.box, b.box) > 0.1:
                    a.touched_s = b.touched_s = t_s
        return any(t_s - track.touched_s <= TOUCH_S for track in self.all)

    def posed(self, track: Track, t_s: float, pose: FloatArray, world: FloatArray, rgb: ByteArray) -> None:
        """The pose network of ``track`` saw a body in the picture ``rgb``.

        A pose that lies on another's body is given to the one it fits better; the other one lost its body.
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
                track.loses_body()
                return
            other.loses_body()
        owner = self._lost_owner(track, t_s, box, seen)
        if owner is not None:
            # The network now follows somebody who was hidden; it is theirs from here on.
            track.number, owner.number = owner.number, track.number
            track.window, owner.window = owner.window, track.window
            track.posed_s, owner.posed_s = owner.posed_s, track.posed_s
            track.loses_body()
            track = owner
        elif self._is_dressed_as_another(track, t_s, seen):
            track.loses_body()
            return
        before_s = track.t_s
        track.pose, track.world, track.body_s = pose, world, t_s
        if len(points) >= 2:
            track.move(box, t_s)
        track.wears = seen if track.wears is None or seen is None else np.asarray((track.wears + seen) / 2, np.float32)
        if seen is not None and t_s - track.touched_s > TOUCH_S:
            track.learn_colours(seen, max(t_s - before_s, 0.0))

    def _lost_owner(self, track: Track, t_s: float, box: Box, seen: FloatArray | None) -> Track | None:
        """The visitor without a body to whom a body found near ``track`` belongs far rather; None if it is its own."""
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
        """Whether the network of ``track`` follows one who stands before it: others' bodies were seen too long ago to tell."""
        if t_s - track.touched_s > TOUCH_S or colour_distance(track.colours, seen) < OTHER_COLOURS:
            return False
        return any(
            colour_distance(other.colours, seen) < SAME_COLOURS
            for other in self.all
            if other is not track and other.id is not None and t_s - other.touched_s <= TOUCH_S
        )

    def untangle(self, t_s: float) -> None:
        """After bodies overlapped: where exchanged clothes fit clearly better, two tracks exchange their visitors."""
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
        """Detector and pose network see the same body, with ``agreed`` (0, 1]."""
        track.agreements = track.agreements + 1 if t_s - track.agreed_s <= self._forget_s else 1
        track.agreed, track.agreed_s, track.evidence = agreed, t_s, True

    def settle(self, t_s: float) -> None:
        """Close this picture: who has become a visitor, who has gone."""
        for track in self.all:
            body = track.pose is not None or track.face is not None or track.detected_s == t_s
            # A face found where the detector sees a person leaves no doubt that would need time.
            sure = track.face is not None and t_s - track.detected_s <= self._confirm_s
            if track.pose is None and track.face is None:
                # A hand or a bottle has a skeleton now and then; a person has one in every picture.
                track.gate.begin_again()
                track.agreements = 0
            enough = track.face is not None or track.agreements >= AGREEMENTS
            present = track.gate.update(t_s, body, track.evidence, sure, enough)
            track.evidence = False
            if present and track.id is None:
                track.id = self._number(track, t_s)
        gone = [track for track in self.all if self._has_gone(track, t_s)]
        self._left += [_left(track, t_s) for track in gone if track.id is not None]
        self.all = [track for track in self.all if track not in gone]
        self._left = [one for one in self._left if t_s - one.t_s <= self._remember_s]

    def _has_gone(self, track: Track, t_s: float) -> bool:
        if track.id is not None:
            return not track.gate.present
        seen_s = max(track.t_s, track.detected_s)
        return t_s - seen_s > self._forget_s

    def _number(self, track: Track, t_s: float) -> int:
        """The number of the visitor who left, or was lost, and looks most like this one; or a new one."""
        lost = [
            other
            for other in self.all
            if other.id is not None and other.pose is None and other.face is None and t_s - other.body_s > LOST_S
        ]
        options = [*self._left, *(_left(other, t_s) for other in lost)]
        costs = [(_return_cost(track, one, t_s), index) for index, one in enumerate(options)]
        if not costs or min(costs)[0] == math.inf:
            self._ids += 1
            return self._ids
        index = min(costs)[1]
        if index < len(self._left):
            return self._left.pop(index).id
        # It was lost because this one's network follows its body.
        found_again = lost[index - len(self._left)]
        assert found_again.id is not None
        number, found_again.id = found_again.id, None
        found_again.gate = PresenceGate(self._confirm_s, self._forget_s)
        return number


def _left(track: Track, t_s: float) -> _Left:
    assert track.id is not None
    return _Left(track.id, track.predicted(t_s), track.colours, track.t_s)


def _return_cost(track: Track, one: _Left, t_s: float) -> float:
    taller = max(track.box.height, 1e-6) / max(one.box.height, 1e-6)
    seen = track.colours if track.colours is not None else track.wears
    known = seen is not None and one.colours is not None
    colour = colour_distance(seen, one.colours)
    # One walks about a body's width in a quarter of a second; who left at a border may come back at the other one.
    reach = 1.0 + 4.0 * (t_s - one.t_s)
    if not 0.5 <= taller <= 2.0 or (known and colour > SAME_COLOURS):
        return math.inf
    away = distance(track.box, one.box, NARROWEST)
    return math.inf if away > reach else colour + 0.1 * away
