"""Poses: what is measured depends on the posture alone, and model files come and go."""

import json
import math
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from installation.capture.simulated.figure import ANGLES, Posture
from installation.config.poses import PosesConfig
from installation.poses.features import (
    BODY_COLUMNS,
    COLUMNS,
    FACE_COLUMNS,
    LEG_COLUMNS,
    LEG_REST,
    arms_seen,
    face_features,
    mirror_columns,
    person_features,
    pose_features,
)
from installation.poses.reader import PoseReader, unknown_labels
from installation.types import Box, Person
from tests.poses.posed_figures import POSES, UNKNOWN, fitted, mirrored, seen

LEGS = [COLUMNS.index(name) for name in LEG_COLUMNS]
TURNED = BODY_COLUMNS.index("facing")
SITTING = {"left_hip": 1.5, "left_knee": 1.5, "right_hip": 1.5, "right_knee": 1.5}
CLOSE = {"distance_m": 1.6, "lower": 0.25}
"""Near enough that the picture ends above the knees."""

postures = st.lists(st.floats(-1.2, 1.2), min_size=len(ANGLES), max_size=len(ANGLES)).map(
    lambda angles: Posture.of(np.array(angles))
)


@given(postures, st.floats(-0.5, 0.5), st.floats(3.0, 8.0), st.floats(0.6, 1.2))
def test_place_distance_and_size_change_nothing(posture: Posture, x_m: float, distance_m: float, size: float) -> None:
    here, there = seen(posture, distance_m=4.0), seen(posture, x_m=x_m, distance_m=distance_m, size=size)
    assume((here.pose[:, 3] > 0.9).all() and (there.pose[:, 3] > 0.9).all())
    np.testing.assert_allclose(person_features(there), person_features(here), atol=1e-4)


@given(st.sampled_from(sorted(POSES)), st.floats(-1.2, 1.2))
def test_turning_shows_in_one_column_only(name: str, yaw: float) -> None:
    straight = person_features(seen(POSES[name], distance_m=5.0))
    turned = person_features(seen(replace(POSES[name], yaw=yaw), distance_m=5.0))
    assert turned[TURNED] == pytest.approx(math.cos(yaw), abs=1e-4)
    np.testing.assert_allclose(np.delete(turned, TURNED), np.delete(straight, TURNED), atol=1e-4)


@given(postures)
def test_the_mirror_image_is_the_same_numbers_with_sides_swapped(posture: Posture) -> None:
    person = seen(posture)
    order, sign = mirror_columns(COLUMNS)
    plain = person_features(person)
    np.testing.assert_allclose(person_features(mirrored(person)), plain[order] * sign, atol=1e-5)
    np.testing.assert_array_equal((plain[order] * sign)[order] * sign, plain)


@given(postures, st.floats(2.0, 6.0), st.floats(-0.5, 0.5))
def test_every_number_stays_in_its_range(posture: Posture, distance_m: float, lower: float) -> None:
    person = seen(posture, distance_m=distance_m, lower=lower)
    named = dict(zip(BODY_COLUMNS, pose_features(person.pose_world, person.pose)))
    for name, value in named.items():
        low, high = (0, 1) if "bend" in name else (0, 3) if "hand" in name else (-1, 1)
        assert low - 1e-5 <= value <= high + 1e-5, name


def test_numbers_mean_what_they_are_called() -> None:
    up = dict(zip(COLUMNS, person_features(seen(POSES["arms_up"], distance_m=4.5))))
    crossed = dict(zip(COLUMNS, person_features(seen(POSES["arms_crossed"]))))
    bow = dict(zip(COLUMNS, person_features(seen(UNKNOWN["bow"]))))
    assert up["left_upper_arm_up"] > 0.8
    assert up["left_upper_arm_out"] > 0.2
    assert up["right_upper_arm_out"] > 0.2
    assert crossed["left_forearm_out"] < -0.5
    assert crossed["right_elbow_bend"] > 0.5
    assert crossed["hands_apart"] < up["hands_apart"]
    assert bow["trunk_forward"] > 0.8
    assert up["trunk_up"] == pytest.approx(1.0, abs=1e-4)


