"""A marked visitor in front of the whole piece, under its guard: all that can be asked for is asked for, and it crashes."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import psutil
import yaml
from pythonosc.osc_message_builder import build_msg
from websockets.exceptions import ConnectionClosed

from installation.base.injected_faults import EXCEPTION, VARIABLE
from installation.config.scene_files import scene_names
from tests.desk.plain_browser import PlainBrowser
from tests.faults.checkout import Checkout
from tests.faults.listening import UdpListener, messages
from tests.faults.network import LOCAL, Network
from tests.privacy import marked
from tests.privacy.watch import Audit, Seen, Trace, Written, left_on_disk

HERE = Path(__file__).resolve().parent
START_S, STEP_S = 180.0, 120.0
JPEG = b"\xff\xd8"


class Ear(UdpListener):
    """Keeps the packets that come."""

    def __init__(self, network: Network) -> None:
        self.packets: list[bytes] = []
        super().__init__(network.udp(), self.packets.append)

    def last(self, address: str) -> list[Any] | None:
        """The arguments of the newest message to ``address``."""
        for packet in reversed(self.packets[-40:]):
            with suppress(Exception):
                for path, arguments in reversed(messages(packet)):
                    if path == address:
                        return arguments
        return None

    def said(self, address: str, value: object) -> bool:
        """Whether a message to ``address`` with ``value`` among its arguments is among the newest packets."""
        for packet in self.packets[-60:]:
            with suppress(Exception):
                if any(path == address and value in arguments for path, arguments in messages(packet)):
                    return True
        return False

    def heard(self, address: str) -> list[list[Any]]:
        """The arguments of all messages to ``address``."""
        return [arguments for packet in self.packets for path, arguments in messages(packet) if path == address]


@dataclass
class Visit:
    """``settings``: sections of config.yaml over what the harness needs; ``options``: of run.py guard; ``leaks``: name and
    where to; ``doors``: ears by name, of targets that ``settings`` may name before it begins. ``audit``: by Python's own audit
    hook, where strace is not allowed: what native code opens is seen by what lies on the disk afterwards only."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    leaks: dict[str, str] = field(default_factory=dict)
    doors: dict[str, Ear] = field(default_factory=dict)
    record: bool = False
    troubles: bool = True
    scenes: tuple[str, ...] = ("mask", "portrait")
    """Empty: every scene."""
    scene_s: float = 0.3
    audit: bool = False
    desk: tuple[str, ...] = ("/",)
    """The pages of the desk that somebody has open meanwhile."""
    shown: bool = True
    """Whether the desk may have a still at the end; not while the camera's picture is on the wall."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.network = Network()
        self.ear = Ear(self.network)
        self.listen_port, self.query_port, self.guard_port, self.desk_port = self.network.free_ports(4)
        self.stills: list[bytes] = []
        self.checkout = Checkout(self.folder / "checkout")
        self.pids: dict[int, psutil.Process] = {}
        self.core_limits: set[tuple[int, int]] = set()
        self.answers: list[Written] = []
        self.asked: list[tuple[str, bytes]] = []
        self.seen = Seen([], [], set(), set())
        self.written: list[Written] = []
        """Everything that was written and sent, and what was on the disk and in shared memory afterwards."""

    def door(self, name: str) -> int:
        """The port of another receiver."""
        self.doors[name] = Ear(self.network)
        return self.doors[name].port

    @property
    def root(self) -> Path:
        return self.checkout.folder

    def go(self) -> None:
        """All of it, to the end of the last process."""
        pictures = self.folder / "camera"
        pictures.mkdir()
        cv2.imwrite(str(pictures / "one.png"), marked.picture()[:, :, ::-1])
        self._save()
        leaks = self.folder / "leaks"
        leaks.mkdir()
        for name in ("temporary", "told"):
            (self.folder / name).mkdir()
        for name, to in self.leaks.items():
            (leaks / name).write_text(to, encoding="utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(folder) for folder in (HERE / "hooks", HERE.parent / "hooks")),
            "MIEN_MARKED": "1",
            "MIEN_TESTS": str(HERE),
            "MIEN_TOLD": str(self.folder / "told"),
            "MIEN_LEAKS": str(leaks) if self.leaks else "",
            "MIEN_RUNTIME": str(self.folder / "runtime"),
            "MIEN_STATE": str(self.folder / "state"),
            "TMPDIR": str(self.folder / "temporary"),
            VARIABLE: str(self.folder / "fault"),
        }
        trace = self._watcher()
        if isinstance(trace, Audit):
            environment["MIEN_AUDIT"] = str(self.folder / "trace")
        command = [
            *trace.prefix,
            sys.executable,
            "-m",
            "installation",
            "guard",
            "--config",
            "config.yaml",
            "--offscreen",
        ]
        command += ["--size", "320x180", *self.options]
        out = (self.folder / "printed").open("wb")
        with out:
            self.guard = subprocess.Popen(
                self.network.command(command),
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        try:
            self._visit()
            self.guard.send_signal(signal.SIGTERM)
            self.guard.wait(STEP_S)
            self._await(lambda: not self._alive(), "all processes end")
        finally:
            self._end_all()
        if isinstance(trace, Audit):
            trace.heard = self._heard()
        self.seen = trace.read()
        self._collect()

    def _watcher(self) -> Trace | Audit:
        if self.audit:
            return Audit(self.folder / "trace", self.folder)
        return Trace(self.folder / "trace", {self.query_port, self.guard_port, self.desk_port})

    def _heard(self) -> list[Written]:
        """What the receivers got, and the answers to what was asked."""
        ears = [Written(f"udp:{ear.port}", ear.packets) for ear in (self.ear, *self.doors.values())]
        ports: dict[str, list[bytes]] = {str(port): [] for port in (self.query_port, self.guard_port, self.desk_port)}
        for url, answer in self.asked:
            ports[url.split(":")[2].partition("/")[0]].append(answer)
        return [*ears, *self.answers, *(Written(f"tcp:{port}", answers) for port, answers in ports.items())]

    def _collect(self) -> None:
        left = [Written(name, [Path(name).read_bytes()]) for name in sorted(self.seen.shared) if Path(name).exists()]
        self.written = [*self.seen.written, *left_on_disk(self.seen), *left]

    def close(self) -> None:
        for ear in (self.ear, *self.doors.values()):
            ear.close()
        for name in self.seen.shared:
            Path(name).unlink(missing_ok=True)
        self.checkout.close()
        self.network.close()

    # What happens.

    def _visit(self) -> None:
        self._await(lambda: (self.ear.last("/mien/people") or [0])[0] == 1, "a visitor is seen", START_S)
        self._await(lambda: "desk: http" in self._log(), "the desk is served", START_S)
        browsers = [self._browser(path) for path in self.desk]
        self._send("/video", 1)
        for name in self.scenes or scene_names(self.root / "shaders" / "scenes"):
            self._send("/scene", name)
            self._await(lambda wanted=name: self.ear.said("/mien/event/scene", wanted), f"scene {name}")
            time.sleep(self.scene_s)
            self._send("/snapshot")
        self._send("/scene", "portrait")
        if self.troubles:
            for name in ("an outline was seen", *(("a face was painted",) if self._may_paint else ())):
                self._await(lambda told=name: (self.folder / "told" / told).exists(), name)
        # What fades in is there by now, on a busy machine too.
        time.sleep(1.5)
        self._send("/snapshot")
        self._look_at_the_desk(browsers)
        self._ask(f"http://{LOCAL}:{self.query_port}/", f"http://{LOCAL}:{self.query_port}/mien/people?VALUE")
        self._ask(*(f"http://{LOCAL}:{self.guard_port}/{page}" for page in ("metrics", "healthz", "readyz")))
        if self.troubles:
            self._trouble()
        self._send("/paint")
        self._look_round()
        self._send("/scene", "blossom")
        # In the portrait the camera's picture is seen, which is no still's; now it is not, once the fade is over.
        time.sleep(1.5)
        self._look_at_the_desk(browsers)
        if self.shown:
            self._await(lambda: self._has_still(browsers[0]), "the desk has a still")
        self._leave_the_desk(browsers)
        self._send("/snapshot")
        self._send("/video", 0)
        for kind in ("png", "mp4"):
            self._await(
                lambda ending=kind: any((self.root / "captures").glob(f"mien-*.{ending}")), f"a {kind} is stored"
            )
        if self.record:
            self._send("/record", "arms_up")
            self._await(lambda: (self.root / "poses" / "poses.csv").exists(), "a take is stored")
        self._crash()

    def _browser(self, path: str) -> PlainBrowser:
        place = f"http://{LOCAL}:{self.desk_port}"
        found = PlainBrowser(place, path, wire=lambda: self.network.tcp_to(self.desk_port))

        def listen() -> None:
            with suppress(ConnectionClosed):
                while True:
                    found.listen(0.5)

        threading.Thread(target=listen, daemon=True).start()
        return found

    def _look_at_the_desk(self, browsers: list[PlainBrowser]) -> None:
        """What a browser's pages get, and the still twice, a second apart."""
        for _ in range(2):
            self.stills.append(browsers[0].get("/still.jpg"))
            time.sleep(1.2)

    def _has_still(self, browser: PlainBrowser) -> bool:
        self.stills.append(browser.get("/still.jpg"))
        time.sleep(0.5)
        return self.stills[-1].startswith(JPEG)

    def _leave_the_desk(self, browsers: list[PlainBrowser]) -> None:
        heard = [part for browser in browsers for part in (browser.page.encode(), *browser.heard)]
        self.asked += [(f"http://{LOCAL}:{self.desk_port}/", part) for part in (*self.stills, *heard)]
        for browser in browsers:
            browser.close()

    @property
    def _may_paint(self) -> bool:
        return (self.root / "models" / "fetched" / "style_transform.onnx").exists()

    def _trouble(self) -> None:
        """Faults: a packet that is none, settings that are none, perception killed in the midst of it."""
        with self.network.udp() as wire:
            wire.settimeout(20.0)
            wire.sendto(build_msg("/mien/get/people").dgram, (LOCAL, self.listen_port))
            with suppress(TimeoutError):
                self.answers.append(Written(f"udp:{wire.getsockname()[1]}", [wire.recv(65536)]))
            wire.sendto(b"/mien/scene\0\0\0\0,s\0", (LOCAL, self.listen_port))
        self.checkout.replace("config.yaml", b"scene: {name: blossom\n")
        self._look_round()
        killed = [one for one in self.pids.values() if _is_perception(one)]
        assert killed, "there is no process of perception"
        for process in killed:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        before = len(self.ear.packets)
        self._await(lambda: len(self.ear.packets) > before + 5, "it goes on")
        self._await(lambda: "restarting it" in self._log(), "perception is missed")
        self._await(lambda: "ERROR   config" in self._log(), "the settings are refused")
        self._save()

    def _crash(self) -> None:
        """An exception in the frame loop; the guard keeps a bundle of it."""
        (self.folder / "fault").write_text(EXCEPTION, encoding="utf-8")
        self._await(lambda: any((self.root / "logs" / "crashes").glob("*.zip")), "a crash bundle is stored")

    # Tools.

    def _save(self) -> None:
        whole: dict[str, Any] = {
            "version": 2,
            "capture": {"source": str(self.folder / "camera")},
            "notice": {"dwell_s": 0.0},
            "perception": {"timeout_s": 10.0, "gestures": True},
            "osc": {
                "listen_port": self.listen_port,
                "targets": [{"host": LOCAL, "port": self.ear.port, "per_second": 10}],
            },
            "oscquery": {"port": self.query_port, "announce": False},
            "guard": {"port": self.guard_port, "hang_s": 60.0},
            "desk": {"run": "always", "port": self.desk_port},
            "video": {"keep_free_mb": 1.0},
            "output": {"software_per_second": 12.0},
            "generation": {"per_second": 1.0, "avatars_per_second": 1.0},
            "picture": {"per_second": 1.0},
            "repainting": {"enabled": True, "per_second": 1.0},
        }
        for name, values in self.settings.items():
            whole[name] = {**whole.get(name, {}), **values}
        if "targets" in self.settings.get("osc", {}):
            whole["osc"]["targets"] = [
                {"host": LOCAL, "port": self.ear.port, "per_second": 10},
                *self.settings["osc"]["targets"],
            ]
        self.checkout.replace("config.yaml", yaml.safe_dump(whole, sort_keys=False).encode())

    def _send(self, address: str, *arguments: object) -> None:
        with self.network.udp() as wire:
            wire.sendto(build_msg(f"/mien{address}", list(arguments)).dgram, (LOCAL, self.listen_port))

    def _ask(self, *urls: str) -> None:
        def ask(url: str) -> Callable[[], bytes]:
            def get() -> bytes:
                host, _, path = url.removeprefix("http://").partition("/")
                name, _, port = host.partition(":")
                with socket.create_connection((name, int(port)), STEP_S) as wire:
                    wire.sendall(f"GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
                    out = b""
                    while part := wire.recv(65536):
                        out += part
                    return out

            return get

        for url in urls:
            answer = self.network.inside(ask(url))
            assert answer.startswith((b"HTTP/1.0 200", b"HTTP/1.1 200")) or "readyz" in url, (url, answer[:200])
            self.asked.append((url, answer))

    def _look_round(self) -> None:
        with suppress(psutil.Error):
            main = psutil.Process(self.guard.pid)
            for process in (main, *main.children(recursive=True)):
                self.pids[process.pid] = process
                with suppress(psutil.Error):
                    self.core_limits.add(process.rlimit(psutil.RLIMIT_CORE))

    def _alive(self) -> Iterable[psutil.Process]:
        return [one for one in self.pids.values() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def _end_all(self) -> None:
        with suppress(psutil.Error):
            self._look_round()
        for process in (self.guard, *self._alive()):
            with suppress(psutil.Error, OSError):
                process.kill()
        self.guard.wait(60)

    def _log(self) -> str:
        return (self.folder / "printed").read_text(encoding="utf-8", errors="replace")

    def _await(self, done: Callable[[], bool], what: str, seconds: float = STEP_S) -> None:
        until_s = time.monotonic() + seconds
        while not done():
            assert self.guard.poll() is None or "end" in what, f"{what}: it ended\n{self._log()[-4000:]}"
            assert time.monotonic() < until_s, f"{what}: not within {seconds:g} s\n{self._log()[-4000:]}"
            time.sleep(0.05)


def _is_perception(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any("spawn_main" in part for part in process.cmdline())
    return False
