"""Training the expression network: the split, the figures, the random changes, the loop, the export, the commands."""

from __future__ import annotations

import signal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
torch = pytest.importorskip("torch")
nn = torch.nn

from installation.base import model_files as models  # noqa: E402
from installation.base.files import ROOT  # noqa: E402
from installation.perception.expression import ExpressionNet, prepare  # noqa: E402
from installation.training import expression, expression_export  # noqa: E402
from installation.training.backbones import BACKBONES, build_backbone  # noqa: E402
from installation.training.expression_fit import ExpressionRun, best_temperature, predict  # noqa: E402
from installation.training.expression_net import MIRRORS, Calibrated, ExpressionCnn, FaceView, MeanLogits, views  # noqa: E402
from installation.training.expression_settings import FitSettings, learning_rate_at  # noqa: E402
from installation.training.face_folder import load_training  # noqa: E402
from installation.training.fer import load_faces, score, split, table  # noqa: E402
from installation.training.fer_augment import FaceAugment, standardise  # noqa: E402
from installation.training.interrupt import Stop, interruptible, stop_on_signals  # noqa: E402
from installation.types import EMOTIONS  # noqa: E402


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


CPU = torch.device("cpu")


def a_fit(data: Path, folder: Path, stop: Stop | None = None, **settings: object) -> ExpressionRun:
    wanted = {"epochs": 2, "batch": 32, "half": False, **settings}
    return ExpressionRun(*load_faces(data / "train.npz"), folder, FitSettings(**wanted), CPU, stop)


