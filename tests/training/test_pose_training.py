"""Training poses: honest about what was left out, stored so that it says the same everywhere, clear where it cannot."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="training poses needs scikit-learn")
pytest.importorskip("skl2onnx", reason="training poses needs skl2onnx")
pytest.importorskip("matplotlib", reason="training poses needs matplotlib")

from installation.config.perception import PerceptionConfig
from installation.poses import table as pose_table
from installation.poses.features import COLUMNS, FACE_COLUMNS, LEG_COLUMNS, LEG_REST, person_features
from installation.poses.reader import PoseModel, PoseReader
from installation.training import pose_fit, poses
from installation.training.pose_fit import NotEnoughError, PoseTrainer, fit, pipelines
from installation.training.pose_model import distances, gate_share, to_graph
from installation.training.pose_split import split, thin
from installation.types import Frame, Person
from tests.poses.posed_figures import POSES, UNKNOWN, as_table, fitted, mirrored, recorded, seen, take

NAMES = sorted(POSES)


def stored(data: bytes, folder: Path) -> PoseModel:
    path = folder / "poses.onnx"
    path.write_bytes(data)
    return PoseModel(path)


def test_takes_of_somebody_else_are_read_right(tmp_path: Path) -> None:
    model = stored(fitted()[1].data, tmp_path)
    rows = np.concatenate([take(name, seed) for name in NAMES for seed in (900, 901, 902)])
    truth = np.repeat(NAMES, len(rows) // len(NAMES))
    shares = model.probabilities(rows)
    read = np.array(model.labels)[shares.argmax(axis=1)]
    assert (read == truth).mean() >= 0.95
    assert ((read == truth) & (shares.max(axis=1) >= 0.6)).mean() >= 0.95


def test_poses_never_recorded_stay_below_the_threshold(tmp_path: Path) -> None:
    model = stored(fitted()[1].data, tmp_path)
    rows = np.concatenate([take(name, 950) for name in UNKNOWN])
    assert (model.probabilities(rows).max(axis=1) < 0.6).mean() >= 0.95


def test_people_are_left_out_where_every_pose_has_two() -> None:
    table, found = fitted()
    assert found.split.what == "people"
    assert found.split.honest
    assert found.split.warnings == ()
    people = np.array(table.people)
    for train, test in found.split.folds:
        assert not set(people[train]) & set(people[test])
        assert sorted([*train, *test]) == list(range(len(table)))


def test_with_one_person_takes_are_left_out() -> None:
    table = as_table(recorded(people=("p1",), takes=3, rows=12))
    found = split(table)
    assert (found.what, found.honest, len(found.folds)) == ("takes", True, 3)
    recording = np.array([f"{label} {number}" for label, number in zip(table.labels, table.takes)])
    for train, test in found.folds:
        assert not set(recording[train]) & set(recording[test])
        assert set(np.array(table.labels)[train]) == set(NAMES)


def test_a_pose_of_one_person_among_several_is_reported() -> None:
    found = split(as_table([*recorded(rows=12), *recorded(("bow",), ("p1",), 2, 12)]))
    assert found.what == "takes"
    assert found.honest
    assert "one person only: bow;" in found.warnings[0]


def test_a_single_take_is_said_to_be_no_honest_figure() -> None:
    found = split(as_table(recorded(people=("p1",), takes=1, rows=20)))
    assert not found.honest
    assert found.what == "pieces of a take"
    assert "one take only: arms_crossed, arms_up, one_arm_out" in found.warnings[0]
    assert "Record a second take" in found.warnings[0]
    for train, test in found.folds:
        assert len(train) > len(test) > 0


def test_thinning_is_even_over_labels_and_takes() -> None:
    many = [("a", "p1", 1, np.zeros((900, len(COLUMNS)))), ("a", "p1", 2, np.zeros((90, len(COLUMNS))))]
    table = as_table([*many, ("b", "p1", 1, np.zeros((40, len(COLUMNS))))])
    rows = thin(table, np.arange(len(table)), 120)
    kept = list(zip(np.array(table.labels)[rows], np.array(table.takes)[rows]))
    assert [kept.count(one) for one in (("a", 1), ("a", 2), ("b", 1))] == [30, 30, 40]
    steps = {b - a for a, b in pairwise(rows[:30].tolist())}
    assert steps == {30}


@pytest.mark.parametrize("name", list(pipelines([])))
@pytest.mark.parametrize("mirror", [True, False])
def test_the_stored_graph_says_what_the_pipeline_says(tmp_path: Path, name: str, mirror: bool) -> None:
    table, found = fitted()
    trainer = PoseTrainer(table, mirror, face=False)
    gates, _ = trainer.gates(found.split.folds)
    estimator = trainer.fitted(name, np.arange(len(table)), found.split.folds)
    model = stored(to_graph(estimator, trainer.labels, trainer.columns, mirror, gates, {}), tmp_path)
    rows = np.concatenate([table.features[::9], *(take(unknown, 7, 5) for unknown in UNKNOWN)])
    other = PoseTrainer(as_table([("arms_up", "p1", 1, rows)]), mirror, face=False)
    other.labels = trainer.labels
    expected = other.shares(estimator, np.arange(len(rows)))
    for number, label in enumerate(trainer.labels):
        far = distances(other.rows, gates[label].references, trainer.columns)
        expected[:, number] *= gate_share(far, gates[label].radius)
    assert model.labels == trainer.labels
    np.testing.assert_allclose(model.probabilities(rows), expected, atol=2e-5)


def test_without_mirror_left_and_right_are_two_poses(tmp_path: Path) -> None:
    swapped = [*recorded(("one_arm_out",), rows=30)]
    order, sign = pose_fit.mirror_columns(COLUMNS)
    other = [("other_arm_out", person, number, rows[:, order] * sign) for _, person, number, rows in swapped]
    model = stored(fit(as_table([*swapped, *other]), mirror=False, quiet=True).data, tmp_path)
    reader = PoseReader(tmp_path / "poses.onnx")
    person = seen(POSES["one_arm_out"])
    assert reader.read(person)[0][0] == "one_arm_out"
    assert reader.read(mirrored(person))[0][0] == "other_arm_out"
    assert json.loads(model.notes["mirror"]) is False


def test_rows_of_none_are_learnt_and_never_reported_as_a_pose(tmp_path: Path) -> None:
    none = [("none", person, 9, take("arms_forward", seed, 40)) for seed, person in ((70, "p1"), (71, "p2"))]
    found = fit(as_table([*recorded(("arms_up", "arms_crossed"), rows=40), *none]), quiet=True)
    model = stored(found.data, tmp_path)
    assert model.labels == ("arms_crossed", "arms_up")
    assert found.labels == ("arms_crossed", "arms_up", "none")
    assert (model.probabilities(take("arms_forward", 72)).max(axis=1) < 0.5).mean() > 0.95
    assert np.trace(found.confusion) / found.confusion.sum() > 0.95


def test_expressions_can_be_labels(tmp_path: Path) -> None:
    rng, takes = np.random.default_rng(4), []
    for name, column in (("smile", "mouth_smile"), ("gasp", "jaw_open")):
        for person in ("p1", "p2"):
            rows = take("one_arm_out", rng.integers(1000), 30)
            rows[:, COLUMNS.index(column)] = rng.uniform(0.5, 0.9, 30)
            takes.append((name, person, 1, rows))
    found = fit(as_table(takes), face=True, quiet=True)
    assert found.scores[0].accuracy > 0.95
    model = stored(found.data, tmp_path)
    assert model.uses_face
    assert set(FACE_COLUMNS) < set(model.columns)
    assert max(score.accuracy for score in fit(as_table(takes), face=False, quiet=True).scores) < 0.9


def test_legs_are_hidden_in_what_is_learnt() -> None:
    table = as_table(recorded(rows=20))
    table.features[:, COLUMNS.index("left_thigh_forward")] = 0.9
    x, truth, origin = PoseTrainer(table, mirror=True, face=False).learnable(np.arange(len(table)))
    legs = [COLUMNS.index(name) for name in LEG_COLUMNS]
    hidden = np.abs(x[:, legs] / 0.5 - LEG_REST).max(axis=1) < 0.3
    assert 0.1 < hidden.mean() < 0.3
    assert len(x) == len(truth) == len(origin)
    assert (truth == [NAMES.index(table.labels[row]) for row in origin]).all()


def test_the_command_prints_stores_and_can_be_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "poses" / "poses.csv"
    for label, person, number, rows in recorded(people=("p1",), rows=40):
        pose_table.append(data, label, person, number, rows)
    assert poses.main(["--data", str(data)]) == 0
    printed = capsys.readouterr().out
    for part in ("left out in turn: takes (2 folds)", "logistic regression", "<- chosen", "macro F1", "worst fold"):
        assert part in printed
    assert f"{data.with_suffix('.onnx')}" in printed
    assert "arms_crossed: {happy: 0.7, surprise: 0.3}" in printed
    picture = data.with_suffix(".png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    reader = PoseReader(data.with_suffix(".onnx"))
    assert reader.labels == tuple(NAMES)
    assert reader.model is not None
    assert reader.model.notes["honest"] == "true"
    first = data.with_suffix(".onnx").read_bytes()
    assert poses.main(["--data", str(data), "--out", str(tmp_path / "again.onnx")]) == 0
    rows = pose_table.read(data).features
    again = PoseModel(tmp_path / "again.onnx").probabilities(rows)
    np.testing.assert_array_equal(stored(first, tmp_path).probabilities(rows), again)
    assert not list(tmp_path.rglob("*.part"))


def test_too_little_is_said_with_the_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotEnoughError, match="only arms_up is recorded; record a second pose"):
        fit(as_table(recorded(("arms_up",), rows=12)), quiet=True)
    with pytest.raises(NotEnoughError, match=r"too few rows of bow \(3\)"):
        fit(as_table([*recorded(rows=12), ("bow", "p1", 1, take("bow", 1, 3))]), quiet=True)
    assert poses.main(["--data", str(tmp_path / "none.csv")]) == 1
    assert "record poses first" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.timeout(600)
def test_three_clips_are_three_poses(footage: Path, tmp_path: Path) -> None:
    """Every third third-of-a-second of each clip is held out; then seen again mirrored, and small and off the middle."""
    cv2 = pytest.importorskip("cv2")
    clips = {"beam": "p2s_single_cam01.mp4", "signing": "intel_asl_again.mkv", "walking": "sports2d_demo.mp4"}
    changes = {
        "as it is": lambda rgb: rgb,
        "mirrored": lambda rgb: rgb[:, ::-1],
        "small": lambda rgb: smaller(cv2, rgb),
    }
    held_out: dict[str, list[tuple[str, Person]]] = {change: [] for change in changes}
    for label, clip in clips.items():
        for change, made in changes.items():
            for number, person in people_of(cv2, footage / clip, made):
                if number // 10 % 3 == 2:
                    held_out[change].append((label, person))
                elif change == "as it is" and (features := person_features(person)) is not None:
                    pose_table.append(tmp_path / "poses.csv", label, "p1", 1 + number // 10, features[None])
    assert poses.main(["--data", str(tmp_path / "poses.csv")]) == 0
    reader = PoseReader(tmp_path / "poses.onnx")
    for change, people in held_out.items():
        found = [(label, reader.read(person)) for label, person in people]
        right = np.mean([bool(read) and read[0][0] == label for label, read in found])
        print(f"{change}: {right:.1%} of {len(found)}")
        assert right >= 0.95, change


def people_of(cv2, path: Path, change):
    """(frame number, Person with a body) of a clip whose pictures were changed."""
    if not path.exists():
        pytest.skip(f"no {path.name} in the footage")
    from installation.base.model_files import ModelError
    from installation.perception.build import build_perceiver

    try:
        perceiver = build_perceiver(PerceptionConfig())
    except ModelError as error:
        pytest.skip(str(error))
    film, number = cv2.VideoCapture(str(path)), 0
    while (read := film.read())[0]:
        rgb = np.ascontiguousarray(change(read[1][:, :, ::-1]))
        for person in perceiver.perceive(Frame(number / 30, number, rgb)).people:
            if person.pose is not None:
                yield number, person
        number += 1
    perceiver.close()


def smaller(cv2, rgb: np.ndarray) -> np.ndarray:
    """0.6 of the size, off the middle of a grey picture."""
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    whole = np.full_like(rgb, 96)
    top, left = int(0.3 * height), int(0.05 * width)
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole
