"""What comes over OSC: understood, refused with a reason, never fatal."""

import random
import shutil
import socket
import struct
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.live_commands.lookup import CommandTable
from installation.live_commands.setting_table import table
from installation.live_commands.table import COMMANDS, NETWORK, CommandError, command_names
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.decode import MAX_PACKET_BYTES
from installation.showcontrol.osc_in.dispatcher import MAX_WAITING, understood, without_extra
from installation.showcontrol.osc_in.receiver import OscReceiver
from tests.ports import free_port

HOLD = "/mien/control/smoothing/label_hold_s"
TABLE = CommandTable(LiveSettings(Config()), LastValues())


@pytest.fixture
def notices() -> Notices:
    return Notices(ManualClock())


@pytest.fixture
def settings() -> LiveSettings:
    return LiveSettings(Config())


@pytest.fixture
def values() -> LastValues:
    return LastValues()


@pytest.fixture
def receiver(notices: Notices, settings: LiveSettings, values: LastValues) -> Iterator[OscReceiver]:
    found = OscReceiver(OscConfig(listen_port=free_port()), notices, settings, values, RealClock())
    yield found
    found.close()


class Sender:
    """A socket that sends to the piece and hears its answers."""

    def __init__(self, port: int | None) -> None:
        assert port is not None
        self.port = port
        self.wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.wire.bind(("127.0.0.1", 0))
        self.wire.settimeout(60)

    def close(self) -> None:
        self.wire.close()

    def send(self, *packets: bytes) -> None:
        for packet in packets:
            self.wire.sendto(packet, ("127.0.0.1", self.port))

    def ask(self, packet: bytes) -> tuple[str, list]:
        self.send(packet)
        return self.hear()

    def hear(self) -> tuple[str, list]:
        message = OscMessage(self.wire.recv(65535))
        return message.address, message.params

    def silent(self) -> bool:
        """Nothing waits to be read."""
        self.wire.settimeout(0.0)
        try:
            return not self.wire.recv(65535)
        except BlockingIOError:
            return True
        finally:
            self.wire.settimeout(60)


@pytest.fixture
def sender(receiver: OscReceiver) -> Iterator[Sender]:
    found = Sender(receiver.port)
    yield found
    found.wire.close()


def message(path: str, *args: object) -> bytes:
    builder = OscMessageBuilder(path)
    for value in args:
        builder.add_arg(value)
    return builder.build().dgram


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, "it did not come"
        time.sleep(0.002)


def wait_for(receiver: OscReceiver, count: int) -> list[tuple[str, list]]:
    found: list = []

    def enough() -> bool:
        found.extend(receiver.take())
        return len(found) >= count

    until(enough)
    return found


def told(notices: Notices) -> str:
    return "; ".join(notice.message for notice in notices.active())


def test_commands_arrive_in_order_alone_and_in_bundles(receiver: OscReceiver, sender: Sender) -> None:
    bundle = OscBundleBuilder(IMMEDIATELY)
    for path in ("/mien/snapshot", "/mien/clear"):
        bundle.add_content(OscMessageBuilder(path).build())
    sender.send(message("/mien/record", "arms_up"), bundle.build().dgram)
    assert wait_for(receiver, 3) == [("record", ["arms_up"]), ("snapshot", []), ("clear", [])]
    assert receiver.take() == []


def test_a_setting_is_changed_asked_for_and_refused_with_the_reason(settings: LiveSettings, sender: Sender) -> None:
    sender.send(message(HOLD, 0.4))
    assert sender.ask(message("/mien/get" + HOLD.removeprefix("/mien"))) == (HOLD, [pytest.approx(0.4)])
    for asked in (HOLD, HOLD.removeprefix("/mien")):
        assert sender.ask(message("/mien/get", asked))[0] == HOLD
    assert settings.config.smoothing.label_hold_s == 0.4, "as it was sent, not as 32 bits have it"
    address, (refused, why) = sender.ask(message(HOLD, 11))
    assert (address, refused) == ("/mien/error", HOLD)
    assert why == "must be 0 to 10, not 11"
    assert "number" in sender.ask(message(HOLD, "long"))[1][1]
    assert settings.config.smoothing.label_hold_s == 0.4


