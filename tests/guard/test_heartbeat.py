"""ampm's heartbeat, to a receiver of the test's own."""

import socket
import time
from collections.abc import Iterator

import pytest
from pythonosc.osc_message import OscMessage

from installation.base.clock import ManualClock
from installation.guard.figures import Figures
from installation.guard.heartbeat import HEART, Heartbeats
from tests.ports import free_port


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        wire.settimeout(60)
        yield wire


def test_it_is_the_message_that_ampm_reads() -> None:
    message = OscMessage(HEART)
    assert (message.address, message.params) == ("/heart", [])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_beats_while_pictures_move(receiver: socket.socket, host: str) -> None:
    beats = Heartbeats([(host, receiver.getsockname()[1])], ManualClock())
    beats.beat(Figures(frames=0))
    beats.beat(Figures(frames=10))
    assert receiver.recv(100) == HEART
    beats.beat(Figures(frames=10))
    receiver.settimeout(0.2)
    with pytest.raises(TimeoutError):
        receiver.recv(100)
    beats.beat(Figures(frames=11))
    receiver.settimeout(60)
    assert receiver.recv(100) == HEART
    beats.close()
    for target in beats._targets:
        target._thread.join(20)
        assert not target._thread.is_alive()


def test_a_target_that_is_not_there_hinders_no_other(receiver: socket.socket, caplog: pytest.LogCaptureFixture) -> None:
    free = free_port()
    beats = Heartbeats(
        [("no-such-host.invalid", 3002), ("127.0.0.1", free), ("127.0.0.1", receiver.getsockname()[1])], ManualClock()
    )
    until_s, frames = time.monotonic() + 100, 0
    while not ("no-such-host.invalid" in caplog.text and f":{free}: " in caplog.text):
        assert time.monotonic() < until_s
        frames += 1
        beats.beat(Figures(frames=frames))
        assert receiver.recv(100) == HEART
        time.sleep(0.02)
    beats.close()
