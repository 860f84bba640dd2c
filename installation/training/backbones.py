"""Networks to train in place of our own, to repeat a published comparison under the same conditions.

Each is the published layout for 224 pixels and colour, cut to one grey face of 48 x 48: the first layers lose so much of
their halving that 3 x 3 places are left before the final mean, as in our own network; no dense layers but the last; seven
outputs; from scratch, for weights learnt on other pictures would decide the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from installation.training.expression_net import ExpressionCnn
from installation.types import EMOTIONS

DROPOUT = 0.3


class Classifier(nn.Module):
    """``features`` (N, 1, 48, 48) -> (N, width, h, w), their mean over the place, and one dense layer."""

    def __init__(self, features: nn.Module, width: int) -> None:
        super().__init__()
        self.features = features
        self.dropout = nn.Dropout(DROPOUT)
        self.head = nn.Linear(width, len(EMOTIONS))
        for module in features.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 1, 48, 48) standardised grey -> (N, 7) logits."""
        logits: torch.Tensor = self.head(self.dropout(self.features(x).mean(dim=(2, 3))))
        return logits


def _conv(
    inner: int, outer: int, size: int = 3, stride: int = 1, groups: int = 1, act: type[nn.Module] = nn.ReLU
) -> nn.Sequential:
    """Convolution, batch normalisation, activation."""
    conv = nn.Conv2d(inner, outer, size, stride, size // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outer), act())


def vgg19() -> nn.Module:
    """Simonyan and Zisserman 2015, configuration E, batch normalised; 20.0 million weights.

    Sixteen 3 x 3 convolutions in five blocks. The last pooling is left out, and the dense layers, which hold most of the
    published network's 140 million weights.
    """
    layers: list[nn.Module] = []
    inner = 1
    for block, (outer, count) in enumerate(((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))):
        if block > 0:
            layers.append(nn.MaxPool2d(2))
        for _ in range(count):
            layers.append(_conv(inner, outer))
            inner = outer
    return Classifier(nn.Sequential(*layers), inner)


class Bottleneck(nn.Module):
    """1 x 1, 3 x 3 and 1 x 1 convolution and a way round them (He et al. 2016); the stride is the 3 x 3's."""

    def __init__(self, inner: int, middle: int, stride: int) -> None:
        super().__init__()
        outer = 4 * middle
        self.body = nn.Sequential(
            _conv(inner, middle, 1), _conv(middle, middle, 3, stride), _conv(middle, outer, 1, act=nn.Identity)
        )
        self.skip: nn.Module = nn.Identity()
        if inner != outer or stride != 1:
            self.skip = _conv(inner, outer, 1, stride, act=nn.Identity)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, inner, H, W) -> (N, 4 middle, H / stride, W / stride)."""
        return torch.relu(self.body(x) + self.skip(x))


def resnet50() -> nn.Module:
    """He et al. 2016, 50 layers; 23.5 million weights. A 3 x 3 stem of stride 2 instead of 7 x 7 and pooling."""
    layers: list[nn.Module] = [_conv(1, 64, 3, 2)]
    inner = 64
    for stage, (middle, count) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(count):
            layers.append(Bottleneck(inner, middle, 2 if stage > 0 and block == 0 else 1))
            inner = 4 * middle
    return Classifier(nn.Sequential(*layers), inner)


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow (Sandler et al. 2018); a way round where the shape stays."""

    def __init__(self, inner: int, outer: int, stride: int, widen: int) -> None:
        super().__init__()
        wide = inner * widen
        layers = [_conv(inner, wide, 1, act=nn.ReLU6)] if widen != 1 else []
        layers += [_conv(wide, wide, 3, stride, groups=wide, act=nn.ReLU6), _conv(wide, outer, 1, act=nn.Identity)]
        self.body = nn.Sequential(*layers)
        self.adds = stride == 1 and inner == outer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, inner, H, W) -> (N, outer, H / stride, W / stride)."""
        y: torch.Tensor = self.body(x)
        return x + y if self.adds else y


def mobilenet_v2() -> nn.Module:
    """Sandler et al. 2018, width 1; 2.2 million weights. The stem keeps the size."""
    layers: list[nn.Module] = [_conv(1, 32, act=nn.ReLU6)]
    inner = 32
    plan = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for widen, outer, count, stride in plan:
        for block in range(count):
            layers.append(InvertedResidual(inner, outer, stride if block == 0 else 1, widen))
            inner = outer
    layers.append(_conv(inner, 1280, 1, act=nn.ReLU6))
    return Classifier(nn.Sequential(*layers), 1280)


class DenseLayer(nn.Module):
    """Normalise, rectify, 1 x 1, the same with 3 x 3; what comes out is put beside what went in (Huang et al. 2017)."""

    def __init__(self, inner: int, growth: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.BatchNorm2d(inner),
            nn.ReLU(),
            nn.Conv2d(inner, 4 * growth, 1, bias=False),
            nn.BatchNorm2d(4 * growth),
            nn.ReLU(),
            nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, inner, H, W) -> (N, inner + growth, H, W)."""
        return torch.cat([x, self.body(x)], dim=1)


def densenet201() -> nn.Module:
    """Huang et al. 2017, DenseNet-BC of 201 layers, growth 32; 18.1 million weights. A 3 x 3 stem of stride 2, no pooling.

    The slowest to train by far: its many small layers are bound by memory.
    """
    growth, inner = 32, 64
    layers: list[nn.Module] = [_conv(1, inner, 3, 2)]
    counts = (6, 12, 48, 32)
    for block, count in enumerate(counts):
        for _ in range(count):
            layers.append(DenseLayer(inner, growth))
            inner += growth
        if block < len(counts) - 1:
            layers += [nn.BatchNorm2d(inner), nn.ReLU(), nn.Conv2d(inner, inner // 2, 1, bias=False), nn.AvgPool2d(2)]
            inner //= 2
    layers += [nn.BatchNorm2d(inner), nn.ReLU()]
    return Classifier(nn.Sequential(*layers), inner)


@dataclass(frozen=True)
class Backbone:
    """A way to build a network with fresh weights, and how many it has, in millions."""

    build: Callable[[], nn.Module]
    million_weights: float


BACKBONES = {
    "ours": Backbone(ExpressionCnn, 1.6),
    "vgg19": Backbone(vgg19, 20.0),
    "resnet50": Backbone(resnet50, 23.5),
    "mobilenet_v2": Backbone(mobilenet_v2, 2.2),
    "densenet201": Backbone(densenet201, 18.1),
}


def build_backbone(name: str) -> nn.Module:
    """A network with fresh weights: (N, 1, 48, 48) -> (N, 7). Raises ValueError for a name that is not known."""
    if name not in BACKBONES:
        raise ValueError(f"no backbone is called {name!r}; there are {', '.join(BACKBONES)}")
    return BACKBONES[name].build()
