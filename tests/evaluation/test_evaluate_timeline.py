"""Time lines: what was read is printed and drawn as it was, and crops are compared on the same faces."""

import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.model_files import model_path
from installation.base.supervisor import StopSignal
from installation.commands.evaluate import evaluate
from installation.config.settings import Config
from installation.evaluation import timeline_crops
from installation.evaluation.presence import EvaluationError
from installation.evaluation.timeline import films_in, main
from installation.evaluation.timeline_crops import WAYS, PlainSpan, Readings, tables
from installation.evaluation.timeline_picture import COLOURS, draw
from installation.evaluation.timeline_read import ReadFrame, Reading, TimeLine, count_frames, watch
from installation.evaluation.timeline_text import lines
from installation.perception.build import build_perceiver
from installation.perception.expression import FACE_SIZE, ExpressionNet, crop_face, face_square, prepare
from installation.perception.landmarkers import FaceFinder
from installation.types import EMOTIONS, Box, EmotionState, FloatArray, Frame, Observation, Person, read_only

FPS = 10.0
WHERE = Box(0.3, 0.1, 0.7, 0.9)
FACE = Box(0.45, 0.15, 0.55, 0.35)


def shares(emotion: str, share: float = 0.9) -> FloatArray:
    out = np.full(len(EMOTIONS), (1 - share) / (len(EMOTIONS) - 1), np.float32)
    out[EMOTIONS.index(emotion)] = share
    return read_only(out)


class Actor:
    """Shows somebody happy in front of a bright frame, somebody sad before a grey one, nobody before a black one.

    A face is read in every second frame and given again in between; perception fails on a blue frame.
    """

    def __init__(self) -> None:
        self.seen: list[Frame] = []
        self.closed = False
        self._shown: FloatArray | None = None

    def perceive(self, frame: Frame) -> Observation:
        self.seen.append(frame)
        red, _, blue = frame.rgb.mean(axis=(0, 1))
        if blue > red + 60:
            raise RuntimeError("a network failed")
        people: tuple[Person, ...] = ()
        if red > 40:
            if self._shown is None or len(self.seen) % 2 == 1:
                self._shown = shares("happy" if red > 160 else "sad")
            people = (Person(7, WHERE, 1.0, face_box=FACE, expression=self._shown, face_quality=0.8),)
        return Observation(frame.t_s, frame.seq, people, (64, 48))

    def close(self) -> None:
        self.closed = True


