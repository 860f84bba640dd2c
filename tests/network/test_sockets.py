"""Places, key files, and sockets that let in who has the key file and nobody else."""

import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installation.base.host_port import Place, place_of
from installation.network.keys import KeyFile, KeyFileError, read_keys, write_keys
from installation.network.sockets import Network, NetworkError, Socket, new_keys
from tests.ports import free_port

WAIT_S = 20.0


@pytest.mark.parametrize(
    ("text", "place", "address", "stays"),
    [
        ("192.168.1.10:5570", ("192.168.1.10", 5570), "tcp://192.168.1.10:5570", False),
        ("tcp://*:5570", ("*", 5570), "tcp://*:5570", False),
        ("localhost:80", ("localhost", 80), "tcp://localhost:80", True),
        ("127.0.0.1:1", ("127.0.0.1", 1), "tcp://127.0.0.1:1", True),
        ("[::1]:5570", ("::1", 5570), "tcp://[::1]:5570", True),
        ("rack-1.local:65534", ("rack-1.local", 65534), "tcp://rack-1.local:65534", False),
    ],
)
def test_a_place(text: str, place: tuple[str, int], address: str, stays: bool) -> None:
    found = place_of(text, 2)
    assert found == place
    assert (found.address, found.stays_here) == (address, stays)


@pytest.mark.parametrize(
    "text", ["", "rack", "rack:", ":5570", "rack:0", "rack:65535", "rack:70000", "udp://rack:1", "a b:1"]
)
def test_no_place(text: str) -> None:
    with pytest.raises(ValueError, match=r"HOST:PORT|between"):
        place_of(text, 2)


def test_a_key_file_comes_back_and_is_its_owners(tmp_path: Path) -> None:
    keys, path = new_keys(), tmp_path / "wall.key"
    write_keys(path, keys)
    assert read_keys(path) == keys
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(KeyFileError, match="not written"):
        write_keys(path, keys)
    assert keys.asked_secret.decode() not in repr(keys)


@pytest.mark.parametrize("text", ["", "asked_public short\n", "# nothing\n"])
def test_no_key_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / "wall.key"
    path.write_text(text)
    with pytest.raises(KeyFileError, match="--make-key"):
        read_keys(path)
    with pytest.raises(KeyFileError, match="--make-key"):
        read_keys(tmp_path / "none.key")


@contextmanager
def networks(*keys: KeyFile | None) -> Iterator[list[Network]]:
    found = [Network(one) for one in keys]
    try:
        yield found
    finally:
        for network in found:
            network.close()


def came(network: Network, socket: Socket, seconds: float) -> list[bytes] | None:
    for _ in range(round(seconds / 0.05)):
        network.wait([socket], 0.05)
        if (parts := socket.receive()) is not None:
            return parts
    return None


def test_what_is_asked_is_answered_to_who_has_the_key_and_to_nobody_else() -> None:
    right, wrong = new_keys(), new_keys()
    place = Place("127.0.0.1", free_port())
    with networks(right, right, wrong, None) as (asked, friend, stranger, plain):
        answers = asked.open("answer", place)
        others = [(network, network.open("ask", place)) for network in (stranger, plain)]
        friends = friend.open("ask", place)
        for socket in (friends, *(socket for _, socket in others)):
            socket.send([b"who"])
        question = came(asked, answers, WAIT_S)
        assert question is not None
        assert question[1:] == [b"who"]
        answers.send([question[0], b"you"])
        assert came(friend, friends, WAIT_S) == [b"you"]
        assert came(asked, answers, 1.0) is None, "somebody without the key got in"
        for socket in (answers, friends, *(socket for _, socket in others)):
            socket.close()


def test_what_is_published_arrives_encrypted() -> None:
    keys, place = new_keys(), Place("127.0.0.1", free_port())
    with networks(keys, keys) as (tells, hears):
        out, into = tells.open("publish", place), hears.open("listen", place)
        stop = threading.Event()
        found = None
        for _ in range(round(WAIT_S / 0.05)):
            out.send([b"state", b"1"])
            if (found := came(hears, into, 0.05)) is not None:
                break
        stop.set()
        assert found == [b"state", b"1"]
        out.close()
        into.close()


def test_nobody_there_costs_nothing_and_a_port_in_use_says_so() -> None:
    place = Place("127.0.0.1", free_port())
    with networks(None) as (network,):
        asks = network.open("ask", place)
        for _ in range(500):
            asks.send([b"anybody?"])
        assert asks.receive() is None
        first = network.open("answer", place)
        with pytest.raises(NetworkError, match=str(place.port)):
            network.open("answer", place)
        first.close()
        asks.close()
