"""Faults that need a piece of their own: from the start on, until the end, or the end itself."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import limits
from tests.faults.checkout import Checkout
from tests.faults.disk import SmallDisk
from tests.faults.fault import skip_where_impossible
from tests.faults.network import Network
from tests.faults.piece import Piece
from tests.faults.table import FAULTS
from tests.screen import virtual_screen

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]
UNTIL_THE_END = (
    "camera_silent", "camera_unplugged", "perception_hangs", "perception_stopped", "perception_dies_again_and_again",
    "painters_hang", "sender_stopped", "config_no_yaml", "network_down",
)  # fmt: skip
Begin = Callable[..., Piece]


@pytest.fixture
def network() -> Iterator[Network]:
    if not sys.platform.startswith("linux"):
        pytest.skip("faults are injected on Linux only")
    made = Network()
    yield made
    made.close()


@pytest.fixture
def begin(network: Network, tmp_path: Path) -> Iterator[Begin]:
    """Makes a piece, not yet waited for; what it needs is cleared away."""
    checkout = Checkout(tmp_path / "checkout")
    pieces: list[Piece] = []

    def make(**more: Any) -> Piece:
        pieces.append(Piece(checkout, network, tmp_path / f"piece-{len(pieces)}", **more))
        return pieces[-1]

    yield make
    for piece in pieces:
        piece.abandon()
    checkout.close()


@pytest.mark.parametrize("name", UNTIL_THE_END)
def test_a_piece_ends_cleanly_in_the_middle_of_a_fault(begin: Begin, name: str) -> None:
    fault = next(fault for fault in FAULTS if fault.name == name)
    piece = begin()
    piece.start()
    skip_where_impossible(piece, fault)
    fault.inject(piece)
    try:
        piece.hold(1.5)
        piece.end()
    finally:
        fault.remove(piece)


def test_a_camera_that_is_switched_on_after_the_piece(begin: Begin) -> None:
    piece = begin()
    piece.camera.mode = "unplugged"
    piece.wait_for(lambda: piece.log.told("capture", 0.0), "the missing camera is told", limits.START_S)
    piece.camera.mode = "moving"
    switched_s = time.monotonic()
    piece.wait_for(lambda: piece.is_well(switched_s), "the camera is found", limits.RECOVERY_S)
    piece.end()


def test_ports_that_are_taken_at_the_start_and_free_later(begin: Begin, network: Network) -> None:
    with network.udp() as listening, network.tcp() as query:
        ports = [int(one.getsockname()[1]) for one in (listening, query)]
        piece = begin(settings={"osc": {"listen_port": ports[0]}, "oscquery": {"port": ports[1]}})
        piece.listen_port, piece.query_port = ports
        for stage in ("osc in", "osc query"):
            piece.wait_for(lambda stage=stage: piece.log.told(stage, 0.0), f"{stage} is told", limits.START_S)
    freed_s = time.monotonic()
    piece.wait_for(lambda: piece.is_well(freed_s), "the ports are had", limits.RECOVERY_S)
    piece.start()
    piece.end()


def test_everything_is_written_to_a_disk_that_fills_up(begin: Begin, tmp_path: Path) -> None:
    disk = SmallDisk(tmp_path / "disk")
    if not disk.mounted:
        pytest.skip("a small disk needs Linux and root")
    try:
        written = ("--record", "take.jsonl.gz", "--video", "film.mp4", "--screenshot", "last.png", "--log", "log")
        options = tuple(word if word.startswith("--") else str(disk.folder / word) for word in written)
        piece = begin(options=(*options, "--report", str(disk.folder / "report.json")))
        piece.start()
        full_s = time.monotonic()
        disk.fill()
        piece.wait_for(lambda: any(line.level == "ERROR" for line in piece.log.since(full_s)), "it is told", 30)
        piece.hold(5)
        piece.check(full_s)
        disk.clear()
        piece.report = disk.folder / "report.json"
        piece.end()
    finally:
        disk.close()


def test_shared_memory_that_holds_no_picture(begin: Begin) -> None:
    script = 'mount -t tmpfs -o size=64k tmpfs /dev/shm && exec "$@"'
    prefix = ("unshare", "--mount", "sh", "-c", script, "sh")
    if shutil.which("unshare") is None or subprocess.run([*prefix, "true"], check=False, timeout=20).returncode != 0:
        pytest.skip("a small /dev/shm needs Linux and root")
    piece = begin(prefix=prefix)
    piece.wait_for(lambda: "running: " in piece.log.text, "it runs", limits.START_S)

    def perceives() -> bool:
        return piece.health.last is not None and piece.health.last.perception > 0

    piece.wait_for(perceives, "perception sees all the same", limits.RECOVERY_S)
    piece.end()


def test_the_display_is_gone(begin: Begin) -> None:
    """Xlib ends the process. That is told, nothing hangs, nothing is left."""
    with virtual_screen() as (display, screen):
        piece = begin(output=("--window", "--size", "192x108"), environment={"DISPLAY": display})
        piece.start()
        gone_s = time.monotonic()
        screen.kill()
        screen.wait(10)
    code = piece.process.wait(5)
    piece.log.join()
    said = "\n".join(line.text for line in piece.log.since(gone_s))
    print(said)
    assert code in (0, 1), piece.wrong(f"exit code {code}")
    assert re.search("display|X connection", said), piece.wrong("nothing says that the display is gone")
    assert "Traceback" not in said, piece.wrong("a traceback")
    assert piece.left() == []
    assert [path for path in piece.shared if Path(path).exists()] == []
