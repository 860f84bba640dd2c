"""Four marks in a camera's view: what is taken, what is wrong with them, the floor that they make. Without a browser."""

import math
from typing import Any

import numpy as np
import pytest

from installation.config.eyes import EyesConfig
from installation.desk.camera_marks import (
    NAMES,
    Apart,
    Drafts,
    Mark,
    MarkError,
    Standing,
    apart,
    grid,
    on_floor,
    outside,
    stands,
    take,
    to_floor,
    trouble,
    with_mark,
)
from installation.desk.parts.camera_words import agreement, camera_row
from installation.desk.parts.floor_plan import floor_plan
from tests.desk.joined_stage import LEFT, RIGHT
from tests.perception.several.virtual import AREA_M, Camera

SQUARE: list[Mark] = [[0.2, 0.4], [0.8, 0.4], [0.9, 0.9], [0.1, 0.9]]
BACK = Camera("back", (3.0, -3.0, 2.2), mirror=False)


def person(x: float = 0.4, y: float = 0.7, number: int = 1, **more: Any) -> dict[str, Any]:
    return {"number": number, "at": [x + 0.1, y], "still": [x, y], "strays": 0.003, "for_s": 0.9, "feet": True, **more}


def told(*people: dict[str, Any], is_heard: bool = True) -> dict[str, Any]:
    return {"is_heard": is_heard, "size": [1280, 720], "people": list(people)}


def test_who_stands_alone_and_still_gives_the_mark() -> None:
    assert take("left", told(person())) == [0.4, 0.7]
    assert stands(told(person()))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (None, "left is not heard yet"),
        (told(person(), is_heard=False), "left is silent"),
        (told(), "left sees nobody"),
        (told(person(), person(0.6)), "left sees 2 people: only the one on the mark"),
        (told(person(feet=False)), "does not see the feet"),
        (told(person(strays=0.1)), "Not still yet"),
        (told(person(for_s=0.2)), "Not still yet"),
    ],
    ids=["unheard", "silent", "nobody", "two", "no feet", "walks", "just came"],
)
def test_what_keeps_a_mark_from_being_taken_is_one_sentence(seen: dict[str, Any] | None, said: str) -> None:
    assert not stands(seen)
    with pytest.raises(MarkError, match=said) as error:
        take("left", seen)
    assert str(error.value).count(". ") == 0
    assert str(error.value).endswith((".", "?"))


@pytest.mark.parametrize("camera", [LEFT, RIGHT, BACK], ids=lambda camera: camera.name)
def test_marks_as_a_camera_has_them_are_a_place_for_the_settings_too(camera: Camera) -> None:
    marks: list[Mark] = [*camera.corners()]
    assert trouble(marks) == ""
    assert trouble(SQUARE) == ""
    EyesConfig.model_validate({"join": [{"name": "a", "address": "127.0.0.1:9000", "place": marks}]})


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([[0.2, 0.4], [0.21, 0.405], None, None], "Marks 1 and 2 are on one spot"),
        ([SQUARE[0], SQUARE[1], SQUARE[2], SQUARE[0]], "Marks 1 and 4 are on one spot"),
        ([[0.1, 0.5], [0.5, 0.5], [0.9, 0.5], [0.5, 0.9]], "Marks 1, 2 and 3 lie on a line"),
        ([[0.5, 0.9], [0.1, 0.5], [0.5, 0.502], [0.9, 0.5]], "Marks 2, 3 and 4 lie on a line"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], "The marks cross"),
        ([SQUARE[1], SQUARE[0], SQUARE[2], SQUARE[3]], "The marks cross"),
        ([[0.2, 0.4], [0.8, 0.4], [0.4, 0.5], [0.1, 0.9]], "Mark 3 lies between the other three"),
        ([[0.4, 0.5], [0.8, 0.3], [0.5, 0.9], [0.1, 0.3]], "Mark 1 lies between the other three"),
    ],
)
def test_what_is_wrong_with_the_four_is_one_sentence(marks: list[Mark], said: str) -> None:
    found = trouble(marks)
    assert found.startswith(said)
    assert found.count(". ") == 0
    mirrored = trouble([None if one is None else [1 - one[0], one[1]] for one in marks])
    assert mirrored.startswith(said), "a picture that is not mirrored has the same mistakes"
    assert to_floor(marks, (), AREA_M) is None


def test_few_marks_are_no_mistake_and_no_place() -> None:
    few: list[Mark] = [*SQUARE[:3], None]
    assert trouble(few) == ""
    assert to_floor(few, (), AREA_M) is None


def test_a_mark_outside_of_the_picture_is_told_and_one_far_outside_refused() -> None:
    marks = with_mark(SQUARE, 3, -0.1, 1.2)
    assert marks[3] == [-0.1, 1.2]
    assert marks[:3] == SQUARE[:3]
    assert outside(marks).startswith("Mark 4 lies outside of the picture")
    assert outside(with_mark(marks, 0, 0.2, -0.1)).startswith("Marks 1 and 4 lie outside")
    assert outside(SQUARE) == ""
    with pytest.raises(MarkError, match="Mark 2 would lie too far outside"):
        with_mark(SQUARE, 1, 0.5, 2.4)


