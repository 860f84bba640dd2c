"""Reading the artist's poses while the piece runs: labels on people, and notices about models and labels."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from installation.base.clock import ManualClock
from installation.base.notices import Notices
from installation.config.poses import PosesConfig
from installation.poses.labels import LABELS, MODEL, PoseLabels
from installation.types import Observation, Person
from tests.poses.posed_figures import POSES, fitted, seen

ARMS_UP = seen(POSES["arms_up"])
CROSSED = seen(POSES["arms_crossed"], person_id=2)


class Stage:
    """A PoseLabels and its notices."""

    def __init__(self, root: Path, gestures: bool = False, **settings: object) -> None:
        self.root, self.notices = root, Notices(ManualClock())
        self.config = PosesConfig(**settings)
        self.labels = PoseLabels(self.config, gestures, root, self.notices)

    def observation(self, *people: Person) -> Observation:
        return Observation(0.0, 1, people, (640, 360))

    def active(self, kind: str, stage: str) -> list[str]:
        return [note.message for note in self.notices.active() if (note.kind, note.stage) == (kind, stage)]


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


def test_a_model_that_appears_breaks_and_goes_is_loaded_and_reported(
    stage: Stage, model: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path, reading = stage.root / "poses" / "poses.onnx", stage.labels

    def labels() -> list[str]:
        reading.poll()
        reading.poll()
        return [label for label, _ in reading.read(stage.observation(ARMS_UP)).people[0].poses]

    assert labels() == []
    place(path, model)
    with caplog.at_level(logging.INFO):
        assert labels()[0] == "arms_up"
    assert "poses: arms_crossed, arms_up, one_arm_out" in caplog.text
    place(path, b"not a model")
    assert labels()[0] == "arms_up"
    assert "the previous one stays in use" in stage.active("fault", MODEL)[0]
    path.unlink()
    assert labels() == []
    assert stage.active("fault", MODEL) == []
    place(path, b"not a model")
    assert labels() == []
    assert "train poses" in stage.active("fault", MODEL)[0]
    place(path, model)
    assert labels()[0] == "arms_up"
    assert stage.active("fault", MODEL) == []


def test_another_model_in_the_settings_counts_at_once(stage: Stage, model: bytes) -> None:
    place(stage.root / "poses" / "other.onnx", model)
    stage.labels.reconfigure(PosesConfig(model="poses/other.onnx"), False)
    assert stage.labels.read(stage.observation(ARMS_UP)).people[0].poses[0][0] == "arms_up"
    stage.labels.reconfigure(PosesConfig(), False)
    assert stage.labels.read(stage.observation(ARMS_UP)).people[0].poses == ()


@pytest.fixture
def reading(tmp_path: Path, model: bytes) -> PoseLabels:
    place(tmp_path / "poses" / "poses.onnx", model)
    return Stage(tmp_path).labels


def read(reading: PoseLabels, *people: Person) -> list[tuple[tuple[str, float], ...]]:
    return [person.poses for person in reading.read(Observation(0.0, 1, people, (640, 360))).people]


def test_everybody_has_labels_and_nothing_else_changes(reading: PoseLabels) -> None:
    given = Observation(4.0, 7, (ARMS_UP, CROSSED), (640, 360), 3.5)
    found = reading.read(given)
    assert [person.poses[0][0] for person in found.people] == ["arms_up", "arms_crossed"]
    assert found.people[0].pose is ARMS_UP.pose
    assert (found.t_s, found.seq, found.frame_size, found.compute_ms) == (4.0, 7, (640, 360), 3.5)
    assert given.people[0].poses == ()


def test_who_was_not_looked_at_again_keeps_the_labels(reading: PoseLabels) -> None:
    first = read(reading, ARMS_UP)[0]
    # Were it read again, this posture would have other labels.
    other = replace(seen(POSES["arms_crossed"]), seen_s=0.0)
    assert read(reading, other) == [first]
    assert read(reading, other) == [first]
    assert read(reading, replace(other, seen_s=None))[0][0][0] == "arms_crossed"
    assert read(reading) == []
    assert read(reading, replace(ARMS_UP, seen_s=0.0))[0][0][0] == "arms_up", "who is new is read in any case"


def test_landmarks_that_are_not_finite_have_no_labels(reading: PoseLabels) -> None:
    nan = ARMS_UP.pose_world.copy()
    nan[0, 0] = np.nan
    assert read(reading, replace(ARMS_UP, pose_world=nan)) == [()]


def test_labels_that_nobody_can_show_are_reported(tmp_path: Path, model: bytes) -> None:
    stage = Stage(tmp_path, meanings={"arms_pu": {"happy": 1.0}}, commands={"arms_up": "clear", "Victory": "snapshot"})
    warned = stage.active("fallback", LABELS)[0]
    assert "arms_pu, arms_up: set in config.yaml, but neither a trained pose nor a gesture" in warned
    assert "Victory: gestures are not read; set perception.gestures to true" in warned
    place(tmp_path / "poses" / "poses.onnx", model)
    stage.labels.poll()
    stage.labels.poll()
    assert stage.active("fallback", LABELS)[0].startswith("arms_pu: set in")
    stage.labels.reconfigure(replaced(stage.config, meanings={}), True)
    assert stage.active("fallback", LABELS) == []
    (tmp_path / "poses" / "poses.onnx").unlink()
    stage.labels.poll()
    assert stage.active("fallback", LABELS)[0].startswith("arms_up: set in")


def replaced(config: PosesConfig, **settings: object) -> PosesConfig:
    return config.model_copy(update=settings)


def test_gestures_have_a_meaning_without_any_model(tmp_path: Path) -> None:
    stage = Stage(tmp_path, gestures=True, meanings={"Thumb_Up": {"happy": 1.0}})
    assert stage.notices.active() == ()
    given = stage.observation(Person(1, ARMS_UP.box, 1.0, gestures=("Thumb_Up",)))
    assert stage.labels.read(given).people[0].gestures == ("Thumb_Up",)


def test_a_broken_model_does_not_hide_labels_that_nobody_can_show(tmp_path: Path) -> None:
    place(tmp_path / "poses" / "poses.onnx", b"no model")
    stage = Stage(tmp_path, commands={"Victory": "snapshot"})
    assert "cannot be loaded" in stage.active("fault", MODEL)[0]
    assert "Victory" in stage.active("fallback", LABELS)[0]
