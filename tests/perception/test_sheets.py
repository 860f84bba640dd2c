"""Sheets of paper that are held into the camera, and who is drawn on them: found, read straight on, and never a visitor."""

import cv2
import numpy as np
import pytest

from installation.perception.depicted import Reading
from installation.perception.drawings import STILL_S, Drawings
from installation.perception.sheets import Sheet, find_sheets, flat
from installation.perception.turns import Budget
from installation.training.drawn.by_rule import drawn_faces
from installation.types import DEPICTED, Box, ByteArray
from tests.perception.held_drawings import corners_at, hold

WIDTH, HEIGHT = 640, 360
CENTRE, SIDE = (1.1, 0.5), 0.6


@pytest.fixture
def room() -> ByteArray:
    """A wall with a soft pattern, nobody there."""
    rng = np.random.default_rng(3)
    pattern = cv2.resize(rng.normal(120, 18, (12, 20, 3)).astype(np.float32), (WIDTH, HEIGHT))
    return np.asarray(np.clip(pattern, 0, 255), np.uint8)


@pytest.fixture
def drawing() -> ByteArray:
    return drawn_faces("happiness", 1, 4)[0]


def truth(t_s: float) -> np.ndarray:
    return corners_at(t_s, CENTRE, SIDE, HEIGHT) / (WIDTH, HEIGHT)


def face_on_it(t_s: float) -> Box:
    """The place of a face in the middle of the sheet."""
    (x, y), size = truth(t_s).mean(axis=0), np.ptp(truth(t_s), axis=0)
    return Box(x - 0.25 * size[0], y - 0.25 * size[1], x + 0.25 * size[0], y + 0.25 * size[1])


@pytest.mark.parametrize("fingers", [True, False])
def test_a_sheet_is_found_where_it_is(room: ByteArray, drawing: ByteArray, fingers: bool) -> None:
    t_s = 2.0
    (sheet,) = find_sheets(hold(room, drawing, t_s, CENTRE, SIDE, fingers))
    assert np.abs(sheet.corners - truth(t_s)).max() < 0.02
    assert sheet.bears(face_on_it(t_s))


def test_what_is_on_it_is_seen_straight_on(room: ByteArray, drawing: ByteArray) -> None:
    (sheet,) = find_sheets(hold(room, drawing, 2.0, CENTRE, SIDE, fingers=False))
    seen = flat(hold(room, drawing, 2.0, CENTRE, SIDE, fingers=False), sheet, 96, trimmed=0.0)
    paper = np.full((96, 96), 229.0)
    edge = round(0.12 * 96)
    side = 96 - 2 * edge
    paper[edge:-edge, edge:-edge] = cv2.resize(cv2.cvtColor(drawing, cv2.COLOR_RGB2GRAY), (side, side)) * 0.93
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(float)
    soft, wanted = (
        cv2.GaussianBlur(one, (0, 0), 2.0) for one in (grey, paper)
    )  # lines a pixel aside are no other face
    upright, turned = (np.corrcoef(one.ravel(), wanted.ravel())[0, 1] for one in (soft, soft[::-1]))
    assert upright > 0.9
    assert upright > turned + 0.1


def test_an_empty_room_has_none(room: ByteArray) -> None:
    assert find_sheets(room) == []


def test_a_head_before_a_window_is_not_drawn_on_it(room: ByteArray) -> None:
    """The same head is a drawing where it ends within the frame, and a visitor where a body joins it across the border."""
    face = Box(280 / WIDTH, 130 / HEIGHT, 360 / WIDTH, 230 / HEIGHT)
    framed = room.copy()
    cv2.rectangle(framed, (200, 40), (440, 300), (235, 235, 230), -1)
    cv2.ellipse(framed, (320, 180), (40, 50), 0, 0, 360, (190, 140, 120), -1)
    joined = framed.copy()
    cv2.rectangle(joined, (270, 225), (370, HEIGHT), (60, 70, 90), -1)
    assert any(sheet.bears(face) for sheet in find_sheets(framed))
    assert not any(sheet.bears(face) for sheet in find_sheets(joined))


