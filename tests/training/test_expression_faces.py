"""What the expression network learns from: archives with votes or without, folders of pictures, what teachers read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
torch = pytest.importorskip("torch")
nn = torch.nn

from installation.training import expression  # noqa: E402
from installation.training.expression_fit import targets  # noqa: E402
from installation.training.expression_runs import load_taught, store_taught  # noqa: E402
from installation.training.expression_settings import FitSettings  # noqa: E402
from installation.training.face_folder import TrainingFaces, load_training, without_votes  # noqa: E402
from installation.training.fer_votes import VOTE_NAMES, shares  # noqa: E402
from installation.training.pack_faces import pack  # noqa: E402
from installation.types import EMOTIONS  # noqa: E402
from tests.training.labelled_faces import faces, voted  # noqa: E402


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_faces_with_too_few_votes_are_left_out(tmp_path: Path) -> None:
    archive = voted(70)
    archive["votes"][3] = 0
    archive["votes"][3, [VOTE_NAMES.index("unknown"), VOTE_NAMES.index("fear")]] = (8, 2)
    np.savez(tmp_path / "train.npz", **archive)
    known = load_training(tmp_path)
    assert known.asked
    assert known.rows.tolist() == [row for row in range(70) if row != 3]
    np.testing.assert_array_equal(known.images, np.delete(archive["images"], 3, axis=0))
    share = shares(known.votes)
    assert share[0].tolist() == pytest.approx([7 / 9, 2 / 9, 0, 0, 0, 0, 0])
    archive["vote_names"] = archive["vote_names"][::-1]
    np.savez(tmp_path / "train.npz", **archive)
    with pytest.raises(ValueError, match="votes must be"):
        load_training(tmp_path)


def test_packed_faces_are_read_as_the_archive(tmp_path: Path) -> None:
    """The votes and rows are the same, the pictures as near as the packing keeps them."""
    for name in ("train", "publictest"):
        np.savez(tmp_path / f"{name}.npz", **voted(70))
    pack(tmp_path, tmp_path / "packed", quality=101)
    plain, packed = load_training(tmp_path), load_training(tmp_path / "packed")
    assert packed.asked
    for name in ("images", "labels", "votes", "rows"):
        np.testing.assert_array_equal(getattr(packed, name), getattr(plain, name))
    assert packed.fingerprint == plain.fingerprint


def test_both_heads_aim_at_what_is_said_of_a_face() -> None:
    archive = voted(7)
    known = TrainingFaces(archive["images"], archive["labels"], archive["votes"].astype(np.float32), True, np.arange(7))
    plain = FitSettings(label_smoothing=0.07, taught_share=0.5)
    both = targets(known, None, plain)
    np.testing.assert_allclose(both[0], [7 / 9, 2 / 9, 0, 0, 0, 0, 0, 0.94, *[0.01] * 6], atol=1e-6)
    taught = np.full((7, 14), 1 / 7, np.float32)
    np.testing.assert_allclose(targets(known, taught, plain), (both + taught) / 2, atol=1e-6)
    alone = targets(without_votes(archive["images"], archive["labels"]), None, plain)
    np.testing.assert_allclose(alone[0], [0.94, *[0.01] * 6] * 2, atol=1e-6)


def test_what_teachers_read_goes_by_the_rows_of_the_archive(tmp_path: Path) -> None:
    archive = voted(70)
    rows = np.array([row for row in range(70) if row != 3])
    known = TrainingFaces(archive["images"][rows], archive["labels"][rows], archive["votes"][rows], True, rows)
    read = np.random.default_rng(0).dirichlet(np.ones(7), (69, 2)).reshape(69, 14).astype(np.float32)
    _, held = known.split()
    store_taught(tmp_path / "taught.npz", read, known, held)
    taught, (learnt, out) = load_taught(tmp_path / "taught.npz", known)
    np.testing.assert_allclose(taught, read, atol=0.02)
    np.testing.assert_allclose(taught.reshape(69, 2, 7).sum(axis=2), 1, atol=1e-6)
    assert out.tolist() == sorted(held.tolist())
    assert sorted([*learnt, *out]) == list(range(69))
    everything = TrainingFaces(archive["images"], archive["labels"], archive["votes"], True, np.arange(70))
    with pytest.raises(ValueError, match="of other faces"):
        load_taught(tmp_path / "taught.npz", everything)


def draw(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written, encoded = cv2.imencode(path.suffix, picture)
    assert written
    path.write_bytes(encoded.tobytes())


def test_pictures_of_ones_own_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    exact = rng.integers(0, 256, (48, 48), dtype=np.uint8)
    draw(tmp_path / "Happy" / "a.png", exact)
    draw(tmp_path / "Happy" / "take 2" / "ü.PNG", np.full((200, 300, 3), 90, np.uint8))
    wide = np.zeros((96, 192), np.uint8)
    wide[:, 48:144] = 200
    draw(tmp_path / "sad" / "b.png", wide)
    (tmp_path / "sad" / "c.jpg").write_bytes(b"no picture")
    (tmp_path / "sad" / "d.png").write_bytes(b"")
    (tmp_path / "sad" / "notes.txt").write_text("not looked at")
    (tmp_path / "consent.txt").write_text("given")
    known = load_training(tmp_path)
    images, labels = known.images, known.labels
    assert not known.asked
    assert shares(known.votes)[0].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert images.shape == (3, 48, 48)
    assert images.dtype == np.uint8
    assert labels.tolist() == [3, 3, 4]
    np.testing.assert_array_equal(images[0], exact)
    assert np.unique(images[1]).tolist() == [90]
    assert np.unique(images[2]).tolist() == [200]
    printed = capsys.readouterr().out
    assert "2 of 5 pictures cannot be read" in printed
    assert "c.jpg" in printed
    assert "d.png" in printed
    assert "happy 2, sad 1" in printed


def test_folders_that_are_no_emotions_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"has no folders; it must have train\.npz"):
        load_training(tmp_path)
    draw(tmp_path / "happy" / "a.png", np.zeros((48, 48), np.uint8))
    with pytest.raises(ValueError, match="fewer than two emotions"):
        load_training(tmp_path)
    (tmp_path / "Joyful").mkdir()
    (tmp_path / ".cache").mkdir()
    with pytest.raises(ValueError, match=r"has the folder Joyful; it must have .* folders named angry, disgust, fear"):
        load_training(tmp_path)


def test_a_folder_of_pictures_trains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for index, (image, label) in enumerate(zip(*faces(70))):
        draw(tmp_path / "data" / EMOTIONS[label] / f"{index:03}.png", image)
    run = ["--run", str(tmp_path / "run"), "--epochs", "1", "--batch", "32"]
    assert expression.main(["train", "--data", str(tmp_path / "data"), *run]) == 0
    assert "63 faces to learn from, 7 to check by" in capsys.readouterr().out
