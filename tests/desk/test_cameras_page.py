"""The way of four marks into eyes.join, as every other setting goes: live, undone, refused to who may only look, kept in the
file with its comments; and whom the piece tells of."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from installation.base.clock import ManualClock, RealClock
from installation.base.notices import Notices
from installation.commands.desk_snapshot import costly_parts
from installation.config.load import load_config
from installation.config.save import save_settings
from installation.config.settings import Config
from installation.desk.desk import Desk, RefusedError
from installation.desk.joined_cameras import AREA, JOIN, area_of, set_camera, set_marks, source_trouble, told_of
from installation.desk.link import DeskLink
from installation.desk.pages import PAGES
from installation.live_commands.live_settings import LiveSettings
from installation.perception.several.joined import JoinedEyes
from tests.desk.joined_stage import LEFT, RIGHT
from tests.desk.plain_browser import PlainBrowser
from tests.desk.test_rude import Turning
from tests.perception.several.machine import Machine, free_port_and_next
from tests.perception.several.virtual import Walker

WAIT_S = 60.0
FILE = """version: 2
eyes:
  area_m: [6.0, 4.0]
  join:
    - name: left   # at the bar
      address: 127.0.0.1:5571
    - name: right
      address: 127.0.0.1:5573
"""
PLACE = [[0.2, 0.4], [0.8, 0.4], [0.9, 0.9], [0.1, 0.9]]
CROSSED = [PLACE[0], PLACE[2], PLACE[1], PLACE[3]]


class Bench:
    """A desk whose requests the piece's own link answers."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "config.yaml"
        self.file.write_text(FILE, encoding="utf-8")
        config, clock = load_config(self.file), ManualClock()
        self.settings = LiveSettings(config, lambda changes: save_settings(self.file, changes))
        self._link = DeskLink(config, [self.file], self.settings, lambda _: b"", Notices(clock), clock)
        self.desk = Desk(self._obey, [str(self.file)], clock)
        self._link.address = ("127.0.0.1", 1)
        self._link._tell(self)  # type: ignore[arg-type]
        self.desk.take({"kind": "snapshot"})

    def _obey(self, request: dict[str, Any]) -> None:
        self._link._obey(self, request)  # type: ignore[arg-type]

    def send_bytes(self, data: bytes) -> None:
        message = json.loads(data[1:])
        # As over a pipe: the answer comes after the question.
        if message["kind"] == "answer":
            asyncio.get_running_loop().call_soon(self.desk.take, message)
        else:
            self.desk.take(message)

    @property
    def places(self) -> list[list[list[float]]]:
        return [one.place for one in self.settings.config.eyes.join]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_fourth_mark_is_a_place_at_once_and_undo_takes_it_back(bench: Bench) -> None:
    desk = bench.desk

    async def go() -> None:
        assert not await set_marks(desk, "left", [*PLACE[:3], None])
        assert bench.places == [[], []]
        assert desk.marks.marks("left", []) == [*PLACE[:3], None]
        assert not desk.history.can_undo
        assert await set_marks(desk, "left", PLACE)
        assert bench.places == [PLACE, []]
        assert desk.lists[JOIN][0]["place"] == PLACE
        assert await desk.undo() == "eyes.join"
        assert bench.places == [[], []]
        assert desk.marks.marks("left", []) == [None] * 4
        await desk.redo()
        assert bench.places == [PLACE, []]

    asyncio.run(go())


def test_marks_that_are_no_place_leave_the_one_that_holds(bench: Bench) -> None:
    desk = bench.desk

    async def go() -> None:
        await set_marks(desk, "right", PLACE)
        assert not await set_marks(desk, "right", CROSSED)
        assert bench.places == [[], PLACE]
        assert desk.marks.marks("right", PLACE) == CROSSED
        await desk.undo()
        assert desk.marks.marks("right", []) == [None] * 4, "what was undone takes the draft with it"

    asyncio.run(go())


def test_marks_of_its_own_and_the_area_go_the_same_way_and_are_checked_by_the_settings(bench: Bench) -> None:
    desk = bench.desk
    own = [[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0]]

    async def go() -> None:
        await set_camera(desk, "left", marks_m=own)
        assert bench.settings.config.eyes.join[0].marks_m == own
        with pytest.raises(RefusedError, match="in turn"):
            await set_camera(desk, "left", marks_m=[own[0], own[2], own[1], own[3]])
        with pytest.raises(RefusedError, match="no camera gone"):
            await set_camera(desk, "gone", marks_m=own)
        await desk.set(AREA, [8.0, 5.0])
        assert area_of(desk) == [8.0, 5.0]
        with pytest.raises(RefusedError):
            await desk.set(AREA, [0.0, 5.0])
        assert bench.settings.config.eyes.area_m == [8.0, 5.0]

    asyncio.run(go())


def test_save_keeps_the_place_and_what_else_is_in_the_file(bench: Bench) -> None:
    async def go() -> None:
        await set_marks(bench.desk, "right", PLACE)
        assert await bench.desk.save() == 1

    asyncio.run(go())
    text = bench.file.read_text(encoding="utf-8")
    assert "# at the bar" in text
    saved = load_config(bench.file).eyes
    assert [one.place for one in saved.join] == [[], PLACE]
    assert saved.area_m == [6.0, 4.0]


