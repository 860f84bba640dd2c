"""Cues made on the page and fired, and a rehearsal, by a real browser at the desk of a running piece."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.desk.piece import SOON_S, PieceWithDesk, soon

PACE = "/control/scene/pace"
MANUAL = "/control/emotion/manual"


def give(piece: PieceWithDesk, path: str, value: object) -> None:
    data = json.dumps({"path": path, "value": value}).encode()
    head = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{piece.place}/api/set", data, head), timeout=SOON_S).read()


def cues(piece: PieceWithDesk) -> Any:
    return piece.state()["cues"]


def new_cue(page: Any, name: str) -> Any:
    page.get_by_role("button", name="New cue").click()
    form = page.get_by_role("dialog", name="New cue")
    form.get_by_role("textbox", name="Name").fill(name)
    form.get_by_role("textbox", name="Fade, seconds").fill("0")
    form.get_by_role("combobox", name="Preset").click()
    page.get_by_role("option", name="quick").click()
    return form


def save(form: Any) -> None:
    form.get_by_role("button", name="Save").click()
    form.wait_for(state="detached")


def test_cues_are_made_without_yaml_and_fired(open_page: Callable[..., Any], desk_piece: PieceWithDesk) -> None:
    path = desk_piece.config.with_name("cues.yaml")
    before = desk_piece.values()[PACE]
    give(desk_piece, PACE, 2.5)
    page = open_page("/cues")
    page.get_by_label("Name of a preset").fill("quick")
    page.get_by_role("button", name="Store as a preset").click()
    soon(lambda: [one["name"] for one in cues(desk_piece)["presets"]] == ["quick"])
    give(desk_piece, PACE, before)
    form = new_cue(page, "evening")
    form.get_by_role("textbox", name="At these times of day").fill("18:30")
    save(form)
    form = new_cue(page, "waving")
    pose = form.get_by_role("combobox", name="A pose or gesture is held")
    pose.fill("arms_up")
    pose.press("Enter")
    pose.press("Tab")
    save(form)
    soon(lambda: len(cues(desk_piece)["cues"]) == 2)
    rows = cues(desk_piece)["cues"]
    assert [(one["number"], one["name"], one["at"], one["poses"]) for one in rows] == [
        (1, "evening", ["18:30"], []),
        (2, "waving", [], ["arms_up"]),
    ]
    assert 'at: "18:30"' in path.read_text().replace("'", '"')
    assert not cues(desk_piece)["wrong"]
    page.get_by_role("button", name="Go", exact=True).click()
    soon(lambda: desk_piece.values()[PACE] == 2.5)
    soon(lambda: cues(desk_piece)["running"] == 1)
    page.get_by_role("button", name="Edit: cue 2").click()
    form = page.get_by_role("dialog", name="Cue 2")
    form.get_by_role("textbox", name="Key").fill("q")
    form.get_by_role("button", name="Save").click()
    form.get_by_text("key q is quit").wait_for()
    form.get_by_role("button", name="Delete").click()
    form.get_by_role("button", name="Really delete").click()
    soon(lambda: [one["number"] for one in cues(desk_piece)["cues"]] == [1])
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Cue 2 in cues.yaml taken back").wait_for()
    soon(lambda: [one["number"] for one in cues(desk_piece)["cues"]] == [1, 2])
    give(desk_piece, PACE, before)


def test_a_rehearsal_by_keyboard_and_a_performance(open_page: Callable[..., Any], desk_piece: PieceWithDesk) -> None:
    page = open_page("/rehearsal")
    before = {name: desk_piece.values()[f"{MANUAL}/{name}"] for name in ("valence", "arousal")}
    page.get_by_role("application").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    soon(lambda: abs(desk_piece.values()[f"{MANUAL}/valence"] - before["valence"] - 0.1) < 1e-6)
    soon(lambda: abs(desk_piece.values()[f"{MANUAL}/arousal"] - before["arousal"] - 0.05) < 1e-6)
    page.get_by_role("button", name="alone", exact=True).click()
    soon(lambda: desk_piece.state()["rehearsal"].get("name") == "alone")
    page.get_by_text("alone plays").wait_for()
    page.get_by_role("button", name="simulated performer").click()
    soon(lambda: desk_piece.state()["rehearsal"].get("name") is None)
    for name, value in before.items():
        give(desk_piece, f"{MANUAL}/{name}", value)
