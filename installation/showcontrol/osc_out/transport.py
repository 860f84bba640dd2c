"""One receiver on the network: UDP, or TCP with SLIP. Nothing here ever waits for it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from installation.showcontrol.osc_out.encode import slip

RESOLVE_AGAIN_S = 5.0
"""A name that could not be resolved, or whose address does not answer, is asked for again after this long."""
FIRST_BACK_OFF_S, LAST_BACK_OFF_S = 0.5, 10.0
"""Between two tries to connect."""
CONNECT_S = 3.0
"""A connection that is not there after this long has failed."""
MOST_UNSENT = 128 * 1024
"""Bytes that may wait for a slow TCP receiver; beyond that it loses packets, whole ones."""

Tell = Callable[[str, str, str], None]
"""(kind, stage, message): kind is "fault", "fallback" or "clear"."""


class Link:
    """What UDP and TCP have in common: a host's name and what is known of its address."""

    kind = socket.SOCK_DGRAM

    def __init__(self, host: str, port: int, tell: Tell) -> None:
        self.host, self.port = host, port
        self.stage = f"osc {host}:{port}"
        self.address: tuple[int, Any] | None = None
        self.ask_again_s = 0.0
        """From when on the name is to be asked for (again)."""
        self._tell = tell
        self._socket: socket.socket | None = None
        self._is_name = not _is_number(host)

    def resolve(self) -> None:
        """Ask for the address; may take long, so never call it from the thread that sends. What goes wrong is told."""
        try:
            family, _, _, _, address = socket.getaddrinfo(self.host, self.port, type=self.kind)[0]
        except (OSError, UnicodeError) as error:
            self._tell("fault", self.stage, f"the name cannot be resolved ({error}); trying again")
            return
        if self.address is None:
            self._tell("clear-fault", self.stage, "")
        self.address = (family, address)

    def close(self) -> None:
        """Close the socket, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def wants_address(self, now_s: float) -> bool:
        """Whether ``resolve`` should be called."""
        return now_s >= self.ask_again_s

    def _lost(self, now_s: float) -> None:
        """The address did not answer: another one may stand behind the name by now."""
        self.close()
        if self._is_name and self.ask_again_s == float("inf"):
            self.ask_again_s = now_s + RESOLVE_AGAIN_S


class UdpLink(Link):
    """Packets to whoever listens. A refusal is told once and packets are sent all the same."""

    def __init__(self, host: str, port: int, tell: Tell) -> None:
        super().__init__(host, port, tell)
        self._well = True
        self._to: Any = None

    def send(self, packets: list[bytes], now_s: float) -> None:
        """Send ``packets``; raises nothing for the network's sake."""
        if self.address is None:
            return
        if self._to != self.address:
            self.close()
            self._to = self.address
        try:
            if self._socket is None:
                family, address = self.address
                self._socket = socket.socket(family, socket.SOCK_DGRAM)
                self._socket.setblocking(False)
                self._socket.connect(address)
            for packet in packets:
                self._socket.send(packet)
        except BlockingIOError:
            return
        except OSError as error:
            if self._well:
                why = error.strerror or error
                self._tell("fallback", self.stage, f"nobody listens there ({why}); packets are sent all the same")
            self._well = False
            if not isinstance(error, ConnectionRefusedError):
                self._lost(now_s)
        else:
            # On a connected UDP socket a refusal shows after the send; two good ones in a row mean somebody listens.
            if not self._well and self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                self._tell("clear", self.stage, "")
                self._well = True


class TcpLink(Link):
    """A stream of SLIP frames. Connects, and connects again with a growing pause, without ever waiting for it."""

    kind = socket.SOCK_STREAM

    def __init__(self, host: str, port: int, tell: Tell) -> None:
        super().__init__(host, port, tell)
        self._connected = False
        self._try_s = 0.0
        self._until_s = 0.0
        self._back_off_s = FIRST_BACK_OFF_S
        self._unsent = bytearray()

    def send(self, packets: list[bytes], now_s: float) -> None:
        """Send ``packets``, or drop them while there is no connection; raises nothing for the network's sake."""
        try:
            if not self._is_open(now_s) or self._socket is None:
                return
            if self._socket.recv(4096) == b"":
                raise ConnectionResetError("the receiver closed the connection")
        except BlockingIOError:
            pass
        except OSError as error:
            self._fail(error, now_s)
            return
        for packet in packets:
            if len(self._unsent) < MOST_UNSENT:
                self._unsent += slip(packet)
        try:
            while self._unsent and self._socket is not None:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error, now_s)

    def _is_open(self, now_s: float) -> bool:
        if self._connected:
            return True
        if self._socket is None:
            if self.address is None or now_s < self._try_s:
                return False
            family, address = self.address
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            # A bundle is to leave when it is written, not when more have come together.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._until_s = now_s + CONNECT_S
            self._socket.connect_ex(address)
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error != 0:
            raise OSError(error, "no connection")
        try:
            self._socket.getpeername()
        except OSError:
            if now_s >= self._until_s:
                raise TimeoutError("no answer") from None
            return False
        self._connected, self._back_off_s = True, FIRST_BACK_OFF_S
        self._tell("clear", self.stage, "")
        return True

    def _fail(self, error: OSError, now_s: float) -> None:
        why = error.strerror or error
        self._tell("fallback", self.stage, f"no connection over TCP ({why}); trying again")
        self._connected = False
        self._unsent.clear()
        self._lost(now_s)
        self._try_s = now_s + self._back_off_s
        self._back_off_s = min(2 * self._back_off_s, LAST_BACK_OFF_S)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
