"""OSCQuery as its clients use it: HTTP, WebSocket and zeroconf, all real and on loopback."""

import asyncio
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from zeroconf import ServiceBrowser, ServiceStateChange, Zeroconf

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.config.osc import OscConfig
from installation.config.oscquery import OscQueryConfig
from installation.config.settings import Config
from installation.live_commands.live_settings import LiveSettings
from installation.showcontrol.address import is_of_emotion
from installation.showcontrol.addresses import TABLE
from installation.showcontrol.last_values import LastValues
from installation.showcontrol.osc_in.receiver import OscReceiver
from installation.showcontrol.oscquery.listeners import MAX_LISTENERS
from installation.showcontrol.oscquery.server import OscQueryServer
from tests.ports import free_port

HOLD = "/mien/control/smoothing/label_hold_s"


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end_s = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_s, "it did not come"
        time.sleep(0.005)


def config_with(**more: Any) -> Config:
    osc = OscConfig(listen_port=free_port(), **({"allow": more.pop("allow")} if "allow" in more else {}))
    return Config(osc=osc, oscquery=OscQueryConfig(port=free_port(), **{"announce": False, **more}))


class Piece:
    """The server with all it answers from, and a client."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.notices, self.values, self.settings = Notices(ManualClock()), LastValues(), LiveSettings(config)
        self.receiver = OscReceiver(config.osc, self.notices, self.settings, self.values, RealClock())
        self.server = OscQueryServer(config, self.notices, self.settings, self.values, self.receiver)
        assert self.server.ready.wait(30.0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.config.oscquery.port}"

    def get(self, path: str, **headers: str) -> tuple[int, Any, Any]:
        """(status, JSON or None, headers)."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                data = answer.read()
                return answer.status, json.loads(data) if data else None, answer.headers
        except urllib.error.HTTPError as error:
            with error:
                return error.code, None, error.headers

    def told(self) -> str:
        return "; ".join(notice.message for notice in self.notices.active())

    def close(self) -> None:
        self.server.close()
        self.receiver.close()


@pytest.fixture
def piece() -> Iterator[Piece]:
    with closing(Piece(config_with())) as found:
        yield found


def frame(number: int, *ids: int) -> list[tuple[str, list[Any]]]:
    return [("/frame", [number, 0.5]), ("/valence", [number / 8]), ("/people/ids", list(ids))]


# ---- HTTP


def test_the_tree_and_single_attributes(piece: Piece) -> None:
    piece.values.put(frame(2))
    status, tree, headers = piece.get("/")
    assert (status, headers["Content-Type"].split(";")[0]) == (200, "application/json")
    mien = tree["CONTENTS"]["mien"]["CONTENTS"]
    assert mien["valence"]["VALUE"] == [0.25]
    assert mien["control"]["CONTENTS"]["smoothing"]["CONTENTS"]["label_hold_s"]["ACCESS"] == 3
    assert piece.get("/mien/valence?VALUE")[:2] == (200, {"VALUE": [0.25]})
    assert piece.get("/mien/valence?RANGE")[:2] == (200, {"RANGE": [{"MIN": -1.0, "MAX": 1.0}]})
    assert piece.get(f"{HOLD}?UNIT")[:2] == (200, {"UNIT": ["time.second"]})
    assert piece.get("/mien/control?FULL_PATH")[:2] == (200, {"FULL_PATH": "/mien/control"})


@pytest.mark.parametrize(
    ("path", "status", "found"),
    [
        ("/nowhere", 404, None),
        ("/nowhere?TYPE", 404, None),
        ("/mien/valence?COLOUR", 400, None),
        ("/mien/valence?CLIPMODE", 204, None),
        ("/mien/snapshot?VALUE", 204, None),
        ("/mien/control?VALUE", 204, None),
        ("/mien/control?TYPE", 200, {}),
        ("/mien/arousal?VALUE", 200, {}),
        ("/%ff%00?VALUE", 404, None),
    ],
)
def test_errors_are_those_of_the_proposal(piece: Piece, path: str, status: int, found: Any) -> None:
    assert piece.get(path)[:2] == (status, found)


