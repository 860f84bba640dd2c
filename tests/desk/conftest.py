"""A running piece with its desk, and a real browser (Debian's chromium) that looks at it."""

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
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
START_S, SOON_S = 150.0, 45.0
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
        found: dict[str, Any] = json.loads(urllib.request.urlopen(f"{self.place}/api/settings", timeout=10).read())
        return found

    def state(self) -> dict[str, Any]:
        """What the piece tells."""
        found: dict[str, Any] = json.loads(urllib.request.urlopen(f"{self.place}/api/state", timeout=10).read())
        return found

    def end(self) -> int:
        """Let it end; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self._file.close()
        return code


def soon(done: Callable[[], object], within_s: float = SOON_S) -> None:
    """Wait until ``done`` gives something true."""
    until = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < until, f"not within {within_s:g} s"
        time.sleep(0.1)


@pytest.fixture(scope="package")
def desk_piece(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PieceWithDesk]:
    if CHROMIUM is None:
        pytest.skip("there is no browser (Debian: chromium)")
    piece = PieceWithDesk(tmp_path_factory.mktemp("piece"))
    try:
        soon(lambda: piece.values(), START_S)
        yield piece
    finally:
        code = piece.end()
    assert code == 0


@pytest.fixture(scope="module")
def chromium(desk_piece: PieceWithDesk) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, desk_piece: PieceWithDesk) -> Iterator[Callable[..., Any]]:
    """Opens a page of the desk; nothing that a browser complains about may happen on it."""
    pages: list[Any] = []
    complaints: list[str] = []

    def open_one(path: str = "/", width: int = 1280, height: int = 800) -> Any:
        page = chromium.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        page.set_default_timeout(1000 * SOON_S)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(desk_piece.place + path)
        page.wait_for_selector("h1")
        page.wait_for_function(
            "() => window.did_handshake !== false && document.querySelector('[role=status]').innerText.length > 0"
        )
        return page

    yield open_one
    for page in pages:
        page.close()
    assert not complaints
