"""One DMX universe on the network: sACN (E1.31) and Art-Net packets, built by the libraries sacn and stupidArtnet.

The libraries build the packets; sockets and pace are our own, because theirs send from threads of their own, at their own
times, and print or log every error. docs/lights.md says why these two.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import uuid

from sacn.messages.data_packet import DataPacket, calculate_multicast_addr
from sacn.messages.universe_discovery import UniverseDiscoveryPacket
from stupidArtnet import StupidArtnet

from installation.base.notices import Notices
from installation.config.lights import CHANNELS, MULTICAST, LightsConfig, UniverseConfig
from installation.types import ByteArray

SACN_PORT, ART_NET_PORT = 5568, 6454
TERMINATIONS = 3
"""Packets with Stream_Terminated set that end a stream (ANSI E1.31-2018, 6.2.6)."""
DISCOVERY_S = 10.0
"""Between two lists of the universes that this source sends (ANSI E1.31-2018, appendix A)."""
DISCOVERY_UNIVERSE = 64214
RESOLVE_AGAIN_S = 5.0
"""A name that could not be resolved is tried again after this long."""
_HOPS = 8
_MIEN = uuid.UUID("6c1f6f0e-3d0b-4f0e-9d7e-5a3a2f9b7c11")


class Line:
    """The way to one universe's receiver. ``send`` never waits, and what fails is reported once.

    Of ``stage``, a name that cannot be resolved is a fault and a network that refuses a fallback; that the system's network
    card is used instead of the configured one is a fallback of a stage of its own. A host name is resolved in a thread, again
    and again until it is known; what is sent before is dropped.
    """

    def __init__(
        self, universe: UniverseConfig, config: LightsConfig, notices: Notices, stage: str | None = None
    ) -> None:
        self.universe = universe
        self.stage = stage or f"lights {universe.name}"
        self._card_stage = f"{self.stage}: network card"
        self._notices = notices
        self._closed = threading.Event()
        self._address: tuple[str, int] | None = None
        self._refused = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        try:
            self._set_up(config)
        except OSError as error:
            card = config.interface or "of the system"
            self._notices.fallback(self._card_stage, f"the network card {card} cannot be used ({error})")
        self._find()

    def send(self, values: ByteArray) -> None:
        """Send (512,) uint8 channel values."""
        raise NotImplementedError

    def terminate(self) -> None:
        """Say that the stream ends here, where the protocol can."""

    def close(self) -> None:
        """Close the socket; nothing is said to the receiver."""
        self._closed.set()
        self._socket.close()
        self._notices.resolve(self.stage)
        self._notices.resolve(self._card_stage)

    def _set_up(self, config: LightsConfig) -> None:
        """Set options of the socket. OSError where the system refuses."""

    @property
    def _place(self) -> tuple[str, int]:
        raise NotImplementedError

    def _find(self) -> None:
        host, port = self._place
        try:
            self._address = str(ipaddress.IPv4Address(host)), port
        except ValueError:
            threading.Thread(target=self._resolve, args=(host, port), name="lights-names", daemon=True).start()

    def _resolve(self, host: str, port: int) -> None:
        while not self._closed.is_set():
            try:
                found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_DGRAM)[0][4]
            except (OSError, UnicodeError) as error:
                if not self._closed.is_set():
                    self._notices.fault(self.stage, f"the name {host} cannot be resolved ({error}); trying again")
                self._closed.wait(RESOLVE_AGAIN_S)
            else:
                if not self._closed.is_set():
                    self._notices.resolve(self.stage, "fault")
                self._address = str(found[0]), int(found[1])
                return

    def _send(self, packet: bytes) -> None:
        if self._address is None:
            return
        try:
            self._socket.sendto(packet, self._address)
        except BlockingIOError:
            return
        except OSError as error:
            self._refused = True
            reason = error.strerror or error
            self._notices.fallback(self.stage, f"nothing can be sent to {self._address[0]} ({reason}); trying again")
            return
        if self._refused:
            self._refused = False
            self._notices.resolve(self.stage, "fallback")


class SacnLine(Line):
    """sACN, to a multicast group or to one receiver."""

    def __init__(self, universe: UniverseConfig, config: LightsConfig, notices: Notices) -> None:
        self._packet = DataPacket(
            cid=_cid(config),
            sourceName=config.source,
            universe=universe.number,
            priority=universe.priority,
        )
        super().__init__(universe, config, notices)

    @property
    def _place(self) -> tuple[str, int]:
        host = self.universe.host
        group = calculate_multicast_addr(self.universe.number) if host == MULTICAST else host
        return group, self.universe.port or SACN_PORT

    def _set_up(self, config: LightsConfig) -> None:
        _multicast(self._socket, config)

    def send(self, values: ByteArray) -> None:
        self._packet.dmxData = tuple(values.tolist())
        self._out()

    def terminate(self) -> None:
        self._packet.option_StreamTerminated = True
        for _ in range(TERMINATIONS):
            self._out()

    def _out(self) -> None:
        self._send(bytes(self._packet.getBytes()))
        self._packet.sequence_increase()


class ArtNetLine(Line):
    """Art-Net, to one node or to all by broadcast. The protocol cannot say that a stream ends."""

    def __init__(self, universe: UniverseConfig, config: LightsConfig, notices: Notices) -> None:
        self._packet = StupidArtnet(universe=universe.number, packet_size=CHANNELS)
        # It opens a socket that would wait; ours does not.
        self._packet.close()
        super().__init__(universe, config, notices)

    @property
    def _place(self) -> tuple[str, int]:
        return self.universe.host, self.universe.port or ART_NET_PORT

    def _set_up(self, config: LightsConfig) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if config.interface:
            self._socket.bind((config.interface, 0))

    def send(self, values: ByteArray) -> None:
        # 1 to 255: a sequence of 0 says that there is none (Art-Net 4, ArtDmx).
        self._packet.sequence = self._packet.sequence % 255 + 1
        self._packet.make_artdmx_header()
        self._send(bytes(self._packet.packet_header) + values.tobytes())


class Discovery(Line):
    """Lists the universes of all of ``config`` that are sent to multicast groups, so that consoles show this source.

    It goes the way of the first of them, but what fails is reported under a stage of its own, which no universe can have.
    """

    def __init__(self, config: LightsConfig, notices: Notices) -> None:
        groups = [universe for universe in config.universes if universe.host == MULTICAST]
        self._packets: list[UniverseDiscoveryPacket] = UniverseDiscoveryPacket.make_multiple_uni_disc_packets(
            _cid(config), config.source, sorted(universe.number for universe in groups)
        )
        super().__init__(groups[0], config, notices, "lights: discovery")

    @property
    def _place(self) -> tuple[str, int]:
        return calculate_multicast_addr(DISCOVERY_UNIVERSE), self.universe.port or SACN_PORT

    def _set_up(self, config: LightsConfig) -> None:
        _multicast(self._socket, config)

    def announce(self) -> None:
        """Send the list."""
        for packet in self._packets:
            self._send(bytes(packet.getBytes()))


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
