"""Several processes train one network: they end alike, all their pictures count, and one process can resume."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from installation.training.several import Place, joined
from tests.training.two_processes import two_processes

WORKER = Path(__file__).with_name("one_of_several.py")
NETWORKS = ("simple", "texture")
States = dict[str, dict[str, Any]]


def _worker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("one_of_several", WORKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures."""
    pictures = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(1)
    for number in range(3):
        small = rng.integers(0, 255, (8, 10, 3), np.uint8)
        cv2.imwrite(str(pictures / f"{number}.png"), cv2.resize(small, (320, 256), interpolation=cv2.INTER_CUBIC))
    return pictures


@pytest.fixture(scope="module")
def two(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[States]]:
    """The folder of runs that two processes made, and what each of them ended with."""
    out = tmp_path_factory.mktemp("two")
    return out, two_processes(WORKER, data, out, timeout_s=120)


@pytest.fixture(scope="module")
def worker() -> Iterator[ModuleType]:
    """The worker's own functions, for this process; what they change comes back."""
    with pytest.MonkeyPatch.context() as patch:
        module = _worker()
        module.fewer(patch.setattr)
        yield module


def weights(state: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Of all networks, without what batches are measured by, which each process has for itself."""
    return {
        f"{part}.{name}": value
        for part in ("generator", "critic", "encoder", "average")
        for name, value in state.get(part, {}).items()
        if "running" not in name
    }


@pytest.mark.long
@pytest.mark.parametrize("network", NETWORKS)
def test_all_processes_end_with_the_same_weights(network: str, two: tuple[Path, list[States]]) -> None:
    one, other = (weights(states[network]) for states in two[1])
    assert len(one) > 10
    for name, value in one.items():
        assert torch.equal(value, other[name]), name


@pytest.mark.long
def test_one_process_goes_on_and_the_others_pictures_counted(
    two: tuple[Path, list[States]], data: Path, worker: ModuleType, tmp_path: Path
) -> None:
    folder, (ended, _) = two
    alone = worker.train_all(data, tmp_path, Place(), worker.STEPS)
    # The simple networks count steps from the beginning, the other from where it resumes.
    after = worker.train_all(data, folder, Place(), 3)
    assert after["simple"]["step"] == 3
    assert after["texture"]["step"] == 5
    for network in NETWORKS:
        once, both, further = (weights(states[network]) for states in (alone, ended, after))
        assert any(not torch.equal(value, once[name]) for name, value in both.items()), network
        assert any(not torch.equal(value, further[name]) for name, value in both.items()), network
        assert all(torch.isfinite(value).all() for value in further.values())


@pytest.mark.long
def test_only_the_first_process_writes(two: tuple[Path, list[States]]) -> None:
    rows = (two[0] / "texture" / "losses.csv").read_text().splitlines()
    assert rows[0].startswith("step,")
    assert rows[1].startswith("2,")
    assert len({row.split(",")[0] for row in rows}) == len(rows), "no step is reported twice"


def test_one_process_needs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with joined("cpu") as place:
        assert place == Place(0, 1, "cpu")
        assert place.leads
        assert not place.anyone(False)
        state = {"step": 1}
        assert place.shared(state) is state
    with pytest.raises(ValueError, match="--device cuda:99 cannot be used here"), joined("cuda:99"):
        pass


def test_each_process_has_the_card_of_its_own_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "97")
    # No machine has so many: the name in the reason is the card that was chosen.
    with pytest.raises(ValueError, match="--device cuda:97 cannot be used here"), joined("cuda"):
        pass
