"""A whole piece with its desk in a process of its own, and how to wait for it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import yaml

ROOT = Path(__file__).resolve().parents[2]
START_S, SOON_S = 150.0, 60.0
"""Bounds for a test on a busy machine; no promise of the piece."""
CHROMIUM = shutil.which("chromium")


class PieceWithDesk:
    """A whole piece in a process of its own, on a copy of the settings; ``more`` of them."""

    def __init__(self, folder: Path, more: Mapping[str, Any] | None = None) -> None:
        self.config, self.log = folder / "config.yaml", folder / "log"
        settings: dict[str, Any] = {
            "version": 2,
            "capture": {"source": "simulated"},
            "osc": {"targets": [], "listen_port": 0},
            "oscquery": {"enabled": False},
            "log": {"file": str(folder / "logs" / "mien.log")},
            "notice": {"enabled": False},
            "desk": {"run": "always", "port": 0},
            # Little work: a browser needs the processor as well.
            "output": {"software_per_second": 12.0},
            "generation": {"per_second": 1.0},
            "picture": {"per_second": 1.0},
            **(more or {}),
        }
        text = yaml.safe_dump(settings, sort_keys=False)
        self.config.write_text(text.replace("osc:\n", "osc:  # whom we tell\n", 1))
        command = [sys.executable, "-m", "installation", "--offscreen", "--size", "192x108"]
        self._file = self.log.open("w")
        self.process = subprocess.Popen(
            [*command, "--config", str(self.config)],
            cwd=ROOT,
            stdout=self._file,
            stderr=self._file,
            env={**os.environ, "MIEN_STATE": str(folder / "state")},
        )
        found: list[str] = []
        try:
            soon(lambda: found.extend(re.findall(r"desk: (http://\S+)/", self.log.read_text())) or found, START_S)
        except BaseException:
            self.process.kill()
            raise
        self.place = found[0]

    def desk_cpu_s(self) -> float:
        """Processor seconds that the desk's process has used."""
        (desk,) = [
            one for one in psutil.Process(self.process.pid).children() if "desk.process" in " ".join(one.cmdline())
        ]
        return float(sum(desk.cpu_times()[:2]))

    def values(self) -> dict[str, Any]:
        """All settings, as the running piece has them."""
        found: dict[str, Any] = json.loads(urllib.request.urlopen(f"{self.place}/api/settings", timeout=SOON_S).read())
        return found

    def state(self) -> dict[str, Any]:
        """What the piece tells."""
        found: dict[str, Any] = json.loads(urllib.request.urlopen(f"{self.place}/api/state", timeout=SOON_S).read())
        return found

    def end(self) -> int:
        """Let it end; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(SOON_S)
        except subprocess.TimeoutExpired:
            # One that hangs would run on after the tests.
            self.process.kill()
            raise
        finally:
            self._file.close()


def soon(done: Callable[[], object], within_s: float = SOON_S) -> None:
    """Wait until ``done`` gives something true."""
    until = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < until, f"not within {within_s:g} s"
        time.sleep(0.05)


def soon_holds(check: Callable[[], object], within_s: float = SOON_S) -> None:
    """Wait until ``check`` raises no AssertionError any more; where it goes on to, its last one."""
    until = time.monotonic() + within_s
    while True:
        try:
            check()
            return
        except AssertionError:
            if time.monotonic() > until:
                raise
        time.sleep(0.2)


def at_rest(read: Callable[[], Any], for_s: float = 1.0, within_s: float = SOON_S) -> Any:
    """What ``read`` gives once it has been the same for so long."""
    until, found, since = time.monotonic() + within_s, read(), time.monotonic()
    while time.monotonic() - since < for_s:
        assert time.monotonic() < until, f"it still changes after {within_s:g} s: {found}"
        time.sleep(0.05)
        now = read()
        if now != found:
            found, since = now, time.monotonic()
    return found


@contextmanager
def chromium_browser() -> Iterator[Any]:
    """Debian's chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def still(element: Any) -> dict[str, float]:
    """The box of an element of a page (x, y, width, height in px) once it no longer moves."""
    boxes: list[dict[str, float] | None] = [None]

    def rests() -> bool:
        element.page.wait_for_timeout(100)
        boxes.append(element.bounding_box())
        return boxes[-1] is not None and boxes[-1] == boxes[-2]

    element.wait_for()
    soon(rests)
    found = boxes[-1]
    assert found is not None
    return found
