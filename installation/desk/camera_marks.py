"""Four marks on the floor in a camera's picture: what is taken from whoever stands there, what is wrong with them, and how
people of several cameras stand on one floor by them. Pure.

A mark is x, y in image coordinates, None while it is not set; people are what the part ``cameras`` of a snapshot tells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from installation.base.homography import Matrix, Points, corners_of, homography, mapped

NAMES = ("back left", "back right", "front right", "front left")
Mark = list[float] | None
STANDS, STILL_S = 0.02, 0.7
"""Who strays no further, in widths of the picture, for so long stands still."""
SAME_SPOT, FLAT = 0.02, 0.03
"""Two marks so near to each other are one; three whose angle has no larger sine lie on a line."""
LEAST, MOST = -1.0, 2.0
"""Where a mark may lie, as the settings have it."""
MOST_LINES, LINE_STEPS = 12, 24


class MarkError(ValueError):
    """A mark cannot be taken; says why and what to do."""


def take(name: str, told: Mapping[str, Any] | None) -> list[float]:
    """Where whoever is alone in camera ``name``'s view stands, the middle of the last second. Raises MarkError."""
    if told is None:
        raise MarkError(f"{name} is not heard yet; wait for it, or set the mark by hand.")
    if not told["is_heard"]:
        raise MarkError(f"{name} is silent; is its machine on, and run.py --eyes running there?")
    people = told["people"]
    if not people:
        raise MarkError(f"{name} sees nobody: somebody has to stand on the mark, seen from head to feet.")
    if len(people) > 1:
        raise MarkError(f"{name} sees {len(people)} people: only the one on the mark may be there.")
    (one,) = people
    if not one["feet"]:
        raise MarkError(f"{name} does not see the feet of who stands there; tilt it down, or set the mark by hand.")
    if one["for_s"] < STILL_S or one["strays"] > STANDS:
        raise MarkError("Not still yet: stand on the mark for a second, then press again.")
    x, y = one["still"]
    return [float(x), float(y)]


def stands(told: Mapping[str, Any] | None) -> bool:
    """Whether a mark could be taken now."""
    try:
        take("", told)
    except MarkError:
        return False
    return True


def with_mark(marks: Sequence[Mark], number: int, x: float, y: float) -> list[Mark]:
    """The marks with another one. Raises MarkError."""
    if not (LEAST <= x <= MOST and LEAST <= y <= MOST):
        raise MarkError(f"Mark {number + 1} would lie too far outside of the picture: use one that the camera sees.")
    return [[round(x, 4), round(y, 4)] if k == number else one for k, one in enumerate(marks)]


def trouble(marks: Sequence[Mark]) -> str:
    """What keeps the four from being a place, in one sentence; empty where nothing does, or some are not set yet."""
    there = {k: one for k, one in enumerate(marks) if one is not None}
    for k, one in there.items():
        for other in there:
            if k < other and math.dist(one, there[other]) < SAME_SPOT:
                return f"Marks {k + 1} and {other + 1} are on one spot: walk on to the next one before it is taken."
    if len(there) < 4:
        return ""
    turns = [_turn(there, k) for k in range(4)]
    for k, turn in enumerate(turns):
        if abs(turn) < FLAT:
            three = sorted(1 + (k + step) % 4 for step in range(3))
            return f"Marks {three[0]}, {three[1]} and {three[2]} lie on a line: move one of them off it."
    left = [k for k, turn in enumerate(turns) if turn < 0]
    if len(left) == 2:
        return "The marks cross: 1 to 4 go around the area in turn; two of them are swapped."
    if len(left) in (1, 3):
        odd = left[0] if len(left) == 1 else next(k for k in range(4) if k not in left)
        return f"Mark {(odd + 1) % 4 + 1} lies between the other three: no floor looks like that; take it again."
    return ""


def outside(marks: Sequence[Mark]) -> str:
    """Which marks nobody can be seen at, in one sentence; empty: none."""
    numbers = [str(k + 1) for k, one in enumerate(marks) if one is not None and not all(0 <= v <= 1 for v in one)]
    if not numbers:
        return ""
    words = f"Mark {numbers[0]} lies" if len(numbers) == 1 else f"Marks {' and '.join(numbers)} lie"
    return f"{words} outside of the picture: where that is a guess, use marks of your own that the camera sees."


