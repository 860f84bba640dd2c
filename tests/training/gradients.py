"""Steps of each network as one of two processes takes them, with all gradients written down; also as torchrun would start it.

RANK=0 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=29500 python gradients.py DATA OUT
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from installation.training import texture
from installation.training.expression_fit import ExpressionRun
from installation.training.expression_settings import FitSettings
from installation.training.face_folder import load_training
from installation.training.interrupt import Stop
from installation.training.paint_run import Run
from installation.training.paint_settings import PAINTER, PaintSettings
from installation.training.paint_state import keep
from installation.training.paint_watch import Heart
from installation.training.several import Place, joined

STEPS, BATCH = 2, 8


@dataclass(frozen=True)
class Recording(Place):
    """Writes down each gradient before and after it is averaged."""

    own: list[Tensor] = field(default_factory=list)
    mean: list[Tensor] = field(default_factory=list)

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        found = [one for one in parameters if one.grad is not None]
        self.own.append(_flat(found))
        self._average(found)
        self.mean.append(_flat(found))

    def _average(self, found: list[Tensor]) -> None:
        super().average_gradients(found)


@dataclass(frozen=True)
class Replaying(Recording):
    """One process in the place of one of two: at each step it goes on with the mean that the two had."""

    means: tuple[Tensor, ...] = ()

    @property
    def leads(self) -> bool:
        """Whatever its rank, it is alone: it reads and writes."""
        return True

    def _average(self, found: list[Tensor]) -> None:
        mean = self.means[len(self.own) - 1]
        for one, part in zip(found, mean.split([one.numel() for one in found]), strict=True):
            assert one.grad is not None
            one.grad.copy_(part.view_as(one.grad))

    def anyone(self, wishes: bool) -> bool:
        return wishes

    def agreed(self, value: float) -> float:
        return value

    def shared(self, state: dict[str, Any]) -> dict[str, Any]:
        return state

    def check_alike(self, parameters: Iterable[Tensor], step: int) -> None:
        pass


def _flat(parameters: list[Tensor]) -> Tensor:
    return torch.cat([one.grad.detach().flatten().clone() for one in parameters if one.grad is not None])


def expression_run(data: Path, folder: Path, place: Place, **more: Any) -> ExpressionRun:
    faces = load_training(data / "faces")
    settings = FitSettings(epochs=8, batch=BATCH, half=False, **more)
    return ExpressionRun(faces, faces.split(), folder, settings, torch.device("cpu"), place=place)


def expression(data: Path, out: Path, place: Place) -> int:
    """STEPS more steps; gives how many there were in all."""
    run = expression_run(data, out / "expression", place)
    begun: list[int] = []

    def wants_stop() -> bool:
        begun.append(run._step)  # first after it resumed
        return run._step - begun[0] >= STEPS

    run._wants_stop = wants_stop
    assert not run.run()
    return run._step


def paint(data: Path, out: Path, place: Place) -> int:
    """See ``expression``."""
    folder = out / "paint"
    folder.mkdir(parents=True, exist_ok=True)
    settings = PaintSettings(
        data=data / "pictures",
        eyes=data / "eyes.npz",
        out=folder,
        size=64,
        width=0.1,
        critic_width=0.1,
        batch=4,
        steps=STEPS,
        seconds=3600,
        resume=folder if (folder / PAINTER).exists() else None,
    )
    run = Run(settings, Heart(None), place)
    run.train(3000.0, Stop())
    if place.leads:
        keep(run.trainer, folder)
    return run.trainer.steering.step


def texture_fit(data: Path, out: Path, place: Place) -> int:
    """See ``expression``."""
    words = ["--batch", "4", "--crop", "64", "--precision", "fp32", "--scale-crops", "40", "--device", "cpu"]
    words = ["train", "--data", str(data / "pictures"), "--out", str(out / "texture"), "--steps", str(STEPS), *words]
    return texture.fit(texture.parser().parse_args(words), place, Stop()).step


NETWORKS: dict[str, Callable[[Path, Path, Place], int]] = {
    "expression": expression,
    "paint": paint,
    "texture": texture_fit,
}


def fewer(change: Callable[[object, str, object], None] = setattr) -> None:
    """Drawing sheets is most of what such short runs would take."""
    change(texture, "write_sheet", lambda *_: None)
    change(texture, "plot", lambda *_: None)


if __name__ == "__main__":
    torch.set_num_threads(1)
    fewer()
    given, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with joined("cpu") as here:
        told = {}
        for name, train in NETWORKS.items():
            mine = Recording(here.rank, here.world, here.device)
            told[name] = {"step": train(given, folder, mine), "own": mine.own, "mean": mine.mean}
        torch.save(told, folder / f"process-{here.rank}.pt")
