"""Drawn faces: read from a table, drawn by rule, changed, learnt and kept apart by families."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.base.model_files import model_path
from installation.evaluation.drawn_report import balanced_accuracy, bar_line, family_table, score, six_table, table
from installation.perception.depicted import FACE_PX, VIEWS, together, views
from installation.training.drawn.augment import Changes
from installation.training.drawn.by_rule import EXPRESSIONS, drawn_faces
from installation.training.drawn.data import FOUR, ONE_HAND, Drawings, load_drawings, read_drawing
from installation.training.drawn.fit import Plan, fit
from installation.training.drawn.lessons import Lessons, Mixture, no_face, standard
from installation.training.drawn.maps import look
from installation.training.drawn.net import CLASSES, Expression, begun
from installation.training.drawn.readings import Bench, Reader, Readings, folds, read_all
from installation.training.expression_export import read as read_expression
from installation.training.interrupt import Stop
from installation.training.running import DataError
from installation.types import DEPICTED

FAMILIES = {"round": "emoji", "noto": "emoji", "noto-v1": "emoji", "paper": "avatar", "ink": "avatar"}


def write_table(folder: Path, rows: list[Mapping[str, str]]) -> None:
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    (folder / "index.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five families of eight faces, two of each of FOUR, and one that depicts disgust."""
    found = tmp_path_factory.mktemp("drawn")
    rows: list[Mapping[str, str]] = []
    for seed, (family, kind) in enumerate(FAMILIES.items()):
        for label in FOUR:
            for number, picture in enumerate(drawn_faces(label, 2, seed)):
                name = f"{family}_{label}_{number}.png"
                cv2.imwrite(str(found / name), picture[:, :, ::-1])
                rows.append({"file": name, "label": label, "kind": kind, "style": family, "licence": "CC0"})
    rows.append({**rows[0], "label": "disgust"})
    write_table(found, rows)
    return found


@pytest.fixture(scope="module")
def drawings(folder: Path) -> Drawings:
    return load_drawings(folder)


def test_faces_are_read_with_what_they_depict(drawings: Drawings) -> None:
    assert len(drawings) == 8 * len(FAMILIES), "disgust has no word here"
    assert drawings.pictures.shape[1:] == (96, 96, 3)
    assert np.bincount(drawings.labels).tolist() == [2 * len(FAMILIES)] * 4
    assert set(drawings.hands) == {"round", "noto", "paper", "ink"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"file": "nothing.png"}, r"index\.tsv:2: .*nothing\.png is no picture"),
        ({"label": "boredom"}, "has no face of anger"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, change: dict[str, str], told: str) -> None:
    write_table(tmp_path, [{"file": "a.png", "label": "anger", "kind": "emoji", "style": "x", "licence": "", **change}])
    with pytest.raises(DataError, match=told):
        load_drawings(tmp_path)


def test_a_table_without_its_columns_or_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--data FOLDER"):
        load_drawings(tmp_path)
    write_table(tmp_path, [{"file": "a.png", "label": "anger"}])
    with pytest.raises(DataError, match="columns file, kind, label, licence, style"):
        load_drawings(tmp_path)


def test_what_is_clear_is_paper_and_what_is_long_stays_long(tmp_path: Path) -> None:
    rgba = np.zeros((40, 80, 4), np.uint8)
    rgba[:, :40] = (10, 20, 200, 255)
    cv2.imwrite(str(tmp_path / "long.png"), rgba)
    picture = read_drawing(tmp_path / "long.png")
    assert picture[48, 10].tolist() == [200, 20, 10]
    assert picture[48, 90].tolist() == [255, 255, 255]
    assert picture[4, 10].tolist() == [255, 255, 255], "more paper above, no stretching"


