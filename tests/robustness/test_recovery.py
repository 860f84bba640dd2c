"""A recovery is told by who recovered; limits in bytes are counted in bytes."""

import errno
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.config.lights import LightsConfig
from installation.config.osc import OscConfig, OscTarget
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import CommandTable
from installation.live_commands.table import NETWORK
from installation.showcontrol import service_state
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.lights import dmx
from installation.showcontrol.lights.lights import Lights
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.osc_out.transport import PROVED_S, TcpTransport, UdpTransport
from installation.showcontrol.oscquery.announce import MAX_LABEL_BYTES, server_name
from installation.showcontrol.service_state import ServiceState
from installation.showcontrol.show_control import ShowControl
from tests.ports import free_port
from tests.showcontrol.lights.test_lights import SCENE, Node, config_of, lit
from tests.showcontrol.osc_states import bundles_of, send_everything

LONG_NAME = "\u00e4" * 11 + "a" * 46
"""57 letters, 68 bytes."""


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.002)


class Told(Notices):
    """Also keeps, in their order, what was said to be over."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.resolved: list[str] = []

    def resolve(self, stage: str, kind: Any = None) -> None:
        was_active = any(notice.stage == stage and kind in (None, notice.kind) for notice in self.active())
        super().resolve(stage, kind)
        if was_active:
            self.resolved.append(stage)


# ---- bytes


@pytest.mark.parametrize("source", [LONG_NAME, "\u0416" * 32, "\U0001f3ad" * 16])
def test_a_source_name_is_counted_in_bytes(source: str) -> None:
    with pytest.raises(ValidationError, match="bytes and can have 63"):
        LightsConfig(source=source)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_what_is_taken_as_a_source_name_leaves_whole(source: str) -> None:
    try:
        config = config_of(1, source=source)
    except ValidationError:
        assert len(source.encode()) > 63
        return
    line = dmx.SacnLine(config.universes[0], config, Notices(ManualClock()))
    packet = line._packet_of(np.zeros(512, np.uint8))
    assert packet[44:108] == source.encode().ljust(64, b"\0")


@pytest.mark.parametrize("machine", ["studio", "d" * 64, "\u00e4" * 40, "foh.venue.example", ""])
def test_a_machine_of_any_name_can_be_announced(machine: str) -> None:
    label, *rest = server_name(machine).split(".")
    assert rest == ["local", ""]
    assert 0 < len(label.encode()) <= MAX_LABEL_BYTES


def test_a_prefix_leaves_room_for_an_address() -> None:
    with pytest.raises(ValidationError):
        OscConfig(prefix="/" + "m" * 100)


# ---- who says that it works


def test_a_source_name_that_came_past_the_check_stays_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(service_state, "LONGEST_RETRY_S", 0.05)
    notices = Told(RealClock())
    with closing(Node()) as node:
        config = config_of(node.port)
        lights = Lights(config.model_copy(update={"source": LONG_NAME}), notices, RealClock())
        lights.start()
        lights.show(SCENE)
        until(lambda: notices.active("fault"))
        (fault,) = notices.active()
        assert (fault.stage, "68 bytes" in fault.message) == ("lights room", True)
        tried = lights._universes[0].line._state
        was_s = tried._retries._again_s
        until(lambda: tried._retries._again_s > was_s + 0.1)
        assert notices.active() == (fault,)
        assert notices.resolved == []
        lights.reconfigure(config)
        node.await_packet(lit)
        until(lambda: not notices.active())
        lights.close()


class Line:
    """Stands for a connected UDP socket of a network in which refusals are on their way for a while."""

    def __init__(self, refuses: Callable[[], bool]) -> None:
        self._refuses, self._late = refuses, False

    def send(self, data: bytes) -> int:
        if self._late:
            self._late = False
            raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        self._late = self._refuses()
        return len(data)

    def close(self) -> None: ...


@pytest.mark.parametrize("per_second", [0.05, 1.0, 60.0])
def test_a_refusal_that_comes_late_is_not_a_recovery_in_between(
    per_second: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, away = ManualClock(), [True]
    notices = Told(clock)
    transport = UdpTransport("192.0.2.7", 9, "osc desk", notices)

    def opened() -> Line:
        transport._socket = Line(lambda: away[0])  # type: ignore[assignment]
        return transport._socket  # type: ignore[return-value]

    monkeypatch.setattr(transport, "_open", opened)

    def send(seconds: float) -> None:
        for _ in range(max(4, round(seconds * per_second))):
            transport.send([b"x"], clock.now())
            clock.advance(1 / per_second)

    send(5.0)
    assert [notice.kind for notice in notices.active()] == ["fallback"]
    assert notices.resolved == []
    assert len(notices.history("fallback")) == 1
    away[0] = False
    send(PROVED_S + 1.0)
    assert notices.resolved == ["osc desk"]
    assert not notices.active()


def test_a_receiver_that_hangs_up_at_once_is_not_there() -> None:
    clock = ManualClock()
    notices = Told(clock)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.0)
        transport = TcpTransport("127.0.0.1", server.getsockname()[1], "osc desk", notices)
        for _ in range(400):
            transport.send([b"x"], clock.now())
            clock.advance(0.05)
            try:
                server.accept()[0].close()
            except BlockingIOError:
                continue
        assert [notice.kind for notice in notices.active()] == ["fallback"]
        assert notices.resolved == []
        transport.close()
        assert notices.resolved == [], "that it is no longer asked for is no recovery"


def test_what_a_sending_process_reported_holds_when_it_dies_until_the_next_one_finds_it_well() -> None:
    notices = Told(RealClock())
    port = free_port()
    stage = f"osc 127.0.0.1:{port}"
    bundle = bundles_of(send_everything)[0]
    with closing(OscSender(OscConfig(targets=[OscTarget(host="127.0.0.1", port=port)]), notices)) as sender:

        def sent(done: Callable[[], object]) -> None:
            def step() -> object:
                sender.send(bundle)
                return done()

            until(step)

        sent(lambda: any(notice.stage == stage for notice in notices.active()))
        assert sender._process is not None
        sender._process.kill()
        sent(lambda: "osc" in notices.resolved)
        assert [notice.stage for notice in notices.active()] == [stage]
        assert notices.resolved == ["osc"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
            receiver.bind(("127.0.0.1", port))
            sent(lambda: notices.resolved == ["osc", stage])
        assert not notices.active()


def test_a_service_says_one_thing_at_a_time() -> None:
    notices = Told(ManualClock())
    found = ServiceState("osc desk", notices)
    found.failed("the name cannot be resolved", kind="fault")
    found.failed("nobody listens", kind="fallback")
    assert [(notice.kind, notice.message) for notice in notices.active()] == [("fallback", "nobody listens")]
    assert notices.resolved == []
    found.worked()
    found.worked()
    assert notices.resolved == ["osc desk"]
    found.failed("nobody listens", kind="fallback")
    found.dismiss()
    assert (notices.active(), notices.resolved) == ((), ["osc desk"])


def test_pauses_grow_and_begin_anew_with_other_settings() -> None:
    found = ServiceState("osc desk", Notices(ManualClock()))
    pauses = [found.failed("away") for _ in range(6)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert not found.due(4.0)
    found.hurry()
    assert found.due(0.0)
    assert found.failed("away") == 0.5
    assert found.troubled


# ---- who asks


def asked(values: LastValues, path: str) -> list[Any]:
    answer = CommandTable(LiveSettings(Config()), values).answer(NETWORK, "get", [path])
    assert answer is not None
    return answer.args


@pytest.mark.parametrize(("kind", "path"), [("faults", "/fault"), ("fallbacks", "/fallback")])
def test_who_asks_for_a_fault_is_told_the_one_that_is_active(kind: str, path: str) -> None:
    sent, values = [], LastValues()
    control = ShowControl(OscConfig(), sent.append, values.put)
    health: dict[str, Any] = {"figures": [60.0, 30.0, 1.0, 0, 0, 100.0], "faults": [], "fallbacks": []}
    control.on_health(health)  # type: ignore[arg-type]
    assert asked(values, path) == ["", ""]
    control.on_health({**health, kind: [["source", "no camera"]]})  # type: ignore[typeddict-item]
    assert asked(values, path) == ["source", "no camera"]
    control.on_health(health)  # type: ignore[arg-type]
    assert asked(values, path) == ["", ""]
    # The receivers hear what there is, as ever.
    heard = [message for bundle in sent for message in bundle.all_messages() if message[0] == path]
    assert heard == [(path, ["source", "no camera"])]


def test_a_lamp_whose_network_card_comes_back_is_sent_to_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_state, "FIRST_RETRY_S", 0.02)
    monkeypatch.setattr(service_state, "LONGEST_RETRY_S", 0.02)
    notices, there = Told(RealClock()), threading.Event()
    real = dmx._multicast

    def multicast(wire: socket.socket, config: LightsConfig) -> None:
        if not there.is_set():
            raise OSError(errno.ENODEV, "No such device")
        real(wire, config)

    monkeypatch.setattr(dmx, "_multicast", multicast)
    with closing(Node()) as node:
        lights = Lights(config_of(node.port, interface="127.0.0.1"), notices, RealClock())
        lights.start()
        lights.show(SCENE)
        node.await_packet(lit)
        until(lambda: [notice.stage for notice in notices.active()] == ["lights room: network card"])
        there.set()
        until(lambda: notices.resolved == ["lights room: network card"])
        assert not notices.active()
        lights.close()
