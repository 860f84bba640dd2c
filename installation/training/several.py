"""One training in several processes that torchrun started: joining, the mean of gradients, and who speaks and writes."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from installation.base.files import write_whole
from installation.training.interrupt import STOPPED, Stop, stop_on_signals


def store(state: Mapping[str, Any], path: Path) -> None:
    """Write a checkpoint in one step: an interruption leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = io.BytesIO()
    torch.save(dict(state), file)
    write_whole(path, file.getvalue())


@dataclass(frozen=True)
class Place:
    """This process among those of the run, and what it computes on. All but ``leads`` must be called by all of them alike."""

    rank: int = 0
    world: int = 1
    device: str = "cpu"

    @property
    def leads(self) -> bool:
        """Whether this is the process that logs, draws and stores."""
        return self.rank == 0

    def anyone(self, wishes: bool) -> bool:
        """Whether any process wishes it: one answer for all, or one would wait for the others for ever."""
        if self.world == 1:
            return wishes
        wish = torch.tensor([float(wishes)], device=self.device)
        dist.all_reduce(wish, dist.ReduceOp.MAX)
        return bool(wish.item() > 0)

    def agreed(self, value: float) -> float:
        """The first process's value in all: what depends on a clock must not differ."""
        if self.world == 1:
            return value
        told = torch.tensor([value], dtype=torch.float64, device=self.device)
        dist.broadcast(told, 0)
        return float(told.item())

    def part_of(self, count: int) -> slice:
        """This process's rows of a batch of ``count``, which all drew alike. ValueError where it cannot be shared equally."""
        if count % self.world:
            raise ValueError(
                f"a batch of {count} is not shared equally by {self.world} processes; give another --batch"
            )
        share = count // self.world
        return slice(self.rank * share, (self.rank + 1) * share)

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Put the mean over the processes in place of each gradient; a parameter without one is skipped.

        Which parameters have gradients must not depend on the process.
        """
        if self.world == 1:
            return
        gradients = [one.grad for one in parameters if one.grad is not None]
        # One message instead of dozens: what is sent is small, and each message waits for the slowest.
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.world
        for gradient, mean in zip(gradients, flat.split([one.numel() for one in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def shared(self, state: dict[str, Any]) -> dict[str, Any]:
        """The first process's ``state`` (as a checkpoint holds it) in every process, on its device.

        So all begin alike, and only the first needs the file of a run that resumes.
        """
        if self.world == 1:
            return state
        file = io.BytesIO()
        if self.leads:
            torch.save(state, file)
        box = [file.getvalue()]
        dist.broadcast_object_list(box)
        taken: dict[str, Any] = torch.load(io.BytesIO(box[0]), map_location=self.device, weights_only=True)
        return taken

    def check_alike(self, parameters: Iterable[Tensor], step: int) -> None:
        """Raise RuntimeError when the processes' networks have drifted apart: then nothing is worth storing."""
        if self.world == 1:
            return
        total = torch.stack([value.detach().double().sum() for value in parameters]).sum()
        both = torch.stack([total, -total])
        dist.all_reduce(both, dist.ReduceOp.MAX)
        if float(both.sum()) != 0.0:
            raise RuntimeError(f"the processes' networks differ after step {step}; resume with one process")


@contextmanager
def joined(device: str) -> Iterator[Place]:
    """Where this process stands; joins the others where torchrun started several, which then part at the end.

    ``device`` as torch names it; ``cuda`` becomes the card LOCAL_RANK of its machine, so that each process has its own.
    Raises ValueError for a device that cannot be used here.
    """
    world, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    if device == "cuda" and world > 1:
        device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ValueError(f"--device {device} cannot be used here: {str(error).splitlines()[0]}") from error
    if world == 1:
        yield Place(device=device)
        return
    if device.startswith("cuda"):
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    try:
        yield Place(rank, world, device)
    finally:
        dist.destroy_process_group()


def run_in_all(device: str, fit: Callable[[Place, Stop], object]) -> int:
    """Run ``fit`` as one of all processes, until its end or the first SIGINT or SIGTERM; gives the exit code."""
    with joined(device) as place, stop_on_signals() as stop:
        fit(place, stop)
        return STOPPED if stop.is_set else 0
