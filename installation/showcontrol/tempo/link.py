"""Ableton Link: the beat that music programs in one network share, through aalink."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from installation.base.tempo import Tempo

TRIES, SURE_S = 5, 0.0003


class LinkMissingError(OSError):
    """The library is not installed; the message says how to."""


class LinkPeer:
    """One peer among those of the network. LinkMissingError where aalink is not installed."""

    def __init__(self, bpm: float) -> None:
        try:
            from aalink import Link
        except ImportError as error:
            raise LinkMissingError("Ableton Link is not installed; python3 run.py setup --with link") from error
        self._link: Any = Link(bpm)
        self._link.enabled = True

    @property
    def peers(self) -> int:
        """How many others there are."""
        return int(self._link.num_peers)

    def tempo(self, now: Callable[[], float]) -> Tempo:
        """The network's beat by the piece's clock ``now``, seconds."""
        for _ in range(TRIES):
            before_s = now()
            beat = float(self._link.beat)
            took_s = now() - before_s
            # Another thread may have had the interpreter between the two clocks.
            if took_s < SURE_S:
                break
        return Tempo(before_s + took_s / 2, beat, float(self._link.tempo))

    def close(self) -> None:
        """Leave the others."""
        self._link.enabled = False