def test_host_info_tells_where_osc_goes(piece: Piece) -> None:
    for path in ("/", "/mien", "/nowhere"):
        status, info, _ = piece.get(f"{path}?HOST_INFO")
        assert status == 200
        assert info["NAME"] == "Mien"
        assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("127.0.0.1", piece.receiver.port, "UDP")
        assert (info["WS_IP"], info["WS_PORT"]) == ("127.0.0.1", piece.server.port)
        for name in (
            "ACCESS",
            "VALUE",
            "RANGE",
            "DESCRIPTION",
            "UNIT",
            "LISTEN",
            "PATH_CHANGED",
            "PATH_ADDED",
            "PATH_REMOVED",
        ):
            assert info["EXTENSIONS"][name] is True


def test_only_pages_from_here_may_read(piece: Piece) -> None:
    assert piece.get("/mien", Origin="http://evil.example")[2]["Access-Control-Allow-Origin"] is None
    near = "http://localhost:8000"
    assert piece.get("/mien", Origin=near)[2]["Access-Control-Allow-Origin"] == near


def test_others_than_the_allowed_are_refused() -> None:
    with closing(Piece(config_with(allow=["10.0.0.0/8"]))) as piece:
        assert piece.get("/")[0] == 403
        assert "osc.allow" in piece.told()


def test_a_port_that_is_taken_is_reported_and_another_one_fixes_it() -> None:
    config = config_with()
    with socket.socket() as other:
        other.bind(("127.0.0.1", config.oscquery.port))
        other.listen()
        with closing(Piece(config)) as piece:
            assert f"cannot answer on 127.0.0.1:{config.oscquery.port}" in piece.told()
            assert piece.server.port is None
            moved = config.oscquery.model_copy(update={"port": free_port()})
            piece.config = config.model_copy(update={"oscquery": moved})
            piece.server.reconfigure(piece.config)
            until(lambda: piece.server.port == moved.port)
            until(lambda: piece.told() == "")
            assert piece.get("/mien")[0] == 200


def test_it_can_be_switched_off_and_on(piece: Piece) -> None:
    off = piece.config.model_copy(update={"oscquery": piece.config.oscquery.model_copy(update={"enabled": False})})
    piece.server.reconfigure(off)
    until(lambda: piece.server.port is None)
    with pytest.raises(OSError, match="refused"):
        piece.get("/")
    piece.server.reconfigure(piece.config)
    until(lambda: piece.server.port is not None)
    assert piece.get("/mien")[0] == 200


def test_switched_off_it_has_no_thread() -> None:
    receiver = SimpleNamespace(port=None)
    config, settings = config_with(enabled=False), LiveSettings(Config())
    before = set(threading.enumerate())
    server = OscQueryServer(config, Notices(ManualClock()), settings, LastValues(), receiver)  # type: ignore[arg-type]
    assert set(threading.enumerate()) <= before
    server.close()


# ---- WebSocket


def talk(piece: Piece, dialogue: Callable[[aiohttp.ClientWebSocketResponse], Coroutine[Any, Any, None]]) -> None:
    """A dialogue over one line, in a minute at most."""

    async def run() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(piece.url) as line:
            await dialogue(line)

    asyncio.run(asyncio.wait_for(run(), 60.0))


async def say(line: aiohttp.ClientWebSocketResponse, command: str, path: str) -> None:
    await line.send_str(json.dumps({"COMMAND": command, "DATA": path}))


async def hear(line: aiohttp.ClientWebSocketResponse) -> tuple[str, list[Any]]:
    while True:
        message = await line.receive()
        if message.type == aiohttp.WSMsgType.BINARY:
            found = OscMessage(message.data)
            return found.address, found.params


async def hear_text(line: aiohttp.ClientWebSocketResponse) -> Any:
    while True:
        message = await line.receive()
        if message.type == aiohttp.WSMsgType.TEXT:
            return json.loads(message.data)


def osc(path: str, *args: Any) -> bytes:
    builder = OscMessageBuilder(path)
    for value in args:
        builder.add_arg(value)
    dgram: bytes = builder.build().dgram
    return dgram


async def listens(line: aiohttp.ClientWebSocketResponse, path: str) -> None:
    """The server has heard all that was said: it answers a question that came after it."""
    await say(line, "LISTEN", path)
    await line.send_bytes(osc("/mien/get/control/group/mode"))
    while (await hear(line))[0] != "/mien/control/group/mode":
        pass