@pytest.mark.parametrize(
    ("packet", "refused", "words"),
    [
        (message(HOLD, float("nan")), HOLD, "must be a number"),
        (message(HOLD, float("inf")), HOLD, "must be a number"),
        (message(HOLD), HOLD, "one value, not 0"),
        (message(HOLD + "x", 1), HOLD + "x", "did you mean /control/smoothing/label_hold_s"),
        (message("/mien/nothing", 1), "/mien/nothing", "there are /next_scene"),
        (message("/other/snapshot"), "/other/snapshot", "begins with /mien"),
        (message("/mien/get"), "/mien/get", "takes one address"),
        (message("/mien/get", 7), "/mien/get", "takes one address"),
        (message("/mien/get/snapshot"), "/mien/get/snapshot", "is a command"),
        (message("/mien/get/valence"), "/mien/get/valence", "not sent yet"),
        (message("/mien/control/save"), "/mien/control/save", "no settings file"),
        (message("/mien/control/osc/allow", "0.0.0.0/0"), "/mien/control/osc/allow", "there are"),
        (message("/mien/record", 3), "/mien/record", "label must be text"),
        (message("/mien/record", "a", "b"), "/mien/record", "one argument at most, not 2"),
        (message("/mien/snapshot", "now"), "/mien/snapshot", "takes no argument"),
        (message("/mien/video", float("nan")), "/mien/video", "on must be a number"),
        (message("/mien/quit"), "/mien/quit", "not for the network, only for the operator"),
        (message("/mien/set_up_output"), "/mien/set_up_output", "only for the operator"),
        (
            message("/mien/control/output/record_camera", 1),
            "/mien/control/output/record_camera",
            "in the settings file",
        ),
        (message("/mien/control/osc/listen_host", "0.0.0.0"), "/mien/control/osc/listen_host", "osc.listen_host in"),
        (message("/mien/control/textures/nothing", 1), "/mien/control/textures/nothing", "docs/reference/control.md"),
        (message("/mien/control/perception/budget_ms", 5000), "/mien/control/perception/budget_ms", "budget_s now"),
        (b"#bundle\0\xff", "", "no OSC"),
        (b"junk", "", "no OSC"),
        (b"/" * (MAX_PACKET_BYTES + 4), "", "too many"),
    ],
)
def test_the_reason_goes_to_the_sender_and_to_the_operator(
    sender: Sender, notices: Notices, packet: bytes, refused: str, words: str
) -> None:
    address, args = sender.ask(packet)
    assert (address, args[0]) == ("/mien/error", refused)
    assert words in args[1]
    until(lambda: args[1][:40] in told(notices))


def test_what_the_piece_sends_can_be_asked_for(sender: Sender, values: LastValues) -> None:
    values.put([("/valence", [0.25]), ("/state", ["active", ""])])
    assert sender.ask(message("/mien/get/valence")) == ("/mien/valence", [0.25])
    assert sender.ask(message("/mien/get", "/mien/state")) == ("/mien/state", ["active", ""])


def test_an_error_is_never_answered_and_two_pieces_fall_silent(sender: Sender, receiver: OscReceiver) -> None:
    sender.send(message("/mien/error", "/mien/x", "no"), message("/other/error", 1), message("/error"))
    assert sender.ask(message("/mien/get" + HOLD.removeprefix("/mien")))[0] == HOLD
    assert sender.silent()
    # Whatever it answers is sent back to it: that must come to an end.
    sender.send(*[message("/mien/nothing")] * 50)
    until(lambda: receiver.packets >= 54)
    answers = 0
    while not sender.silent():
        answers += 1
    assert answers <= 20


def test_a_right_command_clears_the_notice(receiver: OscReceiver, sender: Sender, notices: Notices) -> None:
    sender.send(message("/mien/nothing"))
    until(lambda: told(notices))
    sender.send(message("/mien/snapshot"))
    assert wait_for(receiver, 1) == [("snapshot", [])]
    until(lambda: not told(notices))


def test_a_flood_is_cut(receiver: OscReceiver, sender: Sender) -> None:
    before = receiver.packets
    sender.send(*[message("/mien/clear")] * 100)
    until(lambda: receiver.packets >= before + 100)
    assert len(receiver.take()) == MAX_WAITING


