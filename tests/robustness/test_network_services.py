"""Network services: any error is a fault of that service alone, tried again, and over when setting or network are right."""

import errno
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import zeroconf.asyncio
from pydantic import ValidationError

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.base.supervisor import Supervisor
from installation.config.lights import MidiConfig
from installation.config.load import ConfigError, load_config
from installation.config.osc import OscConfig, OscTarget
from installation.config.oscquery import OscQueryConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import CommandTable
from installation.showcontrol import service_state
from installation.showcontrol.hosts import HostError, HostLookUp
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.midi import midi
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.osc_out.encode import pack
from installation.showcontrol.osc_out.process import SendingProcess
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.osc_out.transport import PROVED_S, TcpTransport, UdpTransport
from installation.showcontrol.oscquery import announce
from installation.showcontrol.oscquery.server import OscQueryServer
from installation.showcontrol.services import Services
from tests.ports import free_port
from tests.showcontrol.lights.test_lights import SCENE, Node, config_of, lit
from tests.showcontrol.osc_states import bundles_of, send_everything

IMPOSSIBLE = [
    "192.168..5",
    ".desk.local",
    "d" * 64,
    "desk\0.local",
    "b\u00fc" * 40 + ".local",
    "192.0.2.1",
    "fe80::1%no0",
]
"""Hosts that no system finds, or that are not this machine's (192.0.2.0/24 is for documentation, RFC 5737)."""


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(service_state, "LONGEST_RETRY_S", 0.1)


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.002)


@pytest.fixture
def notices() -> Notices:
    return Notices(RealClock())


class Served:
    """Port for commands and OSCQuery side by side."""

    def __init__(self, notices: Notices) -> None:
        osc = OscConfig(listen_port=free_port())
        self.config = Config(osc=osc, oscquery=OscQueryConfig(port=free_port(), announce=False))
        settings, values = LiveSettings(self.config), LastValues()
        self.receiver = OscReceiver(self.config.osc, notices, settings, values, RealClock())
        self.query = OscQueryServer(self.config, notices, settings, values, self.receiver)
        assert self.query.ready.wait(60)

    def place(self, service: str, host: str, port: int) -> None:
        """Other settings, past the checks that would refuse them."""
        names = {"osc in": ("osc", "listen_host", "listen_port"), "osc query": ("oscquery", "host", "port")}
        section, host_name, port_name = names[service]
        changed = getattr(self.config, section).model_copy(update={host_name: host, port_name: port})
        config = self.config.model_copy(update={section: changed})
        self.receiver.reconfigure(config.osc)
        self.query.reconfigure(config)

    def right(self, service: str) -> int:
        return self.config.osc.listen_port if service == "osc in" else self.config.oscquery.port

    def port(self, service: str) -> int | None:
        return self.receiver.port if service == "osc in" else self.query.port

    def close(self) -> None:
        self.query.close()
        self.receiver.close()


@pytest.fixture
def served(notices: Notices) -> Iterator[Served]:
    with closing(Served(notices)) as found:
        yield found


SERVICES = pytest.mark.parametrize("service", ["osc in", "osc query"])


class Wires:
    """Stands for the socket module's sockets: what they raise, and where."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: BaseException | None = None
        self.at = "send"
        real, wires = socket.socket, self

        class Wire(real):  # type: ignore[valid-type, misc]
            def __init__(self, *args: Any, **more: Any) -> None:
                wires.check("socket")
                super().__init__(*args, **more)

            def bind(self, *args: Any) -> None:
                wires.check("bind")
                super().bind(*args)

            def send(self, *args: Any) -> int:
                wires.check("send")
                return int(super().send(*args))

            def sendto(self, *args: Any) -> int:
                wires.check("send")
                return int(super().sendto(*args))

        monkeypatch.setattr(socket, "socket", Wire)

    def check(self, at: str) -> None:
        if self.error is not None and self.at == at:
            raise self.error


def os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


# ---- settings


@pytest.mark.parametrize(
    "host", [*IMPOSSIBLE[:5], "[::1]", "192.168.1.20:9000", "192.168.1", "300.1.1.1", "a b", "x\x07"]
)
def test_a_host_that_cannot_be_is_refused_with_the_settings(host: str) -> None:
    for make in (
        lambda: OscConfig(listen_host=host),
        lambda: OscTarget(host=host, port=1),
        lambda: OscQueryConfig(host=host),
        lambda: config_of(1).universes[0].model_validate({"name": "a", "host": host}),
    ):
        with pytest.raises(ValidationError):
            make()


@pytest.mark.parametrize(
    "host", ["localhost", "::", "fe80::1%eth0", "b\u00fchne.local", "desk.local.", "my_pc", "10.0.0.255", "1e100.net"]
)
def test_a_host_that_may_be_is_taken(host: str) -> None:
    assert OscConfig(listen_host=host).listen_host == OscTarget(host=host, port=1).host == host


def test_an_impossible_host_over_osc_is_refused_and_named() -> None:
    """No caller may change it over the network; the operator's page may, and is told what is wrong."""
    settings = LiveSettings(Config())
    with pytest.raises(ValueError, match="two dots in a row"):
        CommandTable(settings, LastValues()).answer("operator", "control/osc/listen_host", ["192.168..5"])
    assert settings.config == Config()


