"""The texture generator and its critic. Everything is wrapped at the borders, so every picture tiles at every size."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

COARSE, FINE, STYLE, AFFECT = 16, 4, 16, 4
"""Channels of the latent map (a cell to 16 pixels), of the finer one (a cell to 4 pixels), of the style, of the affect."""
UPS = 4
"""Doublings: 16 pixels to a cell."""


def wrap(x: Tensor, margin: int = 1) -> Tensor:
    """(N, C, H, W) with ``margin`` cells of the opposite border added on every side."""
    x = torch.cat([x[:, :, -margin:], x, x[:, :, :margin]], 2)
    return torch.cat([x[:, :, :, -margin:], x, x[:, :, :, :margin]], 3)


def double(x: Tensor) -> Tensor:
    """Twice the size, bilinear, wrapped at the borders. Bilinear and not transposed: no checkerboard by construction."""
    grown = functional.interpolate(wrap(x), scale_factor=2.0, mode="bilinear", align_corners=False)
    return grown[:, :, 2:-2, 2:-2]


class Modulated(nn.Module):
    """3x3 convolution on the torus, normalised over channels, then scaled and shifted by the style."""

    def __init__(self, inward: int, outward: int, width: int) -> None:
        super().__init__()
        self.convolve = nn.Conv2d(inward, outward, 3, bias=False)
        self.affine = nn.Linear(width, 2 * outward)
        nn.init.kaiming_normal_(self.convolve.weight, a=0.2)
        nn.init.zeros_(self.affine.bias)
        nn.init.normal_(self.affine.weight, std=0.05)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """(N, inward, H, W), (N, width) -> (N, outward, H, W)."""
        x = self.convolve(wrap(x))
        x = x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-6)
        scale, shift = self.affine(style)[:, :, None, None].chunk(2, 1)
        return functional.leaky_relu(x * (1 + scale) + shift, 0.2)


class Generator(nn.Module):
    """Latent maps, style and affect to RGB in [0, 1]."""

    def __init__(self, channels: tuple[int, ...] = (96, 64, 40, 24, 12), width: int = 64) -> None:
        super().__init__()
        self.mapping = nn.Sequential(
            nn.Linear(STYLE + AFFECT, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2)
        )
        self.first = Modulated(COARSE, channels[0], width)
        # The finer map joins after the second doubling, and the largest level has one convolution only: it is the dearest.
        self.narrow = nn.ModuleList(
            Modulated(channels[k] + (FINE if k == 1 else 0), channels[k + 1], width) for k in range(UPS)
        )
        self.deepen = nn.ModuleList(Modulated(channels[k + 1], channels[k + 1], width) for k in range(UPS - 1))
        self.to_rgb = nn.Conv2d(channels[-1], 3, 1)

    def forward(self, coarse: Tensor, fine: Tensor, style: Tensor, affect: Tensor) -> Tensor:
        """(N, 16, h, w), (N, 4, 4h, 4w), (N, 16), (N, 4) in [-1, 1] -> (N, 3, 16h, 16w)."""
        code = self.mapping(torch.cat([style, affect], 1))
        x = self.first(coarse, code)
        for k in range(UPS):
            x = double(x)
            if k == 1:
                x = torch.cat([x, fine], 1)
            x = self.narrow[k](x, code)
            if k < UPS - 1:
                x = self.deepen[k](x, code)
        return torch.sigmoid(self.to_rgb(x))


class Critic(nn.Module):
    """Judges a crop and whether it fits the affect (a projection critic, Miyato and Koyama 2018)."""

    def __init__(self, channels: tuple[int, ...] = (16, 40, 80, 128)) -> None:
        super().__init__()
        steps = [(channels[k], channels[min(k + 1, len(channels) - 1)]) for k in range(len(channels))]
        self.first = nn.Conv2d(3, channels[0], 3, padding=1)
        self.blocks = nn.ModuleList(
            nn.ModuleList(
                [nn.Conv2d(a, a, 3, padding=1), nn.Conv2d(a, b, 3, padding=1), nn.Conv2d(a, b, 1, bias=False)]
            )
            for a, b in steps
        )
        self.last = nn.Conv2d(channels[-1] + 1, channels[-1], 3, padding=1)
        self.real = nn.Linear(channels[-1], 1)
        self.fits = nn.Linear(AFFECT, channels[-1])

    def forward(self, rgb: Tensor, affect: Tensor) -> Tensor:
        """(N, 3, H, W) in [0, 1], (N, 4) -> (N,) logits, higher is more real."""
        x = functional.leaky_relu(self.first(rgb * 2 - 1), 0.2)
        for block in self.blocks:
            one, two, short = block.children()
            inner = functional.avg_pool2d(functional.leaky_relu(one(x), 0.2), 2)
            x = (functional.leaky_relu(two(inner), 0.2) + short(functional.avg_pool2d(x, 2))) * 0.7071
        # The spread within the batch tells a generator that paints the same picture every time (Karras et al. 2018).
        spread = x.std(0, unbiased=False).mean().expand(x.shape[0], 1, *x.shape[2:])
        x = functional.leaky_relu(self.last(torch.cat([x, spread], 1)), 0.2)
        v = x.mean((2, 3))
        agreement: Tensor = self.real(v)[:, 0] + (v * self.fits(affect)).sum(1) / v.shape[1] ** 0.5
        return agreement


class Exported(nn.Module):
    """What the running piece gets: one picture as (S, S, 4) uint8 sRGB, softened by a 3x3 binomial on the torus, which
    takes away the finest hatch that a short training leaves."""

    def __init__(self, generator: Generator, soften: bool = True) -> None:
        super().__init__()
        self.generator, self.soften = generator, soften
        kernel = torch.tensor([1.0, 2.0, 1.0])
        self.register_buffer("kernel", (kernel[:, None] * kernel[None, :] / 16).expand(3, 1, 3, 3).clone())

    def forward(self, coarse: Tensor, fine: Tensor, style: Tensor, affect: Tensor) -> Tensor:
        """Shapes of ``Generator.forward`` with N = 1 -> (16h, 16w, 4) uint8."""
        rgb = self.generator(coarse, fine, style, affect)
        if self.soften:
            assert isinstance(self.kernel, Tensor)
            rgb = functional.conv2d(wrap(rgb), self.kernel, groups=3)
        rgba = torch.cat([rgb, torch.ones_like(rgb[:, :1])], 1)[0].permute(1, 2, 0)
        return (rgba * 255 + 0.5).clamp(0, 255).to(torch.uint8)


def latents(count: int, cells: int, device: str, generator: torch.Generator | None = None) -> tuple[Tensor, ...]:
    """(coarse, fine, style) Gaussian inputs for ``count`` pictures of 16 x ``cells`` pixels."""
    shapes = ((count, COARSE, cells, cells), (count, FINE, 4 * cells, 4 * cells), (count, STYLE))
    return tuple(torch.randn(shape, generator=generator).to(device) for shape in shapes)
