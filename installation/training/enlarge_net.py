"""The network that makes pictures four times as large, wrapped at the borders so that a torus stays one."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

FACTOR = 4
BICUBIC = -0.75
"""Keys' parameter (1981), as OpenCV and torch have it."""


def wrap(x: Tensor, margin: int) -> Tensor:
    """(N, C, H, W) with ``margin`` cells of the opposite border added on every side; ``margin`` is at most H and W."""
    x = torch.cat([x[:, :, -margin:], x, x[:, :, :margin]], 2)
    return torch.cat([x[:, :, :, -margin:], x, x[:, :, :, :margin]], 3)


def bicubic_kernel() -> Tensor:
    """(48, 3, 5, 5): one convolution and a pixel shuffle with it are exactly bicubic enlarging by four.

    Middles of the 4 x 4 new pixels lie 3/8 and 1/8 of an old one from its own middle, so five old pixels reach.
    """
    offsets = (torch.arange(FACTOR) + 0.5) / FACTOR - 0.5
    taps = torch.arange(-2, 3)
    apart = (offsets[:, None] - taps[None]).abs()
    near = ((BICUBIC + 2) * apart - (BICUBIC + 3)) * apart**2 + 1
    far = ((BICUBIC * apart - 5 * BICUBIC) * apart + 8 * BICUBIC) * apart - 4 * BICUBIC
    one = torch.where(apart <= 1, near, torch.where(apart < 2, far, torch.zeros_like(apart)))
    plane = (one[:, None, :, None] * one[None, :, None, :]).reshape(FACTOR**2, 5, 5)
    kernel = torch.zeros(3, FACTOR**2, 3, 5, 5)
    for channel in range(3):
        kernel[channel, :, channel] = plane
    return kernel.reshape(3 * FACTOR**2, 3, 5, 5)


class EnlargeNet(nn.Module):
    """Bicubic enlarging, corrected by a few convolutions at the small size (sub-pixel, after Shi et al. 2016).

    It begins as exactly bicubic: the correction's last layer starts at zero.
    """

    def __init__(self, channels: int = 24, layers: int = 3) -> None:
        super().__init__()
        self.plain = nn.Conv2d(3, 3 * FACTOR**2, 5, bias=False)
        self.first = nn.Conv2d(3, channels, 5)
        self.middle = nn.ModuleList(nn.Conv2d(channels, channels, 3) for _ in range(layers))
        self.last = nn.Conv2d(channels, 3 * FACTOR**2, 3)
        self.margin = 3 + layers
        with torch.no_grad():
            self.plain.weight.copy_(bicubic_kernel())
            self.last.weight.zero_()
            self.last.bias.zero_()

    def forward(self, rgb: Tensor) -> Tensor:
        """(N, 3, H, W) in [0, 1] -> (N, 3, 4H, 4W), not clamped; H and W are at least ``margin``."""
        x = wrap(rgb, self.margin)
        cut = self.margin - 2
        plain = self.plain(x[:, :, cut:-cut, cut:-cut])
        x = functional.relu(self.first(x - 0.5))
        for layer in self.middle:
            y = functional.relu(layer(x))
            # The torus shrinks by a cell on every side with each convolution, and what is carried past it with it.
            x = y + x[:, :, 1:-1, 1:-1]
        return functional.pixel_shuffle(plain + self.last(x), FACTOR)


class ExportedEnlargeNet(nn.Module):
    """What the running piece gets: bytes in, bytes out."""

    def __init__(self, enlarger: EnlargeNet) -> None:
        super().__init__()
        self.enlarger = enlarger

    def forward(self, rgba: Tensor) -> Tensor:
        """(H, W, 4) uint8 sRGB -> (4H, 4W, 4) uint8, opaque."""
        rgb = rgba[:, :, :3].permute(2, 0, 1)[None].float() / 255
        large = self.enlarger(rgb)
        large = torch.cat([large, torch.ones_like(large[:, :1])], 1)[0].permute(1, 2, 0)
        return (large * 255 + 0.5).clamp(0, 255).to(torch.uint8)