# ---- what is listened on


@SERVICES
@pytest.mark.parametrize("host", IMPOSSIBLE)
def test_a_place_that_cannot_be_is_one_fault_and_the_right_one_heals_it(
    service: str, host: str, served: Served, notices: Notices
) -> None:
    served.place(service, host, served.right(service))
    until(lambda: any(notice.stage == service for notice in notices.active("fault")))
    assert [notice.stage for notice in notices.active()] == [service], "the other one is well"
    (fault,) = notices.active()
    assert ("listen_host" if service == "osc in" else "oscquery.host") in fault.message
    served.place(service, "127.0.0.1", served.right(service))
    until(lambda: served.port(service) == served.right(service) and not notices.active())


@SERVICES
def test_a_port_that_comes_free_is_taken_without_a_word(service: str, served: Served, notices: Notices) -> None:
    kind = socket.SOCK_DGRAM if service == "osc in" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            other.listen()
        port = other.getsockname()[1]
        served.place(service, "127.0.0.1", port)
        until(lambda: notices.active("fault"))
        assert "_port" in notices.active()[0].message or ".port" in notices.active()[0].message
        assert served.port(service) is None
    until(lambda: served.port(service) == port and not notices.active())
    assert len(notices.history("fault")) == 1, "one message, however often it was tried"