def test_why_no_camera_can_be_heard_is_said(bench: Bench) -> None:
    desk, clock = bench.desk, bench.desk.clock
    assert source_trouble(desk) == ""
    desk.wish("one", frozenset({"cameras"}))
    desk.take({"kind": "snapshot", "state": {"source": "simulated"}, "cameras": {"is_joined": False, "seen": {}}})
    assert "does not see with these cameras now (simulated)" in source_trouble(desk)
    seen = {"left": {"is_heard": True, "size": [1280, 720], "people": []}}
    desk.take({"kind": "snapshot", "cameras": {"is_joined": True, "seen": seen}})
    assert source_trouble(desk) == ""
    assert told_of(desk, "left") == seen["left"]
    assert told_of(desk, "right") is None
    assert isinstance(clock, ManualClock)
    clock.advance(10.0)
    assert source_trouble(desk) == "The piece has not answered for 10 s."
    assert told_of(desk, "left") is None, "what it said before is not passed off as now"


def test_the_navigation_has_the_page_where_cameras_are_joined(bench: Bench, tmp_path: Path) -> None:
    (page,) = (one for one in PAGES if one.path == "/cameras")
    assert page.is_of_use(bench.desk)
    assert not page.is_of_use(Desk(lambda _: None, [], ManualClock()))
    assert all(one.is_of_use(Desk(lambda _: None, [], ManualClock())) for one in PAGES if one is not page)


@pytest.fixture
def eyes() -> Iterator[JoinedEyes]:
    people = [Walker([(2.0, 2.5), (2.0, 2.5)], 0.0)]
    machines = [Machine(camera, free_port_and_next(), people) for camera in (LEFT, RIGHT)]
    join = [
        {"name": name, "address": f"127.0.0.1:{machine.port}"}
        for name, machine in zip(("left", "right"), machines, strict=True)
    ]
    config, clock = Config.model_validate({"eyes": {"join": join}}), RealClock()
    found = JoinedEyes(config.eyes, clock, Notices(clock))
    found.begin()
    yield found
    found.close()
    for machine in machines:
        machine.end()


@pytest.mark.timeout(200)
def test_the_piece_tells_of_each_camera_only_while_it_is_asked(eyes: JoinedEyes) -> None:
    parts: Any = SimpleNamespace(
        eyes=SimpleNamespace(current=eyes), services=SimpleNamespace(monitor=SimpleNamespace(look=dict))
    )
    tell: Any = costly_parts(parts)["cameras"]
    until_s = time.monotonic() + WAIT_S
    number, seen = eyes.observations.peek()
    while seen is None or not seen.people:
        assert time.monotonic() < until_s
        number, seen = eyes.observations.wait_newer(number, 1.0) or (number, seen)
    assert not eyes._watch._cameras, "nobody has asked, and nothing is noted"

    def people() -> list[int]:
        told = tell()
        assert told["is_joined"]
        assert json.loads(json.dumps(told, allow_nan=False)) == told
        return [len(told["seen"].get(name, {"people": ()})["people"]) for name in ("left", "right")]

    while people() != [1, 1]:
        assert time.monotonic() < until_s
        time.sleep(0.05)
    parts.eyes.current = object()
    assert tell() == {"is_joined": False, "seen": {}}


def told_parts() -> dict[str, Any]:
    person = {"number": 1, "at": [0.4, 0.7], "still": [0.4, 0.7], "strays": 0.001, "for_s": 0.9, "feet": True}
    one = {"is_heard": True, "size": [1280, 720], "people": [person]}
    return {"cameras": {"is_joined": True, "seen": {"left": one, "right": one}}}


@pytest.mark.timeout(200)
def test_a_link_to_look_takes_no_mark(tmp_path: Path) -> None:
    """At the desk's real process, by every event of the page."""
    (tmp_path / "config.yaml").write_text(FILE, encoding="utf-8")
    turning = Turning(tmp_path, parts=told_parts(), host="0.0.0.0")
    try:
        turning.soon(turning.serves)
        turning.bench.settings.put(JOIN, [{"name": "left", "address": "127.0.0.1:5571"}])
        token = json.loads(next((tmp_path / "state").rglob("desk.json")).read_text(encoding="utf-8"))

        def press(role: str) -> None:
            headers = {"X-Forwarded-For": "192.168.1.7", "Cookie": f"mien_desk={token[role]}"}
            browser = PlainBrowser(turning.bench.place, "/cameras", headers)
            for number in range(4):
                browser.listen(0.5)
                for element, kind, listener in list(browser.listeners()):
                    if kind == "moved":
                        x, y = PLACE[number]
                        said = {"camera": "left", "number": number, "x": x, "y": y}
                        browser.event(element, listener["listener_id"], said)
            browser.listen(1.0)
            browser.close()

        def places() -> list[list[list[float]]]:
            return [one.place for one in turning.bench.settings.config.eyes.join]

        press("look")
        assert places() == [[]]
        press("operate")
        turning.soon(lambda: places() == [PLACE])
    finally:
        turning.end()
