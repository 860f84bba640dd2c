"""The sending: real receivers understand every address, targets get what they ask for, and a dead one costs nothing."""

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.base.tempo import Tempo
from installation.config.osc import OscConfig, OscTarget
from installation.showcontrol.address import Address
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.osc_out import sender as sender_module
from installation.showcontrol.osc_out.sender import OscSender
from installation.showcontrol.show_control import ShowControl
from installation.types import Observation
from tests.ports import free_port
from tests.showcontrol.osc_states import bundles_of, decode, person, send_everything, state

ALL = ["/mien//*"]
LIBLO = """
import sys, liblo
server = liblo.Server(int(sys.argv[1]), liblo.UDP)
server.add_method(None, None, lambda path, args, types: print(path, types, *args, flush=True))
print("ready", flush=True)
while True:
    server.recv(100)
"""


def repeat_until(do: Callable[[], None], done: Callable[[], bool], seconds: float = 40.0) -> None:
    """Do it every 10 ms until it is done; fails when that takes too long."""
    until_s = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until_s, "it never came"
        do()
        threading.Event().wait(0.01)


@pytest.fixture
def notices() -> Notices:
    return Notices(ManualClock())


class Wire:
    """A UDP receiver of the test's own."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(30)
        self.port = self.socket.getsockname()[1]

    def bundles(self, seconds: float) -> list[tuple[float, bytes]]:
        """What comes in so long: (time, packet)."""
        found, until_s = [], time.monotonic() + seconds
        while (left_s := until_s - time.monotonic()) > 0:
            self.socket.settimeout(left_s)
            try:
                data = self.socket.recv(65535)
            except TimeoutError:
                break
            found.append((time.monotonic(), data))
        return found

    def until(self, done: Callable[[list[tuple[str, list]]], bool], seconds: float = 30.0) -> list[tuple[str, list]]:
        """All messages up to the packet with which ``done`` holds for them; fails when that takes too long."""
        found: list[tuple[str, list]] = []
        until_s = time.monotonic() + seconds
        while not done(found):
            self.socket.settimeout(max(until_s - time.monotonic(), 0.001))
            found += decode([self.socket.recv(65535)])
        return found

    def wait_for(self, address: str) -> list:
        """The arguments of the first message to an address; fails when none comes."""
        self.socket.settimeout(30)
        for _ in range(2000):
            for path, args in decode([self.socket.recv(65535)]):
                if path == address:
                    return args
        raise AssertionError(address)


@pytest.fixture
def wire() -> Iterator[Wire]:
    found = Wire()
    yield found
    found.socket.close()


@pytest.fixture
def make(notices: Notices) -> Iterator[Callable[..., OscSender]]:
    made: list[OscSender] = []

    def sender(*targets: OscTarget, log: Callable[[bytes], None] | None = None) -> OscSender:
        made.append(OscSender(OscConfig(targets=list(targets)), notices, log))
        return made[-1]

    yield sender
    for each in made:
        each.close()


def seen(row: Address, text: str) -> bool:
    path = "/mien" + row.path.replace("{id}", "1").replace("{joint}", "left_wrist")
    return re.search(rf"^(?:\S+ )?{re.escape(path)} ?{row.tags or 'i?'}( |$)", text, re.MULTILINE) is not None


def hears_everything(sender: OscSender, text: Callable[[], str]) -> None:
    control = ShowControl(OscConfig(), sender.send)
    clock = iter(range(100000))
    sender.follow(Tempo(time.monotonic(), 0.0, 240.0), "/mien")
    repeat_until(lambda: send_everything(control, next(clock) * 1.0), lambda: all(seen(row, text()) for row in TABLE))
    valence = re.search(r"/mien/person/1/valence f ([-\d.]+)", text())
    assert valence is not None
    assert float(valence.group(1)) == 0.5


def test_oscdump_understands_every_address(make: Callable[..., OscSender], tmp_path: Path) -> None:
    if shutil.which("oscdump") is None:
        pytest.skip("no oscdump here; apt-get install liblo-tools")
    port, out = free_port(), tmp_path / "dump.txt"
    with out.open("w") as file:
        dump = subprocess.Popen(["oscdump", "-L", str(port)], stdout=file, stderr=subprocess.DEVNULL)
    try:
        hears_everything(make(OscTarget(host="127.0.0.1", port=port, per_second=0, addresses=ALL)), out.read_text)
    finally:
        dump.terminate()
        dump.wait(30)


def test_liblos_python_binding_decodes_every_address(make: Callable[..., OscSender], tmp_path: Path) -> None:
    pythons = [sys.executable, "/usr/bin/python3"]
    has = [
        p
        for p in pythons
        if subprocess.run([p, "-c", "import liblo"], capture_output=True, check=False).returncode == 0
    ]
    if not has:
        pytest.skip("no Python with liblo here; apt-get install python3-liblo")
    port, out = free_port(), tmp_path / "liblo.txt"
    with out.open("w") as file:
        listener = subprocess.Popen([has[0], "-c", LIBLO, str(port)], stdout=file)
    try:
        repeat_until(lambda: None, lambda: out.read_text().startswith("ready\n"))
        hears_everything(make(OscTarget(host="127.0.0.1", port=port, per_second=0, addresses=ALL)), out.read_text)
    finally:
        listener.terminate()
        listener.wait(30)


PATCH = """#N canvas 0 0 400 300 10;
#X obj 10 10 netreceive -u -b {port};
#X obj 10 40 oscparse;
#X obj 10 70 list trim;
#X obj 10 100 route mien;
#X obj 10 130 route group event;
#X obj 10 160 route valence;
#X obj 10 190 print valence;
#X obj 200 160 route emotion;
#X obj 200 190 print emotion;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 2 0 3 0;
#X connect 3 0 4 0;
#X connect 4 0 5 0;
#X connect 5 0 6 0;
#X connect 4 1 7 0;
#X connect 7 0 8 0;
"""


def test_pure_data_hears_values_and_events(make: Callable[..., OscSender], tmp_path: Path) -> None:
    if shutil.which("pd") is None:
        pytest.skip("no Pure Data here; apt-get install puredata-core")
    port, out, patch = free_port(), tmp_path / "pd.txt", tmp_path / "hear.pd"
    patch.write_text(PATCH.format(port=port))
    with out.open("w") as file:
        pd = subprocess.Popen(["pd", "-nogui", "-noaudio", "-nomidi", "-stderr", str(patch)], stderr=file)
    try:
        control = ShowControl(OscConfig(), make(OscTarget(host="127.0.0.1", port=port)).send)
        clock = iter(range(100000))
        repeat_until(
            lambda: send_everything(control, next(clock) * 1.0),
            lambda: (
                re.search(r"valence: 0\.5", out.read_text()) and re.search(r"emotion: \d+ 1 happy", out.read_text())
            ),
        )
    finally:
        pd.terminate()
        pd.wait(30)


def frame(control: ShowControl, number: int, **more: object) -> None:
    here = state(1, valence=number / 1000)
    seen_at = Observation(float(number), number, (person(1),), (640, 480))
    control.on_observation(number, float(number), (here,), None, observation=seen_at, group=here, **more)


def test_a_paced_target_hears_the_newest_frame_again_and_each_event_three_times(
    make: Callable[..., OscSender], wire: Wire
) -> None:
    sender = make(OscTarget(host="127.0.0.1", port=wire.port, per_second=100))
    control = ShowControl(OscConfig(), sender.send)
    numbers = iter(range(10000))
    repeat_until(lambda: frame(control, next(numbers)), lambda: bool(wire.bundles(0.02)))
    last = next(numbers)
    control.on_event("snapshot", ["one.png"])
    for _ in range(3):
        frame(control, last)
    messages = wire.until(lambda found: [path for path, _ in found].count("/mien/event/snapshot") == 3)
    for _ in range(20):
        window = decode([packet for _, packet in wire.bundles(0.6)])
        messages += window
        frames = [args[0] for path, args in window if path == "/mien/frame"]
        # A busy machine may be late now and then; deadlines are absolute, so over half a second the pace is kept.
        if 45 <= len(frames) <= 66:
            break
    assert 45 <= len(frames) <= 66
    assert frames[-1] == last
    assert [path for path, _ in messages].count("/mien/event/snapshot") == 3


def test_without_a_rate_each_frame_is_one_bundle(make: Callable[..., OscSender], wire: Wire) -> None:
    control = ShowControl(OscConfig(), make(OscTarget(host="127.0.0.1", port=wire.port, per_second=0)).send)
    numbers = iter(range(10000))
    repeat_until(lambda: frame(control, next(numbers)), lambda: bool(wire.bundles(0.02)))
    first = next(numbers)
    for number in range(first, first + 20):
        frame(control, number)
    messages = wire.until(
        lambda found: ("/mien/frame", first + 19) in [(path, args[0]) for path, args in found if args]
    )
    frames = [args[0] for path, args in messages if path == "/mien/frame"]
    assert [number for number in frames if number >= first] == list(range(first, first + 20))


def test_targets_have_their_own_prefix_and_selection(make: Callable[..., OscSender], wire: Wire) -> None:
    other = Wire()
    wanted = ["/one/person/*/{valence,arousal}", "/one/people/ids"]
    sender = make(
        OscTarget(host="127.0.0.1", port=wire.port, prefix="/one", addresses=wanted, per_second=0),
        OscTarget(host="127.0.0.1", port=other.port, per_second=0),
    )
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: send_everything(control), lambda: bool(other.bundles(0.02)))
    send_everything(control)
    selected = {"/one/person/1/valence", "/one/person/1/arousal", "/one/people/ids"}
    heard = wire.until(lambda found: selected <= {path for path, _ in found})
    mine = {path for path, _ in heard + decode([packet for _, packet in wire.bundles(0.3)])}
    heard = other.until(lambda found: "/mien/frame" in {path for path, _ in found})
    theirs = {path for path, _ in heard + decode([packet for _, packet in other.bundles(0.3)])}
    other.socket.close()
    assert mine == selected
    assert "/mien/frame" in theirs
    assert not any("joint" in path for path in theirs), "joints are sent on request only"


def test_joints_come_on_request(make: Callable[..., OscSender], wire: Wire) -> None:
    target = OscTarget(host="127.0.0.1", port=wire.port, addresses=["/mien/person/?/joint/*_wrist"], per_second=0)
    control = ShowControl(OscConfig(), make(target).send)
    repeat_until(lambda: send_everything(control), lambda: bool(wire.bundles(0.02)))
    send_everything(control)
    assert wire.wait_for("/mien/person/1/joint/left_wrist") == pytest.approx([0.8, 0.3, 0.0, 1.0])


@pytest.mark.parametrize(
    ("name", "address"), [("faceosc", "/pose/position"), ("wekinator", "/wek/inputs"), ("vmc", "/VMC/Ext/Bone/Pos")]
)
def test_other_programs_messages_leave_without_our_prefix(
    make: Callable[..., OscSender], wire: Wire, name: str, address: str
) -> None:
    control = ShowControl(
        OscConfig(), make(OscTarget(host="127.0.0.1", port=wire.port, format=name, per_second=0)).send
    )
    repeat_until(lambda: send_everything(control), lambda: bool(wire.bundles(0.02)))
    send_everything(control)
    assert wire.wait_for(address)


def unslip(data: bytes) -> list[bytes]:
    frames = [part for part in data.split(b"\xc0") if part]
    return [frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb") for frame in frames]


def test_tcp_carries_slip_frames_and_connects_again(make: Callable[..., OscSender], notices: Notices) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(20)
        control = ShowControl(OscConfig(), make(OscTarget(host="127.0.0.1", port=port, protocol="tcp")).send)
        for _ in range(2):
            connection, _ = server.accept()
            with connection:
                connection.settimeout(0.05)
                data = bytearray()

                def read(connection: socket.socket = connection, data: bytearray = data) -> None:
                    # 0xC0 and 0xDB in the text must come through, too.
                    control.on_event("snapshot", ["\u00c0\u06c0\u00db.png"])
                    frame(control, 192)
                    try:
                        data += connection.recv(65536)
                    except TimeoutError:
                        return

                repeat_until(read, lambda data=data: data.count(b"#bundle") > 12)
            whole = unslip(bytes(data))[:-1]
            messages = decode(whole)
            assert ("/mien/frame", [192, 0.0]) in messages
            assert any(path.endswith("snapshot") and args[1] == "\u00c0\u06c0\u00db.png" for path, args in messages)
            # The connection is closed here; the sender finds out and comes back.
    repeat_until(lambda: frame(control, 1), lambda: any("TCP" in note.message for note in notices.active()))
    assert notices.active()[0].stage == f"osc 127.0.0.1:{port}"


def test_a_dead_target_and_an_unknown_name_cost_nothing_and_are_reported_once(
    make: Callable[..., OscSender], notices: Notices
) -> None:
    dead, unknown = OscTarget(host="127.0.0.1", port=free_port()), OscTarget(host="no-such-host.invalid", port=9)
    logged: list[bytes] = []
    sender = make(dead, unknown, log=logged.append)
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: frame(control, 1), lambda: len(notices.active()) >= 2)
    sender.close()
    assert 0 < sender.bundles_sent <= len(logged)
    assert [note.stage for note in notices.history("fallback")] == [f"osc 127.0.0.1:{dead.port}"]
    assert [note.stage for note in notices.history("fault")] == ["osc no-such-host.invalid:9"]


def test_a_target_that_comes_up_resolves_the_fallback_and_neither_thread_nor_process_stays(notices: Notices) -> None:
    port = free_port()
    before = set(threading.enumerate())
    sender = OscSender(OscConfig(targets=[OscTarget(host="127.0.0.1", port=port)]), notices)
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: frame(control, 1), lambda: bool(notices.active()))
    assert len(notices.active()) == 1
    (pid,) = sender.pids
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", port))
        repeat_until(lambda: frame(control, 1), lambda: not notices.active())
    sender.close()
    repeat_until(lambda: None, lambda: set(threading.enumerate()) <= before)
    repeat_until(lambda: None, lambda: sys.platform != "linux" or not Path(f"/proc/{pid}").exists())


def test_where_no_socket_can_be_handed_to_a_process_a_thread_sends(
    make: Callable[..., OscSender], notices: Notices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "IN_A_PROCESS", False)
    sender = make(OscTarget(host="127.0.0.1", port=wire.port))
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: frame(control, 1), lambda: bool(wire.bundles(0.02)))
    assert sender.pids == []
    assert sender.priority == "usual"
    assert not notices.active()
    sender.close()
    repeat_until(lambda: None, lambda: not wire.bundles(0.3))


def test_other_targets_are_used_from_now_on_and_a_fallback_of_the_old_one_is_resolved(
    make: Callable[..., OscSender], notices: Notices, wire: Wire
) -> None:
    sender = make(OscTarget(host="127.0.0.1", port=free_port()))
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: frame(control, 1), lambda: bool(notices.active()))
    sender.reconfigure(OscConfig(targets=[OscTarget(host="localhost", port=wire.port)]))
    repeat_until(lambda: frame(control, 2), lambda: bool(wire.bundles(0.02)) and not notices.active())
    sender.reconfigure(OscConfig(enabled=False, targets=[OscTarget(host="localhost", port=wire.port)]))
    frame(control, 3)
    repeat_until(lambda: None, lambda: not wire.bundles(0.3))


def test_a_sending_process_that_dies_is_a_fault_and_started_again(
    make: Callable[..., OscSender], notices: Notices, wire: Wire
) -> None:
    sender = make(OscTarget(host="127.0.0.1", port=wire.port))
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: frame(control, 1), lambda: bool(wire.bundles(0.02)))
    assert sender._process is not None
    sender._process.kill()
    repeat_until(lambda: frame(control, 2), lambda: any("ended" in n.message for n in notices.history("fault")))
    while wire.bundles(0.05):
        pass
    repeat_until(lambda: frame(control, 3), lambda: bool(wire.bundles(0.02)) and not notices.active())


def test_what_a_sending_process_reported_is_resolved_when_it_ends(
    make: Callable[..., OscSender], notices: Notices
) -> None:
    port = free_port()
    sender = make(OscTarget(host="127.0.0.1", port=port))
    control = ShowControl(OscConfig(), sender.send)
    repeat_until(lambda: frame(control, 1), lambda: any("nobody listens" in n.message for n in notices.active()))
    assert sender._process is not None
    # The receiver comes up while nobody sends: the next process never hears that it was away.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", port))
        sender._process.kill()
        repeat_until(lambda: frame(control, 2), lambda: any("ended" in n.message for n in notices.history("fault")))
        repeat_until(lambda: frame(control, 3), lambda: not notices.active())


def test_without_targets_there_is_no_process(make: Callable[..., OscSender]) -> None:
    sender = make()
    for bundle in bundles_of(send_everything):
        sender.send(bundle)
    assert sender.pids == []
    assert sender.bundles_sent == 6
