"""Addresses of Mien's machines: HOST:PORT as a person types it, and whether it stays on this machine."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

ANYWHERE = "*"
_PLACE = re.compile(r"(?:tcp://)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+|\*):(\d{1,5})")


class Place(NamedTuple):
    """``host`` without brackets; ``*`` is every network of this machine, for who listens."""

    host: str
    port: int

    def beside(self, step: int) -> Place:
        """The same host, ``step`` ports further."""
        return Place(self.host, self.port + step)

    @property
    def address(self) -> str:
        """As ZeroMQ takes it."""
        return f"tcp://[{self.host}]:{self.port}" if ":" in self.host else f"tcp://{self.host}:{self.port}"

    @property
    def stays_here(self) -> bool:
        """Whether nothing that goes there leaves this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def place_of(text: str, ports: int = 1) -> Place:
    """``HOST:PORT``, with or without ``tcp://``, of which ``ports`` from that one on are used. Raises ValueError."""
    found = _PLACE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} must be HOST:PORT, such as 192.168.1.10:5570")
    host, port = found[1].strip("[]"), int(found[2])
    if not 1 <= port <= 65536 - ports:
        raise ValueError(f"{text!r}: the port must lie between 1 and {65536 - ports}")
    return Place(host, port)
