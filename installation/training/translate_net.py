"""The network that repaints what is drawn, and its critic.

Slim on purpose: two halvings, narrow blocks, bilinear doubling (no transposed convolutions, so no checkerboard). Features
are normalised across channels at each pixel, not across the picture: what a place is painted like depends on its
surroundings only, so that a form which moves does not change the whole picture, and a crop in training is a true part of
the whole picture in the show.
"""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

AFFECT = 4
STRIDE = 4
"""Height and width are multiples of this."""
GROUND = 8
"""Channels of the ground, a Gaussian map with a value for STRIDE x STRIDE pixels that stays where it is: what an empty, dark
room is painted from. Without it a plain room could only be painted plain."""
LEVELS = 4
"""Depths of the encoder at which patches are compared."""


def normalised(x: Tensor) -> Tensor:
    """Mean square 1 over the channels of each pixel (Karras et al. 2018)."""
    return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-6)


def _convolution(inward: int, outward: int, dilation: int = 1) -> nn.Conv2d:
    """3x3. The border's pixels go on outside: zeros there would paint a frame."""
    return nn.Conv2d(inward, outward, 3, padding=dilation, dilation=dilation, padding_mode="replicate")


class Film(nn.Module):
    """Normalises, then scales and shifts channels by the affect's code (Perez et al. 2018)."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.affine = nn.Linear(width, 2 * channels)
        nn.init.normal_(self.affine.weight, std=0.05)
        nn.init.zeros_(self.affine.bias)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        """(N, C, H, W), (N, width) -> (N, C, H, W), rectified."""
        scale, shift = self.affine(code)[:, :, None, None].chunk(2, 1)
        return functional.leaky_relu(normalised(x) * (1 + scale) + shift, 0.2)


class Block(nn.Module):
    """A residual block: a 3x3 convolution, the affect, a mix of channels."""

    def __init__(self, channels: int, width: int, dilation: int) -> None:
        super().__init__()
        self.wide = _convolution(channels, channels, dilation)
        self.film = Film(channels, width)
        self.mix = nn.Conv2d(channels, channels, 1)
        nn.init.normal_(self.mix.weight, std=0.02)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        """(N, C, H, W), (N, width) -> (N, C, H, W)."""
        mixed: Tensor = x + self.mix(self.film(self.wide(x), code))
        return mixed


class Rise(nn.Module):
    """Twice the size with fewer channels: mixed while small, doubled bilinearly, then convolved."""

    def __init__(self, inward: int, outward: int, width: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(inward, outward, 1)
        self.wide = _convolution(outward, outward)
        self.film = Film(outward, width)

    def forward(self, x: Tensor, code: Tensor) -> Tensor:
        """(N, inward, H, W), (N, width) -> (N, outward, 2H, 2W)."""
        grown = functional.interpolate(self.narrow(x), scale_factor=2.0, mode="bilinear", align_corners=False)
        risen: Tensor = self.film(self.wide(grown), code)
        return risen


class RepaintNet(nn.Module):
    """Repaints a picture for an affect."""

    def __init__(self, channels: tuple[int, int, int] = (16, 32, 64), blocks: int = 4, width: int = 64) -> None:
        super().__init__()
        first, second, third = channels
        self.stem = nn.Conv2d(3, first, 5, padding=2, padding_mode="replicate")
        self.down1 = _convolution(first, second)
        self.down2 = _convolution(second, third)
        self.last_seen = _convolution(third, third)
        self.mapping = nn.Sequential(
            nn.Linear(AFFECT, width), nn.LeakyReLU(0.2), nn.Linear(width, width), nn.LeakyReLU(0.2)
        )
        self.ground = nn.Conv2d(GROUND, third, 1, bias=False)
        nn.init.normal_(self.ground.weight, std=0.03)
        self.blocks = nn.ModuleList(Block(third, width, 1 + n % 2) for n in range(blocks))
        self.rise1 = Rise(third, second, width)
        self.rise2 = Rise(second, first, width)
        self.to_rgb = nn.Conv2d(first, 3, 5, padding=2, padding_mode="replicate")

    def encode(self, rgb: Tensor) -> list[Tensor]:
        """Features of (N, 3, H, W) in [0, 1] at LEVELS depths; they know nothing of the affect."""
        stem = functional.leaky_relu(normalised(self.stem(rgb * 2 - 1)), 0.2)
        # Averaged before it is convolved at half the size: aliases would flicker when the form moves by a pixel.
        one = functional.leaky_relu(normalised(self.down1(functional.avg_pool2d(stem, 2))), 0.2)
        two = functional.leaky_relu(normalised(self.down2(functional.avg_pool2d(one, 2))), 0.2)
        return [stem, one, two, two + functional.leaky_relu(normalised(self.last_seen(two)), 0.2)]

    def paint(self, seen: Tensor, affect: Tensor, ground: Tensor) -> Tensor:
        """The last of ``encode``'s features, (N, 4) in [-1, 1], (N, GROUND, H / 4, W / 4) -> (N, 3, H, W) in [0, 1]."""
        code = self.mapping(affect)
        x = seen + self.ground(ground)
        for block in self.blocks:
            x = block(x, code)
        return torch.sigmoid(self.to_rgb(self.rise2(self.rise1(x, code), code)))

    def forward(self, rgb: Tensor, affect: Tensor, ground: Tensor) -> Tensor:
        """(N, 3, H, W) sRGB in [0, 1], H and W multiples of STRIDE; (N, 4) in [-1, 1]; (N, GROUND, H / 4, W / 4) Gaussian
        -> (N, 3, H, W) in [0, 1]."""
        return self.paint(self.encode(rgb)[-1], affect, ground)