def test_a_flood_of_nonsense_writes_little(receiver: OscReceiver, sender: Sender, notices: Notices) -> None:
    for number in range(200):
        sender.send(message(f"/mien/nothing{number}"))
    until(lambda: receiver.packets >= 200)
    assert 1 <= len(notices.history("fallback")) <= 3


def test_who_is_in_no_allowed_network_is_told_once_and_not_heard(notices: Notices, settings: LiveSettings) -> None:
    config = OscConfig(listen_port=free_port(), allow=["10.0.0.0/8"])
    with (
        closing(OscReceiver(config, notices, settings, LastValues(), RealClock())) as receiver,
        closing(Sender(receiver.port)) as sender,
    ):
        refused_once(receiver, sender, notices, settings, config)


def refused_once(
    receiver: OscReceiver, sender: Sender, notices: Notices, settings: LiveSettings, config: OscConfig
) -> None:
    address, args = sender.ask(message(HOLD, 0.4))
    assert (address, args[0]) == ("/mien/error", "")
    assert "127.0.0.1 is in none of the networks of osc.allow" in args[1]
    until(lambda: "osc.allow" in told(notices))
    sender.send(*[message(HOLD, 0.4)] * 20)
    until(lambda: receiver.packets >= 21)
    assert sender.silent()
    assert settings.config == Config()
    receiver.reconfigure(config.model_copy(update={"allow": ["127.0.0.1"]}))
    sender.send(message(HOLD, 0.4))
    until(lambda: settings.config.smoothing.label_hold_s == 0.4)


def test_as_shipped_it_hears_this_machine_only() -> None:
    assert OscConfig().listen_host == "127.0.0.1"
    assert "8.8.8.8/32" not in OscConfig().allow


def test_a_port_that_is_taken_is_reported_and_another_one_fixes_it(notices: Notices, settings: LiveSettings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        receiver = OscReceiver(OscConfig(listen_port=port), notices, settings, LastValues(), RealClock())
        assert receiver.port is None
        assert f"127.0.0.1:{port}" in told(notices)
        receiver.reconfigure(OscConfig(listen_port=free_port()))
        until(lambda: receiver.port is not None)
        until(lambda: told(notices) == "")
        receiver.reconfigure(OscConfig(listen_port=0))
        until(lambda: receiver.port is None)
        receiver.close()


def test_another_prefix_counts_at_once(receiver: OscReceiver, sender: Sender) -> None:
    assert receiver.port is not None
    receiver.reconfigure(OscConfig(prefix="/a/b", listen_port=receiver.port))
    assert sender.ask(message("/a/b/get/control/smoothing/label_hold_s"))[0] == "/a/b/control/smoothing/label_hold_s"
    assert sender.ask(message(HOLD, 1.0))[0] == "/a/b/error"


def test_an_address_is_a_name_in_the_table_of_commands() -> None:
    assert understood("/mien/snapshot", [], "/mien") == ("snapshot", [])
    assert understood("/mien/get/valence", [], "/mien") == ("get", ["/valence"])
    assert understood("/mien/get", ["/mien/valence"], "/mien") == ("get", ["/valence"])
    for address in ("/other/snapshot", "/snapshot", "/mienx/snapshot"):
        with pytest.raises(ValueError, match="begins with /mien"):
            understood(address, [], "/mien")


def test_the_number_that_a_desk_sends_along_does_no_harm(settings: LiveSettings, values: LastValues) -> None:
    find = CommandTable(settings, values).find
    assert without_extra(find("snapshot"), [1.0]) == []
    assert without_extra(find("snapshot"), [None]) == []
    assert without_extra(find("record"), []) == []
    assert without_extra(find("record"), ["a", "b"]) == ["a", "b"]
    assert without_extra(find("control/smoothing/beta"), [1.0, 2.0]) == [1.0, 2.0], "a setting is no button"


@given(
    st.sampled_from(sorted(COMMANDS)) | st.text(max_size=20),
    st.lists(st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.booleans())),
)
def test_anything_is_understood_or_refused(name: str, args: list) -> None:
    try:
        plain = TABLE.check(NETWORK, name, args)
    except CommandError:
        return
    assert name in (*command_names(NETWORK), "control/save")
    assert all(isinstance(value, str | int) for value in plain)


