"""The piece's end of the desk, with its real process and no piece."""

import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.notices import Notices
from installation.base.picture_file import jpeg
from installation.config.settings import Config
from installation.desk.link import DeskLink
from installation.desk.wire import unpacked
from installation.live_commands.live_settings import LiveSettings
from tests.desk.plain_browser import PlainBrowser

WAIT_S = 100.0
FIGURES = {"fps": 25.0, "visitors": 2, "faults": 0}


class Bench:
    """A link and what is behind it; ``turn`` does what a frame loop does, ``turns`` lets a thread do it all the time."""

    def __init__(self, folder: Path, parts: dict[str, Any] | None = None, **desk: Any) -> None:
        os.environ["MIEN_STATE"] = str(folder / "state")
        self.config = Config.model_validate({"desk": {"run": "always", "port": 0, **desk}})
        self.clock = RealClock()
        self.notices = Notices(self.clock)
        self.settings = LiveSettings(self.config)
        self.link = DeskLink(self.config, [folder / "config.yaml"], self.settings, jpeg, self.notices, self.clock)
        self.broken = False
        told = {name: lambda part=part: part for name, part in (parts or {}).items()}
        self.link.start({"state": lambda: dict(FIGURES), "bad": self.bad, **told})
        self.commands: list[tuple[str, tuple[Any, ...]]] = []
        self.loop = threading.Lock()
        """Whoever holds it holds the frame loop up."""

    def bad(self) -> object:
        if self.broken:
            raise ZeroDivisionError("on purpose")
        return "good"

    def turn(self) -> None:
        with self.loop:
            self.link.update(self.clock.now())
            self.commands += self.link.take()
            self.settings.take(self.clock.now())
        time.sleep(0.02)

    @contextmanager
    def turns(self) -> Iterator[None]:
        end = threading.Event()

        def go() -> None:
            while not end.is_set():
                self.turn()

        thread = threading.Thread(target=go, daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join()

    def soon(self, done: Callable[[], object]) -> None:
        until = time.monotonic() + WAIT_S
        while not done():
            assert time.monotonic() < until, f"not within {WAIT_S} s; {self.notices.active()}"
            self.turn()

    @property
    def place(self) -> str:
        assert self.link.address is not None
        return f"http://127.0.0.1:{self.link.address[1]}"

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.place + path, timeout=WAIT_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get_bytes(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(self.place + path, timeout=WAIT_S) as answer:
                found: bytes = answer.read()
        except urllib.error.HTTPError as error:
            return error.read()
        return found

    def post(self, where: str, /, **body: Any) -> dict[str, Any]:
        """What is answered, once the frame loop has said lately that it turns: on a busy machine it may not have."""
        until_s = time.monotonic() + WAIT_S
        found = self._posted(where, body)
        while "does not answer" in str(found.get("error")) and time.monotonic() < until_s:
            found = self._posted(where, body)
        return found

    def _posted(self, where: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(self.place + where, json.dumps(body).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
                found: dict[str, Any] = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            found = json.loads(error.read())
        return found


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("desk"))
    try:
        bench.soon(lambda: bench.link.address is not None)
        with bench.turns():
            bench.soon(lambda: '"fps"' in bench.get("/api/state")[1])
            yield bench
    finally:
        bench.link.close()


def test_it_says_how_the_piece_is(bench: Bench) -> None:
    bench.soon(lambda: json.loads(bench.get("/api/state")[1])["lives"] is True)
    assert json.loads(bench.get("/api/state")[1])["state"] == FIGURES
    bench.soon(lambda: bench.get("/healthz") == (200, "ok\n"))
    bench.soon(lambda: bench.get("/readyz") == (200, "ok\n"))
    assert "mien_visitors 2.0" in bench.get("/metrics")[1]


def test_a_setting_goes_through_and_comes_back(bench: Bench) -> None:
    path = "/control/output/glow"
    assert bench.post("/api/set", path=path, value=1.5) == {"value": 1.5}
    assert bench.settings.value(path) == 1.5
    assert json.loads(bench.get("/api/settings")[1])[path] == 1.5
    bench.settings.change(path, [2.0])
    bench.soon(lambda: json.loads(bench.get("/api/settings")[1])[path] == 2.0)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"path": "/control/output/glow", "value": 99}, "must be 0 to 4"),
        ({"path": "/control/output/glow", "value": "much"}, "must be a number"),
        ({"path": "/control/output/glowing", "value": 1}, "there is no setting /control/output/glowing"),
        ({"path": "/control/desk/camera", "value": 1}, "written in config.yaml"),
        ({"path": "/control/desk/port", "value": 9000}, "written in config.yaml"),
        ({"value": 1}, "not understood"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(bench: Bench, body: dict[str, Any], error: str) -> None:
    assert error in bench.post("/api/set", **body)["error"]


def test_commands_reach_the_frame_loop(bench: Bench) -> None:
    assert bench.post("/api/command", name="scene", args=["aurora"]) == {"value": None}
    bench.soon(lambda: bench.commands[-1:] == [("scene", ("aurora",))])
    assert "there is no command 'fly'" in bench.post("/api/command", name="fly")["error"]
    assert "takes one argument" in bench.post("/api/command", name="scene", args=["a", "b"])["error"]


def test_a_part_that_cannot_be_told_leaves_out_itself_alone(bench: Bench) -> None:
    bench.broken = True
    bench.soon(lambda: json.loads(bench.get("/api/state")[1])["bad"] is None and bench.notices.active("fault"))
    assert "ZeroDivisionError" in bench.notices.active("fault")[0].message
    bench.broken = False
    bench.soon(lambda: json.loads(bench.get("/api/state")[1])["bad"] == "good")
    bench.soon(lambda: not bench.notices.active("fault"))


def test_who_sends_many_requests_ahead_is_cut_off(bench: Bench) -> None:
    assert bench.link.address is not None
    with socket.create_connection(("127.0.0.1", bench.link.address[1]), timeout=WAIT_S) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200)
        with suppress(ConnectionResetError):
            assert wire.recv(100) == b""
    bench.soon(lambda: bench.get("/healthz")[0] == 200)


def test_there_is_no_still_while_nobody_looks(bench: Bench) -> None:
    assert bench.get("/still.jpg")[0] == 404


def test_a_piece_that_hangs_is_told_of(bench: Bench) -> None:
    with bench.loop:
        until = time.monotonic() + WAIT_S
        while bench.get("/healthz")[0] == 200:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert bench.get("/readyz")[0] == 503
    bench.soon(lambda: bench.get("/healthz")[0] == 200)


def test_a_process_that_is_killed_comes_back(bench: Bench) -> None:
    pid = bench.link.pids[0]
    os.kill(pid, signal.SIGKILL)
    bench.soon(lambda: bench.link.address is None and bench.notices.active("fault"))
    assert "starting it again" in bench.notices.active("fault")[0].message
    bench.soon(lambda: bench.link.address is not None and bench.link.pids[0] != pid)
    bench.soon(lambda: bench.get("/healthz")[0] == 200)
    bench.soon(lambda: not bench.notices.active("fault"))


def test_offscreen_it_runs_only_where_it_is_asked_for(tmp_path: Path) -> None:
    config = Config.model_validate({"output": {"mode": "offscreen"}})
    notices = Notices(RealClock())
    link = DeskLink(config, [], LiveSettings(config), jpeg, notices, RealClock())
    link.start({})
    link.update(1.0)
    link.close()
    assert link.pids == []
    assert link.address is None


class Stills:
    """A wall in one colour; ``has_camera``: as if the camera's picture were on it."""

    def __init__(self) -> None:
        self.wanted = self.has_camera = False

    def want(self, on: bool) -> None:
        self.wanted = on

    def take(self) -> Any:
        return (
            SimpleNamespace(rgb=np.full((9, 16, 3), 200, np.uint8), has_camera=self.has_camera) if self.wanted else None
        )


def until(bench: Bench, done: Callable[[], object], seconds: float) -> bool:
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        if done():
            return True
        bench.turn()
    return False


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("allowed", [False, True])
def test_the_cameras_picture_goes_only_where_the_file_allows_it(tmp_path: Path, allowed: bool) -> None:
    bench = Bench(tmp_path, camera=allowed)
    stills = Stills()
    bench.link._stills = stills
    try:
        bench.soon(lambda: bench.link.address is not None)
        browser = PlainBrowser(bench.place, "/")
        browser.listen(0.2)
        bench.soon(lambda: bench.get_bytes("/still.jpg")[:2] == b"\xff\xd8")
        # Before the camera is the background and after, and while it goes in and out.
        stills.has_camera = True
        bench.settings.change("/control/output/background", ["camera"])
        bench.soon(lambda: json.loads(bench.get("/api/settings")[1])["/control/output/background"] == "camera")
        assert until(bench, lambda: bench.get_bytes("/still.jpg")[:2] == b"\xff\xd8", 3.0) == allowed
        stills.has_camera = False
        bench.settings.change("/control/output/background", ["black"])
        bench.soon(lambda: bench.get_bytes("/still.jpg")[:2] == b"\xff\xd8")
        browser.close()
        bench.soon(lambda: not stills.wanted)
        bench.soon(lambda: bench.get("/still.jpg")[0] == 404)
    finally:
        bench.link.close()


def test_what_is_not_a_number_leaves_out_its_part_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path, parts={"broken": float("nan"), "fine": 1})
    data = bench.link._packed({"broken": float("nan"), "state": FIGURES})
    assert unpacked(data) == {"kind": "snapshot", "state": FIGURES}
    assert "cannot be told whole" in bench.notices.active("fault")[0].message
    bench.link._packed({"state": FIGURES})
    assert not bench.notices.active("fault")
    bench.link.close()
