"""The address of a server that runs networks for the piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from installation.config.hosts import host_of

Scheme = Literal["grpc", "grpcs", "http", "https"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
_MEANT = "grpc://host:8001 or http://host:8000 is meant (grpcs and https: encrypted)"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server listens. ``scheme`` grpcs and https are encrypted."""

    scheme: Scheme
    host: str
    port: int

    @property
    def place(self) -> str:
        """Host and port, as clients take them: rack:8001, [::1]:8001."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """Whether nobody between can read what is sent."""
        return self.scheme in ("grpcs", "https")

    def __str__(self) -> str:
        return f"{self.scheme}://{self.place}"


def server_address(text: str) -> ServerAddress:
    """What the setting says. Raises ValueError, in the words that the settings' message has."""
    try:
        found = urlsplit(text)
        port = found.port
    except ValueError as error:
        raise ValueError(f"{error}; {_MEANT}") from error
    scheme = next((name for name in SCHEMES if name == found.scheme), None)
    if scheme is None:
        raise ValueError(f"a scheme is missing; {_MEANT}")
    if not found.hostname or not port:
        raise ValueError(f"a host and a port are needed; {_MEANT}")
    if found.username is not None or found.path not in ("", "/") or found.query or found.fragment:
        raise ValueError(f"only scheme, host and port are taken; {_MEANT}")
    return ServerAddress(scheme, host_of(found.hostname), port)


def _checked(text: str) -> str:
    if text:
        try:
            server_address(text)
        except ValueError as error:
            raise PydanticCustomError("server", "{why}", {"why": str(error)}) from error
    return text


ServerText = Annotated[str, StringConstraints(max_length=300), AfterValidator(_checked)]
"""An address as typed; empty: no server."""
