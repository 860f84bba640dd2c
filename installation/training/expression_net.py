"""The expression network: a small residual CNN over one grey 48 x 48 face."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

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


class ExpressionCnn(nn.Module):
    """(N, 1, 48, 48) standardised grey -> (N, 7) logits over ``EMOTIONS``.

    1.6 million weights, 54 million multiplications a face: the most accurate shape that a single processor core could
    both train for some fifty passes in an hour and run within the time perception has for a face.
    """

    def __init__(self, dropout: float = 0.3) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(1, STEM_CHANNELS, 3, 1, 1, bias=False),
            nn.BatchNorm2d(STEM_CHANNELS),
            nn.ReLU(),
        ]
        inner = STEM_CHANNELS
        for outer, blocks in zip(STAGE_CHANNELS, STAGE_BLOCKS):
            for block in range(blocks):
                layers.append(Residual(inner, outer, stride=2 if block == 0 else 1))
                inner = outer
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(inner, len(EMOTIONS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) float32 -> (N, 7) logits."""
        pooled = self.features(x).mean(dim=(2, 3))
        logits: torch.Tensor = self.head(self.dropout(pooled))
        return logits


class FaceView(Enum):
    """Which pictures of a face a member of an ensemble reads."""

    ORIGINAL = "original"
    MIRROR = "mirror"
    BOTH = "both"


MIRRORS = ("all", "none", "first", "alternate")
"""How mirror images are shared out; see ``views``."""


def views(mirror: str, members: int) -> tuple[FaceView, ...]:
    """What each of ``members`` networks sees.

    ``all``: every one the face and its mirror image, twice the work. ``none``: the face only. ``first``: the first both,
    the others the face. ``alternate``: the even ones (from 0) the face, the odd ones the mirror image, so that both are
    seen for the price of one. Raises ValueError for another word.
    """
    match mirror:
        case "all":
            return (FaceView.BOTH,) * members
        case "none":
            return (FaceView.ORIGINAL,) * members
        case "first":
            return (FaceView.BOTH,) + (FaceView.ORIGINAL,) * (members - 1)
        case "alternate":
            return tuple(FaceView.MIRROR if index % 2 else FaceView.ORIGINAL for index in range(members))
    raise ValueError(f"mirror must be one of {', '.join(MIRRORS)}, not {mirror!r}")


class MeanLogits(nn.Module):
    """The mean of several networks' logits, each network's being the mean over what it sees. One network is a mean too.

    Raises ValueError unless there is one view for each of at least one member.
    """

    def __init__(self, members: Sequence[nn.Module], seen: Sequence[FaceView]) -> None:
        super().__init__()
        if len(members) == 0 or len(members) != len(seen):
            raise ValueError(f"{len(members)} members with {len(seen)} views; there must be one view each")
        self.members = nn.ModuleList(members)
        self.seen = tuple(seen)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) float32 -> (N, 7) logits."""
        mirrored = faces.flip(3)
        parts = []
        for member, view in zip(self.members, self.seen):
            if view is FaceView.BOTH:
                both = member(torch.cat([faces, mirrored]))
                parts.append(both.view(2, -1, both.shape[1]).mean(dim=0))
            else:
                parts.append(member(faces if view is FaceView.ORIGINAL else mirrored))
        return torch.stack(parts).mean(dim=0)


class Calibrated(nn.Module):
    """What is shipped: mean logits, divided by the temperature, then softmax.

    The temperature (Guo et al. 2017) makes a probability of 0.7 be right about 70 % of the time.
    """

    def __init__(self, net: MeanLogits, temperature: float) -> None:
        super().__init__()
        self.net = net
        self.temperature = temperature

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) float32 -> (N, 7) probabilities."""
        return torch.softmax(self.net(faces) / self.temperature, dim=1)
