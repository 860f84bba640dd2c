"""Training the expression network: the split, the figures, the random changes, the loop, the export, the commands."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from installation import models  # noqa: E402
from installation.emotion.expression import ExpressionNet, prepare  # noqa: E402
from installation.training import expression, expression_export  # noqa: E402
from installation.training.expression_fit import (  # noqa: E402
    Fit,
    FitSettings,
    best_temperature,
    learning_rate_at,
    predict,
)
from installation.training.expression_net import (  # noqa: E402
    MIRRORS,
    Calibrated,
    ExpressionCnn,
    MeanLogits,
    View,
    views,
)
from installation.training.fer import load_faces, score, split, table  # noqa: E402
from installation.training.fer_augment import FaceAugment, standardise  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def faces(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(count, 48, 48) uint8 with a bright bar whose height tells the label, and the labels in turn."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 7
    images = rng.integers(0, 120, (count, 48, 48), dtype=np.uint8)
    for image, label in zip(images, labels):
        image[4 + 6 * label : 8 + 6 * label] += 130
    return images, labels


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    images, labels = faces(140)
    np.savez(folder / "train.npz", images=images, labels=labels)
    return folder


def test_split_is_stratified_repeatable_and_keeps_copies_together() -> None:
    images, labels = faces(700)
    images[350:] = images[:350]
    train, held = split(images, labels, 0.1, seed=5)
    assert sorted([*train, *held]) == list(range(700))
    assert np.bincount(labels[held]).tolist() == [10] * 7
    assert not {images[i].tobytes() for i in train} & {images[i].tobytes() for i in held}
    np.testing.assert_array_equal(split(images, labels, 0.1, seed=5)[1], held)
    assert not np.array_equal(split(images, labels, 0.1, seed=6)[1], held)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (np.zeros((3, 48, 48), np.float32), [0, 1, 2]),
        (np.zeros((3, 64, 64), np.uint8), [0, 1, 2]),
        (np.zeros((3, 48, 48), np.uint8), [0, 1]),
        (np.zeros((3, 48, 48), np.uint8), [0, 1, 7]),
    ],
)
def test_other_data_is_refused(tmp_path: Path, images: np.ndarray, labels: list[int]) -> None:
    np.savez(tmp_path / "other.npz", images=images, labels=np.array(labels))
    with pytest.raises(ValueError, match=r"other\.npz"):
        load_faces(tmp_path / "other.npz")


def test_figures_of_a_known_confusion() -> None:
    labels = np.array([0, 0, 0, 0, 3, 3])
    read = np.array([0, 0, 0, 3, 3, 3])
    probabilities = np.full((6, 7), 0.05, np.float32)
    probabilities[np.arange(6), read] = 0.7
    scores = score(probabilities, labels)
    assert scores.accuracy == pytest.approx(5 / 6)
    assert scores.macro_recall == pytest.approx((0.75 + 1) / 2)
    assert scores.macro_f1 == pytest.approx((6 / 7 + 4 / 5) / 2)
    assert scores.ece == pytest.approx(5 / 6 - 0.7, abs=1e-6)
    assert scores.confusion[0].tolist() == [3, 0, 0, 1, 0, 0, 0]
    assert "| angry | 3 | 0 | 0 | 1 | 0 | 0 | 0 | 75.0% |" in table(scores)


def test_training_and_run_time_standardise_alike() -> None:
    images, _ = faces(5)
    images[4] = 90
    here = standardise(torch.from_numpy(images)[:, None].float() / 255).numpy()
    there = np.stack([prepare(np.repeat(image[..., None], 3, axis=2)) for image in images])
    np.testing.assert_allclose(here, there, atol=1e-5)


def test_random_changes_repeat_with_the_seed_and_vanish_at_strength_zero() -> None:
    grey = torch.from_numpy(faces(32)[0])[:, None].float() / 255
    first, again, other = (FaceAugment(torch.Generator().manual_seed(seed))(grey) for seed in (1, 1, 2))
    assert first.shape == grey.shape
    assert torch.isfinite(first).all()
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)
    still = FaceAugment(torch.Generator().manual_seed(1), strength=0.0)(grey)
    torch.testing.assert_close(still, standardise(grey), atol=1e-3, rtol=0)


def test_half_the_faces_are_mirrored() -> None:
    ramp = torch.linspace(0, 1, 48).expand(400, 1, 48, 48)
    changed = FaceAugment(torch.Generator().manual_seed(1))(ramp)
    falls = (changed[:, 0, :, :12].mean(dim=(1, 2)) > changed[:, 0, :, 36:].mean(dim=(1, 2))).float()
    assert 0.4 < falls.mean() < 0.6


def test_learning_rate_rises_then_falls() -> None:
    rates = [learning_rate_at(progress, 0.1) for progress in np.linspace(0, 1, 101)]
    assert rates[8] == pytest.approx(0.1, rel=1e-6)
    assert all(a < b for a, b in pairwise(rates[:9]))
    assert all(a >= b for a, b in pairwise(rates[8:]))
    assert rates[-1] == pytest.approx(1e-4)


def test_temperature_undoes_overconfidence() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = 1.5 * torch.randn(4000, 7, generator=generator)
    labels = torch.multinomial(torch.softmax(logits, 1), 1, generator=generator)[:, 0]
    assert best_temperature(2.2 * logits, labels) == pytest.approx(2.2, rel=0.08)


def a_fit(data: Path, folder: Path) -> Fit:
    settings = FitSettings(epochs=2, batch=32, half=False)
    return Fit(data / "train.npz", folder, settings, torch.device("cpu"))


def test_an_interrupted_run_ends_as_an_uninterrupted_one(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_fit(data, tmp_path / "whole").run()

    broken = a_fit(data, tmp_path / "broken")
    validate = broken._validate

    def then_stop() -> float:
        validate()
        raise KeyboardInterrupt

    monkeypatch.setattr(broken, "_validate", then_stop)
    with pytest.raises(KeyboardInterrupt):
        broken.run()
    a_fit(data, tmp_path / "broken").run()

    whole, mended = (torch.load(tmp_path / name / "last.pt") for name in ("whole", "broken"))
    assert mended["progress"][:2] == whole["progress"][:2] == (6, 2)
    for name, value in whole["ema"].items():
        torch.testing.assert_close(mended["ema"][name], value, msg=name)


def test_minutes_end_a_run(data: Path, tmp_path: Path) -> None:
    settings = FitSettings(epochs=1000, minutes=1e-6, batch=32)
    Fit(data / "train.npz", tmp_path / "run", settings, torch.device("cpu")).run()
    assert torch.load(tmp_path / "run" / "last.pt")["progress"][1] == 1


def test_views_share_out_the_mirror_image() -> None:
    both, original, mirror = View.BOTH, View.ORIGINAL, View.MIRROR
    assert views("all", 2) == (both, both)
    assert views("none", 2) == (original, original)
    assert views("first", 3) == (both, original, original)
    assert views("alternate", 3) == (original, mirror, original)
    assert set(MIRRORS) == {"all", "none", "first", "alternate"}
    with pytest.raises(ValueError, match="sideways"):
        views("sideways", 2)
    with pytest.raises(ValueError, match="2 views"):
        MeanLogits([torch.nn.Identity()], views("none", 2))


EXPORT_WARNINGS = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def two_nets() -> list[ExpressionCnn]:
    torch.manual_seed(3)
    return [ExpressionCnn().eval() for _ in range(2)]


@EXPORT_WARNINGS
@pytest.mark.parametrize("mirror", ["first", "alternate"])
def test_the_exported_network_is_the_mean_of_its_members(
    tmp_path: Path, two_nets: list[ExpressionCnn], mirror: str
) -> None:
    seen = views(mirror, 2)
    expression_export.write_onnx(Calibrated(MeanLogits(two_nets, seen), 0.5), tmp_path / "net.onnx", {"data": "none"})
    images, _ = faces(5)
    straight, turned = images, np.ascontiguousarray(images[:, :, ::-1])
    logits = []
    for net, view in zip(two_nets, seen):
        one, other = (predict(net, pictures, torch.device("cpu")).numpy() for pictures in (straight, turned))
        logits.append({View.ORIGINAL: one, View.MIRROR: other, View.BOTH: (one + other) / 2}[view])
    expected = torch.softmax(torch.from_numpy(np.mean(logits, axis=0)) / 0.5, dim=1).numpy()
    runtime = ExpressionNet(tmp_path / "net.onnx")
    shipped = np.stack([runtime.probabilities(np.repeat(image[..., None], 3, axis=2)) for image in images])
    np.testing.assert_allclose(shipped, expected, atol=1e-5)
    assert (tmp_path / "net.onnx").stat().st_size < 20e6
    assert str(ROOT).encode() not in (tmp_path / "net.onnx").read_bytes()


@EXPORT_WARNINGS
def test_commands_train_export(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, model = ["--run", str(tmp_path / "run")], ["--model", str(tmp_path / "net.onnx")]
    where = ["--data", str(data)]
    assert expression.main(["train", *where, *run, "--epochs", "1", "--batch", "32"]) == 0
    assert expression.main(["export", *where, *run, *run, "--mirror", "alternate", *model]) == 0
    printed = capsys.readouterr().out
    assert "pass   1" in printed
    assert "members: 2" in printed
    assert "views: original,mirror" in printed
    assert "temperature: " in printed


def test_a_shipped_models_new_hash_goes_into_the_manifest(tmp_path: Path) -> None:
    shipped = models.MODELS_DIR / "expression.onnx"
    text = (models.MODELS_DIR / "manifest.yaml").read_text(encoding="utf-8")
    old = models.load_manifest()["expression"].sha256
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(text.replace(old, "ab" * 32), encoding="utf-8")
    expression_export.note_in_manifest(shipped, manifest)
    assert models.load_manifest(manifest)["expression"].sha256 == models.sha256_of(shipped)
    expression_export.note_in_manifest(tmp_path / "another.onnx", manifest)
    assert manifest.read_text(encoding="utf-8") == text.replace(old, models.sha256_of(shipped))
