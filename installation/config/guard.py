"""The guard: what watches over the piece where nobody is there (run.py guard, run.py service)."""

from __future__ import annotations

from pydantic import Field

from installation.config.hosts import HostName
from installation.config.section import NOT_FROM_NETWORK, Section


class HeartbeatTarget(Section):
    """One receiver of the guard's heartbeat."""

    host: HostName = Field("127.0.0.1", description="name or address of the receiver")
    port: int = Field(3002, ge=1, le=65535, description="UDP port of the receiver; 3002 is that of ampm")


class GuardConfig(Section):
    """The guard starts the piece again when it ends, hangs or grows (run.py guard, docs/operations.md)."""

    hang_s: float = Field(
        4.0,
        ge=2,
        le=120,
        description="seconds without a picture after which the piece is taken for hung and started again",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    start_s: float = Field(
        60.0,
        ge=5,
        le=600,
        description="seconds the piece may take from its start to its first picture",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    memory_mb: int = Field(
        4000,
        ge=0,
        le=1_000_000,
        description="memory (MiB) of the piece with its processes above which it is started again; 0: no limit",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    retry_s: float = Field(
        600.0,
        ge=30,
        le=86400,
        description="seconds of safe settings after which the artist's own are tried again, twice as long each time in vain",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    listen_host: HostName = Field(
        "127.0.0.1",
        description="where the guard's figures may be read: 127.0.0.1 this machine, 0.0.0.0 the whole network",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    port: int = Field(
        0,
        ge=0,
        le=65535,
        description="TCP port of the guard's figures over HTTP; 0: none",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    heartbeats: list[HeartbeatTarget] = Field(
        default_factory=list,
        max_length=8,
        description="who is told every second that the piece is alive: a list of host and port (ampm)",
        json_schema_extra=NOT_FROM_NETWORK,
    )
