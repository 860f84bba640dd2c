"""The end, in whatever way it comes: receivers hear that nobody is there and that the piece has ended."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.config.osc import OscConfig, OscTarget
from installation.config.settings import Config
from installation.showcontrol import farewell as farewell_module
from installation.showcontrol.addresses import fit, tags_of
from installation.showcontrol.farewell import farewell
from installation.showcontrol.lights.black_out import ROUNDS
from installation.showcontrol.lights.dmx import TERMINATIONS
from installation.showcontrol.lights.lights import DARK_PACKETS
from installation.showcontrol.osc_out.goodbye import KILLED, goodbye
from installation.showcontrol.osc_out.process import HANGS, SILENT_S, SendingProcess
from installation.showcontrol.osc_out.sender import specs_of
from installation.showcontrol.osc_out.wekinator import INPUTS, Wekinator
from installation.types import neutral_probabilities
from tests.showcontrol.osc_states import decode

ROOT = Path(__file__).resolve().parents[2]
BUSY_S = 10.0
"""What a busy machine may add to a time that is kept."""
SPEAKER = """
import sys, time
sys.path.insert(0, {root!r})
from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig, OscTarget
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.show_control import ShowControl
from tests.showcontrol.osc_states import scene, state
sender = OscSender(OscConfig(targets=[OscTarget(host="127.0.0.1", port={port}, per_second={rate})]), Notices(ManualClock()))
control = ShowControl(OscConfig(), sender.send)
sender.start()
for number in range(1000):
    here = state(3)
    control.on_observation(number, number / 50, (here, state(7)), scene(), group=here)
    time.sleep(0.02)
    if number == 10:
        {end}
"""
"""A piece that is nothing but its sender, with two visitors before it."""


class Receiver:
    """A receiver of the test's own: messages until it is quiet."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])

    def until(self, address: str, *values: object, seconds: float = 60.0) -> list[tuple[str, list]]:
        """All messages up to the packet that holds this one; fails where it does not come."""
        found: list[tuple[str, list]] = []
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.socket.settimeout(max(until_s - time.monotonic(), 0.01))
            try:
                messages = decode([self.socket.recv(65535)])
            except TimeoutError:
                break
            found += messages
            if any(path == address and args[: len(values)] == list(values) for path, args in messages):
                return found
        raise AssertionError(f"{address} {values} never came; last: {found[-5:]}")

    def goodbye(self) -> list[tuple[str, list]]:
        """All messages up to the last of the three times that the end is said."""
        return [message for _ in range(3) for message in self.until("/mien/state", "ended")]

    def rest(self, quiet_s: float = 0.5) -> list[tuple[str, list]]:
        """What comes until nothing has come for so long."""
        found: list[tuple[str, list]] = []
        self.socket.settimeout(quiet_s)
        while True:
            try:
                found += decode([self.socket.recv(65535)])
            except TimeoutError:
                return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.socket.close()


def last_of(messages: list[tuple[str, list]]) -> dict[str, list]:
    return dict(messages)


def is_goodbye(messages: list[tuple[str, list]], reason: str) -> bool:
    last = last_of(messages)
    wanted: dict[str, list] = {
        "/mien/people": [0],
        "/mien/people/ids": [],
        "/mien/presence": [0.0],
        "/mien/group/presence": [0.0],
        "/mien/state": ["ended", reason],
    }
    return wanted.items() <= last.items()


def test_every_message_of_the_goodbye_is_one_of_the_table_and_none_can_be_switched_off() -> None:
    frame: Any = {"prefix": "/mien", "messages": [], "events": [], "joints": []}
    frame |= {"last": [("/people/ids", "ii", [3, 9])], "formats": {}}
    found = goodbye("/mien", "SIGTERM", frame, 7)
    messages = [*found["messages"], *(message for _, message in found["events"]), *found["last"]]
    for path, tags, args in messages:
        assert tags_of(path, list(args)) == tags
        assert fit(path, list(args)) == list(args)
    last = {path: args for path, _, args in messages}
    assert last["/person/3/presence"] == last["/person/9/presence"] == [0.0]
    assert [message[2] for _, message in found["events"]] == [[8, 3], [9, 9]]
    switched_off = ("emotion", "valence", "arousal", "label", "emoji", "agreement")
    assert not [path for path in last if any(word in path for word in switched_off)]


def test_other_programs_hear_it_in_their_own_words() -> None:
    nobody = goodbye("/mien", "", None)["formats"]
    at_rest = [0.0, 0.5, 0.5, *[0.0] * 6, *(float(share) for share in neutral_probabilities())]
    assert nobody["wekinator"] == [("/wek/inputs", "f" * len(INPUTS), at_rest)]
    assert len(at_rest) == len(INPUTS) == len(Wekinator()._last)
    assert nobody["faceosc"] == [("/found", "i", [0])]
    assert nobody["vmc"] == [("/VMC/Ext/OK", "i", [0])]
    before: Any = {"last": [], "events": [], "formats": {"wekinator": [("/wek/inputs", "ff", [0.9, 0.3])]}}
    assert goodbye("/mien", "", before)["formats"]["wekinator"] == [("/wek/inputs", "ff", [0.0, 0.3])]


