"""The texture trainer: steps run, checkpoints go on where they stopped, what is exported is what was trained."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.textures.generator import TextureGenerator
from installation.training import texture, texture_check
from installation.training.texture_data import AffectScale, DataError, crops, features, load_pictures
from installation.training.texture_net import Exported, Generator, double, latents, wrap


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(1)
    for number in range(3):
        small = rng.integers(0, 255, (8, 10, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), cv2.resize(small, (320, 256), interpolation=cv2.INTER_CUBIC))
    return folder


def options(pictures: Path, out: Path, steps: int) -> list[str]:
    return ["train", "--data", str(pictures), "--out", str(out), "--steps", str(steps), "--batch", "4", "--seed", "3"]


def test_training_runs_stores_and_goes_on(pictures: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert texture.main(options(pictures, tmp_path, 2)) == 0
        assert texture.load(tmp_path / "state.pt", "cpu").step == 2
        assert texture.main(options(pictures, tmp_path, 1)) == 0
    trainer = texture.load(tmp_path / "state.pt", "cpu")
    assert trainer.step == 3
    assert "going on from step 2" in caplog.text
    assert "min left" in caplog.text
    assert all(torch.isfinite(p).all() for p in trainer.generator.parameters())
    assert (tmp_path / "sheet-000003.png").is_file()


# The exporter itself uses what its libraries have deprecated.
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_the_exported_network_is_the_trained_one_at_every_size(pictures: Path, tmp_path: Path) -> None:
    texture.main(options(pictures, tmp_path, 1))
    trainer = texture.load(tmp_path / "state.pt", "cpu")
    path = tmp_path / "texture.onnx"
    texture.export(trainer, path)
    assert all(np.isfinite(value) for value in texture_check.evaluate(texture_check.shipped(path), count=3).values())
    walker = TextureGenerator(path, 48, seed=1)
    drawn = walker.generate(np.zeros(4, np.float32), 0.0)
    inputs = {name: torch.from_numpy(value) for name, value in walker._walk.at(0.0).items()}
    with torch.no_grad():
        meant = Exported(trainer.average)(inputs["coarse"], inputs["fine"], inputs["style"], torch.zeros(1, 4))
    assert np.abs(drawn.astype(int) - meant.numpy().astype(int)).max() <= 1


def test_the_generator_is_a_torus() -> None:
    noise = torch.Generator().manual_seed(1)
    network = Generator()
    coarse, fine, style = latents(1, 4, "cpu", noise)
    with torch.no_grad():
        still = network(coarse, fine, style, torch.zeros(1, 4))
        turned = network(coarse.roll(1, 3), fine.roll(4, 3), style, torch.zeros(1, 4))
    assert torch.allclose(still.roll(16, 3), turned, atol=1e-4)


def test_wrapping_and_doubling() -> None:
    x = torch.arange(9.0).reshape(1, 1, 3, 3)
    assert wrap(x)[0, 0, 0].tolist() == [8, 6, 7, 8, 6]
    assert double(x).shape == (1, 1, 6, 6)
    assert double(torch.ones(1, 2, 5, 4)).unique().tolist() == [1]


def test_features_point_the_right_way() -> None:
    def plain(r: float, g: float, b: float) -> torch.Tensor:
        return torch.tensor([r, g, b])[None, :, None, None].expand(1, 3, 64, 64)

    bright, dark = features(plain(0.9, 0.9, 0.9)), features(plain(0.1, 0.1, 0.1))
    red, blue = features(plain(0.8, 0.2, 0.2)), features(plain(0.2, 0.2, 0.8))
    rough = features(torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)))
    assert bright[0, 0] > dark[0, 0], "brightness pleases"
    assert red[0, 1] > bright[0, 1], "saturation arouses"
    assert red[0, 2] > 0 > blue[0, 2]
    assert rough[0, 3] > red[0, 3]


def test_affect_is_measured_in_the_training_pictures_own_units(pictures: Path) -> None:
    rng = np.random.default_rng(2)
    loaded = load_pictures(pictures)
    measured = AffectScale.of(loaded, rng)(crops(loaded, 500, rng))
    assert measured.mean(0).abs().max() < 0.1
    assert (measured.std(0) - 0.5).abs().max() < 0.1


def test_bad_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no pictures"):
        load_pictures(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"a\.jpg"):
        load_pictures(tmp_path)
    assert texture.main(["export", "--out", str(tmp_path)]) == 2
    assert texture.main(["evaluate", "--model", str(tmp_path / "missing.onnx")]) == 2


def test_seam_ratio_tells_a_seam() -> None:
    rng = np.random.default_rng(1)
    assert texture_check.seam_ratio(rng.random((64, 64, 3))) == pytest.approx(1.0, abs=0.1)
    ramp = np.linspace(0, 1, 64)[:, None, None] * np.ones((64, 64, 3))
    assert texture_check.seam_ratio(ramp) > 10
