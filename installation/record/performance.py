"""A performance: what was seen of people for some minutes, without pictures, to be played as a source.

It is made of a recording (``--record``), of which only the observations count, or read from a file of its own, which holds
the same in a hundredth of the room: all numbers rounded to steps about as large as landmarks jitter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from installation.record.columns import Column, Faces
from installation.record.recording import Event, RecordingError
from installation.types import (
    BLENDSHAPES,
    EMOTIONS,
    EXTENTS,
    FACE_LANDMARKS,
    MAX_PEOPLE,
    POSE_LANDMARKS,
    Box,
    FloatArray,
    Observation,
    Person,
    read_only,
)

LONGEST_GAP_S = 2.0
"""Where nothing was observed for longer (the machine slept, the source was gone) a performance goes on after so long."""
MOST_ROWS, MOST_OBSERVATIONS = 36_000, 250_000
"""People times observations, and observations, that a recording is played up to: twenty minutes of somebody alone at 30 a
second, 130 MB of memory (three times that while it is read), two hours of nobody."""
IMAGE_STEP, WORLD_STEP_M, VISIBILITY_STEP = 1 / 2048, 0.002, 1 / 32
"""About the jitter of landmarks. A recording is kept in half these steps."""
_POSE_STEP = np.array([IMAGE_STEP] * 3 + [VISIBILITY_STEP], np.float32)
_WORLD_STEP = np.array([WORLD_STEP_M] * 3 + [VISIBILITY_STEP], np.float32)
_FACE_STEP = np.array([1 / 8192], np.float32)
_SHAPE_STEP, _SHARE_STEP = np.array([1 / 128], np.float32), np.array([1 / 1000], np.float32)
BODY = (POSE_LANDMARKS, 4)
STEPS = {"pose": _POSE_STEP, "pose_world": _WORLD_STEP, "blendshapes": _SHAPE_STEP, "expression": _SHARE_STEP}
SHAPES: dict[str, tuple[int, ...]] = {
    "pose": BODY,
    "pose_world": BODY,
    "blendshapes": (BLENDSHAPES,),
    "expression": (len(EMOTIONS),),
}
"""What a person may have in a column; the face has one of its own kind."""
NUMBERS = (
    "left",
    "top",
    "right",
    "bottom",
    "confidence",
    "face_quality",
    "f_left",
    "f_top",
    "f_right",
    "f_bottom",
    "seen",
)
"""Single numbers of a person; a face's box, and how long ago somebody was seen, are nan where there is none."""
Said = tuple[tuple[str, ...], tuple[tuple[str, float], ...]]
"""Gestures, and the artist's poses with their probabilities."""


