"""The way to a receiver: each notice is resolved only by what raised it."""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig, OscTarget
from installation.showcontrol.hosts import LONGEST_LOOK_S, REFRESH_S
from installation.showcontrol.osc_out.sender import specs_of
from installation.showcontrol.osc_out.transport import PROVED_S, TcpTransport, Transport, UdpTransport


class Names:
    """Stands for the system's look-up of names."""

    def __init__(self) -> None:
        self.known = True
        self.asked = 0

    def getaddrinfo(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        self.asked += 1
        if not self.known:
            raise OSError("no such name")
        return [(socket.AF_INET, 0, 0, "", ("127.0.0.1", port))]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    found = Names()
    monkeypatch.setattr(socket, "getaddrinfo", found.getaddrinfo)
    return found


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def send_until(transport: Transport, clock: ManualClock, done: Callable[[], object], step_s: float = 0.0) -> None:
    """Send until something is so; the look-up has a thread of its own."""
    end_s = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end_s, "it did not happen"
        transport.send([b"x" * 16], clock.now())
        clock.advance(step_s)
        time.sleep(0.001)


def test_a_name_is_looked_up_again_and_its_fault_is_resolved_when_packets_leave(
    names: Names, clock: ManualClock
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        notices = Notices(clock)
        transport = UdpTransport("desk.local", receiver.getsockname()[1], "osc desk.local", notices)
        names.known = False
        send_until(transport, clock, notices.active)
        assert (names.asked, [notice.kind for notice in notices.active()]) == (1, ["fault"])
        names.known = True
        clock.advance(LONGEST_LOOK_S)
        send_until(transport, clock, lambda: names.asked == 2 and transport._addresses)
        assert notices.active("fault"), "that the name is known is not yet a packet that left"
        clock.advance(PROVED_S)
        send_until(transport, clock, lambda: not notices.active())
        transport.send([], clock.now())
        assert names.asked == 2, "known, so it is not asked for again"
        names.known = False
        clock.advance(REFRESH_S)
        send_until(transport, clock, lambda: names.asked == 3 and transport._hosts._thread is None)
        assert not notices.active(), "what is known stays in use"
        transport.close()


def test_a_connection_that_is_refused_is_one_fallback_whether_the_name_is_known_or_not(
    names: Names, clock: ManualClock
) -> None:
    notices = Notices(clock)
    # Nobody listens at port 9 of this machine.
    transport = TcpTransport("desk.local", 9, "osc desk.local:9", notices)
    send_until(transport, clock, lambda: notices.active("fallback"), 0.1)
    names.known = False
    send_until(transport, clock, lambda: names.asked > 2, 0.1)
    assert [notice.kind for notice in notices.active()] == ["fallback"]
    transport.close()
    assert not notices.active()


def test_two_targets_at_one_place_have_two_stages() -> None:
    targets = [OscTarget(host="a", port=1), OscTarget(host="a", port=1, protocol="tcp"), OscTarget(host="b", port=1)]
    assert [spec["stage"] for spec in specs_of(OscConfig(targets=targets))] == ["osc a:1", "osc a:1 (2)", "osc b:1"]
    assert specs_of(OscConfig(targets=targets, enabled=False)) == []
