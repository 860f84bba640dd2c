"""The section ``cues``: where presets and cues are written, and how they behave. docs/cues.md is its guide."""

from __future__ import annotations

from pydantic import Field

from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section

CUES_FILE = "cues.yaml"


class CuesConfig(Section):
    """Presets and cues. See docs/cues.md."""

    file: str = Field(
        CUES_FILE,
        min_length=1,
        max_length=1000,
        description="the file of presets and cues, from the folder of the settings file on",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    catch_up: bool = Field(
        True,
        description="at the start go to the cue whose time of day passed last, within the day before; off: wait for the next",
        json_schema_extra=ARTIST,
    )
    fade_s: float = Field(
        2.0,
        ge=0,
        le=3600,
        description="how long a fade takes that says nothing of its own, seconds",
        json_schema_extra=ARTIST,
    )