def _turn(marks: Mapping[int, Sequence[float]], k: int) -> float:
    """The sine of the angle by which the way around turns at the mark after ``k``."""
    (ax, ay), (bx, by), (cx, cy) = (marks[(k + step) % 4] for step in range(3))
    turn = (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
    return turn / (math.dist((ax, ay), (bx, by)) * math.dist((bx, by), (cx, cy)))


def to_floor(place: Sequence[Mark], marks_m: Points, area_m: Sequence[float]) -> Matrix | None:
    """From the picture to metres of the floor; None where the marks are no place."""
    known = [one for one in place if one is not None]
    if len(known) < 4 or trouble(place):
        return None
    return homography(known, marks_m or corners_of(area_m))


def grid(matrix: Matrix, area_m: Sequence[float]) -> list[list[list[float]]]:
    """The area's lines, a metre apart (or more, where they would be many), as a camera has them: rows of points in image
    coordinates. What lies beyond its horizon is left out."""
    width, depth = area_m
    step = max(1.0, math.ceil(max(width, depth) / MOST_LINES))
    to_picture = np.asarray(np.linalg.inv(matrix), np.float64)
    found = []
    for across in (True, False):
        long, wide = (depth, width) if across else (width, depth)
        for at in [*np.arange(0.0, wide - 1e-6, step), wide]:
            line: list[list[float]] = []
            for share in np.linspace(0.0, 1.0, LINE_STEPS):
                on = (at, share * long) if across else (share * long, at)
                point = mapped(to_picture, *on)
                if point is not None and all(LEAST <= value <= MOST for value in point):
                    line.append([round(point[0], 4), round(point[1], 4)])
            if len(line) > 1:
                found.append(line)
    return found


class Standing(NamedTuple):
    """Somebody of one camera on the floor, metres; ``number`` is the show's, 0 while it has none for them."""

    camera: str
    number: int
    x_m: float
    y_m: float


class Apart(NamedTuple):
    """How far apart two cameras have the same person, metres."""

    first: Standing
    second: Standing
    metres: float


def on_floor(camera: str, told: Mapping[str, Any] | None, matrix: Matrix | None) -> list[Standing]:
    """Whom a camera sees, where they stand by its marks."""
    found = []
    for one in (told or {}).get("people", ()) if matrix is not None else ():
        assert matrix is not None
        at = mapped(matrix, *one["still"])
        if at is not None:
            found.append(Standing(camera, int(one["number"]), *at))
    return found


def apart(everybody: Mapping[str, Sequence[Standing]]) -> list[Apart]:
    """Each two sightings of one person: those that the show takes for one, and those of cameras that see one each."""
    found, names = [], list(everybody)
    for k, name in enumerate(names):
        for other in names[k + 1 :]:
            mine, theirs = everybody[name], everybody[other]
            same = [(a, b) for a in mine for b in theirs if a.number == b.number != 0]
            if not same and len(mine) == len(theirs) == 1:
                same = [(mine[0], theirs[0])]
            found += [Apart(a, b, math.hypot(a.x_m - b.x_m, a.y_m - b.y_m)) for a, b in same]
    return found


class Drafts:
    """Marks that are no place yet, by the camera's name, for all browsers; ``news`` is called with each change."""

    def __init__(self, news: Callable[[], object]) -> None:
        self._news = news
        self._drafts: dict[str, tuple[list[Mark], Points]] = {}

    def marks(self, name: str, place: Points) -> list[Mark]:
        """The camera's marks: a draft, or its ``place``. Where that has become another one since, the draft is over."""
        draft, began = self._drafts.get(name, (None, None))
        if draft is not None and began == list(place):
            return list(draft)
        return [list(one) for one in place] if place else [None] * 4

    def keep(self, name: str, marks: Sequence[Mark], place: Points) -> None:
        """These are the marks until four of them are a place; ``place`` is the one that holds meanwhile."""
        self._drafts[name] = (list(marks), [list(one) for one in place])
        self._news()

    def drop(self, name: str) -> None:
        """They are a place."""
        if self._drafts.pop(name, None) is not None:
            self._news()

    def has(self, name: str, place: Points) -> bool:
        """Whether there are marks that are no place yet."""
        return name in self._drafts and self._drafts[name][1] == list(place)
