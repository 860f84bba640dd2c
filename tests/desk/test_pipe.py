"""The desk's end of the pipe to the piece."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import takewhile
from multiprocessing.connection import Connection
from typing import Any

import pytest

from installation.desk.pipe import MOST_WAITING, Pipe
from installation.desk.wire import receive

LONG = "x" * 300_000


@pytest.fixture
def ends() -> Iterator[tuple[Pipe, Connection]]:
    ours, theirs = socket.socketpair()
    with Connection(ours.detach()) as mine, Connection(theirs.detach()) as other:
        yield Pipe(mine), other


def is_taken(pipe: Pipe, number: int) -> bool:
    with suppress(BlockingIOError):
        pipe.send({"kind": "set", "number": number, "text": "x" * 1000})
        return True
    return False


def test_what_is_sent_arrives_in_its_order(ends: tuple[Pipe, Connection]) -> None:
    """Of any length, by two threads, while the other end reads late."""
    pipe, other = ends

    def send(name: str) -> None:
        for number in range(200):
            pipe.send({"kind": name, "number": number, "text": LONG if number % 50 == 7 else ""})

    threads = [threading.Thread(target=send, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    heard: dict[str, list[int]] = {"one": [], "two": []}
    for _ in range(400):
        message: dict[str, Any] = receive(other)
        assert message["text"] in ("", LONG)
        heard[message["kind"]].append(message["number"])
    assert heard == {"one": list(range(200)), "two": list(range(200))}


def test_who_reads_nothing_holds_nobody_up(ends: tuple[Pipe, Connection]) -> None:
    pipe, other = ends
    taken = list(takewhile(partial(is_taken, pipe), range(100 * MOST_WAITING)))
    assert MOST_WAITING < len(taken) < 100 * MOST_WAITING
    assert [receive(other)["number"] for _ in taken] == taken
    pipe.send({"kind": "alive"})
    assert receive(other) == {"kind": "alive"}


def test_a_piece_that_is_gone_is_no_error_here(ends: tuple[Pipe, Connection]) -> None:
    pipe, other = ends
    other.close()
    for _ in range(10):
        pipe.send({"kind": "alive"})
