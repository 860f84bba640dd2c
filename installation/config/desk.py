"""The section ``desk`` of config.yaml: the operator's page. docs/desk.md is its guide."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from installation.config.hosts import HostName
from installation.config.section import NOT_FROM_NETWORK, Section


class DeskConfig(Section):
    """The operator's page, served by a process of its own (docs/desk.md). Nothing of it can be changed from the page itself."""

    run: Literal["auto", "always", "never"] = Field(
        "auto",
        description="auto: where the picture is on a screen, so not for offscreen runs; always; never",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    host: HostName = Field(
        "127.0.0.1",
        description="who may reach it: 127.0.0.1 this machine, without a token; 0.0.0.0 the whole network, with one",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    port: int = Field(
        9104,
        ge=0,
        le=65535,
        description="TCP port of the page, with /healthz, /readyz and /metrics; 0: the system chooses one",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    camera: bool = Field(
        False,
        description="the page's still may show the camera's picture where that is the background, over the network too",
        json_schema_extra=NOT_FROM_NETWORK,
    )
