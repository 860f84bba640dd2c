"""MIDI out: control changes and notes for synthesizers and music programs, through mido and python-rtmidi."""

from __future__ import annotations

import heapq
import logging
import math
from collections import deque
from collections.abc import Callable

import mido

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.lights import MidiConfig, NoteConfig
from installation.showcontrol.addresses import Message
from installation.showcontrol.control_thread import ControlThread
from installation.showcontrol.midi.ports import MidiMissingError, Port, RtMidiPort, named
from installation.showcontrol.service_state import why
from installation.types import EMOTIONS, EmotionState, SceneState, neutral_probabilities

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 3.0
"""Ports are looked at this often: for one that is missing, and whether the open one is still there."""
MAX_WAITING = 64
"""Notes beyond this between two steps of the thread are dropped, the oldest first."""
ALL_NOTES_OFF = 123
STAGE = "midi"
_EVENTS = {"/event/arrived": "arrived", "/event/left": "left", "/event/emotion": "emotion", "/onset": "onset"}
"""Addresses of the OSC table that notes may sound at; their first argument is the event's number."""
_SIGNED = ("valence", "arousal")


def values_of(scene: SceneState, states: tuple[EmotionState, ...]) -> dict[str, float]:
    """The values that controls may carry, by name, as SceneState has them; of emotions only where these are read. ``energy``
    [0, 1] is that of the visitor who moves most, by presence."""
    values = {"presence": scene.presence}
    if scene.emotions_read:
        values |= {name: float(share) for name, share in zip(EMOTIONS, scene.emotion, strict=True)}
        values |= {"valence": scene.valence, "arousal": scene.arousal}
    values["energy"] = max((state.energy * state.presence for state in states), default=0.0)
    return values


def rest_values() -> dict[str, float]:
    """The values of controls with nobody there."""
    values = {name: float(share) for name, share in zip(EMOTIONS, neutral_probabilities(), strict=True)}
    return {**values, "valence": 0.0, "arousal": 0.0, "presence": 0.0, "energy": 0.0}


def seven_bit(name: str, value: float) -> int:
    """0 to 127 of a value in [0, 1], for valence and arousal in [-1, 1] with 64 in the middle. Not finite counts as 0."""
    if not math.isfinite(value):
        value = 0.0
    share = (value + 1.0) / 2.0 if name in _SIGNED else value
    return int(127.0 * min(max(share, 0.0), 1.0) + 0.5)


class MidiOut(ControlThread[MidiConfig]):
    """Sends from a thread of its own. ``hear``, like ``show``, belongs to the frame loop and waits for nothing.

    A port that is not there, or goes, is a fallback of the stage ``midi`` and looked for every LOOK_AGAIN_S seconds. When the
    settings name another port, the old one is left silent. ``make_port`` makes a way out for a ``midi.system``.
    """

    def __init__(
        self,
        config: MidiConfig,
        notices: Notices,
        clock: Clock,
        make_port: Callable[[str], Port] = RtMidiPort,
    ) -> None:
        super().__init__(STAGE, config, notices, clock)
        self._make_port = make_port
        self._config = config
        self._last_event = 0
        self._waiting: deque[NoteConfig] = deque(maxlen=MAX_WAITING)
        self._out: _Out | None = None
        self._look_s = self._control_s = -math.inf

    def hear(self, messages: list[Message]) -> None:
        """What is sent over OSC, addresses below the prefix: notes for its events, each once though it is sent three times."""
        for path, args in messages:
            if path in _EVENTS and int(args[0]) > self._last_event:
                self._last_event = int(args[0])
                self._sound(_EVENTS[path], str(args[-1]))

    def _sound(self, event: str, emotion: str) -> None:
        config = self._config
        if not config.enabled:
            return
        wanted = (event, emotion) if event == "emotion" else (event,)
        notes = [note for note in config.notes if note.event in wanted]
        if notes:
            self._waiting.extend(notes)
            self._step_now()

    def _step(self, now_s: float) -> float | None:
        if not self._config.enabled:
            self._waiting.clear()
            self._state.dismiss()
            return None
        try:
            if now_s >= self._look_s:
                self._look_s = now_s + LOOK_AGAIN_S
                self._look()
            if self._out is not None and self._out.is_open:
                return self._send_due(self._out, now_s)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the piece goes on and looks again
            self._lost(error)
        self._waiting.clear()
        return max(self._look_s - self._clock.now(), 0.0)

    def _send_due(self, out: _Out, now_s: float) -> float:
        sent = out.sent
        while self._waiting:
            out.note(self._waiting.popleft(), now_s)
        out.end_notes(now_s)
        if now_s >= self._control_s and self._newest is not None:
            self._control_s = now_s + 1.0 / self._config.per_second
            out.control(self._config, values_of(*self._newest))
        if out.sent > sent:
            self._state.worked()
        due_s = min(self._look_s, out.next_end_s, max(self._control_s, now_s + 1.0 / self._config.per_second))
        return max(due_s - self._clock.now(), 0.0)

    def _look(self) -> None:
        """Open the port, or see that the open one is still there. OSError with what is missing."""
        if self._out is None:
            self._out = _Out(self._make_port(self._config.system))
        out, wanted = self._out, self._config.port
        if out.is_open and (out.name is None or out.name in out.port.names()):
            # Ports open that take no message; where there is none to send, being there must do.
            if out.sent or not self._config.controls or self._newest is None:
                self._state.worked()
            return
        if out.is_open:
            raise MidiMissingError(f"the port {out.name!r} has gone")
        name = named(out.port.names(), wanted, "output port") if wanted else None
        out.open(name)
        log.info("midi: sending to %s", name or "a port of its own")

    def _lost(self, error: Exception) -> None:
        """Report what is missing. A client that only lists ports is kept: making one is what costs."""
        if self._out is not None and (self._out.is_open or not isinstance(error, MidiMissingError)):
            self._end()
        self._state.failed(f"{why(error)}; no MIDI until then, looking again every {LOOK_AGAIN_S:g} s", kind="fallback")

    def _reconfigure(self, config: MidiConfig) -> None:
        old, self._config = self._config, config
        same = (old.enabled, old.port, old.system) == (config.enabled, config.port, config.system)
        if not same:
            self._end()
            self._look_s = -math.inf
        elif self._out is not None:
            self._out.forget()

    def _end(self) -> None:
        """Leave no note sounding and, where that is set, the controls as with nobody there."""
        out, self._out = self._out, None
        if out is not None:
            out.close(self._config if self._config.on_exit == "rest" else None)


