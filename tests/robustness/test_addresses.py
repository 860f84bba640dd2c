"""All addresses of a name are tried, and broadcast addresses are allowed to."""

import errno
import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.commands.check_network import look_at_network
from installation.config.lights import LightsConfig
from installation.config.osc import OscConfig, OscTarget
from installation.config.oscquery import OscQueryConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_out.transport import TcpTransport, Transport, UdpTransport
from installation.showcontrol.oscquery.server import OscQueryServer
from tests.ports import free_port
from tests.showcontrol.lights.test_lights import SCENE, Node, config_of, lit

V4, V6 = (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")
NOWHERE = (socket.AF_INET, "240.0.0.1")
"""Class E. In these tests the system knows no way there."""
Host = tuple[int, str]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.002)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Host]]:
    """What the system says of a name, in its order."""
    found: dict[str, list[Host]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host not in found:
            return real(host, port, *args, **more)
        return [
            (family, 0, 0, "", (address, port) if family == socket.AF_INET else (address, port, 0, 0))
            for family, address in found[host]
        ]

    class Wire(socket.socket):
        def connect(self, address: Any) -> None:
            check(address)
            super().connect(address)

        def connect_ex(self, address: Any) -> int:
            return errno.ENETUNREACH if address[0] == NOWHERE[1] else super().connect_ex(address)

        def sendto(self, data: Any, address: Any) -> int:  # type: ignore[override]
            check(address)
            return super().sendto(data, address)

    def check(address: Any) -> None:
        if address[0] == NOWHERE[1]:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "socket", Wire)
    return found


def receiver_at(where: Host, kind: int = socket.SOCK_DGRAM) -> socket.socket:
    receiver = socket.socket(where[0], kind)
    receiver.bind((where[1], 0))
    if kind == socket.SOCK_STREAM:
        receiver.listen()
    receiver.setblocking(False)
    return receiver


def hears(receiver: socket.socket) -> bool:
    try:
        if receiver.type == socket.SOCK_STREAM:
            receiver.accept()[0].close()
            return True
        return bool(receiver.recv(2000))
    except BlockingIOError:
        return False


def port_of(receiver: socket.socket) -> int:
    return int(receiver.getsockname()[1])


def heard(transport: Transport, receiver: socket.socket, notices: Notices) -> None:
    clock = ManualClock()

    def step() -> bool:
        transport.send([b"x" * 16], clock.now())
        clock.advance(1 / 60)
        return hears(receiver)

    until(step)
    assert clock.now() < 5.0
    assert not notices.history("fallback"), "one of two addresses is enough"
    transport.close()


@needs_ipv6
@pytest.mark.parametrize("listens", [V4, V6])
@pytest.mark.parametrize("order", [[V6, V4], [V4, V6], [NOWHERE, V6, V4]])
@pytest.mark.parametrize("make", [UdpTransport, TcpTransport])
def test_a_receiver_is_found_behind_whichever_address_it_has(
    make: Any, order: list[Host], listens: Host, names: dict[str, list[Host]]
) -> None:
    names["localhost"] = order
    notices = Notices(ManualClock())
    with receiver_at(listens, make.kind) as receiver:
        heard(make("localhost", port_of(receiver), "osc localhost", notices), receiver, notices)


@needs_ipv6
def test_a_receiver_that_moves_to_the_other_address_is_followed(names: dict[str, list[Host]]) -> None:
    names["localhost"] = [V6, V4]
    clock = ManualClock()
    notices = Notices(clock)
    first = receiver_at(V4)
    port = port_of(first)
    transport = UdpTransport("localhost", port, "osc localhost", notices)

    def reaches(receiver: socket.socket) -> bool:
        transport.send([b"x" * 16], clock.now())
        clock.advance(1 / 60)
        return hears(receiver)

    until(lambda: reaches(first))
    first.close()
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as second:
        second.bind(("::1", port))
        second.setblocking(False)
        until(lambda: reaches(second))
    until(lambda: reaches_nobody(transport, clock, notices))
    assert "127.0.0.1, ::1" in notices.active()[0].message
    assert "nobody listens" in notices.active()[0].message
    transport.close()


def reaches_nobody(transport: Transport, clock: ManualClock, notices: Notices) -> bool:
    transport.send([b"x" * 16], clock.now())
    clock.advance(1 / 60)
    return bool(notices.active("fallback"))


@pytest.mark.parametrize("host", ["127.255.255.255", "255.255.255.255"])
def test_a_broadcast_address_may_be_sent_to(host: str) -> None:
    clock = ManualClock()
    notices = Notices(clock)
    transport = UdpTransport(host, 9, "osc all", notices)
    transport.send([b"x" * 16], clock.now())
    assert "denied" not in "".join(notice.message for notice in notices.active()).lower()
    assert transport._socket is None or transport._socket.getsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST)
    transport.close()


def test_all_receivers_of_a_network_hear_a_broadcast() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("0.0.0.0", 0))
        receiver.setblocking(False)
        notices = Notices(ManualClock())
        heard(UdpTransport("127.255.255.255", port_of(receiver), "osc all", notices), receiver, notices)


