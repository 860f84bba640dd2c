"""Parts of a snapshot that cost more are made only while a page shows them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.settings import Config
from installation.config.yaml_text import ConfigError
from installation.desk.desk import Desk, RefusedError
from installation.desk.link import WISHED_S, DeskLink
from installation.live_commands.live_settings import LiveSettings

SCREENS = "/control/output/screens"


class Pipe:
    """The other end of a link."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_bytes(self, data: bytes) -> None:
        self.sent.append(data)


def link_with(costly: Callable[[], object]) -> tuple[DeskLink, ManualClock]:
    clock, config = ManualClock(), Config.model_validate({"desk": {"run": "never"}})
    link = DeskLink(config, [], LiveSettings(config), lambda _: b"", Notices(clock), clock)
    link.start({"state": lambda: {"fps": 1.0}}, costly={"osc": costly})
    link.address = ("127.0.0.1", 1)
    return link, clock


def watch(link: DeskLink, *wished: str) -> None:
    link._obey(Pipe(), {"kind": "watch", "watchers": 1, "still": False, "wished": list(wished)})  # type: ignore[arg-type]


def tell(link: DeskLink, clock: ManualClock, frames: int) -> None:
    for _ in range(frames):
        clock.advance(0.02)
        link.update(clock.now())
        link._tell(Pipe())  # type: ignore[arg-type]


def test_a_costly_part_is_made_for_who_shows_it_twice_a_second_at_most() -> None:
    made: list[int] = []
    link, clock = link_with(lambda: made.append(1) or "told")
    watch(link)
    tell(link, clock, 100)
    assert not made
    watch(link, "osc", "unknown")
    tell(link, clock, 200)
    assert 4.0 / WISHED_S - 2 <= len(made) <= 4.0 / WISHED_S + 1
    watch(link)
    made.clear()
    tell(link, clock, 100)
    assert not made


def desk_with() -> tuple[Desk, list[dict[str, Any]]]:
    sent: list[dict[str, Any]] = []
    return Desk(sent.append, ["config.yaml"], ManualClock()), sent


def test_wishes_of_all_browsers_count_until_the_last_is_gone() -> None:
    desk, sent = desk_with()
    desk.watch("one", True)
    desk.wish("one", frozenset({"osc"}))
    assert sent[-1]["wished"] == ["osc"]
    desk.watch("two", True)
    desk.wish("two", frozenset({"osc"}))
    desk.watch("one", False)
    assert sent[-1]["wished"] == ["osc"]
    desk.watch("two", False)
    assert sent[-1]["wished"] == []


def test_a_costly_part_stays_between_two_tellings_and_goes_with_the_wish() -> None:
    desk, _ = desk_with()
    desk.wish("one", frozenset({"osc"}))
    desk.take({"kind": "snapshot", "state": 1, "osc": {"out": []}})
    desk.take({"kind": "snapshot", "state": 2})
    assert (desk.part("state"), desk.part("osc")) == (2, {"out": []})
    desk.watch("one", False)
    desk.take({"kind": "snapshot", "state": 3})
    assert desk.part("osc") is None


def test_a_list_is_set_undone_and_refused_as_a_setting_is() -> None:
    desk, sent = desk_with()
    desk.take({"kind": "snapshot"})
    desk.take({"kind": "settings", "values": {}, "lists": {SCREENS: []}, "gone": []})

    async def go(wish: Any, **answer: Any) -> Any:
        task = asyncio.ensure_future(wish)
        for _ in range(5):  # it may be asked for within a group
            await asyncio.sleep(0)
        desk.take({"kind": "answer", "number": sent[-1]["number"], "error": "", "value": None, **answer})
        return await task

    asyncio.run(go(desk.set(SCREENS, [{"name": "left"}]), value=[{"name": "left"}]))
    assert desk.lists[SCREENS] == [{"name": "left"}]
    asyncio.run(go(desk.undo(), value=[]))
    assert sent[-1] == {"number": 2, "kind": "set", "path": SCREENS, "value": []}
    with pytest.raises(RefusedError, match="no screen"):
        asyncio.run(go(desk.set(SCREENS, 3), error="no screen"))
    assert desk.lists[SCREENS] == []


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    desk, _ = desk_with()

    def fail() -> None:
        raise ConfigError("config.yaml:3: no")

    with pytest.raises(RefusedError, match="not written"):
        asyncio.run(desk.write_file(tmp_path / "x", fail))
    asyncio.run(desk.write_file(tmp_path / "x", lambda: (tmp_path / "x").write_text("x")))
    assert (tmp_path / "x").exists()
    with pytest.raises(RefusedError, match="no settings file"):
        asyncio.run(Desk(lambda _: None, [], ManualClock()).write(("look", "name"), "ink"))
