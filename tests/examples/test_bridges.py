"""The patches that stand between Mien and Resolume or MadMapper, run by Pure Data; a receiver stands in the program's place."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pythonosc.osc_message import OscMessage

from installation.showcontrol.examples.routes import MADMAPPER, RESOLUME, Bridge
from tests.examples.stage import EXAMPLES, LOCAL, Piece, needs, running, wait_for
from tests.ports import free_port

BRIDGES = pytest.mark.parametrize("bridge", [RESOLUME, MADMAPPER], ids=lambda bridge: bridge.program)
SILENCE = re.compile(r"del 3000;")


@dataclass
class Program:
    """What the other program was sent, the newest last."""

    wire: socket.socket
    piece: Piece
    heard: list[tuple[str, list]] = field(default_factory=list)

    def listen(self) -> list[tuple[str, list]]:
        while True:
            try:
                message = OscMessage(self.wire.recv(65535))
            except BlockingIOError:
                return self.heard
            self.heard.append((message.address, message.params))

    def last(self, address: str) -> list | None:
        return dict(self.listen()).get(address)

    def show_until(self, address: str, value: float, **mood: float) -> None:
        """Show a visitor until the program has this value at this address."""

        def done() -> bool:
            self.piece.show(0.1, 1, **mood)
            return self.last(address) == pytest.approx([value], abs=1e-4)

        wait_for(done, f"{address} never was {value}: {self.last(address)}")


@contextmanager
def bridged(bridge: Bridge, folder: Path, silence_ms: int = 3000) -> Iterator[Program]:
    """The patch on ports of the test's own."""
    pd, listen, log = needs("pd", "puredata"), free_port(), folder / "pd.log"
    (patch,) = (EXAMPLES / bridge.folder).glob("*.pd")
    text = patch.read_text(encoding="utf-8")
    assert SILENCE.search(text)
    (folder / patch.name).write_text(SILENCE.sub(f"del {silence_ms};", text), encoding="utf-8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((LOCAL, 0))
        wire.setblocking(False)
        told = [
            "-send",
            f"{bridge.folder}-port {listen}",
            "-send",
            f"{bridge.folder}-at {LOCAL} {wire.getsockname()[1]}",
        ]
        options = ["-nogui", "-noaudio", "-nomidi", "-stderr", *told, str(folder / patch.name)]
        with running([pd, *options], log), closing(Piece(listen)) as piece:
            yield Program(wire, piece)
    # That a running piece's receiver has the patch's own port, or that the machine gives no priority, is not its fault.
    known = ("priority ", "error: netreceive: listen failed: Address already in use")
    assert [line for line in log.read_text().splitlines() if not line.startswith(known)] == []


def test_resolume_hears_values_and_presses_at_its_own_addresses(tmp_path: Path) -> None:
    with bridged(RESOLUME, tmp_path) as resolume:
        resolume.show_until("/composition/layers/1/video/opacity", 0.75, presence=0.75)
        resolume.show_until("/composition/dashboard/link1", 0.9, valence=0.8)
        assert resolume.last("/composition/dashboard/link2") == pytest.approx([0.5])
        assert resolume.last("/composition/dashboard/link4") == pytest.approx([0.75])
        for dial, value in ((5, 0.25), (6, 0.5), (7, 0.75)):
            assert resolume.last(f"/composition/dashboard/link{dial}") == pytest.approx([value])
        clip = "/composition/layers/2/clips/1/connect"
        wait_for(lambda: resolume.last(clip) == [0], "the clip's button was never let go")
        assert [args for address, args in resolume.heard if address == clip] == [[1], [0]], "visitor 1 came once"
        assert all(type(args[0]) is int for address, args in resolume.heard if address == clip)
        before = _presses(resolume, clip)
        wait_for(
            lambda: resolume.piece.show(0.1, 1, 2) or _presses(resolume, clip) > before, "visitor 2 pressed nothing"
        )


def _presses(program: Program, clip: str) -> int:
    return [args for address, args in program.listen() if address == clip].count([1])


def test_madmapper_hears_values_by_its_surfaces_names(tmp_path: Path) -> None:
    with bridged(MADMAPPER, tmp_path) as madmapper:
        madmapper.show_until("/surfaces/presence/opacity", 0.5, presence=0.5)
        madmapper.show_until("/surfaces/energy/opacity", 0.25, energy=0.25)
        madmapper.show_until("/surfaces/arousal/opacity", 0.75, arousal=0.5)


@BRIDGES
def test_every_route_is_heard_and_nothing_else(bridge: Bridge, tmp_path: Path) -> None:
    with bridged(bridge, tmp_path) as program:
        targets = {route.target for route in bridge.routes}

        def all_heard() -> bool:
            # A motion that sets in: the beat of a visitor's own.
            program.piece.show(0.3, 1, energy=0.0)
            program.piece.once("/mien/onset", "ifi", len(program.heard) + 1, 0.5, 1)
            return {address for address, _ in program.listen()} >= targets

        wait_for(all_heard, "not every route was heard")
        assert {address for address, _ in program.heard} == targets


@BRIDGES
def test_a_silent_mien_is_nobody_and_its_numbers_begin_anew(bridge: Bridge, tmp_path: Path) -> None:
    with bridged(bridge, tmp_path, silence_ms=400) as program:
        presence = next(route.target for route in bridge.routes if route.argument == "presence")
        program.show_until(presence, 1.0)
        wait_for(lambda: program.last(presence) == [0.0], "silence left the light on")
        if bridge is RESOLUME:
            program.piece.restart()
            clip = "/composition/layers/2/clips/1/connect"
            before = _presses(program, clip)
            wait_for(
                lambda: program.piece.show(0.1, 1) or _presses(program, clip) > before, "the new start's visitor 1"
            )


def test_after_the_end_numbers_begin_anew_at_once(tmp_path: Path) -> None:
    with bridged(RESOLUME, tmp_path, silence_ms=60_000) as resolume:
        clip = "/composition/layers/2/clips/1/connect"

        def presses_after(number: int, more: int) -> None:
            wanted = _presses(resolume, clip) + more

            def come() -> bool:
                resolume.piece.once("/mien/event/arrived", "ii", number, 1)
                return _presses(resolume, clip) >= wanted

            wait_for(come, f"event {number} was never told")

        presses_after(5, 1)
        resolume.piece.once("/mien/event/arrived", "ii", 1, 1)
        resolume.piece.once("/mien/state", "ss", "ended", "SIGTERM")
        presses_after(1, 1)