class Heads(nn.Module):
    """Small networks that turn features at places into directions which can be compared (Park et al. 2020)."""

    def __init__(self, channels: tuple[int, ...] = (16, 32, 64, 64), width: int = 64) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(count, width), nn.ReLU(), nn.Linear(width, width)) for count in channels
        )

    def forward(self, features: list[Tensor], places: list[Tensor]) -> list[Tensor]:
        """Per depth (N, C, H, W) and (P,) places counted in pixels, row by row -> (N, P, width) of length 1."""
        picked = zip(self.heads, features, places, strict=True)
        return [functional.normalize(head(x.flatten(2)[:, :, at].transpose(1, 2)), dim=2) for head, x, at in picked]


class RepaintCritic(nn.Module):
    """Judges patches of a picture, small and large ones, and whether they fit the affect (Miyato and Koyama 2018)."""

    def __init__(self, channels: tuple[int, ...] = (24, 48, 96, 96)) -> None:
        super().__init__()
        one, two, three, four = channels
        self.first = nn.Conv2d(3, one, 4, 2, 1)
        self.second = nn.Conv2d(one, two, 4, 2, 1)
        self.third = nn.Conv2d(two, three, 4, 2, 1)
        self.fourth = nn.Conv2d(three, four, 4, 2, 1)
        self.real = nn.ModuleList([nn.Conv2d(three, 1, 3, padding=1), nn.Conv2d(four, 1, 3, padding=1)])
        self.fits = nn.ModuleList([nn.Linear(AFFECT, three), nn.Linear(AFFECT, four)])

    def forward(self, rgb: Tensor, affect: Tensor) -> Tensor:
        """(N, 3, H, W) in [0, 1], (N, 4) -> (N, P) logits of all patches, higher is more real."""
        x = functional.leaky_relu(self.first(rgb * 2 - 1), 0.2)
        x = functional.leaky_relu(self.second(x), 0.2)
        small = functional.leaky_relu(self.third(x), 0.2)
        large = functional.leaky_relu(self.fourth(small), 0.2)
        judged = []
        for real, fits, features in zip(self.real, self.fits, (small, large), strict=True):
            agreement = (features * fits(affect)[:, :, None, None]).sum(1, keepdim=True) / features.shape[1] ** 0.5
            judged.append((real(features) + agreement).flatten(1))
        return torch.cat(judged, 1)
