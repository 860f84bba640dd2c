"""FER-2013 packed to travel: what comes back, copies, what is missing, what the command says."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.training import pack_faces
from installation.training.fer import copies, split
from installation.training.pack_faces import LOSSLESS, PACK, load_labelled, load_sets, pack


def soft_faces(count: int, seed: int) -> np.ndarray:
    """(count, 48, 48) uint8, smooth as photographs are."""
    rng = np.random.default_rng(seed)
    rough = rng.integers(0, 256, (count, 6, 6), dtype=np.uint8)
    return np.stack([cv2.resize(face, (48, 48), interpolation=cv2.INTER_CUBIC) for face in rough])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sixty training pictures, five of them twice, and twenty to test, three of them training pictures too."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, count, seed in (("train", 60, 1), ("publictest", 20, 2)):
        images = soft_faces(count, seed)
        if name == "train":
            images[50:55] = images[:5]
        else:
            images[[2, 5, 9]] = soft_faces(60, 1)[7:10]
        votes = np.random.default_rng(seed).integers(0, 11, (count, 10)).astype(np.float16)
        labels = (np.arange(count) % 7).astype(np.uint8)
        np.savez(folder / f"{name}.npz", images=images, labels=labels, votes=votes, vote_names=np.array(["a", "b"]))
    return folder


def test_without_loss_everything_comes_back(data: Path, tmp_path: Path) -> None:
    path = pack(data, tmp_path / "packed", LOSSLESS)
    assert path == tmp_path / "packed" / PACK
    original, now = load_sets(data), load_sets(path.parent)
    assert original.keys() == now.keys() == {"train", "publictest"}
    for name, arrays in original.items():
        assert arrays.keys() == now[name].keys()
        for key, values in arrays.items():
            np.testing.assert_array_equal(now[name][key], values)
            assert now[name][key].dtype == values.dtype


def test_with_loss_pictures_are_near_and_copies_stay_alike(data: Path, tmp_path: Path) -> None:
    pack(data, tmp_path)
    (images, labels), (others, _) = load_labelled(data)
    (now, now_labels), (now_others, _) = load_labelled(tmp_path)
    off = np.abs(images.astype(int) - now)
    assert 0 < off.mean() < 2
    assert off.max() <= 12
    np.testing.assert_array_equal(now_labels, labels)
    np.testing.assert_array_equal(now[50:55], now[:5])
    np.testing.assert_array_equal(copies(now_others, now), copies(others, images))
    assert copies(now_others, now).sum() == 3
    for packed, plain in zip(split(now, now_labels, 0.2, 3), split(images, labels, 0.2, 3), strict=True):
        np.testing.assert_array_equal(packed, plain)


@pytest.mark.long
def test_more_pictures_than_a_sheet_holds(data: Path, tmp_path: Path) -> None:
    many = soft_faces(2500, 5)
    np.savez(data / "train.npz", images=many, labels=np.zeros(2500, np.uint8))
    pack(data, tmp_path, LOSSLESS)
    np.testing.assert_array_equal(load_sets(tmp_path, ("train",))["train"]["images"], many)


def test_sets_come_in_the_order_asked_for(data: Path, tmp_path: Path) -> None:
    pack(data, tmp_path)
    (tmp_path / "publictest.npz").write_bytes((data / "publictest.npz").read_bytes())
    (train, _), (test, _) = load_labelled(tmp_path)
    assert (len(train), len(test)) == (60, 20)


def test_what_is_missing_or_wrong_is_said(data: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"neither train\.npz nor faces\.npz"):
        load_sets(tmp_path)
    pack(data, tmp_path)
    with pytest.raises(ValueError, match="no set 'private'"):
        load_sets(tmp_path, ("private",))
    np.savez(data / "train.npz", images=soft_faces(3, 1), labels=np.array([0, 1, 7]))
    with pytest.raises(ValueError, match="labels of train"):
        load_labelled(data)
    np.savez(data / "train.npz", images=np.zeros((3, 64, 64), np.uint8), labels=np.array([0, 1, 2]))
    with pytest.raises(ValueError, match="images of train"):
        load_labelled(data)


def test_the_command_measures_what_it_wrote(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack_faces.main(["--data", str(data), "--out", str(tmp_path), "--quality", "101"]) == 0
    said = capsys.readouterr().out
    assert "train: 60 pictures, off by 0.00 grey levels on average and 0 at most; labels and votes unchanged" in said
    assert pack_faces.main(["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path)]) == 2
