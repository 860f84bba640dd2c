"""The audio input among the rows of ``run.py check``: what there is, and whether something is heard."""

from __future__ import annotations

import math
import threading

import numpy as np

from installation.base.clock import RealClock
from installation.commands.check_network import Row
from installation.config.settings import Config
from installation.config.sound import OFF
from installation.showcontrol.service_state import why
from installation.showcontrol.sound.devices import SoundMissingError, Source, list_inputs, open_input

LISTEN_S, ASK_S = 2.0, 0.05
FAINT = 1e-4
"""Below this share of full scale (-80 dB) nothing but the converter is heard."""


def look_at_sound(config: Config) -> list[Row]:
    """The machine's audio inputs; what the one that is set hears in a second, of which nothing is kept."""
    is_on = config.sound.device != OFF
    try:
        there = ", ".join(map(str, list_inputs())) or "none"
    except SoundMissingError as error:
        return [("bad" if is_on else "note", "sound inputs", str(error))]
    rows: list[Row] = [("note", "sound inputs", there)]
    if not is_on:
        return rows
    try:
        source = open_input(config.sound.device, config.sound.channel)
        try:
            loudest = _loudest(source)
        finally:
            source.close()
    except OSError as error:
        return [*rows, ("bad", "sound", why(error))]
    if loudest is None:
        return [*rows, ("bad", "sound", f"{source.name} brings nothing")]
    loudest *= 10 ** (config.sound.gain_db / 20)
    if loudest < FAINT:
        return [*rows, ("note", "sound", f"{source.name}: silence; is it muted, or sound.channel another one?")]
    return [*rows, ("good", "sound", f"{source.name}: {source.rate:g} Hz, peaks at {20 * math.log10(loudest):.0f} dB")]


def _loudest(source: Source) -> float | None:
    """The largest sample of LISTEN_S seconds, 1 is full scale; None where none came."""
    clock, found = RealClock(), None
    until_s = clock.now() + LISTEN_S
    while clock.now() < until_s:
        threading.Event().wait(ASK_S)
        samples, _ = source.read()
        if len(samples):
            found = max(found or 0.0, float(np.abs(samples).max()))
    return found