class PerformanceError(RecordingError):
    """A performance that cannot be played; the message says what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Performance:
    """``times_s`` (N,) from 0 on, rising. The people of observation n are the rows ``starts[n]`` to ``starts[n + 1]``.

    ``numbers`` (rows, len(NUMBERS)) float32; of each row ``ids``, ``extents`` (place in EXTENTS), ``says`` (place in ``said``).
    ``note`` says what of a recording is left out, empty where it is whole.
    """

    name: str
    times_s: npt.NDArray[np.float64]
    starts: npt.NDArray[np.int64]
    frame_size: tuple[int, int]
    ids: npt.NDArray[np.int64]
    extents: npt.NDArray[np.int8]
    numbers: FloatArray
    columns: dict[str, Column]
    faces: Column | Faces
    says: npt.NDArray[np.int32]
    said: tuple[Said, ...]
    note: str = field(default="", compare=False)

    @property
    def length_s(self) -> float:
        """Seconds from the first observation to the last."""
        return float(self.times_s[-1])

    def people(self, index: int) -> tuple[Person, ...]:
        """Who is in observation ``index``; ``seen_s`` is relative to it (0 or less), or None."""
        return tuple(self._person(row) for row in range(int(self.starts[index]), int(self.starts[index + 1])))

    def _person(self, row: int) -> Person:
        numbers = dict(zip(NUMBERS, self.numbers[row].tolist(), strict=True))
        has_box = not np.isnan(numbers["f_left"])
        parts = {name: column.at(row) for name, column in self.columns.items()}
        if parts["expression"] is not None:
            total = float(parts["expression"].sum())
            parts["expression"] = read_only(parts["expression"] / np.float32(total)) if total > 0 else None
        gestures, poses = self.said[self.says[row]]
        return Person(
            id=int(self.ids[row]),
            box=Box(*(numbers[edge] for edge in ("left", "top", "right", "bottom"))),
            confidence=numbers["confidence"],
            face=self.faces.at(row),
            face_box=Box(*(numbers[f"f_{edge}"] for edge in ("left", "top", "right", "bottom"))) if has_box else None,
            face_quality=numbers["face_quality"],
            gestures=gestures,
            poses=poses,
            seen_s=None if np.isnan(numbers["seen"]) else numbers["seen"],
            extent=EXTENTS[self.extents[row]],
            **parts,
        )


def performance_of(name: str, events: Iterable[Event], note: str = "", for_file: bool = False) -> Performance:
    """A performance of the observations among ``events``; other kinds are passed over.

    Damage in a recording ends it there, and what came before is played. ``for_file``: as small as a file is to be; slow. Raises
    PerformanceError where less than two observations can be had, or one has what no observation has.
    """
    seen: list[Observation] = []
    rows = 0
    try:
        for event in events:
            if event.kind == "observation":
                rows += len(event.value.people)
                if rows > MOST_ROWS or len(seen) >= MOST_OBSERVATIONS:
                    note = f"{name}: longer than memory is meant for; its first {_minutes(seen):.1f} minutes are played"
                    break
                seen.append(event.value)
    except RecordingError as error:
        note = f"{error}; it is played up to there"
    if len(seen) < 2:
        raise PerformanceError(
            note or f"{name}: nobody was observed in it; a performance has two observations at least"
        )
    try:
        return _packed(name, seen, note, for_file)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise PerformanceError(f"{name}: not a performance that can be played ({error})") from error


def _minutes(seen: list[Observation]) -> float:
    return (seen[-1].t_s - seen[0].t_s) / 60 if seen else 0.0


def _packed(name: str, seen: list[Observation], note: str, for_file: bool) -> Performance:
    gaps_s = np.diff([one.t_s for one in seen])
    if not (np.isfinite(gaps_s).all() and (gaps_s > 0).all()):
        raise ValueError("its times do not rise")
    crowd = max(len(one.people) for one in seen)
    if crowd > MAX_PEOPLE:
        raise ValueError(f"{crowd} people at once, and {MAX_PEOPLE} is the most")
    people = [person for one in seen for person in one.people]
    said: dict[Said, int] = {((), ()): 0}
    says = [said.setdefault(_said(person), len(said)) for person in people]
    columns = {
        part: Column.of([getattr(person, part) for person in people], shape, STEPS[part] * (1.0 if for_file else 0.5))
        for part, shape in SHAPES.items()
    }
    points = [person.face for person in people]
    faces = Faces.of(points) if for_file else Column.of(points, (FACE_LANDMARKS, 3), _FACE_STEP)
    lines = [_numbers(person, one.t_s) for one in seen for person in one.people]
    numbers = np.array(lines, np.float32).reshape(-1, len(NUMBERS))
    if not np.isfinite(numbers[:, : NUMBERS.index("f_left")]).all():
        raise ValueError("somebody is nowhere")
    return Performance(
        name=name,
        times_s=np.concatenate([[0.0], np.cumsum(np.minimum(gaps_s, LONGEST_GAP_S))]),
        starts=np.concatenate([[0], np.cumsum([len(one.people) for one in seen])]).astype(np.int64),
        frame_size=seen[0].frame_size,
        ids=np.array([person.id for person in people], np.int64),
        extents=np.array([EXTENTS.index(person.extent) for person in people], np.int8),
        numbers=numbers,
        columns=columns,
        faces=faces,
        says=np.array(says, np.int32),
        said=tuple(said),
        note=note,
    )


def _said(person: Person) -> Said:
    return person.gestures, tuple((label, round(share, 2)) for label, share in person.poses)


def _numbers(person: Person, t_s: float) -> list[float]:
    face_box = person.face_box if person.face_box is not None else (np.nan,) * 4
    ago_s = np.nan if person.seen_s is None else person.seen_s - t_s
    return [*person.box, person.confidence, person.face_quality, *face_box, ago_s]


def said_text(said: tuple[Said, ...]) -> str:
    """``said`` as JSON."""
    return json.dumps(said, separators=(",", ":"))


def said_from(text: str) -> tuple[Said, ...]:
    """What ``said_text`` wrote. ValueError for anything else."""
    try:
        return tuple(
            (
                tuple(str(gesture)[:100] for gesture in gestures),
                tuple((str(label)[:100], min(max(float(share), 0.0), 1.0)) for label, share in poses),
            )
            for gestures, poses in json.loads(text)
        )
    except (TypeError, RecursionError) as error:
        raise ValueError(f"its labels cannot be read ({error})") from error


def default_name(path: Path) -> str:
    """What a file's performance is called: its name without its endings."""
    return path.name.split(".")[0] or path.name
