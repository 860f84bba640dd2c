"""The section ``oscquery``, and the networks that may reach the piece. docs/reference/control.md is the guide."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from installation.config.hosts import HostName
from installation.config.section import NOT_FROM_NETWORK, Section


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        text = "a network is written 192.168.1.0/24, one machine 192.168.1.20: {why}"
        raise PydanticCustomError("network", text, {"why": str(error)}) from error
    return value


Network = Annotated[str, Field(max_length=64), AfterValidator(_network)]
"""Such as 192.168.1.0/24, fd00::/8 or 192.168.1.20."""
PRIVATE_NETWORKS = (
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
)
"""This machine and all networks that the internet does not reach (RFC 1918, 3927, 4193, 4291)."""


class OscQueryConfig(Section):
    """What can be heard and changed, for programs that ask (OSCQuery); see docs/reference/control.md."""

    enabled: bool = Field(True, description="answer programs that ask what can be heard and changed")
    host: HostName = Field(
        "127.0.0.1",
        description="where they may ask: 127.0.0.1 this machine, 0.0.0.0 the networks of osc.allow",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    port: int = Field(
        9102, ge=1, le=65535, description="port for HTTP and WebSocket", json_schema_extra=NOT_FROM_NETWORK
    )
    announce: bool = Field(True, description="announce the piece by zeroconf (Bonjour)")
    name: str = Field("Mien", pattern=r"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,31}$", description="name it is announced under")
