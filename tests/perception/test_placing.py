"""What the camera check makes of pictures and people whose light, size and lean are known."""

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.capture.simulated.performer import PerformerScript
from installation.config.perception import PerceptionConfig
from installation.perception.build import build_perceiver
from installation.perception.placing.codes import back_to_front
from installation.perception.placing.drawing import draw_view
from installation.perception.placing.flicker import Flicker, mains_of
from installation.perception.placing.judge import Judge, pulses
from installation.perception.placing.light import detail_of, grey_of, light_of, light_of_people
from installation.perception.placing.people import roll_of, sight_of
from installation.types import Box, ByteArray, Frame, Observation, Person

SIZE = (640, 360)
HEIGHT, WIDTH = SIZE[::-1]


def performer(t_s: float = 3.0) -> Person:
    """Whole body, upright, facing the camera."""
    (person,) = PerformerScript(1).observe(t_s, 1).people
    return person


def turned(person: Person, degrees: float, size: tuple[int, int] = SIZE) -> np.ndarray:
    """Its pose (33, 4) as a camera sees it that is turned about its axis."""
    assert person.pose is not None
    pose, middle = person.pose.copy(), np.array(size) / 2
    points = pose[:, :2] * size - middle
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    pose[:, :2] = (points @ turn.T + middle) / size
    return pose


def upright() -> float:
    pose = turned(performer(), 0)
    roll = roll_of(pose, SIZE)
    assert roll is not None
    return roll


@pytest.mark.parametrize("degrees", [-20, -8, 5, 15])
def test_a_turned_camera_is_seen_in_the_bodies(degrees: float) -> None:
    person = performer()
    roll = roll_of(turned(person, degrees), SIZE)
    assert roll is not None
    assert abs(upright()) < 4
    assert roll - upright() == pytest.approx(degrees, abs=2)


def test_a_body_without_a_trunk_has_no_lean() -> None:
    pose = turned(performer(), 0)
    pose[23:25, 3] = 0.1
    assert roll_of(pose, SIZE) is None


@pytest.mark.parametrize(("shoulders", "head", "told"), [(12, 15, 12), (0, 15, 0), (-3, 15, 0), (-12, -10, -10)])
def test_where_the_trunk_is_out_of_the_picture_shoulders_and_eyes_must_agree(
    shoulders: float, head: float, told: float
) -> None:
    person = performer()
    assert person.face is not None
    flat = replace(person, pose=turned(person, -upright()))
    pose = turned(flat, shoulders)
    pose[23:, 3] = 0.1
    face = person.face.copy()
    for landmark, side in ((263, 1), (33, -1)):
        face[landmark, :2] = (
            0.5 + side * 20 * np.array([math.cos(math.radians(head)), math.sin(math.radians(head))]) / SIZE
        )
    sight = sight_of(replace(person, pose=pose, face=face), SIZE, None)
    assert sight.roll is not None
    assert sight.roll == pytest.approx(told, abs=3)


def seen(person: Person | None, t_s: float, size: tuple[int, int] = SIZE) -> Observation:
    return Observation(t_s, round(10 * t_s), () if person is None else (person,), size)


def standing(t_s: float, **changes: object) -> Observation:
    """Somebody whose picture is not known: the drawn performer, with ``changes``."""
    return seen(replace(performer(3.0 + 0.2 * math.sin(t_s)), **changes), t_s, (1280, 720))


def kinds(judge: Judge, **rates: float) -> list[str]:
    return [warned.kind for warned in judge.warnings(**rates)]


def watched(**changes: object) -> Judge:
    judge = Judge(mirrored=True)
    for number in range(20):
        judge.observe(standing(number / 5, **changes), None)
    return judge


def test_somebody_well_placed_is_nothing_to_complain_about() -> None:
    assert kinds(watched()) == []


def test_a_tilted_camera_and_a_bend_are_told_apart() -> None:
    tilted = turned(performer(), 14, (1280, 720))
    judge = watched(pose=tilted)
    (warned,) = judge.warnings()
    assert warned.kind == "tilt"
    assert "to the picture's right by 1" in warned.text
    short = Judge(mirrored=True)
    for number in range(10):
        short.observe(standing(number / 5, pose=tilted), None)
    assert kinds(short) == []


def test_faces_that_are_too_small_or_too_large_are_told() -> None:
    far, near = Box(0.5, 0.4, 0.52, 0.45), Box(0.3, 0.2, 0.6, 0.8)
    assert kinds(watched(face_box=far)) == ["far"]
    assert "36 pixels" in watched(face_box=far).warnings()[0].text
    assert kinds(watched(face_box=near)) == ["near"]
    assert kinds(watched(extent="face")) == ["near"]


def test_a_body_whose_face_is_not_found_is_measured_by_its_shoulders() -> None:
    person = performer()
    with_face = sight_of(person, SIZE, None)
    without = sight_of(Person(1, person.box, 1.0, person.pose, extent="whole"), SIZE, None)
    assert not without.has_face
    assert with_face.face_px is not None
    assert without.face_px == pytest.approx(with_face.face_px, rel=0.3)