def reading(label: str, face: float = 1.0) -> Reading:
    shares = np.full(len(DEPICTED), 0.05, np.float32)
    shares[DEPICTED.index(label)] = 0.75
    return Reading(shares, face)


def follow(drawings: Drawings, room: ByteArray, drawing: ByteArray, times: np.ndarray, still: bool = False) -> None:
    for t_s in times:
        rgb = hold(room, drawing, 2.0 if still else float(t_s), CENTRE, SIDE)
        drawings.look(float(t_s), rgb, rgb)


def drawings_that_read(answer: Reading) -> Drawings:
    return Drawings(lambda _rgb: answer, Budget(1000.0, lambda: 0.0))


def test_a_held_sheet_is_read_and_hides_who_is_drawn(room: ByteArray, drawing: ByteArray) -> None:
    drawings = drawings_that_read(reading("fear"))
    follow(drawings, room, drawing, np.arange(0.6, 3.0, 1 / 15))
    depicted = drawings.depicted()
    assert depicted is not None
    assert DEPICTED[int(depicted.argmax())] == "fear"
    assert depicted.sum() == pytest.approx(1, abs=1e-5)
    assert drawings.hide_box(face_on_it(3.0))
    assert not drawings.hide_box(Box(0.05, 0.1, 0.2, 0.5))


def test_a_sheet_that_never_moved_is_furniture(room: ByteArray, drawing: ByteArray) -> None:
    drawings = drawings_that_read(reading("fear"))
    follow(drawings, room, drawing, np.arange(0, 3, 1 / 15), still=True)
    assert drawings.depicted() is None
    assert not drawings.hide_box(face_on_it(2.0))


def test_a_sheet_that_was_put_down_is_furniture_after_a_while(room: ByteArray, drawing: ByteArray) -> None:
    drawings = drawings_that_read(reading("fear"))
    follow(drawings, room, drawing, np.arange(0.6, 2.0, 1 / 15))
    assert drawings.depicted() is not None
    follow(drawings, room, drawing, np.arange(2.0, 3.0 + STILL_S, 1 / 4), still=True)
    assert drawings.depicted() is None


def test_paper_without_a_face_depicts_nothing(room: ByteArray, drawing: ByteArray) -> None:
    drawings = drawings_that_read(reading("fear", face=0.2))
    follow(drawings, room, drawing, np.arange(0.6, 3.0, 1 / 15))
    assert drawings.depicted() is None


def test_a_sheet_that_has_gone_is_forgotten(room: ByteArray, drawing: ByteArray) -> None:
    drawings = drawings_that_read(reading("fear"))
    follow(drawings, room, drawing, np.arange(0.6, 3.0, 1 / 15))
    for t_s in np.arange(3.0, 4.0, 1 / 15):
        drawings.look(float(t_s), room, room)
    assert drawings.depicted() is None
    assert drawings.all == []


def test_a_body_is_drawn_only_where_all_of_it_is(room: ByteArray, drawing: ByteArray) -> None:
    drawings = drawings_that_read(reading("anger"))
    follow(drawings, room, drawing, np.arange(0.6, 3.0, 1 / 15))
    pose = np.zeros((33, 4), np.float32)
    pose[:, :2], pose[:, 3] = truth(3.0).mean(axis=0), 1.0
    assert drawings.hide_body(pose)
    pose[11:, 1] = 0.99  # the visitor who holds it before the face
    assert not drawings.hide_body(pose)


def test_corners_are_clockwise_from_the_top_left() -> None:
    sheet = Sheet(np.array([(0.2, 0.2), (0.6, 0.25), (0.6, 0.7), (0.2, 0.7)], np.float32), 1.0, (0.0, 0.0))
    assert sheet.holds(0.4, 0.4)
    assert not sheet.holds(0.7, 0.4)
    assert sheet.box.width == pytest.approx(0.4)
