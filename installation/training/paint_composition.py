"""How the painter composes by itself: principal components of the training views' layouts.

Asked for nothing, a generator comes back to the few motifs that fooled its critic, at the same place; under a layout its
pictures differ as the layouts do. So it is never asked for nothing: 32 Gaussian numbers
compose a layout such as paintings have.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from installation.training.paint_net import GRID

COMPOSITION = 32
"""Components: some nine tenths of what the layouts of paintings vary by."""
TRUST = 0.8
"""Confidence that a composed cell has."""
_VALUES = 3 * GRID * GRID


class Composition(nn.Module):
    """Gaussian numbers (N, 32) to cells. ``mean`` (768,) and ``directions`` (32, 768), each as long as its deviation."""

    def __init__(self, mean: Tensor | None = None, directions: Tensor | None = None) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(_VALUES) if mean is None else mean)
        self.register_buffer("directions", torch.zeros(COMPOSITION, _VALUES) if directions is None else directions)

    @classmethod
    def of(cls, cells: Tensor) -> Composition:
        """Of the cells of training views, (N, 3, 16, 16) in [0, 1], and of their mirror images."""
        flat = torch.cat([cells, cells.flip(3)]).flatten(1).double().cpu() * 2 - 1
        mean = flat.mean(0)
        variance, directions = torch.linalg.eigh((flat - mean).T @ (flat - mean) / len(flat))
        lengths = variance[-COMPOSITION:].clamp_min(0).sqrt().flip(0)
        longest = directions[:, -COMPOSITION:].flip(1).T
        return cls(mean.float(), (longest * lengths[:, None]).float())

    def forward(self, code: Tensor) -> Tensor:
        """(N, 32) -> (N, 3, 16, 16) sRGB in [-1, 1]."""
        flat = code @ self.get_buffer("directions") + self.get_buffer("mean")
        return flat.clamp(-1, 1).unflatten(1, (3, GRID, GRID))

    def drawn(self, count: int, device: torch.device | str) -> Tensor:
        """(N, 3, 16, 16) in [-1, 1], by chance."""
        return self(torch.randn(count, COMPOSITION, device=device))


def laid_over(composed: Tensor, layout: Tensor, trust: Tensor | float = TRUST) -> Tensor:
    """A layout (N, 4, 16, 16) over a composed one (N, 3, 16, 16), as a layout; where nothing is said as sure as ``trust``."""
    sure = layout[:, 3:]
    rest = 1 - sure
    return torch.cat([layout[:, :3] * sure + composed * rest, sure + trust * rest], 1)
