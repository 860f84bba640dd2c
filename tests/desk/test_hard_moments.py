"""The desk's real process where the machine's clock is set back and forth, and where a script or a state changes a hundred
settings at once."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any

import pytest

from installation.desk import link
from installation.live_commands.setting_table import Setting
from tests.desk.plain_browser import WAIT_S, PlainBrowser
from tests.desk.test_rude import Turning

JUMPING = """
import itertools, time
real, hours = time.time, itertools.cycle((0, -1, -2, 0, 1, 2, 1))
time.time = lambda: real() + 3600 * next(hours)
"""
"""A time of day that is set by an hour or two whenever somebody looks at it."""
MANY = 100
LINES = 5


@pytest.fixture(scope="module")
def state() -> dict[str, float]:
    """What the frame loop tells."""
    return {"fps": 25.0}


@pytest.fixture(scope="module")
def turning(tmp_path_factory: pytest.TempPathFactory, state: dict[str, float]) -> Iterator[Turning]:
    real = subprocess.Popen

    def started(command: list[str], **more: Any) -> Any:
        return real([*command[:-1], JUMPING + command[-1]], **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link.subprocess, "Popen", started)
        found = Turning(tmp_path_factory.mktemp("hard"), parts={"state": state})
        try:
            found.soon(found.serves, 100.0)
            yield found
        finally:
            found.end()


def shows(browser: PlainBrowser, text: str) -> bool:
    browser.listen(0.1)
    return any(str(one.get("text", "")) == text for one in browser.elements.values())


def named(browser: PlainBrowser, label: str) -> list[int]:
    """The elements whose name begins so."""
    browser.listen(0.1)
    found = browser.elements.items()
    return [number for number, one in found if str(one.get("props", {}).get("aria-label", "")).startswith(label)]


def press(browser: PlainBrowser, label: str) -> None:
    """Press the button with this name."""
    (number,) = named(browser, label)
    (listener,) = [one["listener_id"] for n, kind, one in browser.listeners() if n == number and kind == "click"]
    browser.event(number, listener)


def others(turning: Turning, count: int) -> dict[str, float]:
    """Another value within its range for so many settings that go by themselves."""

    def other(setting: Setting) -> float:
        value = float(setting.read(turning.bench.settings.config))
        return round(setting.low + 0.25 * (setting.high - setting.low) + (0.001 if value == setting.low else 0.0), 4)

    table = turning.bench.settings.table.values()
    fit = [one for one in table if one.kind == "float" and one.place[0] in ("look", "smoothing", "output", "scene")]
    wanted = {one.path: other(one) for one in fit if not (one.needs_restart or one.above or one.below or one.step)}
    assert len(wanted) >= count
    return dict(list(wanted.items())[:count])


def seen(turning: Turning) -> dict[str, Any]:
    """All settings, as the desk has them."""
    found: dict[str, Any] = json.loads(turning.bench.get("/api/settings")[1])
    return found


def test_a_page_goes_on_while_the_clock_is_set_back_and_forth(turning: Turning, state: dict[str, float]) -> None:
    browser = PlainBrowser(turning.bench.place)
    assert browser.socket.ping_interval is None, "as a browser"
    try:
        for number in range(31, 40):
            state["fps"] = float(number)
            turning.soon(lambda number=number: shows(browser, f"{number} pictures/s"))
    finally:
        browser.close()


def test_a_hundred_settings_at_once_all_arrive(turning: Turning) -> None:
    """By a script over five connections, as fast as they are answered."""
    wanted = others(turning, MANY)

    def edit(paths: list[str]) -> list[int]:
        wire = HTTPConnection("127.0.0.1", turning.port, timeout=WAIT_S)
        codes = []
        for path in paths:
            wire.request("POST", "/api/set", json.dumps({"path": path, "value": wanted[path]}))
            answer = wire.getresponse()
            answer.read()
            codes.append(answer.status)
        wire.close()
        return codes

    with ThreadPoolExecutor(LINES) as lines:
        codes = list(lines.map(edit, [list(wanted)[line::LINES] for line in range(LINES)]))
    assert [code for line in codes for code in line] == [200] * MANY
    settings = turning.bench.settings
    assert {path: settings.value(path) for path in wanted} == pytest.approx(wanted)
    turning.soon(lambda: {path: seen(turning)[path] for path in wanted} == pytest.approx(wanted))


def test_a_state_of_a_hundred_settings_is_shown_by_one_press_and_taken_back_by_one(turning: Turning) -> None:
    bench, browser = turning.bench, PlainBrowser(turning.bench.place)
    wanted = others(turning, MANY)
    before = {path: bench.settings.value(path) for path in wanted}
    try:
        press(browser, "A is empty")
        turning.soon(lambda: named(browser, "A is shown"))
        for path, value in wanted.items():
            bench.settings.change(path, [value])
        turning.soon(lambda: named(browser, "A is stored"))
        turning.soon(lambda: {path: seen(turning)[path] for path in wanted} == pytest.approx(wanted))
        press(browser, "A is stored")
        turning.soon(lambda: {path: bench.settings.value(path) for path in wanted} == before)
        turning.soon(lambda: named(browser, "A is shown"))
        press(browser, "Undo")
        turning.soon(lambda: {path: bench.settings.value(path) for path in wanted} == pytest.approx(wanted))
    finally:
        browser.close()
