"""The way to a receiver: each notice is resolved only by what raised it."""

import socket
from typing import Any

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig, OscTarget
from installation.showcontrol.osc_out.sender import specs_of
from installation.showcontrol.osc_out.transport import RESOLVE_AGAIN_S, TcpTransport, UdpTransport


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


def test_a_name_is_looked_up_again_and_its_fault_is_resolved_when_it_is_found(names: Names) -> None:
    clock = ManualClock()
    notices = Notices(clock)
    transport = UdpTransport("desk.local", 9, "osc desk.local:9", notices)
    names.known = False
    transport.look_up(clock)
    transport.look_up(clock)
    assert (names.asked, [notice.kind for notice in notices.active()]) == (1, ["fault"])
    clock.advance(RESOLVE_AGAIN_S)
    names.known = True
    transport.look_up(clock)
    assert transport.address == (socket.AF_INET, ("127.0.0.1", 9))
    assert not notices.active()
    clock.advance(10 * RESOLVE_AGAIN_S)
    transport.look_up(clock)
    assert names.asked == 2, "known, so it is not asked for again"


def test_a_name_that_is_lost_and_found_again_leaves_no_fault(names: Names) -> None:
    clock = ManualClock()
    notices = Notices(clock)
    # Nobody listens at port 9 of this machine.
    transport = TcpTransport("desk.local", 9, "osc desk.local:9", notices)
    transport.look_up(clock)
    while not notices.active("fallback"):
        transport.send([], clock.now())
        clock.advance(0.1)
    names.known = False
    clock.advance(RESOLVE_AGAIN_S)
    transport.look_up(clock)
    assert {notice.kind for notice in notices.active()} == {"fault", "fallback"}
    names.known = True
    clock.advance(RESOLVE_AGAIN_S)
    transport.look_up(clock)
    assert [notice.kind for notice in notices.active()] == ["fallback"]
    transport.close()


def test_two_targets_at_one_place_have_two_stages() -> None:
    targets = [OscTarget(host="a", port=1), OscTarget(host="a", port=1, protocol="tcp"), OscTarget(host="b", port=1)]
    assert [spec["stage"] for spec in specs_of(OscConfig(targets=targets))] == ["osc a:1", "osc a:1 (2)", "osc b:1"]
    assert specs_of(OscConfig(targets=targets, enabled=False)) == []