def test_what_is_listened_to_comes_with_every_value_and_nothing_else(piece: Piece) -> None:
    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await listens(line, "/mien/valence")
        for number in range(1, 6):
            piece.values.put(frame(number))
        assert [await hear(line) for _ in range(5)] == [("/mien/valence", [number / 8]) for number in range(1, 6)]
        await say(line, "IGNORE", "/mien/valence")
        await listens(line, "/mien/frame")
        piece.values.put(frame(7))
        assert await hear(line) == ("/mien/frame", [7, 0.5])

    talk(piece, dialogue)
    until(lambda: not piece.values.watched)


def test_a_setting_that_is_listened_to_comes_now_and_when_it_changes(piece: Piece) -> None:
    before_s = piece.settings.config.smoothing.label_hold_s

    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await say(line, "LISTEN", HOLD)
        assert await hear(line) == (HOLD, [pytest.approx(before_s)])
        piece.settings.change("/control/smoothing/label_hold_s", [0.5])
        assert await hear(line) == (HOLD, [0.5])

    talk(piece, dialogue)


def test_osc_over_the_line_counts_and_is_answered_there(piece: Piece) -> None:
    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await line.send_bytes(osc(HOLD, 0.75))
        await line.send_bytes(osc("/mien/get" + HOLD.removeprefix("/mien")))
        assert await hear(line) == (HOLD, [0.75])
        await line.send_bytes(osc(HOLD, 99.0))
        assert await hear(line) == ("/mien/error", [HOLD, "must be 0 to 10, not 99"])
        await line.send_bytes(osc("/mien/snapshot"))

    talk(piece, dialogue)
    assert piece.settings.config.smoothing.label_hold_s == 0.75
    until(lambda: piece.receiver.take() == [("snapshot", [])])


def test_who_comes_and_goes_changes_the_tree(piece: Piece) -> None:
    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await listens(line, "/mien/valence")
        piece.values.put(frame(1, 7))
        assert await hear_text(line) == {"COMMAND": "PATH_CHANGED", "DATA": "/mien/person"}
        piece.values.put(frame(2))
        assert await hear_text(line) == {"COMMAND": "PATH_CHANGED", "DATA": "/mien/person"}

    talk(piece, dialogue)


def test_a_scene_that_comes_and_goes_is_announced(piece: Piece) -> None:
    drops, name = "/control/scene/parameters/rain/drops", "/control/scene/name"
    before = piece.settings.table
    rain = replace(before["/control/scene/parameters/blossom/petals"], place=("scene", "parameters", "rain", "drops"))
    choices = replace(before[name], choices=(*before[name].choices, "rain"))

    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await listens(line, "/mien/valence")
        piece.settings.table = {**before, drops: rain, name: choices}
        assert await hear_text(line) == {"COMMAND": "PATH_ADDED", "DATA": f"/mien{drops}"}
        assert await hear_text(line) == {"COMMAND": "PATH_CHANGED", "DATA": f"/mien{name}"}
        piece.settings.table = before
        assert await hear_text(line) == {"COMMAND": "PATH_REMOVED", "DATA": f"/mien{drops}"}
        assert await hear_text(line) == {"COMMAND": "PATH_CHANGED", "DATA": f"/mien{name}"}

    talk(piece, dialogue)
    assert piece.get(f"/mien{drops}")[0] == 404


def test_junk_over_the_line_harms_nobody(piece: Piece) -> None:
    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        for text in ("", "{", "[]", "7", '{"COMMAND": "LISTEN"}', '{"COMMAND": "LISTEN", "DATA": 7}', "[" * 30_000):
            await line.send_str(text)
        await line.send_str('{"COMMAND": "DANCE", "DATA": "/mien"}')
        for data in (b"", b"\xff" * 40_000, b"#bundle\0" * 100):
            await line.send_bytes(data)
        await listens(line, "/mien/valence")
        piece.values.put(frame(1))
        assert await hear(line) == ("/mien/valence", [0.125])

    talk(piece, dialogue)
    assert not piece.notices.history("fault")


