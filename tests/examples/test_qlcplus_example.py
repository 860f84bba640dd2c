"""The QLC+ show, run by QLC+: lamps take the emotions' colours, the floor light the energy, all of them the presence."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from pythonosc.osc_message import OscMessage

from installation.types import EMOTIONS
from tests.conftest import probabilities
from tests.examples.stage import EXAMPLES, LOCAL, Piece, needs, running, wait_for
from tests.ports import free_port

SHOW = EXAMPLES / "qlcplus" / "mien.qxw"
SPACE = {"q": "http://www.qlcplus.org/Workspace"}
CHANNELS = 7
"""Two lamps of three, and the floor light."""
CLOSE = 2
"""QLC+ cuts off what is behind the point, of the slider and again of the product."""


def channel_of(address: str) -> int:
    """QLC+'s number of an OSC address: Qt's 16-bit checksum (CRC-16/X-25) of its text."""
    rest = 0xFFFF
    for byte in address.encode():
        rest ^= byte
        for _ in range(8):
            rest = (rest >> 1) ^ 0x8408 if rest & 1 else rest >> 1
    return rest ^ 0xFFFF


def colours() -> np.ndarray:
    """(7, 6): the two lamps' values for each emotion, as the show has them."""
    scenes = ElementTree.parse(SHOW).getroot().findall(".//q:Function[@Type='Scene']", SPACE)
    assert [scene.get("Name") for scene in scenes] == list(EMOTIONS)
    lamps = [[lamp.text.split(",")[1::2] for lamp in scene.findall("q:FixtureVal", SPACE)] for scene in scenes]
    return np.array(lamps, int).reshape(len(EMOTIONS), 6)


class WebPage:
    """QLC+'s web socket: short texts, unmasked from it (RFC 6455)."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: socket.socket | None = None

    def channels(self) -> list[int]:
        """The channels before the grand master. Empty while nobody answers."""
        if self._wire is None:
            try:
                self._wire = socket.create_connection((LOCAL, self._port), 5)
            except ConnectionRefusedError:
                return []
            asked = ["GET /qlcplusWS HTTP/1.1", f"Host: {LOCAL}", "Upgrade: websocket", "Connection: Upgrade"]
            asked += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: bWllbiBtaWVuIG1pZW4gbQ==", "", ""]
            self._wire.sendall("\r\n".join(asked).encode())
            while self._line():
                pass
        text = f"QLC+API|getChannelsValues|1|1|{CHANNELS}".encode()
        # A mask of zeros leaves the text as it is.
        self._wire.sendall(bytes([0x81, 0x80 | len(text)]) + bytes(4) + text)
        while not (answer := self._frame()).startswith("QLC+API|getChannelsValues"):
            pass
        return [int(value) for value in answer.split("|")[3:-1:3]]

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def _exactly(self, count: int) -> bytes:
        assert self._wire is not None
        found = self._wire.recv(count, socket.MSG_WAITALL)
        assert len(found) == count
        return found

    def _line(self) -> bytes:
        found = b""
        while not found.endswith(b"\r\n"):
            found += self._exactly(1)
        return found[:-2]

    def _frame(self) -> str:
        size = self._exactly(2)[1]
        if size == 126:
            size = int.from_bytes(self._exactly(2), "big")
        return self._exactly(size).decode()


@dataclass
class Desk:
    """QLC+ as its web page and its lamps have it."""

    piece: Piece
    web: WebPage
    wire: socket.socket
    dmx: list[int] = field(default_factory=lambda: [0] * CHANNELS)

    def lamps(self) -> list[int]:
        """What the lamps were sent last, by then with the grand master."""
        while True:
            try:
                message = OscMessage(self.wire.recv(65535))
            except BlockingIOError:
                return self.dmx
            number = int(message.address.rsplit("/", 1)[1])
            if number < CHANNELS:
                self.dmx[number] = round(message.params[0] * 255)

    def comes_to(self, before_master: np.ndarray, lamps: np.ndarray, shares: np.ndarray, **more: float) -> None:
        """Tells it so until the channels and the lamps are as they should be; fails when they never are."""

        def done() -> bool:
            # QLC+ acts on changes only, and not before it has opened the show: something else first.
            self.piece.show(0.05, 1, emotion=probabilities("fear"), energy=0.1)
            self.piece.show(0.15, 1, emotion=shares, **more)
            both = [(self.web.channels(), before_master), (self.lamps(), lamps)]
            found.append(both)
            return all(len(got) == CHANNELS and np.abs(np.subtract(got, want)).max() <= CLOSE for got, want in both)

        found: list = []
        try:
            wait_for(done, "the lamps never came to it")
        except AssertionError:
            raise AssertionError(f"(is, should be) of channels and lamps: {found[-1]}") from None


@contextmanager
def qlcplus(folder: Path) -> Iterator[Desk]:
    """The show on ports of the test's own; what goes to the lamps comes back as OSC."""
    program, port, web = needs("qlcplus", "qlcplus"), free_port(), free_port()
    text = SHOW.read_text()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((LOCAL, 0))
        wire.setblocking(False)
        out = f'<Output Plugin="OSC" UID="{LOCAL}" Line="0"><PluginParameters outputPort="{wire.getsockname()[1]}"/></Output>'
        changed = text.replace('inputPort="7700"', f'inputPort="{port}"').replace("</Input>\n", f"</Input>\n{out}\n", 1)
        assert str(port) in changed
        assert out in changed
        (folder / "show.qxw").write_text(changed)
        surroundings = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
        }
        options = ["--nowm", "--nogui", "--operate", "--web", "-wp", str(web), "--open", str(folder / "show.qxw")]
        log = folder / "qlcplus.log"
        with (
            running([program, *options], log, env=surroundings),
            closing(Piece(port)) as piece,
            closing(WebPage(web)) as page,
        ):
            yield Desk(piece, page, wire)


