"""The machines that may send to the piece."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache


class Allowed:
    """The machines of some ``networks``, such as 192.168.1.0/24."""

    def __init__(self, networks: Iterable[str]) -> None:
        parsed = [ipaddress.ip_network(network) for network in networks]

        @lru_cache(maxsize=256)
        def has(host: str) -> bool:
            address = _address(host)
            return address is not None and any(address in network for network in parsed)

        self._has = has

    def has(self, host: str) -> bool:
        """Whether ``host``, an address in figures, lies in one of the networks."""
        return self._has(host)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return None
    # A socket that hears both families shows IPv4 senders so.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
