"""What the critic looks through: two frozen networks, and random mixing of the first one's maps (Sauer et al. 2021).

EfficientNet-Lite0 (Tan and Le 2019) sees what is where, VGG16 to conv4_1 (Simonyan and Zisserman 2015) sees strokes. Both come
as halves from one .npz, which paint_pack.py makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.paint_net import double

LITE0 = (
    *[(3, 1)],
    *[(3, 2), (3, 1)],
    *[(5, 2), (5, 1)],
    *[(3, 2), (3, 1), (3, 1)],
    *[(5, 1)] * 3,
    *[(5, 2)],
    *[(5, 1)] * 3,
    *[(3, 1)],
)
"""Kernel and stride of each block."""
LITE0_TAPS = {2: 24, 4: 40, 10: 112, 15: 320}
"""Block: channels; at 4, 8, 16 and 32 pixels to a cell."""
VGG_PLAN = ((64, 64), (128, 128), (256, 256, 256), (512,))
VGG_TAPS, VGG_CHANNELS = (1, 3, 5, 7), (64, 128, 256, 512)
LEAST_GAIN = 0.2
"""A channel that hardly moves is raised at most as if it moved by this part of the mean."""


class _Depthwise(torch.autograd.Function):
    """Depthwise convolution by a frozen kernel; back by the forward kernel too, turned round (``native``: PyTorch's own kernel,
    not cuDNN's)."""

    @staticmethod
    def run(x: Tensor, weight: Tensor, stride: int, padding: int, native: bool) -> Tensor:
        if native and x.is_cuda:
            k = weight.shape[2]
            sides = (k, k), None, (stride, stride), (padding, padding), (1, 1)
            done: Tensor = torch._C._nn._conv_depthwise2d(x, weight, *sides)
            return done
        return functional.conv2d(x, weight, None, stride, padding, 1, weight.shape[0])

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, stride: int, padding: int, native: bool) -> Tensor:
        ctx.save_for_backward(weight)
        ctx.how = stride, padding, native
        return _Depthwise.run(x, weight, stride, padding, native)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None, None, None]:
        (weight,), (stride, padding, native) = ctx.saved_tensors, ctx.how
        if stride == 2:
            n, c, h, w = g.shape
            form = torch.contiguous_format if native else torch.channels_last
            shape = (n, c, 2 * h - 1, 2 * w - 1)
            wide = torch.empty(shape, dtype=g.dtype, device=g.device, memory_format=form).zero_()
            wide[:, :, ::2, ::2] = g
            g = wide
        elif native:
            g = g.contiguous()
        back = _Depthwise.run(g, weight.flip(2, 3), 1, weight.shape[2] - 1 - padding, native)
        return back, None, None, None, None


