"""All that sound, light and desks hear and say, built and reconfigured together: OSC out and in, OSCQuery, lamps, MIDI."""

from __future__ import annotations

from collections.abc import Callable

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.base.supervisor import Supervisor
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.addresses import Message
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.midi.midi import MidiOut
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.oscquery.server import OscQueryServer
from installation.types import EmotionState, SceneState


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
        self.sender = OscSender(config.osc, notices, log_packet)
        supervisor.add("osc", self.sender.close)
        self.receiver = OscReceiver(config.osc, notices, settings, values, clock)
        supervisor.add("osc in", self.receiver.close)
        self._query = OscQueryServer(config, notices, settings, values, self.receiver)
        supervisor.add("oscquery", self._query.close)
        self._lights = Lights(config.lights, notices, clock)
        supervisor.add("lights", self._lights.close)
        self._midi = MidiOut(config.midi, notices, clock)
        supervisor.add("midi", self._midi.close)
        self._lights.start()
        self._midi.start()

    def hear(self, messages: list[Message]) -> None:
        """What OSC sends is kept for programs that ask, and sounds as notes."""
        self._values.put(messages)
        self._midi.hear(messages)

    def show(self, scene: SceneState, states: tuple[EmotionState, ...]) -> None:
        """The scene that is about to be drawn, for lamps and controls."""
        self._lights.show(scene, states)
        self._midi.show(scene, states)

    def reconfigure(self, config: Config) -> None:
        """Go on with other settings."""
        self.sender.reconfigure(config.osc)
        self.receiver.reconfigure(config.osc)
        self._query.reconfigure(config)
        self._lights.reconfigure(config.lights)
        self._midi.reconfigure(config.midi)
