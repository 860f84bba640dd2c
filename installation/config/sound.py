"""The section ``sound``: an audio input as two more hands on the look. docs/sound.md is its guide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from installation.config.look import Quantity, Slope
from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section

Moved = Literal[Quantity, "size", "brightness", "saturation"]
"""What sound may move: the numbers of a look, the shapes' size, and the palette's light and colour as shares of themselves."""
OFF = "none"
DEFAULT = "default"


def _level() -> dict[Moved, float]:
    return {"size": 0.12, "glow": 0.25, "turbulence": 0.15}


def _onset() -> dict[Moved, float]:
    return {"bloom": 0.5, "brightness": 0.15, "spikiness": 0.15}


class SoundConfig(Section):
    """How loud an audio input is, and each attack in it, move the look. Nothing of the sound is kept. See docs/sound.md."""

    device: Annotated[str, Field(min_length=1, max_length=120)] | Annotated[int, Field(ge=0)] = Field(
        OFF,
        description="none; default (the system's own); part of an input's name, or its number: run.py check lists them "
        "(setup --with sound)",
        json_schema_extra=ARTIST | NOT_FROM_NETWORK,
    )
    channel: int = Field(0, ge=0, le=256, description="of that device: 0 the first two together, else this one alone")
    gain_db: float = Field(
        0.0,
        ge=-40,
        le=60,
        description="before all else, for a weak microphone; loud and quiet rooms need none, it finds their range; dB",
        json_schema_extra=ARTIST,
    )
    attack_s: float = Field(0.03, ge=0, le=10, description="the level rises by 63 % of the way in this time, seconds")
    release_s: float = Field(
        0.35, ge=0, le=30, description="and falls by 63 % of the way in this, seconds", json_schema_extra=ARTIST
    )
    onset_s: float = Field(
        0.25,
        ge=0.02,
        le=10,
        description="an onset falls from 1 to 0.37 in this time, seconds",
        json_schema_extra=ARTIST,
    )
    sensitivity: float = Field(
        1.0,
        ge=0.1,
        le=10,
        description="factor: more hears soft attacks as well, less hard ones alone",
        json_schema_extra=ARTIST,
    )
    level: dict[Moved, Slope] = Field(
        default_factory=_level,
        description="what full level adds: a name of look.*.form, motion or lighting, grain, texture; size, brightness, "
        "saturation (shares of what they are)",
        json_schema_extra=ARTIST,
    )
    onset: dict[Moved, Slope] = Field(
        default_factory=_onset, description="what an onset adds at its begin; the same names", json_schema_extra=ARTIST
    )
