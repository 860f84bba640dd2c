"""Announces the piece by zeroconf (Bonjour): _oscjson._tcp for OSCQuery, _osc._udp for commands."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from typing import Any, Protocol

from installation.base.notices import Notices
from installation.config.oscquery import OscQueryConfig
from installation.showcontrol.hosts import HostError, HostLookUp, SocketAddress
from installation.showcontrol.service_state import ServiceState, why

STAGE = "osc zeroconf"
QUERY_TYPE, OSC_TYPE = "_oscjson._tcp.local.", "_osc._udp.local."
WITHDRAW_S = 0.4
LOOK_S = 5.0
"""Whether what is announced still holds is looked at this often: cables are plugged in, and a port comes free."""
PATIENCE_S = 0.5
"""A name server that has not answered after so long is reported; it may answer all the same."""
MAX_LABEL_BYTES = 63
"""Of each part of a name in DNS (RFC 1035, 2.3.4)."""
_OURS = "-mien"


class Listening(Protocol):
    """The port for commands; None where none is listened on."""

    @property
    def port(self) -> int | None: ...


class Announcement:
    """Belongs to one event loop. A network that cannot be announced in is a fallback in ``notices``, and tried again."""

    def __init__(self, notices: Notices, commands: Listening) -> None:
        self._state = ServiceState(STAGE, notices)
        self._commands = commands
        self._zeroconf: Any = None

    async def keep(self, config: OscQueryConfig) -> None:
        """Announce the server of ``config``, and the port for commands where there is one, as they are now, until cancelled.
        A taken name gets a number."""
        told: object = None
        hosts = look_up_of(config)
        while True:
            pause_s = LOOK_S
            try:
                addresses = _to_announce(await known_addresses(hosts))
                wanted = addresses, self._commands.port
                if wanted != told:
                    await self.withdraw()
                    await self._make(config, *wanted)
                    told = wanted
                self._state.worked()
            except Exception as error:  # noqa: BLE001 - the border of a service: its fallback, and it is tried again
                told = None
                await self.withdraw()
                what = f"not announced ({why(error)}); it can be reached all the same; trying again"
                pause_s = self._state.failed(what, kind="fallback")
            await asyncio.sleep(pause_s)

    async def withdraw(self) -> None:
        """Take the announcement back."""
        if self._zeroconf is None:
            return
        zeroconf, self._zeroconf = self._zeroconf, None
        with contextlib.suppress(Exception):
            await asyncio.wait_for(zeroconf.async_unregister_all_services(), WITHDRAW_S)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(zeroconf.async_close(), WITHDRAW_S)

    def dismiss(self) -> None:
        """It is not asked for any more."""
        self._state.dismiss()

    async def _make(self, config: OscQueryConfig, addresses: list[str], osc_port: int | None) -> None:
        from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

        self._zeroconf = AsyncZeroconf(interfaces=addresses)
        for kind, port in ((QUERY_TYPE, config.port), (OSC_TYPE, osc_port)):
            if port is not None:
                info = AsyncServiceInfo(
                    kind,
                    f"{config.name}.{kind}",
                    port,
                    parsed_addresses=addresses,
                    server=server_name(socket.gethostname()),
                    properties={"txtvers": "1"},
                )
                await (await self._zeroconf.async_register_service(info, allow_name_change=True))


def server_name(machine: str) -> str:
    """The name that this machine's addresses are announced under. A long name of the machine is cut to what DNS takes."""
    label = machine.split(".")[0].encode()[: MAX_LABEL_BYTES - len(_OURS)].decode(errors="ignore")
    return f"{label}{_OURS}.local."


def look_up_of(config: OscQueryConfig) -> HostLookUp:
    """The addresses at which a server is to answer."""
    return HostLookUp(config.host, config.port, socket.SOCK_STREAM)


async def known_addresses(hosts: HostLookUp) -> tuple[SocketAddress, ...]:
    """The addresses, without holding up the event loop. HostError where there are none, or none yet."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + PATIENCE_S
    while not (known := hosts.poll(loop.time())):
        if loop.time() >= until_s:
            raise HostError(hosts.trouble or f"the name {hosts.host} is still being looked up")
        await asyncio.sleep(0.01)
    return known


def _to_announce(known: tuple[SocketAddress, ...]) -> list[str]:
    """This machine's addresses, in figures, at which a server on ``known`` is reached."""
    import ifaddr

    found = [socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0] for _, address in known]
    if set(found) & {"0.0.0.0", "::"}:
        own = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
        found = [ip for ip in own if not ipaddress.ip_address(ip).is_loopback] or ["127.0.0.1"]
    return sorted(set(found))
