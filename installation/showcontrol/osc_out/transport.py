"""The way to one receiver on the network: UDP, or TCP with SLIP. Nothing here ever waits for it."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from installation.base.backoff import Backoff
from installation.base.clock import Clock
from installation.showcontrol.osc_out.encode import slip

if TYPE_CHECKING:  # The sending process stays small: it needs no log.
    from installation.base.notices import Kind

RESOLVE_AGAIN_S = 5.0
"""A name that cannot be resolved, or whose address does not answer, is looked up again after this long."""
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 10.0
"""Between two tries to connect."""
CONNECT_S = 3.0
"""A connection that is not there after this long has failed."""
MAX_UNSENT = 128 * 1024
"""Bytes that may wait for a slow TCP receiver; beyond that it loses packets, whole ones."""

SocketAddress: TypeAlias = "tuple[int, Any]"
"""(family, address) as the socket module has them."""


class NoticeBoard(Protocol):
    """Where faults and fallbacks are raised and resolved, as in Notices."""

    def fault(self, stage: str, message: str) -> None:
        """Raise a fault."""

    def fallback(self, stage: str, message: str) -> None:
        """Raise a fallback."""

    def resolve(self, stage: str, kind: Kind | None = None) -> None:
        """Resolve those of this kind, or all of the stage."""


class Transport:
    """What UDP and TCP have in common: a host's name and what is known of its address.

    A name that cannot be resolved is a fault of ``stage``, a receiver that does not answer a fallback.
    """

    kind = socket.SOCK_DGRAM

    def __init__(self, host: str, port: int, stage: str, notices: NoticeBoard) -> None:
        self.host, self.port, self.stage = host, port, stage
        self.address: SocketAddress | None = None
        self._notices = notices
        self._socket: socket.socket | None = None
        self._is_name = not _is_number(host)
        self._look_up_wanted = True
        self._look_ups = Backoff(RESOLVE_AGAIN_S, RESOLVE_AGAIN_S)
        self._name_failed = False

    def look_up(self, clock: Clock) -> None:
        """Resolve the name where that is due; may take long, so never call it from the thread that sends."""
        if not self._look_up_wanted or not self._look_ups.due(clock.now()):
            return
        try:
            family, _, _, _, address = socket.getaddrinfo(self.host, self.port, type=self.kind)[0]
        except (OSError, UnicodeError) as error:
            self._notices.fault(self.stage, f"the name cannot be resolved ({error}); trying again")
            self._name_failed = True
            self._look_ups.fail(clock.now())
            return
        if self._name_failed:
            self._notices.resolve(self.stage, "fault")
        self._name_failed = self._look_up_wanted = False
        self.address = (family, address)

    def close(self) -> None:
        """Close the socket, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, packets: list[bytes], now_s: float) -> None:
        """Send ``packets``; raises nothing for the network's sake."""
        raise NotImplementedError

    def _lost(self, now_s: float) -> None:
        """The address did not answer: another one may stand behind the name by now."""
        self.close()
        if self._is_name and not self._look_up_wanted:
            self._look_ups.fail(now_s)
            self._look_up_wanted = True


class UdpTransport(Transport):
    """Packets, whether anybody listens or not. A refusal is reported once, and packets are sent all the same."""

    def __init__(self, host: str, port: int, stage: str, notices: NoticeBoard) -> None:
        super().__init__(host, port, stage, notices)
        self._refused = False
        self._connected_to: SocketAddress | None = None

    def send(self, packets: list[bytes], now_s: float) -> None:
        if self.address is None:
            return
        if self._connected_to != self.address:
            self.close()
            self._connected_to = self.address
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
            if not self._refused:
                why = error.strerror or error
                self._notices.fallback(self.stage, f"nobody listens there ({why}); packets are sent all the same")
            self._refused = True
            if not isinstance(error, ConnectionRefusedError):
                self._lost(now_s)
        else:
            # On a connected UDP socket a refusal shows after the send; two good ones in a row mean somebody listens.
            if self._refused and self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                self._notices.resolve(self.stage, "fallback")
                self._refused = False


class TcpTransport(Transport):
    """A stream of SLIP frames. Connects, and connects again with a growing pause, without ever waiting for it."""

    kind = socket.SOCK_STREAM

    def __init__(self, host: str, port: int, stage: str, notices: NoticeBoard) -> None:
        super().__init__(host, port, stage, notices)
        self._connected = False
        self._connects = Backoff(FIRST_RETRY_S, LONGEST_RETRY_S)
        self._give_up_s = 0.0
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
            if len(self._unsent) < MAX_UNSENT:
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
            if self.address is None or not self._connects.due(now_s):
                return False
            family, address = self.address
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            # A bundle is to leave when it is written, not when more have come together.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._give_up_s = now_s + CONNECT_S
            self._socket.connect_ex(address)
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error != 0:
            raise OSError(error, "no connection")
        try:
            self._socket.getpeername()
        except OSError:
            if now_s >= self._give_up_s:
                raise TimeoutError("no answer") from None
            return False
        self._connected = True
        self._connects.succeed(now_s)
        self._notices.resolve(self.stage, "fallback")
        return True

    def _fail(self, error: OSError, now_s: float) -> None:
        why = error.strerror or error
        self._notices.fallback(self.stage, f"no connection over TCP ({why}); trying again")
        self._connected = False
        self._unsent.clear()
        self._lost(now_s)
        self._connects.fail(now_s)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
