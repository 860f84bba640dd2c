"""Where the pictures come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from installation.config.section import ARTIST, Section


def _auto_or(low: float, high: float) -> Callable[[Any], Any]:
    """What checks that a value is the word auto, null or a number from ``low`` to ``high``."""

    def check(value: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and value != "auto" and not (is_number and low <= value <= high):
            text = "write auto, null, or a number from {low} to {high}"
            raise PydanticCustomError("auto_or_number", text, {"low": f"{low:g}", "high": f"{high:g}"})
        return value

    return check


Auto = Literal["auto"]


class CaptureConfig(Section):
    """Where the pictures come from."""

    source: str | int = Field(
        "auto",
        description="auto, simulated, joined (eyes.join), performance:NAME (docs/rehearsal.md), a camera's number or name, a "
        "recording, a video file, a picture folder, an rtsp/http/srt address, ndi:NAME (setup --with ndi)",
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
    exposure_s: Annotated[Auto | float | None, BeforeValidator(_auto_or(0.00005, 1))] = Field(
        "auto",
        description="a camera's exposure: auto, seconds up to 1 (0.01), or null: as the camera has it (docs/camera.md)",
    )
    white_balance_k: Annotated[Auto | float | None, BeforeValidator(_auto_or(1000, 15000))] = Field(
        "auto",
        description="a camera's white balance: auto, kelvin from 1000 to 15000 (warm lamps 2700, daylight 5500), or null",
    )
    focus: Annotated[Auto | float | None, BeforeValidator(_auto_or(0, 65535))] = Field(
        "auto", description="a camera's focus: auto, a number of its own from 0, often 0 (far) to 255 (near), or null"
    )
    sensor_gain: Annotated[Auto | float | None, BeforeValidator(_auto_or(0, 65535))] = Field(
        "auto", description="a camera's gain: auto, a number of its own from 0 (more is brighter, and noisier), or null"
    )
    mains_hz: Literal[50, 60] | None = Field(
        None, description="frequency of the mains, against flicker of lamps: 50, 60, or null: as the camera has it"
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
