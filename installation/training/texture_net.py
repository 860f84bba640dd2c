"""The texture generator. Everything is wrapped at the borders, so every picture tiles at every size."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

COARSE, FINE, STYLE, AFFECT = 16, 4, 32, 4
"""Channels of the latent map (a cell to 16 pixels), of the finer one (a cell to 4 pixels), of the style, of the affect."""
CELL_PX = 16
BROAD = 5
"""Side in cells of the box over which the latent map is averaged to its broad companion (80 pixels)."""
WIDTHS = (128, 64, 48, 16)
"""Channels at 16, 8, 4 and 2 pixels to a cell."""
MAPPING = 96
TERMS = 1 + AFFECT + AFFECT * (AFFECT + 1) // 2
MAX_ASKED = 1.3
"""Beyond this the network was never asked for anything."""
REGION_DEVIATION = 85 / 625
"""Standard deviation of white noise that was averaged twice over 5 x 5."""


def wrap(x: Tensor, margin: int = 1) -> Tensor:
    """(N, C, H, W) with ``margin`` cells of the opposite border added on every side; ``margin`` is at most H and W."""
    x = torch.cat([x[:, :, -margin:], x, x[:, :, :margin]], 2)
    return torch.cat([x[:, :, :, -margin:], x, x[:, :, :, :margin]], 3)


def double(x: Tensor, margin: int = 0) -> Tensor:
    """Twice the size, bilinear, with ``margin`` (0 to 3) pixels of the opposite border on every side.

    Bilinear and not transposed: no checkerboard by construction. One wrap serves the convolutions of a whole level, which
    then need no padding.
    """
    grown = functional.interpolate(wrap(x, 2), scale_factor=2.0, mode="bilinear", align_corners=False)
    cut = 4 - margin
    return grown[:, :, cut:-cut, cut:-cut]


def soften(rgb: Tensor) -> Tensor:
    """A 3x3 binomial on the torus: takes the frequency of two pixels away and halves that of four."""
    kernel = torch.tensor([1.0, 2.0, 1.0], dtype=rgb.dtype, device=rgb.device)
    kernel = (kernel[:, None] * kernel[None, :] / 16).repeat(3, 1, 1, 1)
    return functional.conv2d(wrap(rgb), kernel, groups=3)


class Modulated(nn.Module):
    """3x3 convolution without padding, filters of unit length, then scaled and shifted by the style, then leaky ReLU."""

    def __init__(self, inward: int, outward: int, width: int, dilation: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outward, inward, 3, 3))
        self.affine = nn.Linear(width, 2 * outward)
        self.dilation = dilation
        nn.init.zeros_(self.affine.bias)
        nn.init.normal_(self.affine.weight, std=0.3 / width**0.5)

    def forward(self, x: Tensor, code: Tensor, other: Tensor | None = None, share: Tensor | None = None) -> Tensor:
        """(N, inward, H, W), (N, width) -> (N, outward, H - 2 dilation, W - 2 dilation). With an ``other`` code its ``share``
        (N, 1, H - 2 dilation, W - 2 dilation) in [0, 1] says where which of them holds."""
        length = self.weight.square().sum((1, 2, 3), keepdim=True).add(1e-8).rsqrt()
        x = functional.conv2d(x, self.weight * length, dilation=self.dilation)
        change = self.affine(code)[:, :, None, None]
        if other is not None and share is not None:
            change = change + (self.affine(other)[:, :, None, None] - change) * share
        scale, shift = change.chunk(2, 1)
        # 1.39 keeps the variance through a leaky ReLU of 0.2.
        return functional.leaky_relu(x * (1.39 + scale) + shift, 0.2)


class TextureNet(nn.Module):
    """Latent maps, style and affect to RGB in [0, 1].

    Forms are laid out at 16 pixels to a cell, where convolutions are cheap; the largest level is three channels wide: four
    pixels come from one position at half the size, and ``soften`` makes the frequency at which such a scheme can draw a
    checkerboard impossible.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS, mapping: int = MAPPING) -> None:
        super().__init__()
        a, b, c, d = widths
        self.widths = widths
        self.mapping = nn.Sequential(
            nn.Linear(STYLE + AFFECT, mapping), nn.LeakyReLU(0.2), nn.Linear(mapping, mapping), nn.LeakyReLU(0.2)
        )
        self.form = nn.ModuleList(
            [Modulated(2 * COARSE, a, mapping), Modulated(a, a, mapping, 2), Modulated(a, a, mapping)]
        )
        self.narrow = nn.ModuleList(
            [Modulated(a, b, mapping), Modulated(b + FINE, c, mapping), Modulated(c, d, mapping)]
        )
        self.deepen = nn.ModuleList([Modulated(b, b, mapping), Modulated(c, c, mapping), Modulated(d, d, mapping)])
        # Four pixels of a position begin alike (Aitken et al. 2017); they differ as far as the training says.
        self.to_rgb = nn.Conv2d(d, 12, 3)
        with torch.no_grad():
            self.to_rgb.weight.copy_(self.to_rgb.weight[:3].repeat_interleave(4, 0))
            self.to_rgb.bias.zero_()

    def forward(
        self,
        coarse: Tensor,
        fine: Tensor,
        style: Tensor,
        affect: Tensor,
        second: Tensor | None = None,
        blend: Tensor | None = None,
    ) -> Tensor:
        """(N, 16, h, w), (N, 4, 4h, 4w), (N, 32), (N, 4) in [-1, 1] -> (N, 3, 16h, 16w); h and w at least 2.

        With a ``second`` style (N, 32) the picture is in one style here and in the other there, as ``blend`` (N, 1, h, w),
        Gaussian, says: style mixing in space, for a painting is not of one surface throughout.
        """
        code = self.mapping(torch.cat([style, affect], 1))
        other = self.mapping(torch.cat([second, affect], 1)) if second is not None else None
        share = regions(blend) if blend is not None else None
        margin = BROAD // 2
        broad = functional.avg_pool2d(wrap(coarse, margin), BROAD, stride=1) * BROAD
        x = self.form[0](wrap(torch.cat([coarse, broad], 1)), code, other, share)
        x = x + self.form[1](wrap(x, 2), code, other, share)
        x = x + self.form[2](wrap(x), code, other, share)
        for level in range(3):
            x = double(x, 2)
            if level == 1:
                x = torch.cat([x, wrap(fine, 2)], 1)
            share = double(share) if share is not None else None
            x = self.narrow[level](x, code, other, wrap(share) if share is not None else None)
            x = self.deepen[level](x, code, other, share)
        rgb = torch.sigmoid(self.to_rgb(wrap(x)))
        return soften(functional.pixel_shuffle(rgb, 2))


