"""Which client an address asks for."""

from __future__ import annotations

from installation.base.files import TYPED
from installation.config.inference_server import ServerAddress
from installation.generation.server.client import Client, ServerError


def connect(address: ServerAddress) -> Client:
    """The client for an address. Raises ServerError where its library is not installed."""
    # Only who asks for a server loads the libraries.
    try:
        if address.scheme in ("grpc", "grpcs"):
            from installation.generation.server.grpc_client import GrpcClient

            return GrpcClient(address)
        from installation.generation.server.http_client import HttpClient

        return HttpClient(address)
    except ImportError as error:
        raise ServerError(
            "missing", f"its client is not installed ({error.name}); run: {TYPED} setup --with server"
        ) from error
