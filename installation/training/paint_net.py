"""The painter of pictures: z, noise, an affect and a layout to a picture. A generator after FastGAN (Liu et al. 2021).

z is laid out at 4 x 4 pixels and doubled up to the picture; normalisations are scaled and shifted by a style (z and affect)
and, at 8 to 32 pixels, by the layout, cell by cell (after Park et al. 2019); what stands at 8 and 16 pixels gates the channels
of the finest levels. The layout is always full: what nobody asks for is composed first (paint_composition.py).
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

LATENT, STYLE, NOISE_PX, GRID = 96, 160, 128, 16
"""Numbers of z and of a style; sides of the noise and of a layout."""
CHANNELS = (512, 384, 256, 128, 64, 32, 16)
"""At 4, 8, ... 256 pixels."""
DEPTH = (0, 1, 2, 2, 2, 2, 1)
"""Convolutions at each of these sizes: 1.6 billion multiplications a picture in all."""
LAID_WIDTH, LAID_LEVELS = 48, 3


class _Doubled(torch.autograd.Function):
    """Bilinear doubling; back by strided slices, since PyTorch's own way back adds each number atomically."""

    @staticmethod
    def forward(_: object, x: Tensor) -> Tensor:
        return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)

    @staticmethod
    def backward(_: object, g: Tensor) -> Tensor:
        last = g.is_contiguous(memory_format=torch.channels_last) and not g.is_contiguous()
        if last:
            g = g.permute(0, 2, 3, 1)
        for dim in (1, 2) if last else (2, 3):
            n = g.shape[dim]
            half = n // 2
            wide = torch.cat([g.narrow(dim, 0, 1), g, g.narrow(dim, n - 1, 1)], dim)
            pairs = wide.unflatten(dim, (half + 1, 2))
            even, odd = pairs.select(dim + 1, 0), pairs.select(dim + 1, 1)
            g = torch.add(odd.narrow(dim, 0, half), even.narrow(dim, 1, half)).mul_(0.75)
            g = g.add_(torch.add(even.narrow(dim, 0, half), odd.narrow(dim, 1, half)), alpha=0.25)
        return g.permute(0, 3, 1, 2) if last else g


