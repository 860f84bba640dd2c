"""What the operator's page costs, how long a dial takes to the picture, and whether it stands a hundred edits a second.

    .venv/bin/python benchmarks/desk.py cost  [--seconds 40] [--rounds 2] [--source FILE]
    .venv/bin/python benchmarks/desk.py dials [--moves 60]
    .venv/bin/python benchmarks/desk.py flood [--seconds 60]

``cost`` runs the piece in turn without a desk, with one that nobody watches, and with a browser on its first page.
``dials`` times setting changes, by a script and by a slider in a browser, up to the first picture that has them: the piece's
own recording holds when it took the settings and when it drew. ``flood`` sends a hundred edits a second while two browsers
watch, a third is stopped (SIGSTOP) and a socket is flooded. The browser is Debian's chromium, by playwright.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
import psutil
import yaml
from playwright.sync_api import Page, sync_playwright

GLOW = "/control/output/glow"
EDITED = ("output/glow", "output/brightness", "scene/pace", "scene/size", "smoothing/calmness")
DIALS_BAR_MS, UNWATCHED_BAR, WATCHED_BAR = 200.0, 2.0, 10.0
WARM_UP_S, WATCH_S = 8.0, 12.0
"""Before anything is counted; for how long the desk's process is looked at."""


class Piece:
    """A running piece with a desk on a free port; ``more`` are run.py's options."""

    def __init__(self, folder: Path, desk: str, seconds: float, source: str, more: tuple[str, ...] = ()) -> None:
        self.report, self.log = folder / "report.json", folder / "log"
        config = folder / "config.yaml"
        config.write_text(
            yaml.safe_dump({"version": 2, "osc": {"targets": [], "listen_port": 0}, "oscquery": {"enabled": False},
                            "notice": {"enabled": False}, "desk": {"run": desk, "port": 0}})
        )  # fmt: skip
        command = [sys.executable, "-m", "installation", "--offscreen", "--size", "640x360", "--config", str(config)]
        command += ["--source", source, "--seconds", str(seconds), "--report", str(self.report), *more]
        environment = {**os.environ, "MIEN_STATE": str(folder / "state")}
        self._file = self.log.open("w")
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=self._file, stdout=self._file, env=environment)

    @property
    def place(self) -> str:
        """The desk's address, once the piece says it."""
        for _ in range(300):
            found = re.search(r"desk: (http://\S+)/", self.log.read_text())
            if found:
                return found[1]
            time.sleep(0.1)
        raise RuntimeError(f"no desk came up:\n{self.log.read_text()}")

    @property
    def desk(self) -> psutil.Process | None:
        """The desk's process."""
        for child in psutil.Process(self.process.pid).children():
            if "installation.desk.process" in " ".join(child.cmdline()):
                return child
        return None

    def post(self, path: str, value: float) -> None:
        """One edit."""
        data = json.dumps({"path": path, "value": value}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.place_now}/api/set", data), timeout=10).read()

    @property
    def place_now(self) -> str:
        """As ``place``, known already."""
        self.__dict__.setdefault("known", self.place)
        return str(self.__dict__["known"])

    def __enter__(self) -> Piece:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Let it end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self._file.close()


