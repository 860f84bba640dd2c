"""Where the pictures come from."""

from __future__ import annotations

from pydantic import Field

from installation.config.section import ARTIST, Section


class CaptureConfig(Section):
    """Where the pictures come from."""

    source: str | int = Field(
        "auto",
        description="auto, simulated, performance:NAME (docs/rehearsal.md), a camera's number or name, a recording, a video "
        "file, a picture folder, an rtsp/http address, ndi:NAME (setup --with ndi)",
        json_schema_extra=ARTIST,
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
