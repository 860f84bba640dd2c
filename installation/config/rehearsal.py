"""How a recorded performance is played, where one is the source."""

from __future__ import annotations

from pydantic import Field

from installation.config.section import ARTIST, Section


class RehearsalConfig(Section):
    """How a performance is played: `capture.source: performance:NAME` or a recording's file (docs/rehearsal.md)."""

    speed: float = Field(
        1.0,
        ge=0.1,
        le=8,
        description="factor: 2 plays a performance twice as fast; whoever is in it then truly moves twice as fast",
        json_schema_extra=ARTIST,
    )
    loop: bool = Field(
        True,
        description="begin again at a performance's end, with new visitors; false: nobody is there afterwards",
        json_schema_extra=ARTIST,
    )
    pause_s: float = Field(
        4.0, ge=0, le=60, description="for how long nobody is there between a performance's end and its begin, seconds"
    )
