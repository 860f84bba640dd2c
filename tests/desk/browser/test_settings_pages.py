"""A real browser at the pages of settings and looks, and at the two states to compare."""

from collections.abc import Callable
from typing import Any

import pytest

from installation.config.load import load_config
from tests.desk.browser.test_browser_cues import give
from tests.desk.piece import PieceWithDesk, at_rest, soon, still

PHONE = (390, 844)
CALM, SPEED = "/control/smoothing/calmness", "/control/look/sad/motion/speed"
COUNT_SENT = """() => {
    window.sent = [];
    const emit = window.socket.emit.bind(window.socket);
    window.socket.emit = (name, ...rest) => {
        if (name === "event") window.sent.push(performance.now());
        return emit(name, ...rest);
    };
}"""
Open = Callable[..., Any]


def control(page: Any, name: str, inner: str) -> Any:
    return page.locator(f'[data-setting="{name}"] {inner}').first


def search(page: Any, text: str) -> None:
    page.get_by_label("Search names and descriptions").fill(text)
    page.get_by_text("found", exact=False).first.wait_for()


def test_a_drag_follows_the_finger_and_a_number_out_of_range_says_so(
    open_page: Open, desk_piece: PieceWithDesk
) -> None:
    page = open_page("/settings")
    page.get_by_text("smoothing", exact=True).first.click()
    track = control(page, CALM, ".q-slider__track-container")
    box, thumb = still(track), control(page, CALM, ".q-slider__thumb")

    def is_at(x: float) -> bool:
        found = thumb.bounding_box()
        return abs(found["x"] + found["width"] / 2 - x) < 12

    page.evaluate(COUNT_SENT)
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(60):
        x = box["x"] + 10 + 4 * step
        page.mouse.move(x, box["y"] + box["height"] / 2)
        if step % 20 == 19:
            soon(lambda x=x: is_at(x))
    page.mouse.up()
    sent = at_rest(lambda: page.evaluate("window.sent"))
    # Twenty changes a second, and what the page says beside them.
    assert len(sent) <= 30 * (sent[-1] - sent[0]) / 1000 + 5
    field = control(page, CALM, "input")
    soon(lambda: desk_piece.values()[CALM] == float(field.input_value()) > 1.5)
    kept = at_rest(lambda: desk_piece.values()[CALM])
    field.fill("9")
    field.press("Enter")
    page.get_by_text("must be 0.2 to 8, not 9", exact=False).wait_for()
    assert desk_piece.values()[CALM] == kept
    field.press("Escape")
    soon(lambda: float(field.input_value()) == kept)
    control(page, CALM, 'button:has-text("Default")').click()
    soon(lambda: desk_piece.values()[CALM] == 1.0)
    soon(lambda: field.input_value() == "1")
    soon(lambda: not control(page, CALM, 'button:has-text("Default")').is_visible())


def test_every_section_opens_with_its_controls_and_the_desks_own_are_locked(
    open_page: Open, desk_piece: PieceWithDesk
) -> None:
    page = open_page("/settings")
    assert page.locator("[data-setting]").count() == 0, "nothing is drawn before it is opened"
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_text("guard", exact=True).first.wait_for()
    before_s = desk_piece.desk_cpu_s()
    page.get_by_text("desk", exact=True).first.click()
    control(page, "/control/desk/port", "input").wait_for()
    assert desk_piece.desk_cpu_s() - before_s < 1, "what it takes by the clock is the machine's"
    assert control(page, "/control/desk/port", "input").is_disabled()
    soon(lambda: page.get_by_text("written in config.yaml", exact=True).count() == 4)


def test_a_list_is_checked_as_it_is_typed_and_is_a_setting_as_others(
    open_page: Open, desk_piece: PieceWithDesk
) -> None:
    page = open_page("/settings", *PHONE)
    search(page, "playlist")
    area = control(page, "scene.playlist", "textarea")
    area.fill("- blossom\n- {scene: aurra}")
    page.get_by_text("did you mean 'aurora'?", exact=False).wait_for()
    soon(lambda: page.get_by_role("button", name="Set", exact=True).is_disabled())
    area.fill("- blossom\n- {scene: aurora, seconds: 60}")
    page.get_by_role("button", name="Set", exact=True).click()
    page.get_by_text("scene.playlist is set").wait_for()
    differs = control(page, "scene.playlist", ':text("not as in the file")')
    differs.wait_for()
    assert load_config(desk_piece.config).scene.playlist == []
    page.get_by_role("button", name="Save").click()
    soon(lambda: [one.scene for one in load_config(desk_piece.config).scene.playlist] == ["blossom", "aurora"])
    assert "osc:  # whom we tell" in desk_piece.config.read_text()
    differs.wait_for(state="hidden")
    page.get_by_role("button", name="Undo").click()
    soon(lambda: area.input_value() == "[]")
    differs.wait_for()
    page.get_by_role("button", name="Save").click()
    soon(lambda: load_config(desk_piece.config).scene.playlist == [])


