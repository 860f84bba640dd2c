"""Ableton Link: the beat that music programs in one network share, through aalink."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from installation.base.tempo import Tempo

TRIES, SURE_S = 5, 0.0003
BAR = 4.0
"""Beats in which peers agree on where the bar begins."""


class LinkMissingError(OSError):
    """The library is not installed; the message says how to."""


class LinkPeer:
    """One peer among those of the network. LinkMissingError where aalink is not installed."""

    def __init__(self, bpm: float) -> None:
        try:
            from aalink import Link
        except ImportError as error:
            raise LinkMissingError("Ableton Link is not installed; python3 run.py setup --with link") from error

        async def made() -> Any:
            return Link(bpm)

        # It asks for a loop, which only ``Link.sync`` would use.
        self._loop = asyncio.new_event_loop()
        self._link: Any = self._loop.run_until_complete(made())
        self._link.quantum = BAR
        self._link.enabled = True

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
        self._loop.close()
