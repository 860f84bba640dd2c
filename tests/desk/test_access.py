"""Who may see the desk, and who may operate it: the ASGI layer, without a server."""

import asyncio
import logging
import stat
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from installation.desk.access import (
    COOKIE,
    MESSAGES_AT_ONCE,
    MESSAGES_PER_S,
    MOST_BODY_BYTES,
    REQUESTS_AT_ONCE,
    WRONG_TOKENS,
    Access,
    Bucket,
    Tokens,
)

HERE, PHONE, HOST = "127.0.0.1", "192.168.1.7", "192.168.1.2:9104"


class Clock:
    """Set by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def now(self) -> float:
        return self.now_s


class Inner:
    """The application behind: keeps the roles that reached it."""

    def __init__(self) -> None:
        self.roles: list[str] = []
        self.messages: list[MutableMapping[str, Any]] = []
        self.query = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.roles.append(scope["state"]["role"])
        self.query = scope["query_string"]
        if scope["type"] == "websocket":
            while True:
                message = await receive()
                self.messages.append(message)
                if message["type"] == "websocket.disconnect":
                    return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "desk.json")


@pytest.fixture
def access(inner: Inner, tokens: Tokens, clock: Clock) -> Access:
    return Access(inner, tokens, frozenset({"localhost", "gallery"}), clock)


def ask(
    access: Access,
    peer: str = HERE,
    host: str = "localhost:9104",
    query: str = "",
    method: str = "GET",
    path: str = "/people",
    body: bytes = b"",
    **headers: str,
) -> list[MutableMapping[str, Any]]:
    """What a request is answered."""
    given = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "client": (peer, 5000),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    sent: list[MutableMapping[str, Any]] = []
    rest = [body]

    async def receive() -> MutableMapping[str, Any]:
        part, rest[0] = rest[0][:65536], rest[0][65536:]
        return {"type": "http.request", "body": part, "more_body": bool(rest[0])}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(access(scope, receive, send))
    return sent


def status(answer: list[MutableMapping[str, Any]]) -> int:
    return int(answer[0]["status"])


def test_this_machine_operates_without_a_token(access: Access, inner: Inner) -> None:
    assert status(ask(access)) == 200
    assert status(ask(access, "::1", "[::1]:9104")) == 200
    assert inner.roles == ["operate", "operate"]


def test_the_network_needs_a_token(access: Access, inner: Inner) -> None:
    answer = ask(access, PHONE, HOST)
    assert status(answer) == 403
    assert b"a token is needed" in answer[1]["body"]
    assert inner.roles == []


def test_without_tokens_only_this_machine_gets_in(inner: Inner, clock: Clock) -> None:
    access = Access(inner, None, frozenset({"localhost"}), clock)
    assert status(ask(access, PHONE, HOST)) == 403
    assert status(ask(access)) == 200


@pytest.mark.parametrize("role", ["look", "operate"])
def test_the_link_leaves_its_token_in_a_cookie_and_not_in_the_address(
    access: Access, inner: Inner, tokens: Tokens, role: str
) -> None:
    token = getattr(tokens, role)
    answer = ask(access, PHONE, HOST, query=f"token={token}&page=2")
    headers = dict(answer[0]["headers"])
    assert status(answer) == 303
    assert headers[b"location"] == b"/people?page=2"
    cookie = headers[b"set-cookie"].decode()
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    assert status(ask(access, PHONE, HOST, cookie=cookie.split(";")[0])) == 200
    assert inner.roles == [role]


def test_a_wrong_token_gets_nothing_and_many_are_not_tried(access: Access, tokens: Tokens, clock: Clock) -> None:
    for _ in range(WRONG_TOKENS):
        assert b"none of the desk's" in ask(access, PHONE, HOST, query="token=guess")[1]["body"]
    assert b"too many" in ask(access, PHONE, HOST, query="token=guess")[1]["body"]
    assert status(ask(access, PHONE, HOST, cookie=f"{COOKIE}={tokens.operate}")) == 200
    clock.now_s += 60
    assert b"none of the desk's" in ask(access, PHONE, HOST, query="token=guess")[1]["body"]


@pytest.mark.parametrize("token", ["", "é" * 40, "x" * 100_000, "\x00"])
def test_nonsense_is_no_token(tokens: Tokens, token: str) -> None:
    assert tokens.role(token) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "gallery.evil:9104", "[::1", "a" * 5000]
)
def test_another_sites_name_is_refused(access: Access, inner: Inner, host: str) -> None:
    assert status(ask(access, host=host)) == 403
    assert inner.roles == []


@pytest.mark.parametrize("host", ["localhost", "Gallery:9104", "127.0.0.1:9104", "[::1]:9104", "10.0.0.3"])
def test_this_machines_names_and_addresses_are_good(access: Access, host: str) -> None:
    assert status(ask(access, host=host)) == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "https://localhost:9104.evil.example"]
)
def test_another_sites_page_is_refused(access: Access, inner: Inner, origin: str) -> None:
    assert status(ask(access, origin=origin, method="POST")) == 403
    assert inner.roles == []
    assert status(ask(access, origin="http://localhost:9104", method="POST")) == 200


def test_who_asks_too_often_waits(access: Access, clock: Clock) -> None:
    found = [status(ask(access)) for _ in range(int(REQUESTS_AT_ONCE) + 5)]
    assert found[: int(REQUESTS_AT_ONCE)] == [200] * int(REQUESTS_AT_ONCE)
    assert found[-1] == 429
    clock.now_s += 1
    assert status(ask(access)) == 200


def test_a_connection_that_floods_is_closed(access: Access, inner: Inner) -> None:
    scope = {
        "type": "websocket",
        "path": "/",
        "query_string": b"",
        "client": (HERE, 5000),
        "headers": [(b"host", b"localhost:9104")],
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.receive", "text": "x"}

    async def send(message: MutableMapping[str, Any]) -> None:
        """Nothing is listened to."""

    asyncio.run(access(scope, receive, send))
    assert len(inner.messages) == MESSAGES_AT_ONCE + 1
    assert inner.messages[-1] == {"type": "websocket.disconnect", "code": 1008}


def test_a_slow_hand_is_never_cut_off() -> None:
    bucket = Bucket(MESSAGES_PER_S, MESSAGES_AT_ONCE, 0.0)
    assert all(bucket.take(step / MESSAGES_PER_S) for step in range(5000))


def test_what_is_refused_is_logged_once(access: Access, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            ask(access, PHONE, HOST)
        ask(access, "192.168.1.8", HOST)
    assert [record.getMessage() for record in caplog.records] == [
        "desk: 192.168.1.7 refused: a token is needed: open the link that the piece printed",
        "desk: 192.168.1.8 refused: a token is needed: open the link that the piece printed",
    ]


def test_tokens_stay_and_are_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "below" / "desk.json"
    first = Tokens(path)
    again = Tokens(path)
    assert (again.look, again.operate) == (first.look, first.operate)
    assert first.look != first.operate
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"look": "a", "operate": "b"}', "\x00", '{"look": 1}'])
def test_a_broken_file_of_tokens_is_made_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "desk.json"
    path.write_text(text)
    made = Tokens(path)
    assert min(len(made.look), len(made.operate)) >= 16
    assert Tokens(path).look == made.look


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/people", b"/people"),
        ("//evil.example/", b"/evil.example/"),
        ("/\\\\evil.example", b"/evil.example"),
        ("/a\r\nSet-Cookie: b=c\r\n\r\n<script>", b"/a%0D%0ASet-Cookie%3A%20b%3Dc%0D%0A%0D%0A%3Cscript%3E"),
    ],
)
def test_a_link_leads_nowhere_else_and_says_nothing_in_the_header(access: Access, path: str, location: bytes) -> None:
    headers = dict(ask(access, query="token=x%0d%0aa:b&c=%0d%0a", path=path)[0]["headers"])
    assert headers[b"location"] == location + b"?c=%0D%0A"
    assert b"set-cookie" not in headers


def test_a_token_goes_no_further_than_the_door(access: Access, inner: Inner, tokens: Tokens) -> None:
    assert status(ask(access, PHONE, HOST, query=f"a=&token={tokens.look}&b=2", method="POST")) == 200
    assert inner.roles == ["look"]
    assert inner.query == b"a=&b=2"


def test_a_long_body_is_not_taken(access: Access, inner: Inner) -> None:
    assert status(ask(access, method="POST", body=bytes(MOST_BODY_BYTES))) == 200
    assert status(ask(access, method="POST", body=bytes(MOST_BODY_BYTES + 1))) == 413
    assert inner.roles == ["operate"]


def test_no_page_shows_the_desk_within_itself(access: Access) -> None:
    for answer in (ask(access), ask(access, query="token=x"), ask(access, host="evil.example")):
        assert dict(answer[0]["headers"])[b"x-frame-options"] == b"DENY"


@pytest.mark.parametrize(
    ("site", "mode", "dest", "found"),
    [
        ("cross-site", "navigate", "document", 200),
        ("none", "navigate", "document", 200),
        ("same-origin", "cors", "empty", 200),
        ("cross-site", "no-cors", "image", 403),
        ("same-site", "no-cors", "script", 403),
        ("cross-site", "navigate", "iframe", 403),
    ],
)
def test_another_page_may_lead_here_and_load_nothing(
    access: Access, site: str, mode: str, dest: str, found: int
) -> None:
    answer = ask(access, sec_fetch_site=site, sec_fetch_mode=mode, sec_fetch_dest=dest)
    assert status(answer) == found


def test_many_names_for_one_reason_are_one_line_of_the_log(access: Access, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(20):
        ask(access, host=f"evil{number}.example")
    assert len(caplog.records) == 1
