"""What the examples' tests share: a piece that tells a receiver what happens, and ears for what it played."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.config.osc import OscConfig
from installation.showcontrol.osc_out.encode import bundled, pack
from installation.showcontrol.show_control import ShowControl
from tests.showcontrol.osc_states import scene, state

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
LOCAL = "127.0.0.1"
RATE_HZ = 44100
FRAMES_HZ = 60


def needs(program: str, package: str) -> str:
    """The program's path; skips where it is not installed."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"no {program} here (Debian: {package})")
    return found


def wait_for(done: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Fails when it takes longer."""
    until_s = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until_s, what
        threading.Event().wait(0.02)


@contextmanager
def running(command: list[str], log: Path, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the test's own, ended with it and with what it started; what it says is in ``log``."""
    null = subprocess.DEVNULL
    with (
        log.open("wb") as file,
        subprocess.Popen(command, stdin=null, stdout=file, stderr=file, start_new_session=True, **more) as process,
    ):
        try:
            yield process
        finally:
            for end in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, end)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(10)


class Piece:
    """Tells one UDP receiver what Mien tells, with Mien's own messages and packets, 60 bundles a second."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.restart()

    def restart(self) -> None:
        """Numbers begin anew, as they do when Mien is started again."""
        self._control = ShowControl(OscConfig(), lambda bundle: self.send(*bundle.packets()))
        self._seq = 0

    def close(self) -> None:
        self._wire.close()

    def send(self, *packets: bytes) -> None:
        for packet in packets:
            self._wire.sendto(packet, (LOCAL, self.port))

    def once(self, address: str, tags: str, *args: float) -> None:
        """One message, once."""
        self.send(*bundled([pack(address, tags, args)]))

    def show(self, seconds: float, *ids: int, energy: float = 0.0, **mood: float) -> None:
        """So long these visitors are there. ``mood``: valence and arousal, 0 otherwise; presence, 1 with anybody there."""
        values = {"valence": 0.0, "arousal": 0.0, "presence": float(bool(ids))} | mood
        states = tuple(state(person_id, energy=energy) for person_id in ids)
        for _ in range(round(seconds * FRAMES_HZ)):
            self._control.on_observation(
                self._seq,
                self._seq / FRAMES_HZ,
                states,
                replace(scene(), **values),
                group=states[0] if states else None,
            )
            self._seq += 1
            threading.Event().wait(1 / FRAMES_HZ)


class Heard:
    """A recording, (samples, 2) in [-1, 1], and where in it the parts of the show lie."""

    def __init__(self, path: Path) -> None:
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getsampwidth()) == (RATE_HZ, 2)
            data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            self.samples = data.reshape(-1, file.getnchannels()) / 32768.0

    def part(self, start_s: float, end_s: float) -> np.ndarray:
        """A part; counted from the end where negative, ``end_s`` 0 is the end."""
        found = self.samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ) or None]
        assert len(found) > 0
        return found

    def level(self, start_s: float, end_s: float) -> float:
        """Root mean square of a part."""
        return float(np.sqrt((self.part(start_s, end_s) ** 2).mean()))

    def began_s(self) -> float:
        """When the first sample that is not 0 comes."""
        return float(np.flatnonzero(self.samples.any(axis=1))[0] / RATE_HZ)

    def peak(self) -> float:
        return float(np.abs(self.samples).max())

    def sharpest(self, start_s: float = 0.0, end_s: float = 0.0) -> float:
        """Largest second difference in a part: a click is a corner in the wave, which no fade or soft stroke makes."""
        return float(np.abs(np.diff(self.part(start_s, end_s), 2, axis=0)).max())

    def tone(self, hz: float, window_s: float = 0.05) -> np.ndarray:
        """(n,): how strong a tone is at every 10 ms, as amplitude of the left and right channel together."""
        carrier = np.exp(-2j * np.pi * hz * np.arange(len(self.samples)) / RATE_HZ)
        width = round(window_s * RATE_HZ)
        window = np.hanning(width) / np.hanning(width).sum()
        mixed = np.convolve(self.samples.sum(axis=1) * carrier, window, "same")
        return np.abs(mixed)[:: RATE_HZ // 100]

    def strokes(self, hz: float) -> list[tuple[float, float]]:
        """(time in s, amplitude) of every stroke that rings at ``hz``: it rises to more than twice within 100 ms."""
        strength = self.tone(hz)
        floor, found, last = 0.1 * strength.max(), [], -100
        for now in range(10, len(strength)):
            if strength[now] > floor and strength[now] > 2 * strength[now - 10] and now - last > 25:
                found.append((now / 100, float(strength[now : now + 20].max())))
                last = now
        return found
