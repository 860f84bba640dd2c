"""Recording takes of the artist's poses while the piece runs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.poses import PosesConfig
from installation.poses import table as pose_table
from installation.poses.features import person_features
from installation.poses.takes import DONE_SHOWN_S, LOST_S, MAX_GAP_S, RECORDING, PoseTakes
from installation.types import Box, Observation, Person
from tests.poses.posed_figures import POSES, seen

STEP_S = 0.1
ARMS_UP = seen(POSES["arms_up"])
FAR = replace(seen(POSES["arms_crossed"], person_id=2), box=Box(0.1, 0.4, 0.2, 0.7))
NEAR = replace(seen(POSES["one_arm_out"], person_id=3), box=Box(0.5, 0.0, 0.9, 1.0))


class Stage:
    """A PoseTakes with 5 frames of countdown and takes of 10 frames (11 rows), fed at ten observations a second.

    Its times lie between two frames, so that rounding decides nothing.
    """

    def __init__(self, root: Path, **settings: object) -> None:
        self.root, self.notices, self.now_s = root, Notices(ManualClock()), 0.0
        self.recorded: list[tuple[str, int]] = []
        self.failed: list[str] = []
        self.config = PosesConfig(countdown_s=0.45, record_s=0.95, **settings)
        self.takes = PoseTakes(
            self.config, root, self.notices, lambda *stored: self.recorded.append(stored), self.failed.append
        )

    def watch(self, seconds: float, *people: Person) -> None:
        """Let ``people`` be seen for so long."""
        for _ in range(round(seconds / STEP_S)):
            self.takes.record(Observation(self.now_s, 1, people, (640, 360)))
            self.now_s += STEP_S

    def faults(self) -> list[str]:
        return [note.message for note in self.notices.active("fault") if note.stage == RECORDING]

    def rows(self) -> dict[tuple[str, str, int], int]:
        return pose_table.counts(self.root / "poses" / "poses.csv")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_take_waits_for_a_visitor_counts_down_and_then_counts_rows(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    assert stage.takes.caption(0.0) == ("arms_up", "step in front of the camera")
    stage.watch(30)
    assert stage.takes.caption(stage.now_s) == ("arms_up", "step in front of the camera")
    stage.watch(0.3, ARMS_UP)
    assert stage.takes.caption(stage.now_s) == ("1", "take the pose arms_up")
    stage.watch(0.5, ARMS_UP)
    large, below = stage.takes.caption(stage.now_s)
    assert large == "3"
    assert "recording arms_up" in below
    assert stage.takes.recording
    stage.watch(1.0, ARMS_UP)
    assert not stage.takes.recording
    assert stage.rows() == {("arms_up", "p1", 1): 11}
    assert stage.recorded == [("arms_up", 11)]
    large, below = stage.takes.caption(stage.now_s)
    assert large == "done"
    assert "11 rows of arms_up by p1, take 1" in below
    assert stage.takes.caption(stage.now_s + DONE_SHOWN_S) == ("", "")


def test_the_countdown_is_shown_second_by_second(tmp_path: Path) -> None:
    takes = PoseTakes(PosesConfig(countdown_s=3.0), tmp_path, Notices(ManualClock()))
    takes.begin("bow")
    takes.record(Observation(10.0, 1, (ARMS_UP,), (640, 360)))
    assert [takes.caption(10.0 + t)[0] for t in (0.0, 0.9, 1.1, 2.1, 2.9)] == ["3", "3", "2", "1", "1"]


def test_what_is_stored_is_what_was_shown(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(2, ARMS_UP)
    table = pose_table.read(stage.root / "poses" / "poses.csv")
    np.testing.assert_allclose(table.features, np.tile(features(ARMS_UP), (11, 1)), atol=1e-4)


def features(person: Person) -> np.ndarray:
    found = person_features(person)
    assert found is not None
    return found


def test_time_without_anybody_does_not_count(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(1.0, ARMS_UP)
    stage.watch(0.5)
    stage.watch(0.3, ARMS_UP)
    assert stage.takes.recording
    stage.watch(1.0, ARMS_UP)
    # Two stretches whose seconds add up to one, each with one row more than steps.
    assert stage.rows() == {("arms_up", "p1", 1): 12}


def test_a_stall_counts_little(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.takes.begin("arms_up", seconds=2 * MAX_GAP_S - 0.05)
    stage.watch(0.6, ARMS_UP)
    stage.now_s += 60
    stage.watch(0.5, ARMS_UP)
    assert stage.takes.recording
    stage.watch(1.0, ARMS_UP)
    assert not stage.takes.recording


def test_who_left_and_comes_back_has_the_countdown_again(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(0.9, ARMS_UP)
    stage.watch(LOST_S + 0.2)
    assert stage.takes.caption(stage.now_s) == ("arms_up", "step in front of the camera")
    stage.watch(0.4, ARMS_UP)
    assert stage.takes.caption(stage.now_s)[0] == "1"
    stage.watch(1.2, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 12}


def test_the_largest_visitor_is_recorded(stage: Stage) -> None:
    stage.takes.begin("one_arm_out")
    stage.watch(2, FAR, NEAR, ARMS_UP)
    table = pose_table.read(stage.root / "poses" / "poses.csv")
    np.testing.assert_allclose(table.features, np.tile(features(NEAR), (11, 1)), atol=1e-4)


def test_who_passes_by_in_front_is_not_recorded(stage: Stage) -> None:
    stage.takes.begin("arms_crossed")
    stage.watch(0.8, FAR)
    stage.watch(0.4, FAR, NEAR)
    stage.watch(0.3, NEAR)
    stage.watch(1.0, FAR)
    table = pose_table.read(stage.root / "poses" / "poses.csv")
    np.testing.assert_allclose(table.features, np.tile(features(FAR), (12, 1)), atol=1e-4)


def test_somebody_else_takes_over_after_the_first_has_left(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(0.8, ARMS_UP)
    stage.watch(LOST_S + 0.2 + 0.5 + 1.0, FAR)
    assert not stage.takes.recording


def test_who_is_not_looked_at_in_a_frame_gives_no_row_but_stays(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(0.5, ARMS_UP)
    for _ in range(5):
        stage.watch(0.1, ARMS_UP)
        stage.watch(0.1, replace(ARMS_UP, seen_s=stage.now_s - 0.1))
    stage.watch(0.1, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 6}


def test_where_nothing_can_be_measured_no_time_counts_and_it_is_said(stage: Stage) -> None:
    nan = ARMS_UP.pose_world.copy()
    nan[3, 1] = np.nan
    stage.takes.begin("arms_up")
    for hidden in (Person(1, ARMS_UP.box, 1.0), replace(ARMS_UP, pose_world=nan)):
        stage.watch(5, hidden)
        assert stage.takes.caption(stage.now_s) == ("0", "step back: your shoulders must be in the picture")
    stage.watch(1.1, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 11}


def test_takes_are_numbered_and_only_one_runs_at_a_time(stage: Stage) -> None:
    for person in ("p1", "", "p2"):
        stage.takes.begin("arms_up", person)
        stage.takes.begin("other", "p9")
        stage.watch(2, ARMS_UP)
    assert stage.rows() == {("arms_up", "p1", 1): 11, ("arms_up", "p1", 2): 11, ("arms_up", "p2", 1): 11}


def test_label_and_length_come_from_the_settings_where_nobody_says_them(tmp_path: Path) -> None:
    stage = Stage(tmp_path, record_label="bow", record_person="ada")
    stage.takes.begin()
    stage.watch(2, ARMS_UP)
    stage.takes.begin(seconds=0.25)
    stage.watch(2, ARMS_UP)
    assert stage.rows() == {("bow", "ada", 1): 11, ("bow", "ada", 2): 4}


def test_nothing_is_lost_when_it_closes(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(1.0, ARMS_UP)
    stage.takes.close()
    assert stage.rows() == {("arms_up", "p1", 1): 5}
    assert stage.recorded == [("arms_up", 5)]
    stage.takes.close()
    assert stage.recorded == [("arms_up", 5)]


def test_closing_stores_no_empty_take_and_begins_no_new_one(stage: Stage) -> None:
    stage.takes.on_recorded = lambda *_: stage.takes.begin("arms_up")
    stage.takes.begin("arms_up")
    stage.watch(0.3, ARMS_UP)
    stage.takes.close()
    assert not (stage.root / "poses").exists()
    stage.takes.begin("arms_up")
    assert not stage.takes.recording
    assert stage.failed == []


@pytest.mark.parametrize(
    ("label", "person", "said"),
    [
        ("arms up", "", "'arms up' is no label"),
        ("1st", "", "no label"),
        ("bow", "Ada Lovelace", "'Ada Lovelace' is no name"),
    ],
)
def test_bad_names_are_reported_before_anybody_poses(stage: Stage, label: str, person: str, said: str) -> None:
    stage.takes.begin(label, person)
    assert not stage.takes.recording
    assert said in stage.faults()[0]
    assert said in stage.failed[0]
    stage.takes.begin("arms_up")
    assert stage.faults() == []


def test_a_table_that_cannot_be_used_is_reported_before_anybody_poses(stage: Stage) -> None:
    (stage.root / "poses").mkdir()
    (stage.root / "poses" / "poses.csv").write_bytes(b"label;person;take\n")
    stage.takes.begin("arms_up")
    assert not stage.takes.recording
    assert "poses.csv:1: column 4 is missing, expected 'trunk_side'" in stage.faults()[0]


def test_a_table_that_cannot_be_written_is_reported_and_the_piece_goes_on(stage: Stage) -> None:
    stage.takes.begin("arms_up")
    stage.watch(0.8, ARMS_UP)
    (stage.root / "poses").write_text("a file where the folder should be")
    stage.watch(2, ARMS_UP)
    assert "the take of arms_up is not stored" in stage.faults()[0]
    assert len(stage.failed) == 1
    assert stage.recorded == []
    assert stage.takes.caption(stage.now_s) == ("", "")
    (stage.root / "poses").unlink()
    stage.takes.begin("arms_up")
    stage.watch(2, ARMS_UP)
    assert stage.faults() == []
    assert stage.recorded == [("arms_up", 11)]
