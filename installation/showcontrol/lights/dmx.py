"""One DMX universe on the network: sACN (E1.31) and Art-Net packets, built by the libraries sacn and stupidArtnet.

The libraries build the packets; sockets and pace are our own, because theirs send from threads of their own, at their own
times, and print or log every error. docs/lights.md says why these two.
"""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable

import numpy as np
from sacn.messages.data_packet import DataPacket, calculate_multicast_addr
from sacn.messages.universe_discovery import UniverseDiscoveryPacket
from stupidArtnet import StupidArtnet

from installation.base.notices import Notices
from installation.config.lights import CHANNELS, MULTICAST, LightsConfig, UniverseConfig
from installation.showcontrol.hosts import HostError, HostLookUp, SocketAddress
from installation.showcontrol.service_state import ServiceState, why
from installation.types import ByteArray

SACN_PORT, ART_NET_PORT = 5568, 6454
TERMINATIONS = 3
"""Packets with Stream_Terminated set that end a stream (ANSI E1.31-2018, 6.2.6)."""
DISCOVERY_S = 10.0
"""Between two lists of the universes that this source sends (ANSI E1.31-2018, appendix A)."""
DISCOVERY_UNIVERSE = 64214
_HOPS = 8
_MIEN = uuid.UUID("6c1f6f0e-3d0b-4f0e-9d7e-5a3a2f9b7c11")


class Line:
    """The way to one universe's receiver. ``send`` never waits and raises nothing.

    Whatever fails is one notice of ``stage`` until a packet truly leaves: a name that cannot be resolved or a packet that
    cannot be made a fault, a network that refuses a fallback. That the system's network card is used instead of the
    configured one is a fallback of a stage of its own. All is tried again with growing pauses; what is sent meanwhile is
    dropped.
    """

    def __init__(
        self, universe: UniverseConfig, config: LightsConfig, notices: Notices, stage: str | None = None
    ) -> None:
        self.universe, self._config = universe, config
        stage = stage or f"lights {universe.name}"
        self._state, self._card = ServiceState(stage, notices), ServiceState(f"{stage}: network card", notices)
        host, port = self._place
        self._hosts = HostLookUp(host, port, socket.SOCK_DGRAM)
        self._addresses: tuple[SocketAddress, ...] = ()
        self._at = 0
        """Which of the addresses is in use: where one cannot be sent to, the next is tried."""
        self._socket: socket.socket | None = None

    def send(self, values: ByteArray, now_s: float) -> None:
        """Send (512,) uint8 channel values."""
        self._send(lambda: [self._packet_of(values)], now_s)

    def failed(self, error: Exception, now_s: float) -> None:
        """There is nothing to send, for this reason."""
        self._state.failed(f"{why(error)}; trying again", now_s)

    def terminate(self, now_s: float) -> None:
        """Say that the stream ends here, where the protocol can."""

    def count_from(self, number: int) -> None:
        """The next packet has this sequence number, from 1 to 255."""

    def close(self) -> None:
        """Close the socket; nothing is said to the receiver."""
        self._close_socket()
        self._state.dismiss()
        self._card.dismiss()

    def _set_up(self, wire: socket.socket) -> None:
        """Set options of the socket. OSError where the system refuses."""

    @property
    def _place(self) -> tuple[str, int]:
        raise NotImplementedError

    def _packet_of(self, values: ByteArray) -> bytes:
        raise NotImplementedError

    def _send(self, packets: Callable[[], list[bytes]], now_s: float) -> None:
        try:
            found = self._hosts.poll(now_s)
            known = tuple(entry for entry in found if entry[0] == socket.AF_INET)
            if found and not known:
                raise HostError(f"{self._hosts.host} has no IPv4 address, and lamps are sent to by no other")
            if known != self._addresses:
                self._addresses, self._at = known, 0
                self._state.hurry()
            if known and self._state.due(now_s):
                wire = self._open(now_s)
                for packet in packets():
                    wire.sendto(packet, known[self._at][1])
                self._state.worked()
        except BlockingIOError:
            return
        except HostError as error:
            self.failed(error, now_s)
        except OSError as error:
            self._close_socket()
            self._hosts.again(now_s)
            self._at = (self._at + 1) % len(self._addresses)
            reason = f"nothing can be sent to {self._hosts.host} ({why(error)}); trying again"
            self._state.failed(reason, now_s, "fallback")
        except Exception as error:  # noqa: BLE001 - the border of a service: its fault, the other universes go on
            self.failed(error, now_s)

    def _open(self, now_s: float) -> socket.socket:
        """The socket; a new one where the network card is to be tried again."""
        if self._socket is not None and not (self._card.troubled and self._card.due(now_s)):
            return self._socket
        self._close_socket()
        wire = self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        wire.setblocking(False)
        # Without it the system refuses addresses that are for a whole network.
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        try:
            self._set_up(wire)
        except OSError as error:
            card = self._config.interface or "of the system"
            self._card.failed(f"the network card {card} cannot be used ({why(error)}); trying again", now_s, "fallback")
        else:
            self._card.worked()
        return wire

    def _close_socket(self) -> None:
        wire, self._socket = self._socket, None
        if wire is not None:
            wire.close()


