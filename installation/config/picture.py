"""Pictures that are composed: landscapes of the mood, under the scene's own shapes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from installation.config.section import ARTIST, Section


class PictureConfig(Section):
    """The landscape that is painted from the mood and from the scene's shapes."""

    enabled: bool = Field(True, description="paint pictures in the background; false paints none")
    model: str = Field("paint.onnx", description="painter of pictures, a file in models/ (metadata kind: picture)")
    per_second: float = Field(5.0, gt=0, le=60, description="most frames of the picture a second")
    size_px: int = Field(
        1024,
        ge=256,
        le=2048,
        multiple_of=32,
        description="frames are enlarged to this width and height where the machine has the time, pixels; 256 never",
    )
    latent_per_second: float = Field(
        0.04, ge=0, le=10, description="how fast a picture wanders while it stays the same one, latent keys a second"
    )
    candidates: int = Field(
        6, ge=1, le=32, description="how many pictures are tried for the best next one; 1 takes the first"
    )
    strength: float = Field(
        1.0,
        ge=0,
        le=1,
        description="how far the painted picture shows in scenes that have a place for it; 1 in its own colours, 0 not",
        json_schema_extra=ARTIST,
    )
    shapes: float = Field(
        0.7,
        ge=0,
        le=1,
        description="how far the scene's shapes compose the picture; 0 it composes itself",
        json_schema_extra=ARTIST,
    )
    fade_s: float = Field(4.0, ge=0, le=60, description="how long one picture takes to become another, seconds")
    another_s: float = Field(
        60.0,
        ge=5,
        le=86400,
        description="another picture comes at the latest after this, three times that with nobody there; seconds",
    )
    shown_s: float = Field(12.0, ge=2, le=3600, description="how long a painting asked for by paint is shown, seconds")
    keep: bool = Field(
        False,
        description="store paintings asked for by paint in captures/",
        json_schema_extra=ARTIST,
    )
    provider: Literal["auto", "cpu", "cuda"] = Field("auto", description="what runs the network: auto, cpu or cuda")
