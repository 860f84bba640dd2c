"""The first screen in a real browser, and what a browser that may only look is offered: at the desk's real process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ifaddr
import pytest

from installation.desk.pages import PAGES
from installation.desk.pages.live import DIALS
from tests.desk.piece import CHROMIUM, chromium_browser, soon, soon_holds
from tests.desk.test_rude import Turning

LAPTOP, PHONE = (1366, 768), (390, 844)
REMEDY = "cannot be reached (No route to host); is the machine on, and in this network?"
FAULTS = [
    {"kind": "fault", "stage": stage, "message": f"192.168.1.{n} {REMEDY}", "t_s": float(n), "age_s": 60.0 * n}
    for n, stage in enumerate(("source", "osc", "lights"), 1)
]
OPERATING = (
    "Save",
    "Undo",
    "Redo",
    "Blackout",
    "Restart",
    "New cue",
    "Store as a preset",
    "Store as a look",
    "Record",
    "Go",
)


@pytest.fixture(scope="module")
def notices() -> list[dict[str, Any]]:
    return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("first")
    (found / "config.yaml").write_text("version: 2\n", encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def turning(folder: Path, notices: list[dict[str, Any]]) -> Iterator[Turning]:
    if CHROMIUM is None:
        pytest.skip("there is no browser (Debian: chromium)")
    cues = {"file": str(folder / "cues.yaml"), "presets": [{"number": 1, "name": "day"}], "cues": [], "wrong": []}
    found = Turning(folder, parts={"notices": notices, "cues": cues}, host="0.0.0.0")
    try:
        found.soon(found.serves, 100.0)
        yield found
    finally:
        found.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    with chromium_browser() as found:
        yield found


def opened(browser: Any, place: str, size: tuple[int, int]) -> Any:
    """A page of a browser or of one of its contexts."""
    page = browser.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_default_timeout(60_000)
    page.goto(place)
    page.wait_for_function("() => window.did_handshake !== false")
    page.get_by_role("status").first.wait_for()
    return page


def ends(page: Any, selector: str) -> tuple[float, float]:
    """(top, bottom) of all that the selector finds, in the window's pixels."""
    boxes = [one.bounding_box() for one in page.locator(selector).all()]
    assert boxes
    return min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)


@pytest.mark.parametrize("faults", [0, 3])
def test_on_a_laptop_nothing_has_to_be_scrolled_for(
    turning: Turning, browser: Any, notices: list[dict[str, Any]], faults: int
) -> None:
    notices[:] = FAULTS[:faults]
    page = opened(browser, turning.bench.place, LAPTOP)
    try:
        page.wait_for_function(f"() => document.querySelectorAll('.mien-notice').length === {faults}")
        soon_holds(lambda: fits_a_laptop(page, faults))
    finally:
        page.close()


def fits_a_laptop(page: Any, faults: int) -> None:
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP[1]
    for section in ("State", "Scenes", "Do", "Dials"):
        top, bottom = ends(page, f'[aria-label="{section}"]')
        assert 0 < top < bottom <= LAPTOP[1], section
    assert ends(page, "[data-setting]")[1] <= LAPTOP[1]
    assert page.locator(".live-dials [data-setting]").count() == len(DIALS) == 10
    still = page.locator(".live-still").bounding_box()
    assert still["width"] * still["height"] > 0.4 * LAPTOP[0] * LAPTOP[1], "the picture is what is seen first"
    if faults:
        box = page.locator('[aria-label="What to look after"]').bounding_box()
        last = page.locator(".mien-notice").last.bounding_box()
        assert last["y"] + last["height"] <= box["y"] + box["height"], "all three with what to do"


def test_on_a_phone_who_turns_a_dial_sees_the_picture(
    turning: Turning, browser: Any, notices: list[dict[str, Any]]
) -> None:
    notices.clear()
    page = opened(browser, turning.bench.place, PHONE)
    try:
        page.wait_for_function("() => !document.querySelector('.mien-notice')")
        soon(lambda: ends(page, ".live-dials")[1] <= PHONE[1])  # all ten, without scrolling
        page.mouse.move(200, 600)
        page.mouse.wheel(0, 500)
        page.wait_for_function("() => window.scrollY > 300")
        soon(lambda: ends(page, ".live-still")[0] == ends(page, "header")[1])
        top, bottom = ends(page, ".live-still")
        assert bottom - top < 0.3 * PHONE[1]
    finally:
        page.close()


def own_address() -> str:
    """An address of this machine that is not its loopback: who comes from there needs a token."""
    found = (ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str))
    address = next((ip for ip in found if not ip.startswith(("127.", "169.254."))), "")
    if not address:
        pytest.skip("this machine has no address in a network")
    return address


def offered(page: Any) -> tuple[set[str], int]:
    """The names of all buttons that are seen, and how many of them can not be pressed."""
    buttons = [one for one in page.get_by_role("button").all() if one.is_visible()]
    names = {(one.get_attribute("aria-label") or one.inner_text()).strip().split("\n")[-1] for one in buttons}
    return names, sum(one.is_disabled() for one in buttons)


@pytest.fixture(scope="module")
def looker(turning: Turning, browser: Any, folder: Path) -> Iterator[tuple[Any, str]]:
    """A browser with the link to look, and where the desk is for it."""
    found = next((folder / "state").rglob("desk.json"))
    token = json.loads(found.read_text(encoding="utf-8"))["look"]
    place = f"http://{own_address()}:{turning.port}"
    context = browser.new_context()
    opened(context, f"{place}/?token={token}", LAPTOP).close()  # the token is kept in a cookie
    yield context, place
    context.close()


SOME = ("/", "/cues", "/looks")


@pytest.mark.parametrize(
    "path", [one.path if one.path in SOME else pytest.param(one.path, marks=pytest.mark.long) for one in PAGES]
)
def test_who_may_only_look_is_not_offered_what_may_not_be_pressed(looker: tuple[Any, str], path: str) -> None:
    page = opened(looker[0], looker[1] + path, LAPTOP)
    page.get_by_text("to look only").wait_for()
    soon(lambda: offered(page)[1] == 0)
    names, _ = offered(page)
    page.close()
    assert not names & set(OPERATING)


def test_who_operates_is_offered_all_of_it(turning: Turning, browser: Any) -> None:
    page = opened(browser, turning.bench.place, LAPTOP)
    soon(lambda: {"Save", "Undo", "Blackout", "Restart"} <= offered(page)[0])
    page.close()
