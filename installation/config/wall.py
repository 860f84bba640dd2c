"""The section ``wall``: several machines that draw one picture in step. docs/scale.md is its guide."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from installation.config.machines import HearsAt, TellsAt
from installation.config.output import Rectangle
from installation.config.section import NOT_FROM_NETWORK, Section

Part = tuple[float, float, float, float]
"""Left, bottom, width, height in shares of the whole picture: as shaders count."""
WHOLE: Part = (0.0, 0.0, 1.0, 1.0)


def _inside(bezel: list[float]) -> list[float]:
    if bezel[0] + bezel[2] > 0.9 or bezel[1] + bezel[3] > 0.9:
        raise PydanticCustomError("bezel", "the frame would hide more than nine tenths of the screen")
    return bezel


Bezel = Annotated[
    list[Annotated[float, Field(ge=0, le=0.9)]], Field(min_length=4, max_length=4), AfterValidator(_inside)
]


class WallConfig(Section):
    """A wall in step: one piece leads, others follow and draw their parts of its picture. See docs/scale.md."""

    lead: TellsAt = Field(
        "",
        description="lead others: the address and TCP port where they listen, such as *:5570 (every network; the next port is "
        "used, too); empty: no wall",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    follow: HearsAt = Field(
        "",
        description="follow the leader there, such as 192.168.1.10:5570: no camera, no perception, no painters here (--follow)",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    key: str = Field(
        "",
        max_length=1000,
        description="key file that all machines of the wall have (run.py wall --make-key FILE): encrypts, lets nobody else in; "
        "empty: anybody in the network can listen",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    delay_s: float = Field(
        0.08,
        ge=0,
        le=5,
        description="leader: all machines show what was so long ago, so that what travels slowly arrives in time, seconds",
    )
    part: Rectangle = Field(
        default_factory=lambda: [0.0, 0.0, 1.0, 1.0],
        description="this machine's part of the whole picture, its screens' frames included: left, top, width, height",
    )
    bezel: Bezel = Field(
        default_factory=lambda: [0.0, 0.0, 0.0, 0.0],
        description="how much of the part the frame hides left, top, right, bottom, as shares of it: lines go on behind it",
    )

    @model_validator(mode="after")
    def _leads_or_follows(self) -> WallConfig:
        if self.lead and self.follow:
            raise PydanticCustomError("wall", "a machine leads or follows, and does not do both: empty lead or follow")
        return self

    @property
    def is_used(self) -> bool:
        """Whether this machine leads or follows."""
        return bool(self.lead or self.follow)

    @property
    def drawn_part(self) -> Part:
        """What is drawn here of the whole picture: the part without what its frame hides, the whole where there is no wall."""
        if not self.is_used:
            return WHOLE
        left, top, width, height = self.part
        before, above, after, below = self.bezel
        across, down = width * (1.0 - before - after), height * (1.0 - above - below)
        return left + before * width, 1.0 - (top + above * height) - down, across, down
