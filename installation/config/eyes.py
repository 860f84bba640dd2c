"""The section ``eyes``: machines that only see, and a show that sees with several of them. docs/scale.md is its guide."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from installation.base.host_port import place_of
from installation.config.machines import PORTS, HearsAt, TellsAt
from installation.config.section import NOT_FROM_NETWORK, Section

MOST_CAMERAS = 8
Coordinate = Annotated[float, Field(ge=-1, le=2)]
Point = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
"""x, y in image coordinates; corners of a floor may lie a little outside the picture."""


def _four(points: list[list[float]]) -> list[list[float]]:
    """None, or four corners in turn, whichever way round (a mirrored picture turns the other way)."""
    if not points:
        return points
    if len(points) != 4:
        raise PydanticCustomError("corners", "four corners are meant: back left, back right, front right, front left")
    turns = []
    for k in range(4):
        (ax, ay), (bx, by), (cx, cy) = points[k], points[(k + 1) % 4], points[(k + 2) % 4]
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    if not (all(turn > 1e-6 for turn in turns) or all(turn < -1e-6 for turn in turns)):
        raise PydanticCustomError("corners", "the corners must follow one another around the area: take them in turn")
    return points


Corners = Annotated[list[Point], AfterValidator(_four)]

Marks = Annotated[
    list[Annotated[list[Annotated[float, Field(ge=-100, le=200)]], Field(min_length=2, max_length=2)]],
    AfterValidator(_four),
]


class JoinedCamera(Section):
    """A machine that sees for this show."""

    name: str = Field(
        pattern=r"^[A-Za-z][\w \-]{0,31}$", description="a name of your own, such as left; notices have it"
    )
    address: HearsAt = Field(
        min_length=1,
        description="where it publishes, such as 192.168.1.11:5571 (its eyes.publish)",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    place: Corners = Field(
        default_factory=list,
        description="where the area's corners lie in its picture: back left, back right, front right, front left, each x, y in "
        "[0, 1] from the top left; empty: its people are shown as they are seen, and matched with nobody",
    )
    marks_m: Marks = Field(
        default_factory=list,
        description="what place shows where this camera does not see the whole area: four marks on the floor, each in metres "
        "from the area's back left corner to the right and to the front; empty: the area's corners",
    )


class EyesConfig(Section):
    """Several cameras, each on a machine of its own, and one show. See docs/scale.md."""

    publish: TellsAt = Field(
        "",
        description="run.py --eyes: where what is seen (landmarks, no picture) can be heard, such as *:5571 (every network; "
        "the next port is used, too); beyond this machine only with a key; empty: nowhere",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    key: str = Field(
        "",
        max_length=1000,
        description="key file that show and cameras have (run.py wall --make-key FILE): encrypts, and lets nobody else in",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    join: list[JoinedCamera] = Field(
        default_factory=list,
        max_length=MOST_CAMERAS,
        description="the machines that this show sees with, while capture.source is joined, or auto",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    area_m: Annotated[list[Annotated[float, Field(ge=0.5, le=100)]], Field(min_length=2, max_length=2)] = Field(
        default_factory=lambda: [6.0, 4.0],
        description="width and depth of the area on the floor whose corners the cameras know, metres",
    )
    picture: Annotated[Corners, Field(min_length=4)] = Field(
        default_factory=lambda: [[0.2, 0.79], [0.8, 0.79], [1.0, 0.97], [0.0, 0.97]],
        description="where the area's corners lie in the picture that the show works with, as in place; as shipped: seen from "
        "6 m in front of it and 1.5 m above the floor",
    )
    same_within_m: float = Field(
        0.7, ge=0.1, le=5, description="two who are seen by two cameras so near to each other are one, metres"
    )

    @model_validator(mode="after")
    def _guarded(self) -> EyesConfig:
        """Landmarks leave a machine encrypted and to who has the key, or not at all."""
        if not self.key:
            if self.publish and not place_of(self.publish, PORTS).stays_here:
                raise PydanticCustomError(
                    "key", "what is seen of visitors leaves this machine with a key file only (key)"
                )
            away = [one.name for one in self.join if not place_of(one.address, PORTS).stays_here]
            if away:
                raise PydanticCustomError(
                    "key", "{names}: another machine is heard with a key file only (key)", {"names": ", ".join(away)}
                )
        names = [one.name for one in self.join]
        if len(set(names)) < len(names):
            raise PydanticCustomError("join", "two machines have the same name")
        return self