@pytest.mark.parametrize(("number", "rate"), [(signal.SIGKILL, 60.0), (None, 0.0)], ids=["kill", "exception"])
def test_receivers_hear_the_end_of_a_process_that_had_no_time_to_say_it(
    receiver: Receiver, number: signal.Signals | None, rate: float
) -> None:
    """The exception is not caught here: the whole process is gone at once, and only the sending one is left."""
    end = "raise ValueError('as a test')" if number is None else "pass"
    code = SPEAKER.format(root=str(ROOT), port=receiver.port, rate=rate, end=end)
    speaker = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    try:
        receiver.until("/mien/people/ids", 3, 7)
        if number is not None:
            speaker.send_signal(number)
        messages = receiver.goodbye() + receiver.rest()
    finally:
        speaker.kill()
        speaker.communicate()
    reason = KILLED if number is not None else last_of(messages)["/mien/state"][1]
    assert is_goodbye(messages, reason), messages[-20:]
    last = last_of(messages)
    assert last["/mien/person/3/presence"] == last["/mien/person/7/presence"] == [0.0]
    assert {args[1] for path, args in messages if path == "/mien/event/left"} == {3, 7}
    assert [args for path, args in messages if path == "/mien/state"].count(["ended", reason]) == 3


def test_a_signal_to_the_whole_group_is_outlived_by_the_goodbye(receiver: Receiver) -> None:
    """A service's end goes to all its processes."""
    code = SPEAKER.format(root=str(ROOT), port=receiver.port, rate=60.0, end="pass")
    speaker = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    try:
        receiver.until("/mien/people/ids", 3, 7)
        os.killpg(speaker.pid, signal.SIGTERM)
        assert is_goodbye(receiver.goodbye(), KILLED)
    finally:
        speaker.kill()
        speaker.wait()


class Caught:
    """Stands for a transport."""

    sends = 0

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, packets: list[bytes], now_s: float) -> None:
        self.sent += packets
        self.sends += bool(packets)

    def close(self) -> None: ...


class Nobody:
    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def frame(number: int) -> Any:
    return {
        "prefix": "/mien",
        "messages": [("/frame", "if", [number, 0.0])],
        "events": [],
        "last": [("/people/ids", "i", [4])],
        "joints": [],
        "formats": {},
    }


def sending_to(*ports: int) -> tuple[ManualClock, SendingProcess, list[Caught]]:
    clock = ManualClock(50.0)
    sending = SendingProcess(clock, Nobody())
    sending.take_targets(specs_of(OscConfig(targets=[OscTarget(host="127.0.0.1", port=port) for port in ports])))
    caught = []
    for target in sending._targets:
        caught.append(Caught())
        target.transport = caught[-1]  # type: ignore[assignment]
    return clock, sending, caught


def test_a_piece_that_hangs_has_nobody_before_it_until_it_goes_on() -> None:
    clock, sending, (caught,) = sending_to(9)
    sending.take_frame(frame(1))
    while clock.now() < 50.0 + SILENT_S - 0.1:
        clock.advance(max(sending.step(), 1e-3))
    assert last_of(decode(caught.sent))["/mien/people/ids"] == [4]
    while clock.now() < 50.0 + SILENT_S + 0.1:
        clock.advance(max(sending.step(), 1e-3))
    last = last_of(decode(caught.sent[-2:]))
    assert last["/mien/state"] == ["ended", HANGS]
    assert last["/mien/people/ids"] == []
    sending.take_frame(frame(2))
    clock.advance(0.1)
    sending.step()
    assert last_of(decode(caught.sent[-1:])) == {"/mien/frame": [2, 0.0], "/mien/people/ids": [4]}


def test_a_target_that_is_taken_out_hears_the_end_and_one_that_only_changes_does_not() -> None:
    _, sending, (first, second) = sending_to(9, 10)
    sending.take_frame(frame(1))
    changed = OscTarget(host="127.0.0.1", port=10, per_second=30.0)
    sending.take_targets(specs_of(OscConfig(targets=[changed])))
    assert last_of(decode(first.sent))["/mien/state"][0] == "ended"
    assert "/mien/state" not in last_of(decode(second.sent))


def test_who_was_never_sent_anything_is_told_nothing() -> None:
    _, sending, (caught,) = sending_to(9)
    sending.say_goodbye("SIGTERM")
    assert caught.sent == []


def config_of(receiver: Receiver, **more: Any) -> Config:
    return Config.model_validate({"osc": {"targets": [{"host": "localhost", "port": receiver.port}]}, **more})


