"""MIDI out: control changes and notes for synthesizers and music programs, through mido and python-rtmidi."""

from __future__ import annotations

import heapq
import logging
import math
import threading
from collections import deque
from collections.abc import Callable

import mido

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.lights import MidiConfig, NoteConfig
from installation.showcontrol.addresses import Message
from installation.showcontrol.midi.ports import MidiMissingError, Port, RtMidiPort
from installation.types import EMOTIONS, EmotionState, SceneState

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 3.0
"""Ports are looked at this often: for one that is missing, and whether the open one is still there."""
STOP_S = 0.8
MOST_WAITING = 64
"""Notes beyond this between two turns of the thread are dropped, the oldest first."""
ALL_NOTES_OFF = 123
STAGE = "midi"
_EVENTS = {"/event/arrived": "arrived", "/event/left": "left", "/event/emotion": "emotion", "/onset": "onset"}
"""Addresses of the OSC table that notes may sound at; their first argument is the event's number."""
_SIGNED = ("valence", "arousal")


def values_of(scene: SceneState, states: tuple[EmotionState, ...]) -> dict[str, float]:
    """The values that controls may carry, by name, as SceneState has them. ``energy`` [0, 1] is that of the visitor who
    moves most, by presence."""
    values = {name: float(share) for name, share in zip(EMOTIONS, scene.emotion, strict=True)}
    values |= {"valence": scene.valence, "arousal": scene.arousal, "presence": scene.presence}
    values["energy"] = max((state.energy * state.presence for state in states), default=0.0)
    return values


def seven_bit(name: str, value: float) -> int:
    """0 to 127 of a value in [0, 1], for valence and arousal in [-1, 1] with 64 in the middle. Not finite counts as 0."""
    if not math.isfinite(value):
        value = 0.0
    share = (value + 1.0) / 2.0 if name in _SIGNED else value
    return int(127.0 * min(max(share, 0.0), 1.0) + 0.5)


