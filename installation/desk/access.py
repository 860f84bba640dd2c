"""Who may see the desk, and who may operate it: an ASGI layer before everything that the process serves.

From this machine without a token; over the network by one of two, look or operate. Other sites' pages get nothing: the Host
must be a name of this machine and the Origin, where a browser names one, that very host; nor may they show this page within
theirs, or load parts of it.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlencode

from installation.base.addresses import is_here
from installation.base.clock import Clock

log = logging.getLogger(__name__)

Role = Literal["look", "operate"]
COOKIE = "mien_desk"
REQUESTS_PER_S, REQUESTS_AT_ONCE = 200.0, 600
"""HTTP requests of one address, on this machine of one connection."""
MESSAGES_PER_S, MESSAGES_AT_ONCE = 250.0, 500
"""WebSocket messages of one connection; beyond it is closed."""
WRONG_TOKENS = 10
"""In a minute of one address; then it is answered no longer for a minute."""
MOST_ADDRESSES = 1000
MOST_BODY_BYTES = 1_000_000
"""Of one request."""
HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Of every answer: no other page shows this one within itself, where a press of the operator could be led astray."""
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Tokens:
    """The two tokens, kept in a file for this user alone, so that links and printed codes stay good."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file can be neither read nor written."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            self.look, self.operate = str(found["look"]), str(found["operate"])
            if min(len(self.look), len(self.operate)) < 16:
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError):
            self.look, self.operate = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump({"look": self.look, "operate": self.operate}, file)

    def role(self, token: str) -> Role | None:
        """What this token allows."""
        given = token.encode("utf-8", "replace")
        if secrets.compare_digest(given, self.operate.encode()):
            return "operate"
        return "look" if secrets.compare_digest(given, self.look.encode()) else None


class Bucket:
    """So many at once, refilled at a rate."""

    def __init__(self, per_s: float, at_once: float, now_s: float) -> None:
        self._per_s, self._most, self._left, self._t_s = per_s, at_once, at_once, now_s

    def take(self, now_s: float) -> bool:
        """Whether one more is allowed."""
        self._left = min(self._most, self._left + (now_s - self._t_s) * self._per_s)
        self._t_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Access:
    """Wraps ``app``; puts the role into ``scope["state"]["role"]``. ``tokens`` None: this machine alone."""

    def __init__(self, app: App, tokens: Tokens | None, own_names: frozenset[str], clock: Clock) -> None:
        self._app, self._tokens, self._names, self._clock = app, tokens, own_names, clock
        self._requests: dict[str, Bucket] = {}
        self._wrong: dict[str, Bucket] = {}
        self._said: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        now_s, (peer, port) = self._clock.now(), scope.get("client") or ("?", 0)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        # On this machine many programs have one address: there each connection is counted for itself.
        asker = f"{peer} {port}" if is_here(peer) else peer
        if not _bucket(self._requests, asker, REQUESTS_PER_S, REQUESTS_AT_ONCE, now_s).take(now_s):
            await self._refuse(scope, receive, send, 429, peer, "asks too often")
            return
        wrong = self._wrong_site(headers)
        if wrong:
            await self._refuse(scope, receive, send, 403, peer, wrong)
            return
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = query.pop("token", [""])[0]
        role, trouble = self._role(peer, given or _cookie(headers.get("cookie", "")), now_s)
        if role is None:
            await self._refuse(scope, receive, send, 403, peer, trouble)
            return
        if given:
            # It goes no further: not into a log, not into a page.
            scope["query_string"] = urlencode(query, doseq=True).encode()
            if scope["type"] == "http" and scope["method"] == "GET":
                await _remember(scope, send, given if self._is_token(given) else "")
                return
        await self._let_in(scope, receive, send, role, peer)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, role: Role, peer: str) -> None:
        scope.setdefault("state", {})["role"] = role
        if scope["type"] == "websocket":
            await self._app(scope, self._bounded(receive, peer), send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            body = await _body(receive)
            if body is None:
                await self._refuse(scope, receive, send, 413, peer, "sends too much at once")
                return
            receive = _again(body, receive)
        await self._app(scope, receive, _with_headers(send))

    def _is_token(self, given: str) -> bool:
        return self._tokens is not None and self._tokens.role(given) is not None

    def _role(self, peer: str, token: str, now_s: float) -> tuple[Role | None, str]:
        if is_here(peer):
            return "operate", ""
        if self._tokens is None:
            return None, "only this machine may use the desk (desk.host)"
        bucket = _bucket(self._wrong, peer, WRONG_TOKENS / 60, WRONG_TOKENS, now_s)
        role = self._tokens.role(token) if token else None
        if role is not None:
            return role, ""
        if token and not bucket.take(now_s):
            return None, "too many wrong tokens; wait a minute"
        return (
            None,
            "this token is none of the desk's" if token else "a token is needed: open the link that the piece printed",
        )

    def _wrong_site(self, headers: dict[str, str]) -> str:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0].strip("[]").lower() if not host.endswith("]") else host.strip("[]").lower()
        if name not in self._names and not _is_address(name):
            return f"the host {name[:60]!r} is no name of this machine"
        origin = headers.get("origin")
        if origin is not None and origin.split("://", 1)[-1] != host:
            return f"a page of {origin[:60]!r} wants to use the desk"
        # Pictures and scripts of a page come without an Origin; a link that is followed is a navigation, and good.
        away = headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        if away and (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) != ("navigate", "document"):
            return "a page of another site wants to use the desk"
        return ""

    def _bounded(self, receive: Receive, peer: str) -> Receive:
        bucket = Bucket(MESSAGES_PER_S, MESSAGES_AT_ONCE, self._clock.now())

        async def bounded() -> MutableMapping[str, Any]:
            message = await receive()
            if message["type"] == "websocket.receive" and not bucket.take(self._clock.now()):
                self._say(peer, "floods its connection, which is closed")
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        return bounded

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, peer: str, why: str) -> None:
        self._say(peer, why)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        # What else was sent on this connection is not read.
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close"), *HEADERS]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": f"{why}\n".encode()})

    def _say(self, peer: str, why: str) -> None:
        """Once for each address and reason, whatever names it gives."""
        reason = re.sub(r"(['\"]).*\1", "", why)
        if (peer, reason) not in self._said and len(self._said) < MOST_ADDRESSES:
            self._said.add((peer, reason))
            log.warning("desk: %s refused: %s", peer, why)


def own_names() -> frozenset[str]:
    """Names under which a browser may ask for this machine, beside its addresses."""
    name = socket.gethostname().lower()
    return frozenset({"localhost", name, f"{name.split('.')[0]}.local", name.split(".")[0]})


def _bucket(known: dict[str, Bucket], peer: str, per_s: float, at_once: float, now_s: float) -> Bucket:
    found = known.get(peer)
    if found is None:
        if len(known) >= MOST_ADDRESSES:
            known.clear()
        found = known[peer] = Bucket(per_s, at_once, now_s)
    return found


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return True


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


async def _remember(scope: Scope, send: Send, token: str) -> None:
    """Keep the token in a cookie, where it is one, and go on without it in the address."""
    # One slash at the beginning: two would lead to another machine.
    place = "/" + quote(scope["path"].lstrip("/\\"), safe="/~")
    rest = scope["query_string"]
    headers = [
        (b"location", place.encode() + (b"?" + rest if rest else b"")),
        (b"cache-control", b"no-store"),
        *HEADERS,
    ]
    if token:
        cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
        headers.append((b"set-cookie", cookie.encode()))
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _body(receive: Receive) -> bytes | None:
    """All of it; None where it is too long, or never came whole."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives ``body`` at once, and then what comes."""
    given = False

    async def again() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    async def with_headers(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *HEADERS]}
        await send(message)

    return with_headers
