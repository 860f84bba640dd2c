"""UDP to any number of receivers, without ever waiting for one of them."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from installation.config import OscConfig, OscTarget
from installation.notices import Notices

log = logging.getLogger(__name__)

RESOLVE_AGAIN_S = 5.0
"""A name that could not be resolved is tried again after this long."""


@dataclass
class _Receiver:
    target: OscTarget
    address: tuple[socket.AddressFamily, Any] | None = None
    socket: socket.socket | None = None
    well: bool = True
    stage: str = field(default="")

    def __post_init__(self) -> None:
        self.stage = f"osc {self.target.host}:{self.target.port}"


class OscSender:
    """Sends packets to every target of ``config``. ``send`` belongs to one thread; names are resolved in another.

    A receiver that is not there costs nothing: what UDP refuses is told once to ``notices``, and the notice goes when a
    packet gets through again. ``log_packet`` gets every packet first, whoever listens or not.
    """

    def __init__(self, config: OscConfig, notices: Notices, log_packet: Callable[[bytes], None] | None = None) -> None:
        self.bundles_sent = 0
        self._notices, self._log_packet = notices, log_packet
        self._wake = threading.Condition()
        self._stopping = False
        self._enabled = config.enabled
        self._receivers = [_Receiver(target) for target in config.targets]
        self._resolver = threading.Thread(target=self._resolve_names, name="osc-names", daemon=True)
        self._resolver.start()

    def send(self, packets: list[bytes]) -> None:
        """Send bundles to all targets that are resolved; returns at once and raises nothing for the network's sake."""
        for packet in packets:
            if self._log_packet is not None:
                self._log_packet(packet)
            if not self._enabled:
                continue
            self.bundles_sent += 1
            for receiver in self._receivers:
                self._send_to(receiver, packet)

    def reconfigure(self, config: OscConfig) -> None:
        """Go on with other targets; those that stay keep their sockets."""
        with self._wake:
            known = {(r.target.host, r.target.port): r for r in self._receivers}
            self._enabled = config.enabled
            self._receivers = [
                known.pop(key) if (key := (target.host, target.port)) in known else _Receiver(target)
                for target in config.targets
            ]
            self._wake.notify_all()
        for receiver in known.values():
            self._notices.clear(receiver.stage)
            if receiver.socket is not None:
                receiver.socket.close()

    def close(self) -> None:
        """Close the sockets and end the thread (one that hangs in a name server's silence ends with the process)."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._resolver.join(0.5)
        for receiver in self._receivers:
            if receiver.socket is not None:
                receiver.socket.close()
                receiver.socket = None

    def _send_to(self, receiver: _Receiver, packet: bytes) -> None:
        if receiver.address is None:
            return
        family, address = receiver.address
        try:
            if receiver.socket is None:
                receiver.socket = socket.socket(family, socket.SOCK_DGRAM)
                receiver.socket.setblocking(False)
                receiver.socket.connect(address)
            receiver.socket.send(packet)
        except BlockingIOError:
            return
        except OSError as error:
            if receiver.well:
                why = error.strerror or error
                self._notices.fallback(receiver.stage, f"nobody listens there ({why}); packets are sent all the same")
            receiver.well = False
        else:
            # On a connected UDP socket a refusal shows at the send after; two good ones in a row mean somebody listens.
            if not receiver.well and receiver.socket is not None and not _refused(receiver.socket):
                self._notices.clear(receiver.stage)
                receiver.well = True

    def _resolve_names(self) -> None:
        while not self._stopping:
            with self._wake:
                waiting = [receiver for receiver in self._receivers if receiver.address is None]
            for receiver in waiting:
                self._resolve(receiver)
            with self._wake:
                if not self._stopping:
                    missing = any(receiver.address is None for receiver in self._receivers)
                    self._wake.wait(RESOLVE_AGAIN_S if missing else None)

    def _resolve(self, receiver: _Receiver) -> None:
        target = receiver.target
        try:
            family, _, _, _, address = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM)[0]
        except (OSError, UnicodeError) as error:
            self._notices.fault(receiver.stage, f"the name cannot be resolved ({error}); trying again")
            return
        receiver.address = (family, address)
        self._notices.clear(receiver.stage)


def _refused(connected: socket.socket) -> bool:
    return connected.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