def film(path: Path, levels: list[tuple[int, int, int]], fps: float = FPS) -> Path:
    """A film of plain frames, blue, green and red of each."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), fps, (64, 48))
    assert writer.isOpened()
    for level in levels:
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    return path


GREY, BRIGHT, BLACK, BLUE = (100, 100, 100), (220, 220, 220), (0, 0, 0), (220, 60, 60)


@pytest.fixture
def play(tmp_path: Path) -> Path:
    """play.avi, 6 s: 2 s sad, 2 s happy, a failed frame, then nobody."""
    return film(tmp_path / "play.avi", [GREY] * 20 + [BRIGHT] * 20 + [BLUE] + [BLACK] * 19)


# --- watching ---------------------------------------------------------------------------------------------------------


def test_a_film_goes_at_its_own_pace_through_emotion_and_smoothing(play: Path) -> None:
    line = watch(play, Actor(), Config())
    assert (line.frames, len(line.moments), line.ids) == (60, 60, [7])
    assert line.end_s == pytest.approx(6.0)
    assert [moment.t_s for moment in line.moments[:3]] == pytest.approx([0.0, 0.1, 0.2])
    sad, happy = line.moments[19].people[7], line.moments[39].people[7]
    assert (sad.state.label, happy.state.label) == ("sad", "happy")
    assert sad.expression is not None
    assert sad.expression[EMOTIONS.index("sad")] == pytest.approx(0.9)
    # What is smoothed comes after what is read.
    change = line.moments[20].people[7]
    assert change.expression is not None
    assert EMOTIONS[int(change.expression.argmax())] == "happy"
    assert EMOTIONS[int(change.state.probabilities.argmax())] == "sad"
    assert [label for label, *_ in line.labels(7)][:3] == ["neutral", "sad", "happy"]
    assert sad.quality == pytest.approx(0.8)
    assert 0.3 < sad.sure < 0.8


def test_a_reading_given_again_is_not_fresh(play: Path) -> None:
    line = watch(play, Actor(), Config())
    assert [moment.people[7].fresh for moment in line.moments[:6]] == [True, False] * 3


def test_a_failed_frame_is_marked_and_who_left_fades(play: Path) -> None:
    line = watch(play, Actor(), Config())
    assert [moment.frame for moment in line.moments if moment.failed] == [40]
    gone = line.moments[44].people[7]
    assert (gone.expression, gone.quality, gone.sure) == (None, 0.0, 0.0)
    assert gone.state.presence < line.moments[39].people[7].state.presence


def test_every_keeps_the_films_time_and_skips_frames(play: Path) -> None:
    actor = Actor()
    line = watch(play, actor, Config(), every=4)
    assert [frame.seq for frame in actor.seen] == list(range(0, 60, 4))
    assert line.moments[5].t_s == pytest.approx(2.0)
    assert line.step_s == pytest.approx(0.4)
    assert line.end_s == pytest.approx(6.0)


def test_frames_are_mirrored_as_capture_does_it(tmp_path: Path) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:, :32] = 255
    cv2.imwrite(str(tmp_path / "half.png"), picture)
    actor = Actor()
    line = watch(tmp_path / "half.png", actor, Config())
    assert actor.seen[0].rgb[:, :30].max() == 0
    assert actor.seen[0].rgb[:, 34:].min() == 255
    assert line.end_s == pytest.approx(2.0)
    assert line.thumbnails[0].rgb[:, :40].max() < 60


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing of the kind")
    with pytest.raises(EvaluationError, match="cannot be read as a film"):
        count_frames(broken)
    with pytest.raises(EvaluationError, match="neither a film nor a folder"):
        films_in(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvaluationError, match="holds no film or still"):
        films_in(tmp_path / "empty")
    assert films_in(tmp_path) == [broken]


# --- telling ----------------------------------------------------------------------------------------------------------


def state(emotion: str, valence: float = 0.0, presence: float = 1.0) -> EmotionState:
    return EmotionState(
        0.0, 7, shares(emotion, 0.7), valence, 0.1, 0.9, 0.3, 0.4, (0.5, 0.5, 0.8), presence=presence, label=emotion
    )


def line_of(readings: list[Reading | None], end_s: float) -> TimeLine:
    step_s = end_s / len(readings)
    return TimeLine(
        "made.mp4",
        len(readings),
        end_s,
        tuple(ReadFrame(i, i * step_s, {} if r is None else {7: r}) for i, r in enumerate(readings)),
    )


def reading(read: str | None, smoothed: str, fresh: bool = True, quality: float = 0.8) -> Reading:
    expression = None if read is None else shares(read)
    return Reading(expression, fresh, quality if read is not None else 0.0, 0.6, state(smoothed, 0.5))


def test_each_second_has_a_line_with_its_own_figures() -> None:
    made = [reading("fear", "neutral")] * 10 + [reading("happy", "happy")] * 5 + [reading(None, "happy")] * 5
    text = list(lines(line_of([*made, *[None] * 30], 5.0)))
    assert text[0] == "made.mp4: 5.0 s, 50 of 50 frames looked at, 1 seen"
    first, second = text[2].split(), text[3].split()
    assert first == [
        "0.0",
        "1.0",
        "7",
        "100%",
        "0.80",
        "fear",
        "0.90",
        "neutral",
        "0.70",
        "neutral",
        "+0.50",
        "+0.10",
        "0.60",
    ]
    assert second[:4] == ["1.0", "2.0", "7", "50%"]
    assert second[4:9] == ["0.80", "happy", "0.90", "happy", "0.70"]
    assert text[4:] == ["  id 7: neutral 0.0-1.0, happy 1.0-2.0"]  # no line for seconds in which nobody is there


def test_a_short_film_has_a_line_every_half_second() -> None:
    text = list(lines(line_of([reading("sad", "sad")] * 30, 3.0)))
    assert [row.split()[:2] for row in text[2:-1]] == [[f"{i / 2:.1f}", f"{(i + 1) / 2:.1f}"] for i in range(6)]


def test_readings_given_again_do_not_count_twice() -> None:
    made = [reading("sad", "sad"), *[reading("happy", "sad", fresh=False)] * 8, reading("sad", "sad")]
    assert "sad      0.90" in list(lines(line_of(made, 0.5)))[2]


def test_nobody_is_reported_as_nobody() -> None:
    assert list(lines(line_of([None] * 10, 1.0))) == ["made.mp4: 1.0 s, 10 of 10 frames looked at, nobody seen"]


def test_a_gap_parts_two_runs_of_a_label() -> None:
    sad = reading("sad", "sad")
    assert line_of([sad, sad, None, sad], 4.0).labels(7) == [("sad", 0.0, 2.0), ("sad", 3.0, 4.0)]


# --- drawing ----------------------------------------------------------------------------------------------------------


def colours_in(path: Path) -> set[str]:
    """Emotions whose colour fills a good part of the rows that are wider than a legend's patch."""
    rgb = cv2.imread(str(path))[:, :, ::-1].astype(int)
    found = set()
    for name, colour in COLOURS.items():
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        near = (np.abs(rgb - wanted).max(axis=2) <= 2).sum(axis=1)
        if (near > 100).sum() > 10:
            found.add(name)
    return found