class SacnLine(Line):
    """sACN, to a multicast group or to one receiver."""

    _packet: DataPacket | None = None

    @property
    def _place(self) -> tuple[str, int]:
        host = self.universe.host
        group = calculate_multicast_addr(self.universe.number) if host == MULTICAST else host
        return group, self.universe.port or SACN_PORT

    def _set_up(self, wire: socket.socket) -> None:
        _multicast(wire, self._config)

    def count_from(self, number: int) -> None:
        self._data_packet().sequence = number

    def _data_packet(self) -> DataPacket:
        if self._packet is None:
            self._packet = DataPacket(
                cid=_cid(self._config),
                sourceName=self._config.source,
                universe=self.universe.number,
                priority=self.universe.priority,
            )
        return self._packet

    def _packet_of(self, values: ByteArray) -> bytes:
        data = self._data_packet()
        data.dmxData = tuple(values.tolist())
        packet = bytes(data.getBytes())
        data.sequence_increase()
        return packet

    def terminate(self, now_s: float) -> None:
        if self._packet is not None:
            self._packet.option_StreamTerminated = True
            dark = np.array(self._packet.dmxData, np.uint8)
            self._send(lambda: [self._packet_of(dark) for _ in range(TERMINATIONS)], now_s)


class ArtNetLine(Line):
    """Art-Net, to one node or to all by broadcast. The protocol cannot say that a stream ends."""

    _packet: StupidArtnet | None = None

    @property
    def _place(self) -> tuple[str, int]:
        return self.universe.host, self.universe.port or ART_NET_PORT

    def _set_up(self, wire: socket.socket) -> None:
        if self._config.interface:
            wire.bind((self._config.interface, 0))

    def count_from(self, number: int) -> None:
        self._data_packet().sequence = number - 1

    def _data_packet(self) -> StupidArtnet:
        if self._packet is None:
            self._packet = StupidArtnet(universe=self.universe.number, packet_size=CHANNELS)
            # It opens a socket that would wait; ours does not.
            self._packet.close()
        return self._packet

    def _packet_of(self, values: ByteArray) -> bytes:
        data = self._data_packet()
        # 1 to 255: a sequence of 0 says that there is none (Art-Net 4, ArtDmx).
        data.sequence = data.sequence % 255 + 1
        data.make_artdmx_header()
        return bytes(data.packet_header) + values.tobytes()


class Discovery(Line):
    """Lists the universes of all of ``config`` that are sent to multicast groups, so that consoles show this source.

    It goes the way of the first of them, but what fails is reported under a stage of its own, which no universe can have.
    """

    def __init__(self, config: LightsConfig, notices: Notices) -> None:
        self._groups = [universe for universe in config.universes if universe.host == MULTICAST]
        super().__init__(self._groups[0], config, notices, "lights: discovery")

    @property
    def _place(self) -> tuple[str, int]:
        return calculate_multicast_addr(DISCOVERY_UNIVERSE), self.universe.port or SACN_PORT

    def _set_up(self, wire: socket.socket) -> None:
        _multicast(wire, self._config)

    def announce(self, now_s: float) -> None:
        """Send the list."""
        self._send(self._packets, now_s)

    def _packets(self) -> list[bytes]:
        numbers = sorted(universe.number for universe in self._groups)
        config = self._config
        pages = UniverseDiscoveryPacket.make_multiple_uni_disc_packets(_cid(config), config.source, numbers)
        return [bytes(page.getBytes()) for page in pages]


def _cid(config: LightsConfig) -> tuple[int, ...]:
    """16 bytes. The same machine and name are the same source after a restart, so that receivers see no second one."""
    return tuple(uuid.uuid5(_MIEN, f"{socket.gethostname()} {config.source}").bytes)


def _multicast(sender: socket.socket, config: LightsConfig) -> None:
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _HOPS)
    if config.interface:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(config.interface))


def open_discovery(config: LightsConfig, notices: Notices) -> Discovery | None:
    """What lists this source's universes; None where none goes to a multicast group."""
    known = any(universe.host == MULTICAST for universe in config.universes)
    return Discovery(config, notices) if config.enabled and known else None


def open_line(universe: UniverseConfig, config: LightsConfig, notices: Notices) -> Line:
    """The way to a universe, by its protocol."""
    return (SacnLine if universe.protocol == "sacn" else ArtNetLine)(universe, config, notices)
