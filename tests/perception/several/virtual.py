"""Performers who walk about on a floor, and cameras that look at them from known places: what each camera's machine would
tell, and who it truly is. Cameras hide who stands behind another, miss pictures, give numbers of their own and swap them in
crossings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from installation.base.homography import corners_of
from installation.capture.simulated.acts import walk
from installation.capture.simulated.figure import ANGLES, Posture, skeleton
from installation.config.eyes import EyesConfig
from installation.perception.several.joined import Fusion
from installation.types import Box, Observation, Person

Vector = npt.NDArray[np.float64]
AREA_M = (6.0, 4.0)
FOCAL, ASPECT = 1.2, 16 / 9
HIDDEN = 0.6
"""Who is covered so far by somebody nearer is not seen."""
FORGOTTEN_S = 1.0
"""A camera's tracker knows somebody again who was away for less."""


@dataclass(frozen=True)
class Camera:
    """Stands at x, y (metres of the area, as Spot) at a height, looks at a point of the floor; ``mirror`` as at capture."""

    name: str
    at: tuple[float, float, float]
    looks_at: tuple[float, float] = (3.0, 2.0)
    mirror: bool = True
    per_second: float = 30.0
    late_s: float = 0.0
    marks_m: tuple[tuple[float, float], ...] = ()

    def project(self, points: Vector) -> tuple[Vector, Vector]:
        """(N, 3) x, y of the area and height, metres -> (N, 2) image coordinates, and (N,) distance."""
        x, y, height = self.at
        ahead = np.array([self.looks_at[0] - x, self.looks_at[1] - y, -height + 1.0])
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, [0.0, 0.0, 1.0])
        # x to the right and y to the front: a room seen from its front edge has its y towards the camera.
        right *= -1.0
        right /= np.linalg.norm(right)
        down = np.cross(ahead, right)
        if down[2] > 0:
            down *= -1.0
        seen = points - np.array(self.at)
        depth = np.maximum(seen @ ahead, 0.05)
        u, v = FOCAL * (seen @ right) / depth / ASPECT, FOCAL * (seen @ down) / depth
        return np.stack([0.5 + (u if self.mirror else -u), 0.5 + v], axis=1), depth

    def corners(self) -> list[list[float]]:
        """Of the area on the floor, or of the marks there, as they would be clicked."""
        floor = np.array([[x, y, 0.0] for x, y in self.marks_m or corners_of(AREA_M)])
        return [[float(x), float(y)] for x, y in self.project(floor)[0]]


@dataclass
class Walker:
    """Walks through points (x, y, metres) at a pace, and back again."""

    points: Sequence[tuple[float, float]]
    pace_m_s: float = 1.0
    starts_s: float = 0.0

    def at(self, t_s: float) -> tuple[float, float, float, float] | None:
        """x, y, heading (radians about the vertical) and metres walked; None before they come."""
        if t_s < self.starts_s:
            return None
        way = [*self.points, *self.points[-2:0:-1]]
        lengths = [math.dist(way[k], way[(k + 1) % len(way)]) for k in range(len(way))]
        gone = walked = (t_s - self.starts_s) * self.pace_m_s
        gone %= max(sum(lengths), 1e-6)
        for k, length in enumerate(lengths):
            if gone <= length or k == len(lengths) - 1:
                (ax, ay), (bx, by) = way[k], way[(k + 1) % len(way)]
                share = min(gone / max(length, 1e-6), 1.0)
                heading = math.atan2(by - ay, bx - ax)
                return ax + share * (bx - ax), ay + share * (by - ay), heading, walked
            gone -= length
        raise AssertionError("the last part holds all that is left")


def body(walker: Walker, t_s: float) -> Vector | None:
    """(33, 3) of a figure on the floor: x, y of the area and height, metres."""
    there = walker.at(t_s)
    if there is None:
        return None
    x, y, heading, walked = there
    angles = walk(np.zeros(len(ANGLES)), walker.pace_m_s, walked, across=0.0)
    figure = skeleton(Posture.of(angles))
    # The figure faces -z, which is the room's front; then it is turned to where it goes.
    turn = heading - math.pi / 2
    forward, side = -figure.points[:, 2], figure.points[:, 0]
    return np.stack(
        [
            x + side * math.cos(turn) - forward * math.sin(turn),
            y + side * math.sin(turn) + forward * math.cos(turn),
            figure.hips_height_m - figure.points[:, 1],
        ],
        axis=1,
    )