def test_the_picture_shows_the_emotions_in_their_colours_and_no_others(tmp_path: Path) -> None:
    sure = Reading(shares("sad", 1.0), True, 1.0, 1.0, state("sad"))
    draw(line_of([sure] * 20, 2.0), tmp_path / "a.png")
    assert "sad" in colours_in(tmp_path / "a.png")
    assert "happy" not in colours_in(tmp_path / "a.png")


@pytest.mark.long
def test_several_people_have_a_block_each_and_nobody_leaves_a_note(tmp_path: Path) -> None:
    one = line_of([reading("sad", "sad")] * 10, 1.0)
    both = TimeLine(
        "two.mp4", 10, 1.0, tuple(ReadFrame(m.frame, m.t_s, {1: m.people[7], 2: m.people[7]}) for m in one.moments)
    )
    for name, line in (("one", one), ("two", both), ("none", line_of([None] * 10, 1.0))):
        draw(line, tmp_path / f"{name}.png")
    heights = {name: cv2.imread(str(tmp_path / f"{name}.png")).shape[0] for name in ("one", "two", "none")}
    assert heights["two"] > heights["one"] + 300
    assert heights["none"] == heights["one"]


def test_thumbnails_are_drawn_unless_they_are_not_wanted(play: Path, tmp_path: Path) -> None:
    line = watch(play, Actor(), Config())
    draw(line, tmp_path / "with.png")
    draw(line, tmp_path / "without.png", thumbnails=False)
    shown, hidden = (cv2.imread(str(tmp_path / f"{name}.png")).astype(int) for name in ("with", "without"))

    def blue(picture: np.ndarray) -> int:
        return int((np.abs(picture - BLUE).max(axis=2) < 12).sum() + (picture.max(axis=2) == 0)[20:110].sum())

    assert blue(shown) > blue(hidden) + 2000
    assert shown.shape[0] > hidden.shape[0] + 60


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_draws_and_writes(play: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made: list[Actor] = []

    def make() -> Actor:
        made.append(Actor())
        return made[-1]

    film(tmp_path / "short.avi", [BRIGHT] * 5)
    assert main([str(tmp_path), "--out", str(tmp_path / "out"), "--json", str(tmp_path / "all.json")], make) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [text.split(":")[0] for text in out.splitlines() if "looked at" in text] == ["play.avi", "short.avi"]
    assert "perception failed in 1" in out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"play.png", "short.png"}
    assert [actor.closed for actor in made] == [True, True]  # a fresh one for each film
    films = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["films"]
    assert [one["film"] for one in films] == ["play.avi", "short.avi"]
    assert films[0]["moments"][39]["people"]["7"]["label"] == "happy"
    assert films[0]["moments"][40]["failed"] is True


