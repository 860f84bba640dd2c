"""Whose beat the piece hears, in a thread of its own: Ableton Link, MIDI clock, MIDI time code or taps."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.tempo import Tempo
from installation.config.tempo import TempoConfig
from installation.showcontrol.midi.input import Input, RtMidiInput
from installation.showcontrol.midi.ports import named
from installation.showcontrol.service_state import why
from installation.showcontrol.service_thread import ServiceThread
from installation.showcontrol.tempo.link import LinkPeer
from installation.showcontrol.tempo.midi_clock import MidiClock, MidiTimeCode
from installation.showcontrol.tempo.taps import Taps

STAGE = "tempo"
ASK_S = 0.02
"""MIDI and Link are asked this often."""
LOOK_AGAIN_S = 3.0
MOST_CHANGES = 8
"""Of those that nobody took only the newest are kept."""


class Peer(Protocol):
    """Of Ableton Link."""

    def tempo(self, now: Callable[[], float]) -> Tempo: ...
    def close(self) -> None: ...


class TempoIn(ServiceThread[TempoConfig]):
    """``tell`` is called from the thread with each change, None where nothing plays; ``take`` gives the same to one other
    thread. ``delay_s`` is in both. A source that is not there, or goes, is a
    fallback of the stage ``tempo``, looked for every LOOK_AGAIN_S seconds; the beat goes on as it was last meanwhile."""

    def __init__(
        self,
        config: TempoConfig,
        notices: Notices,
        clock: Clock,
        tell: Callable[[Tempo | None], None],
        make_input: Callable[[str], Input] = lambda system: RtMidiInput(system, "tempo.system", "clock in"),
        make_peer: Callable[[float], Peer] = LinkPeer,
    ) -> None:
        super().__init__(STAGE, config, notices, clock)
        self._config, self._tell, self._make_input, self._make_peer = config, tell, make_input, make_peer
        self._lock = threading.Lock()
        self._tapped: list[float] = []
        self._taps = Taps()
        self._input: Input | None = None
        self._peer: Peer | None = None
        self._reader: MidiClock | MidiTimeCode = MidiClock()
        self._look_s = -math.inf
        self._told: Tempo | None = None
        self._changes: list[list[float] | None] = []

    def tap(self, t_s: float) -> None:
        """Somebody taps at ``t_s`` seconds. Without the source ``tap`` nothing follows."""
        with self._lock:
            self._tapped.append(t_s)
        self._step_now()

    def take(self) -> list[list[float] | None]:
        """What changed since the last call: at_s, beat and bpm of each new tempo, None where there is none any more."""
        if not self._changes:
            return []
        with self._lock:
            changes, self._changes = self._changes, []
        return changes

    def _reconfigure(self, config: TempoConfig) -> None:
        old, self._config = self._config, config
        same = ("source", "port", "system", "bpm")
        if any(getattr(old, name) != getattr(config, name) for name in same):
            self._end()
        self._look_s = -math.inf
        if config.source == "tap" and self._told is None:
            self._hear(Tempo(self._clock.now(), 0.0, config.bpm))
        elif self._told is not None:
            told, self._told = self._told, None
            self._hear(told)

    def _step(self, now_s: float) -> float | None:
        config = self._config
        with self._lock:
            tapped, self._tapped = self._tapped, []
        if config.source == "none":
            self._state.dismiss()
            return None
        if config.source == "tap":
            for t_s in tapped:
                self._hear(self._taps.tap(t_s, self._told or Tempo(t_s, 0.0, config.bpm)))
            self._state.worked()
            return None
        if self._input is None and self._peer is None and now_s < self._look_s:
            return self._look_s - now_s
        try:
            self._look_s = now_s + LOOK_AGAIN_S
            self._ask(now_s)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the piece goes on and looks again
            self._let_go()
            self._state.failed(
                f"{why(error)}; the beat goes on as it was, looking again every {LOOK_AGAIN_S:g} s", kind="fallback"
            )
            return LOOK_AGAIN_S
        self._state.worked()
        return ASK_S

    def _ask(self, now_s: float) -> None:
        if self._config.source == "link":
            if self._peer is None:
                self._peer = self._make_peer(self._config.bpm)
            self._hear(self._peer.tempo(self._clock.now))
            return
        if self._input is None:
            self._input = self._opened()
            clock = self._config.source == "midi_clock"
            self._reader = MidiClock() if clock else MidiTimeCode(self._config.bpm)
        for message, t_s in self._input.messages(self._clock.now()):
            self._reader.feed(message, t_s)
        self._hear(None if self._reader.silent_since(now_s) else self._reader.tempo)

    def _opened(self) -> Input:
        made, wanted = self._make_input(self._config.system), self._config.port
        try:
            made.open(named(made.names(), wanted, "input port") if wanted else None)
        except Exception:
            made.close()
            raise
        return made

    def _hear(self, tempo: Tempo | None) -> None:
        now_s = self._clock.now()
        if tempo is None:
            if self._told is None:
                return
        elif not tempo.differs(self._told, now_s):
            return
        self._told = tempo
        heard = None if tempo is None else replace(tempo, at_s=tempo.at_s + self._config.delay_s)
        with self._lock:
            self._changes.append(None if heard is None else [heard.at_s, heard.beat, heard.bpm])
            del self._changes[:-MOST_CHANGES]
        self._tell(heard)

    def _let_go(self) -> None:
        held, self._input, self._peer = (self._input, self._peer), None, None
        for one in held:
            if one is not None:
                one.close()

    def _end(self) -> None:
        self._let_go()
        self._taps = Taps()
        self._hear(None)
