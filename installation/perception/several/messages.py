"""What a machine that sees tells: one observation, as numbers. There is no place in it for a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.network.values import OtherVersionError, number, text, version_of, whole
from installation.network.wire import Message, WireError, pack
from installation.types import (
    BLENDSHAPES,
    DEPICTED,
    EMOTIONS,
    EXTENTS,
    FACE_LANDMARKS,
    MAX_PEOPLE,
    POSE_LANDMARKS,
    Box,
    Observation,
    Person,
    read_only,
)

FORM = 1
"""Raised by hand whenever a message means something else than before, though it has the same fields."""
KIND = "observation"
_PARTS: dict[str, tuple[int, ...]] = {
    "pose": (POSE_LANDMARKS, 4),
    "pose_world": (POSE_LANDMARKS, 4),
    "face": (FACE_LANDMARKS, 3),
    "blendshapes": (BLENDSHAPES,),
    "expression": (len(EMOTIONS),),
}
"""Arrays of a person; of all who have one they lie in one block."""
_HEAD_BYTES = 16 * 1024
MOST_BYTES = _HEAD_BYTES + 4 * (MAX_PEOPLE * sum(math.prod(form) for form in _PARTS.values()) + len(DEPICTED))
"""Of a message: six people with all that is known of them. What keeps pictures out are the forms: no array may be another."""
_LARGEST = 1e12
_LABELS, _LETTERS = 16, 64
"""Gestures and poses of one person that travel, and letters of one."""


@dataclass(frozen=True, eq=False)
class Told:
    """One observation. ``epoch`` is another one each time a camera's machine starts; ``number`` counts its messages from 1.
    Times are those of the sender's clock."""

    epoch: str
    number: int
    observation: Observation


VERSION = version_of(
    FORM, [one.name for one in fields(Person)], sorted(_PARTS.items()), EMOTIONS, DEPICTED, EXTENTS, MAX_PEOPLE
)


def check_version(message: Message) -> None:
    """Raises OtherVersionError for another one; who speaks it knows the caller."""
    if message.version != VERSION:
        raise OtherVersionError("", message.version, VERSION)


def pack_observation(told: Told) -> list[bytes]:
    """Two parts for the network, MOST_BYTES at most. ValueError for numbers that are not finite."""
    seen = told.observation
    people = seen.people[:MAX_PEOPLE]
    values = {
        "epoch": told.epoch,
        "number": told.number,
        "t_s": seen.t_s,
        "seq": seen.seq,
        "frame_size": list(seen.frame_size),
        "compute_ms": seen.compute_ms,
        "people": [_values(person) for person in people],
    }
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name in _PARTS:
        found = [array for person in people if (array := getattr(person, name)) is not None]
        if found:
            arrays[name] = np.stack(found).astype(np.float32)
    if seen.depicted is not None:
        arrays["depicted"] = seen.depicted
    return pack(KIND, VERSION, values, arrays)


def _values(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "box": list(person.box),
        "confidence": person.confidence,
        "face_box": None if person.face_box is None else list(person.face_box),
        "face_quality": person.face_quality,
        "gestures": [name[:_LETTERS] for name in person.gestures[:_LABELS]],
        "poses": [[label[:_LETTERS], share] for label, share in person.poses[:_LABELS]],
        "seen_s": person.seen_s,
        "extent": person.extent,
        "has": [name for name in _PARTS if getattr(person, name) is not None],
    }


def unpack_observation(message: Message) -> Told:
    """The observation in ``message``. Raises OtherVersionError, and WireError for what is none."""
    check_version(message)
    if message.kind != KIND:
        raise WireError(f"{message.kind[:40]!r} is no observation")
    values, arrays = message.values, message.arrays
    try:
        rows = values["people"]
        if len(rows) > MAX_PEOPLE or not isinstance(values["epoch"], str):
            raise WireError("no observation has so many people, or such an epoch")
        _check(rows, arrays)
        at = dict.fromkeys(_PARTS, 0)
        people = tuple(_person(row, arrays, at) for row in rows)
        width, height = (_whole(size) for size in values["frame_size"])
        if not (0 < width < 100_000 and 0 < height < 100_000):
            raise WireError("no picture has such a size")
        observation = Observation(
            _number(values["t_s"]),
            _whole(values["seq"]),
            people,
            (width, height),
            _number(values["compute_ms"]),
            arrays.get("depicted"),
        )
        return Told(values["epoch"][:64], _whole(values["number"]), observation)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"no observation: {type(error).__name__} {error}") from None


def _check(rows: Any, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Exactly the arrays that the people have, of the right form, finite: nothing else travels in them."""
    wanted = {name: (sum(name in row["has"] for row in rows), *form) for name, form in _PARTS.items()}
    wanted = {name: form for name, form in wanted.items() if form[0]}
    if "depicted" in arrays:
        wanted["depicted"] = (len(DEPICTED),)
    if set(arrays) != set(wanted):
        raise WireError(f"the arrays are {', '.join(sorted(arrays))[:80]} and not {', '.join(sorted(wanted))}")
    for name, form in wanted.items():
        if arrays[name].shape != form or arrays[name].dtype != np.float32:
            raise WireError(f"{name} is {arrays[name].shape} {arrays[name].dtype} and not {form} float32")
        if not np.isfinite(arrays[name]).all():
            raise WireError(f"{name} has numbers that are not finite")


def _person(row: Any, arrays: dict[str, npt.NDArray[Any]], at: dict[str, int]) -> Person:
    found: dict[str, Any] = {}
    for name in _PARTS:
        if name in row["has"]:
            found[name] = read_only(arrays[name][at[name]])
            at[name] += 1
    if row["extent"] not in EXTENTS:
        raise WireError(f"{str(row['extent'])[:40]!r} is no extent")
    return Person(
        id=_whole(row["id"]),
        box=_box(row["box"]),
        confidence=_number(row["confidence"]),
        face_box=None if row["face_box"] is None else _box(row["face_box"]),
        face_quality=_number(row["face_quality"]),
        gestures=tuple(_text(name) for name in row["gestures"][:_LABELS]),
        poses=tuple((_text(label), _number(share)) for label, share in row["poses"][:_LABELS]),
        seen_s=None if row["seen_s"] is None else _number(row["seen_s"]),
        extent=row["extent"],
        **found,
    )


def _box(value: Any) -> Box:
    left, top, right, bottom = value
    return Box(_number(left), _number(top), _number(right), _number(bottom))


def _number(value: Any) -> float:
    return number(value, _LARGEST)


def _whole(value: Any) -> int:
    return whole(value, 2**53)


def _text(value: Any) -> str:
    return text(value, _LETTERS)
