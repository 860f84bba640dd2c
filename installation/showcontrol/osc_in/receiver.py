"""OSC from sound and light desks, an operator's tablet or a script: commands, settings, questions."""

from __future__ import annotations

import contextlib
from collections import OrderedDict

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import CommandTable
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.allowed import Allowed
from installation.showcontrol.osc_in.answers import Reply
from installation.showcontrol.osc_in.dispatcher import STAGE, Dispatcher, Heard, Waiting
from installation.showcontrol.osc_in.udp_listener import UdpListener

_MAX_REFUSED = 256
READY_S = 0.5
"""The start waits at most this long for the port."""


class OscReceiver:
    """Listens on ``config.listen_host`` and ``listen_port`` (0: does not). ``take`` gives the commands that have come since.

    Settings (/control/...) are changed in ``settings``, questions (/get) are answered from it and from ``values``, both at
    once and in the thread that hears them. A place that cannot be listened on is a fault in ``notices``, and tried again; the
    piece goes on.
    """

    def __init__(
        self,
        config: OscConfig,
        notices: Notices,
        settings: LiveSettings,
        values: LastValues,
        clock: Clock,
        heard: Heard | None = None,
    ) -> None:
        self._notices = notices
        self._dispatcher = Dispatcher(config.prefix, CommandTable(settings, values), notices, clock, heard)
        self._allow, self._allowed = config.allow, Allowed(config.allow)
        self._refused: OrderedDict[str, None] = OrderedDict()
        self._place = (config.listen_host, config.listen_port)
        self._listener = UdpListener(self._place, self._receive, STAGE, notices, clock)
        self.packets = 0
        """How many packets came over the network and were looked at, allowed or not."""
        with contextlib.suppress(RuntimeError):  # No thread: whoever calls ``start`` again hears of it.
            self.start()
            # An address in figures takes no time. A name server is not waited for.
            self._listener.ready.wait(READY_S)

    @property
    def port(self) -> int | None:
        """The port that is listened on; None where none is."""
        return self._listener.port

    def start(self) -> None:
        """Begin to listen, where it does not already. RuntimeError where the system gives no thread."""
        self._listener.start()

    def take(self) -> list[Waiting]:
        """The commands that have come since the last call, in order: (name, arguments), checked for the network."""
        return self._dispatcher.take()

    def hear(self, data: bytes, who: str, reply: Reply) -> None:
        """One packet of a sender that is allowed; ``who`` names it (host, or host:port). Any thread; raises nothing."""
        self._dispatcher.hear(data, who, reply)

    def reconfigure(self, config: OscConfig) -> None:
        """Go on under another prefix, with other senders allowed or at another port."""
        self._dispatcher.prefix = config.prefix
        if config.allow != self._allow:
            self._allow, self._allowed = config.allow, Allowed(config.allow)
            self._refused.clear()
            self._notices.withdraw(STAGE, "fallback")
        if (config.listen_host, config.listen_port) != self._place:
            self._place = (config.listen_host, config.listen_port)
            self._listener.reconfigure(self._place)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _receive(self, data: bytes, host: str, port: int, reply: Reply) -> None:
        if self._allowed.has(host):
            self.hear(data, f"{host}:{port}", reply)
        elif host not in self._refused:
            self._refused[host] = None
            if len(self._refused) > _MAX_REFUSED:
                self._refused.popitem(last=False)
            self._dispatcher.turn_away(host, reply)
        self.packets += 1