def test_pages_from_elsewhere_and_too_many_lines_are_refused(piece: Piece) -> None:
    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(piece.url, origin="http://evil.example")
            assert refused.value.status == 403
            lines = [await session.ws_connect(piece.url) for _ in range(MAX_LISTENERS + 1)]
            assert (await lines[-1].receive()).type == aiohttp.WSMsgType.CLOSE
            for line in lines:
                await line.close()

    asyncio.run(asyncio.wait_for(run(), 60.0))


def test_it_ends_soon_while_somebody_listens_and_does_not_read(piece: Piece) -> None:
    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await listens(line, "/mien/frame")
        start_s = time.monotonic()
        await asyncio.to_thread(piece.server.close)
        assert time.monotonic() - start_s < 20.0
        until(lambda: not [thread for thread in threading.enumerate() if thread.name == "oscquery"])

    talk(piece, dialogue)


# ---- zeroconf


class Browser:
    """Hears who announces himself on loopback under a name; ``there`` has the details by kind of service."""

    def __init__(self, name: str, kinds: list[str]) -> None:
        self.there: dict[str, Any] = {}
        self._name = name
        self._zeroconf = Zeroconf(interfaces=["127.0.0.1"])
        self._browser = ServiceBrowser(self._zeroconf, kinds, handlers=[self._heard])

    def _heard(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if not name.startswith(self._name):
            return
        if state_change is ServiceStateChange.Removed:
            self.there.pop(service_type, None)
        elif state_change is ServiceStateChange.Added:
            # Asking for the details waits for the very thread that tells of it.
            threading.Thread(target=self._ask, args=(service_type, name), daemon=True).start()

    def _ask(self, kind: str, name: str) -> None:
        for _ in range(10):
            found = self._zeroconf.get_service_info(kind, name, timeout=5000)
            if found is not None:
                self.there[kind] = found
                return

    def close(self) -> None:
        self._browser.cancel()
        self._zeroconf.close()


def test_a_browser_finds_it_and_loses_it_when_it_ends() -> None:
    name = f"Mien test {free_port()}"
    query, commands = "_oscjson._tcp.local.", "_osc._udp.local."
    with closing(Browser(name, [query, commands])) as browser:
        with closing(Piece(config_with(announce=True, name=name))) as piece:
            until(lambda: browser.there.get(query) and browser.there.get(commands), 60.0)
            info = browser.there[query]
            assert info.name == f"{name}.{query}"
            assert (info.port, info.parsed_addresses()) == (piece.config.oscquery.port, ["127.0.0.1"])
            assert browser.there[commands].port == piece.receiver.port
            assert "not announced" not in piece.told()
        until(lambda: not browser.there, 60.0)


def test_without_emotions_their_addresses_are_taken_out_of_the_tree(piece: Piece) -> None:
    values = [("/valence", [0.5]), ("/person/7/label", ["happy"]), ("/person/7/energy", [0.5]), ("/people/ids", [7])]

    async def told(line: aiohttp.ClientWebSocketResponse) -> set[tuple[str, str]]:
        found = [await hear_text(line) for _ in range(len(gone))]
        return {(one["COMMAND"], one["DATA"].removeprefix("/mien")) for one in found}

    alone = {path for path in (address.path for address in TABLE) if is_of_emotion(path) and "{" not in path}
    gone = alone | {f"/person/7/{name}" for name in ("label", "emoji", "emotions", "agreement", "valence", "arousal")}

    async def dialogue(line: aiohttp.ClientWebSocketResponse) -> None:
        await listens(line, "/mien/valence")
        piece.values.put(values)
        assert (await hear_text(line))["COMMAND"] == "PATH_CHANGED"
        piece.settings.change("/control/emotion/enabled", [0])
        assert await told(line) == {("PATH_REMOVED", path) for path in gone}
        piece.settings.change("/control/emotion/enabled", [1])
        assert await told(line) == {("PATH_ADDED", path) for path in gone}
        piece.settings.change("/control/emotion/enabled", [0])
        await told(line)

    talk(piece, dialogue)
    for path in gone:
        assert piece.get(f"/mien{path}")[0] == 404, path
    assert piece.get("/mien/person/7/energy?VALUE")[1] == {"VALUE": [0.5]}
    assert set(piece.get("/mien/person/7")[1]["CONTENTS"]) == {"energy"}
