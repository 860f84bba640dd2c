"""Commands over OSC: understood, refused with a reason, never fatal."""

import socket
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from installation.clock import ManualClock
from installation.config import OscConfig
from installation.notices import Notices
from installation.showcontrol.receiver import MOST_WAITING, OscReceiver, understood


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def notices() -> Notices:
    return Notices(ManualClock())


@pytest.fixture
def receiver(notices: Notices) -> Iterator[OscReceiver]:
    found = OscReceiver(OscConfig(listen_port=free_port()), notices)
    yield found
    found.close()


def send(port: int | None, *packets: bytes) -> None:
    assert port is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        for packet in packets:
            wire.sendto(packet, ("127.0.0.1", port))


def message(path: str, *args: object) -> bytes:
    builder = OscMessageBuilder(path)
    for value in args:
        builder.add_arg(value)
    return builder.build().dgram


def wait_for(receiver: OscReceiver, count: int) -> list[tuple[str, list]]:
    found: list = []
    for _ in range(200):
        found += receiver.take()
        if len(found) >= count:
            break
        time.sleep(0.01)
    return found


def told(notices: Notices) -> str:
    return "; ".join(notice.message for notice in notices.active())


def test_commands_arrive_in_order_alone_and_in_bundles(receiver: OscReceiver) -> None:
    bundle = OscBundleBuilder(IMMEDIATELY)
    for path in ("/mien/snapshot", "/mien/clear"):
        bundle.add_content(OscMessageBuilder(path).build())
    send(receiver.port, message("/mien/record", "arms_up"), bundle.build().dgram)
    assert wait_for(receiver, 3) == [("/record", ["arms_up"]), ("/snapshot", []), ("/clear", [])]
    assert receiver.take() == []


def test_what_is_not_understood_is_told_and_the_next_command_counts(receiver: OscReceiver, notices: Notices) -> None:
    send(receiver.port, b"", b"\x00", b"not osc at all", b"#bundle\x00\xff", b"/mien/record\x00\x00\x00\x00,")
    send(receiver.port, message("/mien/nothing", 1))
    for _ in range(200):
        if "/mien/nothing" in told(notices):
            break
        time.sleep(0.01)
    assert "there are /mien/next_scene" in told(notices)
    send(receiver.port, message("/mien/snapshot"))
    # The message that ends within its type tags is the command without arguments, and harms nothing.
    assert wait_for(receiver, 1)[-1] == ("/snapshot", [])
    assert told(notices) == ""


def test_a_flood_is_cut(receiver: OscReceiver) -> None:
    send(receiver.port, *[message("/mien/clear")] * 300)
    time.sleep(0.3)
    assert 1 <= len(receiver.take()) <= MOST_WAITING


def test_a_port_that_is_taken_is_told_and_another_one_mends_it(notices: Notices) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        receiver = OscReceiver(OscConfig(listen_port=port), notices)
        assert receiver.port is None
        assert f"127.0.0.1:{port}" in told(notices)
        receiver.reconfigure(OscConfig(listen_port=free_port()))
        assert receiver.port is not None
        assert told(notices) == ""
        receiver.reconfigure(OscConfig(listen_port=0))
        assert receiver.port is None
        receiver.close()


@pytest.mark.parametrize(
    ("address", "args", "words"),
    [
        ("/other/snapshot", [], "no address here"),
        ("/snapshot", [], "no address here"),
        ("/mien/record", [3], "label must be text"),
        ("/mien/record", ["a", "b"], "1 arguments at most"),
        ("/mien/snapshot", ["now"], "0 arguments at most"),
    ],
)
def test_wrong_messages_are_named(address: str, args: list, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        understood(address, args, "/mien")


def test_the_number_that_a_desk_sends_along_does_no_harm() -> None:
    assert understood("/mien/snapshot", [1.0], "/mien") == ("/snapshot", [])
    assert understood("/mien/record", [], "/mien") == ("/record", [])


@given(st.text(max_size=20), st.lists(st.one_of(st.integers(), st.floats(), st.text(), st.binary(), st.none())))
def test_anything_is_understood_or_refused(address: str, args: list) -> None:
    try:
        path, plain = understood("/mien/" + address, args, "/mien")
    except ValueError:
        return
    assert path in ("/next_scene", "/snapshot", "/clear", "/record", "/test_pattern")
    assert all(isinstance(value, str) for value in plain)
