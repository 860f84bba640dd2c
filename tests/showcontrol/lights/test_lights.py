"""Light on the wire: packets taken from the loopback, read by Wireshark and by the standards' own offsets."""

import contextlib
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.config.lights import LightsConfig
from installation.showcontrol.lights.lights import Lights
from installation.types import EMOTIONS, SHAPE_COLUMNS, SceneState

DEADLINE_S = 30.0


@dataclass(frozen=True)
class Packet:
    """What is in a data packet, and when it came."""

    protocol: str
    universe: int
    sequence: int
    terminated: bool
    values: tuple[int, ...]
    name: str = ""


def decode(raw: bytes) -> Packet:
    """By the offsets in ANSI E1.31-2018, table 4-1, and in Art-Net 4's ArtDmx."""
    if raw.startswith(b"Art-Net\0"):
        code, version = struct.unpack_from("<H", raw, 8)[0], struct.unpack_from(">H", raw, 10)[0]
        universe, length = struct.unpack_from("<H", raw, 14)[0], struct.unpack_from(">H", raw, 16)[0]
        assert (code, version, length, len(raw)) == (0x5000, 14, 512, 530)
        return Packet("artnet", universe, raw[12], False, tuple(raw[18:]))
    assert raw[4:16] == b"ASC-E1.17\0\0\0"
    assert struct.unpack_from(">I", raw, 18)[0] == 4
    assert (raw[125], len(raw)) == (0, 638)
    name = raw[44:108].rstrip(b"\0").decode()
    return Packet("sacn", struct.unpack_from(">H", raw, 113)[0], raw[111], bool(raw[112] & 64), tuple(raw[126:]), name)


class Node:
    """A lamp's side: keeps every packet that comes to a port of its own."""

    def __init__(self, group: str | None = None) -> None:
        self.raw: list[bytes] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("", 0) if group else ("127.0.0.1", 0))
        if group is not None:
            membership = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        self._socket.settimeout(0.05)
        self.port = self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                self.raw.append(self._socket.recv(2000))
        # What is in the socket's queue counts, too.
        self._socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.raw.append(self._socket.recv(2000))

    @property
    def packets(self) -> list[Packet]:
        return [decode(raw) for raw in self.raw.copy()]

    def await_packet(self, wanted: Callable[[Packet], bool], after: int = 0) -> Packet:
        """The first packet that is as wanted, without the first ``after``."""
        until, seen = time.monotonic() + DEADLINE_S, after
        while time.monotonic() < until:
            packets = self.packets[seen:]
            found = next((packet for packet in packets if wanted(packet)), None)
            if found is not None:
                return found
            seen += len(packets)
            time.sleep(0.01)
        raise AssertionError(f"no such packet came; the last of {len(self.raw)} was {self.packets[-1:]}")

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def node() -> Iterator[Node]:
    made = Node()
    yield made
    made.close()


@pytest.fixture
def lights_of() -> Iterator[Callable[[LightsConfig], Lights]]:
    made: list[Lights] = []

    def make(config: LightsConfig) -> Lights:
        clock = RealClock()
        lights = Lights(config, Notices(clock), clock)
        made.append(lights)
        lights.start()
        return lights

    yield make
    for lights in made:
        lights.close()


def scene_of(*rgb: float) -> SceneState:
    palette = np.array([[0, 0, 0], [0, 0, 0], rgb, [0, 0, 0]], np.float32)
    return SceneState(
        t_s=0.0, scene="", previous="", blend=1.0, shapes=np.zeros((1, len(SHAPE_COLUMNS)), np.float32),
        palette=palette, look={}, emotion=np.eye(len(EMOTIONS), dtype=np.float32)[3],
        valence=0.0, arousal=0.0, presence=1.0,
    )  # fmt: skip


def config_of(port: int, protocol: str = "sacn", **more: Any) -> LightsConfig:
    universe = {"name": "room", "protocol": protocol, "number": 300, "host": "127.0.0.1", "port": port}
    lamp = {"name": "lamp", "universe": "room", "channel": 10, "smoothing_s": 0.0}
    return LightsConfig.model_validate({"enabled": True, "universes": [universe], "fixtures": [lamp], **more})


SCENE = scene_of(0.8, 0.4, 0.2)
LIT = (204, 102, 51)


def lit(packet: Packet) -> bool:
    return packet.values[9:12] == LIT


