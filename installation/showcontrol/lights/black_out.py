"""The lamps' safe state for a piece that was killed and cannot bring them there itself."""

from __future__ import annotations

import threading

import numpy as np

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.lights import CHANNELS, LightsConfig
from installation.showcontrol.lights.dmx import TERMINATIONS, open_line
from installation.showcontrol.lights.lights import DARK_GAP_S, DARK_PACKETS

_COUNTS = (1, 86, 171)
"""Sequence numbers a third of the circle apart. Nobody knows the killed piece's last one, and a receiver drops what is up to 20
behind it (ANSI E1.31-2018, 6.7.2): of these it takes two at least."""
ROUNDS = 2
"""A name is looked up meanwhile, so all is sent once more."""


def black_out(config: LightsConfig, notices: Notices, clock: Clock) -> None:
    """Lamps dark and streams ended, where ``lights.on_exit`` says so; takes a quarter of a second and raises nothing."""
    if not config.enabled or config.on_exit != "blackout":
        return
    lines = [open_line(universe, config, notices) for universe in config.universes]
    dark = np.zeros(CHANNELS, np.uint8)
    try:
        for _ in range(ROUNDS if lines else 0):
            for count in _COUNTS[:DARK_PACKETS]:
                for line in lines:
                    line.count_from(count)
                    line.send(dark, clock.now())
                threading.Event().wait(DARK_GAP_S)
        for _ in range(TERMINATIONS):
            for line in lines:
                line.terminate(clock.now())
    finally:
        for line in lines:
            line.close()
