"""The critic of the painter: small heads on the maps of frozen eyes, each asked whether a picture is real and of its affect."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.paint_eyes import VGG_CHANNELS, Mixing

WIDTHS = {48: 72, 24: 144, 12: 208, 6: 208}
"""Channels of a head on Lite0 by the size of its maps (at an eye of 192 pixels)."""
WIDE, VGG_WIDTH, COMPARED = 208, 64, 8


class Bounded(nn.Module):
    """Convolution whose weight is divided by its largest singular value (Critic.ready does it, for all of a shape at once)."""

    bound: Tensor

    def __init__(self, inward: int, outward: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
        super().__init__()
        conv = nn.Conv2d(inward, outward, kernel)
        self.weight, self.bias = conv.weight, conv.bias
        self.stride, self.padding = stride, padding
        nn.init.normal_(self.weight, std=0.02)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, D, h, w)."""
        return functional.conv2d(x, self.bound, self.bias, self.stride, self.padding)


class Fits(nn.Module):
    """Affect to channels, for the projection (Miyato and Koyama 2018)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.a, self.b = Bounded(4, 64, 1), Bounded(64, channels, 1)

    def forward(self, h: Tensor, affect: Tensor) -> Tensor:
        """(N, C, H, W) and (N, 4) -> (N, 1, H, W)."""
        code = self.b(functional.leaky_relu(self.a(2 * affect[:, :, None, None]), 0.2))
        fits: Tensor = (h * code).sum(1, keepdim=True) / h.shape[1] ** 0.5
        return fits


def spread(h: Tensor, most: int = COMPARED) -> Tensor:
    """(N, C, H, W) -> (N, 1, H, W): how much pictures of a group differ, place by place. Motifs that stand where they stood
    in the others are seen here."""
    count = len(h)
    group = next(g for g in range(min(most, count), 0, -1) if count % g == 0)
    y = h.float().unflatten(0, (count // group, group))
    y = (y - y.mean(1, keepdim=True)).square().mean(1)
    y = (y + 1e-4).sqrt().mean(1, keepdim=True)
    return y[:, None].expand(-1, group, -1, -1, -1).flatten(0, 1).to(h.dtype)


class LiteHead(nn.Module):
    """On mixed maps of Lite0 of ``px`` pixels, brought down to 8 or less."""

    def __init__(self, inward: int, px: int, width: float = 1.0) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = inward

        def add(out: int, *shape: int) -> int:
            layers.extend([Bounded(channels, out, *shape), nn.BatchNorm2d(out), nn.LeakyReLU(0.2)])
            return out

        if px <= 12:
            channels = add(int(WIDE * width), 3, 1, 1)
        while px > 8:
            px //= 2
            channels = add(int(WIDTHS.get(px, WIDE) * width), 4, 2, 1)
        self.body = nn.Sequential(*layers)
        self.real, self.fits = Bounded(channels + 1, 1, 3, 1, 1), Fits(channels)

    def forward(self, x: Tensor, affect: Tensor) -> Tensor:
        """Logits, place by place."""
        h = self.body(x)
        logits: Tensor = self.real(torch.cat([h, spread(h)], 1)) + self.fits(h, affect)
        return logits


class VggHead(nn.Module):
    """On maps of VGG16."""

    def __init__(self, inward: int) -> None:
        super().__init__()
        self.mix, self.look = Bounded(inward, VGG_WIDTH, 1), Bounded(VGG_WIDTH, VGG_WIDTH, 3, 2, 1)
        self.norm = nn.BatchNorm2d(VGG_WIDTH)
        self.real, self.fits = Bounded(VGG_WIDTH, 1, 3, 1, 1), Fits(VGG_WIDTH)

    def forward(self, x: Tensor, affect: Tensor) -> Tensor:
        """Logits, place by place."""
        h = functional.leaky_relu(self.mix(x), 0.2)
        h = functional.leaky_relu(self.norm(self.look(h)), 0.2)
        logits: Tensor = self.real(h) + self.fits(h, affect)
        return logits


Seen = tuple[list[Tensor], list[Tensor]]
"""What all eyes see: mixed maps of Lite0; maps of VGG16 on a detail, then on the whole at half the size."""


class Critic(nn.Module):
    """All heads. ``px`` is the side of what Lite0 sees."""

    def __init__(self, px: int, width: float = 1.0, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.dtype = dtype
        self.lite = nn.ModuleList([LiteHead(c, px // 2 >> i, width) for i, c in enumerate(Mixing.OUT)])
        self.vgg = nn.ModuleList([VggHead(c) for _ in range(2) for c in VGG_CHANNELS])
        groups: dict[tuple[int, ...], list[Bounded]] = {}
        for module in self.modules():
            if isinstance(module, Bounded):
                groups.setdefault(tuple(module.weight.shape), []).append(module)
        self._groups = list(groups.values())
        for i, group in enumerate(self._groups):
            w = group[0].weight
            self.register_buffer(f"u_{i}", functional.normalize(torch.randn(len(group), w.shape[0], 1), dim=1))
            self.register_buffer(f"v_{i}", torch.zeros(len(group), w[0].numel(), 1))
        for _ in range(8):
            self.ready(turn=True)

    def forward(self, seen: Seen, affect: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Logits of the heads on Lite0, and of those on VGG16."""
        return (
            [head(maps, affect).float() for head, maps in zip(self.lite, seen[0], strict=True)],
            [head(maps, affect).float() for head, maps in zip(self.vgg, seen[1], strict=True)],
        )

    def ready(self, turn: bool) -> None:
        """Before the passes of a step (with ``turn``: a step of the power iteration), and after the weights have changed;
        outside autocast. Buffers change in place, as a captured graph needs it."""
        for i, group in enumerate(self._groups):
            w = torch.stack([module.weight.flatten(1) for module in group])
            u, v = self.get_buffer(f"u_{i}"), self.get_buffer(f"v_{i}")
            if turn:
                with torch.no_grad():
                    v.copy_(functional.normalize(w.transpose(1, 2) @ u, dim=1))
                    u.copy_(functional.normalize(w @ v, dim=1))
            w = w / (u.clone() * (w @ v.clone())).sum(1, keepdim=True)
            for module, bound in zip(group, w.to(self.dtype).unbind(), strict=True):
                module.bound = bound.view(module.weight.shape)


def mean_of(terms: list[Tensor]) -> Tensor:
    """Of the means of each."""
    return torch.stack([t.mean() for t in terms]).mean()