def test_a_guard_says_it_from_the_settings_alone(receiver: Receiver) -> None:
    began_s = time.monotonic()
    farewell(config_of(receiver), RealClock(), "killed by SIGKILL")
    assert time.monotonic() - began_s < farewell_module.LONGEST_S + BUSY_S
    assert is_goodbye(receiver.goodbye(), "killed by SIGKILL")


def test_a_guard_says_it_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        target = {"host": "127.0.0.1", "port": server.getsockname()[1], "protocol": "tcp"}
        farewell(Config.model_validate({"osc": {"targets": [target]}}), RealClock())
        connection, _ = server.accept()
        with connection:
            connection.settimeout(60)
            data = b""
            while part := connection.recv(65536):
                data += part
    packets = [packet for packet in data.split(b"\xc0") if packet]
    assert is_goodbye(decode([packet.replace(b"\xdb\xdc", b"\xc0") for packet in packets]), KILLED)


def universe(port: int, protocol: str) -> dict[str, Any]:
    number = 1 if protocol == "sacn" else 0
    place = {"name": "room", "number": number, "host": "127.0.0.1", "port": port}
    return {"enabled": True, "universes": [{**place, "protocol": protocol}]}


def datagrams(receiver: Receiver, count: int) -> list[bytes]:
    """So many, and what comes until it is quiet."""
    found: list[bytes] = []
    while True:
        receiver.socket.settimeout(20.0 if len(found) < count else 0.3)
        try:
            found.append(receiver.socket.recv(65535))
        except TimeoutError:
            return found


@pytest.mark.parametrize("last_count", [0, 5, 90, 180, 250])
def test_lamps_go_dark_and_the_stream_ends_whatever_the_killed_piece_had_counted_to(
    receiver: Receiver, last_count: int
) -> None:
    config = Config.model_validate({"osc": {"targets": []}, "lights": universe(receiver.port, "sacn")})
    farewell(config, RealClock())
    known, taken = last_count, []
    for packet in datagrams(receiver, ROUNDS * DARK_PACKETS + TERMINATIONS):
        # E1.31-2018, 6.7.2: what is up to 20 behind is out of sequence.
        behind = (packet[111] - known + 128) % 256 - 128
        if not -20 < behind <= 0:
            known = packet[111]
            taken.append(packet)
    assert len([packet for packet in taken if not packet[112] & 0x40]) >= 4
    assert all(not any(packet[126:638]) for packet in taken)
    assert [bool(packet[112] & 0x40) for packet in taken[-3:]] == [True] * 3


def test_art_net_goes_dark_and_held_light_is_left_alone(receiver: Receiver) -> None:
    lights = universe(receiver.port, "artnet")
    farewell(Config.model_validate({"osc": {"targets": []}, "lights": lights}), RealClock())
    packets = datagrams(receiver, ROUNDS * DARK_PACKETS)
    assert len(packets) >= 6
    assert all(packet.startswith(b"Art-Net\0") and not any(packet[18:530]) and packet[12] for packet in packets)
    farewell(Config.model_validate({"osc": {"targets": []}, "lights": {**lights, "on_exit": "hold"}}), RealClock())
    assert datagrams(receiver, 0) == []


def test_whatever_cannot_be_said_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()

    def raises(*_: object) -> None:
        raise RuntimeError("as a test")

    def hangs(*_: object) -> None:
        never.wait(10 * BUSY_S)

    monkeypatch.setattr(farewell_module, "black_out", raises)
    monkeypatch.setattr(farewell_module, "bring_to_rest", hangs)
    began_s = time.monotonic()
    targets = [{"host": "no-such-host.invalid", "port": 9}, {"host": "127.0.0.1", "port": 1, "protocol": "tcp"}]
    farewell(Config.model_validate({"osc": {"targets": targets}}), RealClock())
    assert time.monotonic() - began_s < farewell_module.LONGEST_S + BUSY_S
    never.set()


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_whole_piece_says_starting_first_and_ended_last(
    receiver: Receiver, tmp_path: Path, number: signal.Signals
) -> None:
    options = ["--offscreen", "--size", "192x108", "--source", "simulated", "--set", "osc.listen_port=0"]
    options += ["--set", "oscquery.enabled=false", "--set", f"osc.targets=[{{host: 127.0.0.1, port: {receiver.port}}}]"]
    options += ["--set", f"log.file={tmp_path / 'mien.log'}"]
    piece = subprocess.Popen([sys.executable, "-m", "installation", *options], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        first = receiver.until("/mien/state", seconds=120)
        assert last_of(first)["/mien/state"][0] in ("starting", "degraded")
        messages = receiver.until("/mien/state", "active", "", seconds=60)
        assert "/mien/health" in last_of(first + messages)
        piece.send_signal(number)
        messages = receiver.until("/mien/state", "ended", seconds=60) + receiver.rest()
    finally:
        piece.kill()
        piece.wait()
    assert is_goodbye(messages, "SIGTERM" if number is signal.SIGTERM else KILLED)
    assert (tmp_path / "mien.log").read_text().count("running: ") == 1
