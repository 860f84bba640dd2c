"""A real browser at the desk of a running piece."""

from collections.abc import Callable
from typing import Any

import pytest

from installation.desk.pages import PAGES
from tests.desk.piece import PieceWithDesk, soon, soon_holds

LAPTOP, PHONE = (1280, 800), (390, 844)
GLOW = "/control/output/glow"
PATHS = [page.path for page in PAGES]


def control(page: Any, path: str, inner: str) -> Any:
    return page.locator(f'[data-setting="{path}"] {inner}').first


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fits_every_screen_and_keeps_nobody_out(open_page: Callable[..., Any], path: str) -> None:
    """On a laptop and on a phone; axe-core finds no serious fault: names of controls, contrast, structure."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(path, *LAPTOP)
    assert page.locator("h1").count() == 1
    for width, height in (LAPTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)

    def nobody_is_kept_out() -> None:
        found = axe.run(page).response["violations"]
        assert not [
            f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    soon_holds(nobody_is_kept_out, 20.0)  # what fades in has little contrast for a moment


def test_a_slider_moves_the_piece(open_page: Callable[..., Any], desk_piece: PieceWithDesk) -> None:
    page = open_page()
    before = desk_piece.values()[GLOW]
    control(page, GLOW, '[role=slider] [tabindex="0"]').focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    soon(lambda: desk_piece.values()[GLOW] > before)


def test_a_number_typed_moves_the_piece_and_can_be_taken_back(
    open_page: Callable[..., Any], desk_piece: PieceWithDesk
) -> None:
    page = open_page()
    before = desk_piece.values()[GLOW]
    field = control(page, GLOW, "input")
    field.fill("2.5")
    field.press("Enter")
    soon(lambda: desk_piece.values()[GLOW] == 2.5)
    page.get_by_role("button", name="Undo").click()
    soon(lambda: desk_piece.values()[GLOW] == before)
    page.get_by_role("button", name="Redo").click()
    soon(lambda: desk_piece.values()[GLOW] == 2.5)


def test_two_browsers_stay_in_step(open_page: Callable[..., Any], desk_piece: PieceWithDesk) -> None:
    one, other = open_page(), open_page()
    field = control(one, GLOW, "input")
    field.fill("3.25")
    field.press("Enter")
    soon(lambda: control(other, GLOW, "input").input_value() == "3.25")


def test_saved_is_what_differs_and_comments_stay(open_page: Callable[..., Any], desk_piece: PieceWithDesk) -> None:
    page = open_page()
    field = control(page, GLOW, "input")
    field.fill("1.75")
    field.press("Enter")
    soon(lambda: desk_piece.values()[GLOW] == 1.75)
    page.get_by_role("button", name="Save").click()
    soon(lambda: "glow: 1.75" in desk_piece.config.read_text())
    text = desk_piece.config.read_text()
    assert "osc:  # whom we tell" in text
    assert "smoothing" not in text


def test_it_works_without_a_mouse(open_page: Callable[..., Any]) -> None:
    page = open_page()
    control(page, GLOW, "input").wait_for()
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "document.activeElement.closest('[aria-label]')?.getAttribute('aria-label') || document.activeElement.innerText"
            )
        )
    assert {"Glow", "Calmness"} <= {name.split(",")[0] for name in seen}
    assert any("Save" in name for name in seen)
