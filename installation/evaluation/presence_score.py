"""What was seen in a clip, held against its truth: right counts, faces, ids.

People are matched to the truth as in the CLEAR MOT measures (Bernardin and Stiefelhagen, "Evaluating multiple object
tracking performance", EURASIP Journal on Image and Video Processing, 2008): a match of the last frame is kept for as long as
it is possible, all others are assigned so that the distances are least. Id switches and fragmentations are counted from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from installation.evaluation.presence_truth import TrueClip, TruePerson
from installation.types import Box, Observation

SETTLE_S = 0.5
"""Frames within this time after somebody appeared are left out of the "settled" figures."""
MARGIN = 0.25
"""A true box is widened by this share of its size on every side before a seen person's middle counts as outside."""
MIN_REACH = 0.06
"""A seen person's middle may be this far from the true one anyway: the truth's boxes are rough, and far people narrow."""
_IMPOSSIBLE = 1e6


@dataclass(frozen=True, slots=True)
class SeenPerson:
    """One person the piece saw: number, box, and the face's box where it has one."""

    id: int
    box: Box
    face_box: Box | None


@dataclass(frozen=True, slots=True)
class Shot:
    """What was seen in frame ``frame`` of a clip at ``t_s`` of its own time; ``failed`` when perception raised an error."""

    frame: int
    t_s: float
    seen: tuple[SeenPerson, ...]
    compute_ms: float
    failed: bool = False


def shot_of(frame: int, observation: Observation) -> Shot:
    """What counts here of an observation. A person's ``face`` without a ``face_box`` is an error: ValueError."""
    seen = []
    for person in observation.people:
        if person.face is not None and person.face_box is None:
            raise ValueError(f"frame {frame}: person {person.id} has a face but no face_box")
        seen.append(SeenPerson(person.id, person.box, person.face_box if person.face is not None else None))
    return Shot(frame, observation.t_s, tuple(seen), observation.compute_ms)


def offset(box: Box, place: Box) -> float:
    """How far the middle of ``box`` is from that of ``place``, in half sizes of the widened ``place``: up to 1 is inside."""
    x, y = box.centre
    middle_x, middle_y = place.centre
    half_x = max((0.5 + MARGIN) * (place.right - place.left), MIN_REACH)
    half_y = max((0.5 + MARGIN) * place.height, MIN_REACH)
    return max(abs(x - middle_x) / half_x, abs(y - middle_y) / half_y)


def match(places: Mapping[str, Box], seen: Sequence[SeenPerson], last: Mapping[str, int]) -> dict[str, SeenPerson]:
    """Who is who: true name -> seen person, both at most once. ``last``: the id each name was matched with before."""
    found: dict[str, SeenPerson] = {}
    for name, place in places.items():
        for person in seen:
            if person.id == last.get(name) and offset(person.box, place) <= 1 and person not in found.values():
                found[name] = person
    names = [name for name in places if name not in found]
    rest = [person for person in seen if person not in found.values()]
    if names and rest:
        cost = np.array([[offset(person.box, places[name]) for person in rest] for name in names])
        cost[cost > 1] = _IMPOSSIBLE
        for row, column in zip(*linear_sum_assignment(cost)):
            if cost[row, column] < _IMPOSSIBLE:
                found[names[row]] = rest[column]
    return found


