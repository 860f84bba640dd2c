"""Two processes give one run's gradients, for each network that torchrun may train, and its checkpoints move between worlds.

What each of two processes computes, one process computes too, in its place; what both go on with is the mean of the two. Sums
in another order differ: RELATIVE is the tolerance, of a gradient's length.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor, nn

from installation.training.several import Place
from tests.training import gradients
from tests.training.gradients import BATCH, NETWORKS, STEPS, Recording, Replaying, expression_run
from tests.training.labelled_faces import voted
from tests.training.test_paint import eyes_of
from tests.training.two_processes import two_processes

WORKER = Path(gradients.__file__)
RELATIVE = 1e-4
Told = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures, faces, and networks of the right shapes that see no sense."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("pictures", "faces"):
        (folder / name).mkdir()
    rng = np.random.default_rng(1)
    for number in range(12):
        small = rng.integers(0, 255, (8, 10, 3), np.uint8)
        large = cv2.resize(small, (320, 256), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / "pictures" / f"{number}.png"), large)
    np.savez(folder / "faces" / "train.npz", **voted(70))
    eyes_of(folder / "eyes.npz")
    return folder


@pytest.fixture(scope="module")
def worlds(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, list[Told]]]:
    """A run that one process began and two went on with: where it was when the two began, where it is now, what each told."""
    before, out = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("two")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with pytest.MonkeyPatch.context() as patch:
            gradients.fewer(patch.setattr)
            for train in NETWORKS.values():
                assert train(data, before, Place()) == STEPS
            shutil.copytree(before, out, dirs_exist_ok=True)
            yield before, out, two_processes(WORKER, data, out, timeout_s=600)
    finally:
        torch.set_num_threads(threads)


def apart(one: Tensor, other: Tensor) -> float:
    """How far two gradients are from one another, in lengths of the first."""
    return float((one.double() - other.double()).norm() / one.double().norm())


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("network", NETWORKS)
def test_two_processes_go_on_with_the_mean_of_what_each_found(
    network: str, worlds: tuple[Path, Path, list[Told]]
) -> None:
    one, other = (told[network] for told in worlds[2])
    assert len(one["mean"]) >= STEPS
    for k, mean in enumerate(one["mean"]):
        assert torch.equal(mean, other["mean"][k])
        assert float(mean.norm()) > 0
        assert apart(mean, (one["own"][k] + other["own"][k]) / 2) < 1e-6
        assert apart(one["own"][k], other["own"][k]) > 10 * RELATIVE, "both looked at the same"


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("rank", [0, 1])
def test_one_process_finds_the_same_in_the_place_of_each(
    network: str, rank: int, worlds: tuple[Path, Path, list[Told]], data: Path, tmp_path: Path
) -> None:
    before, _, told = worlds
    shutil.copytree(before / network, tmp_path / network)
    mine = told[rank][network]
    alone = Replaying(rank, 2, "cpu", means=tuple(mine["mean"]))
    assert NETWORKS[network](data, tmp_path, alone) == mine["step"]
    assert len(alone.own) == len(mine["own"])
    assert max(apart(one, other) for one, other in zip(mine["own"], alone.own, strict=True)) < RELATIVE


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("network", NETWORKS)
def test_checkpoints_move_from_one_to_two_and_back(
    network: str, worlds: tuple[Path, Path, list[Told]], data: Path, tmp_path: Path
) -> None:
    _, out, told = worlds
    assert [process[network]["step"] for process in told] == [2 * STEPS, 2 * STEPS]
    shutil.copytree(out / network, tmp_path / network)
    assert NETWORKS[network](data, tmp_path, Place()) == 3 * STEPS


def test_the_parts_of_a_batch_have_the_whole_batchs_gradient(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the expression network, without what batches are measured by and chance within it (normalisation, dropout)."""
    monkeypatch.setattr(nn.Module, "train", lambda self, mode=True: self)

    def first(name: str, place: Recording) -> Tensor:
        run = expression_run(data, tmp_path / name, place)
        run.net.eval()
        for module in run.net.modules():
            module.training = False
        run._wants_stop = lambda: run._step >= 1
        run.run()
        return place.own[0]

    whole = first("whole", Recording())
    no_means = (torch.zeros_like(whole),)
    parts = [first(f"part {rank}", Replaying(rank, 2, means=no_means)) for rank in range(2)]
    assert apart(whole, (parts[0] + parts[1]) / 2) < RELATIVE
    assert apart(parts[0], parts[1]) > 0.1


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    assert [Place(rank, 2).part_of(BATCH) for rank in range(2)] == [slice(0, 4), slice(4, 8)]
    with pytest.raises(ValueError, match="not shared equally by 3"):
        Place(0, 3).part_of(BATCH)