def test_nobody_and_too_few_pictures_are_told() -> None:
    judge = Judge(mirrored=True)
    for number in range(10):
        judge.observe(seen(None, number / 5), None)
    assert kinds(judge) == ["nobody"]
    assert kinds(watched(), rate=14.0, wanted=30.0) == ["rate"]
    assert kinds(watched(), rate=27.0, wanted=30.0) == []
    assert kinds(watched(), rate=14.0) == []


def test_the_newest_ten_seconds_count() -> None:
    judge = watched(face_box=Box(0.5, 0.4, 0.52, 0.45))
    assert kinds(judge) == ["far"]
    for number in range(20, 80):
        judge.observe(standing(number / 5), None)
    assert kinds(judge) == []


FACE = Box(0.4, 0.2, 0.6, 0.6)


def scene(face: float, contrast: float, wall: float, noise: float = 1.0) -> ByteArray:
    """A wall with a face in it that is a pattern of so much contrast (standard deviation), in grey levels."""
    rng = np.random.default_rng(5)
    rgb = np.full((HEIGHT, WIDTH, 3), wall, np.float64)
    rows, columns = slice(int(0.2 * HEIGHT), int(0.6 * HEIGHT)), slice(int(0.4 * WIDTH), int(0.6 * WIDTH))
    shape = rgb[rows, columns].shape[:2]
    pattern = np.sin(np.arange(shape[1]) / 3)[None, :] * np.sqrt(2) * contrast
    rgb[rows, columns] = (face + pattern + np.zeros(shape))[:, :, None]
    return np.clip(rgb + rng.normal(0, noise, rgb.shape), 0, 255).astype(np.uint8)


def lit(rgb: ByteArray, is_seen: bool = True) -> list[str]:
    judge = Judge(mirrored=True)
    person = Person(1, FACE, 1.0, face_box=FACE, extent="half")
    for number in range(10):
        judge.observe(seen(person if is_seen else None, number / 5), rgb)
    return [kind for kind in kinds(judge) if kind in ("dark", "bright", "back light")]


@pytest.mark.parametrize(
    ("rgb", "told"),
    [
        (scene(face=130, contrast=35, wall=140), []),
        (scene(face=60, contrast=24, wall=110), []),  # dark skin in good light
        (scene(face=30, contrast=8, wall=35), ["dark"]),
        (scene(face=60, contrast=12, wall=200), ["back light"]),
        (scene(face=252, contrast=3, wall=120), ["bright"]),
        (scene(face=130, contrast=35, wall=12), []),  # a spot on the visitor, in a dark room
    ],
)
def test_light_is_judged_by_faces(rgb: ByteArray, told: list[str]) -> None:
    assert lit(rgb) == told


def test_light_without_anybody_is_judged_by_the_picture() -> None:
    assert lit(scene(face=40, contrast=5, wall=20), is_seen=False) == ["dark"]
    assert lit(scene(face=40, contrast=5, wall=120), is_seen=False) == []
    assert lit(scene(face=130, contrast=35, wall=255), is_seen=False) == ["bright"]


def test_a_black_shirt_is_no_back_light() -> None:
    rgb = scene(face=130, contrast=30, wall=210)
    rgb[int(0.6 * HEIGHT) :, int(0.3 * WIDTH) : int(0.7 * WIDTH)] = 15
    body = Person(1, Box(0.3, 0.2, 0.7, 1.0), 1.0, face_box=FACE, extent="half")
    (face,) = light_of_people(grey_of(rgb, 320), seen(body, 0.0))
    assert face.level > 100
    assert light_of(grey_of(rgb, 320), seen(body, 0.0)).background > 200


def test_blur_takes_a_pictures_detail() -> None:
    rng = np.random.default_rng(2)
    sharp = (
        cv2.resize(rng.integers(0, 2, (45, 80), np.uint8), SIZE, interpolation=cv2.INTER_NEAREST) * 180 + 30
    ).astype(np.uint8)
    soft = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 4.0), np.uint8)
    assert detail_of(sharp) > 0.25 > 0.12 > detail_of(soft)
    assert detail_of(np.full((90, 160), 90, np.uint8)) == 0


@pytest.mark.parametrize("text", ["a", "https://example.org/mien", "x" * 200])
def test_modules_tell_back_to_front_from_plain_also_with_wrong_bits(text: str) -> None:
    drawn = cv2.QRCodeEncoder.create().encode(text)
    dark = drawn[2:-2, 2:-2] < 128
    assert dark[0, :7].all(), "the corner of the code"
    for place in ((8, 1), (5, 8)):
        assert back_to_front(dark) is False
        assert back_to_front(dark.T) is True
        dark[place] = not dark[place]
    assert back_to_front(np.zeros((21, 21), bool)) is None


