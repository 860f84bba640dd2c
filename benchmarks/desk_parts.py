"""What the measurements of the desk run: a piece, browsers, a watcher without a browser, who edits and who floods."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
import psutil
import yaml
from playwright.sync_api import Page, sync_playwright

from tests.desk.plain_browser import PlainBrowser

GLOW = "/control/output/glow"
SPAWN = multiprocessing.get_context("spawn")
ACK_S = 3.0
"""A page says this often up to which message it has heard (nicegui.js)."""


class Piece:
    """A running piece with a desk on a free port; ``more`` are run.py's options. ``recorded``: it writes down its pictures
    and observations."""

    def __init__(
        self, folder: Path, desk: str, seconds: float, source: str, more: tuple[str, ...] = (), recorded: bool = False
    ) -> None:
        self.report, self.log, self.recording = folder / "report.json", folder / "log", folder / "take.jsonl.gz"
        config = folder / "config.yaml"
        config.write_text(
            yaml.safe_dump({"version": 2, "osc": {"targets": [], "listen_port": 0}, "oscquery": {"enabled": False},
                            "notice": {"enabled": False}, "desk": {"run": desk, "port": 0}})
        )  # fmt: skip
        command = [sys.executable, "-m", "installation", "--offscreen", "--size", "640x360", "--config", str(config)]
        command += ["--source", source, "--seconds", str(seconds), "--report", str(self.report), *more]
        command += ["--record", str(self.recording)] if recorded else []
        environment = {**os.environ, "MIEN_STATE": str(folder / "state")}
        self._file = self.log.open("w")
        self._place = ""
        self.began_s = time.monotonic()
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=self._file, stdout=self._file, env=environment)

    @property
    def place(self) -> str:
        """The desk's address, once the piece says it."""
        for _ in range(3000):
            if self._place:
                break
            found = re.search(r"desk: (http://\S+)/", self.log.read_text())
            self._place = found[1] if found else ""
            time.sleep(0.0 if found else 0.02)
        else:
            raise RuntimeError(f"no desk came up:\n{self.log.read_text()}")
        return self._place

    @property
    def desk(self) -> psutil.Process:
        """The desk's process."""
        for child in psutil.Process(self.process.pid).children():
            if "installation.desk.process" in " ".join(child.cmdline()):
                return child
        raise RuntimeError(f"there is no desk:\n{self.log.read_text()}")

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds so far of the piece and of its desk."""
        used = {"piece": psutil.Process(self.process.pid), "desk": self.desk}
        return {name: sum(process.cpu_times()[:2]) for name, process in used.items()}

    def memory_mb(self) -> dict[str, float]:
        """Proportional set sizes of the piece and of its desk."""
        used = {"piece": psutil.Process(self.process.pid), "desk": self.desk}
        return {name: process.memory_full_info().pss / 2**20 for name, process in used.items()}

    def settings(self) -> dict[str, Any]:
        """All settings as the desk tells them."""
        wire = http.client.HTTPConnection(self.place.removeprefix("http://"), timeout=30)
        wire.request("GET", "/api/settings")
        found: dict[str, Any] = json.loads(wire.getresponse().read())
        wire.close()
        return found

    def events(self) -> list[dict[str, Any]]:
        """What was recorded, once the piece has ended."""
        with gzip.open(self.recording, "rt") as lines:
            return [json.loads(line) for line in lines][1:]

    def __enter__(self) -> Piece:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Let it end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self._file.close()


class Script:
    """A program that edits settings over one connection, each edit once the one before is answered."""

    def __init__(self, place: str) -> None:
        self._wire = http.client.HTTPConnection(place.removeprefix("http://"), timeout=30)
        self.waits_ms: list[float] = []
        """From each edit to its answer."""
        self.last: dict[str, float] = {}
        """What each setting was set to last."""

    def fade(self, path: str, per_second: float, seconds: float) -> None:
        """Edit a setting so often for so long; where an answer is late the next edit follows at once."""
        began_s, number = time.monotonic(), 0
        while time.monotonic() - began_s < seconds:
            self.edit(path, round(random.uniform(0.5, 2.0), 3))
            number += 1
            time.sleep(max(0.0, began_s + number / per_second - time.monotonic()))

    def edit(self, path: str, value: float) -> None:
        """One edit."""
        began_s = time.perf_counter()
        self._wire.request("POST", "/api/set", json.dumps({"path": path, "value": value}))
        answer = self._wire.getresponse()
        answer.read()
        if answer.status == 200:
            self.waits_ms.append(1000 * (time.perf_counter() - began_s))
            self.last[path] = value


class PlainWatcher:
    """A browser's part of a watched page without a browser: it takes the page's updates, acknowledges them, and fetches the
    still whenever the page names a new one. A process of its own, as everybody here who must not hold up who measures."""

    NAMES = ("updates", "stills", "bytes", "cpu_s")
    """What it counts; ``cpu_s``: what it uses of this machine's processor itself."""

    def __init__(self, place: str) -> None:
        self._counts, self._stop = SPAWN.Array("d", len(self.NAMES)), SPAWN.Event()
        self._process = SPAWN.Process(target=_watch, args=(place, self._counts, self._stop), daemon=True)
        self._process.start()

    @property
    def counts(self) -> dict[str, float]:
        """So far."""
        return dict(zip(self.NAMES, self._counts, strict=True))

    def close(self) -> None:
        """Leave."""
        self._stop.set()
        self._process.join(30)