def test_one_hand_is_never_learnt_from_and_read(drawings: Drawings) -> None:
    parts = folds(drawings)
    assert sorted(hand for part in parts for hand in part) == sorted(set(drawings.hands))
    assert all(len(part) == 2 for part in parts), "an emoji and an avatar each"
    learnt: list[set[str]] = []

    def learn(bench: Bench, rows: np.ndarray, _name: str):  # type: ignore[no-untyped-def]
        known = {bench.drawings.hands[row] for row in rows}
        learnt.append(known)

        def read(others: np.ndarray) -> np.ndarray:
            assert not known & {bench.drawings.hands[row] for row in others}
            return np.eye(len(DEPICTED), dtype=np.float32)[bench.drawings.labels[others]]

        return read

    bench = Bench(drawings, None, Path(), Stop(), 1)
    (readings,) = read_all(bench, {"knows": Reader("", learn)})
    assert len(learnt) == len(parts)
    assert (readings.shares.argmax(1) == drawings.labels).all()
    assert set(ONE_HAND.values()) <= {"fluent-emoji", "noto", "emojione"}


def test_figures_of_known_readings(drawings: Drawings) -> None:
    shares = np.eye(len(DEPICTED), dtype=np.float32)[drawings.labels]
    wrong = np.array([hand == "ink" and label == 0 for hand, label in zip(drawings.hands, drawings.labels)])
    shares[wrong] = np.eye(len(DEPICTED))[3]
    row = score(drawings, Readings("one", shares, 1.0))
    assert row.families == {"ink": 0.75, "noto": 1.0, "paper": 1.0, "round": 1.0}
    assert row.mean.value == pytest.approx(0.9375)
    assert row.mean.low < row.mean.value <= row.mean.high
    assert row.recall == (0.8, 1.0, 1.0, 1.0)
    assert row.kinds == {"avatar": pytest.approx(0.875), "emoji": 1.0}
    assert "reached" in bar_line(row)
    assert "missed" in bar_line(replace(row, mean=replace(row.mean, value=0.7)))
    lines = [*table([row], {"one": "known"}), *family_table([row], drawings)]
    text = "\n".join([*lines, *six_table(drawings, Readings("one", shares, 1.0))])
    assert "| noto, noto-v1 | 16 | 1.00 |" in text
    assert "| anger | 8 | 0 | 0 | 2 | 0 | 0 | 0.80 |" in text


def test_a_class_that_is_not_there_does_not_count() -> None:
    labels, shares = np.array([0, 0, 2]), np.eye(4, dtype=np.float32)[[0, 1, 2]]
    assert balanced_accuracy(labels, shares, np.ones(3, bool)) == pytest.approx(0.75)


def test_faces_by_rule_are_decided_by_their_number() -> None:
    assert (drawn_faces("fear", 3, 5) == drawn_faces("fear", 3, 5)).all()
    assert (drawn_faces("fear", 3, 5) != drawn_faces("fear", 3, 6)).any()
    assert tuple(EXPRESSIONS) == DEPICTED
    with pytest.raises(KeyError):
        drawn_faces("boredom", 1, 0)


def test_changes_never_leave_what_a_face_is_read_in(drawings: Drawings) -> None:
    change = Changes(np.random.default_rng(2))
    made = np.stack([change(drawings.pictures[n % len(drawings)]) for n in range(120)])
    assert made.shape == (120, FACE_PX, FACE_PX)
    assert made.dtype == np.uint8
    assert made.std(axis=(1, 2)).min() > 1
    assert len({one.tobytes() for one in made}) == 120
    plain = Changes(np.random.default_rng(2), strength=0)
    assert (plain(drawings.pictures[0]) == plain(drawings.pictures[0])).all()


def test_a_batch_is_of_its_mixture(drawings: Drawings) -> None:
    lessons = Lessons(drawings, np.arange(len(drawings)), None, Mixture(8, 5, 0, 3), 4, 1)
    pictures, target = lessons.batch()
    assert pictures.shape == (16, FACE_PX, FACE_PX)
    assert target.shape == (16, CLASSES)
    assert target.sum(1) == pytest.approx(np.ones(16))
    assert target[:, -1].tolist() == [0] * 13 + [1] * 3
    assert no_face(drawings.pictures[0], np.random.default_rng(0)).shape == (FACE_PX, FACE_PX)