def code(is_turned: bool) -> ByteArray:
    """A page with a QR code in front of a wall."""
    drawn = cv2.QRCodeEncoder.create().encode("https://example.org/mien")
    page = cv2.copyMakeBorder(drawn, 3, 3, 3, 3, cv2.BORDER_CONSTANT, value=255)
    page = cv2.resize(page, (160, 160), interpolation=cv2.INTER_NEAREST)
    rgb = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    rgb[100:260, 200:360] = (cv2.flip(page, 1) if is_turned else page)[:, :, None]
    return rgb


@pytest.mark.parametrize(
    ("is_turned", "mirrored", "told"),
    [
        (True, True, ""),
        (False, True, "set capture.mirror to false"),
        (False, False, ""),
        (True, False, "the source mirrors it itself"),
    ],
)
def test_a_code_tells_which_way_round_a_picture_is(is_turned: bool, mirrored: bool, told: str) -> None:
    judge = Judge(mirrored)
    for number in range(3):
        judge.observe(seen(None, number / 5), code(is_turned))
    texts = [warned.text for warned in judge.warnings() if warned.kind == "mirror"]
    assert len(texts) == bool(told)
    assert all(told in text for text in texts)


def under_lamps(depth: float, bands: float, step: float, missed: int = 0) -> Flicker:
    """A room with somebody who walks through it; every ``missed``-th picture does not come."""
    flicker, rng = Flicker(), np.random.default_rng(3)
    wall = cv2.GaussianBlur(rng.uniform(40, 200, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), 9)
    rows = np.arange(HEIGHT)[:, None] / HEIGHT
    for number in range(128):
        if missed and number % missed == 0:
            continue
        level = wall.copy()
        cv2.ellipse(level, (100 + 3 * number, 220), (50, 120), 0, 0, 360, 30.0, -1)
        level *= 1 + depth * np.cos(2 * np.pi * (step * number + bands * rows))
        grey = np.clip(level + rng.normal(0, 2, level.shape), 0, 255).astype(np.uint8)
        flicker.add(number, np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8))
    return flicker


@pytest.mark.parametrize(("bands", "step"), [(0.0, 1 / 3), (1.7, 1 / 3), (3.3, 0.2)])
def test_flicker_of_lamps_is_seen_beside_somebody_who_walks(bands: float, step: float) -> None:
    pulse = under_lamps(0.04, bands, step, missed=5).strongest()
    assert pulse is not None
    assert pulses(pulse)
    assert pulse.depth == pytest.approx(0.04, rel=0.4)
    assert (pulse.bands, pulse.step) == (pytest.approx(bands, abs=0.5), pytest.approx(step, abs=0.01))


def test_steady_lamps_do_not_flicker() -> None:
    pulse = under_lamps(0.0, 0.0, 0.0).strongest()
    assert pulse is not None
    assert not pulses(pulse)
    assert Flicker().strongest() is None


@pytest.mark.parametrize(("step", "rate", "mains"), [(1 / 3, 30, 50), (0.2, 25, 60), (0.25, 24, None), (0.2, 0, None)])
def test_the_pace_tells_the_mains(step: float, rate: float, mains: int | None) -> None:
    pulse = under_lamps(0.04, 1.7, step).strongest()
    assert pulse is not None
    assert mains_of(pulse, rate) == mains


def test_the_view_shows_the_people_and_leaves_the_picture_as_it_is() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), 60, np.uint8)
    plain = draw_view(rgb, None, {}, ["source"], [])
    person = performer()
    view = draw_view(rgb, seen(person, 0.0), {person.id: "happy 80 %"}, ["source"], ["too dark: more light"])
    assert (rgb == 60).all()
    assert view.shape == plain.shape
    assert view.shape[1] == WIDTH
    box = person.box
    changed = (view[:HEIGHT] != plain[:HEIGHT]).any(axis=2)
    inside = changed[int(box.top * HEIGHT) : int(box.bottom * HEIGHT), int(box.left * WIDTH) : int(box.right * WIDTH)]
    assert inside.mean() > 0.03
    assert (view[HEIGHT:] != plain[HEIGHT:]).any(), "the warning stands below"


def test_a_film_is_judged_as_it_is_and_turned(footage: Path) -> None:
    """Half a body, level, well lit."""
    film, pictures = cv2.VideoCapture(str(footage / "intel_asl_again.mkv")), []
    while (read := film.read())[0]:
        pictures.append(np.ascontiguousarray(read[1][:, :, ::-1]))
    pictures = pictures[::5]
    height, width = pictures[0].shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 15, 1.0)
    for kind, change in (
        ("", lambda rgb: rgb),
        ("tilt", lambda rgb: cv2.warpAffine(rgb, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)),
    ):
        perceiver, judge = build_perceiver(PerceptionConfig()), Judge(mirrored=True)
        for number, picture in enumerate(pictures):
            rgb = np.ascontiguousarray(change(picture))
            judge.observe(perceiver.perceive(Frame(number / 5, number, rgb)), rgb)
        perceiver.close()
        assert kinds(judge) == ([kind] if kind else [])
