"""Figures of who is seen, from scripted observations."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.evaluation.presence import TRUTH, EvaluationError, choose, clip_frames, look, main
from installation.evaluation.presence_report import COLUMNS, bar_line, head, judge, row
from installation.evaluation.presence_score import Figures, SeenPerson, Share, Shot, match, score, shot_of
from installation.evaluation.presence_truth import TrueClip, TruthError, TruthSpan, load_truth, parse_truth
from installation.types import Box, Frame, Observation, Person

LEFT, RIGHT = Box(0.1, 0.1, 0.3, 0.9), Box(0.7, 0.1, 0.9, 0.9)
FPS = 10.0
PAIR = """
clips:
  pair.avi:
    frames: 20
    bars: [pair, face]
    note: scripted
    people:
      ann:
        present: 0-19
        facing: 0-9
        covered: 10-14
        boxes: {0: [0.1, 0.1, 0.3, 0.9]}
      bob:
        present: 0-19
        boxes: {0: [0.7, 0.1, 0.9, 0.9]}
"""


def face_in(box: Box) -> Box:
    middle = box.centre[0]
    return Box(middle - 0.02, box.top, middle + 0.02, box.top + 0.1)


def seen(number: int, box: Box, face: bool = False) -> SeenPerson:
    return SeenPerson(number, box, face_in(box) if face else None)


def clip_of(text: str, name: str = "pair.avi") -> TrueClip:
    return parse_truth(text).clips[name]


def figures_of(clip: TrueClip, script: Callable[[int], list[SeenPerson]], every: int = 1) -> Figures:
    frames = range(0, clip.frames, every)
    return score(clip, [Shot(frame, frame / FPS, tuple(script(frame)), 10.0 + frame) for frame in frames])


def one_person(spans: str, frames: int = 20, more: str = "") -> TrueClip:
    return clip_of(
        f"clips:\n  a.avi:\n    frames: {frames}\n    note: scripted\n    people:\n      ann:\n        {spans}\n"
        f"        boxes: {{0: [0.1, 0.1, 0.3, 0.9]}}\n{more}",
        "a.avi",
    )


# --- counting ---------------------------------------------------------------------------------------------------------


def test_both_people_seen_throughout_is_all_right() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT, True), seen(2, RIGHT)])
    assert (figures.right.share, figures.settled.share, figures.found.share) == (1.0, 1.0, 1.0)
    assert (figures.seen_mean, figures.true_mean) == (2.0, 2.0)
    assert (figures.ids, figures.switches, figures.fragmentations, figures.phantoms) == (2, 0, 0, 0)


def test_people_confirmed_late_count_as_missing_but_not_in_the_settled_share() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT), seen(2, RIGHT)] if frame >= 4 else [])
    assert figures.right == Share(16, 20)
    assert figures.settled == Share(15, 15)
    assert figures.found == Share(32, 40)
    assert figures.fragmentations == 0


def test_half_seen_frames_allow_both_counts() -> None:
    clip = one_person("present: 5-9\n        perhaps: 2-4")
    nobody = figures_of(clip, lambda frame: [seen(1, LEFT)] if 5 <= frame <= 9 else [])
    early = figures_of(clip, lambda frame: [seen(1, LEFT)] if 2 <= frame <= 9 else [])
    assert nobody.right.share == early.right.share == 1.0
    assert early.phantoms == 0
    assert nobody.true_mean == pytest.approx(5 / 17)
    too_early = figures_of(clip, lambda frame: [seen(1, LEFT)] if 1 <= frame <= 9 else [])
    assert too_early.right == Share(19, 20)
    assert too_early.nobody == Share(11, 12)
    assert too_early.phantoms == 1


def test_a_right_number_at_a_wrong_place_is_found_out() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT), seen(2, Box(0.4, 0.1, 0.6, 0.9))])
    assert figures.right.share == 1.0
    assert figures.found.share == 0.5
    assert figures.phantoms == 20


def test_skipped_frames_keep_the_clips_time() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT), seen(2, RIGHT)] if frame >= 4 else [], every=2)
    assert figures.frames == 10
    assert figures.right == Share(8, 10)
    assert figures.settled == Share(7, 7)  # frames 6 to 18: from 0.6 s on


def test_costs_and_failures() -> None:
    shots = [
        Shot(frame, frame / FPS, (), 0.0 if frame == 3 else 10.0 + frame, failed=frame == 3) for frame in range(20)
    ]
    figures = score(clip_of(PAIR), shots)
    assert figures.failures == 1
    assert figures.ms_p50 == pytest.approx(20.0)  # 10 to 29 without 13
    assert "failed in 1 frames" in row("pair.avi", figures)
    with pytest.raises(ValueError, match="no frame"):
        score(clip_of(PAIR), [])


# --- ids --------------------------------------------------------------------------------------------------------------


def test_swapped_ids_are_two_switches() -> None:
    def swap(frame: int) -> list[SeenPerson]:
        a, b = (1, 2) if frame < 10 else (2, 1)
        return [seen(a, LEFT), seen(b, RIGHT)]

    figures = figures_of(clip_of(PAIR), swap)
    assert (figures.ids, figures.switches, figures.fragmentations) == (2, 2, 0)


def test_a_gap_bridged_with_the_same_id_is_a_fragmentation_only() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT)] + ([] if 8 <= frame < 11 else [seen(2, RIGHT)]))
    assert (figures.switches, figures.fragmentations) == (0, 1)


def test_a_gap_after_which_a_new_id_comes_is_both() -> None:
    figures = figures_of(
        clip_of(PAIR), lambda frame: [seen(1, LEFT)] + ([] if 8 <= frame < 11 else [seen(2 + (frame > 9), RIGHT)])
    )
    assert (figures.ids, figures.switches, figures.fragmentations) == (3, 1, 1)


def test_one_id_that_jumps_between_two_people_is_no_switch_of_either_but_breaks_both() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT if frame % 4 < 2 else RIGHT)])
    assert (figures.ids, figures.switches) == (1, 0)
    assert figures.fragmentations == 8  # four returns to each: ann at 4, 8, 12, 16; bob at 6, 10, 14, 18 less his first
    assert figures.right.share == 0.0


def test_nothing_is_lost_where_nobody_can_tell() -> None:
    clip = one_person("present: 0-7, 12-19\n        perhaps: 8-11")
    figures = figures_of(clip, lambda frame: [] if 8 <= frame < 12 else [seen(1, LEFT)])
    assert (figures.switches, figures.fragmentations) == (0, 0)
    figures = figures_of(clip, lambda frame: [seen(1 + (8 <= frame < 12), LEFT)])
    assert (figures.ids, figures.switches) == (2, 0)


def test_leaving_and_coming_back_with_another_id_is_a_switch_but_no_fragmentation() -> None:
    clip = one_person("present: 0-5, 12-19")
    figures = figures_of(clip, lambda frame: [] if 5 < frame < 12 else [seen(1 + (frame > 6), LEFT)])
    assert (figures.switches, figures.fragmentations) == (1, 0)
    assert figures.right.share == 1.0


def test_people_who_cross_keep_their_names_by_their_ids() -> None:
    clip = clip_of(
        PAIR.replace("{0: [0.1, 0.1, 0.3, 0.9]}", "{0: [0.1, 0.1, 0.3, 0.9], 19: [0.7, 0.1, 0.9, 0.9]}").replace(
            "{0: [0.7, 0.1, 0.9, 0.9]}", "{0: [0.7, 0.1, 0.9, 0.9], 19: [0.1, 0.1, 0.3, 0.9]}"
        )
    )
    right = figures_of(clip, lambda f: [seen(1, clip.people["ann"].box(f)), seen(2, clip.people["bob"].box(f))])
    assert (right.switches, right.found.share) == (0, 1.0)

    def bounced(frame: int) -> list[SeenPerson]:  # the ids turn round where the people meet
        names = ("ann", "bob") if frame < 10 else ("bob", "ann")
        return [seen(number, clip.people[name].box(frame)) for number, name in enumerate(names, 1)]

    assert figures_of(clip, bounced).switches == 2


def test_a_match_of_before_is_kept_and_the_rest_goes_to_the_nearest() -> None:
    places = {"ann": Box(0.3, 0.1, 0.5, 0.9), "bob": Box(0.4, 0.1, 0.6, 0.9)}
    one, two = SeenPerson(1, Box(0.4, 0.1, 0.6, 0.9), None), SeenPerson(2, Box(0.3, 0.1, 0.5, 0.9), None)
    assert match(places, [one, two], {}) == {"ann": two, "bob": one}
    assert match(places, [one, two], {"ann": 1, "bob": 2}) == {"ann": one, "bob": two}
    assert match(places, [SeenPerson(1, Box(0.9, 0.1, 1.0, 0.9), None)], {"ann": 1}) == {}


def test_a_place_as_narrow_as_a_far_figure_still_has_some_room() -> None:
    far = {"ann": Box(0.50, 0.4, 0.52, 0.5)}
    for left, found in ((0.55, True), (0.58, False)):
        assert ("ann" in match(far, [SeenPerson(1, Box(left, 0.4, left + 0.02, 0.5), None)], {})) is found


# --- faces ------------------------------------------------------------------------------------------------------------


def test_faces_are_asked_for_where_the_truth_says_so() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT, frame % 2 == 0), seen(2, RIGHT, frame == 3)])
    assert figures.face == Share(5, 10)
    assert figures.face_settled == Share(2, 5)  # frames 5 to 9
    assert figures.face_covered == Share(3, 5)
    assert figures.face_away == Share(3, 25)  # two of ann's after frame 14, bob's one


def test_a_face_beside_its_person_does_not_count() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [SeenPerson(1, LEFT, face_in(RIGHT)), seen(2, RIGHT)])
    assert figures.face == Share(0, 10)


def test_observations_become_shots() -> None:
    face = np.zeros((478, 3), np.float32)
    people = (Person(4, LEFT, 1.0, face=face, face_box=face_in(LEFT)), Person(5, RIGHT, 0.5))
    shot = shot_of(7, Observation(0.7, 7, people, (64, 48), 12.5))
    assert shot == Shot(7, 0.7, (SeenPerson(4, LEFT, face_in(LEFT)), SeenPerson(5, RIGHT, None)), 12.5)
    with pytest.raises(ValueError, match="no face_box"):
        shot_of(7, Observation(0.7, 7, (Person(4, LEFT, 1.0, face=face),), (64, 48)))


# --- bars -------------------------------------------------------------------------------------------------------------

EMPTY = "clips:\n" + "".join(
    f"  {name}:\n    frames: 100\n    bars: [empty]\n    note: scripted\n    people: {{}}\n"
    for name in ("a.avi", "b.avi")
)


def test_each_empty_clip_must_reach_the_bar_by_itself() -> None:
    truth = parse_truth(EMPTY)
    clean = figures_of(truth.clips["a.avi"], lambda frame: [])
    dirty = figures_of(truth.clips["b.avi"], lambda frame: [seen(1, LEFT)] if frame < 3 else [])
    empty, pair, face = judge(truth, {"a.avi": clean, "b.avi": dirty})
    assert (empty.cases, empty.worst, empty.passed) == (Share(197, 200), 0.97, False)
    assert "FALLS SHORT" in bar_line(empty)
    assert "worst clip 97.0%" in bar_line(empty)
    assert pair.passed is None
    assert "not looked at" in bar_line(face)
    two = figures_of(truth.clips["b.avi"], lambda frame: [seen(1, LEFT)] if frame < 2 else [])
    assert judge(truth, {"a.avi": clean, "b.avi": two})[0].passed is True


def test_the_pairs_bar_is_held_by_all_frames_not_by_the_settled_ones() -> None:
    truth = parse_truth(PAIR)
    late = figures_of(truth.clips["pair.avi"], lambda f: [seen(1, LEFT, True), seen(2, RIGHT)] if f > 1 else [])
    _, pair, face = judge(truth, {"pair.avi": late})
    assert (pair.cases, pair.settled, pair.passed) == (Share(18, 20), 1.0, False)
    assert (face.cases, face.passed) == (Share(8, 10), False)
    soon = figures_of(truth.clips["pair.avi"], lambda f: [seen(1, LEFT, True), seen(2, RIGHT)] if f > 0 else [])
    _, pair, face = judge(truth, {"pair.avi": soon})
    assert (pair.passed, face.passed) == (True, True)
    assert "REACHED" in bar_line(pair)


def test_a_clip_without_a_free_face_does_not_judge_faces() -> None:
    truth = parse_truth(PAIR.replace("        facing: 0-9\n", ""))
    figures = figures_of(truth.clips["pair.avi"], lambda frame: [seen(1, LEFT), seen(2, RIGHT)])
    result = judge(truth, {"pair.avi": figures})[2]
    assert result.passed is None
    assert "no frame of its clips" in bar_line(result)


def test_the_tables_columns_stand_under_their_heads() -> None:
    figures = figures_of(clip_of(PAIR), lambda frame: [seen(1, LEFT, True), seen(2, RIGHT)])
    assert len(head()) == len(row("pair.avi", figures)) == len(row("a_name_much_longer_than_the_column.avi", figures))
    assert len({name for name, *_ in COLUMNS}) == len(COLUMNS) - 1  # ">0.5s" stands behind two of them
    assert len(row("pair.avi", figures).split()) == len(COLUMNS) + 1


# --- the truth's file -------------------------------------------------------------------------------------------------


def test_boxes_go_straight_between_key_frames() -> None:
    person = one_person("present: 0-19").people["ann"]
    assert person.box(0) == person.box(19) == LEFT
    moved = clip_of(PAIR.replace("{0: [0.1, 0.1, 0.3, 0.9]}", "{4: [0.1, 0.1, 0.3, 0.9], 8: [0.3, 0.1, 0.5, 0.7]}"))
    ann = moved.people["ann"]
    assert ann.box(0) == LEFT
    assert ann.box(6) == pytest.approx((0.2, 0.1, 0.4, 0.8))
    assert ann.box(12) == Box(0.3, 0.1, 0.5, 0.7)
    assert (ann.face(9), ann.face(10), ann.face(15)) == ("facing", "covered", "away")
    assert ann.present == (TruthSpan(0, 19),)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("frames: 20", "frames: twenty", 4, "frames: Input should be a valid integer"),
        ("frames: 20", "frame: 20", 4, "frame: unknown word; did you mean 'frames'?"),
        ("frames: 20", "frames: 19", 3, "ann is there in frame 19, but the last of 19 is 18"),
        ("    note: scripted\n", "", 3, "note: is missing"),
        ("facing: 0-9", "facing: 0-10", 8, "covered 10-14"),
        ("facing: 0-9", "facing: 0 to 9", 10, "frames are written first-last"),
        ("facing: 0-9", "facing: 9-0", 10, "ends before it begins"),
        ("facing: 0-9", "facing: 4-9, 0-3", 10, "without overlap"),
        ("facing: 0-9", "fasing: 0-9", 10, "did you mean 'facing'?"),
        ("        facing: 0-9", "        present: 0-3", 10, "written twice (first in line 9)"),
        ("{0: [0.7, 0.1, 0.9, 0.9]}", "{0: [0.9, 0.1, 0.7, 0.9]}", 15, "left < right"),
        ("{0: [0.7, 0.1, 0.9, 0.9]}", "{0: [0.7, 0.1, 0.9]}", 15, "[left, top, right, bottom]"),
        ("        boxes: {0: [0.7, 0.1, 0.9, 0.9]}\n", "", 13, "boxes: is missing"),
        ("      bob:\n        present: 0-19", "      bob:\n        present: 0-18", 3, "two people are not present"),
        ("[pair, face]", "[pear]", 5, "bars"),
        ("[pair, face]", "[empty]", 3, "has ann, bob in it"),
    ],
)
def test_a_wrong_truth_is_reported_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in PAIR
    with pytest.raises(TruthError) as caught:
        parse_truth(PAIR.replace(old, new, 1), "t.yaml")
    first = next(text for text in str(caught.value).splitlines() if says in text or "overlaps" in text)
    assert first.startswith(f"t.yaml:{line}: ")


def test_a_truth_that_is_no_truth(tmp_path: Path) -> None:
    for text, says in (("", "begins with clips"), ("clips: {", "not readable as YAML"), ("- a", "begins with clips")):
        with pytest.raises(TruthError, match=says):
            parse_truth(text)
    with pytest.raises(TruthError, match=r"cannot be read .*--truth"):
        load_truth(tmp_path / "none.yaml")


def test_the_shipped_truth_names_its_bars() -> None:
    truth = load_truth(TRUTH)
    of = {bar: {name for name, clip in truth.clips.items() if bar in clip.bars} for bar in ("empty", "pair", "face")}
    assert of["empty"] == {"intel_bottle.mp4", "pyfeat_no_face.mp4"}
    assert of["pair"] == {"intel_head-pose-face-detection-female-and-male.gif"}
    assert of["face"] == {"p2s_single_cam01.mp4", "sports2d_demo.mp4"}


def test_the_shipped_truth_fits_the_films(footage: Path) -> None:
    truth = load_truth(TRUTH)
    files = {path.name for path in footage.iterdir()}
    assert set(truth.clips) == files
    for name, clip in truth.clips.items():
        if Path(name).suffix == ".png" or clip.frames > 200:
            continue  # the long ones are counted by the long test
        assert sum(1 for _ in clip_frames(footage / name, clip.frames)) == clip.frames


# --- the command ------------------------------------------------------------------------------------------------------


class Marker:
    """Sees one person round the picture's bright left or right half, and a face in it; fails on a black picture."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.closed = False

    def perceive(self, frame: Frame) -> Observation:
        self.frames.append(frame)
        half = frame.rgb.shape[1] // 2
        bright = [frame.rgb[:, :half].mean() > 100, frame.rgb[:, half:].mean() > 100]
        if not any(bright):
            raise RuntimeError("a network failed")
        people = tuple(
            Person(number, box, 1.0, face=np.zeros((478, 3), np.float32), face_box=face_in(box))
            for number, (there, box) in enumerate(zip(bright, (LEFT, RIGHT)), 1)
            if there
        )
        return Observation(frame.t_s, frame.seq, people, (frame.rgb.shape[1], frame.rgb.shape[0]), 5.0)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with pair.avi: 20 frames, the right half bright; black in frame 19."""
    writer = cv2.VideoWriter(str(tmp_path / "pair.avi"), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 48))
    assert writer.isOpened()
    for index in range(20):
        bgr = np.zeros((48, 64, 3), np.uint8)
        bgr[:, 32:] = (0, 0, 0) if index == 19 else (255, 200, 150)
        writer.write(bgr)
    writer.release()
    (tmp_path / "truth.yaml").write_text(PAIR, encoding="utf-8")
    return tmp_path


def test_frames_come_mirrored_in_rgb_with_the_films_time(films: Path) -> None:
    frames = list(clip_frames(films / "pair.avi", 20))
    assert [frame.seq for frame in frames] == list(range(20))
    assert frames[7].t_s == pytest.approx(0.7)
    red, _, blue = frames[0].rgb[:, :32].mean(axis=(0, 1))
    assert red == pytest.approx(150, abs=12)
    assert blue == pytest.approx(255, abs=12)
    assert frames[0].rgb[:, 36:].mean() < 12
    assert frames[0].rgb.flags.c_contiguous


def test_a_still_is_shown_for_a_while(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8, 8, 3), np.uint8))
    assert [frame.t_s for frame in clip_frames(tmp_path / "a.png", 3)] == pytest.approx([0.0, 0.04, 0.08])


def test_a_film_of_another_length_or_none_at_all_is_refused(films: Path) -> None:
    with pytest.raises(EvaluationError, match="has 20 frames, the truth was written for 21"):
        list(clip_frames(films / "pair.avi", 21))
    for name in ("broken.avi", "broken.png"):
        (films / name).write_bytes(b"nothing of the kind")
        with pytest.raises(EvaluationError, match="cannot be read"):
            list(clip_frames(films / name, 3))


def test_looking_goes_on_after_a_failed_frame_and_ticks_for_skipped_ones(films: Path) -> None:
    ticks: list[int] = []
    shots = look(films / "pair.avi", clip_of(PAIR), Marker(), 1, lambda: ticks.append(1))
    assert len(shots) == len(ticks) == 20
    assert [shot.frame for shot in shots if shot.failed] == [19]
    shots = look(films / "pair.avi", clip_of(PAIR), Marker(), 3, lambda: ticks.append(1))
    assert [shot.frame for shot in shots] == [0, 3, 6, 9, 12, 15, 18]
    assert len(ticks) == 40


def test_the_command_prints_writes_and_judges(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made: list[Marker] = []

    def make() -> Marker:
        made.append(Marker())
        return made[-1]

    order = [str(films), "--truth", str(films / "truth.yaml"), "--json", str(films / "out.json")]
    assert main(order, make) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == head()
    assert "FALLS SHORT  two people seen in the pair's clip: 0.0% of 20 cases; bar 95%" in out
    assert "REACHED      a face found where one faces the camera uncovered: 100.0% of 10 cases; bar 90%" in out
    assert "NOT JUDGED   nobody seen in the empty clips: its clips were not looked at" in out
    written = json.loads((films / "out.json").read_text(encoding="utf-8"))
    assert written["clips"]["pair.avi"]["found"] == {"hits": 19, "of": 40, "share": 0.475}
    assert written["clips"]["pair.avi"]["failures"] == 1
    assert [bar["passed"] for bar in written["bars"]] == [None, False, True]
    assert len(made) == 1
    assert made[0].closed
    assert main([*order, "--strict"], make) == 1


def test_strict_is_content_where_all_is_reached(films: Path) -> None:
    (films / "truth.yaml").write_text(PAIR.replace("[pair, face]", "[face]"), encoding="utf-8")
    assert main([str(films), "--truth", str(films / "truth.yaml"), "--strict"], Marker) == 0


def test_bad_input_gives_2_and_says_why(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = ["--truth", str(films / "truth.yaml")]
    (films / "empty").mkdir()
    (films / "wrong.yaml").write_text(PAIR.replace("frames: 20", "frames: 21").replace("[pair, face]", "[]"))
    for order, says in (
        ([str(films / "nowhere"), *truth], "is no folder"),
        ([str(films / "empty"), *truth], "none of the clips"),
        ([str(films), *truth, "--clip", "trio"], "is none of pair.avi"),
        ([str(films), *truth, "--json", str(films / "no" / "out.json")], "its folder is missing"),
        ([str(films), "--truth", str(films / "none.yaml")], "cannot be read"),
        ([str(films), "--truth", str(films / "wrong.yaml")], "truth was written for 21"),
    ):
        assert main(order, Marker) == 2
        assert says in capsys.readouterr().err
    for order in ([str(films), "--every", "0"], [str(films), "--every", "two"], []):
        with pytest.raises(SystemExit) as ended:
            main(order, Marker)
        assert ended.value.code == 2


def test_clips_are_chosen_by_a_part_of_their_name(tmp_path: Path) -> None:
    truth = parse_truth(EMPTY)
    for name in truth.clips:
        (tmp_path / name).touch()
    assert choose(truth, tmp_path, []) == ["a.avi", "b.avi"]
    assert choose(truth, tmp_path, ["b.avi", "a.", "b."]) == ["b.avi", "a.avi"]
    with pytest.raises(EvaluationError, match=r"means a\.avi and b\.avi"):
        choose(truth, tmp_path, ["avi"])
    (tmp_path / "b.avi").unlink()
    assert choose(truth, tmp_path, []) == ["a.avi"]


@pytest.mark.long
def test_the_real_perceiver_on_the_real_films(
    footage: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All clips, every third frame: the harness runs through, and nobody is seen where nobody is."""
    try:
        assert main([str(footage), "--every", "3", "--json", str(tmp_path / "out.json")]) == 0
    finally:
        print(capsys.readouterr().out)
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert set(written["clips"]) == set(load_truth(TRUTH).clips)
    bars = {bar["bar"]: bar for bar in written["bars"]}
    assert bars["empty"]["passed"] is True
    assert written["clips"]["pyfeat_single_face.mp4"]["face_settled"]["share"] == 1.0
    assert all(clip["failures"] == 0 for clip in written["clips"].values())
