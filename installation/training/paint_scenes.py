"""Layouts as a rendered scene gives them, drawn by chance: they train the painter where no rendered ones are at hand."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.paint_net import GRID

_CHANCES = 64
_BLOBS = (0.85, 0.55, 0.3)


class _Chances:
    """Numbers drawn at once, handed out one after another; each is (N, 1, 1)."""

    def __init__(self, count: int, device: torch.device | str) -> None:
        self._r = torch.rand(count, _CHANCES, 1, 1, device=device)
        self._at = iter(range(_CHANCES))

    def some(self, low: float, high: float) -> Tensor:
        return low + (high - low) * self._r[:, next(self._at)]

    def there(self, chance: float) -> Tensor:
        return (self._r[:, next(self._at)] < chance).float()


def _over(picture: Tensor, mask: Tensor, colour: Tensor) -> Tensor:
    return picture + mask[:, None] * (colour - picture)


def scenes(count: int, device: torch.device | str, px: int = 32) -> Tensor:
    """(count, 3, 16, 16) in [0, 1]: a dark or light ground, a sun, a horizon, hills, blobs and petals."""
    chances = _Chances(count, device)
    some, there = chances.some, chances.there
    colours = torch.rand(count, 8, 3, 1, 1, device=device)
    colours = (colours / colours.amax(2, keepdim=True)) ** some(0.2, 2.5)[:, None, None]
    place = (torch.arange(px, device=device) + 0.5) / px
    y, x = place[None, :, None], place[None, None, :]
    light = there(0.25)
    above, below = some(0.02, 0.30) + light * some(0.2, 0.6), some(0.02, 0.35) + light * some(0.1, 0.5)
    picture = colours[:, 0] * (above + (below - above) * y)[:, None]
    sharp = some(10, 60)
    apart = ((x - some(0.15, 0.85)) ** 2 + (y - some(0.08, 0.5)) ** 2).sqrt()
    sun = torch.sigmoid((some(0.04, 0.16) - apart) * sharp) * there(0.35)
    picture = _over(picture, sun, 0.3 * colours[:, 1] + 0.7 * some(0.6, 1.0)[:, None])
    line = some(0.3, 0.75) + some(0, 0.16) * torch.sin(x * some(2, 12) + some(0, 6.3)) + some(-0.3, 0.3) * (x - 0.5)
    ground = torch.sigmoid((y - line) * sharp) * there(0.45)
    picture = _over(picture, ground, colours[:, 2] * (some(0.08, 0.75) * (0.5 + 0.5 * y))[:, None])
    line = some(0.5, 0.85) + some(0, 0.08) * torch.sin(x * some(1, 7) + some(0, 6.3))
    hills = torch.sigmoid((y - line) * sharp) * there(0.6)
    picture = _over(picture, hills, colours[:, 3] * some(0.04, 0.6)[:, None])
    for k, chance in enumerate(_BLOBS):
        dx, dy, turn = x - some(0.2, 0.8), y - some(0.25, 0.75), some(0, 3.15)
        a = (dx * turn.cos() + dy * turn.sin()) / some(0.07, 0.32)
        b = (dy * turn.cos() - dx * turn.sin()) / some(0.07, 0.32)
        petals = some(0, 0.55) * torch.cos(torch.atan2(b, a + 1e-4) * some(2.5, 8.5).round()) * there(0.5)
        blob = torch.sigmoid((1 + petals - (a * a + b * b).sqrt()) * sharp * 0.2) * there(chance)
        picture = _over(picture, blob, colours[:, 4 + k] * some(0.35, 1.0)[:, None])
    return functional.avg_pool2d(picture.clamp(0, 1), px // GRID)