def double(x: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, 2H, 2W), bilinear."""
    if x.requires_grad and torch.is_grad_enabled():
        doubled: Tensor = _Doubled.apply(x)
        return doubled
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def enlarging(low: int, high: int) -> Tensor:
    """(high, low): bilinear enlarging of one axis as a product."""
    return functional.interpolate(torch.eye(low)[None], size=high, mode="linear", align_corners=False)[0].T.contiguous()


class Styled(nn.Module):
    """3 x 3 convolution, batch normalisation scaled and shifted by the style (and the layout), noise, leaky ReLU."""

    def __init__(self, inward: int, outward: int, noisy: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inward, outward, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outward, affine=False)
        self.affine = nn.Linear(STYLE, 2 * outward)
        nn.init.normal_(self.affine.weight, std=0.5 / STYLE**0.5)
        nn.init.zeros_(self.affine.bias)
        self.strength = nn.Parameter(torch.zeros(1, outward, 1, 1)) if noisy else None

    def forward(self, x: Tensor, style: Tensor, noise: Tensor | None, laid: Tensor | None = None) -> Tensor:
        """``laid`` (N, 2 C, H, W): what the layout adds to scale and shift."""
        x = self.norm(self.conv(x))
        scale, shift = self.affine(style)[:, :, None, None].chunk(2, 1)
        if laid is not None:
            more_scale, more_shift = laid.chunk(2, 1)
            scale, shift = scale + more_scale, shift + more_shift
        x = x * (1 + scale) + shift
        if self.strength is not None and noise is not None:
            x = x + (noise * self.strength).to(x.dtype)
        return functional.leaky_relu(x, 0.2)


class Laid(nn.Module):
    """The layout as what it adds at 4 pixels, and as scales and shifts at 8, 16 and 32. No bias: zeros say nothing."""

    def __init__(self, channels: list[int]) -> None:
        super().__init__()
        reads = ((4, LAID_WIDTH), (LAID_WIDTH, LAID_WIDTH))
        self.read = nn.ModuleList([nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in reads])
        self.add = nn.Conv2d(LAID_WIDTH, channels[0], 1, bias=False)
        kernels = ((1, 3), (2, 3), (3, 1))
        self.turn = nn.ModuleList(
            [nn.Conv2d(LAID_WIDTH, 2 * channels[i], k, padding=k // 2, bias=False) for i, k in kernels]
        )
        for conv in self.read:
            nn.init.kaiming_normal_(conv.weight, a=0.2)
        for conv in (self.add, *self.turn):
            nn.init.zeros_(conv.weight)

    def forward(self, layout: Tensor) -> tuple[Tensor, list[Tensor]]:
        """(N, 4, 16, 16) -> (N, C, 4, 4), and (N, 2 C, S, S) for S of 8, 16 and 32."""
        mask = layout[:, 3:]
        h = torch.cat([layout[:, :3] * mask, mask], 1)
        for conv in self.read:
            h = functional.leaky_relu(conv(h), 0.2)
        turned = [self.turn[0](functional.avg_pool2d(h, 2)), self.turn[1](h), self.turn[2](double(h))]
        return self.add(functional.avg_pool2d(h, 4)), turned


class Excite(nn.Module):
    """Skip-layer excitation: what stands at 8 or 16 pixels gates the channels of a fine level."""

    def __init__(self, inward: int, outward: int, pool: int) -> None:
        super().__init__()
        self.pool = pool
        self.look = nn.Conv2d(inward, outward, 4)
        self.gate = nn.Conv2d(outward, outward, 1)

    def forward(self, low: Tensor) -> Tensor:
        """(N, C, 4 pool, 4 pool) -> (N, D, 1, 1) in [0, 2]."""
        if self.pool > 1:
            low = functional.avg_pool2d(low, self.pool)
        gates: Tensor = 2 * torch.sigmoid(self.gate(functional.leaky_relu(self.look(low), 0.2)))
        return gates


class Painter(nn.Module):
    """The generator, of pictures of ``size`` pixels (64, 128 or 256)."""

    def __init__(self, size: int = 256, latent: int = LATENT, width: float = 1.0) -> None:
        super().__init__()
        self.size, self.latent, self.width = size, latent, width
        levels = int(math.log2(size // 4))
        ch = [max(8, int(c * width)) for c in CHANNELS[: levels + 1]]
        self.channels = ch
        self.mapping = nn.Sequential(
            nn.Linear(latent + 4, STYLE), nn.LeakyReLU(0.2), nn.Linear(STYLE, STYLE), nn.LeakyReLU(0.2)
        )
        self.lay_out = nn.Linear(latent + 4, ch[0] * 16)
        self.first = nn.BatchNorm2d(ch[0])
        self.narrow = nn.ModuleList([nn.Conv2d(ch[i], ch[i + 1], 1, bias=False) for i in range(levels)])
        self.blocks = nn.ModuleList()
        for i in range(1, levels + 1):
            noisy = 16 <= 4 * 2**i <= NOISE_PX
            self.blocks.append(nn.ModuleList([Styled(ch[i], ch[i], noisy and k == 0) for k in range(DEPTH[i])]))
        self.excite = nn.ModuleDict()
        if levels >= 4:  # 8 -> 128 and 16 -> 256, or what a smaller picture has
            self.excite[str(levels - 1)] = Excite(ch[1], ch[levels - 1], 2)
            self.excite[str(levels)] = Excite(ch[2], ch[levels], 4)
        self.to_rgb = nn.Conv2d(ch[-1], 3, 3, padding=1)
        for conv in [*self.narrow, *(b.conv for block in self.blocks for b in block)]:
            nn.init.kaiming_normal_(conv.weight, a=0.2)
        self.laid = Laid(ch)
        self.stir = nn.ParameterList([nn.Parameter(torch.zeros(1, c, 1, 1)) for c in ch[:2]])  # noise at 4 and 8 pixels
        self.glance = nn.Conv2d(ch[3], 3, 1)  # broad colours straight from 32 pixels
        nn.init.zeros_(self.glance.weight)
        nn.init.zeros_(self.glance.bias)
        self.register_buffer("enlarging", enlarging(32, size), persistent=False)

    def forward(self, z: Tensor, noise: Tensor, affect: Tensor, layout: Tensor) -> Tensor:
        """z (N, Z) and noise (N, 1, 128, 128) Gaussian, affect (N, 4) in [-1, 1], layout (N, 4, 16, 16): sRGB in [-1, 1] and
        confidence in [0, 1] -> (N, 3, S, S) sRGB in [0, 1]."""
        z = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-6)
        code = torch.cat([z, 1.5 * affect], 1)
        style = self.mapping(code)
        grains = {NOISE_PX: noise}
        for px in (64, 32, 16, 8, 4):  # white noise of a deviation of 1 at every size
            grains[px] = functional.avg_pool2d(grains[2 * px], 2) * 2
        added, laid = self.laid(layout)
        x = self.first(self.lay_out(code).unflatten(1, (self.channels[0], 4, 4))) + added
        x = functional.leaky_relu(x + (grains[4] * self.stir[0]).to(x.dtype), 0.2)
        low: dict[int, Tensor] = {}
        broad = x
        for level, (narrow, block) in enumerate(zip(self.narrow, self.blocks, strict=True), 1):
            x = double(narrow(x))
            if level == 1:
                x = x + (grains[8] * self.stir[1]).to(x.dtype)
            for k, layer in enumerate(block):
                shape = laid[level - 1] if level <= LAID_LEVELS and k == 0 else None
                x = layer(x, style, grains.get(4 * 2**level), shape)
            if level <= 2:
                low[level] = x
            elif level == 3:
                broad = self.glance(x).float()
            if str(level) in self.excite:
                gates = self.excite[str(level)]
                x = x * gates(low[1 if gates.pool == 2 else 2])
        with torch.autocast(x.device.type, enabled=False):
            grown = self.get_buffer("enlarging")
            broad = grown @ broad @ grown.T
        return torch.sigmoid(self.to_rgb(x).float() + broad)


def draw(count: int, latent: int, device: str, noise: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
    """z (N, Z) and noise (N, 1, 128, 128), Gaussian, drawn on the device, or on the processor by ``noise``."""
    where = "cpu" if noise is not None else device
    z = torch.randn(count, latent, generator=noise, device=where)
    return z.to(device), torch.randn(count, 1, NOISE_PX, NOISE_PX, generator=noise, device=where).to(device)
