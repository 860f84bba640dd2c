import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from installation.base.sd_notify import MOST_BYTES, Listener, Message, Notifier

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here")


@pytest.fixture
def listener(tmp_path) -> Iterator[Listener]:
    found = Listener(tmp_path)
    yield found
    found.close()


@pytest.fixture
def teller(listener: Listener) -> Iterator[Notifier]:
    found = Notifier.from_environment(listener.environment(5.0))
    yield found
    found.close()


def test_what_is_told_arrives_with_its_sender(listener: Listener, teller: Notifier) -> None:
    teller.ready()
    teller.beat({"frames": 3})
    teller.status("two\nlines")
    teller.stopping("SIGTERM")
    ready, beat, status, stopping = listener.receive()
    assert ready.is_ready
    assert not ready.is_beat
    assert beat.is_beat
    assert json.loads(beat.figures or "") == {"frames": 3}
    assert status.lines == {"STATUS": "two lines"}
    assert stopping.lines == {"STOPPING": "1", "STATUS": "SIGTERM"}
    assert listener.receive() == []
    if sys.platform == "linux":
        assert (ready.pid, ready.uid) == (os.getpid(), os.getuid())


def test_the_environment_says_where_and_how_often_and_is_not_handed_on(listener: Listener) -> None:
    environ = listener.environment(2.5)
    teller = Notifier.from_environment(environ)
    assert teller.is_heard
    assert teller.watchdog_s == 2.5
    assert environ == {}


@pytest.mark.parametrize(
    ("environ", "watchdog_s"),
    [
        ({}, None),
        ({"NOTIFY_SOCKET": "relative", "WATCHDOG_USEC": "x"}, None),
        ({"NOTIFY_SOCKET": "@", "WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": str(os.getpid())}, 1.0),
    ],
)
def test_without_anybody_to_tell_nothing_happens(environ: dict[str, str], watchdog_s: float | None) -> None:
    teller = Notifier.from_environment(environ)
    assert not teller.is_heard
    assert teller.watchdog_s == watchdog_s
    teller.ready()
    teller.beat({"frames": 1})
    teller.close()


def test_who_tells_never_waits_and_never_raises(listener: Listener, teller: Notifier) -> None:
    began_s = time.monotonic()
    for _ in range(5000):  # far more than the system keeps
        teller.beat({"frames": 1})
    teller.beat({"text": "x" * MOST_BYTES})
    teller.beat({"odd": object()})
    assert time.monotonic() - began_s < 20
    assert listener.receive(10_000)
    teller.beat({"text": "x" * MOST_BYTES})
    teller.beat({"odd": object()})
    assert [message.lines for message in listener.receive()] == [{"WATCHDOG": "1"}] * 2
    listener.close()
    teller.beat()
    nowhere = Notifier("/nowhere/at/all")
    nowhere.beat()
    nowhere.close()


def test_what_is_no_message_is_passed_over(listener: Listener) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        for data in (b"", b"\xff\xfe", b"no sign\n=\n", b"A=1\nB", b"x" * (2 * MOST_BYTES), b"READY=1"):
            wire.sendto(data, listener.address.replace("@", "\0", 1))
    assert [message.lines for message in listener.receive()] == [{}, {}, {"A": "1"}, {"READY": "1"}]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who sent a datagram")
def test_the_kernel_says_who_sent_it(listener: Listener) -> None:
    code = "import os\nfrom installation.base.sd_notify import Notifier\nNotifier.from_environment(os.environ).ready()"
    child = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **listener.environment(1)})
    assert child.wait(60) == 0
    (message,) = listener.receive()
    assert message.pid == child.pid != os.getpid()
    assert isinstance(message, Message)
