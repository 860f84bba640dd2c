"""Ours as it is shipped: what it learns from whom, one network with its trunk, the file, and maps of where it looks."""

from pathlib import Path

import numpy as np
import pytest
import torch

from installation.generation.evoked import EVOKED, EvokedReader
from installation.training.art.fit import Lesson
from installation.training.art.kernel import Points, chosen, learn, reading
from installation.training.art.maps import activation_maps, laid_over
from installation.training.art.reader import Reader, write
from installation.training.ingest_evoked import COLUMNS, TILE_PX, sheet
from installation.training.paint_eyes import Lite0
from installation.training.running import DataError
from tests.training.art.made_trunk import trunk_by_chance

NUMBERS, SIDE = 2 * 1280 + 2 * (24 + 40 + 112 + 320), 64


def lesson(count: int = 160, numbers: int = 30) -> Lesson:
    """The first number says happiness, in a bend that no line follows; the artists have colours of their own."""
    rng = np.random.default_rng(1)
    seen = rng.normal(0, 1, (count, numbers)).astype(np.float32)
    target = np.full((count, len(EVOKED)), 0.1, np.float32)
    target[:, EVOKED.index("happiness")] = 0.1 + 0.6 * (np.abs(seen[:, 0]) > 0.8)
    artist = np.arange(count) % 20
    seen[:, 1:] += 0.3 * rng.normal(0, 1, (20, numbers - 1)).astype(np.float32)[artist]
    return Lesson(seen, target, artist, one_of=False, seed=0)


@pytest.fixture(scope="module")
def network() -> Reader:
    """A trunk by chance, with what was learnt from what it sees by chance. (No two of its weights are equal: the exporter would
    store them once.)"""
    rng = np.random.default_rng(2)
    stored = trunk_by_chance(rng)
    head = (
        torch.from_numpy(rng.normal(0, 0.06, (1280, 320, 1, 1)).astype(np.float32)),
        torch.from_numpy(rng.normal(0, 0.05, 1280).astype(np.float32)),
    )
    learnt = learn(lesson(numbers=NUMBERS), (1.0,), (0.3,))
    return Reader(Lite0(stored, torch.float32), head, learnt).rounded().eval()


@pytest.fixture(scope="module")
def file(network: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("art") / "art.onnx"
    rows = {"evoked_mean": " ".join(["0.2"] * 20), "evoked_deviation": " ".join(["0.1"] * 20)}
    write(network, SIDE, path, rows | {"readable": "happiness fear"})
    return path


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE, 3), np.uint8)


def test_points_lie_two_apart_on_average() -> None:
    seen = lesson().seen
    points = Points.of(seen)(seen)
    apart = np.square(points[:, None] - points[None]).sum(2)
    assert apart[~np.eye(len(apart), dtype=bool)].mean() == pytest.approx(2, rel=0.02)


def test_a_kernel_reads_what_no_line_does() -> None:
    learns = lesson()
    other = lesson(161)
    read = reading(learn(learns))
    fresh = np.random.default_rng(9).normal(0, 1, (300, 30)).astype(np.float32)
    said = read(fresh)[:, EVOKED.index("happiness")]
    bent = np.abs(fresh[:, 0]) > 0.8
    assert said[bent].mean() > said[~bent].mean() + 0.02
    assert ((read(other.seen) >= 0) & (read(other.seen) <= 1)).all()


def test_settings_are_chosen_by_artists_that_were_left_out() -> None:
    learns = lesson()
    # Each artist's works look alike and evoke what no other artist's do: a narrow reach remembers, and that must not count.
    assert chosen(learns, (2.0,), (0.3,)) == (2.0, 0.3)
    reach, ridge = chosen(learns, (0.001, 2.0), (0.3, 1e6))
    assert (reach, ridge) == (2.0, 0.3), (
        "neither a kernel that sees no difference nor a ridge that lets nothing be learnt"
    )


def test_the_file_reads_as_torch_does(network: Reader, file: Path) -> None:
    running, again = EvokedReader(file), Reader.load(file)
    for seed in range(3):
        rgb = picture(seed)
        with torch.inference_mode():
            expected = network(torch.from_numpy(rgb)).numpy()
            loaded = again(torch.from_numpy(rgb)).numpy()
        assert running.shares(rgb) == pytest.approx(expected, abs=1e-3)
        assert loaded == pytest.approx(expected, abs=1e-5)


def test_another_file_is_no_reader(tmp_path: Path) -> None:
    from tests.robustness.foreign_models import generator

    with pytest.raises(DataError, match="is no reader of what pictures evoke"):
        Reader.load(generator(tmp_path / "art.onnx"))


def test_maps_of_where_it_looks(network: Reader) -> None:
    pytest.importorskip("captum")
    rgb = picture(5)
    maps = activation_maps(network, rgb, ["happiness", "fear"])
    assert maps.shape == (2, SIDE, SIDE)
    assert (maps >= 0).all()
    assert maps.max() == pytest.approx(1), "of one of them at least something raises the share"
    shown = laid_over(rgb, np.zeros((SIDE, SIDE), np.float32))
    assert (shown[:, :, 0] == shown[:, :, 2]).all(), "grey where it does not look"
    assert laid_over(rgb, np.ones((SIDE, SIDE), np.float32)).mean() != pytest.approx(shown.mean(), abs=1)


def test_a_sheet_of_what_pictures_evoke() -> None:
    tiles = [np.full((TILE_PX, TILE_PX, 3), 40 * n, np.uint8) for n in range(1, 5)]
    standing = np.array([[0, 1], [2, 0], [0, 3], [1, 0]], np.float32)
    drawn = sheet(tiles, ["fear", "happiness"], standing)
    assert COLUMNS > 4
    middles = [int(drawn[TILE_PX // 2, 8 + n * (TILE_PX + 8) + 80, 0]) for n in range(4)]
    assert middles == [80, 160, 120, 40], "what evokes the same is together, the strongest first"
