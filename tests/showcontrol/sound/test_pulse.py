"""The whole piece hears a real sound system, tells when it is gone, and hears it again: PulseAudio without a sound card."""

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.sound_wire import Wire, messages, wire
from tests.showcontrol.waiting import soon

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="there is no PulseAudio"),
]


class Ear:
    """What the piece says over OSC."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.levels: list[float] = []
        self.onsets: set[int] = set()
        self.faults: set[str] = set()
        self.health = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._ending.is_set():
            with suppress(TimeoutError):
                for address, args in messages(self.socket.recv(65536)):
                    match address.removeprefix("/mien"):
                        case "/sound/level":
                            self.levels.append(float(str(args[0])))
                        case "/sound/onset":
                            self.onsets.add(int(str(args[0])))
                        case "/health":
                            self.health += 1
                            self.faults = set()
                        case "/fault":
                            self.faults.add(str(args[0]))

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self.socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Wire]:
    with wire(tmp_path) as made:
        yield made


def test_clicks_are_heard_and_a_lost_sound_system_comes_back(ear: Ear, server: Wire) -> None:
    target = json.dumps([{"host": "127.0.0.1", "port": ear.socket.getsockname()[1]}])
    sets = [
        f"osc.targets={target}",
        "osc.listen_port=0",
        "oscquery.enabled=false",
        "desk.port=0",
        "sound.device=default",
    ]
    command = [sys.executable, "-m", "installation", "--offscreen", "--size", "192x108", "--source", "simulated"]
    command += [word for one in sets for word in ("--set", one)]
    piece = subprocess.Popen(command, cwd=ROOT, env=server.environment, stderr=subprocess.DEVNULL)
    try:
        soon(lambda: ear.levels)
        _played_until(server, ear, 3)
        assert max(ear.levels) > 0.2
        server.end()
        soon(lambda: "sound" in ear.faults)
        soon(lambda: ear.levels[-1] == 0.0)
        server.begin()
        health = ear.health
        soon(lambda: ear.health > health + 2 and "sound" not in ear.faults)
        _played_until(server, ear, len(ear.onsets) + 3)
    finally:
        piece.terminate()
        piece.wait(60)


def _played_until(server: Wire, ear: Ear, count: int) -> None:
    """Play clicks until so many onsets were told; a busy machine misses some."""
    for _ in range(5):
        server.play(6.0, 0.83)
        if len(ear.onsets) >= count:
            return
    raise AssertionError(f"{len(ear.onsets)} onsets were told")


def test_the_machines_inputs_are_listed(server: Wire) -> None:
    command = [sys.executable, "-m", "installation", "check", "--set", "sound.device=default"]
    found = subprocess.run(command, cwd=ROOT, env=server.environment, capture_output=True, text=True, timeout=300)
    rows = [line for line in found.stdout.splitlines() if " sound" in line]
    assert any(line.startswith("note") and "default" in line for line in rows), found.stdout
    assert any("silence" in line and "default" in line for line in rows), found.stdout
    wrong = subprocess.run(
        [*command[:-1], "sound.device=scarlett"], cwd=ROOT, env=server.environment, capture_output=True, text=True
    )
    assert "no audio input has 'scarlett' in its name; there are 0 (" in wrong.stdout
