"""A real piece in a process of its own, what it says, and its end, which is judged as well."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import yaml
from pythonosc.osc_message_builder import build_msg

from installation.record.recording import read_recording
from tests.faults import limits
from tests.faults.camera import Camera
from tests.faults.checkout import Checkout
from tests.faults.listening import HealthReceiver, Log, Pictures, messages
from tests.faults.network import LOCAL, Network

HOOKS = os.pathsep.join(str(folder / "hooks") for folder in Path(__file__).resolve().parents[:2])
KEPT = {"smoothing/label_hold_s": 1.25, "scene/pace": 0.75, "output/glow": 1.5}
"""Settings that are changed over OSC at the start; no fault may take them back."""
NOISE = ("quality", "painters")
"""Stages whose notices tell of a machine that is busy with other things."""

CHATTER = ("W0000 ", "INFO: Created TensorFlow", "WARNING: All log messages before absl")
"""What MediaPipe writes."""


class PieceError(AssertionError):
    """The piece did not do what it must; the message ends with its log."""


class Piece:
    """Runs until ``end`` or ``abandon``. ``options`` are run.py's; ``output`` where the picture goes.

    ``settings`` are sections of config.yaml beside those that the harness needs; ``prefix`` goes before the command and must
    become it (exec).
    """

    def __init__(
        self,
        checkout: Checkout,
        network: Network,
        folder: Path,
        *,
        settings: dict[str, Any] | None = None,
        options: tuple[str, ...] = (),
        output: tuple[str, ...] = ("--offscreen", "--size", "192x108"),
        environment: dict[str, str] | None = None,
        prefix: tuple[str, ...] = (),
        film: Path | None = None,
    ) -> None:
        folder.mkdir(parents=True)
        self.checkout, self.network, self.folder = checkout, network, folder
        self.told_folder = folder / "told"
        self.told_folder.mkdir()
        self.camera = Camera(network, film)
        self.health = HealthReceiver(network.udp())
        self.second = network.udp()
        """The socket of another receiver; faults close it."""
        self.second_port = int(self.second.getsockname()[1])
        self.listen_port, self.query_port = network.free_ports(2)
        self._more = settings or {}
        self.configure()
        self.report, self.recording = folder / "report.json", folder / "take.jsonl.gz"
        command = [sys.executable, "-m", "installation", *output, "--config", "config.yaml"]
        command += ["--report", str(self.report), *(options or ("--record", str(self.recording)))]
        self.process = subprocess.Popen(
            network.command([*prefix, *command]),
            cwd=checkout.folder,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": HOOKS, "MIEN_FAULTS": str(self.told_folder), **(environment or {})},
        )
        assert self.process.stderr is not None
        self.log, self.pictures = Log(self.process.stderr), Pictures(self.told_folder / "pictures")
        self.family: dict[int, psutil.Process] = {}
        self.shared: set[str] = set()

    # Settings.

    def configure(self, **sections: dict[str, Any]) -> None:
        """Save config.yaml: what the harness needs, and these settings over it."""
        self.checkout.replace("config.yaml", self.config_text(**sections).encode())

    def config_text(self, **sections: dict[str, Any]) -> str:
        targets = [
            {
                "host": LOCAL,
                "port": self.health.port,
                "per_second": 10,
                "addresses": ["/mien/{health,fault,fallback,people}", "/mien/people/ids", "/mien/event/texture_done"],
            },
            {"host": LOCAL, "port": self.second_port, "per_second": 10},
        ]
        whole: dict[str, Any] = {
            "version": 2,
            "look": "ink",
            "capture": {"source": self.camera.url},
            "perception": {"timeout_s": 2.0},
            "osc": {"health_s": 0.25, "listen_port": self.listen_port, "targets": targets},
            "oscquery": {"port": self.query_port, "announce": False},
            "video": {"keep_free_mb": 1.0},
            # Little work: many of these run on a machine that does other things as well.
            "output": {"software_per_second": 20.0},
            "generation": {"per_second": 2.0},
            "picture": {"per_second": 2.0},
        }
        for more in (self._more, sections):
            for name, values in more.items():
                whole[name] = {**whole.get(name, {}), **values}
        return yaml.safe_dump(whole, sort_keys=False)

    def send(self, address: str, *args: Any) -> None:
        """A command over OSC."""
        with self.network.udp() as sender:
            sender.sendto(build_msg(f"/mien{address}", list(args)).dgram, (LOCAL, self.listen_port))

    def ask(self, setting: str) -> float:
        """A setting's value, by OSC."""
        with self.network.udp() as sender:
            sender.settimeout(0.5)
            for _ in range(6):
                sender.sendto(build_msg(f"/mien/get/control/{setting}").dgram, (LOCAL, self.listen_port))
                try:
                    return float(messages(sender.recv(65536))[0][1][0])
                except TimeoutError:
                    continue
        raise self.wrong(f"nobody answers on the OSC port when asked for {setting}")

    # Breaking things from inside.

    def tell(self, name: str, how: str) -> None:
        """Break something inside: see hooks/sitecustomize.py. Empty: as it was."""
        path = self.told_folder / name
        if not how:
            path.unlink(missing_ok=True)
            return
        fresh = path.with_suffix(".new")
        fresh.write_text(how, encoding="ascii")
        fresh.replace(path)

    # Processes.

    def look_round(self) -> None:
        """Remember its processes and its shared memory, to see at the end that none is left."""
        try:
            main = psutil.Process(self.process.pid)
            for process in (main, *main.children(recursive=True)):
                self.family[process.pid] = process
            for path in {one.path for one in main.memory_maps(grouped=True)}:
                if path.startswith("/dev/shm/"):
                    self.shared.add(path.removesuffix(" (deleted)"))
        except (psutil.Error, OSError):
            return

    def child(self, word: str) -> psutil.Process | None:
        """The living child with ``word`` in its command line."""
        try:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                if any(word in part for part in process.cmdline()):
                    return process
        except psutil.Error:
            pass
        return None

    @property
    def perception(self) -> psutil.Process | None:
        return self.child("spawn_main")

    @property
    def sender(self) -> psutil.Process | None:
        return self.child("osc_out.process")

    # Waiting and judging.

    def wrong(self, what: str) -> PieceError:
        own = [line.text for line in self.log.lines if not line.text.startswith(CHATTER)]
        last = "\n  ".join(own[-40:])
        health = self.health.last
        return PieceError(f"{what}\nlast health: {health}\nits log ends:\n  {last}")

    def wait_for(self, done: Callable[[], bool], what: str, seconds: float) -> float:
        """Wait until ``done``; gives how long that took. Raises PieceError when it takes longer or the piece ends."""
        began_s = time.monotonic()
        while not done():
            if self.process.poll() is not None:
                self.log.join()
                raise self.wrong(
                    f"the piece ended by itself (exit code {self.process.returncode}), waiting for: {what}"
                )
            if time.monotonic() - began_s > seconds:
                raise self.wrong(f"{what}: not within {seconds:g} s")
            threading.Event().wait(0.03)
        return time.monotonic() - began_s

    def hold(self, seconds: float) -> None:
        """Let time pass; the piece must live through it."""
        until_s = time.monotonic() + seconds
        self.wait_for(lambda: time.monotonic() >= until_s, "time to pass", seconds + 5)

    def troubles(self) -> set[str]:
        """Stages of what its newest health calls wrong."""
        health = self.health.last
        return {stage for stage, _ in health.active if stage not in NOISE} if health is not None else set()

    def is_well(self, since_s: float) -> bool:
        """Whether its health since then says that nothing is wrong, that pictures are drawn and that perception sees."""
        health = self.health.last
        if health is None or health.t_s < since_s + 0.3:
            return False
        return not self.troubles() and health.frames > 0 and health.perception > 0

    def sees_somebody(self, since_s: float) -> bool:
        """Whether it said since then that somebody is there."""
        said_s, people = self.health.people
        return people > 0 and said_s >= since_s + 0.3

    def start(self) -> None:
        """Wait until it runs and perceives, and change some settings."""
        self.wait_for(lambda: "running: " in self.log.text, "it runs", limits.START_S)
        began_s = time.monotonic()
        self.wait_for(lambda: self.is_well(began_s), "all is well at the start", limits.START_S)
        for setting, value in KEPT.items():
            self.send(f"/control/{setting}", value)
        self.wait_for(lambda: all(abs(self.ask(s) - v) < 1e-3 for s, v in KEPT.items()), "settings are taken", 10)
        self.look_round()

    def check(self, since_s: float) -> None:
        """The picture was there all the time, and settings are what they were."""
        (gap_s, own_s), light = self.pictures.longest_gap_s(since_s), self.pictures.darkest(since_s)
        if own_s > limits.PICTURE_S:
            raise self.wrong(f"no picture for {own_s:.2f} s (bar: {limits.PICTURE_S:g}; {gap_s:.2f} s by the clock)")
        if light < limits.DARKEST:
            raise self.wrong(f"the picture was dark: mean light {light:.2f} of 255 (bar: {limits.DARKEST:g})")
        for setting, value in KEPT.items():
            if abs(self.ask(setting) - value) > 1e-3:
                raise self.wrong(f"{setting} is {self.ask(setting)}; it was set to {value} over OSC")

    # The end.

    def end(self) -> None:
        """End it as an operator does, and judge how it ends."""
        self.look_round()
        asked_s = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
            took_s = time.monotonic() - asked_s
            left = self.left()
            self.log.join()
            self._judge_end(took_s, left)
        finally:
            self.abandon()

    def _judge_end(self, took_s: float, left: list[psutil.Process]) -> None:
        if self.process.returncode != 0:
            raise self.wrong(f"it ended with exit code {self.process.returncode}")
        if took_s > limits.END_S:
            raise self.wrong(f"it took {took_s:.1f} s to end (bar: {limits.END_S:g})")
        if left:
            raise self.wrong(f"processes are left: {left}")
        shared = [path for path in self.shared if Path(path).exists()]
        if shared:
            raise self.wrong(f"shared memory is left: {shared}")
        if "Traceback" in self.log.text:
            raise self.wrong(f"there is a traceback in its log:\n{self.log.text}")
        if not self.report.exists():
            raise self.wrong("it wrote no report")
        if self.recording.exists():
            kinds = [event.kind for event in read_recording(self.recording)[1]]
            if kinds.count("frame") < 10:
                raise self.wrong(f"its recording holds only {len(kinds)} events")

    def left(self) -> list[psutil.Process]:
        """Processes of its family that have not ended within a second; one that nobody asks for its exit code has."""
        alive = psutil.wait_procs(list(self.family.values()), timeout=1)[1]
        return [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]

    def abandon(self) -> None:
        """End all that is left of it, without a judgement. Calling it again does nothing."""
        self.look_round()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        for process in self.family.values():
            if process.is_running():
                process.kill()
        for path in self.shared:
            Path(path).unlink(missing_ok=True)
        self.camera.close()
        self.health.close()
        self.second.close()


def second_hears(piece: Piece, seconds: float = 0.5) -> bool:
    """Whether the other receiver gets packets now."""
    sock: socket.socket = piece.second
    sock.settimeout(seconds)
    try:
        return bool(sock.recv(65536))
    except OSError:
        return False
