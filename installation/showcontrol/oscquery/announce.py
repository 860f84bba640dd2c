"""Announces the piece by zeroconf (Bonjour): _oscjson._tcp for OSCQuery, _osc._udp for commands."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from typing import Any

from installation.base.notices import Notices
from installation.config.oscquery import OscQueryConfig

STAGE = "osc zeroconf"
QUERY_TYPE, OSC_TYPE = "_oscjson._tcp.local.", "_osc._udp.local."
WITHDRAW_S = 0.4


class Announcement:
    """Belongs to one event loop. A network that cannot be announced in is a fallback in ``notices``; the piece goes on."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._zeroconf: Any = None

    async def make(self, config: OscQueryConfig, osc_port: int | None) -> None:
        """Announce the server of ``config``, and the port for commands where there is one. A taken name gets a number."""
        from zeroconf import Error
        from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

        self._notices.resolve(STAGE)
        try:
            addresses = _addresses(config.host)
            self._zeroconf = AsyncZeroconf(interfaces=addresses)
            server = f"{socket.gethostname().split('.')[0]}-mien.local."
            for kind, port in ((QUERY_TYPE, config.port), (OSC_TYPE, osc_port)):
                if port is not None:
                    properties = {"txtvers": "1"}
                    name = f"{config.name}.{kind}"
                    info = AsyncServiceInfo(
                        kind, name, port, parsed_addresses=addresses, server=server, properties=properties
                    )
                    await (await self._zeroconf.async_register_service(info, allow_name_change=True))
        except (OSError, Error, ValueError) as error:
            await self.withdraw()
            why = str(error) or type(error).__name__
            self._notices.fallback(STAGE, f"not announced ({why}); it can be reached all the same")

    async def withdraw(self) -> None:
        """Take the announcement back."""
        if self._zeroconf is None:
            return
        zeroconf, self._zeroconf = self._zeroconf, None
        with contextlib.suppress(Exception):
            await asyncio.wait_for(zeroconf.async_unregister_all_services(), WITHDRAW_S)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(zeroconf.async_close(), WITHDRAW_S)


def _addresses(host: str) -> list[str]:
    """This machine's addresses at which a server on ``host`` is reached. OSError where there are none."""
    import ifaddr

    found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    if found & {"0.0.0.0", "::"}:
        own = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
        found = {ip for ip in own if not ipaddress.ip_address(ip).is_loopback} or {"127.0.0.1"}
    return sorted(found)
