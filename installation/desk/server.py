"""uvicorn on a socket that is bound already, and the links that lead to it."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from typing import Any

import ifaddr
import segno
import uvicorn

from installation.base.pacing import step_back
from installation.desk.access import Tokens
from installation.desk.connections import MOST_CONNECTIONS, HttpConnection, WebSocketConnection

NICE = 5
"""Steps behind the piece: a page that is drawn holds no picture up. Behind more, each edit waits on a full machine: at 4 steps
a process that is woken came three times as late there as at none."""


class _Quiet(uvicorn.Server):
    """Leaves signals alone: the piece decides when its processes end. Once it serves it lets others go before it, and not
    sooner: on a machine with much to do, loading would take ten times as long."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        step_back(NICE)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


class Server:
    """Serves ``app`` on ``sock`` until ``end``."""

    def __init__(self, app: Any, sock: socket.socket, most_bytes: int) -> None:
        self._socket = sock
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="on",
            limit_concurrency=MOST_CONNECTIONS,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=0,
            ws_max_size=most_bytes,
            http=HttpConnection,
            ws=WebSocketConnection,
            server_header=False,
            # A proxy on this machine says for whom it asks; nobody else is believed.
            forwarded_allow_ips=["127.0.0.1", "::1"],
        )
        self._server = _Quiet(config)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    async def serve(self) -> None:
        """Serve until ``end``."""
        await self._server.serve([self._socket])

    def end(self) -> None:
        """End at once."""
        self._server.should_exit = self._server.force_exit = True

    def print_links(self, tokens: Tokens) -> None:
        """Say in the terminal how a phone in the gallery gets here."""
        host, port = self.address
        link = f"http://{_own_address(host)}:{port}/?token="
        print(f"desk, to look:    {link}{tokens.look}", file=sys.stderr)
        print(f"desk, to operate: {link}{tokens.operate}", file=sys.stderr)
        segno.make(link + tokens.operate, error="l").terminal(out=sys.stderr, compact=True)


def _own_address(host: str) -> str:
    """An address of this machine that others reach; the given one where it is one."""
    if host not in ("0.0.0.0", "::"):
        return f"[{host}]" if ":" in host else host
    found = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    return next((ip for ip in found if not ip.startswith(("127.", "169.254."))), socket.gethostname())