def test_bad_input_gives_2_and_says_why(play: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for order, says in (
        ([str(tmp_path / "none.mp4")], "neither a film nor a folder"),
        ([str(play), "--json", str(tmp_path / "no" / "a.json")], "its folder is missing"),
        ([str(play), "--out", str(play)], "exists"),
    ):
        assert main(order, Actor) == 2
        assert says in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main([str(play), "--every", "0"], Actor)
    assert ended.value.code == 2
    assert evaluate(["timeline", str(tmp_path / "none.mp4")], StopSignal()) == 2


# --- crops ------------------------------------------------------------------------------------------------------------


def way(name: str) -> timeline_crops.Way:
    return next(one for one in WAYS if one.name == name)


def tilted_face(degrees: float = 20.0) -> np.ndarray:
    """(478, 3) pixels: a loose cloud in the shape of a face, eyes, chin and all, tilted."""
    rng = np.random.default_rng(5)
    angle = rng.uniform(0, 2 * np.pi, 478)
    points = np.stack([80 * np.cos(angle), 100 * np.sin(angle), 0 * angle], axis=1) * rng.uniform(0.2, 1, (478, 1))
    for index, place in {33: (-50, -30), 133: (-20, -30), 362: (20, -30), 263: (50, -30), 152: (0, 100)}.items():
        points[index] = (*place, 0)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.asarray(points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + [200, 200, 0])


def test_ways_to_cut_move_the_square_as_their_names_say() -> None:
    points = tilted_face()
    corners = face_square(points)
    middle, side = corners.mean(axis=0), np.hypot(*(corners[1] - corners[0]))
    for name, factor in (("10 % larger", 1.1), ("10 % smaller", 0.9), ("not made upright", 1.0), ("5 % lower", 1.0)):
        moved = face_square(way(name).place(points))
        assert np.hypot(*(moved[1] - moved[0])) == pytest.approx(factor * side, rel=1e-4), name
        lower = 0.05 * (corners[3] - corners[0]) if name == "5 % lower" else np.zeros(2)
        assert moved.mean(axis=0) == pytest.approx(middle + lower, abs=0.01), name
    level = face_square(way("not made upright").place(points))
    assert abs(corners[1, 1] - corners[0, 1]) > 0.2 * side
    assert level[0, 1] == pytest.approx(level[1, 1], abs=0.01)
    assert level[0, 0] < level[1, 0]


def test_ways_of_contrast_do_what_their_names_say() -> None:
    crop = np.random.default_rng(3).integers(40, 200, (96, 96, 3)).astype(np.uint8)
    crop[:20] = 0  # dark hair
    whole = way("contrast of the whole square").contrast(crop)
    assert (whole.mean(), whole.std()) == pytest.approx((0.0, 1.0), abs=1e-4)
    assert np.array_equal(way("as shipped").contrast(crop), prepare(crop))
    darker = (crop * 0.5).astype(np.uint8)
    fixed = way("contrast fixed")
    assert np.abs(fixed.contrast(darker) - fixed.contrast(crop)).mean() > 0.2
    assert np.abs(prepare(darker) - prepare(crop)).mean() < 0.05
    assert all(one.contrast(crop).shape == (1, FACE_SIZE, FACE_SIZE) for one in WAYS)


def readings_of(rows: list[tuple[float, int, float, str]]) -> Readings:
    """Seconds, person, quality and what the shipped way reads; all other ways read neutral."""
    out = Readings()
    for t_s, person, quality, emotion in rows:
        out.t_s.append(t_s)
        out.person.append(person)
        out.quality.append(quality)
        out.shares.append(np.stack([shares(emotion, 1.0), *[shares("neutral", 1.0)] * (len(WAYS) - 1)]))
    return out


def test_unrest_is_between_readable_faces_of_one_person_that_follow_each_other() -> None:
    same = readings_of([(0.0, 1, 1, "sad"), (0.1, 2, 1, "happy"), (0.2, 1, 1, "sad"), (0.3, 2, 1, "happy")])
    assert same.unrest() == pytest.approx(np.zeros(len(WAYS)), abs=1e-6)
    jumps = readings_of([(0.0, 1, 1, "sad"), (0.1, 1, 1, "happy"), (0.2, 1, 1, "happy")])
    assert jumps.unrest() == pytest.approx([0.5, *[0.0] * (len(WAYS) - 1)], abs=1e-6)
    for rows in ([(0.0, 1, 1.0, "sad"), (1.0, 1, 1.0, "happy")], [(0.0, 1, 1.0, "sad"), (0.1, 1, 0.2, "happy")]):
        assert np.isnan(readings_of(rows).unrest()).all()


def test_agreement_counts_readings_within_the_span() -> None:
    rows = [(0.0, 1, 1.0, "sad"), (1.0, 1, 1.0, "sad"), (1.1, 1, 1.0, "happy"), (2.0, 1, 1.0, "happy")]
    first, share, number = readings_of(rows).agreement(PlainSpan(0.5, 1.5, "sad"))
    assert (first[0], share[0], number) == pytest.approx((0.5, 0.5, 2))
    assert (first[1], share[1]) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert readings_of(rows).agreement(PlainSpan(5.0, 6.0, "sad"))[2] == 0


def test_tables_have_a_row_for_each_way_and_tell_agreement_only_where_it_is_known() -> None:
    rows = [(0.9 + 0.1 * i, 1, 1.0, "happy") for i in range(5)]
    text = list(tables({"pyfeat_single_face.mp4": readings_of(rows), "own.mp4": readings_of(rows)}))
    assert sum(row.startswith("| as shipped |") for row in text) == 2
    assert "| as shipped | 100 / 1.00 | 100 / 1.00 |" in text  # no column for the span in which nothing was read
    unrest = text[text.index("") + 2 :]
    assert "own (5)" in "".join(unrest)
    assert not any("own" in row for row in text[:4])
    assert not any("first" in row for row in tables({"own.mp4": readings_of(rows)}))


def test_the_shipped_way_is_what_the_piece_reads(footage: Path) -> None:
    """The comparison's first row is the running piece's reading; the other ways see other pictures."""
    found = timeline_crops.read(footage / "astronaut.png", 10)
    assert len(found.t_s) >= 3
    rgb = np.ascontiguousarray(cv2.imread(str(footage / "astronaut.png"))[:, ::-1, ::-1])
    finder = FaceFinder(0.5)
    points = finder.find(rgb)[0][0] * np.array([rgb.shape[1], rgb.shape[0], rgb.shape[1]], np.float32)
    finder.close()
    shipped = ExpressionNet(model_path("expression")).probabilities(crop_face(rgb, points))
    assert EMOTIONS[int(shipped.argmax())] == "happy"
    assert found.shares[-1][0] == pytest.approx(shipped, abs=0.08)
    assert len({tuple(np.round(row, 4)) for row in found.shares[-1]}) == len(WAYS)


def test_a_filmed_face_goes_from_neutral_to_happy_once(footage: Path, tmp_path: Path) -> None:
    """The real perceiver on the film that begins neutral and turns to a smile."""
    assert main([str(footage / "pyfeat_single_face.mp4"), "--every", "2", "--json", str(tmp_path / "a.json")]) == 0
    moments = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["films"][0]["moments"]
    labels = [next(iter(moment["people"].values()))["label"] for moment in moments if moment["people"]]
    assert (labels[0], labels[-1]) == ("neutral", "happy")
    assert sum(before != after for before, after in pairwise(labels)) == 1


@pytest.mark.long
def test_who_merely_walks_past_stays_neutral(footage: Path) -> None:
    """The woman in profile who walks through from frame 38 on: her face says nothing, and a walk is no surprise."""
    perceiver = build_perceiver(Config().perception)
    try:
        line = watch(footage / "sports2d_demo.mp4", perceiver, Config())
    finally:
        perceiver.close()
    walkers = [runs for key in line.ids if 1.0 < (runs := line.labels(key))[0][1] < 4.0]
    assert len(walkers) == 1
    assert {label for label, *_ in walkers[0]} == {"neutral"}
