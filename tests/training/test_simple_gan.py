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
from installation.training import (
    exports,
    gallery,
    simple_gan,
    simple_gan_compare,
    simple_gan_data,
    simple_gan_export,
    simple_gan_score,
)
from installation.training.interrupt import STOPPED, Stop
from installation.training.running import REFUSED, RefusedError
from installation.training.several import Place
from installation.training.simple_gan_data import Compositions
from installation.training.simple_gan_fit import Settings, SimpleRun, read_checkpoint
from installation.training.simple_gan_net import RECIPES, CriticLoss, SimpleCritic
from installation.training.simple_gan_plain import critic_for, generator_for
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
    first = generator_for(network, 4, 3).state_dict()
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
@pytest.mark.parametrize("network", ["basic", "cgan", "deconv", pytest.param("wgan_gp", marks=pytest.mark.long)])
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


def test_the_plain_networks_are_those_of_the_older_work() -> None:
    """At the papers' width: dense layers alone; 4 x 4 cells of 128, then transposed filters of 5 x 5."""
    layers = list(generator_for("basic", 64).layers)
    assert [one.out_features for one in layers if isinstance(one, torch.nn.Linear)] == [128, 256, 512, 64 * 64 * 3]
    assert not [one for one in generator_for("basic", 8).modules() if isinstance(one, torch.nn.ConvTranspose2d)]
    layers = list(generator_for("deconv", 64).layers)
    assert (layers[0].in_features, layers[0].out_features) == (100, 4 * 4 * 128)
    filters = [one for one in layers if isinstance(one, torch.nn.ConvTranspose2d)]
    assert {one.kernel_size for one in filters} == {(5, 5)}
    assert [one.in_channels for one in filters] == [128, 128, 64, 32]
    for network, recipe in RECIPES.items():
        made = generator_for(network, 4)(torch.zeros(2, 100), torch.zeros(2, recipe.labels))
        assert made.shape == (2, 3, 64, 64)
        assert made.abs().max() <= 1
        assert critic_for(network, 4)(made, torch.zeros(2, recipe.labels)).shape == (2,)


def test_a_plain_network_learns(data: Compositions, tmp_path: Path) -> None:
    for network in ("basic", "deconv"):
        fit = SimpleRun(data, tmp_path / network, Settings(network, 4, 4, steps=2, draws=False), Place(), Stop())
        before = {name: value.clone() for name, value in fit.generator.state_dict().items()}
        assert fit.run()
        assert all(torch.isfinite(value).all() for value in fit.average.state_dict().values())
        assert any(not torch.equal(before[name], value) for name, value in fit.generator.state_dict().items())


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen views to train on and three held out, as paint_data reads them."""
    rng = np.random.default_rng(2)
    encoded = []
    for _ in range(18):
        small = rng.integers(0, 255, (4, 4, 3), np.uint8)
        picture = cv2.resize(small, (80, 80), interpolation=cv2.INTER_CUBIC)
        encoded.append(cv2.imencode(".png", picture)[1].ravel())
    path = tmp_path_factory.mktemp("views") / "views.npz"
    held = np.arange(18) % 6 == 2
    np.savez(path, bytes=np.concatenate(encoded), ends=np.cumsum([len(one) for one in encoded]), held=held)
    return path


@pytest.fixture(scope="module")
def trained(views: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What five trainings of a step have left, by the command's own words, in this process."""
    out = tmp_path_factory.mktemp("compared")
    words = ["--data", str(views), "--out", str(out), "--runs", str(out / "runs"), "--steps", "1", "--width", "2"]
    options = simple_gan_compare.parser().parse_args([*words, "--batch", "2", "--device", "cpu"])
    for network in simple_gan_compare.NETWORKS:
        _, _, module, *words = simple_gan_compare.command(network, options)
        assert module == "installation.training.simple_gan"
        assert simple_gan.main(words) == 0
    simple_gan_compare.store_all(out / "runs", out)
    return out


def test_whole_views_are_trained_on_and_others_held_out(views: Path) -> None:
    data = Compositions(views)
    assert data.crops.shape == (15, 64, 64, 3)
    assert data.held.shape == (3, 64, 64, 3)
    assert len(data) == 15
    rgb, _ = data.batch(40, np.random.default_rng(1), balanced=False)
    whole = data.crops.permute(0, 3, 1, 2).float() / 127.5 - 1
    both = torch.cat([whole, whole.flip(3)]).flatten(1)
    nearest = torch.cdist(rgb.flatten(1), both).argmin(1)
    assert torch.equal(rgb.flatten(1), both[nearest]), "views, or their mirror images"
    assert len(set(nearest.tolist())) > 15


def test_small_files_hold_the_generators(trained: Path) -> None:
    for network in simple_gan_compare.NETWORKS:
        state = simple_gan_compare.read_generator(trained / f"{network}.pt")
        assert (state["network"], state["width"], state["step"]) == (network, 2, 1)
        meant = simple_gan_export.generator_of(read_checkpoint(trained / "runs" / network / "gan.pt"))
        made = simple_gan_compare.rebuilt(state)
        assert np.abs(samples(made, 7, 1).astype(int) - samples(meant, 7, 1).astype(int)).max() <= 2
    assert (trained / "losses.csv").read_text().startswith("network,step,critic,generator")
    with pytest.raises(ValueError, match="train first"):
        simple_gan_compare.read_generator(trained / "none.pt")


@deprecated
def test_one_sheet_and_one_table_compare_all(
    trained: Path, views: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def painter(data: Compositions, count: int) -> np.ndarray:
        return data.crops[:count].numpy()

    # Eyes and painter have tests of their own; theirs would take longer than all the rest.
    monkeypatch.setattr(
        simple_gan_score, "_reader", lambda: lambda rgb: rgb[:, ::16, ::16].reshape(len(rgb), -1) / 255.0
    )
    monkeypatch.setattr(simple_gan_score, "ours", painter)
    monkeypatch.setattr(simple_gan_score, "READER", simple_gan_score.OURS)
    argv = ["train", "simple", "compare", "--data", str(views), "--from", str(trained), "--out", str(tmp_path)]
    assert dispatch.main(argv, StopSignal()) == 0
    rows = (tmp_path / "table.csv").read_text().splitlines()
    assert rows[0] == "name,seen,kid,diversity,ms,weights"
    assert len(rows) == 2 + len(RECIPES) + 1
    assert rows[2].startswith("basic,2,")
    table = (tmp_path / "table.md").read_text().splitlines()
    assert [row.split("|")[1].strip() for row in table[3:8]] == list(RECIPES)
    assert all(row.count("|") == 7 for row in table)
    height, width = (len(RECIPES) + 2) * 132 + 4, 84 + 12 * 132
    assert cv2.imread(str(tmp_path / "sheet.jpg")).shape == (height, width, 3)


def test_a_training_that_fails_is_told(
    views: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simple_gan_compare, "NETWORKS", ("basic",))
    argv = ["compare", "--data", str(views), "--out", str(tmp_path), "--runs", str(tmp_path), "--device", "cuda:99"]
    assert simple_gan.main(argv) == 2
    said = capfd.readouterr().err
    assert "--device cuda:99 cannot be used here" in said
    assert "basic ended with 2" in said
