"""The pace: absolute deadlines, by a clock that the test moves."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.showcontrol.osc_out.encode import MAX_BYTES, bundled, pack, slip
from installation.showcontrol.osc_out.pipe import PipeReader
from installation.showcontrol.osc_out.process import MAX_EVENTS, SendingProcess
from tests.showcontrol.osc_states import decode

ROOT = Path(__file__).resolve().parents[3]


class Caught:
    """Stands for a transport: keeps what is sent and when."""

    stage = "osc test"

    def __init__(self) -> None:
        self.sent: list[tuple[float, list[bytes]]] = []

    def send(self, packets: list[bytes], now_s: float) -> None:
        if packets:
            self.sent.append((now_s, packets))

    def close(self) -> None: ...


def spec(rate: float, **more: object) -> dict[str, Any]:
    base = {
        "stage": "osc test",
        "host": "127.0.0.1",
        "port": 9,
        "prefix": "",
        "per_second": rate,
        "addresses": [],
        "protocol": "udp",
        "format": "mien",
    }
    return base | more


def frame(number: int, events: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "prefix": "/mien",
        "messages": [("/frame", "if", [number, 0.0])],
        "events": [(event, ("/event/clear", "i", [event])) for event in events],
        "last": [("/people/ids", "i", [1])],
        "joints": [],
        "formats": {"wekinator": [("/wek/inputs", "f", [0.5])]},
    }


def paced(*specs: dict[str, Any]) -> tuple[ManualClock, SendingProcess, list[Caught]]:
    clock = ManualClock(100.0)
    sending = SendingProcess(clock, Notices(clock))
    sending.take_targets(list(specs))
    transports = []
    for target in sending._targets:
        transports.append(Caught())
        target.transport = transports[-1]  # type: ignore[assignment]
    return clock, sending, transports


def run(clock: ManualClock, sending: SendingProcess, seconds: float, late_s: float = 0.0) -> None:
    until_s = clock.now() + seconds
    while clock.now() < until_s:
        wait_s = sending.step()
        clock.advance(max(wait_s, 1e-4) + late_s)


def test_deadlines_are_absolute_so_lateness_never_adds_up() -> None:
    clock, sending, (transport,) = paced(spec(60.0))
    sending.take_frame(frame(1))
    run(clock, sending, 10.0, late_s=0.003)
    times_s = [when_s for when_s, _ in transport.sent]
    assert len(times_s) == pytest.approx(600, abs=2)
    for number, when_s in enumerate(times_s):
        assert 0 <= when_s - (100.0 + number / 60) < 0.0036


def test_after_a_stall_nothing_is_sent_in_a_burst_and_the_phase_stays() -> None:
    clock, sending, (transport,) = paced(spec(50.0))
    sending.take_frame(frame(1))
    run(clock, sending, 1.0)
    clock.advance(3.007)
    before = len(transport.sent)
    run(clock, sending, 1.0)
    after = [when_s for when_s, _ in transport.sent[before:]]
    assert len(after) == pytest.approx(50, abs=2)
    phases = [((when_s - 100.0) * 50) % 1 for when_s in after[1:]]
    assert all(min(phase, 1 - phase) < 0.02 for phase in phases)


def test_rates_are_kept_side_by_side_and_rate_0_follows_the_frames() -> None:
    clock, sending, (slow, fast, each) = paced(spec(7.0), spec(120.0), spec(0.0))
    for number in range(24):
        sending.take_frame(frame(number))
        run(clock, sending, 1 / 24)
    assert len(slow.sent) == pytest.approx(7, abs=1)
    assert len(fast.sent) == pytest.approx(120, abs=2)
    assert [decode(packets)[0][1][0] for _, packets in each.sent] == list(range(24))
    newest = [decode(packets)[0][1][0] for _, packets in fast.sent]
    assert newest == sorted(newest)
    assert newest[-1] == 23


@pytest.mark.parametrize("rate", [0.0, 10.0, 60.0])
@given(gaps=st.lists(st.floats(0.005, 0.3), min_size=8, max_size=20))
def test_each_event_is_sent_three_times_in_order_at_any_rate(rate: float, gaps: list[float]) -> None:
    clock, sending, (transport,) = paced(spec(rate))
    # As the show sends them: each event with three frames in a row.
    for number, gap_s in enumerate(gaps):
        sending.take_frame(frame(number, tuple(range(max(1, number - 1), number + 2)) if number < 5 else ()))
        run(clock, sending, gap_s)
    run(clock, sending, 1.0)
    events = [args[0] for _, packets in transport.sent for path, args in decode(packets) if path == "/mien/event/clear"]
    assert all(events.count(number) == 3 for number in range(1, 6))
    firsts = [events.index(number) for number in range(1, 6)]
    assert firsts == sorted(firsts)


def test_a_flood_of_events_does_not_grow() -> None:
    clock, sending, (transport,) = paced(spec(1.0))
    for number in range(1, 2000):
        sending.take_frame(frame(number, (number,)))
    clock.advance(1.0)
    sending.step()
    assert len(decode(transport.sent[-1][1])) <= MAX_EVENTS + 2


def test_health_goes_out_once_and_only_to_our_own_receivers() -> None:
    clock, sending, (ours, theirs) = paced(spec(10.0), spec(10.0, format="wekinator"))
    sending.take_frame(frame(1))
    sending.take_health({"prefix": "/mien", "messages": [("/state", "ss", ["active", ""])]})
    run(clock, sending, 1.0)
    heard = [path for _, packets in ours.sent for path, _ in decode(packets)]
    assert heard.count("/mien/state") == 1
    assert {path for _, packets in theirs.sent for path, _ in decode(packets)} == {"/wek/inputs"}


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


@given(st.lists(st.tuples(st.integers(-(2**31), 2**31 - 1), st.floats(width=32, allow_nan=False), texts), max_size=40))
def test_packets_are_what_an_independent_decoder_reads_and_below_their_limit(rows: list) -> None:
    packets = bundled(pack("/a/b", "ifs", row) for row in rows)
    assert [args for _, args in decode(packets)] == [list(row) for row in rows]
    assert all(len(packet) % 4 == 0 for packet in packets)
    for packet in packets:
        assert len(packet) <= MAX_BYTES or len(decode([packet])) == 1
        assert packet.startswith(b"#bundle\0" + bytes(7) + b"\1"), "the time tag that means at once"


@given(st.binary(max_size=200))
def test_slip_frames_hold_no_end_inside(data: bytes) -> None:
    framed = slip(data)
    assert framed[:1] == framed[-1:] == b"\xc0"
    assert b"\xc0" not in framed[1:-1]
    assert framed[1:-1].replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb") == data


def test_the_process_stays_small_and_ends_with_the_piece() -> None:
    ours, theirs = socket.socketpair()
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from installation.showcontrol.osc_out.process import main; "
    code += "assert not {'numpy', 'pydantic', 'moderngl', 'cv2'} & set(sys.modules); "
    code += f"main({theirs.fileno()})"
    child = subprocess.Popen([sys.executable, "-E", "-c", code], pass_fds=[theirs.fileno()])
    theirs.close()
    with ours:
        ours.settimeout(60)
        data = ours.recv(65536)
        assert next(PipeReader().feed(data))[0] == "priority"
    assert child.wait(60) == 0
