"""The networks that learn: small enough for a processor, each after its description."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.art.quick import quick_kind

VGG_CHANNELS, VGG_DENSE = 512, 512
GLOBALS, HIDDEN = 13, 4


class ShallNet(nn.Module):
    """(N, 3, 128, 128) -> (N, K) logits: 8 kernels of 4 x 4, the largest of 8 x 8, 16 kernels of 2 x 2, the largest of 4 x 4,
    one dense layer. (The thesis gives no activation and no size of the input: ReLU, 128.)"""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 4),
            nn.ReLU(),
            nn.MaxPool2d(8),
            nn.Conv2d(8, 16, 2),
            nn.ReLU(),
            nn.MaxPool2d(4),
            nn.Flatten(),
        )
        self.head = nn.Linear(16 * 3 * 3, classes)

    def forward(self, rgb: Tensor) -> Tensor:
        centred = (rgb - 0.5).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=quick_kind() is torch.bfloat16):
            features = self.features(centred)
        logits: Tensor = self.head(features.float())
        return logits


class Vgg16Top(nn.Module):
    """(N, 512, 14, 14) -> (N, K) logits: the last convolution, the mean over the place, 512 sigmoid units, a dense layer.
    Version 1 leaves the convolution as it is, version 2 goes on learning in it."""

    def __init__(self, last: tuple[Tensor, Tensor], classes: int, fine_tuned: bool) -> None:
        super().__init__()
        self.weight, self.bias = (nn.Parameter(part.clone(), fine_tuned) for part in last)
        self.dense = nn.Linear(VGG_CHANNELS, VGG_DENSE)
        self.head = nn.Linear(VGG_DENSE, classes)
        # As their means over ImageNet lie: a sigmoid that starts far out learns nothing.
        self.norm = nn.BatchNorm1d(VGG_CHANNELS, affine=False)

    def pooled(self, maps: Tensor) -> Tensor:
        """(N, 512): block 5's mean over the place."""
        kind = quick_kind()
        maps = maps.to(kind, memory_format=torch.channels_last)
        maps = functional.relu(functional.conv2d(maps, self.weight.to(kind), self.bias.to(kind), padding=1))
        return functional.max_pool2d(maps, 2).float().mean((2, 3))

    def forward(self, maps: Tensor) -> Tensor:
        logits: Tensor = self.head(torch.sigmoid(self.dense(self.norm(self.pooled(maps)))))
        return logits


class Pooled(nn.Module):
    """(N, 512) means of block 5 that stay as they are -> (N, K): the dense layers of version 1."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.dense, self.head = nn.Linear(VGG_CHANNELS, VGG_DENSE), nn.Linear(VGG_DENSE, classes)

    def forward(self, pooled: Tensor) -> Tensor:
        logits: Tensor = self.head(torch.sigmoid(self.dense(pooled)))
        return logits


class Global(nn.Module):
    """(N, 13) in [0, 1] -> (N, K) logits through four ReLU units."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.hidden, self.head = nn.Linear(GLOBALS, HIDDEN), nn.Linear(HIDDEN, classes)

    def forward(self, numbers: Tensor) -> Tensor:
        logits: Tensor = self.head(functional.relu(self.hidden(numbers)))
        return logits


class Fused(nn.Module):
    """(N, 512 + 13) local and global -> (N, K) logits: each through layers of its own, then one dense layer over both."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.dense, self.hidden = nn.Linear(VGG_CHANNELS, VGG_DENSE), nn.Linear(GLOBALS, HIDDEN)
        self.head = nn.Linear(VGG_DENSE + HIDDEN, classes)

    def forward(self, both: Tensor) -> Tensor:
        local = torch.sigmoid(self.dense(both[:, :VGG_CHANNELS]))
        whole = functional.relu(self.hidden(both[:, VGG_CHANNELS:]))
        logits: Tensor = self.head(torch.cat([local, whole], 1))
        return logits
