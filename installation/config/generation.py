"""Pictures that networks make while the piece runs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from installation.config.inference_server import ServerText
from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section


class GenerationConfig(Section):
    """Pictures generated in the background."""

    enabled: bool = Field(
        True, description="false leaves the shapes with the procedural texture", json_schema_extra=ARTIST
    )
    strength: float = Field(
        1.0,
        ge=0,
        le=2,
        description="factor: multiplies look.*.texture, picture.strength, repainting.over and repainting.behind, each up to 1; "
        "0 shows no generated picture",
        json_schema_extra=ARTIST,
    )
    model: str = Field("texture.onnx", description="generator, a file in models/")
    size_px: int = Field(
        256, ge=64, le=2048, multiple_of=32, description="width and height of a generated picture, pixels"
    )
    per_second: float = Field(5.0, gt=0, le=60, description="most pictures a second")
    latent_per_second: float = Field(0.15, ge=0, le=10, description="how fast pictures wander, latent keys a second")
    candidates: int = Field(
        8,
        ge=1,
        le=64,
        description="how many small pictures are tried in spare time for the best next one; 1 tries none",
    )
    rank_by: Literal["affect", "affect_and_evoked"] = Field(
        "affect",
        description="what candidates are chosen by, beside being unlike those before: affect (colours and strokes asked for) "
        "or affect_and_evoked (also what they evoke, by models/art.onnx)",
    )
    styled: bool = Field(
        False,
        description="paint generated pictures anew in the manner of each emotion's paintings",
        json_schema_extra=ARTIST,
    )
    style_colours: float = Field(
        0.5,
        ge=0,
        le=1,
        description="how far such a picture takes on the paintings' colours; 0 takes their strokes only",
    )
    styles_folder: str = Field(
        "styles",
        min_length=1,
        description="folder of your paintings by emotion, such as styles/happy/garden.jpg",
        json_schema_extra=ARTIST,
    )
    avatars: bool = Field(
        True,
        description="the portrait scene shows a visitor's face painted anew; nothing is kept of it",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    avatars_per_second: float = Field(
        2.0, gt=0, le=30, description="most often that a visitor's face is painted anew, times a second"
    )
    provider: Literal["auto", "cpu", "cuda", "tensorrt"] = Field(
        "auto", description="what runs the networks: auto (CUDA where there is one), cpu, cuda or tensorrt"
    )
    server: ServerText = Field(
        "",
        description="a server that runs the networks for this machine, grpc://host:8001 or http://host:8000 (grpcs, https: "
        "encrypted), which speaks the Open Inference Protocol; empty: none (docs/scale.md)",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    server_deadline_s: float = Field(
        0.4,
        ge=0.02,
        le=0.8,
        description="seconds that the server has for a picture; then this machine paints it, and all until the server is well",
    )
    server_enlarges: bool = Field(
        False,
        description="also enlarging is asked of the server: 5 MB for each frame of picture.size_px 1024; false: this machine",
    )
    server_faces: bool = Field(
        False,
        description="also visitors' faces are sent to the server; false paints them on this machine",
        json_schema_extra=NOT_FROM_NETWORK,
    )


class RepaintingConfig(Section):
    """The picture repainted in the manner of each emotion's paintings (generation.styles_folder) while it moves."""

    enabled: bool = Field(
        False,
        description="repaint what is drawn, a few times a second; takes about half a processor core; false leaves it as it is",
        json_schema_extra=ARTIST,
    )
    per_second: float = Field(5.0, gt=0, le=60, description="most paintings a second")
    over: float = Field(
        0.5,
        ge=0,
        le=1,
        description="how far the picture becomes what the painter makes of it, times generation.strength; edges stay sharp",
    )
    behind: float = Field(
        0.1,
        ge=0,
        le=1,
        description="share of the painting itself behind the shapes, a late, soft echo, times generation.strength",
    )
