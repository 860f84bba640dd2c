"""The way to one receiver on the network: UDP, or TCP with SLIP. Nothing here ever waits for it."""

from __future__ import annotations

import errno
import os
import socket

from installation.showcontrol.hosts import HostError, HostLookUp, SocketAddress
from installation.showcontrol.osc_out.encode import slip
from installation.showcontrol.service_state import NoticeBoard, ServiceState, why

PROVED_S = 1.0
"""A way that was refused works when nothing refuses for so long: the first packet always seems to leave."""
CONNECT_S = 3.0
"""A connection that is not there after this long has failed."""
MAX_UNSENT = 128 * 1024
"""Bytes that may wait for a slow TCP receiver; beyond that it loses packets, whole ones."""

_UNDER_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0))


class Transport:
    """What UDP and TCP have in common: a host's addresses, one of which is tried after the other.

    A name that cannot be resolved is a fault of ``stage``, a receiver that does not answer or a network that refuses a
    fallback; so is whatever else goes wrong. Only packets that truly leave resolve them.
    """

    kind = socket.SOCK_DGRAM

    def __init__(self, host: str, port: int, stage: str, notices: NoticeBoard) -> None:
        self.host, self.port, self.stage = host, port, stage
        self._state = ServiceState(stage, notices)
        self._hosts = HostLookUp(host, port, self.kind)
        self._socket: socket.socket | None = None
        self._addresses: tuple[SocketAddress, ...] = ()
        self._at = 0
        """Which of the addresses is in use."""
        self._failures = 0
        """How many addresses failed in a row."""
        self._good_since_s: float | None = None
        self.sends = 0
        """How often packets left as a whole, as far as this machine can tell."""
        self._refused = False
        """That nobody listens is no reason to pause: whoever begins to hears the next packet."""

    def send(self, packets: list[bytes], now_s: float) -> None:
        """Send ``packets``, or drop them where that cannot be; raises nothing and waits for nothing."""
        try:
            if self._has_address(now_s):
                self._send(packets, now_s)
        except HostError as error:
            self._refused = False
            self._state.failed(f"{why(error)}; trying again", now_s)
        except Exception as error:  # noqa: BLE001 - the border of a service: its fault, and the others are sent to
            self._refused, self._good_since_s = False, None
            self._close_socket()
            self._state.failed(f"nothing can be sent ({why(error)}); trying again", now_s)

    def close(self) -> None:
        """Close the socket, if there is one; what was wrong here no longer matters."""
        self._close_socket()
        self._state.dismiss()

    def _send(self, packets: list[bytes], now_s: float) -> None:
        raise NotImplementedError

    def _has_address(self, now_s: float) -> bool:
        known = self._hosts.poll(now_s)
        if known != self._addresses:
            self._addresses, self._at, self._failures = known, 0, 0
            self._close_socket()
            self._state.hurry()
        return bool(known)

    @property
    def _address(self) -> SocketAddress:
        return self._addresses[self._at]

    @property
    def _places(self) -> str:
        return ", ".join(str(address[0]) for _, address in self._addresses)

    def _next_address(self, now_s: float, *, refused: bool = False) -> bool:
        """The address in use failed: another one is tried next. Whether all of them have failed in a row."""
        if len(self._addresses) > 1 or not refused:
            self._close_socket()
        self._at = (self._at + 1) % len(self._addresses)
        self._failures += 1
        self._good_since_s = None
        if self._failures < len(self._addresses):
            return False
        self._hosts.again(now_s)
        return True

    def _works(self, now_s: float) -> None:
        if self._good_since_s is None:
            self._good_since_s = now_s
        if now_s - self._good_since_s >= PROVED_S:
            self._failures = 0
            self._state.worked()

    def _close_socket(self) -> None:
        found, self._socket = self._socket, None
        if found is not None:
            found.close()


class UdpTransport(Transport):
    """Packets, whether anybody listens or not.

    Which of a name's addresses is the right one, UDP does not say: whoever hears a packet answers nothing. But this
    machine, and most others in a local network, refuse what nobody hears (ICMP), and the system reports that at the next
    packet of a connected socket; an address without a way there it refuses at once. So packets go to the first address,
    IPv4, until that is refused, then to the next, and round again: ``localhost`` finds its receiver behind 127.0.0.1 or ::1
    within two packets. To send to all at once would give a receiver of both families everything twice. A firewall that
    drops in silence leaves it at the first address: then the address itself is what to write.
    """

    def _send(self, packets: list[bytes], now_s: float) -> None:
        if not self._state.due(now_s) and not self._refused:
            return
        try:
            wire = self._socket if self._socket is not None else self._open()
            for packet in packets:
                wire.send(packet)
        except BlockingIOError:
            return
        except OSError as error:
            refused = isinstance(error, ConnectionRefusedError)
            if self._next_address(now_s, refused=refused):
                self._refused = refused
                what = "packets are sent all the same" if self._refused else "trying again"
                who = "nobody listens at" if self._refused else "nothing can be sent to"
                self._state.failed(f"{who} {self._places} ({why(error)}); {what}", now_s, "fallback")
        else:
            if packets:
                self.sends += 1
                self._works(now_s)

    def _open(self) -> socket.socket:
        family, address = self._address
        wire = self._socket = socket.socket(family, socket.SOCK_DGRAM)
        wire.setblocking(False)
        if family == socket.AF_INET:
            # Without it the system refuses 192.168.1.255 and the like, which are for all receivers of a network.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        wire.connect(address)
        return wire


class TcpTransport(Transport):
    """A stream of SLIP frames. Connects, and connects again with a growing pause, without ever waiting for it."""

    kind = socket.SOCK_STREAM

    def __init__(self, host: str, port: int, stage: str, notices: NoticeBoard) -> None:
        super().__init__(host, port, stage, notices)
        self._connected = False
        self._give_up_s = 0.0
        self._unsent = bytearray()

    def _send(self, packets: list[bytes], now_s: float) -> None:
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
            return
        self.sends += bool(packets)
        self._works(now_s)

    def _is_open(self, now_s: float) -> bool:
        if self._socket is None:
            self._connected = False
            self._unsent.clear()
            if not self._state.due(now_s):
                return False
            family, address = self._address
            self._socket = socket.socket(family, socket.SOCK_STREAM)
            self._socket.setblocking(False)
            # A bundle is to leave when it is written, not when more have come together.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._give_up_s = now_s + CONNECT_S
            code = self._socket.connect_ex(address)
            if code not in _UNDER_WAY:
                raise OSError(code, os.strerror(code))
        if self._connected:
            return True
        error = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error != 0:
            raise OSError(error, os.strerror(error))
        try:
            self._socket.getpeername()
        except OSError:
            if now_s >= self._give_up_s:
                raise TimeoutError("no answer") from None
            return False
        self._connected = True
        return True

    def _fail(self, error: OSError, now_s: float) -> None:
        if self._next_address(now_s):
            self._state.failed(
                f"no connection over TCP to {self._places} ({why(error)}); trying again", now_s, "fallback"
            )
