"""Lamps follow the piece: a paced thread sends the newest scene's colours to every universe."""

from __future__ import annotations

import threading

import numpy as np

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.pacing import Every, Pacer
from installation.config.lights import CHANNELS, LightsConfig, UniverseConfig
from installation.showcontrol.control_thread import ControlThread
from installation.showcontrol.lights.dmx import DISCOVERY_S, Discovery, Line, open_discovery, open_line
from installation.showcontrol.lights.fixtures import Array, Arrivals, Bank, Palettes, wanted
from installation.types import ByteArray

DARK_PACKETS = 3
"""Of the blackout at the end: UDP loses packets."""
DARK_GAP_S = 0.03
"""Between them: longer than DMX takes for a universe (23 ms), so that lamps see each."""


class _Universe:
    """One universe: its line, its fixtures and its pace."""

    def __init__(self, universe: UniverseConfig, config: LightsConfig, notices: Notices, now_s: float) -> None:
        self.config = universe
        self.line: Line = open_line(universe, config, notices)
        self.pacer = Pacer(1.0 / universe.per_second, now_s)
        self.bank = Bank([fixture for fixture in config.fixtures if fixture.universe == universe.name])
        self.sent_s: float | None = None

    def reconfigure(self, config: LightsConfig) -> None:
        """Take over changed fixtures; the light they give now stays."""
        fixtures = tuple(fixture for fixture in config.fixtures if fixture.universe == self.config.name)
        if fixtures != self.bank.fixtures:
            bank = Bank(fixtures)
            bank.take_over(self.bank)
            self.bank = bank

    def advance(self, target: Array, master: float, now_s: float) -> ByteArray:
        """The channels at ``now_s`` on the way to what is wanted."""
        dt_s = 0.0 if self.sent_s is None else now_s - self.sent_s
        self.sent_s = now_s
        self.bank.advance(target, dt_s)
        return self.bank.channels(master)


class Lights(ControlThread[LightsConfig]):
    """Sends light from a thread of its own, ``per_second`` packets a second to each universe.

    Nothing is sent before the first ``show``. If no newer scene comes, the last one is sent on. Universes that stay as they
    are go on without a gap when the settings change; those that go end as at exit (``on_exit``).
    """

    def __init__(self, config: LightsConfig, notices: Notices, clock: Clock) -> None:
        super().__init__("lights", config, notices, clock)
        self._config = config
        self._palettes = Palettes(config)
        self._arrivals = Arrivals()
        self._universes: list[_Universe] = []
        self._discovery: Discovery | None = None
        self._discovery_due = Every(DISCOVERY_S)

    def _step(self, now_s: float) -> float | None:
        newest = self._newest
        if not self._universes:
            self._state.dismiss()
            return None
        arrived = self._arrivals.sorted(newest[1]) if newest is not None else []
        master = 0.0 if self._config.blackout else self._config.master
        for universe in self._universes:
            if now_s < universe.pacer.deadline_s:
                continue
            universe.pacer.advance(now_s)
            if newest is None:
                continue
            try:
                target = wanted(newest[0], arrived, universe.bank.fixtures, self._config, self._palettes)
                values = universe.advance(target, master, now_s)
            except Exception as error:  # noqa: BLE001 - the border of a universe: its fault, the others go on
                universe.line.failed(error, now_s)
            else:
                universe.line.send(values, now_s)
        if newest is not None and self._discovery is not None and self._discovery_due.due(now_s):
            self._discovery.announce(now_s)
        self._state.worked()
        return max(min(universe.pacer.deadline_s for universe in self._universes) - self._clock.now(), 0.0)

    def _reconfigure(self, config: LightsConfig) -> None:
        now_s = self._clock.now()
        same_line = (config.source, config.interface) == (self._config.source, self._config.interface)
        known = {universe.config: universe for universe in self._universes} if same_line else {}
        wanted_universes = config.universes if config.enabled else []
        same_list = same_line and (wanted_universes == [universe.config for universe in self._universes])
        going = [universe for universe in self._universes if universe.config not in wanted_universes or not known]
        # The old lines end first, under the old settings: a new one may go to the same place.
        self._end_universes(going)
        self._config, self._palettes, self._universes = config, Palettes(config), []
        for entry in wanted_universes:
            universe = known.get(entry) or _Universe(entry, config, self._notices, now_s)
            universe.reconfigure(config)
            self._universes.append(universe)
        if not same_list:
            if self._discovery is not None:
                self._discovery.close()
            self._discovery, self._discovery_due = open_discovery(config, self._notices), Every(DISCOVERY_S)

    def _end(self) -> None:
        self._end_universes(self._universes)
        if self._discovery is not None:
            self._discovery.close()

    def _end_universes(self, universes: list[_Universe]) -> None:
        """Safe state: black out and end the stream, or leave the last light standing."""
        try:
            if self._config.on_exit == "blackout":
                dark = np.zeros(CHANNELS, np.uint8)
                for _ in range(DARK_PACKETS if universes else 0):
                    for universe in universes:
                        universe.line.send(dark, self._clock.now())
                    threading.Event().wait(DARK_GAP_S)
                for universe in universes:
                    universe.line.terminate(self._clock.now())
        finally:
            for universe in universes:
                universe.line.close()
