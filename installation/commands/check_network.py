"""What ``run.py check`` finds out about the network: receivers of OSC and light, and the ports that are listened on.

All that can be tested is: names are resolved, a packet is sent to every address, ports are bound for a moment.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from collections.abc import Iterator

from installation.base.clock import RealClock
from installation.config.lights import MULTICAST
from installation.config.osc import OscTarget
from installation.config.settings import Config
from installation.showcontrol.hosts import HostError, HostLookUp, SocketAddress, bound_sockets, cannot_be_here
from installation.showcontrol.lights.dmx import ART_NET_PORT, SACN_PORT
from installation.showcontrol.projectors.pjlink import power_of
from installation.showcontrol.service_state import why

Row = tuple[str, str, str]
"""(good, note or bad; what; what was found)."""

PATIENCE_S = 5.0
"""A name server, and a receiver over TCP, get this long."""
REFUSAL_S = 0.2
"""A refusal from this network is back after this long."""
NOTHING = b"#bundle\0" + bytes(7) + b"\x01"
"""An OSC bundle with nothing in it."""


def look_at_network(config: Config) -> Iterator[Row]:
    """All rows about the network."""
    yield from _osc(config)
    yield from _listening(config)
    yield from _lights(config)
    yield from _projectors(config)


def _projectors(config: Config) -> Iterator[Row]:
    """Asked for their power; they stay as they are."""
    for projector in config.hours.projectors:
        try:
            power = power_of(projector, RealClock().now)
        except OSError as error:
            yield "bad", f"projector {projector.label}", f"{projector.host}:{projector.port}: {why(error)}"
        else:
            yield "good", f"projector {projector.label}", power


def _osc(config: Config) -> Iterator[Row]:
    if not config.osc.enabled:
        yield "note", "OSC", "switched off"
        return
    for target in config.osc.targets:
        what = f"OSC {target.host}:{target.port}"
        try:
            found = _addresses(target.host, target.port, _kind(target))
        except OSError as error:
            yield "bad", what, why(error)
            continue
        tried = [(address, *_try(target, address)) for address in found]
        best = min((verdict for _, verdict, _ in tried), key=("good", "note", "bad").index)
        yield best, what, "; ".join(f"{address[1][0]}: {text}" for address, _, text in tried)


def _kind(target: OscTarget) -> int:
    return socket.SOCK_STREAM if target.protocol == "tcp" else socket.SOCK_DGRAM


def _try(target: OscTarget, address: SocketAddress) -> tuple[str, str]:
    """(verdict, what one address of a receiver says)."""
    family, place = address
    try:
        with socket.socket(family, _kind(target)) as wire:
            if target.protocol == "tcp":
                wire.settimeout(PATIENCE_S)
                wire.connect(place)
                return "good", "connected over TCP"
            if family == socket.AF_INET:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            wire.settimeout(REFUSAL_S)
            wire.connect(place)
            wire.send(NOTHING)
            # Where nobody listens the system hears so, and tells it here; an answer is not expected.
            wire.recv(1)
    except ConnectionRefusedError:
        return "note", "nobody listens there now"
    except TimeoutError:
        if target.protocol == "tcp":
            return "note", "no answer now"
    except OSError as error:
        return "bad", f"nothing can be sent there ({why(error)})"
    if ipaddress.ip_address(str(place[0]).split("%")[0]).is_loopback:
        return "good", "a program listens"
    return "good", "a packet was sent and not refused (UDP tells no more)"


def _listening(config: Config) -> Iterator[Row]:
    osc, query = config.osc, config.oscquery
    if osc.listen_port:
        yield _bind("OSC in", osc.listen_host, osc.listen_port, socket.SOCK_DGRAM, "osc.listen")
    if query.enabled:
        yield _bind("OSCQuery", query.host, query.port, socket.SOCK_STREAM, "oscquery.")


def _bind(name: str, host: str, port: int, kind: int, settings: str) -> Row:
    joint = "" if settings.endswith(".") else "_"
    what = f"{name} {host}:{port}"
    try:
        wires = bound_sockets(_addresses(host, port, kind), kind)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "note", what, f"in use: by this piece, if it runs, or change {settings}{joint}port"
        elsewhere = isinstance(error, HostError) or cannot_be_here(error)
        setting = f"{settings}{joint}{'host' if elsewhere else 'port'}"
        return "bad", what, f"cannot be listened on ({why(error)}); change {setting}"
    found = ", ".join(str(wire.getsockname()[0]) for wire in wires)
    for wire in wires:
        wire.close()
    return "good", what, f"can be listened on ({found})"


def _lights(config: Config) -> Iterator[Row]:
    lights = config.lights
    if not lights.enabled:
        return
    if lights.interface:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
                wire.bind((lights.interface, 0))
            yield "good", "lights.interface", f"{lights.interface} is a network card of this machine"
        except OSError as error:
            yield "bad", "lights.interface", f"{lights.interface}: {why(error)}; ip addr shows the addresses there are"
    for universe in lights.universes:
        if universe.host == MULTICAST:
            continue
        what = f"lights {universe.name}"
        port = universe.port or (SACN_PORT if universe.protocol == "sacn" else ART_NET_PORT)
        try:
            found = [one for one in _addresses(universe.host, port, socket.SOCK_DGRAM) if one[0] == socket.AF_INET]
            if not found:
                raise HostError(f"{universe.host} has no IPv4 address")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
                # Makes sure that there is a way; nothing is sent, for a lamp would obey it.
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                wire.connect(found[0][1])
            yield "good", what, f"{found[0][1][0]} can be sent to (light is never answered)"
        except OSError as error:
            yield "bad", what, why(error)


def _addresses(host: str, port: int, kind: int) -> tuple[SocketAddress, ...]:
    """As the piece finds them, waiting for it. HostError where there are none."""
    clock, look_up = RealClock(), HostLookUp(host, port, kind)
    until_s = clock.now() + PATIENCE_S
    while not (found := look_up.poll(clock.now())):
        if clock.now() > until_s:
            raise HostError(f"the name {host} is still being looked up after {PATIENCE_S:g} s")
        threading.Event().wait(0.01)
    return found
