"""The cameras of eyes.join as the desk has them: whom each sees now, and their marks given to the piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from installation.base.homography import Points
from installation.desk.camera_marks import Mark, trouble
from installation.desk.desk import Desk, RefusedError

PART = "cameras"
JOIN, AREA = "/control/eyes/join", "/control/eyes/area_m"


def joined(desk: Desk) -> list[dict[str, Any]]:
    """The machines of eyes.join, what is as by default left out."""
    return list(desk.lists.get(JOIN) or ())


def area_of(desk: Desk) -> list[float]:
    """Width and depth of the area, metres."""
    return list(desk.lists.get(AREA) or (6.0, 4.0))


def told_of(desk: Desk, name: str) -> Mapping[str, Any] | None:
    """Whom a camera sees now; None where that is not known."""
    found: Mapping[str, Any] | None = (desk.part(PART) or {}).get("seen", {}).get(name)
    return found if desk.lives else None


async def set_camera(desk: Desk, name: str, **values: Any) -> None:
    """Give one of eyes.join other values. Raises RefusedError."""
    whole = joined(desk)
    if all(one["name"] != name for one in whole):
        raise RefusedError(f"there is no camera {name} any more")
    await desk.set(JOIN, [{**one, **values} if one["name"] == name else one for one in whole])


async def set_marks(desk: Desk, name: str, marks: Sequence[Mark]) -> bool:
    """Four marks that can be a place are the camera's place from now on, which it gives as True; others wait until they can.
    Raises RefusedError."""
    place = place_of(desk, name)
    if None in marks or trouble(marks):
        desk.marks.keep(name, marks, place)
        return False
    await set_camera(desk, name, place=list(marks))
    desk.marks.drop(name)
    return True


def place_of(desk: Desk, name: str) -> Points:
    """The place that holds; empty for none, or no such camera."""
    return next((one.get("place", []) for one in joined(desk) if one["name"] == name), [])


def source_trouble(desk: Desk) -> str:
    """Why no camera can be heard at all; empty where they can."""
    if not desk.lives:
        return f"The piece has not answered for {desk.silent_s:.0f} s."
    if not (desk.part(PART) or {}).get("is_joined", True):
        source = (desk.part("state") or {}).get("source", "another source")
        return f"The show does not see with these cameras now ({source}): set capture.source to joined, or auto."
    return ""
