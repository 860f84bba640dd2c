"""The sections ``guard`` and ``log`` of config.yaml. docs/logs.md is their guide."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from installation.config.hosts import HostName
from installation.config.section import NOT_FROM_NETWORK, Section

AMPM_PORT = 3002
"""Where ampm hears its application's heartbeat as shipped."""


class HeartbeatTarget(Section):
    """A program that watches over the piece by ampm's heartbeat, the OSC message /heart over UDP."""

    host: HostName = Field("127.0.0.1", description="name or address of the watching program")
    port: int = Field(AMPM_PORT, ge=1, le=65535, description="its UDP port")


class GuardConfig(Section):
    """The guard starts the piece again when it ends, hangs or grows (run.py guard, docs/guard.md); its figures and what a
    crash leaves: docs/logs.md."""

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
    port: int = Field(
        9180,
        ge=0,
        le=65535,
        description="TCP port of /healthz, /readyz and /metrics (Prometheus), served by the guard; 0: none",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    host: HostName = Field(
        "127.0.0.1",
        description="who may read them: 127.0.0.1 this machine, 0.0.0.0 the whole network",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    heartbeat_targets: list[HeartbeatTarget] = Field(
        default_factory=list,
        max_length=16,
        description="who gets ampm's heartbeat, the OSC message /heart, once a second while the picture moves",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    bundles: int = Field(
        5,
        ge=0,
        le=100,
        description="so many crash bundles are kept beside the log, the newest; 0: none is made",
        json_schema_extra=NOT_FROM_NETWORK,
    )


class LogConfig(Section):
    """What is written down."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="debug, info, warning or error")
    file: str = Field(
        "logs/mien.log",
        max_length=1000,
        description="the log on disk, below the piece's folder; the guard's own lies beside it; empty: none",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    file_mb: float = Field(
        5.0, ge=0.1, le=1000, description="a new file begins each day, and beyond this size; millions of bytes"
    )
    keep_files: int = Field(30, ge=1, le=1000, description="so many older files are kept, the newest")
    keep_days: int = Field(30, ge=1, le=3650, description="an older file goes after so many days")