@SERVICES
@pytest.mark.parametrize("error", [os_error(errno.EACCES), os_error(errno.EMFILE), MemoryError("none left")], ids=str)
def test_whatever_binding_raises_is_tried_again(
    service: str, error: BaseException, served: Served, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    wires = Wires(monkeypatch)
    wires.at, wires.error = "bind", error
    # A port below 1024 is such a case for who is not root.
    served.place(service, "127.0.0.1", port := free_port_as(wires))
    until(lambda: notices.active("fault"))
    assert service_state.why(error) in notices.active()[0].message
    wires.error = None
    until(lambda: served.port(service) == port and not notices.active())
    assert len(notices.history("fault")) == 1


def free_port_as(wires: Wires) -> int:
    error, wires.error = wires.error, None
    port = free_port()
    wires.error = error
    return port


def test_what_the_http_library_raises_is_tried_again(
    served: Served, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aiohttp import web

    real, broken = web.AppRunner.setup, [RuntimeError("no signal handler here")]

    async def setup(runner: Any) -> None:
        if broken:
            raise broken[0]
        await real(runner)

    monkeypatch.setattr(web.AppRunner, "setup", setup)
    served.place("osc query", "127.0.0.1", port := free_port())
    until(lambda: notices.active("fault"))
    broken.clear()
    until(lambda: served.query.port == port and not notices.active())


def test_an_impossible_host_in_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("version: 2\nosc:\n  listen_host: 192.168..5\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.yaml:3: osc\.listen_host: two dots in a row"):
        load_config([path])


@SERVICES
def test_a_name_that_becomes_known_is_listened_on(
    service: str, served: Served, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, known = socket.getaddrinfo, threading.Event()

    def look_up(host: Any, *args: Any, **more: Any) -> Any:
        if host == "stage.local":
            if not known.is_set():
                raise RuntimeError("no resolver would raise this")
            host = "127.0.0.1"
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr("installation.showcontrol.hosts.FIRST_LOOK_S", 0.02)
    monkeypatch.setattr("installation.showcontrol.hosts.LONGEST_LOOK_S", 0.02)
    served.place(service, "stage.local", served.right(service))
    until(lambda: notices.active("fault"))
    known.set()
    until(lambda: served.port(service) == served.right(service) and not notices.active())


@SERVICES
def test_a_name_server_that_is_silent_holds_up_nobody(
    service: str, served: Served, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, answers = socket.getaddrinfo, threading.Event()

    def look_up(host: Any, *args: Any, **more: Any) -> Any:
        if host == "slow.local":
            answers.wait(60)
            raise OSError("timed out")
        return real(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    start_s = time.monotonic()
    served.place(service, "slow.local", served.right(service))
    until(lambda: served.port(service) is None)
    served.place(service, "127.0.0.1", served.right(service))
    until(lambda: served.port(service) is not None)
    assert time.monotonic() - start_s < 40.0
    served.place(service, "slow.local", served.right(service))
    start_s = time.monotonic()
    served.close()
    assert time.monotonic() - start_s < 40.0
    answers.set()


# ---- what is sent


def send_until(transport: Any, clock: ManualClock, done: Callable[[], object], step_s: float = 0.05) -> None:
    def step() -> object:
        transport.send([b"x" * 16], clock.now())
        clock.advance(step_s)
        return done()

    until(step)


ERRORS = [
    ("send", os_error(errno.ENETUNREACH)),
    ("send", os_error(errno.EPERM)),
    ("send", os_error(errno.ENOBUFS)),
    ("send", os_error(errno.EMSGSIZE)),
    ("send", os_error(errno.EADDRNOTAVAIL)),
    ("send", ValueError("whatever a library thinks of")),
    ("socket", os_error(errno.EMFILE)),
    ("socket", MemoryError("none left")),
]


@pytest.mark.parametrize(("at", "error"), ERRORS, ids=str)
@pytest.mark.parametrize("make", [UdpTransport, TcpTransport])
def test_whatever_a_socket_raises_is_one_notice_until_packets_leave(
    make: Any, at: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_INET, make.kind) as receiver:
        receiver.bind(("127.0.0.1", 0))
        if make is TcpTransport:
            receiver.listen()
        clock = ManualClock()
        notices, wires = Notices(clock), Wires(monkeypatch)
        transport = make("127.0.0.1", receiver.getsockname()[1], "osc desk", notices)
        wires.at, wires.error = at, error
        send_until(transport, clock, notices.active)
        assert service_state.why(error) in notices.active()[0].message
        for _ in range(40):
            transport.send([b"x" * 16], clock.now())
            clock.advance(0.05)
        assert len(notices.active()) == 1
        wires.error = None
        began_s = clock.now()
        send_until(transport, clock, lambda: not notices.active())
        assert clock.now() - began_s < PROVED_S + 1.0
        assert len(notices.history("fault")) + len(notices.history("fallback")) == 1
        transport.close()


@pytest.mark.parametrize("host", IMPOSSIBLE[:5])
def test_a_target_that_cannot_be_is_a_fault_of_its_own_and_others_hear_on(host: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.setblocking(False)
        clock = ManualClock()
        notices = Notices(clock)
        sending = SendingProcess(clock, notices)
        good = {"prefix": "", "per_second": 60.0, "addresses": [], "protocol": "udp", "format": "mien"}
        port = receiver.getsockname()[1]
        targets: list[Any] = [
            {**good, "stage": "osc wrong", "host": host, "port": 1},
            {**good, "stage": "osc right", "host": "127.0.0.1", "port": port},
        ]
        sending.take_targets(targets)
        frame: Any = {"prefix": "/mien", "messages": [("/valence", "f", [0.5])], "events": [], "last": [], "joints": []}
        sending.take_frame({**frame, "formats": {}})

        def step() -> object:
            clock.advance(max(sending.step(), 1e-3))
            return notices.active()

        until(step)
        assert [notice.stage for notice in notices.active()] == ["osc wrong"]
        heard = receiver.recv(2000)
        assert pack("/mien/valence", "f", [0.5]) in heard
        # A frame that cannot be encoded: the last one goes on.
        sending.take_frame({**frame, "messages": [("/valence", "f", ["no number"])], "formats": {}})
        assert {notice.stage for notice in notices.active("fault")} >= {"osc wrong: messages", "osc right: messages"}
        while receiver_has(receiver):
            pass
        clock.advance(0.1)
        sending.step()
        assert receiver.recv(2000) == heard
        sending.take_frame({**frame, "formats": {}})
        sending.take_targets(targets[1:])
        assert not notices.active()
        sending.close()


def receiver_has(receiver: socket.socket) -> bool:
    try:
        return bool(receiver.recv(2000))
    except BlockingIOError:
        return False


@pytest.mark.parametrize("error", [os_error(errno.ENOMEM), ValueError("bad descriptor"), RuntimeError("no fork")])
def test_a_sending_process_that_cannot_start_is_tried_again(
    error: Exception, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, broken = subprocess.Popen, threading.Event()
    broken.set()

    def popen(*args: Any, **more: Any) -> Any:
        if broken.is_set():
            raise error
        return real(*args, **more)

    monkeypatch.setattr(subprocess, "Popen", popen)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        config = OscConfig(targets=[OscTarget(host="127.0.0.1", port=receiver.getsockname()[1])])
        with closing(OscSender(config, notices)) as sender:
            until(lambda: notices.active("fault"))
            assert notices.active()[0].stage == "osc"
            broken.clear()
            until(lambda: sender.priority and not notices.active())


def test_a_bundle_that_cannot_be_sent_is_left_out_and_the_next_one_leaves(notices: Notices) -> None:
    with closing(OscSender(OscConfig(targets=[]), notices, lambda _: None)) as sender:
        good = bundles_of(send_everything)[0]
        sender.send(SimpleNamespace(packets=lambda: 1 / 0))  # type: ignore[arg-type]
        assert "ZeroDivisionError" in notices.active()[0].message
        sender.send(good)
        assert not notices.active()


# ---- lamps and instruments


@pytest.mark.parametrize(("at", "error"), ERRORS[:6], ids=str)
@pytest.mark.parametrize("protocol", ["sacn", "artnet"])
def test_a_universe_fails_and_recovers_alone(
    protocol: str, at: str, error: BaseException, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Node()) as node:
        wires = Wires(monkeypatch)
        wires.at, wires.error = at, error
        lights = Lights(config_of(node.port, protocol), notices, RealClock())
        lights.start()
        lights.show(SCENE)
        until(lambda: notices.active())
        assert [notice.stage for notice in notices.active()] == ["lights room"]
        wires.error = None
        node.await_packet(lit)
        until(lambda: not notices.active())
        lights.close()


def test_a_universe_that_cannot_be_made_dims_no_other(notices: Notices) -> None:
    with closing(Node()) as node:
        good = config_of(node.port)
        wrong = good.universes[0].model_copy(update={"name": "wrong", "number": 99999})
        lights = Lights(good.model_copy(update={"universes": [wrong, *good.universes]}), notices, RealClock())
        lights.start()
        lights.show(SCENE)
        node.await_packet(lit)
        until(lambda: notices.active())
        assert [notice.stage for notice in notices.active()] == ["lights wrong"]
        lights.reconfigure(good)
        until(lambda: not notices.active())
        lights.close()


@pytest.mark.parametrize("error", [SystemError("rtmidi"), RuntimeError("driver"), os_error(errno.ENODEV)])
@pytest.mark.parametrize("at", ["make", "open", "send"])
def test_whatever_midi_raises_is_reported_and_looked_for_again(
    at: str, error: Exception, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(midi, "LOOK_AGAIN_S", 0.02)
    broken, sent = {at}, []

    class Port:
        def names(self) -> list[str]:
            return ["Synth"]

        def open(self, name: str | None) -> None:
            check("open")

        def send(self, message: Any) -> None:
            check("send")
            sent.append(message)

        def close(self) -> None:
            check(at)

    def check(what: str) -> None:
        if what in broken:
            raise error

    def make(system: str) -> Port:
        check("make")
        return Port()

    out = midi.MidiOut(MidiConfig(enabled=True, port="synth"), notices, RealClock(), make)
    out.start()
    out.show(SCENE)
    until(lambda: notices.active("fallback"))
    tries = len(notices.history("fallback"))
    time_s = time.monotonic()
    until(lambda: time.monotonic() > time_s + 0.1)
    assert len(notices.history("fallback")) == tries == 1, "opened is not yet played"
    assert notices.active()
    broken.clear()
    until(lambda: sent and not notices.active())
    out.close()


# ---- the announcement


@pytest.mark.parametrize(
    "error", [zeroconf.NonUniqueNameException(), AssertionError("no loop"), os_error(errno.ENODEV)]
)
def test_what_cannot_be_announced_is_announced_later(
    error: Exception, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, told = threading.Event(), []
    broken.set()

    class Announcer:
        def __init__(self, interfaces: list[str]) -> None:
            if broken.is_set():
                raise error

        async def async_register_service(self, info: Any, allow_name_change: bool) -> Any:
            async def done() -> None:
                told.append((info.type, info.port))

            return done()

        async def async_unregister_all_services(self) -> None: ...

        async def async_close(self) -> None: ...

    monkeypatch.setattr(zeroconf.asyncio, "AsyncZeroconf", Announcer)
    monkeypatch.setattr(announce, "LOOK_S", 0.02)
    config = Config(oscquery=OscQueryConfig(port=free_port()))
    commands = SimpleNamespace(port=None)
    server = OscQueryServer(config, notices, LiveSettings(config), LastValues(), commands)  # type: ignore[arg-type]
    with closing(server):
        until(lambda: notices.active("fallback"))
        assert [notice.stage for notice in notices.active()] == ["osc zeroconf"]
        assert server.port == config.oscquery.port
        broken.clear()
        until(lambda: told == [(announce.QUERY_TYPE, config.oscquery.port)] and not notices.active())
        # The port for commands comes free later.
        commands.port = 9100
        until(lambda: (announce.OSC_TYPE, 9100) in told)


# ---- all of them


def services_of(config: Config, notices: Notices) -> tuple[Services, Supervisor]:
    clock = RealClock()
    supervisor = Supervisor(clock)
    return Services(config, LiveSettings(config), clock, notices, supervisor), supervisor


def quiet(**more: Any) -> Config:
    osc = OscConfig(targets=[], listen_port=free_port())
    return Config(osc=osc, oscquery=OscQueryConfig(enabled=False), **more)


def test_without_a_thread_to_be_had_the_piece_begins_and_the_services_follow(
    notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = threading.Thread.start

    def none(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none)
    services, supervisor = services_of(quiet(), notices)
    assert {notice.stage for notice in notices.active("fault")} >= {"osc in: service", "lights: service"}
    assert services.receiver.port is None
    monkeypatch.setattr(threading.Thread, "start", real)

    def shown() -> bool:
        services.show(SCENE, ())
        return services.receiver.port is not None and not notices.active()

    until(shown)
    assert supervisor.stop() == []
    supervisor.ended()


def test_settings_that_one_service_cannot_take_reach_the_others_and_are_taken_later(
    notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = quiet()
    services, supervisor = services_of(config, notices)
    taken: list[MidiConfig] = []
    broken = [ValueError("no such thing")]

    def receiver(_: OscConfig) -> None:
        if broken:
            raise broken[0]

    monkeypatch.setattr(services.receiver, "reconfigure", receiver)
    monkeypatch.setattr(services._midi, "reconfigure", taken.append)
    services.reconfigure(config)
    assert taken == [config.midi]
    assert [notice.stage for notice in notices.active("fault")] == ["osc in: service"]
    broken.clear()

    def shown() -> bool:
        services.show(SCENE, ())
        return not notices.active()

    until(shown)
    monkeypatch.setattr(services._midi, "hear", lambda _: 1 / 0)
    services.hear([("/valence", [0.5])])
    assert "ZeroDivisionError" in notices.active()[0].message
    assert supervisor.stop() == []
    supervisor.ended()


@pytest.mark.parametrize("host", ["192.168..5", "d" * 64, "\ud800.local"])
def test_a_look_up_raises_nothing_but_that_there_is_no_such_host(host: str) -> None:
    look_up = HostLookUp(host, 1, socket.SOCK_DGRAM)
    with pytest.raises(HostError, match="no name of a host"):
        until(lambda: look_up.poll(0.0))
