"""The desk's connections, each on a leash: who sends half a request, or never reads what it is sent, is cut off."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from installation.base.addresses import is_here

LOOK_S = 5.0
"""A connection is looked at this often; the second look without anything new is the last."""
MOST_CONNECTIONS = 128
MOST_AHEAD = 4
"""Requests that may be sent ahead of their answers; no browser sends any."""
MOST_OF_ONE = 48
"""Of one address in the network; a browser takes seven at most."""


class HttpConnection(HttpToolsProtocol):
    """Ends where a request does not get whole, or its answer is not taken. Where there are too many connections, one that asks
    for nothing makes place for the newest."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Another one."""
        super().connection_made(transport)
        self._leash = self.loop.call_later(LOOK_S, self._look, None)
        peer = "" if self.client is None else self.client[0]
        others = [one for one in self.connections if one is not self]
        if not is_here(peer) and sum(_peer(one) == peer for one in others) >= MOST_OF_ONE:
            transport.abort()
        elif len(others) >= MOST_CONNECTIONS - 1:
            idle = next((one for one in others if isinstance(one, HttpConnection) and one.is_idle), self)
            idle.transport.abort()
            self.connections.discard(idle)

    def data_received(self, data: bytes) -> None:
        """Requests, or the rest of one. Whoever sends many without waiting is cut off before they are taken apart."""
        in_body = self.cycle is not None and self.cycle.more_body
        if not in_body and data.count(b"\r\n\r\n") > MOST_AHEAD:
            self.transport.abort()
            return
        super().data_received(data)
        if len(self.pipeline) > MOST_AHEAD:
            self.transport.abort()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked for whole."""
        return self.cycle is None or self.cycle.response_complete

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._leash.cancel()
        super().connection_lost(exc)

    def _look(self, before: object) -> None:
        if self.transport.is_closing() and self.transport.get_write_buffer_size() == 0:
            return
        if self.transport.get_protocol() is not self:
            return  # It is a WebSocket's by now, which has a leash of its own.
        now = self._stuck()
        if now is not None and now == before:
            self.transport.abort()
        else:
            self._leash = self.loop.call_later(LOOK_S, self._look, now)

    def _stuck(self) -> object:
        """What would have to be another thing at the next look; None where nothing is waited for."""
        waiting = self.transport.get_write_buffer_size()
        if waiting:
            return "answer", waiting
        if self.is_idle:
            return None if self.timeout_keep_alive_task is not None else "head"
        return ("body", id(self.cycle)) if self.cycle.more_body else None


class WebSocketConnection(WebSocketsSansIOProtocol):
    """Ends where the other side takes nothing for long: what waits for it would grow without end."""

    def connection_made(self, transport: Any) -> None:
        """Another one."""
        super().connection_made(transport)
        self._cut: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """The other side reads too slowly."""
        super().pause_writing()
        if self._cut is None:
            self._cut = self.loop.call_later(2 * LOOK_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It has read all but a little."""
        super().resume_writing()
        self._let_go()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._let_go()
        super().connection_lost(exc)

    def handle_ping(self) -> None:
        """Answer, unless the answers are not read."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.transport.abort()

    def _let_go(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None


def _peer(connection: Any) -> str:
    return "" if connection.client is None else str(connection.client[0])
