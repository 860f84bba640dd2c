"""What a browser can do by hand-made messages to the desk's real process: with a token to look nothing at all."""

import hashlib
import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from installation.desk.pages import PAGES
from tests.desk.plain_browser import PAGE_ID, PlainBrowser
from tests.desk.test_rude import SOON_S, Turning

ROOT = Path(__file__).resolve().parents[2]
EVIL = '<img src=x onerror=alert(1)>" :evil="alert(2)'
"""Wants to be HTML, and to end the value that it stands in."""
ROW = {"preset": EVIL, "look": "", "scene": EVIL, "settings": {EVIL: EVIL}, "commands": [EVIL], "fade_s": 1.0, "at": []}
ROW |= {"days": [], "poses": [EVIL], "arrives": False, "empty_s": None, "key": "g", "osc": EVIL, "follow": None}
ARGUMENTS: tuple[tuple[Any, ...], ...] = (
    (),
    (1,),
    ("x",),
    ({"key": "ArrowUp", "x": 0.7, "y": 0.2, "number": 0},),
    (True,),
)
NEXT_SCENE = "skip_next"


def parts_for(folder: Path) -> dict[str, Any]:
    """What a whole piece would tell, with names that want to be more than text."""
    notice = {"kind": "fault", "stage": EVIL, "message": EVIL, "t_s": 1.0, "age_s": 1.0}
    log = folder / "mien.log"
    log.write_text(f"2026-06-01 12:00:00 INFO    {EVIL}\n", encoding="utf-8")
    return {
        "state": {"fps": 25.0, "visitors": 1, "faults": 0, "restarts": True, "source": EVIL, "scene": EVIL},
        "notices": [notice],
        "raised": [notice],
        "cues": {
            "presets": [{"number": 1, "name": EVIL}],
            "cues": [{"number": 1.0, "name": EVIL, **ROW}],
            "file": str(folder / "cues.yaml"),
            "wrong": [EVIL],
        },
        "poses": {
            "data": str(folder / "poses.csv"),
            "model": str(folder / "poses.onnx"),
            "trained": [EVIL],
            "gestures": [],
            "people": [{"id": 1, "labels": {EVIL: 0.9}}],
            "line": EVIL,
        },
        "rehearsal": {"name": EVIL, "performances": [EVIL], "at_s": 1.0, "length_s": 9.0},
        "generation": EVIL,
        "files": {"log": str(log), "captures": str(folder)},
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("seats")
    (found / "config.yaml").write_text("version: 2\n", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def turning(folder: Path) -> Iterator[Turning]:
    found = Turning(folder, parts=parts_for(folder), host="0.0.0.0")
    try:
        found.soon(found.serves, 100.0)
        yield found
    finally:
        found.end()


def phone(turning: Turning, folder: Path, role: str, path: str = "/", client_id: str = "") -> PlainBrowser:
    """A browser in the network with the token of a role: through a proxy on this machine, which says for whom it asks."""
    found = next((folder / "state").rglob("desk.json"))
    token = json.loads(found.read_text(encoding="utf-8"))[role]
    headers = {"X-Forwarded-For": "192.168.1.7", "Cookie": f"mien_desk={token}"}
    return PlainBrowser(turning.bench.place, path, headers, client_id=client_id)


def state_of(turning: Turning, folder: Path) -> object:
    """All that a browser might change."""
    kept = [path for place in (folder, ROOT / "looks", ROOT / "poses") for path in place.rglob("*") if path.is_file()]
    files = {str(path): hashlib.sha256(path.read_bytes()).digest() for path in kept}
    config, pid = turning.bench.settings.config, turning.bench.link.pids[0]
    return config, list(turning.bench.commands), files, psutil.Process(pid).children()


def press_everything(browser: PlainBrowser) -> int:
    """Every event of every element, with arguments of every kind; gives how many."""
    count, done = 0, set[str]()
    for _ in range(3):  # what an event has brought up is pressed in the next round
        browser.listen(0.3)
        for number, kind, listener in browser.listeners():
            if listener["listener_id"] in done:
                continue
            done.add(listener["listener_id"])
            for args in ARGUMENTS if "update" in kind or "change" in kind else ARGUMENTS[:1] + ARGUMENTS[3:4]:
                browser.event(number, listener["listener_id"], *args)
                count += 1
                if count % 20 == 0:
                    browser.listen(0.1)
    browser.listen(0.5)
    return count


def html_of(browser: PlainBrowser) -> str:
    return " ".join(str(one.get("props", {}).get("innerHTML", "")) for one in browser.elements.values())


def pressing(turning: Turning, folder: Path, paths: list[str]) -> int:
    before, count = state_of(turning, folder), 0
    for path in paths:
        browser = phone(turning, folder, "look", path)
        try:
            count += press_everything(browser)
            assert "<img src=x" not in html_of(browser), path
            assert not [one for one in browser.elements.values() if ":evil" in one.get("props", {})], path
        finally:
            browser.close()
        assert state_of(turning, folder) == before, path
    return count


def test_a_token_to_look_changes_nothing(turning: Turning, folder: Path) -> None:
    assert pressing(turning, folder, ["/", "/cues"]) > 60


@pytest.mark.long
def test_a_token_to_look_changes_nothing_on_any_page(turning: Turning, folder: Path) -> None:
    assert pressing(turning, folder, [page.path for page in PAGES]) > 500


def press_next_scene(
    turning: Turning, browser: PlainBrowser, client_id: str, elements: PlainBrowser, wanted: int = 0
) -> int:
    """Press it as this page, by a browser's socket; gives how many commands came of it, after ``wanted`` or a second."""
    before = len(turning.bench.commands)
    (number,) = [n for n, one in elements.elements.items() if one.get("props", {}).get("icon") == NEXT_SCENE]
    (listener,) = [one["listener_id"] for n, kind, one in elements.listeners() if n == number and kind == "click"]
    browser.say("event", client_id=client_id, id=number, listener_id=listener, args=[])
    until_s = time.monotonic() + (SOON_S if wanted else 1.0)
    while (wanted == 0 or len(turning.bench.commands) - before < wanted) and time.monotonic() < until_s:
        browser.listen(0.1)
    return len(turning.bench.commands) - before


def test_a_page_is_driven_by_its_own_socket_alone(turning: Turning, folder: Path) -> None:
    operator, visitor = phone(turning, folder, "operate"), phone(turning, folder, "look")
    try:
        assert press_next_scene(turning, visitor, operator.client_id, operator) == 0
        assert NEXT_SCENE not in {one.get("props", {}).get("icon") for one in visitor.elements.values()}
        assert press_next_scene(turning, visitor, visitor.client_id, operator) == 0
        with pytest.raises(ConnectionRefusedError):
            phone(turning, folder, "look", client_id=operator.client_id)
        assert press_next_scene(turning, operator, operator.client_id, operator, 1) == 1
    finally:
        operator.close()
        visitor.close()


def test_nonsense_of_a_browser_ends_nothing(turning: Turning, folder: Path) -> None:
    pids = turning.bench.link.pids
    browser = phone(turning, folder, "operate")
    deep = "[" * 5000 + "]" * 5000
    for text in (
        '["event"]',
        '["event",[]]',
        '["event",{"id":[]}]',
        '["log",{}]',
        '["handshake",{}]',
        '["ack",{}]',
        deep,
    ):
        browser.socket.send("42" + text)
    browser.say("event", id=0, args=[deep], listener_id="x")
    browser.say("log", level="error", message="\x1b[2J\nnot so")
    browser.say("ack", next_message_id="x")
    browser.listen(1.0)
    assert press_next_scene(turning, browser, browser.client_id, browser, 1) == 1
    assert turning.bench.link.pids == pids
    browser.close()


def memory(turning: Turning) -> int:
    return int(psutil.Process(turning.bench.link.pids[0]).memory_info().rss)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_browsers_that_come_and_go_leave_nothing(turning: Turning) -> None:
    def come_and_go(times: int) -> None:
        for _ in range(times):
            browser = PlainBrowser(turning.bench.place, "/cues")
            browser.close()
        # A browser that is gone is waited for a while.
        turning.soon(lambda: turning.bench.link.watchers == 0, 40.0)

    process = psutil.Process(turning.bench.link.pids[0])
    come_and_go(50)
    before, threads, files = memory(turning), process.num_threads(), process.num_fds()
    for _ in range(4):
        come_and_go(50)
    assert memory(turning) - before < 16_000_000
    assert process.num_threads() <= threads + 2
    assert process.num_fds() <= files + 3


@pytest.mark.long
@pytest.mark.timeout(120)
def test_a_page_that_is_loaded_and_never_opened_is_not_kept(turning: Turning) -> None:
    before = memory(turning)
    for _ in range(150):
        urllib.request.urlopen(f"{turning.bench.place}/cues", timeout=45.0).read()
    assert memory(turning) - before < 20_000_000


@pytest.mark.long
@pytest.mark.timeout(120)
def test_a_browser_that_never_reads_is_cut_off(turning: Turning) -> None:
    """It pings, so that answers would wait for it, and says that it is there, as NiceGUI wants to hear."""
    client_id = PAGE_ID.findall(turning.bench.get("/log")[1])[0]
    before = memory(turning)
    asked = f"EIO=4&transport=websocket&client_id={client_id}&implicit_handshake=true&tab_id=a&document_id=b&next_message_id=0"
    head = f"GET /_nicegui_ws/socket.io/?{asked} HTTP/1.1\r\nHost: localhost:{turning.port}\r\nConnection: Upgrade\r\n"
    head += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.connect(("127.0.0.1", turning.port))
        wire.settimeout(30.0)
        wire.sendall(head.encode())
        time.sleep(0.5)
        wire.sendall(frame(b"40"))
        turning.soon(lambda: turning.bench.link.watchers > 0)
        pings = frame(bytes(125), 9) * 200 + frame(b"3")
        with pytest.raises(ConnectionError):
            flood(wire, pings)
    assert memory(turning) - before < 10_000_000
    turning.soon(turning.serves)


def flood(wire: socket.socket, data: bytes) -> None:
    for _ in range(3000):
        wire.sendall(data)
        time.sleep(0.002)


def frame(data: bytes, opcode: int = 1) -> bytes:
    """One short frame of a WebSocket, masked by nothing."""
    return bytes([0x80 | opcode, 0x80 | len(data)]) + bytes(4) + data
