"""The small generators: they run, resume as if never stopped, work in several processes; exports that must be refused are."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from installation.base.files import ROOT
from installation.base.supervisor import StopSignal
from installation.commands import dispatch
from installation.training import exports, gallery, simple_gan, simple_gan_data, simple_gan_export
from installation.training.interrupt import STOPPED, Stop
from installation.training.running import REFUSED, RefusedError
from installation.training.several import Place
from installation.training.simple_gan_data import Compositions
from installation.training.simple_gan_fit import Settings, SimpleRun, read_checkpoint
from installation.training.simple_gan_net import RECIPES, CriticLoss, SimpleCritic, SimpleGenerator
from installation.training.simple_gan_sheet import samples

TINY = ["--width", "4", "--batch", "4", "--seed", "3"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(1)
    for number in range(3):
        small = rng.integers(0, 255, (6, 8, 3), np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), cv2.resize(small, (240, 180), interpolation=cv2.INTER_CUBIC))
    return folder


@pytest.fixture(scope="module", autouse=True)
def few_windows() -> Iterator[None]:
    """Measuring the affect of thousands of windows is most of what such short runs would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simple_gan_data, "WINDOWS", 300)
        yield


@pytest.fixture(scope="module")
def data(pictures: Path) -> Compositions:
    return Compositions(pictures)


def train(pictures: Path, out: Path, network: str, steps: int, *more: str) -> int:
    argv = ["--network", network, "--data", str(pictures), "--out", str(out), "--steps", str(steps)]
    return dispatch.main(["train", "simple", *argv, *TINY, *more], StopSignal())


@pytest.mark.long
@pytest.mark.parametrize("network", sorted(RECIPES))
def test_a_run_that_was_interrupted_ends_with_the_same_weights(
    network: str, data: Compositions, tmp_path: Path
) -> None:
    def fit(folder: str, steps: int) -> SimpleRun:
        made = SimpleRun(data, tmp_path / folder, Settings(network, 4, 4, seed=3, steps=steps), Place(), Stop())
        assert made.run()
        return made

    whole = fit("whole", 3)
    fit("parts", 1)
    assert read_checkpoint(tmp_path / "parts" / "gan.pt")["progress"][0] == 1
    parts = fit("parts", 3)
    assert parts.step == whole.step == 3
    for part in ("generator", "critic", "average"):
        states = (getattr(one, part).state_dict() for one in (whole, parts))
        for (name, a), b in zip(next(states).items(), next(states).values(), strict=True):
            assert torch.equal(a, b), name
    recipe = RECIPES[network]
    first = SimpleGenerator(4, recipe.labels, 3, recipe.is_wasserstein).state_dict()
    assert any(not torch.equal(first[name], value) for name, value in whole.generator.state_dict().items())


