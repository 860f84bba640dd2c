"""A UDP port that is listened on in a thread of its own."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

from installation.base.clock import Clock
from installation.base.notices import Notices
from installation.showcontrol.hosts import HostError, HostLookUp, bound_sockets, cannot_be_here
from installation.showcontrol.osc_in.answers import Reply
from installation.showcontrol.osc_in.decode import MAX_PACKET_BYTES
from installation.showcontrol.service_state import why
from installation.showcontrol.service_thread import ServiceThread

BURST, REST_S = 16, 0.002
"""So many packets are read in a row before the thread rests, for a flood must not take the processor from the picture."""
LOOK_S = 0.02
"""While a name is looked up, this often."""
OnPacket = Callable[[bytes, str, int, Reply], None]
"""Takes a packet, its sender's address in figures and port, and the way back to it; raises nothing."""
Place = tuple[str, int]
"""(host, port); port 0 listens to nobody."""


class UdpListener(ServiceThread[Place]):
    """Hears all addresses of a host at one port. ``on_packet`` is called by the listening thread.

    A port that cannot be had is a fault of ``stage``, and tried again until it can.
    """

    def __init__(self, place: Place, on_packet: OnPacket, stage: str, notices: Notices, clock: Clock) -> None:
        super().__init__(stage, place, notices, clock)
        self._place, self._on_packet = place, on_packet
        self._hosts: HostLookUp | None = None
        self._sockets: list[socket.socket] = []
        self.port: int | None = None
        """The port that is listened on; None where none is."""
        self.ready = threading.Event()
        """Set once it listens, or a notice says why not."""

    def _reconfigure(self, place: Place) -> None:
        self._shut()
        self._place = place
        self._hosts = HostLookUp(*place, socket.SOCK_DGRAM) if place[1] else None

    def _step(self, now_s: float) -> float | None:
        if self._hosts is None:
            self._state.dismiss()
            self.ready.set()
            return None
        try:
            if not self._sockets:
                addresses = self._hosts.poll(now_s)
                if not addresses:
                    return LOOK_S
                self._sockets = bound_sockets(addresses, socket.SOCK_DGRAM)
                self.port = self._sockets[0].getsockname()[1]
                self._state.worked()
                self.ready.set()
            self._listen()
        except OSError:
            self._shut()
            raise
        return 0.0

    def _trouble(self, error: Exception) -> str:
        host, port = self._place
        self.ready.set()
        elsewhere = isinstance(error, HostError) or (isinstance(error, OSError) and cannot_be_here(error))
        setting = "osc.listen_host" if elsewhere else "osc.listen_port"
        return f"cannot listen on {host}:{port} ({why(error)}); change {setting}"

    def _end(self) -> None:
        self._shut()

    def _shut(self) -> None:
        self.port = None
        wires, self._sockets = self._sockets, []
        for wire in wires:
            wire.close()

    def _listen(self) -> None:
        """Wait a moment for packets, and take a few of each socket that has some."""
        readable, _, _ = select.select(self._sockets, [], [], 0.1)
        for wire in readable:
            for _ in range(BURST):
                try:
                    data, sender = wire.recvfrom(MAX_PACKET_BYTES + 1)
                except BlockingIOError:
                    break
                except ConnectionError:  # Windows: an answer before this one reached nobody.
                    continue
                self._on_packet(data, str(sender[0]), int(sender[1]), _reply_to(wire, sender))
            else:
                threading.Event().wait(REST_S)


def _reply_to(wire: socket.socket, sender: Any) -> Reply:
    def reply(packet: bytes) -> None:
        with contextlib.suppress(OSError):  # Whoever asked is gone, or the line is full.
            wire.sendto(packet, sender)

    return reply