@pytest.mark.parametrize("protocol", ["sacn", "artnet"])
def test_lamps_hear_a_broadcast(protocol: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as lamps:
        lamps.bind(("0.0.0.0", 0))
        lamps.setblocking(False)
        config = config_of(port_of(lamps), protocol)
        universe = config.universes[0].model_copy(update={"host": "127.255.255.255"})
        lights = Lights(config.model_copy(update={"universes": [universe]}), Notices(RealClock()), RealClock())
        with closing(lights):
            lights.start()
            lights.show(SCENE)
            until(lambda: hears(lamps))


@pytest.mark.parametrize("order", [[V6, V4], [NOWHERE, V4]])
def test_a_lamp_behind_a_name_is_sent_to_by_ipv4(order: list[Host], names: dict[str, list[Host]]) -> None:
    names["node.local"] = order
    with closing(Node()) as node:
        config = config_of(node.port)
        universe = config.universes[0].model_copy(update={"host": "node.local"})
        notices = Notices(RealClock())
        lights = Lights(config.model_copy(update={"universes": [universe]}), notices, RealClock())
        with closing(lights):
            lights.start()
            lights.show(SCENE)
            node.await_packet(lit)


# ---- what is listened on


@pytest.fixture
def free() -> int:
    return free_port()


@needs_ipv6
def test_both_addresses_of_localhost_are_listened_on(free: int, names: dict[str, list[Host]]) -> None:
    names["localhost"] = [V6, V4]
    config = Config(
        osc=OscConfig(listen_host="localhost", listen_port=free),
        oscquery=OscQueryConfig(host="localhost", port=free, announce=False),
    )
    notices, settings, values = Notices(RealClock()), LiveSettings(config), LastValues()
    receiver = OscReceiver(config.osc, notices, settings, values, RealClock())
    with closing(receiver), closing(OscQueryServer(config, notices, settings, values, receiver)) as query:
        until(lambda: receiver.port is not None and query.port is not None)
        for family, address in (V4, V6):
            with socket.socket(family, socket.SOCK_DGRAM) as sender:
                before = receiver.packets
                sender.sendto(b"/mien/get\0\0\0,s\0\0/frame\0\0", (address, free))
                until(lambda before=before: receiver.packets > before)
            socket.create_connection((address, free), 20).close()
        until(lambda: not notices.active("fault"))


def test_an_address_that_the_machine_lacks_is_passed_over_where_there_is_another(
    free: int, names: dict[str, list[Host]]
) -> None:
    names["stage.local"] = [(socket.AF_INET, "192.0.2.1"), V4]
    config = OscConfig(listen_host="stage.local", listen_port=free)
    notices = Notices(RealClock())
    with closing(OscReceiver(config, notices, LiveSettings(Config()), LastValues(), RealClock())) as receiver:
        until(lambda: receiver.port == free and not notices.active())


# ---- check


def checked(*targets: OscTarget, **more: Any) -> dict[str, tuple[str, str]]:
    osc = OscConfig(targets=list(targets), **{"listen_port": 0, **more.pop("osc", {})})
    config = Config(osc=osc, **{"oscquery": OscQueryConfig(enabled=False), **more})
    return {what: (verdict, found) for verdict, what, found in look_at_network(config)}


@needs_ipv6
@pytest.mark.parametrize("listens", [V4, V6])
def test_check_says_where_somebody_listens(listens: Host, names: dict[str, list[Host]], free: int) -> None:
    names["localhost"] = [V6, V4]
    with receiver_at(listens) as receiver:
        port = port_of(receiver)
        rows = checked(OscTarget(host="localhost", port=port), OscTarget(host="localhost", port=free))
    verdict, found = rows[f"OSC localhost:{port}"]
    assert verdict == "good"
    assert f"{listens[1]}: a program listens" in found
    other = V6 if listens == V4 else V4
    assert f"{other[1]}: nobody listens there now" in found
    assert rows[f"OSC localhost:{free}"][0] == "note"


def test_check_finds_what_cannot_be(free: int, names: dict[str, list[Host]]) -> None:
    names["far.local"] = [NOWHERE]
    with receiver_at(V4) as taken, receiver_at(V4, socket.SOCK_STREAM) as tcp:
        rows = checked(
            OscTarget(host="far.local", port=9),
            OscTarget(host="no-such-host.invalid", port=9),
            OscTarget(host="127.0.0.1", port=port_of(tcp), protocol="tcp"),
            OscTarget(host="127.255.255.255", port=9),
            osc={"listen_port": port_of(taken)},
            oscquery=OscQueryConfig(host="192.0.2.1", port=free),
            lights=LightsConfig.model_validate(
                {
                    "enabled": True,
                    "interface": "192.0.2.1",
                    "universes": [{"name": "a", "host": "no-such-node.invalid"}, {"name": "b", "host": "127.0.0.1"}],
                }
            ),
        )
    assert {what: verdict for what, (verdict, _) in rows.items()} == {
        "OSC far.local:9": "bad",
        "OSC no-such-host.invalid:9": "bad",
        f"OSC 127.0.0.1:{port_of_name(rows, 'OSC 127.0.0.1:')}": "good",
        "OSC 127.255.255.255:9": "good",
        f"OSC in 127.0.0.1:{port_of_name(rows, 'OSC in 127.0.0.1:')}": "note",
        f"OSCQuery 192.0.2.1:{free}": "bad",
        "lights.interface": "bad",
        "lights a": "bad",
        "lights b": "good",
    }
    assert "oscquery.host" in rows[f"OSCQuery 192.0.2.1:{free}"][1]


def port_of_name(rows: dict[str, Any], begins: str) -> str:
    (found,) = [what for what in rows if what.startswith(begins)]
    return found.removeprefix(begins)
