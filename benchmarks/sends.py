"""What sending the picture to other programs costs, and how it arrives: NDI to a receiver in a process of its own.

    .venv/bin/python benchmarks/sends.py [--size 640x360] [--seconds 20] [--per-second 25]

The show is the simulated performer's, paced as in the piece. Sending and not sending take turns second by second, so that what
else the machine does counts for both alike: with NDI received; with its receiver stopped (SIGSTOP); with it killed; with NDI
and an HLS stream at once. "work" is the processor's time of the thread that draws, for one picture. All of NDI stays on this
machine: NDI_CONFIG_DIR names settings of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("LP_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]

import numpy as np
from ndi_receiver import SQUARE, write_number

from installation.base.arguments import size as parse_size
from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.pacing import Pacer
from installation.commands.screenshot import perform
from installation.config.sends import SendConfig
from installation.config.settings import Config
from installation.render.captures.sending import Port, Sending
from installation.render.renderer import Renderer
from installation.render.surface import Offscreen
from installation.sends.sends import Sends
from installation.types import ByteArray, SceneState

NAME = "Mien benchmark"
LOOPBACK = {"ndi": {"networks": {"ips": "127.0.0.1,", "discovery": ""}, "adapters": {"allowed": ["127.0.0.1"]}}}
CHUNK_S = 1.0
PATIENCE_S = 30.0


class Numbered:
    """A port that writes a number into each picture, and remembers when it was drawn and some of what was in it."""

    def __init__(self, port: Port) -> None:
        self._port, self.alpha = port, port.alpha
        self.drawn_s: dict[int, float] = {}
        self.pictures: dict[int, ByteArray] = {}
        self._lent: ByteArray | None = None
        self._number = 0

    def forget(self) -> None:
        """Only what is drawn from now on counts."""
        self.drawn_s.clear()

    @property
    def is_ready(self) -> bool:
        return self._port.is_ready

    def wants(self, t_s: float) -> bool:
        return self._port.wants(t_s)

    def size(self, picture: tuple[int, int]) -> tuple[int, int]:
        return self._port.size(picture)

    def lend(self, size: tuple[int, int]) -> ByteArray | None:
        self._lent = self._port.lend(size)
        return self._lent

    def hand_in(self, t_s: float) -> None:
        assert self._lent is not None
        self._number += 1
        self.drawn_s[self._number] = t_s
        self.pictures[self._number] = self._lent[SQUARE:].copy()
        self.pictures.pop(self._number - 400, None)
        write_number(self._lent, self._number)
        self._lent = None
        self._port.hand_in(t_s)


class Show:
    """Draws pictures at a steady rate and lets those who want them have them."""

    def __init__(self, size: tuple[int, int], per_second: float, notices: Notices) -> None:
        config = Config()
        self.scenes = perform(config, 1, "happy", 5.0)[-150:]
        self.surface = Offscreen(size)
        self.renderer = Renderer(self.surface, config.output, config.scene.parameters, notices)
        self.sending = Sending(self.surface.context, self.renderer.output, notices, not self.surface.is_software)
        self.per_second, self.clock, self._number = per_second, RealClock(), 0
        self.run(1.0)

    def run(self, seconds: float) -> tuple[list[float], list[float]]:
        """Draw for so long; gives the milliseconds between pictures, and those of work in this thread for each."""
        pacer, times_s, work_ms = Pacer(1 / self.per_second, self.clock.now()), list[float](), list[float]()
        for _ in range(round(seconds * self.per_second)):
            time.sleep(max(0.0, pacer.deadline_s - self.clock.now()))
            began_s = time.thread_time()
            self._draw(self.scenes[self._number % len(self.scenes)])
            self._number += 1
            work_ms.append(1000 * (time.thread_time() - began_s))
            times_s.append(self.clock.now())
            pacer.advance(times_s[-1])
        return [1000 * float(gap_s) for gap_s in np.diff(times_s)], work_ms

    def compare(self, ports: Sequence[Port], seconds: float, what: str) -> None:
        """Draw with and without ``ports`` by turns, each for ``seconds``, and print how they differ."""
        found: dict[bool, tuple[list[float], list[float]]] = {False: ([], []), True: ([], [])}
        for turn in range(round(2 * seconds / CHUNK_S)):
            sends = turn % 2 == 1
            self.sending.use(ports if sends else ())
            for kept, new in zip(found[sends], self.run(CHUNK_S), strict=True):
                kept += new
        self.sending.use(ports)
        for sends, name in ((False, "not sent"), (True, what)):
            (p50, p95, p99), work = np.percentile(found[sends][0], [50, 95, 99]), np.percentile(found[sends][1], 50)
            more = p99 / np.percentile(found[False][0], 99) - 1
            print(
                f"{name:17} interval p50 {p50:6.2f}  p95 {p95:6.2f}  p99 {p99:6.2f} ms ({100 * more:+5.1f} %)  "
                f"work p50 {work:5.2f} ms",
                flush=True,
            )

    def run_until(self, process: subprocess.Popen[bytes], word: str) -> None:
        """Draw until the receiver says a word."""
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        said, until_s = "", time.monotonic() + PATIENCE_S
        while word not in said:
            if time.monotonic() > until_s:
                raise TimeoutError(f"the receiver did not say {word!r}: {said!r}")
            self.run(0.3)
            said += (process.stdout.read() or b"").decode()

    def _draw(self, scene: SceneState) -> None:
        now_s = self.clock.now()
        self.renderer.draw(scene)
        if self.sending.is_used:
            self.sending.draw(self.surface.size, now_s, self.renderer.cover, False, False)
        self.surface.present(lambda: None)
        self.sending.poll()


def receiver(folder: Path) -> subprocess.Popen[bytes]:
    """A receiver in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("ndi_receiver.py")), NAME, str(folder / "received.npz")]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a receiver politely."""
    assert process.stdin is not None
    process.stdin.close()
    process.wait(10)


def measure(show: Show, seconds: float, per_second: float, folder: Path) -> None:
    """Everything, in turn."""
    notices, ndi = Notices(RealClock()), SendConfig(name=NAME, per_second=per_second)
    sends = Sends([ndi], notices, RealClock())
    try:
        _measure(show, sends, ndi, seconds, folder)
    finally:
        show.sending.use(())
        sends.close()
    for notice in notices.active():
        print(f"{notice.stage}: {notice.message}")


def _measure(show: Show, sends: Sends, ndi: SendConfig, seconds: float, folder: Path) -> None:
    port = Numbered(sends.links[0])
    show.sending.use([port])
    listening = receiver(folder)
    show.run_until(listening, "receiving")
    port.forget()
    show.run(seconds)
    end(listening)
    print(compared(port, folder), flush=True)
    again = receiver(folder)
    show.run_until(again, "receiving")
    show.compare([port], seconds, "received")
    again.send_signal(signal.SIGSTOP)
    show.compare([port], seconds, "receiver stopped")
    again.kill()
    again.wait()
    show.compare([port], seconds, "receiver killed")
    stream = SendConfig(kind="stream", address=str(folder / "hls" / "mien.m3u8"), width=320, per_second=15)
    sends.reconfigure([ndi, stream])
    show.sending.use(sends.links)
    third = receiver(folder)
    show.run_until(third, "receiving")
    show.compare(sends.links, seconds, "NDI and HLS")
    end(third)
    print(f"sent: {', '.join(f'{link.config.kind} {link.sent}' for link in sends.links)}")


def compared(port: Numbered, folder: Path) -> str:
    """How what was received is to what was drawn: rate, delay, picture."""
    with np.load(folder / "received.npz") as found:
        numbers, times_s, which, pictures = (found[name] for name in ("numbers", "times_s", "which", "pictures"))
    arrived = {int(number): float(t_s) for number, t_s in zip(numbers, times_s, strict=True)}
    both = sorted(arrived.keys() & port.drawn_s.keys())
    if not both:
        return "nothing arrived"
    span = max(port.drawn_s) - min(port.drawn_s) + 1
    delay_ms = np.array([1000 * (arrived[number] - port.drawn_s[number]) for number in both])
    errors = [
        np.abs(picture[SQUARE:, :, :3].astype(float) - port.pictures[int(number)][..., :3])
        for number, picture in zip(which, pictures, strict=True)
        if int(number) in port.pictures
    ]
    psnr_db = [10 * np.log10(255**2 / max(float((error**2).mean()), 1e-9)) for error in errors]
    drawn_hz = (len(port.drawn_s) - 1) / (max(port.drawn_s.values()) - min(port.drawn_s.values()))
    times = np.array([arrived[number] for number in both])
    return (
        f"drawn {drawn_hz:.2f}/s, received {(len(both) - 1) / (times[-1] - times[0]):.2f}/s ({len(both)} of {span}); "
        f"delay p50 {np.percentile(delay_ms, 50):.1f}, p99 {np.percentile(delay_ms, 99):.1f} ms; "
        f"PSNR {min(psnr_db, default=0):.1f} dB at least, mean error {np.mean([e.mean() for e in errors]):.2f} of 255 "
        f"({len(errors)} pictures)"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=parse_size, default=(640, 360))
    parser.add_argument("--seconds", type=float, default=20.0, help="of each phase")
    parser.add_argument("--per-second", type=float, default=25.0, help="pictures drawn and sent a second")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "out"
        folder.mkdir()
        (folder / "ndi-config.v1.json").write_text(json.dumps(LOOPBACK))
        os.environ["NDI_CONFIG_DIR"] = str(folder)
        show = Show(options.size, options.per_second, Notices(RealClock()))
        print(f"{show.surface.renderer}; load {os.getloadavg()[0]:.1f}; {options}")
        measure(show, options.seconds, options.per_second, folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
