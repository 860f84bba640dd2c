"""The expression network: a small residual CNN over one grey 48 x 48 face."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from installation.types import EMOTIONS

STEM_CHANNELS = 16
STAGE_CHANNELS = (32, 64, 128, 256)
STAGE_BLOCKS = (1, 2, 2, 1)


class Residual(nn.Module):
    """Two 3 x 3 convolutions and a way round them (He et al. 2016).

    The way round averages before its 1 x 1 convolution where it halves the size, which throws no pixel away (He et al.
    2019, ResNet-D). The last scale starts at zero, so that each block starts as the identity (Goyal et al. 2017).
    """

    def __init__(self, inner: int, outer: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outer)
        nn.init.zeros_(self.norm2.weight)
        self.skip: nn.Module = nn.Identity()
        if inner != outer or stride != 1:
            pool = nn.AvgPool2d(2) if stride == 2 else nn.Identity()
            self.skip = nn.Sequential(pool, nn.Conv2d(inner, outer, 1, bias=False), nn.BatchNorm2d(outer))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, inner, H, W) -> (N, outer, H / stride, W / stride)."""
        y = functional.relu(self.norm1(self.conv1(x)))
        return functional.relu(self.norm2(self.conv2(y)) + self.skip(x))


def trunk(widen: float = 1.0, blocks: tuple[int, ...] = STAGE_BLOCKS) -> tuple[nn.Sequential, int]:
    """A stem and four stages of residual blocks, (N, 1, 48, 48) -> (N, width, 3, 3); and the width.

    ``widen`` multiplies every number of channels, ``blocks`` is how many blocks each stage has.
    """
    inner = round(STEM_CHANNELS * widen)
    layers: list[nn.Module] = [nn.Conv2d(1, inner, 3, 1, 1, bias=False), nn.BatchNorm2d(inner), nn.ReLU()]
    for channels, count in zip(STAGE_CHANNELS, blocks):
        outer = round(channels * widen)
        for block in range(count):
            layers.append(Residual(inner, outer, stride=2 if block == 0 else 1))
            inner = outer
    return nn.Sequential(*layers), inner


class ExpressionCnn(nn.Module):
    """(N, 1, 48, 48) standardised grey -> (N, 7) logits over ``EMOTIONS``.

    1.6 million weights, 54 million multiplications a face: the most accurate shape that a single processor core could
    both train for some fifty passes in an hour and run within the time perception has for a face.
    """

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        self.features, width = trunk()
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, len(EMOTIONS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) float32 -> (N, 7) logits."""
        pooled = self.features(x).mean(dim=(2, 3))
        logits: torch.Tensor = self.head(self.dropout(pooled))
        return logits
