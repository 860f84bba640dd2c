"""Where the pictures come from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from installation.config.section import ARTIST, Section


class CaptureConfig(Section):
    """Where the pictures come from."""

    source: str | int = Field(
        "auto",
        description="auto, simulated, joined (eyes.join), performance:NAME (docs/rehearsal.md), a camera's number or name, a "
        "recording, a video file, a picture folder, an rtsp/http address, ndi:NAME (setup --with ndi)",
        json_schema_extra=ARTIST,
    )
    sources: dict[Annotated[str, Field(pattern=r"^[A-Za-z][\w \-]{0,31}$")], str | int] = Field(
        default_factory=dict,
        max_length=16,
        description="sources by names of your own, such as {front: 0, side: rtsp://...}: source may be such a name, the "
        "command source takes another, one that fails gives way to the next",
    )
    next_after_s: float = Field(
        5.0, ge=0, le=3600, description="seconds without a picture before the next of sources is taken; 0: never"
    )
    width: int = Field(1280, ge=64, le=7680, description="width asked of the camera, pixels")
    height: int = Field(720, ge=64, le=4320, description="height asked of the camera, pixels")
    per_second: float = Field(
        30.0, ge=1, le=240, description="pictures a second asked of the camera; pace of a picture folder"
    )
    mirror: bool = Field(True, description="show visitors themselves as in a mirror", json_schema_extra=ARTIST)
    stall_s: float = Field(
        1.0, ge=0.2, le=30, description="seconds without a new picture before a camera or stream is opened again"
    )
    reopen_max_s: float = Field(
        1.5, ge=1, le=300, description="longest wait between two tries to open the source, seconds"
    )
    performers: int = Field(1, ge=1, le=3, description="how many people the simulated performer is")

    @property
    def target(self) -> str | int:
        """What ``source`` means: the entry of ``sources`` with that name, or itself."""
        return self.sources.get(str(self.source), self.source)
