"""The section ``tempo``: whose beat the piece hears. docs/tempo.md is its guide."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from installation.base.tempo import LEAST_BPM, MOST_BPM
from installation.config.section import ARTIST, Section

Source = Literal["none", "tap", "link", "midi_clock", "midi_time_code"]


class TempoConfig(Section):
    """Whose beat the piece hears: sent as /beat, and followed by motion as far as scene.beat says. See docs/tempo.md."""

    source: Source = Field(
        "none",
        description="none; tap (command tap, key J); link (Ableton Link); midi_clock or midi_time_code (of a MIDI input)",
        json_schema_extra=ARTIST,
    )
    bpm: float = Field(
        120.0,
        ge=LEAST_BPM,
        le=MOST_BPM,
        description="beats a minute where the source has none of its own: before the first taps, alone on Link, with "
        "midi_time_code; 1/min",
        json_schema_extra=ARTIST,
    )
    port: str = Field(
        "",
        max_length=120,
        description="part of a MIDI input's name; empty: a port of its own, Mien, to connect to (not on Windows)",
    )
    system: Literal["auto", "jack"] = Field("auto", description="auto (ALSA, CoreMIDI, Windows) or jack")
    delay_s: float = Field(
        0.0,
        ge=-0.5,
        le=0.5,
        description="beats are sent and followed later by this; negative: earlier, for what follows late by itself, seconds",
    )
