"""A wall on one machine: a leader and followers as processes of their own, with the simulated performer, in one folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from installation.base.clock import Clock
from installation.base.files import PROJECT, PROJECT_VARIABLE, ROOT
from installation.base.supervisor import StopSignal
from installation.wall.frames_log import NAME, FrameLine, read_frames

SETTINGS = """version: 2
output: {{mode: offscreen, width: {width}, height: {height}, per_second: {rate}, software_per_second: {rate}, quality: low}}
video: {{per_second: {rate}}}
capture: {{source: simulated}}
scene: {{name: {scene}}}
notice: {{enabled: false}}
generation: {{enabled: false}}
picture: {{enabled: false}}
desk: {{run: never}}
osc: {{enabled: false}}
oscquery: {{enabled: false}}
log: {{file: ""}}
"""
START_S, END_S = 120.0, 20.0
"""A machine may take so long to show its first picture, and to end."""
POLL_S = 0.05
ONE_THREAD = dict.fromkeys(("LP_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Several machines share this one's cores: each draws with one of them."""


class RehearsalError(Exception):
    """A machine of the wall did not start, or ended early; says what it said."""


class Machine:
    """One process of the wall. ``name`` is its folder's."""

    def __init__(self, folder: Path, settings: Path, words: list[str], clock: Clock) -> None:
        self.folder, self._clock = folder, clock
        folder.mkdir()
        self.video, self.report, self.said = folder / "part.mp4", folder / "report.json", folder / "said.txt"
        command = [sys.executable, "-m", "installation", "--config", str(settings), "--log", str(folder)]
        command += ["--report", str(self.report), *words]
        environment = {**os.environ, PROJECT_VARIABLE: str(PROJECT), "PYTHONPATH": str(ROOT), **ONE_THREAD}
        self.began_s = clock.now()
        with self.said.open("w", encoding="utf-8") as said:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )

    @property
    def frames(self) -> list[FrameLine]:
        """What it has shown; as far as it is in the file."""
        path = self.folder / NAME
        return read_frames(path) if path.exists() else []

    @property
    def figures(self) -> dict[str, Any]:
        """Its report. Empty where it wrote none."""
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads(self.report.read_text(encoding="utf-8"))
            return found
        return {}

    def wait_for(self, word: str, stop: StopSignal) -> None:
        """Until it said ``word``. Raises RehearsalError."""
        until_s = self._clock.now() + START_S
        while word not in self.said.read_text(encoding="utf-8", errors="replace"):
            if stop.is_set or self.process.poll() is not None or self._clock.now() > until_s:
                raise RehearsalError(f"{self.folder.name}: {self.last_words()}")
            stop.wait(POLL_S)

    def last_words(self) -> str:
        """The end of what it printed."""
        lines = self.said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " | ".join(lines[-4:]) or "said nothing"

    def ask_to_end(self) -> None:
        """As a person would, with Ctrl+C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)

    def end(self) -> None:
        """Wait until it has ended; what does not end is killed."""
        self.ask_to_end()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Wall:
    """A leader, and followers as they are added. Everything lies in ``folder``; ``end`` before it goes."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        per_second: float,
        delay_s: float,
        size: tuple[int, int] = (320, 180),
        scene: str = "blossom",
    ) -> None:
        self._folder, self._clock, self._delay_s = folder, clock, delay_s
        self._settings = folder / "settings.yaml"
        text = SETTINGS.format(width=size[0], height=size[1], rate=float(per_second), scene=scene)
        self._settings.write_text(text, encoding="utf-8")
        self.port = free_ports()
        self.machines: list[Machine] = []

    def lead(self, part: list[float], *words: str, name: str = "leader") -> Machine:
        """Start the leader."""
        own = ["--set", f"wall.lead=127.0.0.1:{self.port}", "--set", f"wall.delay_s={self._delay_s}"]
        return self._start(name, [*own, "--set", f"wall.part={part}", *words])

    def follow(self, name: str, part: list[float], *words: str, port: int | None = None) -> Machine:
        """Start a follower; ``port`` of what stands between it and the leader."""
        place = f"127.0.0.1:{self.port if port is None else port}"
        return self._start(name, ["--follow", place, "--set", f"wall.part={part}", *words])

    def end(self) -> None:
        """End all."""
        for machine in self.machines:
            machine.ask_to_end()
        for machine in self.machines:
            machine.end()

    def _start(self, name: str, words: list[str]) -> Machine:
        machine = Machine(self._folder / name, self._settings, words, self._clock)
        self.machines.append(machine)
        return machine


def free_ports() -> int:
    """A port of this machine that is free, as the next one is."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port