def _watch(place: str, counts: Any, stop: Any) -> None:
    browser, shown, acked_s = PlainBrowser(place), "", time.monotonic()
    files = http.client.HTTPConnection(place.removeprefix("http://"), timeout=30)
    while not stop.is_set():
        browser.heard = []
        browser.listen(0.05)
        counts[0] += sum(text.startswith(b'42["update"') for text in browser.heard)
        counts[2] += sum(map(len, browser.heard))
        newest = _still_of(browser) if browser.heard else shown
        if newest != shown:
            shown = newest
            files.request("GET", shown)
            counts[2] += len(files.getresponse().read())
            counts[1] += 1
        if time.monotonic() - acked_s > ACK_S:
            acked_s = time.monotonic()
            browser.say("ack", next_message_id=browser.next_message_id)
        counts[3] = time.process_time()
    browser.close()


def _still_of(browser: PlainBrowser) -> str:
    for element in browser.elements.values():
        source = str(element.get("props", {}).get("src", ""))
        if source.startswith("/still.jpg?"):
            return source
    return ""


@contextlib.contextmanager
def plain_watchers(place: str, count: int) -> Iterator[list[PlainWatcher]]:
    """So many of them, once all of them watch."""
    found = [PlainWatcher(place) for _ in range(count)]
    try:
        until_s = time.monotonic() + 60
        while not all(one.counts["updates"] for one in found) and time.monotonic() < until_s:
            time.sleep(0.1)
        yield found
    finally:
        for one in found:
            one.close()


@contextlib.contextmanager
def stalled_watcher(place: str) -> Iterator[None]:
    """One that watches, and then reads nothing more while its connection stays open: what it does not take from its queue
    stays in the socket."""
    browser = PlainBrowser(place)
    browser.listen(0.5)
    try:
        yield
    finally:
        browser.close()


@contextlib.contextmanager
def browser_page(place: str) -> Iterator[Page]:
    """A page on the desk's first screen, in Debian's chromium."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": 1280, "height": 800})
        page.goto(place)
        page.wait_for_selector(f'[data-setting="{GLOW}"]')
        yield page
        opened.close()


@contextlib.contextmanager
def browser_process(place: str, stopped: bool = False) -> Iterator[None]:
    """A chromium of its own on the first screen; ``stopped``: it watches, and is then stopped with its connection open."""
    with tempfile.TemporaryDirectory() as profile:
        command = [shutil.which("chromium") or "chromium", "--headless=new", "--no-sandbox"]
        command += [f"--user-data-dir={profile}", "--remote-debugging-port=0", place]
        started = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            if stopped:
                time.sleep(5)
                os.killpg(started.pid, signal.SIGSTOP)
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGCONT)
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()


@contextlib.contextmanager
def flooded(port: int) -> Iterator[None]:
    """Requests without an end on a socket, whose answers are never read; by a process of its own."""
    process = SPAWN.Process(target=_flood, args=(port,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(10)


def _flood(port: int) -> None:
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as wire:
            for _ in range(2000):
                wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.05)


def pace(events: list[dict[str, Any]], began_s: float, ended_s: float) -> dict[str, float]:
    """Of what was recorded within this time: pictures a second, the intervals between them, how old observations were when
    OSC had them, and how many there were a second; in ms."""
    within = [one for one in events if began_s <= one["t_s"] < ended_s]
    frames = np.diff([one["t_s"] for one in within if one["kind"] == "frame"]) * 1000
    seen = [one for one in within if one["kind"] == "observation"]
    ages = [1000 * (one["t_s"] - one["value"]["t_s"]) for one in seen]
    found = {"pictures/s": len(frames) / (ended_s - began_s), "osc/s": len(seen) / (ended_s - began_s)}
    found |= {f"frame p{percent}": float(np.percentile(frames, percent)) for percent in (50, 95, 99)}
    return found | {f"osc p{percent}": float(np.percentile(ages, percent)) for percent in (50, 95)}


def print_rows(rows: Mapping[str, Mapping[str, float]]) -> None:
    """A table, a row for each name."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    wide = max(map(len, rows))
    print(" " * wide, *(f"{column:>{max(9, len(column))}}" for column in columns))
    for name, row in rows.items():
        cells = (f"{row[one]:.1f}" if one in row else "" for one in columns)
        print(f"{name:<{wide}}", *(f"{cell:>{max(9, len(one))}}" for one, cell in zip(columns, cells, strict=True)))
