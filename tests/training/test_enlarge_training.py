"""Training of the enlarging network: it begins as bicubic, learns, resumes where it stopped, and is gated."""

import argparse
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from installation.training import enlarge, styles  # noqa: E402
from installation.training.enlarge_net import FACTOR, EnlargeNet, wrap  # noqa: E402
from installation.training.texture_data import DataError  # noqa: E402
from installation.types import EMOTIONS  # noqa: E402


@pytest.fixture
def paintings(tmp_path: Path) -> Path:
    """Three small pictures of soft blots with hard edges."""
    rng = np.random.default_rng(1)
    for n in range(3):
        blots = cv2.resize(
            rng.integers(0, 255, (20, 20, 3)).astype(np.uint8), (300, 280), interpolation=cv2.INTER_CUBIC
        )
        cv2.imwrite(str(tmp_path / f"{n}.png"), blots // 64 * 64)
    return tmp_path


def test_the_untrained_network_is_exactly_bicubic() -> None:
    small = torch.rand(1, 3, 24, 20, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        ours = EnlargeNet()(small)
    margin = 4
    plain = torch.nn.functional.interpolate(wrap(small, margin), scale_factor=FACTOR, mode="bicubic")
    cut = margin * FACTOR
    assert torch.allclose(ours, plain[:, :, cut:-cut, cut:-cut], atol=1e-5)


def test_training_makes_the_loss_smaller_and_goes_on_from_its_checkpoint(paintings: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    pictures = enlarge.load_pictures(enlarge.split(paintings)[0])
    large = enlarge.windows(pictures, 2, np.random.default_rng(2))
    assert large.shape == (2, 3, 128, 128)
    trainer = enlarge.EnlargeTrainer()
    losses = [trainer.train_on(large, 0.95) for _ in range(25)]
    assert losses[-1] < 0.99 * losses[0]
    trainer.store(tmp_path / "run" / "state.pt")
    again = enlarge.EnlargeTrainer.load(tmp_path / "run" / "state.pt")
    assert again.step == 25
    assert again.train_on(large, 0.0) == pytest.approx(trainer.train_on(large, 0.0), rel=1e-5)


def test_a_network_that_is_not_above_bicubic_is_refused(paintings: Path, tmp_path: Path) -> None:
    enlarge.EnlargeTrainer().store(tmp_path / "run" / "state.pt")
    options = argparse.Namespace(data=paintings, out=tmp_path / "run", file=tmp_path / "enlarge.onnx")
    with torch.no_grad():
        trainer = enlarge.EnlargeTrainer.load(tmp_path / "run" / "state.pt")
        trainer.average.plain.weight *= 0.9
        trainer.store(tmp_path / "run" / "state.pt")
    with pytest.raises(enlarge.RefusedError, match="bicubic"):
        enlarge.export(options)
    assert not options.file.exists()


def test_folders_that_cannot_be_trained_on_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="two are needed"):
        enlarge.split(tmp_path)
    (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(DataError, match=r"a\.jpg"):
        enlarge.load_pictures([tmp_path / "a.jpg"])
    with pytest.raises(DataError, match="train first"):
        enlarge.EnlargeTrainer.load(tmp_path / "state.pt")


def test_each_emotion_gets_the_paintings_nearest_to_it_and_none_twice() -> None:
    measured = np.random.default_rng(3).standard_normal((40, 4)).astype(np.float32)
    chosen = styles.nearest(measured, 3)
    assert list(chosen) == list(EMOTIONS)
    rows = [row for rows in chosen.values() for row in rows]
    assert len(rows) == len(set(rows)) == 21
    bright_warm = int(np.argmax(measured[:, 0] + measured[:, 2] + measured[:, 1]))
    assert bright_warm in chosen["happy"] + chosen["surprise"] + chosen["angry"]
