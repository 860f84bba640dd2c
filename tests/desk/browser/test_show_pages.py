"""Hours, poses, projectors and OSC in a real browser at a running piece."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.piece import at_rest, soon, still

Open = Callable[..., Any]


def test_hours_are_checked_in_place_saved_and_taken_at_once(open_page: Open, desk_piece: Any) -> None:
    page = open_page("/hours")
    page.get_by_label("Tuesday").fill("10-25")
    page.wait_for_selector("text=25:00 is none of its times")
    page.get_by_role("button", name="Save the hours").click()
    page.wait_for_selector("text=Not saved")
    assert "tuesday" not in desk_piece.config.read_text()
    page.get_by_label("Tuesday").fill("10:00-18:00")
    page.get_by_role("button", name="Add a day").click()
    page.get_by_label("Date (2026-12-24)").fill("2031-12-24")
    page.get_by_label("Times, or closed").fill("closed")
    page.get_by_role("button", name="Save the hours").click()
    soon(lambda: "2031-12-24" in desk_piece.config.read_text())
    soon(lambda: desk_piece.values()["/control/hours/tuesday"] == "10:00-18:00")
    other = open_page("/hours")
    soon(lambda: other.get_by_label("Date (2026-12-24)").count() == 1)
    soon(lambda: other.get_by_label("Tuesday").input_value() == "10:00-18:00")
    soon(lambda: other.locator(".hours-bar").count() == 7)


@pytest.mark.long
def test_open_and_closed_by_a_button(open_page: Open, desk_piece: Any) -> None:
    page = open_page("/hours")
    page.get_by_role("button", name="Close now").click()
    soon(lambda: desk_piece.state()["hours"]["is_open"] is False)
    page.wait_for_selector("text=By the operator's word")
    page.get_by_role("button", name="By the hours").click()
    soon(lambda: desk_piece.state()["hours"] == {"is_open": True, "by_hand": False, "until": None})


def corner(page: Any, name: str) -> Any:
    return page.get_by_role("button", name=f"{name} corner")


def test_a_corner_is_moved_by_keys_and_by_the_pointer_written_and_taken_back(open_page: Open, desk_piece: Any) -> None:
    page, other = open_page("/output"), open_page("/output", 390, 844)
    corner(page, "top left").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    # The window is 192 x 108.
    soon(lambda: "0.5 % across, 9.3 % down" in corner(other, "top left").get_attribute("aria-label"))
    soon(lambda: "0.5 % across, 9.3 % down" in corner(page, "top left").get_attribute("aria-label"))
    page.wait_for_timeout(1000)  # the drag is a step of its own
    box = still(corner(page, "top right").locator("circle").last)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y + 20, steps=6)
    page.mouse.up()
    soon(lambda: " 100.0 % across" not in corner(other, "top right").get_attribute("aria-label"))
    page.get_by_role("button", name="Write the screens to the file").click()
    soon(lambda: "corners" in desk_piece.config.read_text())

    def place() -> str:
        return str(corner(other, "top right").get_attribute("aria-label"))

    at_rest(place)
    while "100.0 % across, 0.0 % down" not in place():  # a drag that stood still for a moment is more than one step
        moved = place()
        page.get_by_role("button", name="Undo").click()
        soon(lambda moved=moved: place() != moved)


@pytest.mark.long
def test_patterns_and_screens(open_page: Open, desk_piece: Any) -> None:
    page = open_page("/output")
    page.get_by_role("button", name="Grey ramp").click()
    soon(lambda: desk_piece.state()["output"]["pattern"] == "ramp")
    page.get_by_role("button", name="The piece", exact=True).click()
    soon(lambda: desk_piece.state()["output"]["pattern"] == "none")
    page.get_by_role("button", name="Add a screen beside").click()
    soon(lambda: page.locator("polygon.corner-screen").count() == 2)
    page.get_by_role("button", name="Undo").click()
    soon(lambda: page.locator("polygon.corner-screen").count() == 1)


def test_osc_is_live_searched_and_stars_survive(open_page: Open) -> None:
    page = open_page("/osc")
    rows = page.locator(".osc-table").first.locator("tbody tr")
    soon(lambda: rows.count() > 20)
    page.get_by_role("button", name="Watch /mien/group/valence").click()
    page.reload()
    soon(lambda: rows.count() > 20)
    soon(lambda: "/mien/group/valence" in rows.first.inner_text())
    frame = page.locator("tr", has=page.get_by_role("button", name="Copy /mien/frame"))
    before = frame.locator(".osc-value").inner_text()
    soon(lambda: frame.locator(".osc-value").inner_text() != before)
    soon(lambda: float(frame.locator(".osc-hz").inner_text().replace("–", "0")) > 0)
    page.get_by_label("Search").fill("group arousal")
    soon(lambda: rows.count() == 1)
    page.get_by_role("button", name="Copy /mien/group/arousal").click()
    page.get_by_text("/mien/group/arousal copied").wait_for(state="attached")


@pytest.mark.long
def test_what_a_pose_does_is_set_and_saved(open_page: Open, desk_piece: Any) -> None:
    page = open_page("/poses")
    gestures = page.get_by_role("switch", name="Read gestures of the hands")
    gestures.click()
    page.get_by_label("Victory does").click()
    page.get_by_role("option", name="snapshot").click()
    # The first list closes over what is below it.
    page.get_by_role("option", name="snapshot").wait_for(state="hidden")
    page.get_by_label("Victory means").click()
    page.get_by_role("option", name="happy").click()

    def is_saved() -> bool:
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_timeout(500)
        text = desk_piece.config.read_text()
        return "Victory" in text and "snapshot" in text

    soon(is_saved)
    gestures.click()
    soon(lambda: desk_piece.values()["/control/perception/gestures"] == 0)


@pytest.mark.long
def test_a_bad_label_is_not_recorded(open_page: Open, desk_piece: Any) -> None:
    page = open_page("/poses")
    page.get_by_label("Pose to record").fill("1 pose")
    page.wait_for_selector("text=It begins with a letter")
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_timeout(500)
    assert desk_piece.state()["poses"]["recording"] is False


@pytest.mark.long
@pytest.mark.parametrize("path", ["/hours", "/output", "/poses"])
def test_nothing_is_written_by_looking(open_page: Open, desk_piece: Any, path: str) -> None:
    before = Path(desk_piece.config).read_bytes()
    page = open_page(path)
    page.wait_for_timeout(1500)
    soon(lambda: page.locator("h2").count() >= 3)
    assert Path(desk_piece.config).read_bytes() == before
