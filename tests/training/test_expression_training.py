"""Training the expression network: the split, the figures, the random changes, the loop, the export, the commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

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
from installation.training.expression_export import best_temperature  # noqa: E402
from installation.training.expression_fit import ExpressionRun  # noqa: E402
from installation.training.expression_heads import SHAPES, Calibrated, build, logits_of  # noqa: E402
from installation.training.expression_runs import store_taught  # noqa: E402
from installation.training.expression_settings import FitSettings, learning_rate_at  # noqa: E402
from installation.training.face_folder import load_training, without_votes  # noqa: E402
from installation.training.fer import load_faces, score, split, table  # noqa: E402
from installation.training.fer_augment import FaceAugment, standardise  # noqa: E402
from installation.training.interrupt import STOPPED, interruptible, stop_on_signals  # noqa: E402
from tests.training.labelled_faces import faces, voted  # noqa: E402


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


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
    assert rates[6] == pytest.approx(0.1, rel=1e-6)
    assert all(a < b for a, b in pairwise(rates[:7]))
    assert all(a >= b for a, b in pairwise(rates[6:]))
    assert rates[-1] == pytest.approx(1e-4)


def test_temperature_undoes_overconfidence() -> None:
    generator = torch.Generator().manual_seed(0)
    logits = 1.5 * torch.randn(4000, 7, generator=generator)
    labels = torch.multinomial(torch.softmax(logits, 1), 1, generator=generator)[:, 0]
    assert best_temperature(2.2 * logits, labels) == pytest.approx(2.2, rel=0.08)
    assert best_temperature(2.2 * logits, torch.softmax(logits, 1)) == pytest.approx(2.2, rel=0.02)


CPU = torch.device("cpu")


def a_fit(data: Path, folder: Path, wants_stop: Callable[[], bool] = lambda: False, **settings: Any) -> ExpressionRun:
    wanted = {"epochs": 2, "batch": 32, "half": False, **settings}
    known = load_training(data)
    return ExpressionRun(known, known.split(), folder, FitSettings(**wanted), CPU, wants_stop)


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
    np.savez(data / "train.npz", **voted(140))
    assert a_fit(data, folder).run()
    assert torch.load(folder / "last.pt")["progress"][:2] == (6, 2)
    return data, folder


@pytest.mark.parametrize("step", [1, 3, 4])
def test_a_run_stopped_anywhere_ends_as_an_uninterrupted_one(
    whole_run: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], step: int
) -> None:
    data, whole = whole_run
    stopped: ExpressionRun = a_fit(data, tmp_path, lambda: stopped._step == step)
    assert not stopped.run()
    assert torch.load(tmp_path / "last.pt")["progress"][:2] == (step, step // 3)
    assert not (tmp_path / "net.pt").exists()
    assert a_fit(data, tmp_path).run()
    within = f" and {step % 3} of 3 steps" if step % 3 else ""
    assert f"resumes after pass {step // 3}{within}, " in capsys.readouterr().out
    same_end(whole, tmp_path)


def test_a_run_is_not_gone_on_with_as_another(
    whole_run: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, whole = whole_run
    for other in ({"shape": "mid"}, {"batch": 16}, {"seed": 7}):
        (name,) = other
        with pytest.raises(ValueError, match=f"holds a run with {name} .*--{name} .* to resume"):
            # Another shape's weights are never loaded: the check comes first.
            a_fit(data, whole, **other).run()
    np.savez(tmp_path / "train.npz", **voted(140, seed=4))
    with pytest.raises(ValueError, match="other faces"):
        a_fit(tmp_path, whole).run()
    with pytest.raises(ValueError, match="other faces"):
        expression_export.load_net(whole, load_training(tmp_path).fingerprint)
    with pytest.raises(FileNotFoundError, match="train to the end first"):
        expression_export.load_net(tmp_path, load_training(data).fingerprint)
    assert a_fit(data, whole, augment=0.5).run()
    assert "augment was 0.9, is 0.5" in capsys.readouterr().out


def test_a_run_of_before_is_told_from_todays(whole_run: tuple[Path, Path], tmp_path: Path) -> None:
    data, whole = whole_run
    state = torch.load(whole / "last.pt")
    del state["settings"]["shape"]
    torch.save(state, tmp_path / "last.pt")
    with pytest.raises(ValueError, match="before there were two heads"):
        a_fit(data, tmp_path).run()


def test_a_run_begins_with_the_weights_of_another(whole_run: tuple[Path, Path], tmp_path: Path) -> None:
    data, whole = whole_run
    known, state = load_training(data), torch.load(whole / "net.pt")
    begun = ExpressionRun(known, known.split(), tmp_path, FitSettings(batch=32), CPU, start=whole / "net.pt")
    torch.testing.assert_close(begun.net.state_dict()["head.weight"], state["net"]["head.weight"].float())
    assert sorted(state["held"].tolist()) == sorted(known.split()[1].tolist())


def test_too_few_faces_are_said_to_be(tmp_path: Path) -> None:
    for count, batch, says in ((14, 8, "too few"), (70, 128, "--batch below 63")):
        known = without_votes(*faces(count))
        with pytest.raises(ValueError, match=says):
            ExpressionRun(known, known.split(), tmp_path / "run", FitSettings(batch=batch), CPU)
    assert not (tmp_path / "run").exists()


def test_time_ends_a_run_within_a_pass(data: Path, tmp_path: Path) -> None:
    assert a_fit(data, tmp_path / "run", epochs=1000, seconds=1e-6).run()
    step, passes, _ = torch.load(tmp_path / "run" / "last.pt")["progress"]
    assert (step, passes) == (0, 1)
    assert (tmp_path / "run" / "net.pt").is_file()


def test_shapes_give_fourteen_logits_and_have_the_weights_they_say() -> None:
    for shape, millions in (("ours", 1.6), ("mid", 3.6), ("wide", 11.2), ("vgg19", 20.0)):
        net = build(shape).eval()
        with torch.inference_mode():
            assert net(torch.zeros(2, 1, 48, 48)).shape == (2, 14)
        assert sum(parameter.numel() for parameter in net.parameters()) / 1e6 == pytest.approx(millions, abs=0.05)
    assert set(SHAPES) == {"ours", "mid", "wide", "vgg19"}
    with pytest.raises(ValueError, match="'alexnet'; there are ours, mid"):
        build("alexnet")


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


@pytest.fixture(scope="module")
def small_net() -> nn.Module:
    """A small network with a feeling for left and right, which pooling over the whole face would not have."""
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(1, 8, 5, 4), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(968, 14)).eval()


@pytest.mark.parametrize("mirror", [True, False])
def test_the_exported_network_reads_both_heads_of_a_face_and_its_mirror_image(
    tmp_path: Path, small_net: nn.Module, mirror: bool
) -> None:
    path = tmp_path / "net.onnx"
    expression_export.write_onnx(Calibrated(small_net, (0.5, 2.0), mirror=mirror), path)
    images, _ = faces(5)
    with torch.inference_mode():
        straight = small_net(standardise(torch.from_numpy(images)[:, None].float() / 255))
        turned = small_net(standardise(torch.from_numpy(images[:, :, ::-1].copy())[:, None].float() / 255))
    assert not torch.allclose(straight, turned, atol=1e-2)
    logits = (straight + turned) / 2 if mirror else straight
    if mirror:
        torch.testing.assert_close(logits_of(small_net, images, CPU), logits)
    votes, label = expression_export.read(path, images)
    np.testing.assert_allclose(votes, torch.softmax(logits[:, :7] / 0.5, 1), atol=1e-5)
    np.testing.assert_allclose(label, torch.softmax(logits[:, 7:] / 2, 1), atol=1e-5)
    runtime = ExpressionNet(path)
    shipped = runtime.batch_probabilities([np.repeat(image[..., None], 3, axis=2) for image in images])
    np.testing.assert_allclose(shipped, votes, atol=1e-5)
    assert str(ROOT).encode() not in path.read_bytes()


@pytest.mark.long
def test_a_trained_network_reads_what_it_learnt_and_in_eight_bits_nearly_the_same(tmp_path: Path) -> None:
    known = without_votes(*faces(280))
    settings = FitSettings(epochs=9, batch=32, augment=0.1, mixup_alpha=0.0, small_share=0.0, half=False)
    fit = ExpressionRun(known, known.split(), tmp_path / "run", settings, CPU)
    assert fit.run()
    expression_export.write_onnx(Calibrated(fit.average.eval(), (1.0, 1.0)), tmp_path / "plain.onnx")
    images, labels = faces(70, seed=1)
    grey = standardise(torch.from_numpy(known.images)[:, None].float() / 255).numpy()
    expression_export.quantise(tmp_path / "plain.onnx", grey[:60], tmp_path / "net.onnx")
    plain, small = (expression_export.read(tmp_path / name, images) for name in ("plain.onnx", "net.onnx"))
    assert [score(head, labels).accuracy > 0.8 for head in plain] == [True, True]
    for one, other in zip(plain, small):
        assert np.abs(one - other).mean() < 0.02
    assert (tmp_path / "net.onnx").stat().st_size < 0.3 * (tmp_path / "plain.onnx").stat().st_size


def test_commands_train_teach_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, run, model = tmp_path / "data", tmp_path / "run", tmp_path / "net.onnx"
    data.mkdir()
    np.savez(data / "train.npz", **voted(140))
    known = load_training(data)
    store_taught(tmp_path / "taught.npz", np.full((140, 14), 1 / 7, np.float32), known, known.split()[1])
    where = ["--data", str(data), "--run", str(run)]
    bounds = ["--epochs", "1", "--batch", "32", "--taught", str(tmp_path / "taught.npz")]
    assert expression.main(["train", *where, *bounds]) == 0
    printed = capsys.readouterr().out
    assert "ours pass   1" in printed
    assert "next: the same command with --export" in printed
    assert expression.main(["train", *where, *bounds, "--export", str(model)]) == 0
    printed = capsys.readouterr().out
    assert "ours resumes after pass 1" in printed
    notes = {p.key: p.value for p in onnx.load(model).metadata_props}
    assert notes["shape"] == "ours"
    assert notes["mirror_image"] == "true"
    assert notes["validation_faces"] == "14"
    assert all(0.3 <= float(one) <= 3 for one in notes["temperatures"].split(","))
    weights = tmp_path / "weights.pt"
    torch.save(torch.load(run / "ours" / "net.pt")["net"], weights)
    elsewhere = ["export", "--data", str(data), "--weights", str(weights), "--model", str(tmp_path / "other.onnx")]
    assert expression.main(elsewhere) == 2
    assert "--weights needs --held" in capsys.readouterr().err
    assert expression.main([*elsewhere, "--held", str(tmp_path / "taught.npz")]) == 0
    images, _ = faces(3)
    for one, other in zip(
        expression_export.read(model, images), expression_export.read(tmp_path / "other.onnx", images)
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM handler there")
def test_teachers_learn_side_by_side_where_only_training_is_installed(tmp_path: Path) -> None:
    """All of the training runs without pydantic, tqdm, onnx and mediapipe, stops at a signal and goes on."""
    np.savez(tmp_path / "train.npz", **voted(70))
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for name in ("pydantic", "pydantic_core", "ruamel", "mediapipe", "moderngl", "tqdm", "onnx", "yaml"):
        (blocked / f"{name}.py").write_text(f"raise ImportError('{name} is not there')\n")
    environment = {**os.environ, "PYTHONPATH": str(blocked), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "installation.training.expression", "train", "--teachers", "--batch", "16"]
    command += ["--data", str(tmp_path), "--run", str(tmp_path / "run"), "--seconds"]
    with subprocess.Popen([*command, "600"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        begun = [process.stdout.readline() for _ in range(3)]
        assert sorted(line.split()[0] for line in begun) == ["vgg_a", "vgg_b", "wide"]
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read()
    assert process.returncode == STOPPED, said
    assert "The same command goes on." in said
    done = subprocess.run([*command, "0.02"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(" resumes after pass 0") == 3
    assert "3 teachers: " in done.stdout
    assert f"done: {tmp_path / 'run' / 'ours' / 'net.pt'}" in done.stdout


def test_bad_input_is_reported_in_a_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ["--run", str(tmp_path / "run")]
    assert expression.main(["train", "--data", str(tmp_path / "none"), *run]) == 2
    assert "none is no folder" in capsys.readouterr().err
    assert expression.main(["train", "--data", str(data), "--device", "teapot", *run]) == 2
    assert "--device teapot cannot be used here" in capsys.readouterr().err
    assert expression.main(["train", "--data", str(data), "--epochs", "0", *run]) == 2
    assert "--epochs and --batch must be at least 1" in capsys.readouterr().err
    assert expression.main(["export", "--data", str(data), *run]) == 2
    assert "train to the end first" in capsys.readouterr().err


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
