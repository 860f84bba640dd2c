"""From a click that is played to /sound/onset, through a real sound system: PulseAudio's null sink, heard at its monitor.

.venv/bin/python benchmarks/sound_wire.py [--seconds 30] [-- ARGUMENTS OF THE PIECE]

Starts a PulseAudio of its own (Debian: pulseaudio), which disturbs no other, plays clicks into it with pacat, and hears OSC of
the whole piece. The delay is that of player, PulseAudio, ALSA's plugin, the ear, the frame loop and OSC together.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
from pythonosc.osc_bundle import OscBundle

RATE, CHUNK_S = 48_000, 0.01
WARM_S = 12.0
SINK = "wire"
ALSA = "<confdir:alsa.conf>\npcm.!default { type pulse }\nctl.!default { type pulse }\n"
"""ALSA's default is PulseAudio, as on most desktops."""


class Wire:
    """A PulseAudio server with a sink that leads nowhere but to its monitor. ``environment`` leads programs to it."""

    def __init__(self, folder: Path) -> None:
        home, runtime = folder / "home", folder / "run"
        home.mkdir(exist_ok=True)
        runtime.mkdir(mode=0o700, exist_ok=True)
        config = folder / "asound.conf"
        config.write_text(ALSA, encoding="utf-8")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PULSE_", "DBUS_"))},
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "ALSA_CONFIG_PATH": str(config),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start the server and wait until it answers."""
        sink = f"module-null-sink sink_name={SINK} rate={RATE}"
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        self._process = subprocess.Popen(
            [*command, "-L", "module-native-protocol-unix", "-L", sink],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ask = ["pactl", "set-default-source", f"{SINK}.monitor"]
        until_s = time.monotonic() + 60
        while subprocess.run(ask, env=self.environment, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > until_s:
                raise RuntimeError("PulseAudio does not begin")
            time.sleep(0.1)

    def end(self) -> None:
        """End the server at once, as if it had crashed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def play(self, seconds: float, every_s: float) -> list[float]:
        """Play clicks over faint noise; gives when each was handed to the player, seconds of the monotonic clock."""
        command = ["pacat", "--playback", "--raw", "--format=float32le", f"--rate={RATE}", "--channels=1"]
        player = subprocess.Popen(
            [*command, "--latency-msec=10", f"--device={SINK}"], env=self.environment, stdin=subprocess.PIPE
        )
        assert player.stdin is not None
        rng, size, played = np.random.default_rng(1), round(RATE * CHUNK_S), []
        begin_s, every = time.monotonic(), round(every_s / CHUNK_S)
        for n in range(round(seconds / CHUNK_S)):
            sound = rng.normal(0, 1e-4, size).astype(np.float32)
            if n % every == every - 1:
                sound[: size // 2] += rng.normal(0, 0.3, size // 2).astype(np.float32)
                played.append(time.monotonic())
            player.stdin.write(sound.tobytes())
            player.stdin.flush()
            time.sleep(max(begin_s + (n + 1) * CHUNK_S - time.monotonic(), 0.0))
        player.stdin.close()
        player.wait(20)
        return played


@contextmanager
def wire(folder: Path) -> Iterator[Wire]:
    """One that is running."""
    made = Wire(folder)
    made.begin()
    try:
        yield made
    finally:
        made.end()


def messages(packet: bytes) -> list[tuple[str, list[object]]]:
    """(address, arguments) of what the piece sends."""
    return [(part.address, list(part.params)) for part in OscBundle(packet)]


def main() -> int:
    """Print how many clicks were told and how late."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("more", nargs="*", help="arguments of the piece, behind --")
    options = parser.parse_args()
    if shutil.which("pulseaudio") is None:
        print("there is no pulseaudio", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        inbox = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        inbox.bind(("127.0.0.1", 0))
        inbox.settimeout(0.2)
        ours = stack.enter_context(wire(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        target = json.dumps([{"host": "127.0.0.1", "port": inbox.getsockname()[1], "addresses": ["/mien/sound/*"]}])
        sets = [f"osc.targets={target}", "osc.listen_port=0", "oscquery.enabled=false", "desk.port=0"]
        command = [sys.executable, "-m", "installation", "--offscreen", "--size", "640x360", "--source", "simulated"]
        command += ["--seconds", f"{options.seconds + 60:g}"]
        command += [word for one in [*sets, "sound.device=default"] for word in ("--set", one)]
        piece = subprocess.Popen([*command, *options.more], cwd=ROOT, env=ours.environment)
        stack.callback(piece.wait, 30)
        stack.callback(piece.terminate)
        _until_heard(inbox)
        time.sleep(WARM_S)
        told(*_clicks(ours, inbox, options.seconds))
    return 0


def _until_heard(inbox: socket.socket) -> None:
    until_s = time.monotonic() + 90
    while time.monotonic() < until_s:
        try:
            if any(address.endswith("/sound/level") for address, _ in messages(inbox.recv(65536))):
                return
        except TimeoutError:
            continue
    sys.exit("the piece hears nothing")


def _clicks(ours: Wire, inbox: socket.socket, seconds: float) -> tuple[list[float], list[float]]:
    import threading

    played: list[float] = []
    player = threading.Thread(target=lambda: played.extend(ours.play(seconds, 0.83)))
    player.start()
    heard: dict[int, float] = {}
    while player.is_alive():
        try:
            packet = inbox.recv(65536)
        except TimeoutError:
            continue
        for address, args in messages(packet):
            if address.endswith("/sound/onset"):
                heard.setdefault(int(str(args[0])), time.monotonic())
    return played, sorted(heard.values())


def told(played: list[float], heard: list[float]) -> None:
    """Print it."""
    late = [(min(after) - at) * 1000 for at in played if (after := [one for one in heard if at <= one < at + 0.6])]
    if not late:
        sys.exit("no click was told")
    p50, p95 = np.percentile(late, (50, 95))
    print(
        f"{len(late)} of {len(played)} clicks told, {len(heard) - len(late)} more; late p50 {p50:.0f}, p95 {p95:.0f} ms"
    )


if __name__ == "__main__":
    raise SystemExit(main())
