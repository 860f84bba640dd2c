"""Enlarging: above plain enlarging on paintings, whole on the torus, and done without where the network is missing."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from installation.base.clock import RealClock
from installation.base.model_files import MODELS_DIR, model_path
from installation.base.notices import Notices
from installation.base.onnx_sessions import UnusableModelError
from installation.config.generation import GenerationConfig
from installation.generation.enlarge import Enlarger
from installation.generation.generator import TextureGenerator
from installation.generation.seamless import resized
from installation.generation.texture_levels import TextureLevel
from installation.generation.texture_painter import TexturePainter, TextureTask
from installation.types import ByteArray, neutral_probabilities


@pytest.fixture(scope="module")
def enlarger() -> Enlarger:
    return Enlarger(model_path("enlarge"))


def strokes(size: int) -> ByteArray:
    """Bent strokes of paint in many directions, a torus."""
    rng = np.random.default_rng(4)
    picture = np.full((size, size, 3), 120, np.uint8)
    for _ in range(120):
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        centre, turn = rng.integers(0, size, 2), float(rng.uniform(0, 360))
        for dx in (-size, 0, size):
            for dy in (-size, 0, size):
                at = (int(centre[0]) + dx, int(centre[1]) + dy)
                cv2.ellipse(picture, at, (size // 8, size // 64), turn, 0, 360, colour, -1, cv2.LINE_AA)
    return np.dstack([picture, np.full((size, size), 255, np.uint8)])


def psnr(a: ByteArray, b: ByteArray) -> float:
    return float(10 * np.log10(255**2 / np.square(a[:, :, :3].astype(float) - b[:, :, :3]).mean()))


def test_strokes_come_back_better_than_with_bicubic(enlarger: Enlarger) -> None:
    truth = strokes(256)
    small = np.asarray(cv2.resize(truth, (64, 64), interpolation=cv2.INTER_AREA), np.uint8)
    assert psnr(enlarger.enlarge(small), truth) > psnr(resized(small, 256), truth) + 0.2


def test_paintings_that_were_held_out_come_back_better_than_with_bicubic(enlarger: Enlarger) -> None:
    training = pytest.importorskip("installation.training.enlarge")
    folder = Path(__file__).resolve().parents[3] / "shared" / "paintings"
    if not folder.is_dir():
        pytest.skip("the paintings are not here")
    found = training.figures(enlarger.enlarge, training.load_pictures(training.split(folder)[1]))
    assert found["ours"] > found["bicubic"] + 0.2


def test_a_torus_stays_one(enlarger: Enlarger) -> None:
    small = np.random.default_rng(2).integers(0, 255, (40, 24, 4)).astype(np.uint8)
    turned = np.roll(small, (7, 5), (0, 1))
    large = enlarger.enlarge(small)
    assert large.shape == (160, 96, 4)
    assert (large[:, :, 3] == 255).all()
    assert np.array_equal(np.roll(large, (28, 20), (0, 1)), enlarger.enlarge(turned))


@pytest.mark.parametrize(("size", "to"), [(64, 128), (64, 96), (128, 512), (96, 64), (64, 64)])
def test_plain_enlarging_keeps_the_torus_and_the_place(size: int, to: int) -> None:
    small = resized(strokes(size), size)
    large = resized(small, to)
    assert large.shape == (to, to, 4)
    turned = resized(np.roll(small, (size // 4, size // 2), (0, 1)), to)
    assert np.abs(np.roll(large, (to // 4, to // 2), (0, 1)).astype(int) - turned).max() <= 3
    assert np.abs(resized(large, size)[:, :, :3].astype(float) - small[:, :, :3]).mean() < 12


def test_other_files_and_too_small_pictures_are_refused(enlarger: Enlarger, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.onnx", model_path("texture")):
        with pytest.raises(UnusableModelError, match=path.name):
            Enlarger(path)
    with pytest.raises(ValueError, match="small"):
        enlarger.enlarge(np.zeros((4, 64, 4), np.uint8))


def test_without_the_network_pictures_are_enlarged_plainly_and_it_says_so(tmp_path: Path) -> None:
    shutil.copy(model_path("texture"), tmp_path / "texture.onnx")
    task, level = TextureTask(np.zeros(4, np.float32), neutral_probabilities(), 0.5), TextureLevel(64, 256)
    pictures = []
    for models, stages in ((tmp_path, ["enlarging"]), (MODELS_DIR, [])):
        notices = Notices(RealClock())
        painter = TexturePainter(GenerationConfig(), models, 1, notices)
        source, picture = painter.paint(task, level, 0.0)
        assert source == "texture.onnx"
        assert picture.shape == (256, 256, 4)
        assert [note.stage for note in notices.active()] == stages
        pictures.append(picture)
    assert not np.array_equal(*pictures)
    small = TextureGenerator(model_path("texture"), 256, 1).paint(
        task.affect, TextureGenerator(model_path("texture"), 256, 1).walk.at(0.5), 64
    )
    assert np.array_equal(pictures[0], resized(small, 256))