@pytest.mark.parametrize("camera", [LEFT, RIGHT, BACK], ids=lambda camera: camera.name)
def test_the_grid_lies_on_the_floor_as_the_camera_has_it(camera: Camera) -> None:
    matrix = to_floor([*camera.corners()], (), AREA_M)
    assert matrix is not None
    lines = grid(matrix, AREA_M)
    assert len(lines) == 7 + 5
    ends = {tuple(round(value, 3) for value in point) for line in lines for point in (line[0], line[-1])}
    assert {tuple(round(value, 3) for value in corner) for corner in camera.corners()} <= ends


def test_lines_beyond_the_horizon_are_left_out_and_a_large_area_has_few() -> None:
    marks = ((2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0))
    place: list[Mark] = [[0.45, 0.5], [0.55, 0.5], [0.7, 0.9], [0.3, 0.9]]
    matrix = to_floor(place, marks, (6.0, 40.0))
    assert matrix is not None
    lines = grid(matrix, (6.0, 40.0))
    assert 4 < len(lines) <= 24
    assert all(math.isfinite(value) and -1 <= value <= 2 for line in lines for point in line for value in point)


def test_two_cameras_have_one_person_in_one_place() -> None:
    spot = (2.0, 2.5)
    everybody = {}
    for camera, number in ((LEFT, 1), (RIGHT, 1)):
        place: list[Mark] = [*camera.corners()]
        x, y = camera.project(np.array([[*spot, 0.0]]))[0][0]
        seen = told(person(float(x), float(y), number))
        everybody[camera.name] = on_floor(camera.name, seen, to_floor(place, (), AREA_M))
    (pair,) = apart(everybody)
    assert pair.metres == pytest.approx(0.0, abs=1e-6)
    assert (pair.first.x_m, pair.first.y_m) == pytest.approx(spot, abs=1e-6)
    assert on_floor("left", told(person()), None) == []


def test_who_is_one_is_known_by_number_or_for_want_of_others() -> None:
    def at(camera: str, number: int, x_m: float) -> Standing:
        return Standing(camera, number, x_m, 1.0)

    one_each = {"left": [at("left", 1, 1.0)], "right": [at("right", 2, 3.5)]}
    assert [pair.metres for pair in apart(one_each)] == [2.5]
    two = {"left": [at("left", 1, 1.0), at("left", 2, 4.0)], "right": [at("right", 2, 4.1), at("right", 1, 1.2)]}
    assert sorted(round(pair.metres, 3) for pair in apart(two)) == [0.1, 0.2]
    unknown = {"left": [at("left", 0, 1.0), at("left", 0, 4.0)], "right": [at("right", 0, 4.1)]}
    assert apart(unknown) == []


def test_how_far_apart_they_are_is_said_with_what_to_do() -> None:
    def pair(metres: float, other: str = "right") -> Apart:
        return Apart(Standing("left", 1, 0.0, 0.0), Standing(other, 1, metres, 0.0), metres)

    assert "the same person <b>0.12 m</b> apart: good" in agreement([pair(0.12)], 0.7)
    assert "near enough to count as one" in agreement([pair(0.5)], 0.7)
    assert "more than 0.7 m is two people to the show" in agreement([pair(0.1), pair(1.9)], 0.7)
    several = agreement([pair(0.1), pair(0.2), pair(0.8, "back")], 1.0)
    assert "left and right have the same 2 people, at most <b>0.20 m</b> apart" in several
    assert several.index("left and back") < several.index("left and right"), "the worst first"
    assert agreement([], 0.7) == ""


def test_a_camera_in_a_line() -> None:
    assert "<b>left</b> not heard yet, no marks yet" in camera_row("left", "red", None, 0, False)
    assert "<b>left</b> silent, 2 of 4 marks" in camera_row("left", "red", told(is_heard=False), 2, False)
    assert "<b>left</b> sees nobody, placed" in camera_row("left", "red", told(), 4, True)
    assert "<b>left</b> sees 2 people, placed" in camera_row("left", "red", told(person(), person()), 4, True)


def test_the_plan_has_the_screen_at_the_top_and_right_to_the_right() -> None:
    people = {"left": [Standing("left", 1, 0.0, 4.0)], "right": [Standing("right", 1, 6.0, 0.0)]}
    pairs = apart(people)
    drawn = floor_plan(AREA_M, ((0, 0), (6, 0), (6, 4), (0, 4)), people, pairs, {"left": "#111111", "right": "#222222"})
    places = {
        row.split('cx="')[1].split('"')[0]: float(row.split('cy="')[1].split('"')[0])
        for row in drawn.split('<circle class="floor-person"')[1:]
    }
    (left_x, left_y), (right_x, right_y) = ((float(x), y) for x, y in places.items())
    assert left_x < right_x
    assert left_y < right_y, "the front, where the screen is, is at the top"
    assert "6 by 4 m: 2 sightings of people" in drawn
    assert all(f"<title>{name}</title>" in drawn for name in NAMES)


def test_a_draft_is_all_browsers_and_ends_with_another_place() -> None:
    news: list[int] = []
    drafts = Drafts(lambda: news.append(1))
    assert drafts.marks("left", []) == [None] * 4
    drafts.keep("left", [[0.1, 0.2], None, None, None], [])
    assert drafts.marks("left", []) == [[0.1, 0.2], None, None, None]
    assert drafts.marks("right", []) == [None] * 4
    place = [list(one or ()) for one in SQUARE]
    assert drafts.marks("left", place) == SQUARE, "Undo, or somebody else, gave it a place"
    drafts.drop("left")
    assert drafts.marks("left", []) == [None] * 4
    assert len(news) == 2
