"""Messages to sound and light, and commands from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from installation.config.hosts import HostName
from installation.config.oscquery import PRIVATE_NETWORKS, Network
from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section

_PREFIX = r"(/[A-Za-z0-9_\-]+)"

OscPattern = Annotated[
    # Whole brackets and braces only; showcontrol/patterns.py says what they mean.
    str,
    StringConstraints(
        max_length=200,
        pattern=r"^/([^\s#,\[\]{}]|\[(![^\[\]{}/\s#]|[^!\[\]{}/\s#])[^\[\]{}/\s#]*\]|\{[^\[\]{}/\s#?*]+\})*$",
    ),
]

"""An OSC address pattern such as /mien/person/*/valence; ?, *, [a-c], {sad,happy} and // for any levels."""


class OscTarget(Section):
    """One receiver of OSC."""

    host: HostName = Field(description="name or address of the receiver")
    port: int = Field(ge=1, le=65535, description="port of the receiver")
    prefix: str = Field(
        "", pattern=rf"^{_PREFIX}*$", description="every address starts with this; empty: osc.prefix", max_length=100
    )
    per_second: float = Field(
        60.0,
        ge=0,
        le=240,
        description="bundles a second, at a steady pace with the newest values; 0: one at once for each processed frame",
    )
    addresses: list[OscPattern] = Field(
        default_factory=list,
        max_length=64,
        description="which addresses are sent, as OSC patterns such as /mien/group/*; empty: all but joints",
    )
    protocol: Literal["udp", "tcp"] = Field("udp", description="udp, or tcp with SLIP frames (OSC 1.1)")
    format: Literal["mien", "faceosc", "wekinator", "vmc"] = Field(
        "mien", description="whose messages: mien, or those of FaceOSC, to Wekinator or to a VMC avatar"
    )


class OscConfig(Section):
    """Messages to sound and light."""

    enabled: bool = Field(True, description="send OSC", json_schema_extra=ARTIST)
    prefix: str = Field("/mien", pattern=rf"^{_PREFIX}+$", description="every address starts with this", max_length=100)
    targets: list[OscTarget] = Field(
        default_factory=lambda: [OscTarget(host="127.0.0.1", port=9101)],
        max_length=32,
        description="who listens: a list of host and port; docs/reference/osc.md has the rest (per_second, format ...)",
        json_schema_extra=ARTIST,
    )
    listen_host: HostName = Field(
        "127.0.0.1",
        description="where commands may come from: 127.0.0.1 this machine, 0.0.0.0 the whole network",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    listen_port: int = Field(
        9100,
        ge=0,
        le=65535,
        description="UDP port for commands; 0 listens to nobody",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    health_s: float = Field(1.0, ge=0.1, le=60, description="seconds between two health messages")
    allow: list[Network] = Field(
        default_factory=lambda: list(PRIVATE_NETWORKS),
        max_length=64,
        description="networks whose machines may send commands and ask; as shipped this machine and private ones",
        json_schema_extra=NOT_FROM_NETWORK,
    )
