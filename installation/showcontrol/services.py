"""All that sound, light and desks hear and say, built and reconfigured together: OSC out and in, OSCQuery, lamps, MIDI,
tempo and sound in, projectors on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.pacing import Every
from installation.base.supervisor import Supervisor
from installation.base.tempo import Tempo
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.address import is_of_emotion
from installation.showcontrol.addresses import Message
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.midi.midi import MidiOut
from installation.showcontrol.midi.midi_in import MidiIn
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_monitor import OscMonitor
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.oscquery.server import OscQueryServer
from installation.showcontrol.projectors.projectors import Projectors
from installation.showcontrol.service_state import ServiceState, why
from installation.showcontrol.sound.sound_in import SoundIn
from installation.showcontrol.tempo.tempo_in import TempoIn
from installation.types import EmotionState, SceneState

LOOK_S = 0.5
"""A service that could not begin, or not take its settings, is looked at this often."""


class _Service(Protocol):
    def start(self) -> None: ...

    def close(self) -> None: ...


class _Border:
    """One service as the frame loop sees it: what it raises there is a fault of the stage ``name``, and tried again."""

    def __init__(self, name: str, service: _Service, notices: Notices) -> None:
        self._service = service
        self._state = ServiceState(f"{name}: service", notices)
        self._missed: Callable[[], None] | None = None
        """Settings that it has not taken."""

    def reconfigure(self, take: Callable[[], None], now_s: float) -> None:
        """Let it take settings."""
        self._missed = take
        self._state.hurry()
        self.keep_up(now_s)

    def keep_up(self, now_s: float) -> None:
        """Begin what could not begin, or has ended, and take what was missed."""
        if not self._state.due(now_s):
            return
        try:
            if self._missed is not None:
                self._missed()
                self._missed = None
            self._service.start()
        except Exception as error:  # noqa: BLE001 - the border of a service: its fault, and a picture is drawn all the same
            self._state.failed(f"it cannot begin, or not with these settings ({why(error)}); trying again", now_s)
        else:
            self._state.worked()


class Services:
    """Each runs in a thread or process of its own and is closed by ``supervisor``. ``log_packet`` gets every OSC packet."""

    def __init__(
        self,
        config: Config,
        settings: LiveSettings,
        clock: Clock,
        notices: Notices,
        supervisor: Supervisor,
        log_packet: Callable[[bytes], None] | None = None,
    ) -> None:
        values = self._values = LastValues()
        self._clock, self._look = clock, Every(LOOK_S)
        self._hearing = ServiceState("show control", notices)
        self.sender = OscSender(config.osc, notices, log_packet)
        self.monitor = OscMonitor(values, lambda: settings.config.osc.prefix, clock)
        self.receiver = OscReceiver(config.osc, notices, settings, values, clock, self.monitor.heard)
        self.desk_address: Callable[[], tuple[str, int] | None] = lambda: None
        """Where the operator's page is served: browsers that open the port of OSCQuery are sent there."""
        self._query = OscQueryServer(config, notices, settings, values, self.receiver, lambda: self.desk_address())
        self._lights = Lights(config.lights, notices, clock)
        self._settings = settings
        self._midi = MidiOut(config.midi, notices, clock)
        self.midi_in = MidiIn(config.midi, settings, notices, clock)
        self.tempo = TempoIn(config.tempo, notices, clock, self._follow)
        self.sound = SoundIn(config.sound, notices, clock)
        self.projectors = Projectors(config.hours, notices, clock)
        services: dict[str, _Service] = {
            "osc": self.sender,
            "osc in": self.receiver,
            "osc query": self._query,
            "lights": self._lights,
            "midi": self._midi,
            "midi in": self.midi_in,
            "tempo": self.tempo,
            "sound": self.sound,
            "projectors": self.projectors,
        }
        for name, service in services.items():
            supervisor.add(name, service.close)
        self._borders = {name: _Border(name, service, notices) for name, service in services.items()}
        self._keep_up()

    @property
    def pids(self) -> list[int]:
        """Processes of these services, to count their memory."""
        return [*self.sender.pids, *self.sound.pids]

    def hear(self, messages: list[Message]) -> None:
        """What OSC sends is kept for programs that ask, and sounds as notes."""
        try:
            self._values.put(messages)
            self._midi.hear(messages)
        except Exception as error:  # noqa: BLE001 - the border of the services: a picture is drawn all the same
            self._hearing.failed(f"values are not passed on ({why(error)})")
        else:
            self._hearing.worked()

    def heard(self) -> Iterator[tuple[str, Any]]:
        """What the show is to hear before the next picture: kind and value of each event."""
        for tempo in self.tempo.take():
            yield "tempo", tempo
        for sound in self.sound.take():
            yield "sound", sound

    def show(self, scene: SceneState, states: tuple[EmotionState, ...]) -> None:
        """The scene that is about to be drawn, for lamps and controls."""
        self._lights.show(scene, states)
        self._midi.show(scene, states)
        if self._look.due(self._clock.now()):
            self._keep_up()

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings. What one of them cannot take keeps no other from its own."""
        if not config.emotion.enabled:
            self._values.forget(is_of_emotion)
        takes: dict[str, Callable[[], None]] = {
            "osc": lambda: self.sender.reconfigure(config.osc),
            "osc in": lambda: self.receiver.reconfigure(config.osc),
            "osc query": lambda: self._query.reconfigure(config),
            "lights": lambda: self._lights.reconfigure(config.lights),
            "midi": lambda: self._midi.reconfigure(config.midi),
            "midi in": lambda: self.midi_in.reconfigure(config.midi),
            "tempo": lambda: self.tempo.reconfigure(config.tempo),
            "sound": lambda: self.sound.reconfigure(config.sound),
            "projectors": lambda: self.projectors.reconfigure(config.hours),
        }
        now_s = self._clock.now()
        for name, take in takes.items():
            self._borders[name].reconfigure(take, now_s)

    def _follow(self, tempo: Tempo | None) -> None:
        self.sender.follow(tempo, self._settings.config.osc.prefix)

    def end(self, reason: str) -> None:
        """Let receivers hear that the piece ends, and bring lamps and instruments to rest; returns at once."""
        self.sender.end(reason)
        self._lights.end()
        self._midi.end()

    def _keep_up(self) -> None:
        now_s = self._clock.now()
        self.monitor.rest(now_s)
        for border in self._borders.values():
            border.keep_up(now_s)