def test_an_old_address_is_set_and_read_in_its_old_unit(settings: LiveSettings, sender: Sender) -> None:
    old = "/mien/control/perception/budget_ms"
    sender.send(message(old, 80.0))
    assert sender.ask(message("/mien/get", old)) == (old, [80.0])
    assert settings.config.perception.budget_s == 0.08
    assert sender.ask(message("/mien/get/control/perception/budget_s"))[1] == [pytest.approx(0.08)]


def test_what_guards_people_is_read_over_the_network_and_not_changed(settings: LiveSettings, sender: Sender) -> None:
    for path, setting in settings.table.items():
        if NETWORK in setting.callers:
            continue
        value = settings.value(path)
        assert sender.ask(message(f"/mien/get{path}"))[1] == [value]
    sender.send(message("/mien/control/poses/countdown_s", 0.0))
    assert sender.hear()[0] == "/mien/error"
    assert settings.config == Config()


# ---- one hour in compressed form


def hostile(rng: random.Random, paths: list[str]) -> bytes:
    """A packet of which nobody can say what it is: junk, half packets, right ones with a flipped byte, and right ones."""
    kind = rng.randrange(9)
    path = rng.choice(paths)
    value = rng.choice([1, -1, 0, 0.5, 1e38, float("nan"), float("inf"), "x", "", "a" * 300, True, 2**31 - 1])
    whole = message(path, *[value] * rng.randrange(3))
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 64))
    if kind == 1:
        return rng.randbytes(rng.choice((1432, 9000, 60000)))
    if kind == 2:
        return whole[: rng.randrange(len(whole))] or b"\0"
    if kind == 3:
        flipped = bytearray(whole)
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
        return bytes(flipped)
    if kind == 4:
        inner = whole
        for _ in range(rng.randrange(12)):
            inner = (
                b"#bundle\0" + b"\0" * 7 + b"\1" + struct.pack(">i", rng.choice((len(inner), -1, 2**31 - 1))) + inner
            )
        return inner
    if kind == 5:
        return b"#bundle\0" + b"\0" * 8 + (struct.pack(">i", len(whole)) + whole) * rng.randrange(40)
    if kind == 6:
        return message(f"/mien/{rng.getrandbits(64):x}/{rng.getrandbits(64):x}", value)
    if kind == 7:
        return b"/mien\0\0\0," + bytes(rng.choice(b"ifsbhdtrmcTFNI[]xyz") for _ in range(rng.randrange(1, 200)))
    return whole


def bombard(receiver: OscReceiver, sender: Sender, count: int, seed: int) -> None:
    """``count`` packets, so paced that every one is looked at, with every answer read away."""
    rng = random.Random(seed)
    # What would end the bombardment itself stays out: where and under which name the piece listens.
    names = [f"/mien{path}" for path in table() if not path.startswith("/control/osc")]
    paths = [*names, *(f"/mien/get{name.removeprefix('/mien')}" for name in names)]
    paths += ["/mien/snapshot", "/mien/scene", "/mien/video", "/mien/get", "/mien/error", "/mien/control/save", "/x"]
    start, waiting = receiver.packets, 0
    for sent in range(1, count + 1):
        packet = hostile(rng, paths)
        sender.send(packet)
        # The system drops what does not fit in its own buffer; that would prove nothing.
        waiting += 1 if len(packet) < 2000 else 16
        if waiting >= 32 or sent == count:
            waiting = 0
            until(lambda sent=sent: receiver.packets >= start + sent)  # type: ignore[misc]
            while not sender.silent():
                pass


def survives(receiver: OscReceiver, sender: Sender, settings: LiveSettings, notices: Notices, count: int) -> None:
    bombard(receiver, sender, 2000, 1)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    bombard(receiver, sender, count, 2)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    # Senders, notices and the settings themselves are bounded; a leak of 30 bytes a packet would be 3 MB.
    assert grown < 500_000
    assert not notices.history("fault")
    receiver.take()
    sender.send(message("/mien/snapshot"), message(HOLD, 7.5))
    assert wait_for(receiver, 1) == [("snapshot", [])]
    until(lambda: settings.config.smoothing.label_hold_s == 7.5)
    assert Config.model_validate(settings.config.model_dump()) == settings.config