@contextlib.contextmanager
def browser(place: str) -> Iterator[Page]:
    """A page on the desk's first screen."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": 1280, "height": 800})
        page.goto(place)
        page.wait_for_selector(f'[data-setting="{GLOW}"]')
        yield page
        opened.close()


def cost(options: argparse.Namespace) -> None:
    """Print what the desk's process uses, and what of the piece's own figures moves."""
    rows: dict[str, list[dict[str, float]]] = {"none": [], "unwatched": [], "watched": []}
    for _ in range(options.rounds):
        for kind in rows:
            rows[kind].append(_cost_of(kind, options))
    print(
        f"{'desk':<10} {'desk, % of a core':>18} {'memory MB':>10} {'pictures/s':>11} "
        f"{'p99 ms':>8} {'perception/s':>13} {'to OSC p95':>11}"
    )
    for kind, found in rows.items():
        mean = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
        print(
            f"{kind:<10} {mean['percent']:>18.1f} {mean['memory_mb']:>10.0f} {mean['fps']:>11.2f} {mean['p99_ms']:>8.1f} "
            f"{mean['perception_hz']:>13.2f} {mean['osc_p95_ms']:>11.1f}"
        )
    print(f"bars: {UNWATCHED_BAR:g} % with nobody, {WATCHED_BAR:g} % with one watcher")


def _cost_of(kind: str, options: argparse.Namespace) -> dict[str, float]:
    desk = "never" if kind == "none" else "always"
    with tempfile.TemporaryDirectory() as name, Piece(Path(name), desk, options.seconds, options.source) as piece:
        used, memory = 0.0, 0.0
        if kind != "none":
            place, process = piece.place, piece.desk
            assert process is not None
            watched = browser(place) if kind == "watched" else contextlib.nullcontext()
            with watched as page:
                time.sleep(WARM_UP_S)
                began, before = time.monotonic(), sum(process.cpu_times()[:2])
                until = began + WATCH_S
                while time.monotonic() < until and piece.process.poll() is None:
                    page.wait_for_timeout(500) if page is not None else time.sleep(0.5)
                used = 100 * (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
                memory = process.memory_full_info().pss / 2**20
        piece.process.wait(options.seconds + 60)
        report = json.loads(piece.report.read_text())
    return {
        "percent": used,
        "memory_mb": memory,
        "fps": report["frames_per_second"],
        "p99_ms": report["frame_interval_ms"]["p99"],
        "perception_hz": report["perception"]["per_second"],
        "osc_p95_ms": report["capture_to_osc_ms"]["p95"],
    }


def dials(options: argparse.Namespace) -> None:
    """Print how long an edit takes to the picture, by a script and by a slider."""
    with tempfile.TemporaryDirectory() as name:
        recording = Path(name) / "take.jsonl.gz"
        sent: dict[str, list[float]] = {"script": [], "slider": []}
        more = ("--record", str(recording))
        with Piece(Path(name), "always", 600, "simulated", more) as piece, browser(piece.place_now) as page:
            time.sleep(WARM_UP_S)
            for number in range(options.moves):
                sent["script"].append(time.monotonic())
                piece.post(GLOW, 1.0 + 0.01 * (number % 50))
                time.sleep(0.35 + 0.2 * random.random())
            slider = page.locator(f'[data-setting="{GLOW}"] [role=slider] [tabindex="0"]').first
            slider.focus()
            for number in range(options.moves):
                sent["slider"].append(time.monotonic())
                page.keyboard.press("ArrowRight" if number % 20 < 10 else "ArrowLeft")
                page.wait_for_timeout(350 + 200 * random.random())
        with gzip.open(recording, "rt") as lines:
            events = [json.loads(line) for line in lines][1:]
    for kind, times in sent.items():
        waits = [wait for wait in (_to_picture(events, t_s) for t_s in times) if wait is not None]
        p50, p95 = np.percentile(waits, [50, 95])
        print(
            f"{kind:<8} {len(waits)} of {len(times)} moves seen; to the picture p50 {p50:.0f} ms, "
            f"p95 {p95:.0f} ms (bar {DIALS_BAR_MS:g})"
        )


def _to_picture(events: list[dict[str, Any]], sent_s: float) -> float | None:
    """Milliseconds from ``sent_s`` to the end of the first picture with the next settings; None where none came soon."""
    taken_s = next(
        (one["t_s"] for one in events if one["kind"] in ("config", "settings") and one["t_s"] >= sent_s), None
    )
    if taken_s is None or taken_s - sent_s > 0.34:
        return None
    frames = [one["t_s"] for one in events if one["kind"] == "frame" and one["t_s"] >= taken_s][:2]
    return 1000 * (frames[1] - sent_s) if len(frames) == 2 else None


def flood(options: argparse.Namespace) -> None:
    """Print whether all last values are right and whether memory stays flat."""
    with tempfile.TemporaryDirectory() as name, Piece(Path(name), "always", 600, "simulated") as piece:
        place = piece.place_now
        port = int(place.rsplit(":", 1)[1])
        stop = threading.Event()
        flooder = threading.Thread(target=_flood_socket, args=(port, stop), daemon=True)
        with browser(place), _second_browser(place), _stopped_browser(place):
            time.sleep(WARM_UP_S)
            desk = piece.desk
            assert desk is not None
            flooder.start()
            processes = (psutil.Process(piece.process.pid), desk)
            before = [process.memory_full_info().pss / 2**20 for process in processes]
            last: dict[str, float] = {}
            began, count, refused = time.monotonic(), 0, 0
            while time.monotonic() - began < options.seconds:
                path, value = f"/control/{random.choice(EDITED)}", round(random.uniform(0.5, 2.0), 3)
                try:
                    piece.post(path, value)
                    last[path], count = value, count + 1
                except urllib.error.HTTPError:
                    refused += 1
                time.sleep(max(0.0, began + (count + refused) / 100 - time.monotonic()))
            lasted = time.monotonic() - began
            time.sleep(1.5)
            values = json.loads(urllib.request.urlopen(f"{place}/api/settings", timeout=10).read())
            wrong = {path: (values[path], value) for path, value in last.items() if abs(values[path] - value) > 1e-6}
            after = [process.memory_full_info().pss / 2**20 for process in processes]
            stop.set()
        alive = piece.process.poll() is None
        piece.end()
        faults = json.loads(piece.report.read_text())["faults"]
    print(
        f"{count} edits in {lasted:.0f} s ({count / lasted:.0f} a second), {refused} refused; "
        f"last values wrong: {wrong or 'none'}"
    )
    print(
        f"piece {before[0]:.0f} -> {after[0]:.0f} MB, desk {before[1]:.0f} -> {after[1]:.0f} MB; "
        f"the piece {'lives' if alive else 'ENDED'}"
    )
    print(f"faults: {faults or 'none'}")


def _flood_socket(port: int, stop: threading.Event) -> None:
    """Requests without an end, never read."""
    while not stop.is_set():
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as wire:
            for _ in range(2000):
                if stop.is_set():
                    return
                wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.05)


@contextlib.contextmanager
def _process_browser(place: str) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory() as profile:
        command = [
            shutil.which("chromium") or "chromium",
            "--headless=new",
            "--no-sandbox",
            f"--user-data-dir={profile}",
        ]
        started = subprocess.Popen(
            [*command, "--remote-debugging-port=0", place], stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            yield started
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGCONT)
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()


@contextlib.contextmanager
def _second_browser(place: str) -> Iterator[None]:
    with _process_browser(place):
        yield


@contextlib.contextmanager
def _stopped_browser(place: str) -> Iterator[None]:
    """One that watches, and is then stopped with its connection open."""
    with _process_browser(place) as started:
        time.sleep(5)
        os.killpg(started.pid, signal.SIGSTOP)
        yield


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, work in (("cost", cost), ("dials", dials), ("flood", flood)):
        one = kinds.add_parser(kind)
        one.set_defaults(work=work)
        one.add_argument("--seconds", type=float, default=60.0 if kind == "flood" else 40.0)
        one.add_argument("--rounds", type=int, default=2)
        one.add_argument("--moves", type=int, default=60)
        one.add_argument("--source", default="simulated")
    options = parser.parse_args()
    options.work(options)


if __name__ == "__main__":
    main()