def test_a_wish_to_stop_saves_and_the_rest_is_reported(
    data: Compositions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = Stop()
    fit = SimpleRun(data, tmp_path, Settings("dcgan", 4, 4, steps=50), Place(), stop)
    step, fit._train_step = fit._train_step, lambda: (setattr(stop, "is_set", fit.step == 1), step())[1]
    assert not fit.run()
    assert read_checkpoint(tmp_path / "gan.pt")["progress"][0] == 2
    assert (tmp_path / "sheet-000002.png").is_file()
    SimpleRun(data, tmp_path, Settings("dcgan", 4, 4, steps=50), Place(), Stop())
    assert "resumes after step 2" in capsys.readouterr().out


def test_losses_are_reported_stored_and_drawn(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(pictures, tmp_path, "cgan", 20) == 0
    assert "step 20  critic" in capsys.readouterr().out
    assert (tmp_path / "losses.csv").read_text().splitlines()[1].startswith("20,")
    assert cv2.imread(str(tmp_path / "losses.png")) is not None
    assert cv2.imread(str(tmp_path / "sheet-000020.png")).shape == (7 * 68 + 4, 84 + 12 * 68, 3)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--width", "8"], "holds a run with width 4, not 8; give --width 4"),
        (["--network", "wgan_gp"], "holds a run with network dcgan"),
        (["--data", "other"], "holds a run on other pictures"),
        (["--data", "none"], "has no pictures"),
        (["--device", "cuda:99"], "--device cuda:99 cannot be used here"),
    ],
)
def test_what_does_not_fit_the_run_is_reported(
    more: list[str], said: str, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("other", "none"):
        (tmp_path / folder).mkdir()
    cv2.imwrite(str(tmp_path / "other" / "a.png"), cv2.imread(str(pictures / "1.png")))
    more = [str(tmp_path / word) if word in ("other", "none") else word for word in more]
    assert train(pictures, tmp_path / "run", "dcgan", 1) == 0
    assert train(pictures, tmp_path / "run", "dcgan", 2, *more) == 2
    assert said in capsys.readouterr().err


def test_the_critics_slope_is_held_to_one() -> None:
    """A critic that multiplies by 3 is fined (3 - 1)^2 times the weight; one of slope 1 is not."""

    class Scale(SimpleCritic):
        def __init__(self, factor: float) -> None:
            torch.nn.Module.__init__(self)
            self.factor = factor

        def forward(self, rgb: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
            return self.factor * rgb.flatten(1)[:, 0]

    rgb, label, mix = torch.zeros(2, 3, 64, 64), torch.zeros(2, 0), torch.tensor([0.2, 0.7])
    assert float(CriticLoss(Scale(1.0), True)(rgb, rgb, label, mix)) == pytest.approx(0.0, abs=1e-5)
    assert float(CriticLoss(Scale(3.0), True)(rgb, rgb, label, mix)) == pytest.approx(40.0, rel=1e-4)


def test_labels_are_the_nearest_emotions_and_balanced_on_demand(data: Compositions) -> None:
    there = set(range(7)) - set(data.missing)
    assert len(there) >= 3
    rgb, labels = data.batch(700, np.random.default_rng(1), balanced=True)
    assert rgb.shape == (700, 3, 64, 64)
    assert rgb.min() >= -1
    assert rgb.max() <= 1
    counts = np.bincount(labels, minlength=7)
    assert set(np.flatnonzero(counts)) == there
    assert counts[sorted(there)].min() > 0.6 * 700 / len(there)


@pytest.mark.long
def test_two_processes_train_one_network(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simple_gan_data, "WINDOWS", 4096)  # as the processes have it
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc_per_node=2",
        "-m",
        "installation",
    ]
    argv = ["train", "simple", "--network", "wgan_gp", "--data", str(pictures), "--out", str(tmp_path), "--steps", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *argv, *TINY, "--device", "cpu"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("done: step 2") == 1, "one process speaks"
    two = read_checkpoint(tmp_path / "gan.pt")
    assert two["progress"][0] == 2
    assert two["progress"][2] == 2
    assert train(pictures, tmp_path / "alone", "wgan_gp", 2) == 0
    one = read_checkpoint(tmp_path / "alone" / "gan.pt")
    name = "layers.0.weight"
    assert not torch.equal(one["critic"][name], two["critic"][name]), "the other process's pictures count, too"
    # One process resumes what two began.
    assert train(pictures, tmp_path, "wgan_gp", 3) == 0
    assert read_checkpoint(tmp_path / "gan.pt")["progress"][0] == 3


@pytest.fixture
def no_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a network of a few steps cannot pass."""
    monkeypatch.setattr(simple_gan_export, "MIN_DIVERSITY", 0.0)
    monkeypatch.setattr(simple_gan_export, "MIN_OBEYED", 0.0)


# The exporter itself uses what its libraries have deprecated.
deprecated = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


@deprecated
@pytest.mark.usefixtures("no_gates")
@pytest.mark.parametrize("network", ["cgan", "wgan_gp"])
def test_what_is_exported_paints_as_torch_does_and_is_shown(
    network: str, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(pictures, tmp_path / "run", network, 2) == 0
    file = tmp_path / "small.onnx"
    assert dispatch.main(["export", "small", "--run", str(tmp_path / "run"), "--file", str(file)], StopSignal()) == 0
    assert "Seam gate: does not apply" in capsys.readouterr().out
    meant = samples(simple_gan_export.generator_of(read_checkpoint(tmp_path / "run" / "gan.pt")), 7, 2)
    made = simple_gan_export.paint(file, np.repeat(np.arange(7), 2)).reshape(meant.shape)
    assert np.abs(made.astype(int) - meant.astype(int)).max() <= 1
    assert made.std() > 0
    sheet = tmp_path / "sheet.png"
    assert dispatch.main(["gallery", str(file), "--columns", "2", "--file", str(sheet)], StopSignal()) == 0
    left = 84 if network == "cgan" else 4
    assert cv2.imread(str(sheet)).shape == (7 * 68 + 4, left + 2 * 68, 3)


@deprecated
def test_a_network_that_has_collapsed_is_refused_and_the_old_file_stays(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(pictures, tmp_path / "run", "dcgan", 1) == 0
    file = tmp_path / "small.onnx"
    file.write_bytes(b"the old one")
    assert exports.main(["small", "--run", str(tmp_path / "run"), "--file", str(file)]) == REFUSED
    assert "refused: its pictures are 0." in capsys.readouterr().err
    assert file.read_bytes() == b"the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "small.onnx"]


@deprecated
@pytest.mark.parametrize(
    ("module", "name", "value", "said"),
    [
        (simple_gan_export, "MIN_OBEYED", 1.01, "show the emotion asked for"),
        (simple_gan_export, "MAX_PARITY", -1.0, "ONNX and torch differ"),
        (exports, "max_megabytes", 0.01, "the file has 0 MB"),
        (exports, "max_ms", 0.0, "ms on one thread"),
    ],
)
@pytest.mark.usefixtures("no_gates")
def test_every_gate_can_refuse(
    module: object,
    name: str,
    value: float,
    said: str,
    data: Compositions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    SimpleRun(data, tmp_path, Settings("cgan", 4, 4, steps=1), Place(), Stop()).run()
    if module is exports:
        monkeypatch.setitem(
            exports.EXPORTERS, "simple", dataclasses.replace(exports.EXPORTERS["simple"], **{name: value})
        )
    else:
        monkeypatch.setattr(module, name, value)
    with pytest.raises(RefusedError, match=said):
        exports.export(tmp_path, tmp_path / "small.onnx")
    assert not list(tmp_path.glob("*.onnx"))


def test_names_without_a_run_or_a_model_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "gan.pt").touch()
    assert exports.main(["mine", "--run", str(tmp_path / "mine")]) == 2
    assert "there are runs other" in capsys.readouterr().err
    assert gallery.main([str(tmp_path / "mine.onnx")]) == 2
    assert "run.py export mine" in capsys.readouterr().err
    (tmp_path / "broken.onnx").write_bytes(b"no network")
    assert gallery.main([str(tmp_path / "broken.onnx")]) == 2
    assert "cannot be loaded" in capsys.readouterr().err


def test_a_texture_paints_its_gallery_with_the_pieces_own_code(tmp_path: Path) -> None:
    made = gallery.textures(ROOT / "models" / "texture.onnx", 64, 2)
    assert made.shape == (7, 2, 64, 64, 3)
    assert np.abs(made[:, 0].astype(int) - made[:, 1]).mean() > 3, "columns differ"
    red_minus_blue = (made[..., 0].astype(int) - made[..., 2]).mean((1, 2, 3))
    assert red_minus_blue[0] > red_minus_blue[4], "anger is warmer than sadness"


def test_stopped_has_its_own_exit_code(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simple_gan.SimpleRun, "run", lambda _: False)
    assert train(pictures, tmp_path, "dcgan", 1) == STOPPED