def test_legs_out_of_the_picture_do_not_decide() -> None:
    standing, sitting = seen(POSES["arms_up"], **CLOSE), seen(replace(POSES["arms_up"], **SITTING), **CLOSE)
    assert (standing.pose[25:29, 3] < 0.1).all()
    np.testing.assert_array_equal(person_features(standing)[LEGS], LEG_REST)
    sitting_world = sitting.pose_world.copy()
    sitting_world[:23] = standing.pose_world[:23]
    hidden = replace(standing, pose_world=sitting_world)
    np.testing.assert_array_equal(person_features(hidden)[LEGS], LEG_REST)
    far = person_features(seen(replace(POSES["arms_up"], **SITTING)))
    assert far[COLUMNS.index("left_thigh_forward")] > 0.9


def test_a_point_fades_out_without_a_jump() -> None:
    person = seen(POSES["one_arm_out"])
    before = None
    for visibility in np.linspace(1, 0, 101, dtype=np.float32):
        world = person.pose_world.copy()
        world[13:17, 3] = visibility
        now = person_features(replace(person, pose_world=world))
        if before is not None:
            assert np.abs(now - before).max() < 0.15
        before = now
    assert before[COLUMNS.index("left_upper_arm_up")] == pytest.approx(-1.0)


def test_without_shoulders_or_a_body_nothing_is_measured() -> None:
    person = seen(POSES["arms_up"])
    world = person.pose_world.copy()
    world[11, 3] = 0.0
    assert person_features(replace(person, pose_world=world)) is None
    assert person_features(Person(1, Box(0, 0, 1, 1), 1.0)) is None
    world = person.pose_world.copy()
    world[13:23, 3] = 0.0
    assert arms_seen(person)
    assert not arms_seen(replace(person, pose_world=world))


