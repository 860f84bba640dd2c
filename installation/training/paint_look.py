"""How the critic is shown a batch: through which eyes, at which size, and by which way of computing they are fastest."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.paint_augment import disturbed
from installation.training.paint_critic import Seen
from installation.training.paint_eyes import Lite0, Mixing, Vgg, gains_of
from installation.training.paint_log import say
from installation.training.running import DataError

CALIBRATED, TRIALS_S, REPEATS = 64, 18.0, 5
"""Views by which channels are brought to one deviation; seconds for trials of ways, and replays of each."""


class Eyes:
    """The frozen networks. ``may_graph`` turns false where a way cannot be captured, for the step cannot either."""

    def __init__(self, path: Path, dtype: torch.dtype, device: str, px: int, may_graph: bool) -> None:
        if not path.is_file():
            raise DataError(f"{path} is not there: the frozen eyes are made by run.py train paint eyes")
        with np.load(path) as stored:
            weights = dict(stored)
        self.lite, self.vgg = Lite0(weights, dtype).to(device), Vgg(weights, dtype).to(device)
        self.mixing: Mixing | None = None
        self.device, self.dtype, self.px, self.may_graph = device, dtype, px, may_graph

    def calibrate(self, rgb: Tensor, seed: int) -> Tensor:
        """Bring channels to a deviation of 1 on real views (N, 3, S, S); ``seed`` is of the mixing. Gives what was seen."""
        rgb = functional.interpolate(rgb, size=self.px, mode="bilinear", antialias=True)
        with torch.no_grad():
            self.mixing = Mixing(gains_of(self.lite(rgb)), self.dtype, seed).to(self.device)
            self.vgg.gains = [gain.to(self.dtype) for gain in gains_of(self.vgg(functional.avg_pool2d(rgb, 2)))]
        return rgb

    def choose_way(self, rgb: Tensor, batch: int, way: str = "") -> None:
        """Try the ways through the depthwise network on a GPU, there and back; or only ``way``."""
        began_s, spent = time.monotonic(), {}
        x = rgb.repeat(math.ceil(batch / len(rgb)), 1, 1, 1)[:batch].requires_grad_()

        def there_and_back() -> None:
            torch.autograd.grad(torch.stack([s.float().mean() for s in self.lite(x)]).sum(), x)

        for name in (way,) if way else Lite0.WAYS:
            if time.monotonic() - began_s > TRIALS_S:
                break
            try:
                self.lite.go(name)
                spent[name] = _milliseconds(there_and_back, self.may_graph)
            except torch.cuda.OutOfMemoryError:
                raise
            except Exception as error:  # noqa: BLE001 - a way that fails is not taken, whatever the reason
                say(f"way {name} does not go{' as a graph' if self.may_graph else ''}: {str(error)[:200]}")
                torch.cuda.synchronize()
                if self.may_graph:
                    self.may_graph = False
                    spent[name] = _milliseconds(there_and_back, graph=False)
        best = min(spent, key=lambda name: spent[name]) if spent else "channels_last"
        self.lite.go(best)
        torch.cuda.empty_cache()
        say(f"EfficientNet there and back, ms a batch: { ({k: round(v, 1) for k, v in spent.items()}) } -> {best}")

    def look(self, rgb: Tensor, corner: tuple[Tensor, Tensor], strength: Tensor) -> Seen:
        """Pictures -> the maps of all eyes; ``corner``: rows and columns of the detail that VGG16 sees."""
        assert self.mixing is not None
        view = disturbed(rgb, strength, self.px)
        detail = rgb.index_select(2, corner[0]).index_select(3, corner[1])
        return self.mixing(self.lite(view)), self.vgg(detail) + self.vgg(functional.avg_pool2d(view, 2))


def some_corner(size: int, device: str) -> tuple[Tensor, Tensor]:
    """Rows and columns of half of a picture of ``size`` pixels."""
    side = size // 2
    at = torch.arange(side, device=device)
    first = (torch.rand(2, 1, device=device) * (side + 0.999)).long()
    return at + first[0], at + first[1]


def _milliseconds(act: Callable[[], None], graph: bool) -> float:
    """Of a piece of work, replayed as a graph if that goes, so that launching does not hide what the GPU takes."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(2):
            act()
    torch.cuda.current_stream().wait_stream(side)
    torch.cuda.synchronize()
    again: Callable[[], object] = act
    if graph:
        captured = torch.cuda.CUDAGraph()
        with torch.cuda.graph(captured):
            act()
        again = captured.replay
        again()
    torch.cuda.synchronize()
    began_s = time.monotonic()
    for _ in range(REPEATS):
        again()
    torch.cuda.synchronize()
    return 1000 * (time.monotonic() - began_s) / REPEATS
