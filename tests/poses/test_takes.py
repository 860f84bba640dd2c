"""Recording the artist's poses and reading them while the piece runs."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.poses import PosesConfig
from installation.poses import table as pose_table
from installation.poses.features import person_features
from installation.poses.takes import DONE_SHOWN_S, LOST_S, MAX_GAP_S, RECORDING, STAGE, Posing
from installation.types import Box, Observation, Person
from tests.poses.posed_figures import POSES, fitted, seen

STEP_S = 0.1
ARMS_UP = seen(POSES["arms_up"])
FAR = replace(seen(POSES["arms_crossed"], person_id=2), box=Box(0.1, 0.4, 0.2, 0.7))
NEAR = replace(seen(POSES["one_arm_out"], person_id=3), box=Box(0.5, 0.0, 0.9, 1.0))


class Stage:
    """A Posing with 5 frames of countdown and takes of 10 frames (11 rows), fed at ten observations a second.

    Its times lie between two frames, so that rounding decides nothing.
    """

    def __init__(self, root: Path, gestures: bool = False, **settings: object) -> None:
        self.root, self.notices, self.now_s = root, Notices(ManualClock()), 0.0
        self.recorded: list[tuple[str, int]] = []
        self.failed: list[str] = []
        self.config = PosesConfig(countdown_s=0.45, record_s=0.95, **settings)
        self.posing = Posing(
            self.config, gestures, root, self.notices, lambda *told: self.recorded.append(told), self.failed.append
        )

    def watch(self, seconds: float, *people: Person) -> None:
        """Let ``people`` be seen for so long."""
        for _ in range(round(seconds / STEP_S)):
            self.posing.record(self.observation(*people))
            self.now_s += STEP_S

    def observation(self, *people: Person) -> Observation:
        return Observation(self.now_s, 1, people, (640, 360))

    def told(self, kind: str, stage: str) -> list[str]:
        return [note.message for note in self.notices.active() if (note.kind, note.stage) == (kind, stage)]

    def rows(self) -> dict[tuple[str, str, int], int]:
        return pose_table.counts(self.root / "poses" / "poses.csv")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture(scope="module")
def model() -> bytes:
    return fitted()[1].data


def place(path: Path, data: bytes) -> None:
    """Store a file in one step, as the training does."""
    path.parent.mkdir(exist_ok=True)
    path.with_suffix(".part").write_bytes(data)
    path.with_suffix(".part").replace(path)


def test_a_take_waits_for_a_visitor_counts_down_and_then_counts_rows(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    assert stage.posing.caption(0.0) == ("arms_up", "step in front of the camera")
    stage.watch(30)
    assert stage.posing.caption(stage.now_s) == ("arms_up", "step in front of the camera")
    stage.watch(0.3, ARMS_UP)
    assert stage.posing.caption(stage.now_s) == ("1", "take the pose arms_up")
    stage.watch(0.5, ARMS_UP)
    large, below = stage.posing.caption(stage.now_s)
    assert large == "3"
    assert "recording arms_up" in below
    assert stage.posing.recording
    stage.watch(1.0, ARMS_UP)
    assert not stage.posing.recording
    assert stage.rows() == {("arms_up", "p1", 1): 11}
    assert stage.recorded == [("arms_up", 11)]
    large, below = stage.posing.caption(stage.now_s)
    assert large == "done"
    assert "11 rows of arms_up by p1, take 1" in below
    assert stage.posing.caption(stage.now_s + DONE_SHOWN_S) == ("", "")


def test_the_countdown_is_shown_second_by_second(tmp_path: Path) -> None:
    posing = Posing(PosesConfig(countdown_s=3.0), False, tmp_path, Notices(ManualClock()))
    posing.begin("bow")
    posing.record(Observation(10.0, 1, (ARMS_UP,), (640, 360)))
    assert [posing.caption(10.0 + t)[0] for t in (0.0, 0.9, 1.1, 2.1, 2.9)] == ["3", "3", "2", "1", "1"]


def test_what_is_stored_is_what_was_shown(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(2, ARMS_UP)
    table = pose_table.read(stage.root / "poses" / "poses.csv")
    np.testing.assert_allclose(table.features, np.tile(features(ARMS_UP), (11, 1)), atol=1e-4)


def features(person: Person) -> np.ndarray:
    found = person_features(person)
    assert found is not None
    return found


def test_time_without_anybody_does_not_count(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(1.0, ARMS_UP)
    stage.watch(0.5)
    stage.watch(0.3, ARMS_UP)
    assert stage.posing.recording
    stage.watch(1.0, ARMS_UP)
    # Two stretches whose seconds add up to one, each with one row more than steps.
    assert stage.rows() == {("arms_up", "p1", 1): 12}


def test_a_stall_counts_little(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.posing.begin("arms_up", seconds=2 * MAX_GAP_S - 0.05)
    stage.watch(0.6, ARMS_UP)
    stage.now_s += 60
    stage.watch(0.5, ARMS_UP)
    assert stage.posing.recording
    stage.watch(1.0, ARMS_UP)
    assert not stage.posing.recording


def test_who_left_and_comes_back_has_the_countdown_again(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(0.9, ARMS_UP)
    stage.watch(LOST_S + 0.2)
    assert stage.posing.caption(stage.now_s) == ("arms_up", "step in front of the camera")
    stage.watch(0.4, ARMS_UP)
    assert stage.posing.caption(stage.now_s)[0] == "1"
    stage.watch(1.2, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 12}


def test_the_largest_visitor_is_recorded(stage: Stage) -> None:
    stage.posing.begin("one_arm_out")
    stage.watch(2, FAR, NEAR, ARMS_UP)
    table = pose_table.read(stage.root / "poses" / "poses.csv")
    np.testing.assert_allclose(table.features, np.tile(features(NEAR), (11, 1)), atol=1e-4)


def test_who_passes_by_in_front_is_not_recorded(stage: Stage) -> None:
    stage.posing.begin("arms_crossed")
    stage.watch(0.8, FAR)
    stage.watch(0.4, FAR, NEAR)
    stage.watch(0.3, NEAR)
    stage.watch(1.0, FAR)
    table = pose_table.read(stage.root / "poses" / "poses.csv")
    np.testing.assert_allclose(table.features, np.tile(features(FAR), (12, 1)), atol=1e-4)


def test_somebody_else_takes_over_after_the_first_has_left(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(0.8, ARMS_UP)
    stage.watch(LOST_S + 0.2 + 0.5 + 1.0, FAR)
    assert not stage.posing.recording


def test_who_is_not_looked_at_in_a_frame_gives_no_row_but_stays(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(0.5, ARMS_UP)
    for _ in range(5):
        stage.watch(0.1, ARMS_UP)
        stage.watch(0.1, replace(ARMS_UP, seen_s=stage.now_s - 0.1))
    stage.watch(0.1, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 6}


def test_where_nothing_can_be_measured_no_time_counts_and_it_is_said(stage: Stage) -> None:
    nan = ARMS_UP.pose_world.copy()
    nan[3, 1] = np.nan
    stage.posing.begin("arms_up")
    for hidden in (Person(1, ARMS_UP.box, 1.0), replace(ARMS_UP, pose_world=nan)):
        stage.watch(5, hidden)
        assert stage.posing.caption(stage.now_s) == ("0", "step back: your shoulders must be in the picture")
    stage.watch(1.1, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 11}


def test_takes_are_numbered_and_only_one_runs_at_a_time(stage: Stage) -> None:
    for person in ("p1", "", "p2"):
        stage.posing.begin("arms_up", person)
        stage.posing.begin("other", "p9")
        stage.watch(2, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 11, ("arms_up", "p1", 2): 11, ("arms_up", "p2", 1): 11}


def test_label_and_length_come_from_the_settings_where_nobody_says_them(tmp_path: Path) -> None:
    stage = Stage(tmp_path, record_label="bow", record_person="ada")
    stage.posing.begin()
    stage.watch(2, ARMS_UP)
    stage.posing.begin(seconds=0.25)
    stage.watch(2, ARMS_UP)
    assert stage.rows() == {("bow", "ada", 1): 11, ("bow", "ada", 2): 4}


def test_nothing_is_lost_when_it_closes(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(1.0, ARMS_UP)
    stage.posing.close()
    assert stage.rows() == {("arms_up", "p1", 1): 5}
    assert stage.recorded == [("arms_up", 5)]
    stage.posing.close()
    assert stage.recorded == [("arms_up", 5)]


def test_closing_stores_no_empty_take_and_begins_no_new_one(stage: Stage) -> None:
    stage.posing.on_recorded = lambda *_: stage.posing.begin("arms_up")
    stage.posing.begin("arms_up")
    stage.watch(0.3, ARMS_UP)
    stage.posing.close()
    assert not (stage.root / "poses").exists()
    stage.posing.begin("arms_up")
    assert not stage.posing.recording
    assert stage.failed == []


@pytest.mark.parametrize(
    ("label", "person", "said"),
    [
        ("arms up", "", "'arms up' is no label"),
        ("1st", "", "no label"),
        ("bow", "Ada Lovelace", "'Ada Lovelace' is no name"),
    ],
)
def test_bad_names_are_told_before_anybody_poses(stage: Stage, label: str, person: str, said: str) -> None:
    stage.posing.begin(label, person)
    assert not stage.posing.recording
    assert said in stage.told("fault", RECORDING)[0]
    assert said in stage.failed[0]
    stage.posing.begin("arms_up")
    assert stage.told("fault", RECORDING) == []


def test_a_table_that_cannot_be_used_is_told_before_anybody_poses(stage: Stage) -> None:
    place(stage.root / "poses" / "poses.csv", b"label;person;take\n")
    stage.posing.begin("arms_up")
    assert not stage.posing.recording
    assert "poses.csv:1: columns are separated by ';'" in stage.told("fault", RECORDING)[0]


def test_a_table_that_cannot_be_written_is_told_and_the_piece_goes_on(stage: Stage) -> None:
    stage.posing.begin("arms_up")
    stage.watch(0.8, ARMS_UP)
    (stage.root / "poses").write_text("a file where the folder should be")
    stage.watch(2, ARMS_UP)
    assert "the take of arms_up is not stored" in stage.told("fault", RECORDING)[0]
    assert len(stage.failed) == 1
    assert stage.recorded == []
    assert stage.posing.caption(stage.now_s) == ("", "")
    (stage.root / "poses").unlink()
    stage.posing.begin("arms_up")
    stage.watch(2, ARMS_UP)
    assert stage.told("fault", RECORDING) == []
    assert stage.recorded == [("arms_up", 11)]


def test_a_model_that_appears_breaks_and_goes_is_taken_up_and_told(
    stage: Stage, model: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path, posing = stage.root / "poses" / "poses.onnx", stage.posing

    def labels() -> list[str]:
        posing.poll()
        posing.poll()
        return [label for label, _ in posing.read(stage.observation(ARMS_UP)).people[0].poses]

    assert labels() == []
    place(path, model)
    with caplog.at_level(logging.INFO):
        assert labels()[0] == "arms_up"
    assert "poses: arms_crossed, arms_up, one_arm_out" in caplog.text
    place(path, b"not a model")
    assert labels()[0] == "arms_up"
    assert "the former one stays in use" in stage.told("fault", STAGE)[0]
    path.unlink()
    assert labels() == []
    assert stage.told("fault", STAGE) == []
    place(path, b"not a model")
    assert labels() == []
    assert "train poses" in stage.told("fault", STAGE)[0]
    place(path, model)
    assert labels()[0] == "arms_up"
    assert stage.told("fault", STAGE) == []


def test_another_model_in_the_settings_counts_at_once(stage: Stage, model: bytes) -> None:
    place(stage.root / "poses" / "other.onnx", model)
    stage.posing.reconfigure(PosesConfig(model="poses/other.onnx"), False)
    assert stage.posing.read(stage.observation(ARMS_UP)).people[0].poses[0][0] == "arms_up"
    stage.posing.reconfigure(PosesConfig(), False)
    assert stage.posing.read(stage.observation(ARMS_UP)).people[0].poses == ()


@pytest.fixture
def reading(tmp_path: Path, model: bytes) -> Posing:
    place(tmp_path / "poses" / "poses.onnx", model)
    return Stage(tmp_path).posing


def read(posing: Posing, *people: Person) -> list[tuple[tuple[str, float], ...]]:
    return [person.poses for person in posing.read(Observation(0.0, 1, people, (640, 360))).people]


def test_everybody_has_labels_and_nothing_else_changes(reading: Posing) -> None:
    given = Observation(4.0, 7, (ARMS_UP, FAR), (640, 360), 3.5)
    found = reading.read(given)
    assert [person.poses[0][0] for person in found.people] == ["arms_up", "arms_crossed"]
    assert found.people[0].pose is ARMS_UP.pose
    assert (found.t_s, found.seq, found.frame_size, found.compute_ms) == (4.0, 7, (640, 360), 3.5)
    assert given.people[0].poses == ()


def test_who_was_not_looked_at_again_keeps_the_labels(reading: Posing) -> None:
    first = read(reading, ARMS_UP)[0]
    # Were it read again, this posture would have other labels.
    other = replace(seen(POSES["arms_crossed"]), seen_s=0.0)
    assert read(reading, other) == [first]
    assert read(reading, other) == [first]
    assert read(reading, replace(other, seen_s=None))[0][0][0] == "arms_crossed"
    assert read(reading) == []
    assert read(reading, replace(ARMS_UP, seen_s=0.0))[0][0][0] == "arms_up", "who is new is read in any case"


def test_landmarks_that_are_not_finite_have_no_labels(reading: Posing) -> None:
    nan = ARMS_UP.pose_world.copy()
    nan[0, 0] = np.nan
    assert read(reading, replace(ARMS_UP, pose_world=nan)) == [()]


def test_labels_that_nobody_can_show_are_told(tmp_path: Path, model: bytes) -> None:
    stage = Stage(tmp_path, meanings={"arms_pu": {"happy": 1.0}}, commands={"arms_up": "clear", "Victory": "snapshot"})
    told = stage.told("fallback", STAGE)[0]
    assert "arms_pu, arms_up: set in config.yaml, but neither a trained pose nor a gesture" in told
    assert "Victory: gestures are not read; set perception.gestures to true" in told
    place(tmp_path / "poses" / "poses.onnx", model)
    stage.posing.poll()
    stage.posing.poll()
    assert stage.told("fallback", STAGE)[0].startswith("arms_pu: set in")
    stage.posing.reconfigure(replaced(stage.config, meanings={}), True)
    assert stage.told("fallback", STAGE) == []
    (tmp_path / "poses" / "poses.onnx").unlink()
    stage.posing.poll()
    assert stage.told("fallback", STAGE)[0].startswith("arms_up: set in")


def replaced(config: PosesConfig, **settings: object) -> PosesConfig:
    return config.model_copy(update=settings)


def test_gestures_have_a_meaning_without_any_model(tmp_path: Path) -> None:
    stage = Stage(tmp_path, gestures=True, meanings={"Thumb_Up": {"happy": 1.0}})
    assert stage.notices.active() == ()
    given = stage.observation(Person(1, ARMS_UP.box, 1.0, gestures=("Thumb_Up",)))
    assert stage.posing.read(given).people[0].gestures == ("Thumb_Up",)


def test_a_broken_model_does_not_hide_labels_that_nobody_can_show(tmp_path: Path) -> None:
    place(tmp_path / "poses" / "poses.onnx", b"no model")
    stage = Stage(tmp_path, commands={"Victory": "snapshot"})
    assert "cannot be loaded" in stage.told("fault", STAGE)[0]
    assert "Victory" in stage.told("fallback", STAGE)[0]
