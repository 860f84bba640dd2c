"""What a browser's WebSocket may say to NiceGUI: of its own page alone, with the role that its page was made for."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import socketio  # type: ignore[import-untyped]
from nicegui import Client, core

log = logging.getLogger(__name__)

Heard = Callable[..., Any]
OF_A_PAGE = ("event", "javascript_response", "ack")
MOST_LETTERS = 300
MOST_UNOPENED = 24
UNKNOWN_PAGE = "Implicit handshake failed"
"""What lets a browser load its page anew."""
NONSENSE = (KeyError, TypeError, ValueError, AttributeError, RecursionError)


def guard_sockets() -> None:
    """NiceGUI takes an event for any page whose number it knows, from any socket; from now on from that page's own alone.
    Nonsense is passed over: it would be a page of tracebacks in the log for each message."""
    for name in OF_A_PAGE:
        core.sio.on(name, _of_own_page(_handler(name)))
    core.sio.on("handshake", _of_own_role(_handler("handshake")))
    core.sio.on("connect", _connected(_handler("connect")))
    core.sio.on("log", _logged)


def forget_unopened() -> None:
    """A page without a WebSocket is kept for a while by NiceGUI, ten seconds after it had one, a minute where it never had;
    a script that loads pages would fill the memory. The newest MOST_UNOPENED stay; a browser of another one loads it anew."""
    unopened = [one for one in Client.instances.values() if not one.has_socket_connection]
    for client in sorted(unopened, key=lambda one: one.created)[:-MOST_UNOPENED]:
        for task in client._delete_tasks.values():
            task.cancel()
        client.delete()


def role_of(sid: str) -> object:
    """The role with which a socket came in."""
    scope = core.sio.get_environ(sid)["asgi.scope"]
    return scope.get("state", {}).get("role")


def _handler(name: str) -> Heard:
    found: Heard = core.sio.handlers["/"][name]
    return getattr(found, "unguarded", found)


def _guarded(handler: Heard, work: Heard) -> Heard:
    work.unguarded = handler  # type: ignore[attr-defined]
    return work


def _of_own_page(handler: Heard) -> Heard:
    async def heard(sid: str, message: Any = None) -> None:
        if not isinstance(message, dict) or message.get("client_id") not in core.sio.rooms(sid):
            return
        await _done(handler, sid, message)

    return _guarded(handler, heard)


def _of_own_role(handler: Heard) -> Heard:
    async def heard(sid: str, message: Any = None) -> bool:
        return _is_own_role(sid, message) and bool(await _done(handler, sid, message))

    return _guarded(handler, heard)


def _connected(handler: Heard) -> Heard:
    async def connected(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        query = {name: values[0] for name, values in parse_qs(str(environ.get("QUERY_STRING", ""))).items()}
        try:
            if query.get("implicit_handshake") == "true" and not _is_own_role(sid, query):
                raise socketio.exceptions.ConnectionRefusedError(UNKNOWN_PAGE)
            await handler(sid, environ, auth)
        except NONSENSE as error:
            raise socketio.exceptions.ConnectionRefusedError(UNKNOWN_PAGE) from error

    return _guarded(handler, connected)


def _is_own_role(sid: str, message: Any) -> bool:
    client = Client.instances.get(message.get("client_id", "")) if isinstance(message, dict) else None
    return client is not None and client.request.state.role == role_of(sid)


async def _done(handler: Heard, sid: str, message: dict[str, Any]) -> Any:
    try:
        found = handler(sid, message)
        return await found if inspect.isawaitable(found) else found
    except NONSENSE as error:
        log.warning("desk: a browser says what is not understood (%s)", type(error).__name__)
        return None


def _logged(_: str, message: Any = None) -> None:
    """What a page complains of, as one line."""
    text = message.get("message") if isinstance(message, dict) else message
    log.warning("desk: a browser: %s", " ".join(str(text)[:MOST_LETTERS].split()).encode("unicode_escape").decode())
