"""The guard's figures over HTTP: true answers, and nobody who asks badly holds up anybody."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from installation.base.clock import ManualClock
from installation.guard import http as http_module
from installation.guard.figures import Figures
from installation.guard.hooks import StartedRun
from installation.guard.http import MOST_AT_ONCE, MOST_BYTES, STUCK_S, FiguresServer
from installation.guard.metrics import CONTENT_TYPE
from installation.guard.totals import Totals

RUN = StartedRun(1, 10, 0.0)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(10.0)


@pytest.fixture
def totals(clock: ManualClock) -> Totals:
    return Totals(clock)


@pytest.fixture
def address(totals: Totals, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(http_module, "LONGEST_S", 0.6)
    server = FiguresServer("127.0.0.1", 0, totals.standing)
    server.start()
    yield listening(server)
    server.close()
    server._thread.join(60)
    assert not server._thread.is_alive()


def listening(server: FiguresServer) -> tuple[str, int]:
    until_s = time.monotonic() + 30
    while server.address is None:
        assert time.monotonic() < until_s
        time.sleep(0.005)
    return server.address


def ask(address: tuple[str, int], path: str, method: str = "GET") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request(method, path)
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type") or "", answer.read().decode()
    connection.close()
    return found


def test_health_readiness_and_figures(address: tuple[str, int], totals: Totals, clock: ManualClock) -> None:
    assert ask(address, "/healthz") == (200, "text/plain; charset=utf-8", "ok\n")
    assert ask(address, "/readyz")[::2] == (503, "the piece does not run\n")
    totals.started(RUN)
    totals.ready(RUN)
    totals.beat(Figures(frames=42))
    assert ask(address, "/readyz?x=1")[::2] == (200, "ok\n")
    status, kind, text = ask(address, "/metrics")
    assert (status, kind) == (200, CONTENT_TYPE)
    assert "\nmien_frames_total 42.0\n" in text
    assert ask(address, "/metrics", "HEAD")[2] == ""
    assert ask(address, "/")[0] == 404
    assert ask(address, "/metrics", "POST")[0] == 501
    clock.advance(STUCK_S + 1)
    assert ask(address, "/healthz")[::2] == (503, "the guard does not go round\n")
    totals.tick(clock.now())
    assert ask(address, "/healthz")[0] == 200


@pytest.mark.parametrize(
    "request_",
    [b"", b"\r\n\r\n", b"\xff\x00\n\n", b"GET\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n", b"GET " + b"x" * 70_000],
)
def test_what_is_no_request_ends_its_own_connection_only(address: tuple[str, int], request_: bytes) -> None:
    with socket.create_connection(address, timeout=60) as wire:
        wire.sendall(request_)
        with contextlib.suppress(OSError):  # it may have been cut off by now
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(65536):
                pass
    assert ask(address, "/healthz")[0] == 200


def test_headers_without_end_are_cut_off(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=60) as wire:
        wire.sendall(b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * (MOST_BYTES // 4))
        with contextlib.suppress(ConnectionError):
            while wire.recv(65536):
                pass
    assert ask(address, "/healthz")[0] == 200


def test_slow_ones_have_their_time_and_no_more_and_others_are_served_again(address: tuple[str, int]) -> None:
    """More of them than are served at once, each a byte now and then, for which no time-out of a read would do."""
    stop = threading.Event()
    slow = [socket.create_connection(address, timeout=60) for _ in range(2 * MOST_AT_ONCE)]

    def drip() -> None:
        while not stop.wait(0.1):
            for wire in slow:
                try:
                    wire.send(b"G")
                except OSError:
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        began_s = time.monotonic()
        while True:
            try:
                assert ask(address, "/healthz")[0] == 200
                break
            except (OSError, http.client.HTTPException):
                assert time.monotonic() - began_s < 60
                time.sleep(0.05)
        names = [thread.name for thread in threading.enumerate()]
        assert names.count("figures-answer") <= MOST_AT_ONCE
    finally:
        stop.set()
        thread.join()
        for wire in slow:
            wire.close()


def test_a_port_that_is_taken_is_had_when_it_is_free(totals: Totals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "RETRY_S", 0.05)
    other = socket.create_server(("127.0.0.1", 0))
    server = FiguresServer("127.0.0.1", other.getsockname()[1], totals.standing)
    server.start()
    time.sleep(0.1)
    assert server.address is None
    other.close()
    assert ask(listening(server), "/healthz")[0] == 200
    server.close()