def test_the_trunk_is_the_shipped_one() -> None:
    """Before it learns anything the network sees what the expression network sees, and its weights read as the file does."""
    greys = np.stack(
        [cv2.resize(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), (48, 48)) for one in drawn_faces("anger", 12, 2)]
    )
    faces = torch.from_numpy(standard(greys))
    expression, net = Expression(model_path("expression")), begun(model_path("expression"), faces).eval()
    with torch.inference_mode():
        assert torch.allclose(expression.features(faces), net.features(faces), atol=1e-4)
        logits = (expression(faces) + expression(faces.flip(3))) / 2
    told, _ = read_expression(model_path("expression"), greys)
    assert (logits.argmax(1).numpy() == told.argmax(1)).mean() > 0.9


def test_learning_stops_and_goes_on_to_the_same_weights(drawings: Drawings, tmp_path: Path) -> None:
    plan = Plan(steps=4, rule_faces=3, mixture=Mixture(6, 4, 0, 2), from_expression=False)
    rows, stop = np.arange(len(drawings)), Stop()
    whole = fit(drawings, rows, None, plan, tmp_path / "whole.pt", stop)
    stop.is_set = True
    assert fit(drawings, rows, None, plan, tmp_path / "parts.pt", stop) is None
    stop.is_set = False
    again = fit(drawings, rows, None, plan, tmp_path / "parts.pt", stop)
    assert whole is not None
    assert again is not None
    for one, other in zip(whole[0].parameters(), again[0].parameters(), strict=True):
        assert torch.equal(one, other)


def test_learning_learns(drawings: Drawings, tmp_path: Path) -> None:
    plan = Plan(steps=30, rule_faces=10, mixture=Mixture(0, 24, 0, 8), smoothing=0.0)
    found = fit(drawings, np.arange(len(drawings)), None, plan, tmp_path / "state.pt", Stop())
    assert found is not None
    lessons = Lessons(drawings, np.arange(len(drawings)), None, replace(plan.mixture, by_rule=96, nothing=32), 10, 0)
    pictures, target = lessons.batch()
    with torch.inference_mode():
        read = found[0].eval()(torch.from_numpy(standard(pictures))).argmax(1).numpy()
    assert (read == target.argmax(1)).mean() > 0.45, "seven answers: chance is 0.14"


def test_views_and_what_is_made_of_them(drawings: Drawings) -> None:
    seen = views(drawings.pictures[0])
    assert seen.shape == (2 * len(VIEWS), 1, FACE_PX, FACE_PX)
    assert np.allclose(seen[0, 0], seen[1, 0, :, ::-1], atol=1e-4), "each with its mirror image"
    shares = np.array([[0.9, 0.1, 0, 0, 0, 0], [0.1, 0.9, 0, 0, 0, 0]], np.float32)
    found = together(shares, np.array([1.0, 0.0], np.float32))
    assert found.shares.argmax() == 0, "a view without a face hardly counts"
    assert found.face == 1.0
    with pytest.raises(ValueError, match="a drawing must be"):
        views(np.zeros((4, 4), np.uint8))


def test_maps_add_up_to_the_logits() -> None:
    net = Expression(model_path("expression"))
    grey = np.asarray(cv2.resize(cv2.cvtColor(drawn_faces("anger", 1, 3)[0], cv2.COLOR_RGB2GRAY), (48, 48)), np.uint8)
    words = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    found = look(net, grey, words)
    assert found.maps.shape == (FACE_PX, FACE_PX, len(words))
    with torch.inference_mode():
        logits = net(torch.from_numpy(standard(grey[None])))[0] - net.head.bias
    # Of sixteen places of the face, not of the one that is read: nearly, and in the same order.
    assert np.corrcoef(found.maps.mean((0, 1)), logits.numpy())[0, 1] > 0.8
    assert found.shares.sum() == pytest.approx(1, abs=1e-4)
