"""Slow, rude and broken clients at the desk's real process: what they leave behind, and that others are served meanwhile."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from installation.desk.link import SEND_S
from tests.desk.test_link import Bench

SOON_S = 100.0


class Turning:
    """A bench whose frame loop turns by itself. ``longest_s``: what a turn took at most."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.bench = Bench(folder, **options)
        self.longest_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._turn, daemon=True)
        self._thread.start()

    def _turn(self) -> None:
        while not self._stop.is_set():
            began_s = time.perf_counter()
            with self.bench.loop:
                self.bench.link.update(self.bench.clock.now())
                self.bench.commands += self.bench.link.take()
                self.bench.settings.take(self.bench.clock.now())
            self.longest_s = max(self.longest_s, time.perf_counter() - began_s)
            time.sleep(0.02)

    @property
    def port(self) -> int:
        address = self.bench.link.address
        return 0 if address is None else address[1]

    def serves(self) -> bool:
        """Whether it answers, and has heard of the frame loop lately."""
        with suppress(OSError, AssertionError):
            return self.bench.get("/healthz")[0] == 200
        return False

    def soon(self, done: object, within_s: float = SOON_S) -> float:
        began_s = time.monotonic()
        assert callable(done)
        while not done():
            assert time.monotonic() - began_s < within_s, f"not within {within_s:g} s; {self.bench.notices.active()}"
            time.sleep(0.05)
        return time.monotonic() - began_s

    def end(self) -> None:
        self.bench.link.close()
        self._stop.set()
        self._thread.join()


@pytest.fixture(scope="module")
def turning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turning]:
    found = Turning(tmp_path_factory.mktemp("rude"))
    try:
        found.soon(found.serves, 100.0)
        yield found
    finally:
        found.end()


def talk(port: int, data: bytes, wait_s: float = SOON_S) -> bytes:
    """Send this on a connection; gives all that comes until it is closed."""
    out = b""
    with socket.create_connection(("127.0.0.1", port), wait_s) as wire, suppress(ConnectionError):
        wire.sendall(data)
        while part := wire.recv(65536):
            out += part
    return out


def request(port: int, body: bytes, method: str = "POST /api/set", more: str = "Connection: close\r\n") -> bytes:
    head = f"{method} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def descriptors(pid: int) -> int:
    return psutil.Process(pid).num_fds()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[" * 10_000 + "]" * 10_000, "not understood"),
        ("NaN", "not understood"),
        ("1e999", "not understood"),
        ("9" * 5000, ""),
        ("-Infinity", "not understood"),
        (json.dumps("\ud800"), "must be a number"),
        (json.dumps("\x00\x1b[2J"), "must be a number"),
        ("{}", "must be a number"),
        ("[" * 300 + "]" * 300, "must be a number"),
    ],
)
def test_nonsense_is_refused_in_words(turning: Turning, text: str, what: str) -> None:
    pids = turning.bench.link.pids
    body = f'{{"path": "/control/output/glow", "value": {text}}}'.encode()
    answer = talk(turning.port, request(turning.port, body))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert what in json.loads(answer.partition(b"\r\n\r\n")[2])["error"]
    assert turning.bench.link.pids == pids


def test_ten_megabytes_are_not_taken(turning: Turning) -> None:
    before = psutil.Process(turning.bench.link.pids[0]).memory_info().rss
    answer = b""
    with suppress(ConnectionError):
        answer = talk(turning.port, request(turning.port, bytes(10_000_000)))
    assert not answer or answer.startswith(b"HTTP/1.1 413 ")
    turning.soon(turning.serves)
    assert psutil.Process(turning.bench.link.pids[0]).memory_info().rss - before < 8_000_000


@pytest.mark.long
def test_half_a_request_is_cut_off(turning: Turning) -> None:
    head = f"POST /api/set HTTP/1.1\r\nHost: localhost:{turning.port}\r\nContent-Length: 9\r\n\r\n{{".encode()
    with ThreadPoolExecutor(3) as three:
        for answer in three.map(partial(talk, turning.port), (b"GET / HT", head, b"")):
            assert answer == b""


def test_five_hundred_connections_keep_nobody_out(turning: Turning) -> None:
    before = descriptors(turning.bench.link.pids[0])
    wires = [socket.create_connection(("127.0.0.1", turning.port), SOON_S) for _ in range(500)]
    try:
        turning.soon(turning.serves)
    finally:
        for wire in wires:
            wire.close()
    turning.soon(lambda: descriptors(turning.bench.link.pids[0]) <= before + 3)


@pytest.mark.long
def test_a_process_that_is_stopped_is_started_anew_and_the_frame_loop_never_waits(turning: Turning) -> None:
    turning.soon(turning.serves)
    pid = turning.bench.link.pids[0]
    turning.longest_s = 0.0
    os.kill(pid, signal.SIGSTOP)
    turning.soon(lambda: turning.bench.notices.active("fault"))
    assert "said nothing" in turning.bench.notices.active("fault")[0].message
    turning.soon(turning.serves, 100.0)
    assert turning.bench.link.pids != [pid]
    assert not psutil.pid_exists(pid)
    assert turning.longest_s < SEND_S / 2, "who waits for it waits so long; a full machine takes less"


@pytest.mark.long
def test_a_port_that_is_taken_is_had_when_it_is_freed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        bench = Bench(tmp_path, port=port)
        try:
            bench.soon(lambda: bench.notices.active("fault"))
            assert "cannot be had" in bench.notices.active("fault")[0].message
            other.close()
            bench.soon(lambda: bench.link.address == ("127.0.0.1", port))
            bench.soon(lambda: not bench.notices.active("fault"))
        finally:
            bench.link.close()


@pytest.mark.long
def test_what_the_process_says_is_in_the_pieces_log_and_nothing_is_left_on_disk(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    bench = Bench(tmp_path)
    try:
        bench.soon(lambda: bench.link.address is not None)
        port = bench.link.address[1] if bench.link.address else 0
        evil = request(port, b"", "GET /", "Origin: http://evil.example\r\nConnection: close\r\n")
        assert talk(port, evil).startswith(b"HTTP/1.1 403 ")
        assert talk(port, request(port, b"", "GET /")).startswith(b"HTTP/1.1 200 ")
        bench.soon(lambda: any("evil.example" in record.getMessage() for record in caplog.records))
        os.kill(bench.link.pids[0], signal.SIGKILL)
        bench.soon(lambda: bench.link.address is None)
    finally:
        bench.link.close()
    assert list(temporary.iterdir()) == []
    assert not list(tmp_path.rglob("*nicegui*"))