def test_thousands_of_hostile_packets_change_nothing_that_matters(
    receiver: OscReceiver, sender: Sender, settings: LiveSettings, notices: Notices
) -> None:
    survives(receiver, sender, settings, notices, 2000)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_hundred_thousand_hostile_packets(
    receiver: OscReceiver, sender: Sender, settings: LiveSettings, notices: Notices
) -> None:
    survives(receiver, sender, settings, notices, 100_000)


# ---- other people's programs

needs_liblo = pytest.mark.skipif(
    shutil.which("oscsend") is None or shutil.which("oscdump") is None, reason="needs Debian's package liblo-tools"
)


@needs_liblo
def test_oscsend_commands_and_changes(receiver: OscReceiver, settings: LiveSettings) -> None:
    def oscsend(*words: str) -> None:
        subprocess.run(["oscsend", "localhost", str(receiver.port), *words], check=True, timeout=60)

    oscsend("/mien/record", "s", "arms_up")
    oscsend("/mien/control/smoothing/label_hold_s", "f", "0.7")
    oscsend("/mien/control/perception/max_people", "i", "3")
    oscsend("/mien/control/output/hud", "T")
    oscsend("/mien/control/look/happy/palette/deep", "s", "#123456")
    assert wait_for(receiver, 1) == [("record", ["arms_up"])]
    until(lambda: settings.config.look.happy.palette.deep == "#123456")
    config = settings.config
    assert (config.smoothing.label_hold_s, config.perception.max_people, config.output.hud) == (0.7, 3, "figures")


@needs_liblo
def test_oscdump_hears_the_answer(receiver: OscReceiver) -> None:
    port = free_port()
    with subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True) as dump:
        assert dump.stdout is not None
        lines: list[str] = []
        try:
            until(lambda: not _is_free(port))
            # oscsend cannot choose its port, so the question is put with oscdump's as its sender.
            receiver.hear(message("/mien/get/control/group/mode"), "oscdump", _to(port))
            receiver.hear(message(HOLD, 99), "oscdump", _to(port))
            lines = [dump.stdout.readline(), dump.stdout.readline()]
        finally:
            dump.terminate()
    assert lines[0].split(maxsplit=1)[1] == '/mien/control/group/mode s "mean"\n'
    assert lines[1].split(maxsplit=1)[1] == f'/mien/error ss "{HOLD}" "must be 0 to 10, not 99"\n'


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("::", port))
        except OSError:
            return False
        return True


def _to(port: int) -> Callable[[bytes], None]:
    def send(packet: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.sendto(packet, ("127.0.0.1", port))

    return send


def test_port_0_listens_to_nobody(notices: Notices, settings: LiveSettings) -> None:
    receiver = OscReceiver(OscConfig(listen_port=0), notices, settings, LastValues(), ManualClock())
    assert receiver.port is None
    receiver.close()


def test_cues_have_addresses_with_a_slash_and_of_the_artists_own(
    receiver: OscReceiver, sender: Sender, settings: LiveSettings
) -> None:
    settings.words = {"wall/dusk": ("cue", (2.5,))}
    sender.send(message("/mien/cue/go", 1.0), message("/mien/cue/go", 0.0), message("/mien/cue/back", 0))
    sender.send(message("/mien/wall/dusk", 1), message("/mien/wall/dusk", 0), message("/mien/cue_hold"))
    sender.send(message("/mien/preset", 3), message("/mien/preset", "calm"), message("/mien/cue", 2.5, "dusk"))
    sender.send(message("/mien/preset", 0), message("/mien/snapshot"))
    assert wait_for(receiver, 8) == [
        ("cue_go", []), ("cue", [2.5]), ("cue_hold", []), ("preset", [3]), ("preset", ["calm"]), ("cue", [2.5]),
        ("preset", [0]), ("snapshot", []),
    ]  # fmt: skip


def test_a_preset_is_not_stored_over_the_network(receiver: OscReceiver, sender: Sender) -> None:
    assert "store_preset is not for the network" in sender.ask(message("/mien/store_preset", "calm"))[1][1]
    assert receiver.take() == []


def test_the_cue_that_runs_can_be_asked_for(sender: Sender, values: LastValues) -> None:
    assert "is a command and has no value" in sender.ask(message("/mien/get", "/cue"))[1][1]
    values.put([("/cue", [2.5, "dusk"])])
    assert sender.ask(message("/mien/get/cue")) == ("/mien/cue", [2.5, "dusk"])