def same_end(one: Path, other: Path) -> None:
    """Two runs have the same weights after the same steps."""
    states = [torch.load(folder / "last.pt") for folder in (one, other)]
    assert states[0]["progress"][:2] == states[1]["progress"][:2]
    for name, value in states[0]["ema"].items():
        torch.testing.assert_close(states[1]["ema"][name], value, msg=name)


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(data, folder of a run of two passes of three steps)."""
    data, folder = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("whole")
    images, labels = faces(140)
    np.savez(data / "train.npz", images=images, labels=labels)
    assert a_fit(data, folder).run()
    assert torch.load(folder / "last.pt")["progress"][:2] == (6, 2)
    return data, folder


def test_a_run_broken_off_after_a_pass_ends_as_an_uninterrupted_one(
    whole_run: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, whole = whole_run
    broken = a_fit(data, tmp_path)
    validate = broken._validate

    def then_stop() -> float:
        validate()
        raise KeyboardInterrupt

    monkeypatch.setattr(broken, "_validate", then_stop)
    with pytest.raises(KeyboardInterrupt):
        broken.run()
    assert a_fit(data, tmp_path).run()
    same_end(whole, tmp_path)


def test_a_run_stopped_within_a_pass_ends_as_an_uninterrupted_one(
    whole_run: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, whole = whole_run
    stop = Stop()
    stopped = a_fit(data, tmp_path, stop)
    step = stopped._train_step

    def then_ask(*batch: Any) -> torch.Tensor:
        stop.is_set = stopped._step == 3
        return step(*batch)

    monkeypatch.setattr(stopped, "_train_step", then_ask)
    assert not stopped.run()
    assert torch.load(tmp_path / "last.pt")["progress"][:2] == (4, 1)
    assert a_fit(data, tmp_path).run()
    assert "resumes after pass 1 and 1 of 3 steps" in capsys.readouterr().out
    same_end(whole, tmp_path)


def test_a_run_is_not_gone_on_with_as_another(
    whole_run: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, whole = whole_run
    for other in ({"backbone": "mobilenet_v2"}, {"batch": 16}, {"seed": 7}):
        (name,) = other
        with pytest.raises(ValueError, match=f"holds a run with {name} .*--{name} .* to resume"):
            a_fit(data, whole, **other).run()
    images, labels = faces(140, seed=4)
    np.savez(tmp_path / "train.npz", images=images, labels=labels)
    with pytest.raises(ValueError, match="other faces"):
        a_fit(tmp_path, whole).run()
    with pytest.raises(ValueError, match="other faces"):
        expression_export.export([whole], images, labels, tmp_path / "net.onnx", data="others")
    assert a_fit(data, whole, augment=0.5).run()
    assert "augment was 0.8, is 0.5" in capsys.readouterr().out


def test_a_run_from_before_there_were_backbones_goes_on_and_is_ours(
    whole_run: tuple[Path, Path], tmp_path: Path
) -> None:
    data, whole = whole_run
    for name in ("last.pt", "best.pt"):
        state = torch.load(whole / name)
        for key in ("within", "settings", "faces", "backbone"):
            state.pop(key, None)
        torch.save(state, tmp_path / name)
    assert a_fit(data, tmp_path, epochs=3).run()
    torch.save(state, tmp_path / "best.pt")
    net, notes = expression_export.load_best(tmp_path)
    assert isinstance(net, ExpressionCnn)
    assert notes["backbone"] == "ours"
    with pytest.raises(FileNotFoundError, match="train first"):
        expression_export.load_best(tmp_path / "none")


def test_too_few_faces_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few"):
        ExpressionRun(*faces(14), tmp_path / "run", FitSettings(batch=8), CPU)
    with pytest.raises(ValueError, match="--batch below 63"):
        ExpressionRun(*faces(70), tmp_path / "run", FitSettings(batch=128), CPU)
    assert not (tmp_path / "run").exists()


def test_minutes_end_a_run(data: Path, tmp_path: Path) -> None:
    assert a_fit(data, tmp_path / "run", epochs=1000, minutes=1e-6).run()
    assert torch.load(tmp_path / "run" / "last.pt")["progress"][1] == 1


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_backbones_give_seven_logits_and_have_the_weights_they_say(name: str) -> None:
    net = build_backbone(name).eval()
    with torch.inference_mode():
        assert net(torch.zeros(2, 1, 48, 48)).shape == (2, 7)
        assert net.features(torch.zeros(1, 1, 48, 48)).shape[2:] == (3, 3)
    weights = sum(parameter.numel() for parameter in net.parameters())
    assert weights / 1e6 == pytest.approx(BACKBONES[name].million_weights, abs=0.05)


def test_an_unknown_backbone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'alexnet'; there are ours, vgg19"):
        build_backbone("alexnet")


def test_another_backbone_trains_and_is_found_again(data: Path, tmp_path: Path) -> None:
    assert a_fit(data, tmp_path, epochs=1, backbone="mobilenet_v2").run()
    net, notes = expression_export.load_best(tmp_path)
    assert notes["backbone"] == "mobilenet_v2"
    assert sum(parameter.numel() for parameter in net.parameters()) == pytest.approx(2.2e6, rel=0.02)


def test_the_first_signal_asks_and_the_second_ends() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        with stop_on_signals() as stop:
            assert not stop.is_set
            signal.raise_signal(signal.SIGINT)
            assert stop.is_set
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is before


def test_views_share_out_the_mirror_image() -> None:
    both, original, mirror = FaceView.BOTH, FaceView.ORIGINAL, FaceView.MIRROR
    assert views("all", 2) == (both, both)
    assert views("none", 2) == (original, original)
    assert views("first", 3) == (both, original, original)
    assert views("alternate", 3) == (original, mirror, original)
    assert set(MIRRORS) == {"all", "none", "first", "alternate"}
    with pytest.raises(ValueError, match="sideways"):
        views("sideways", 2)
    with pytest.raises(ValueError, match="2 views"):
        MeanLogits([torch.nn.Identity()], views("none", 2))


@pytest.fixture(scope="module")
def three_nets() -> list[nn.Module]:
    """Small networks with a feeling for left and right, which pooling over the whole face would not have."""
    torch.manual_seed(3)
    return [
        nn.Sequential(nn.Conv2d(1, 4, 5, 4), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(484, 7)).eval()
        for _ in range(3)
    ]


def test_the_exported_network_is_the_mean_of_its_members(tmp_path: Path, three_nets: list[nn.Module]) -> None:
    seen = (FaceView.BOTH, FaceView.ORIGINAL, FaceView.MIRROR)
    expression_export.write_onnx(Calibrated(MeanLogits(three_nets, seen), 0.5), tmp_path / "net.onnx", {"data": "none"})
    images, _ = faces(5)
    straight, turned = images, np.ascontiguousarray(images[:, :, ::-1])
    logits = []
    for net, view in zip(three_nets, seen):
        one, other = (predict(net, pictures, torch.device("cpu")).numpy() for pictures in (straight, turned))
        logits.append({FaceView.ORIGINAL: one, FaceView.MIRROR: other, FaceView.BOTH: (one + other) / 2}[view])
    assert all(not np.allclose(one, other, atol=1e-2) for one, other in combinations(logits, 2))
    expected = torch.softmax(torch.from_numpy(np.mean(logits, axis=0)) / 0.5, dim=1).numpy()
    runtime = ExpressionNet(tmp_path / "net.onnx")
    shipped = np.stack([runtime.probabilities(np.repeat(image[..., None], 3, axis=2)) for image in images])
    np.testing.assert_allclose(shipped, expected, atol=1e-5)
    assert str(ROOT).encode() not in (tmp_path / "net.onnx").read_bytes()


def test_commands_train_export(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, model = ["--run", str(tmp_path / "run")], ["--model", str(tmp_path / "net.onnx")]
    where = ["--data", str(data)]
    assert expression.main(["train", *where, *run, "--epochs", "1", "--batch", "32"]) == 0
    assert expression.main(["export", *where, *run, *run, "--mirror", "alternate", *model]) == 0
    printed = capsys.readouterr().out
    assert "pass   1" in printed
    assert "done: " in printed
    assert "next: the same command with --export" in printed
    assert "members: 2" in printed
    notes = {p.key: p.value for p in onnx.load(tmp_path / "net.onnx").metadata_props}
    assert notes["members"] == "2"
    assert notes["views"] == "original,mirror"
    assert notes["backbones"] == "ours,ours"
    assert len(notes["validation_accuracy_of_each"].split(",")) == 2
    assert notes["validation_faces"] == "14"
    assert 0.3 <= float(notes["temperature"]) <= 3


def test_bad_input_is_reported_in_a_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ["--run", str(tmp_path / "run")]
    assert expression.main(["train", "--data", str(tmp_path / "none"), *run]) == 2
    assert "none is no folder" in capsys.readouterr().err
    assert expression.main(["train", "--data", str(data), "--device", "teapot", *run]) == 2
    assert "--device teapot cannot be used here" in capsys.readouterr().err
    assert expression.main(["export", "--data", str(data), *run]) == 2
    assert "train first" in capsys.readouterr().err


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
    images, labels = load_training(tmp_path)
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
