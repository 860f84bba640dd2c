"""The trunk that goes on learning as a whole, and what is packed for another machine."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.generation.evoked import EVOKED
from installation.training.art import pack
from installation.training.art.fit import Lesson
from installation.training.art.scores import folds
from installation.training.art.tasks import twenty
from installation.training.art.whole import SMALLEST, Way, all_folds, fine_tune, pace, varied
from installation.training.art.works import load_works
from installation.training.running import DataError
from tests.training.art.made_trunk import trunk_by_chance
from tests.training.art.test_art import row, write_works


def stored(seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    head = {"eff.head.w": rng.normal(0, 0.06, (1280, 320, 1, 1)), "eff.head.b": rng.normal(0, 0.05, 1280)}
    # Stronger: what is seen reaches the last maps through chance, too.
    return {
        name: 1.5 * value if name.endswith(".w") else value for name, value in (trunk_by_chance(rng) | head).items()
    }


def lesson(count: int) -> Lesson:
    """Pictures of 32 px, red or blue; red ones evoke the first of two emotions."""
    rng = np.random.default_rng(3)
    red = np.arange(count) % 2 == 0
    pictures = rng.integers(0, 80, (count, 32, 32, 3)).astype(np.float32)
    pictures[red, :, :, 0] += 150
    pictures[~red, :, :, 2] += 150
    target = np.stack([red, ~red], 1).astype(np.float32)
    return Lesson(pictures, target, np.arange(count), one_of=False, seed=0)


def test_it_learns_and_reads_a_picture_as_its_mirror_image() -> None:
    known = lesson(24)
    read = fine_tune(stored(), known, Way(epochs=12, batch=12))
    shares = read(known.seen)
    assert shares.shape == (24, 2)
    assert ((shares > 0.5) == (known.target > 0.5)).mean() > 0.9
    assert np.abs(shares - read(known.seen[:, :, ::-1])).max() < 1e-4


def test_its_time_ends_the_learning_and_nothing_is_learnt_in_none() -> None:
    known = lesson(16)
    read = fine_tune(stored(), known, Way(epochs=10_000, batch=16, seconds=1e-9))
    assert np.allclose(read(known.seen), known.target.mean(0), atol=1e-3)


def test_the_rate_rises_and_comes_down_to_nothing() -> None:
    rates = [pace(k / 100) for k in range(101)]
    assert rates[0] == 0
    assert max(rates) == pytest.approx(1)
    assert rates[-1] == pytest.approx(0)
    assert all(a >= b for a, b in itertools.pairwise(rates[10:]))


def test_a_picture_is_cropped_and_mirrored_and_its_hues_stay() -> None:
    torch.manual_seed(1)
    ramp = torch.zeros(64, 32, 32, 3, dtype=torch.uint8)
    ramp[..., 0] = torch.arange(32, dtype=torch.uint8)[None, None] * 6 + 20
    ramp[..., 1] = ramp[..., 0] // 2
    out = varied(ramp)
    assert out.shape == (64, 3, 32, 32)
    assert torch.allclose(out[:, 1], out[:, 0] / 2, atol=0.01)
    assert torch.equal(out[:, 2], torch.zeros(64, 32, 32))
    rising = out[:, 0, 16, -1] - out[:, 0, 16, 0]
    assert (rising > 0).any()
    assert (rising < 0).any()
    slope = float(rising.abs().min() / (out[:, 0].amax() - out[:, 0].amin()))
    assert slope > SMALLEST / 2


@pytest.fixture
def works(tmp_path: Path) -> Path:
    folder = tmp_path / "works"
    rows = [row(f"{n}.png", f"artist {n}", n % 2 == 0) for n in range(10)]
    write_works(folder, rows)
    for n in range(10):
        cv2.imwrite(str(folder / "img" / f"{n}.png"), np.full((40, 30, 3), 20 * n, np.uint8))
    return folder


@pytest.mark.long
def test_the_packed_folder_trains_by_itself_and_goes_on_where_it_stopped(
    works: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "trunk_weights", lambda _: stored())
    there = tmp_path / "packed"
    pack.pack(there, works, tmp_path)
    assert not list((there / "installation").rglob("config/*.py"))
    words = ["--works", "works", "--weights", "lite0.npz", "--folds", "folds.npz", "--epochs", "1", "--out", "out"]
    env = {**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "installation.training.art.whole", *words]
    (there / "out").mkdir()
    # As if the first fold had been learnt before.
    first = folds(twenty(load_works(works)), load_works(works).artists)[0][1]
    np.save(there / "out" / "fold 0.npy", np.full((len(first), len(EVOKED)), 0.25, np.float32))
    done = subprocess.run(command, cwd=there, env=env, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    with np.load(there / "out" / "whole, twenty.npz") as file:
        shares = file["shares"]
    assert shares.shape == (10, len(EVOKED))
    assert np.isfinite(shares).all()
    assert (shares[first] == 0.25).all()
    assert not (np.delete(shares, first, 0) == 0.25).any()


def test_folds_of_other_works_and_a_folder_that_is_not_empty_are_refused(works: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "lite0.npz", **stored())  # type: ignore[arg-type]
    np.savez(tmp_path / "folds.npz", learn_0=np.arange(20), read_0=np.arange(5))
    with pytest.raises(DataError, match="is of other works"):
        all_folds(works, tmp_path / "lite0.npz", tmp_path / "folds.npz", tmp_path / "out", Way(), 0)
    with pytest.raises(DataError, match="has no wheel"):
        pack.pack(tmp_path / "new", works, tmp_path)