def wireshark(raw: list[bytes], port: int, folder: Path, *, artnet: bool) -> str:
    """What tshark reads in these packets, with every channel in plain decimals."""
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("tshark is not installed (Debian: tshark)")
    capture = folder / "lights.pcap"
    with capture.open("wb") as file:
        # Link type 101: packets begin with their IP header.
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for packet in raw:
            udp = struct.pack(">HHHH", 40000, port, 8 + len(packet), 0) + packet
            here = socket.inet_aton("127.0.0.1")
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, here, here) + udp
            file.write(struct.pack("<IIII", 0, 0, len(ip), len(ip)) + ip)
    how = ["-d", f"udp.port=={port},artnet"] if artnet else ["--enable-heuristic", "acn", "-o", "acn.dmx_enable:TRUE"]
    values = ["-o", "dmx_chan.dmx_disp_chan_val_type:Decimal" if artnet else "acn.dmx_display_view:Decimal"]
    done = subprocess.run([program, "-r", capture, "-V", *how, *values], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("protocol", ["sacn", "artnet"])
def test_channels_have_the_values_that_were_asked_for(protocol: str, node: Node, lights_of: Any) -> None:
    lights = lights_of(config_of(node.port, protocol))
    lights.show(SCENE)
    packet = node.await_packet(lit)
    assert (packet.protocol, packet.universe) == (protocol, 300)
    assert len(packet.values) == 512
    assert [at for at, value in enumerate(packet.values, 1) if value] == [10, 11, 12]
    assert packet.name == ("Mien" if protocol == "sacn" else "")


def first_channels(read: str) -> list[list[str]]:
    """Channels 1 to 16 of each packet as tshark writes them; sACN's darkness is written as dots."""
    rows = [line.strip() for line in read.splitlines() if line.strip().startswith(("0x001:", "001-020:"))]
    return [row.replace("|", " ").replace("...", "0").split()[1:17] for row in rows]


@pytest.mark.parametrize("protocol", ["sacn", "artnet"])
def test_wireshark_reads_the_same(protocol: str, node: Node, lights_of: Any, tmp_path: Path) -> None:
    lights = lights_of(config_of(node.port, protocol))
    lights.show(SCENE)
    node.await_packet(lit)
    lights.close()
    node.close()
    read = wireshark(node.raw, node.port, tmp_path, artnet=protocol == "artnet")
    assert "Malformed" not in read
    # The last lit packet comes before three dark ones, and in sACN three that end the stream.
    last_lit = -4 if protocol == "artnet" else -7
    rows = first_channels(read)
    assert rows[last_lit] == ["0"] * 9 + ["204", "102", "51"] + ["0"] * 4
    assert {tuple(row) for row in rows[last_lit + 1 :]} == {("0",) * 16}
    assert "Universe: 300" in read
    if protocol == "sacn":
        assert "Source: Mien" in read
        assert read.count("Stream Terminated: True") == 3
    else:
        assert "OpCode: ArtDMX (0x5000)" in read


def test_sequence_numbers_count_up(node: Node, lights_of: Any) -> None:
    lights_of(config_of(node.port, "artnet")).show(SCENE)
    node.await_packet(lambda packet: packet.sequence == 5)
    assert [packet.sequence for packet in node.packets[:5]] == [1, 2, 3, 4, 5]


def test_multicast_goes_to_the_universes_own_group(lights_of: Any) -> None:
    node = Node("239.255.1.44")  # universe 300 = 0x012c
    config = config_of(node.port)
    universe = config.universes[0].model_copy(update={"host": "multicast"})
    lights_of(config.model_copy(update={"universes": [universe], "interface": "127.0.0.1"})).show(SCENE)
    node.await_packet(lit)
    node.close()


def test_multicast_universes_are_listed_for_consoles(lights_of: Any, tmp_path: Path) -> None:
    node = Node("239.255.250.214")
    config = config_of(node.port)
    universe = config.universes[0].model_copy(update={"host": "multicast"})
    lights = lights_of(config.model_copy(update={"universes": [universe], "interface": "127.0.0.1"}))
    lights.show(SCENE)
    until = time.monotonic() + DEADLINE_S
    while not node.raw and time.monotonic() < until:
        time.sleep(0.01)
    lights.close()
    node.close()
    # Table 8-9 of ANSI E1.31-2018: vector, page, last page, list of universes.
    (raw,) = node.raw
    assert struct.unpack_from(">I", raw, 18)[0] == 8
    assert struct.unpack_from(">IBB", raw, 114) == (1, 0, 0)
    assert raw[120:] == struct.pack(">H", 300)
    assert "Mien" in wireshark(node.raw, node.port, tmp_path, artnet=False)


@pytest.mark.parametrize("protocol", ["sacn", "artnet"])
def test_black_out_at_the_end(protocol: str, node: Node, lights_of: Any) -> None:
    lights = lights_of(config_of(node.port, protocol))
    lights.show(SCENE)
    node.await_packet(lit)
    lights.close()
    node.close()
    packets = node.packets
    data = [packet for packet in packets if not packet.terminated]
    assert [any(packet.values) for packet in data[-4:]] == [True, False, False, False]
    assert [packet.terminated for packet in packets].count(True) == (3 if protocol == "sacn" else 0)
    assert all(packet.terminated for packet in packets[len(data) :])


@pytest.mark.parametrize("protocol", ["sacn", "artnet"])
def test_light_held_at_the_end(protocol: str, node: Node, lights_of: Any) -> None:
    lights = lights_of(config_of(node.port, protocol, on_exit="hold"))
    lights.show(SCENE)
    node.await_packet(lit)
    lights.close()
    node.close()
    assert lit(node.packets[-1])
    assert not any(packet.terminated for packet in node.packets)


def test_blackout_and_master_count_at_once(node: Node, lights_of: Any) -> None:
    config = config_of(node.port)
    lights = lights_of(config)
    lights.show(SCENE)
    node.await_packet(lit)
    lights.reconfigure(config.model_copy(update={"master": 0.5}))
    node.await_packet(lambda packet: packet.values[9:12] == (102, 51, 26))
    lights.reconfigure(config.model_copy(update={"blackout": True}))
    node.await_packet(lambda packet: not any(packet.values))
    lights.reconfigure(config)
    node.await_packet(lit, after=len(node.raw))
    assert not any(packet.terminated for packet in node.packets)
    assert [packet.sequence for packet in node.packets] == [at % 256 for at in range(len(node.packets))]


def test_switching_off_ends_the_stream_and_on_begins_it_anew(node: Node, lights_of: Any) -> None:
    config = config_of(node.port)
    lights = lights_of(config)
    lights.show(SCENE)
    node.await_packet(lit)
    lights.reconfigure(config.model_copy(update={"enabled": False}))
    node.await_packet(lambda packet: packet.terminated)
    ended = len(node.raw)
    lights.reconfigure(config)
    node.await_packet(lambda packet: lit(packet) and not packet.terminated, after=ended)


def test_smoothing_goes_on_between_scenes(node: Node, lights_of: Any) -> None:
    lamp = {"name": "lamp", "universe": "room", "channel": 10, "smoothing_s": 0.2}
    lights_of(config_of(node.port, fixtures=[lamp])).show(SCENE)
    node.await_packet(lit)
    reds = [packet.values[9] for packet in node.packets]
    assert reds == sorted(reds)
    assert len(set(reds)) > 5


def test_nothing_is_sent_before_the_first_scene(node: Node, lights_of: Any) -> None:
    other = Node()
    config = config_of(node.port)
    lights = lights_of(config)
    known = lights_of(config_of(other.port))
    known.show(SCENE)
    other.await_packet(lambda packet: packet.sequence == 8)
    other.close()
    assert node.raw == []
    lights.show(SCENE)
    node.await_packet(lit)


def test_a_name_that_does_not_exist_is_reported_and_hinders_no_other(node: Node, lights_of: Any) -> None:
    config = config_of(node.port)
    lost = config.universes[0].model_copy(update={"name": "lost", "number": 4, "host": "no-such-node.invalid"})
    lights = lights_of(config.model_copy(update={"universes": [lost, config.universes[0]]}))
    lights.show(SCENE)
    node.await_packet(lit)
    until = time.monotonic() + DEADLINE_S
    while not lights._notices.active() and time.monotonic() < until:
        time.sleep(0.01)
    (notice,) = lights._notices.active()
    assert notice.stage == "lights lost"
    assert "no-such-node.invalid cannot be resolved" in notice.message


def test_a_network_that_refuses_is_reported_once(lights_of: Any) -> None:
    # Class E: no system sends there from the loopback card.
    config = config_of(9, "artnet")
    universe = config.universes[0].model_copy(update={"host": "240.0.0.1"})
    lights = lights_of(config.model_copy(update={"universes": [universe], "interface": "127.0.0.1"}))
    lights.show(SCENE)
    until = time.monotonic() + DEADLINE_S
    while not lights._notices.active() and time.monotonic() < until:
        time.sleep(0.01)
    (notice,) = lights._notices.active()
    assert notice.stage == "lights room"
    assert "nothing can be sent to 240.0.0.1" in notice.message
    lights.show(replace(SCENE, t_s=1.0))
    assert len(lights._notices.history("fallback")) == 1


def test_a_network_card_that_is_not_there_stays_reported_while_packets_go(node: Node, lights_of: Any) -> None:
    universe = config_of(node.port).universes[0].model_copy(update={"host": "127.0.0.1"})
    # 192.0.2.0/24 is for documentation (RFC 5737): no card has it.
    config = config_of(node.port).model_copy(update={"universes": [universe], "interface": "192.0.2.1"})
    lights = lights_of(config)
    lights.show(SCENE)
    node.await_packet(lit)
    node.await_packet(lambda packet: packet.sequence == 5)
    (notice,) = lights._notices.active()
    assert (notice.kind, notice.stage) == ("fallback", "lights room: network card")
    lights.reconfigure(config.model_copy(update={"interface": ""}))
    node.await_packet(lit, after=len(node.raw))
    node.await_packet(lambda _: not lights._notices.active(), after=len(node.raw))


def test_closing_twice_or_before_the_start_does_no_harm() -> None:
    clock = RealClock()
    lights = Lights(LightsConfig(), Notices(clock), clock)
    lights.close()
    lights.close()