@dataclass
class Tracker:
    """What a camera's machine makes of who walks there, with its own numbers."""

    camera: Camera
    seed: int
    swaps: float = 0.0
    """How likely two who hide one another come out with each other's number."""
    noise: float = 0.002
    misses: float = 0.02
    _numbers: dict[int, tuple[int, float]] = field(default_factory=dict)
    _given: int = 0
    _crossing: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)

    def observe(self, walkers: Sequence[Walker], t_s: float, seq: int) -> tuple[Observation, dict[int, int]]:
        """What is seen, and {number here: index of the walker}."""
        found: dict[int, tuple[Person, float]] = {}
        for index, walker in enumerate(walkers):
            points = body(walker, t_s)
            if points is None:
                continue
            image, depth = self.camera.project(points)
            inside = (np.abs(image - 0.5) < 0.5).all(axis=1)
            if inside.mean() < 0.4 or depth.mean() < 0.5:
                continue
            found[index] = self._person(image, inside), float(depth.mean())
        hidden = {
            index for index, (person, far) in found.items()
            if any(other != index and near < far and _cover(front.box, person.box) > HIDDEN
                   for other, (front, near) in found.items())
        }  # fmt: skip
        self._swap(found, hidden)
        people, truth = [], {}
        for index, (person, _) in found.items():
            if index in hidden or self._rng.random() < self.misses:
                continue
            number, last_s = self._numbers.get(index, (0, -1e9))
            if t_s - last_s > FORGOTTEN_S:
                self._given += 1
                number = self._given
            self._numbers[index] = number, t_s
            truth[number] = index
            people.append(_numbered(person, number))
        return Observation(t_s, seq, tuple(people), (1280, 720)), truth

    def _swap(self, found: dict[int, tuple[Person, float]], hidden: set[int]) -> None:
        """Whoever hides another may come out of it with the other's number."""
        touching = {
            (a, b) for a in found for b in found
            if a < b and (a in hidden or b in hidden) and _cover(found[a][0].box, found[b][0].box) > 0
        }  # fmt: skip
        for a, b in self._crossing - touching:
            if a in self._numbers and b in self._numbers and self._rng.random() < self.swaps:
                self._numbers[a], self._numbers[b] = self._numbers[b], self._numbers[a]
        self._crossing = touching

    def _person(self, image: Vector, inside: npt.NDArray[np.bool_]) -> Person:
        jittered = image + self._rng.normal(0.0, self.noise, image.shape)
        pose = np.zeros((len(image), 4), np.float32)
        pose[:, :2], pose[:, 3] = jittered, np.where(inside, 0.97, 0.1)
        (left, top), (right, bottom) = jittered[inside].min(axis=0), jittered[inside].max(axis=0)
        return Person(0, Box(float(left), float(top), float(right), float(bottom)), 1.0, pose=pose)


def _numbered(person: Person, number: int) -> Person:
    return Person(number, person.box, person.confidence, pose=person.pose)


def _cover(front: Box, behind: Box) -> float:
    """The share of ``behind`` that ``front`` covers."""
    across = min(front.right, behind.right) - max(front.left, behind.left)
    down = min(front.bottom, behind.bottom) - max(front.top, behind.top)
    return max(across, 0.0) * max(down, 0.0) / max(behind.width * behind.height, 1e-9)


@dataclass
class Figures:
    """``switched``: somebody got another number. ``doubles``: looks in which somebody had two. ``lost``: looks in which
    somebody whom a camera saw was nobody. ``apart_m``: from where they truly were, of each look."""

    looks: int = 0
    numbers: int = 0
    switched: int = 0
    doubles: int = 0
    lost: int = 0
    apart_m: list[float] = field(default_factory=list)


def settings(cameras: Sequence[Camera]) -> EyesConfig:
    """A show that joins these cameras."""
    join = [
        {
            "name": one.name,
            "address": f"127.0.0.1:{9000 + 2 * k}",
            "place": one.corners(),
            "marks_m": [list(mark) for mark in one.marks_m],
        }
        for k, one in enumerate(cameras)
    ]
    return EyesConfig.model_validate({"join": join, "area_m": list(AREA_M)})


def rehearse(
    cameras: Sequence[Camera], walkers: Sequence[Walker], seconds: float, seed: int = 1, swaps: float = 0.0
) -> Figures:
    """A show with those who walk there, and how their numbers held. A camera's observations come
    ``late_s`` after their time."""
    trackers = [Tracker(camera, seed + 100 * k, swaps) for k, camera in enumerate(cameras)]
    fusion, figures = Fusion(settings(cameras)), Figures()
    due = sorted(
        (n / camera.per_second + 0.004 * k + camera.late_s, n / camera.per_second + 0.004 * k, k)
        for k, camera in enumerate(cameras)
        for n in range(round(seconds * camera.per_second))
    )
    who: list[dict[int, int]] = [{} for _ in cameras]
    last: dict[int, int] = {}
    numbers = set()
    for seq, (arrives_s, t_s, k) in enumerate(due):
        seen, who[k] = trackers[k].observe(walkers, t_s, seq)
        fusion.take(cameras[k].name, seen)
        fusion.drop_silent(arrives_s)
        if k:
            continue
        held: dict[int, list[int]] = {}
        for one in fusion.people.now(t_s):
            camera = next(n for n, camera in enumerate(cameras) if camera.name == one.camera)
            index = who[camera][one.person.id]
            held.setdefault(index, []).append(one.number)
            there = walkers[index].at(t_s)
            if there is not None and one.spot is not None:
                figures.apart_m.append(math.dist(there[:2], one.spot))
        figures.looks += 1
        for index in {one for camera in who for one in camera.values()}:
            mine = held.get(index, [])
            figures.doubles += len(mine) > 1
            figures.lost += not mine
            numbers.update(mine)
            if mine and index in last and last[index] not in mine:
                figures.switched += 1
            if mine and last.get(index) not in mine:
                last[index] = min(mine)
    figures.numbers = len(numbers)
    return figures