@pytest.mark.parametrize("spoil", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused(spoil: float) -> None:
    person = seen(POSES["arms_up"])
    world = person.pose_world.copy()
    world[3, 1] = spoil
    with pytest.raises(ValueError, match="finite"):
        pose_features(world, person.pose)


def test_what_is_no_body_is_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        pose_features(np.ones((33, 4), np.float32) * [0, 0, 0, 1], np.full((33, 4), 0.5, np.float32))
    with pytest.raises(ValueError, match="33"):
        pose_features(np.zeros((17, 4), np.float32), np.zeros((33, 4), np.float32))


def test_a_face_is_measured_alike_on_both_sides_and_may_be_missing() -> None:
    smile = np.zeros(52, np.float32)
    smile[[44, 45]] = 0.8
    named = dict(zip(FACE_COLUMNS, face_features(smile)))
    assert named["mouth_smile"] == pytest.approx(0.8)
    assert sum(named.values()) == pytest.approx(0.8)
    assert not face_features(None).any()
    with pytest.raises(ValueError, match="52"):
        face_features(np.zeros(51, np.float32))


@pytest.fixture
def model_path(tmp_path: Path) -> Path:
    path = tmp_path / "poses.onnx"
    path.write_bytes(fitted()[1].data)
    return path


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PoseReader:
    path = tmp_path_factory.mktemp("model") / "poses.onnx"
    path.write_bytes(fitted()[1].data)
    return PoseReader(path)


@given(
    st.sampled_from(sorted(POSES)),
    st.floats(-0.8, 0.8),
    st.floats(2.8, 6.0),
    st.floats(0.65, 1.15),
    st.floats(-0.6, 0.6),
)
def test_the_same_label_when_moved_scaled_turned_and_mirrored(
    reader: PoseReader, name: str, x_m: float, distance_m: float, size: float, yaw: float
) -> None:
    person = seen(replace(POSES[name], yaw=yaw), x_m=x_m, distance_m=distance_m, size=size)
    found, reflected = reader.read(person), reader.read(mirrored(person))
    assert found[0][0] == name
    assert found[0][1] > 0.9
    assert reflected[0][1] == pytest.approx(found[0][1], abs=1e-3)
    assert [label for label, _ in found] == sorted([label for label, _ in found], key=lambda x: -dict(found)[x])


@pytest.mark.parametrize("name", sorted(POSES))
def test_a_label_is_read_in_half_length_views_and_from_people_who_sit(reader: PoseReader, name: str) -> None:
    for person in (seen(POSES[name], **CLOSE), seen(replace(POSES[name], **SITTING))):
        label, share = reader.read(person)[0]
        assert label == name
        assert share > 0.6


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_a_pose_that_was_never_recorded_is_none_of_them(reader: PoseReader, name: str) -> None:
    found = reader.read(seen(UNKNOWN[name]))
    assert max(share for _, share in found) < 0.3


def test_nothing_is_claimed_of_arms_that_nobody_sees(reader: PoseReader) -> None:
    person = seen(POSES["arms_up"])
    world = person.pose_world.copy()
    world[13:23, 3] = 0.0
    assert reader.read(replace(person, pose_world=world)) == ()
    assert reader.read(Person(1, Box(0, 0, 1, 1), 1.0)) == ()


def test_a_file_is_taken_up_changed_and_let_go_while_running(tmp_path: Path, model_path: Path) -> None:
    path = tmp_path / "show" / "poses.onnx"
    reader, person = PoseReader(path), seen(POSES["arms_up"])
    assert reader.poll() is None
    assert reader.read(person) == ()
    path.parent.mkdir()
    path.write_bytes(model_path.read_bytes())
    assert [reader.poll(), reader.poll()] == [None, None]
    assert reader.loads == 1
    assert reader.labels == tuple(sorted(POSES))
    assert reader.read(person)[0][0] == "arms_up"
    path.write_bytes(b"no model")
    reader.poll()
    for _ in range(3):
        problem = reader.poll()
        assert problem is not None
        assert str(path) in problem
        assert "train poses" in problem
        assert "stays in use" in problem
    assert reader.read(person)[0][0] == "arms_up"
    path.write_bytes(model_path.read_bytes())
    os.utime(path, ns=(5, 5))
    assert [reader.poll() is None, reader.poll()] == [False, None]
    assert reader.loads == 2
    path.unlink()
    assert reader.poll() is None
    assert reader.labels == ()
    assert reader.read(person) == ()


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ({"columns": json.dumps(["left_ear_wiggle"] * len(BODY_COLUMNS))}, "left_ear_wiggle"),
        ({"kind": "mien poses 0"}, "of this version"),
        ({"labels": "not json"}, "lacks its labels"),
        ({"labels": json.dumps(["arms_up", "none"])}, "expected is float32 (1, 2)"),
        ({"columns": json.dumps(BODY_COLUMNS[:5])}, "fails: Got invalid dimensions"),
    ],
)
def test_a_model_that_does_not_fit_is_reported_with_its_fix(
    model_path: Path, notes: dict[str, str], message: str
) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(model_path)
    facts = {entry.key: entry.value for entry in model.metadata_props} | notes
    onnx.helper.set_model_props(model, facts)
    onnx.save(model, model_path)
    reader = PoseReader(model_path)
    problem = reader.poll()
    assert problem is not None
    assert message in problem
    assert "run: python3 run.py train poses" in problem
    assert reader.labels == ()


def test_labels_that_nobody_knows_are_listed() -> None:
    config = PosesConfig(meanings={"arms_pu": {"happy": 1}, "Victory": {"happy": 1}}, commands={"bow": "clear"})
    assert unknown_labels(config, ("arms_up", "bow")) == ("arms_pu",)
    assert unknown_labels(config, ()) == ("arms_pu", "bow")