class Lite0(nn.Module):
    """EfficientNet-Lite0 with TensorFlow's borders, frozen, its normalisations folded in."""

    WAYS: Mapping[str, tuple[bool, bool, bool]] = {
        "channels_last": (True, False, False),
        "channels_last, turned": (True, True, False),
        "contiguous, native": (False, True, True),
        "contiguous": (False, False, False),
    }
    """How the depthwise convolutions are computed; which is fastest depends on the card."""

    def __init__(self, stored: Mapping[str, np.ndarray], dtype: torch.dtype) -> None:
        super().__init__()
        _hold(self, stored, "eff.", dtype)
        self.dtype = dtype
        self.go("channels_last")

    def go(self, way: str) -> None:
        """Compute by one of WAYS from now on."""
        last, self._own, self._native = self.WAYS[way]
        self._format = torch.channels_last if last else torch.contiguous_format
        for key, value in self._buffers.items():
            if value is not None and value.dim() == 4:
                self._buffers[key] = value.contiguous(memory_format=self._format)

    def _conv(self, name: str, x: Tensor, stride: int = 1, groups: int = 1) -> Tensor:
        weight: Tensor = getattr(self, name + "_w")
        bias: Tensor = getattr(self, name + "_b")
        k = weight.shape[2]
        padding = k // 2
        if stride == 2:
            t = k - 2
            x, padding = functional.pad(x, (t // 2, t - t // 2, t // 2, t - t // 2)), 0
        if groups > 1 and self._own:
            done: Tensor = _Depthwise.apply(x, weight, stride, padding, self._native)
            return done + bias[:, None, None]
        return functional.conv2d(x, weight, bias, stride, padding, 1, groups)

    def forward(self, rgb: Tensor) -> list[Tensor]:
        """(N, 3, S, S) in [0, 1], S a multiple of 32 -> maps of LITE0_TAPS, finest first."""
        x = ((rgb * 255 - 127) / 128).to(self.dtype).contiguous(memory_format=self._format)
        x, seen = functional.relu6(self._conv("stem", x, 2)), []
        for i, (_, stride) in enumerate(LITE0):
            y = functional.relu6(self._conv(f"{i}_expand", x)) if i else x
            y = functional.relu6(self._conv(f"{i}_depth", y, stride, y.shape[1]))
            y = self._conv(f"{i}_project", y)
            x = x + y if y.shape == x.shape else y
            if i in LITE0_TAPS:
                seen.append(x)
        return seen


class Vgg(nn.Module):
    """VGG16 to conv4_1, frozen (Caffe's colours). ``gains`` bring its channels to a deviation of 1."""

    def __init__(self, stored: Mapping[str, np.ndarray], dtype: torch.dtype) -> None:
        super().__init__()
        _hold(self, stored, "vgg.", dtype)
        self.register_buffer("mean", torch.tensor([103.939, 116.779, 123.68])[:, None, None])
        self.dtype = dtype
        self.gains: list[Tensor] | None = None

    def forward(self, rgb: Tensor) -> list[Tensor]:
        """(N, 3, S, S) in [0, 1], S a multiple of 8 -> maps of VGG_TAPS, finest first."""
        x = (rgb.flip(1) * 255 - self.get_buffer("mean")).to(self.dtype).contiguous(memory_format=torch.channels_last)
        seen, number = [], 0
        for stage, group in enumerate(VGG_PLAN):
            if stage:
                x = functional.max_pool2d(x, 2)
            for _ in group:
                weight, bias = self.get_buffer(f"{number}_w"), self.get_buffer(f"{number}_b")
                x = functional.relu(functional.conv2d(x, weight, bias, padding=1))
                if number in VGG_TAPS:
                    seen.append(x)
                number += 1
        return seen if self.gains is None else [maps * gain for maps, gain in zip(seen, self.gains, strict=True)]


class Mixing(nn.Module):
    """Random and frozen: across channels, then across scales from coarse to fine."""

    WIDTHS = (64, 128, 256, 512)
    OUT = (64, 64, 128, 256)

    def __init__(self, gains: list[Tensor], dtype: torch.dtype, seed: int) -> None:
        super().__init__()
        noise = torch.Generator().manual_seed(seed)
        for i, (inward, width) in enumerate(zip(LITE0_TAPS.values(), self.WIDTHS, strict=True)):
            weight = torch.randn(width, inward, 1, 1, generator=noise) / inward**0.5
            self.register_buffer(f"channels_{i}", (weight * gains[i].cpu()).to(dtype))
        for i, (width, out) in enumerate(zip(self.WIDTHS, self.OUT, strict=True)):
            weight = torch.randn(out, width, 1, 1, generator=noise) / width**0.5
            self.register_buffer(f"scales_{i}", weight.to(dtype))

    def forward(self, seen: list[Tensor]) -> list[Tensor]:
        """Maps of Lite0 -> maps of OUT channels at S / 2, S / 4, S / 8 and S / 16."""
        mixed = [functional.conv2d(maps, self.get_buffer(f"channels_{i}")) for i, maps in enumerate(seen)]
        out, x = [], mixed[3]
        for i in (3, 2, 1, 0):
            x = x if i == 3 else (x + mixed[i]) * 0.7071
            wide = double(x.contiguous(memory_format=torch.channels_last))
            x = functional.conv2d(wide, self.get_buffer(f"scales_{i}"))
            out.append(x)
        return out[::-1]


def gains_of(seen: list[Tensor]) -> list[Tensor]:
    """(1, C, 1, 1) each: what brings the channels of ``seen`` to a deviation of 1."""
    deviations = [maps.float().std((0, 2, 3), keepdim=True) for maps in seen]
    return [1 / d.clamp_min(LEAST_GAIN * float(d.mean())) for d in deviations]


def _hold(module: nn.Module, stored: Mapping[str, np.ndarray], prefix: str, dtype: torch.dtype) -> None:
    for name, value in stored.items():
        if name.startswith(prefix):
            values = torch.from_numpy(value.astype(np.float32)).to(dtype)
            module.register_buffer(name.removeprefix(prefix).replace(".", "_"), values)