def test_a_list_is_shown_as_the_piece_has_it(open_page: Open, desk_piece: PieceWithDesk) -> None:
    """What was set by a script, or over the command line, is not in the file."""
    page = open_page("/settings")
    search(page, "playlist")
    area = control(page, "scene.playlist", "textarea")
    give(desk_piece, "/control/scene/playlist", [{"scene": "swarm"}])
    soon(lambda: area.input_value() == "- {scene: swarm}")
    control(page, "scene.playlist", ':text("not as in the file")').wait_for()
    give(desk_piece, "/control/scene/playlist", [])
    soon(lambda: area.input_value() == "[]")


@pytest.mark.long
def test_only_what_differs_is_shown_where_it_is_asked_for(open_page: Open, desk_piece: PieceWithDesk) -> None:
    page = open_page("/settings")
    search(page, "look sad speed")
    field = control(page, SPEED, "input")
    field.fill("0.6")
    field.press("Enter")
    soon(lambda: desk_piece.values()[SPEED] == 0.6)
    page.get_by_role("combobox", name="Show").click()
    page.get_by_role("option", name="differing from the file").click()
    search(page, "look")
    soon(lambda: page.locator("[data-setting]").count() == 1)
    page.get_by_role("button", name="Undo").click()
    soon(lambda: desk_piece.values()[SPEED] != 0.6)


def test_a_look_is_chosen_turned_and_compared(open_page: Open, desk_piece: PieceWithDesk) -> None:
    page = open_page("/looks")
    colour = "/control/look/happy/palette/accent"
    page.get_by_role("button", name="look ink").click()
    soon(lambda: desk_piece.values()[colour] == load_config(desk_piece.config).look.happy.palette.accent == "#ffb000")
    page.get_by_role("button", name="happy", exact=True).click()
    field = control(page, colour, "input")
    field.wait_for()
    page.get_by_role("button", name="A is empty").click()
    field.fill("orange")
    field.press("Enter")
    soon(lambda: desk_piece.values()[colour] == "#ffa500" == field.input_value())
    page.get_by_role("button", name="B is empty").click()
    page.get_by_role("button", name="A is stored").click()
    soon(lambda: desk_piece.values()[colour] == "#ffb000" == field.input_value())
    page.get_by_text("A is on; they differ in 1", exact=False).wait_for()
    page.get_by_role("button", name="look mien").click()
    soon(lambda: load_config(desk_piece.config).look.name == "mien")


@pytest.mark.long
def test_the_plane_shows_who_is_there_and_its_marks_choose_a_mood(open_page: Open, desk_piece: PieceWithDesk) -> None:
    page = open_page("/looks", *PHONE)
    soon(lambda: len(desk_piece.state()["people"]) > 0)
    soon(lambda: page.locator("svg circle[visibility=visible]").count() >= 2)
    seen = {page.locator("svg circle[visibility=visible]").last.get_attribute("cx")}
    soon(lambda: seen.add(page.locator("svg circle[visibility=visible]").last.get_attribute("cx")) or len(seen) > 1)
    mark = page.get_by_role("button", name="sad: show its look")
    mark.focus()
    mark.press("Enter")
    control(page, SPEED, "input").wait_for()


def test_a_setting_is_given_to_the_next_midi_control_that_is_moved(open_page: Open, desk_piece: PieceWithDesk) -> None:
    page = open_page("/settings")
    search(page, "calmness")
    control(page, CALM, 'button:has-text("MIDI")').click()
    page.get_by_text("move the fader, knob or pad", exact=False).first.wait_for()
    page.get_by_label("Search names and descriptions").fill("sad palette")
    colours = page.locator('[data-setting^="/control/look/sad/palette"]')
    soon(lambda: colours.count() == 5)
    assert colours.get_by_role("button", name="MIDI").count() == 0, "a text has no place on a fader"
    stopped = page.request.post(f"{desk_piece.place}/api/command", data={"name": "midi_learn", "args": []})
    assert stopped.ok
