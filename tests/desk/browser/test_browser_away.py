"""What a page does while it has no connection to the desk: before the first is up, and after it was cut."""

import urllib.request
from typing import Any

from installation.desk.sockets import MOST_UNOPENED
from tests.desk.piece import SOON_S, PieceWithDesk, soon

AWAY = "() => document.documentElement.classList.contains('mien-away')"
BACK = "() => !document.documentElement.classList.contains('mien-away')"


class Wire:
    """A page's connection, to be held back and cut."""

    def __init__(self, page: Any) -> None:
        self.held, self._waiting = True, list[Any]()
        self._open: list[Any] = []
        page.route_web_socket(lambda address: "socket.io" in address, self._begin)

    def _begin(self, route: Any) -> None:
        (self._waiting.append if self.held else self._connect)(route)

    def _connect(self, route: Any) -> None:
        route.connect_to_server()
        self._open.append(route)

    def let_go(self) -> None:
        self.held = False
        for route in self._waiting:
            self._connect(route)
        self._waiting = []

    def cut(self) -> None:
        self.held = True
        for route in self._open:
            route.close()
        self._open = []


def page_with_wire(chromium: Any) -> tuple[Any, Wire]:
    page = chromium.new_page()
    page.set_default_timeout(1000 * SOON_S)
    return page, Wire(page)


def test_controls_rest_until_the_page_is_connected(chromium: Any, desk_piece: PieceWithDesk) -> None:
    page, wire = page_with_wire(chromium)
    page.goto(desk_piece.place)
    button = page.get_by_role("button", name="Blackout")
    button.wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate(AWAY)
    assert button.evaluate("one => getComputedStyle(one).pointerEvents") == "none"
    wire.let_go()
    page.wait_for_function(BACK)
    button.click()
    soon(lambda: desk_piece.state()["state"]["black"])
    button.click()
    soon(lambda: not desk_piece.state()["state"]["black"])
    page.close()


def typed_and_cut(page: Any, wire: Wire) -> Any:
    """A form half filled, and then no connection."""
    wire.let_go()
    page.wait_for_function(BACK)
    page.get_by_role("button", name="New cue").click()
    field = page.get_by_role("dialog", name="New cue").get_by_label("Name", exact=True)
    field.fill("half a name")
    page.wait_for_timeout(500)
    wire.cut()
    page.wait_for_function(AWAY)
    return field


def test_a_form_half_filled_outlives_a_connection_that_is_cut(chromium: Any, desk_piece: PieceWithDesk) -> None:
    page, wire = page_with_wire(chromium)
    page.goto(f"{desk_piece.place}/cues")
    field = typed_and_cut(page, wire)
    page.evaluate("window.is_the_same = true")
    page.wait_for_timeout(1500)
    wire.let_go()
    page.wait_for_function(BACK, timeout=60_000)
    page.wait_for_timeout(500)
    assert page.evaluate("window.is_the_same")
    assert field.input_value() == "half a name"
    page.close()


def test_what_was_typed_is_told_where_the_page_is_loaded_anew(chromium: Any, desk_piece: PieceWithDesk) -> None:
    page, wire = page_with_wire(chromium)
    page.goto(f"{desk_piece.place}/cues")
    typed_and_cut(page, wire)
    page.evaluate("window.is_the_same = true")
    for _ in range(MOST_UNOPENED + 2):  # as after a minute: the desk does not know the page any more
        urllib.request.urlopen(f"{desk_piece.place}/log", timeout=30).read()
    wire.let_go()
    said = page.locator(".mien-typed")
    said.wait_for(timeout=60_000)
    assert "Name: half a name" in said.inner_text()
    assert not page.evaluate("window.is_the_same")
    said.get_by_role("button", name="Dismiss").click()
    said.wait_for(state="detached")
    page.close()