class MidiOut:
    """Sends from a thread of its own, from ``start`` to ``close``. ``show`` and ``hear`` belong to the frame loop and
    wait for nothing.

    A port that is not there, or goes, is told to ``notices`` and looked for every LOOK_AGAIN_S seconds; nothing is raised.
    ``make_port`` makes a way out for a ``midi.system``.
    """

    def __init__(
        self,
        config: MidiConfig,
        notices: Notices,
        clock: Clock,
        make_port: Callable[[str], Port] = RtMidiPort,
    ) -> None:
        self._notices, self._clock, self._make_port = notices, clock, make_port
        self._wake = threading.Condition()
        self._stopping = False
        self._config = config
        self._next: MidiConfig | None = None
        self._newest: tuple[SceneState, tuple[EmotionState, ...]] | None = None
        self._last_event = 0
        self._waiting: deque[NoteConfig] = deque(maxlen=MOST_WAITING)
        self._out: _Out | None = None
        self._look_s = self._control_s = -math.inf
        self._thread = threading.Thread(target=self._run, name="midi", daemon=True)

    def start(self) -> None:
        """Begin to look for the port and to send."""
        self._thread.start()

    def show(self, scene: SceneState, states: tuple[EmotionState, ...]) -> None:
        """The newest scene and visitors (frozen values): controls follow. Costs one assignment."""
        self._newest = (scene, states)

    def hear(self, messages: list[Message]) -> None:
        """What OSC is told, addresses below the prefix: notes for its events, each once though it is told three times."""
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
            with self._wake:
                self._waiting.extend(notes)
                self._wake.notify_all()

    def reconfigure(self, config: MidiConfig) -> None:
        """Go on with other settings. Another port is opened, the old one is left silent."""
        with self._wake:
            self._next = config
            self._wake.notify_all()

    def close(self) -> None:
        """Silence all notes, close the port and end the thread, within a second."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        wait_s: float | None = 0.0
        while True:
            with self._wake:
                if not self._stopping and self._next is None and not self._waiting:
                    self._wake.wait(wait_s)
                if self._stopping:
                    break
                config, self._next = self._next, None
            if config is not None:
                self._take_over(config)
            wait_s = self._turn(self._clock.now())
        self._shut()

    def _turn(self, now_s: float) -> float | None:
        """Do what is due; gives the seconds until something else is, None where nothing will be."""
        if not self._config.enabled:
            self._waiting.clear()
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
        while self._waiting:
            out.note(self._waiting.popleft(), now_s)
        out.end_notes(now_s)
        if now_s >= self._control_s and self._newest is not None:
            self._control_s = now_s + 1.0 / self._config.per_second
            out.control(self._config, values_of(*self._newest))
        due_s = min(self._look_s, out.next_end_s, max(self._control_s, now_s + 1.0 / self._config.per_second))
        return max(due_s - self._clock.now(), 0.0)

    def _look(self) -> None:
        """Open the port, or see that the open one is still there. OSError with what is missing."""
        if self._out is None:
            self._out = _Out(self._make_port(self._config.system))
        out, wanted = self._out, self._config.port
        if out.is_open and (out.name is None or out.name in out.port.names()):
            return
        if out.is_open:
            raise MidiMissingError(f"the port {out.name!r} has gone")
        name = None
        if wanted:
            names = out.port.names()
            name = next((name for name in names if wanted.lower() in name.lower()), None)
            if name is None:
                there = ", ".join(names) or "none"
                raise MidiMissingError(f"no output port has {wanted!r} in its name; there are {there}")
        out.open(name)
        self._notices.resolve(STAGE)
        log.info("midi: sending to %s", name or "a port of its own")

    def _lost(self, error: Exception) -> None:
        """Tell what is missing. A client that only lists ports is kept: making one is what costs."""
        if self._out is not None and (self._out.is_open or not isinstance(error, MidiMissingError)):
            self._shut()
        self._notices.fallback(STAGE, f"{error}; no MIDI until then, looking again every {LOOK_AGAIN_S:g} s")

    def _take_over(self, config: MidiConfig) -> None:
        old, self._config = self._config, config
        same = (old.enabled, old.port, old.system) == (config.enabled, config.port, config.system)
        if not same:
            self._shut()
            self._look_s = -math.inf
            self._notices.resolve(STAGE)
        elif self._out is not None:
            self._out.forget()

    def _shut(self) -> None:
        """Leave no note sounding."""
        out, self._out = self._out, None
        if out is not None:
            out.close()


class _Out:
    """A way out, the notes that sound there and the controls it was told."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.is_open = False
        self.name: str | None = None
        """Of the port that is open; None for one of its own."""
        self._ends: list[tuple[float, int, int]] = []
        """When, channel and number of notes that sound, soonest first."""
        self._told: dict[tuple[int, int], int] = {}
        self._channels: set[int] = set()

    @property
    def next_end_s(self) -> float:
        """When the next note ends."""
        return self._ends[0][0] if self._ends else math.inf

    def open(self, name: str | None) -> None:
        """Open the port of this name, or one of its own. OSError where it fails."""
        self.port.open(name)
        self.name, self.is_open = name, True

    def note(self, note: NoteConfig, now_s: float) -> None:
        """Begin a note; one that sounds already ends first and begins anew."""
        channel = note.channel - 1
        if any(entry[1:] == (channel, note.note) for entry in self._ends):
            self._ends = [entry for entry in self._ends if entry[1:] != (channel, note.note)]
            heapq.heapify(self._ends)
            self.port.send(mido.Message("note_off", channel=channel, note=note.note))
        self._channels.add(channel)
        heapq.heappush(self._ends, (now_s + note.length_s, channel, note.note))
        self.port.send(mido.Message("note_on", channel=channel, note=note.note, velocity=note.velocity))

    def end_notes(self, now_s: float) -> None:
        """End the notes whose time is over."""
        while self._ends and self._ends[0][0] <= now_s:
            _, channel, number = heapq.heappop(self._ends)
            self.port.send(mido.Message("note_off", channel=channel, note=number))

    def control(self, config: MidiConfig, values: dict[str, float]) -> None:
        """Tell the controls that changed."""
        for name, number in config.controls.items():
            key, value = (config.channel - 1, number), seven_bit(name, values[name])
            if self._told.get(key) != value:
                self._told[key] = value
                self.port.send(mido.Message("control_change", channel=key[0], control=number, value=value))

    def forget(self) -> None:
        """Tell every control again."""
        self._told.clear()

    def close(self) -> None:
        """Silence what sounds, and close. What the driver says against it is of no use any more."""
        for step in (self._silence, self.port.close):
            try:
                step()
            except Exception as error:  # noqa: BLE001 - a port that is gone cannot be silenced
                log.debug("midi: closing %s: %s", self.name, error)

    def _silence(self) -> None:
        self.end_notes(math.inf)
        for channel in sorted(self._channels):
            self.port.send(mido.Message("control_change", channel=channel, control=ALL_NOTES_OFF))
