"""A UDP port that is listened on in a thread of its own."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

from installation.showcontrol.osc_in.answers import Reply
from installation.showcontrol.osc_in.decode import MAX_PACKET_BYTES

BURST, REST_S = 16, 0.002
"""So many packets are read in a row before the thread rests, for a flood must not take the processor from the picture."""
OnPacket = Callable[[bytes, str, int, Reply], None]
"""Takes a packet, its sender's address in figures and port, and the way back to it; raises nothing."""


class UdpListener:
    """Open until ``close``. OSError where the port cannot be had.

    ``on_packet`` and ``on_error``, which takes what the system said, are called by the listening thread.
    """

    def __init__(self, host: str, port: int, on_packet: OnPacket, on_error: Callable[[str], None]) -> None:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        self._socket = socket.socket(family, kind)
        try:
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._on_packet, self._on_error = on_packet, on_error
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="osc-in", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        self._thread.join(1.0)
        self._socket.close()

    def _listen(self) -> None:
        in_a_row = 0
        while not self._stop.is_set():
            try:
                data, sender = self._socket.recvfrom(MAX_PACKET_BYTES + 1)
            except BlockingIOError:
                in_a_row = 0
                select.select([self._socket], [], [], 0.1)
                continue
            except ConnectionError:  # Windows: an answer before this one reached nobody.
                continue
            except OSError as error:
                self._on_error(str(error))
                self._stop.wait(0.1)
                continue
            self._on_packet(data, str(sender[0]), int(sender[1]), self._reply_to(sender))
            in_a_row += 1
            if in_a_row == BURST:
                in_a_row = 0
                self._stop.wait(REST_S)

    def _reply_to(self, sender: Any) -> Reply:
        def reply(packet: bytes) -> None:
            with contextlib.suppress(OSError):  # Whoever asked is gone, or the line is full.
                self._socket.sendto(packet, sender)

        return reply