def test_the_show_listens_to_addresses_that_qlcplus_can_read() -> None:
    """Values from 0 to 1 only: QLC+ takes -0.5 for 129 of 255."""
    text = SHOW.read_text()
    expected = [
        *(f"/mien/emotions_{number}" for number in range(len(EMOTIONS))),
        "/mien/group/energy",
        "/mien/presence",
    ]
    inputs = ElementTree.fromstring(text.encode()).findall(".//q:VirtualConsole//q:Input", SPACE)
    assert [int(each.get("Channel", -1)) for each in inputs] == [channel_of(address) for address in expected]


def test_lamps_follow_emotions_energy_and_presence(tmp_path: Path) -> None:
    table = colours()
    with qlcplus(tmp_path) as desk:
        for emotion in ("happy", "sad", "surprise"):
            sure = probabilities(emotion, 1.0)
            wanted = np.append(table[EMOTIONS.index(emotion)], 127)
            desk.comes_to(wanted, wanted, sure, energy=0.5)
        # Two emotions, half each, whoever leaves fades out: the brighter one of each colour, and the grand master.
        mixed = (probabilities("angry", 1.0) + probabilities("sad", 1.0)) / 2
        wanted = np.append(np.maximum(table[0], table[EMOTIONS.index("sad")]) * 0.5, 255)
        desk.comes_to(wanted, wanted * 0.4, mixed, energy=1.0, presence=0.4)
        desk.comes_to(wanted, wanted * 0, mixed, energy=1.0, presence=0.0)


@pytest.mark.parametrize(("value", "taken"), [(1.0, 255), (1.2, 50), (-0.5, 129), (-1.0, 1)])
def test_what_qlcplus_makes_of_numbers_out_of_its_range(tmp_path: Path, value: float, taken: int) -> None:
    """Why valence and arousal are not in the show."""
    with qlcplus(tmp_path) as desk:

        def done() -> bool:
            desk.piece.once("/mien/group/energy", "f", 0.3)
            desk.web.channels()
            desk.piece.once("/mien/group/energy", "f", value)
            return desk.web.channels()[-1:] == [taken]

        wait_for(done, f"QLC+ does not take {value} for {taken}")