def regions(blend: Tensor) -> Tensor:
    """(N, 1, h, w) Gaussian, h and w at least 2 -> the second style's share, [0, 1]: regions some 100 pixels wide, soft at
    their borders."""
    for _ in range(2):
        blend = functional.avg_pool2d(wrap(blend, 2), 5, stride=1)
    return torch.sigmoid(4.0 / REGION_DEVIATION * blend)


def terms(affect: Tensor) -> Tensor:
    """(N, 4) -> (N, TERMS): 1, the four, and all their products."""
    pairs = [affect[:, i] * affect[:, k] for i in range(AFFECT) for k in range(i, AFFECT)]
    return torch.cat([torch.ones_like(affect[:, :1]), affect, torch.stack(pairs, 1)], 1)


def bent(affect: Tensor, bend: Tensor) -> Tensor:
    """(N, 4) asked for -> (N, 4) to be asked of the network; ``bend`` (4, TERMS) is of texture_calibrate.py."""
    return (affect + terms(affect) @ bend.T).clamp(-MAX_ASKED, MAX_ASKED)


class ExportedTexture(nn.Module):
    """What the running piece gets: one picture as (S, S, 4) uint8 sRGB. ``bend`` (4, TERMS) corrects what is asked for."""

    def __init__(self, generator: TextureNet, bend: Tensor | None = None) -> None:
        super().__init__()
        self.generator = generator
        self.register_buffer("bend", torch.zeros(AFFECT, TERMS) if bend is None else bend)

    def forward(
        self, coarse: Tensor, fine: Tensor, style: Tensor, second: Tensor, blend: Tensor, affect: Tensor
    ) -> Tensor:
        """Shapes of ``TextureNet.forward`` with N = 1 -> (16h, 16w, 4) uint8."""
        rgb = self.generator(coarse, fine, style, bent(affect, self.get_buffer("bend")), second, blend)
        rgba = torch.cat([rgb, torch.ones_like(rgb[:, :1])], 1)[0].permute(1, 2, 0)
        return (rgba * 255 + 0.5).clamp(0, 255).to(torch.uint8)


def latents(count: int, cells: int, device: str, generator: torch.Generator | None = None) -> tuple[Tensor, ...]:
    """(coarse, fine, style) Gaussian inputs for ``count`` pictures of 16 x ``cells`` pixels."""
    shapes = ((count, COARSE, cells, cells), (count, FINE, 4 * cells, 4 * cells), (count, STYLE))
    return tuple(torch.randn(shape, generator=generator).to(device) for shape in shapes)


def all_latents(cells: int, generator: torch.Generator | None = None) -> tuple[Tensor, ...]:
    """(coarse, fine, style, second, blend) Gaussian inputs of ``ExportedTexture`` for a picture of 16 x ``cells`` pixels."""
    more = (torch.randn(shape, generator=generator) for shape in ((1, STYLE), (1, 1, cells, cells)))
    return (*latents(1, cells, "cpu", generator), *more)