@dataclass(slots=True)
class Share:
    """So many out of so many; ``share`` is None where there was nothing to count."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        """One more case."""
        self.hits += hit
        self.of += 1

    def plus(self, other: Share) -> Share:
        """Both together."""
        return Share(self.hits + other.hits, self.of + other.of)

    @property
    def share(self) -> float | None:
        """[0, 1]."""
        return self.hits / self.of if self.of else None


@dataclass(slots=True)
class Figures:
    """One clip's figures.

    ``right``: frames with an allowed number of people; ``settled``: the same without the first SETTLE_S after somebody
    appeared. ``nobody``: frames without anybody seen, among those in which nobody is or may be. ``found``: present people
    matched, over all frames. ``face``, ``face_covered``, ``face_away``: matched people with a face in its place, among present
    people that face the camera, whose face is covered, who are turned away; ``face_settled`` as above. ``phantoms``: seen
    people that are nobody's. ``seen_mean``, ``true_mean``: people a frame where the truth leaves no doubt.
    """

    frames: int = 0
    right: Share = field(default_factory=Share)
    settled: Share = field(default_factory=Share)
    nobody: Share = field(default_factory=Share)
    found: Share = field(default_factory=Share)
    face: Share = field(default_factory=Share)
    face_settled: Share = field(default_factory=Share)
    face_covered: Share = field(default_factory=Share)
    face_away: Share = field(default_factory=Share)
    phantoms: int = 0
    ids: int = 0
    switches: int = 0
    fragmentations: int = 0
    failures: int = 0
    seen_mean: float | None = None
    true_mean: float | None = None
    ms_p50: float = 0.0
    ms_p95: float = 0.0


@dataclass(slots=True)
class _Track:
    """How one true person was followed so far."""

    id: int | None = None
    followed: bool = False
    broken: bool = False


def score(clip: TrueClip, shots: Iterable[Shot]) -> Figures:
    """Figures of the ``shots`` of ``clip``, in order; frames may be left out. ValueError without any shot."""
    shots = list(shots)
    if not shots:
        raise ValueError("no frame of the clip was looked at")
    figures = Figures(frames=len(shots))
    tracks = {name: _Track() for name in clip.people}
    since_s: dict[str, float] = {}
    certain: list[tuple[int, int]] = []
    ids: set[int] = set()
    for shot in shots:
        low, high = clip.allowed(shot.frame)
        calm = _settled(clip, shot, since_s)
        count = len(shot.seen)
        figures.failures += shot.failed
        figures.right.add(low <= count <= high)
        if all(calm.values()):
            figures.settled.add(low <= count <= high)
        if high == 0:
            figures.nobody.add(count == 0)
        if low == high:
            certain.append((count, low))
        ids |= {person.id for person in shot.seen}
        _follow(clip, shot, tracks, figures, calm)
    figures.ids = len(ids)
    if certain:
        figures.seen_mean, figures.true_mean = (float(value) for value in np.mean(certain, axis=0))
    costs = [shot.compute_ms for shot in shots if not shot.failed]
    if costs:
        figures.ms_p50, figures.ms_p95 = (float(value) for value in np.percentile(costs, (50, 95)))
    return figures


def _settled(clip: TrueClip, shot: Shot, since_s: dict[str, float]) -> dict[str, bool]:
    """For each person now present: whether already for SETTLE_S. ``since_s`` remembers when each appeared."""
    for name, person in clip.people.items():
        if person.presence(shot.frame) == "present":
            since_s.setdefault(name, shot.t_s)
        else:
            since_s.pop(name, None)
    return {name: shot.t_s - start_s >= SETTLE_S for name, start_s in since_s.items()}


def _follow(clip: TrueClip, shot: Shot, tracks: dict[str, _Track], figures: Figures, calm: Mapping[str, bool]) -> None:
    """One frame's matches into ``tracks`` and ``figures``."""
    there = {name: person for name, person in clip.people.items() if person.presence(shot.frame) != "absent"}
    last = {name: track.id for name, track in tracks.items() if track.id is not None}
    found = match({name: person.box(shot.frame) for name, person in there.items()}, shot.seen, last)
    figures.phantoms += len(shot.seen) - len(found)
    for name, track in tracks.items():
        if name not in there:
            track.followed = track.broken = False
            continue
        if there[name].presence(shot.frame) == "perhaps":
            continue  # neither a loss nor a new id counts while it cannot be judged
        seen = found.get(name)
        figures.found.add(seen is not None)
        _count_face(there[name], shot.frame, seen, figures, calm[name])
        if seen is None:
            track.broken = track.broken or track.followed
            continue
        figures.switches += track.id is not None and track.id != seen.id
        figures.fragmentations += track.broken
        track.id, track.followed, track.broken = seen.id, True, False


def _count_face(person: TruePerson, frame: int, seen: SeenPerson | None, figures: Figures, calm: bool) -> None:
    has_face = seen is not None and seen.face_box is not None and offset(seen.face_box, person.box(frame)) <= 1
    turned = person.face(frame)
    if turned == "facing":
        figures.face.add(has_face)
        if calm:
            figures.face_settled.add(has_face)
    elif turned == "covered":
        figures.face_covered.add(has_face)
    elif turned == "away":
        figures.face_away.add(has_face)
