"""The published comparison run whole: the training of one network, processes side by side, the table."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from installation.base.files import ROOT  # noqa: E402
from installation.training import backbone_runs, backbone_table, expression  # noqa: E402
from installation.training.backbone_fit import BackboneFit, class_weights, rate_at  # noqa: E402
from installation.training.backbone_plan import FAILED, FINISHED, PUBLISHED, STOPPED_EARLY, Outcome, Recipe, Task  # noqa: E402
from installation.training.backbone_table import Pace, keep_small_weights, measure_pace, table, write_tables  # noqa: E402
from installation.training.backbones import BACKBONES, build_backbone  # noqa: E402
from installation.training.pack_faces import pack  # noqa: E402

NOT_THERE = ("pydantic", "pydantic_core", "ruamel", "mediapipe", "moderngl")
"""What the machine lacks that only trains."""


def faces(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(count, 48, 48) uint8 with a bright bar whose height tells the label, and the labels in turn."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 7
    images = rng.integers(0, 120, (count, 48, 48), dtype=np.uint8)
    for image, label in zip(images, labels):
        image[4 + 6 * label : 8 + 6 * label] += 130
    return images, labels.astype(np.uint8)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    images, labels = faces(280, 1)
    np.savez(folder / "train.npz", images=images, labels=labels)
    others, other_labels = faces(35, 2)
    others[:4], other_labels[:4] = images[:4], labels[:4]
    np.savez(folder / "publictest.npz", images=others, labels=other_labels)
    return folder


def task(data: Path, tmp_path: Path, **recipe: float) -> Task:
    folder = tmp_path / "run" / "ours"
    folder.mkdir(parents=True, exist_ok=True)
    now_s = time.time()
    how = replace(Recipe(batch=32, passes=2, augment=0.0), **recipe)
    return Task("ours", data, folder, "cpu", 1, now_s, now_s + 600, how)


def test_rare_emotions_weigh_more_and_all_emotions_alike() -> None:
    labels = np.repeat(np.arange(6), [10, 20, 30, 40, 50, 60])
    weights = class_weights(labels).numpy()
    np.testing.assert_allclose(weights[:6] * [10, 20, 30, 40, 50, 60], 210 / 7, rtol=1e-6)
    assert weights[6] == 0.0


def test_the_learning_rate_rises_by_time_and_steps_and_falls_to_nearly_nothing() -> None:
    assert rate_at(0.0, 0, 0.1) == pytest.approx(0.005)
    assert rate_at(0.06, 100, 0.1) == pytest.approx(0.1)
    assert rate_at(0.5, 10, 0.1) == pytest.approx(0.1 * (0.05 + 0.95 * 0.1))
    assert rate_at(1.0, 5000, 0.1) == pytest.approx(1e-4)


@pytest.mark.long
def test_a_network_learns_and_is_measured(data: Path, tmp_path: Path) -> None:
    training = BackboneFit(task(data, tmp_path, passes=6), lambda: False)
    training.at_once = 3  # as on a card, several batches are changed together
    finished = training.train()
    outcome = training.measure(finished)
    assert outcome.status == FINISHED
    assert outcome.accuracy is not None
    assert outcome.accuracy > 0.9
    assert (outcome.count, outcome.distinct_count, outcome.passes) == (35, 31, 6.0)
    assert outcome.steps == 6 * (266 // 32)
    assert len(outcome.recall) == 7
    outcome.write(tmp_path / "outcome.json")
    assert Outcome.read(tmp_path / "outcome.json") == outcome
    weights = torch.load(tmp_path / "run" / "ours" / "weights.pt", weights_only=True)
    assert weights["head.weight"].dtype == torch.float16
    build_backbone("ours").load_state_dict(weights)


@pytest.mark.long
def test_a_stopped_training_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    answers = iter([False] * 4 + [True] * 9)
    training = BackboneFit(task(data, tmp_path), lambda: next(answers))
    assert not training.train()
    assert training.measure(False).steps == 5
    assert training.measure(False).status == STOPPED_EARLY
    before = {key: value.clone() for key, value in training._ema.state_dict().items()}
    later = BackboneFit(task(data, tmp_path), lambda: False)
    assert later.passes == training.passes
    for key, value in later._ema.state_dict().items():
        assert torch.equal(value, before[key]), key
    assert later.train()
    assert later.measure(True).steps == 16
    with pytest.raises(ValueError, match="trained otherwise"):
        BackboneFit(task(data, tmp_path, batch=16), lambda: False)


@pytest.mark.long
def test_the_time_ends_a_training_too(data: Path, tmp_path: Path) -> None:
    short = replace(task(data, tmp_path, passes=100_000), end_s=time.time() + 3)
    training = BackboneFit(short, lambda: False)
    assert training.train()
    assert training.progress == 1.0
    assert training.passes < 100_000
    assert time.time() < short.end_s + 30


def test_too_few_faces_are_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few"):
        BackboneFit(task(data, tmp_path, batch=512), lambda: False)


def _command(folder: Path, *more: str) -> list[str]:
    module = [sys.executable, "-m", "installation.training.backbone_runs"]
    places = ["--data", str(folder / "packed"), "--out", str(folder / "out"), "--run", str(folder / "run")]
    return [*module, *places, "--seconds", "600", "--batch", "32", "--backbones", *more]


def _bare(folder: Path) -> dict[str, str]:
    """An environment in which importing what that machine lacks fails, in every process."""
    blocked = folder / "blocked"
    blocked.mkdir()
    for name in NOT_THERE:
        (blocked / f"{name}.py").write_text(f"raise ImportError('{name} is not there')\n")
    return {**os.environ, "PYTHONPATH": str(blocked), "PYTHONUNBUFFERED": "1"}


@pytest.mark.parametrize("module", ["backbone_runs", "expression"])
def test_training_can_be_imported_where_only_training_is_installed(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"import installation.training.{module}"]
    done = subprocess.run(command, cwd=ROOT, env=_bare(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM handler there")
def test_the_command_needs_no_pydantic_stops_at_sigterm_and_goes_on(data: Path, tmp_path: Path) -> None:
    pack(data, tmp_path / "packed")
    environment = _bare(tmp_path)
    gone = subprocess.run([sys.executable, "-c", "import pydantic"], env=environment, capture_output=True, check=False)
    assert b"pydantic is not there" in gone.stderr
    command = _command(tmp_path, "ours", "--passes", "4")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "begins: 266 faces, 8 steps a pass" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        said = process.stdout.read()
    assert process.returncode == 130, said
    assert "The same command goes on." in said
    rows = json.loads((tmp_path / "out" / "table.json").read_text())
    assert [row["status"] for row in rows] == [STOPPED_EARLY]
    assert "stopped at" in rows[0]["note"]

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "goes on after" in done.stdout
    (row,) = json.loads((tmp_path / "out" / "table.json").read_text())
    assert row["status"] == FINISHED
    assert row["steps"] == 32
    assert row["milliseconds"] > 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"table.md", "table.json", "ours.pt"}
    assert (tmp_path / "out" / "table.md").read_text() in done.stdout


@pytest.mark.long
def test_a_network_that_fails_takes_no_other_with_it(data: Path, tmp_path: Path) -> None:
    pack(data, tmp_path / "packed")
    (tmp_path / "run" / "mobilenet_v2").mkdir(parents=True)
    (tmp_path / "run" / "mobilenet_v2" / "last.pt").write_bytes(b"no checkpoint")
    command = _command(tmp_path, "mobilenet_v2,ours", "--passes", "1")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    failed, ours = json.loads((tmp_path / "out" / "table.json").read_text())
    assert failed["status"] == FAILED
    assert failed["note"]
    assert failed["accuracy"] is None
    assert ours["status"] == FINISHED
    assert ours["count"] == 35
    assert "- mobilenet_v2 failed: " in (tmp_path / "out" / "table.md").read_text()


class Ended:
    exitcode = -9


def test_a_process_that_is_gone_is_reported(tmp_path: Path) -> None:
    gone = task(tmp_path, tmp_path)
    outcome = backbone_runs._outcome(gone, Ended())  # type: ignore[arg-type]
    assert (outcome.status, outcome.note) == (FAILED, "its process ended with code -9")
    (gone.run / "last.pt").write_bytes(b"")
    assert backbone_runs._outcome(gone, Ended()).status == STOPPED_EARLY  # type: ignore[arg-type]


def test_the_table_says_what_is_known() -> None:
    rows = [
        Outcome(
            "vgg19",
            FINISHED,
            "",
            0.701,
            3589,
            0.68,
            3310,
            0.71,
            0.66,
            (0.5,) * 7,
            22.5,
            2300,
            180.0,
            20_030_000,
            "card",
        ),
        Outcome("resnet50", FAILED, "OutOfMemoryError: too much"),
    ]
    text = table(rows, {"vgg19": Pace(12.34, "ONNX")}, {"vgg19": "left out: 40 MB"}, "How it was.")
    assert "| vgg19 | 70.10 | 68.00 | 71.00 | 66.00 | 22.5 | 20.0 | 12.3 (ONNX) | 65.65 |" in text
    assert "| resnet50 | failed | - | - | - | 0.0 | - | - | 64.83 |" in text
    assert "accuracy (n 3,589) | without copies (n 3,310)" in text
    assert "How it was.\n- resnet50 failed: OutOfMemoryError: too much\n- weights of vgg19: left out: 40 MB" in text
    assert set(PUBLISHED) < set(BACKBONES)


def test_only_small_weights_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Outcome(name, FINISHED, accuracy=0.5) for name in ("small", "large")] + [Outcome("none", FAILED)]
    for name, size in (("small", 1000), ("large", 1001), ("none", 10)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "weights.pt").write_bytes(bytes(size))
    monkeypatch.setattr(backbone_table, "LARGEST_FILE", 1000)
    (tmp_path / "out").mkdir()
    said = keep_small_weights(rows, tmp_path, tmp_path / "out")
    assert said.keys() == {"small", "large"}
    assert said["large"].startswith("left out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small.pt"]
    write_tables(tmp_path / "out", "text", rows, {}, said)
    assert json.loads((tmp_path / "out" / "table.json").read_text())[1]["weights_file"] == said["large"]


def test_a_network_is_timed_in_torch_when_it_cannot_be_exported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(backbone_table, "MEASURED_S", 0.01)
    assert measure_pace("ours").with_what == "ONNX"

    def refuse(*_args: object) -> None:
        raise ImportError("onnx")

    monkeypatch.setattr(backbone_table, "write_onnx", refuse)
    pace = measure_pace("ours")
    assert pace.with_what == "torch"
    assert pace.milliseconds > 0
    assert "ImportError" in capsys.readouterr().out


def test_the_words_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["train", "--backbones", "resnet18"], ["train", "--backbones", "ours,ours"]):
        with pytest.raises(SystemExit, match="2"):
            expression.main(words)
        assert "all, or some of vgg19, resnet50" in capsys.readouterr().err
    assert expression.main(["train", "--backbones", "all", "--data", str(tmp_path)]) == 2
    assert "neither train.npz nor faces.npz" in capsys.readouterr().err
    (tmp_path / "faces.npz").write_bytes(b"")
    assert backbone_runs.main(["--data", str(tmp_path), "--seconds", "20"]) == 2
    assert "--reserve 22" in capsys.readouterr().err
