"""Seeing bodies and faces."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from installation.config.section import Section


def _zone(corners: list[list[float]]) -> list[list[float]]:
    """At least three corners in the picture, [x, y] each, that enclose something."""
    if len(corners) < 3:
        raise PydanticCustomError("zone", "a zone has at least three corners [x, y]")
    if not all(len(corner) == 2 and all(0 <= value <= 1 for value in corner) for corner in corners):
        raise PydanticCustomError("zone", "a corner is [x, y], both from 0 to 1: 0, 0 is the picture's top left")
    (x, y), *others = corners
    triangles = [(bx - x) * (cy - y) - (by - y) * (cx - x) for bx, by in others for cx, cy in others]
    if max(triangles) < 1e-4:
        raise PydanticCustomError("zone", "a zone encloses part of the picture; these corners lie on one line")
    return corners


def _zones(zones: object) -> object:
    """A single zone without the outer brackets is the likely mistake: pydantic would name each of its numbers."""
    if isinstance(zones, list) and any(isinstance(part, int | float) for zone in zones for part in _parts(zone)):
        raise PydanticCustomError("zones", "zones are a list of lists of corners: [[[x, y], [x, y], [x, y]], ...]")
    return zones


def _parts(zone: object) -> list[object]:
    return zone if isinstance(zone, list) else [0]


Zone = Annotated[list[list[float]], AfterValidator(_zone)]


class PerceptionConfig(Section):
    """Seeing bodies and faces."""

    max_people: int = Field(6, ge=1, le=6, description="how many visitors are followed at once")
    budget_s: float = Field(
        0.05,
        ge=0.01,
        le=1,
        description="most processor time for one camera picture; with more people each is looked at less often, seconds",
    )
    remember_s: float = Field(
        6.0, ge=0, le=120, description="a visitor who comes back within this time is the same visitor, seconds"
    )
    gestures: bool = Field(False, description="read hands as gestures (Open_Palm, Victory, Thumb_Up, ...)")
    gesture_interval_s: float = Field(0.2, ge=0, le=5, description="hands are read at most this often, seconds")
    width: int = Field(
        640, ge=160, le=1920, description="pictures are scaled down to this width for the pose model, pixels"
    )
    person_confidence: float = Field(
        0.35, ge=0, le=1, description="how sure the person detector must be before a body counts"
    )
    pose_confidence: float = Field(0.5, ge=0, le=1, description="how sure the pose model must be")
    face_confidence: float = Field(0.5, ge=0, le=1, description="how sure the face model must be")
    face_interval_s: float = Field(
        0.06,
        ge=0,
        le=1,
        description="faces are read at most this often; 0 reads one in every picture, seconds",
    )
    confirm_s: float = Field(0.25, ge=0, le=5, description="seconds a body must be there before it counts as a visitor")
    forget_s: float = Field(0.7, ge=0, le=10, description="seconds without a body before the visitor counts as gone")
    ignore: Annotated[list[Zone], BeforeValidator(_zones)] = Field(
        default_factory=list,
        max_length=32,
        description="zones in which nobody is followed (a mirror, a poster, the piece's own screen): each a list of corners "
        "[x, y] from 0 to 1, top left 0, 0, in the picture as visitors see it (mirrored where capture.mirror is on)",
    )
    drawings: bool = Field(
        False,
        description="read drawn and painted faces that are held into the camera on a sheet: none is a visitor, and what it "
        "depicts sets the mood of the scene while it is held (emotion.depicted_strength; docs/drawn.md)",
    )
    timeout_s: float = Field(
        5.0, ge=1, le=60, description="seconds without an answer before perception is started again"
    )