class _Out:
    """A way out, the notes that sound there and the values of its controls."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.is_open = False
        self.name: str | None = None
        """Of the port that is open; None for one of its own."""
        self._ends: list[tuple[float, int, int]] = []
        """When, channel and number of notes that sound, soonest first."""
        self._values: dict[tuple[int, int], int] = {}
        self._channels: set[int] = set()
        self.sent = 0
        """How many messages the driver took."""

    @property
    def next_end_s(self) -> float:
        """When the next note ends."""
        return self._ends[0][0] if self._ends else math.inf

    def open(self, name: str | None) -> None:
        """Open the port of this name, or one of its own. OSError where it fails."""
        self.port.open(name)
        self.name, self.is_open = name, True

    def note(self, note: NoteConfig, now_s: float) -> None:
        """Start a note; one that still sounds ends first and starts again."""
        channel = note.channel - 1
        if any(entry[1:] == (channel, note.note) for entry in self._ends):
            self._ends = [entry for entry in self._ends if entry[1:] != (channel, note.note)]
            heapq.heapify(self._ends)
            self._send(mido.Message("note_off", channel=channel, note=note.note))
        self._channels.add(channel)
        heapq.heappush(self._ends, (now_s + note.length_s, channel, note.note))
        self._send(mido.Message("note_on", channel=channel, note=note.note, velocity=note.velocity))

    def sound_on(self, channels: set[int]) -> None:
        """On these channels, from 0, something may sound that is not known here."""
        self._channels |= channels

    def end_notes(self, now_s: float) -> None:
        """End the notes whose time is over."""
        while self._ends and self._ends[0][0] <= now_s:
            _, channel, number = heapq.heappop(self._ends)
            self._send(mido.Message("note_off", channel=channel, note=number))

    def control(self, config: MidiConfig, values: dict[str, float]) -> None:
        """Send the controls that changed."""
        for name, number in config.controls.items():
            if name not in values:
                continue
            key, value = (config.channel - 1, number), seven_bit(name, values[name])
            if self._values.get(key) != value:
                self._values[key] = value
                self._send(mido.Message("control_change", channel=key[0], control=number, value=value))

    def forget(self) -> None:
        """Send every control again."""
        self._values.clear()

    def close(self, rest: MidiConfig | None = None) -> None:
        """Silence what sounds, bring the controls of ``rest`` to rest where they were ever sent, and close. Errors of the
        driver no longer matter then."""
        for step in (self._silence, lambda: self._rest(rest), self.port.close):
            try:
                step()
            except Exception as error:  # noqa: BLE001 - a port that is gone cannot be silenced
                log.debug("midi: closing %s: %s", self.name, error)

    def _send(self, message: mido.Message) -> None:
        self.port.send(message)
        self.sent += 1

    def _rest(self, config: MidiConfig | None) -> None:
        if config is not None and self._values:
            self.control(config, rest_values())

    def _silence(self) -> None:
        self.end_notes(math.inf)
        for channel in sorted(self._channels):
            self._send(mido.Message("control_change", channel=channel, control=ALL_NOTES_OFF))


def bring_to_rest(config: MidiConfig, make_port: Callable[[str], Port] = RtMidiPort) -> None:
    """Do for a piece that was killed what it would have done at its end: no note sounds on any of its channels, its controls
    are at rest where that is set. A port of the piece's own is gone with it, and nothing is done. Raises OSError."""
    if not config.enabled or not config.port:
        return
    out = _Out(make_port(config.system))
    name = next((name for name in out.port.names() if config.port.lower() in name.lower()), None)
    try:
        if name is not None:
            out.open(name)
            out.sound_on({config.channel - 1, *(note.channel - 1 for note in config.notes)})
            if config.on_exit == "rest":
                out.control(config, rest_values())
    finally:
        out.close()
