"""What is trained beside the generator: a critic that looks through the frozen network, and an encoder of styles."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from installation.training.texture_eye import PALETTE, TAP_CHANNELS
from installation.training.texture_net import AFFECT, STYLE

VIEWS = 2


class Head(nn.Module):
    """Judges every place of one map, and whether it fits the affect (a projection critic, Miyato and Koyama 2018)."""

    def __init__(self, channels: int, width: int = 48) -> None:
        super().__init__()
        self.mix = spectral_norm(nn.Conv2d(channels, width, 1))
        self.look = spectral_norm(nn.Conv2d(width, width, 3))
        self.real = spectral_norm(nn.Conv2d(width, 1, 1))
        self.fits = spectral_norm(nn.Linear(AFFECT, width))

    def forward(self, seen: Tensor, affect: Tensor) -> Tensor:
        """(N, C, H, W), (N, 4) -> (N, H - 2, W - 2) logits, higher is more real."""
        x = functional.leaky_relu(self.mix(seen), 0.2)
        x = functional.leaky_relu(self.look(x), 0.2)
        fit = (x * self.fits(affect)[:, :, None, None]).mean(1, keepdim=True)
        judged: Tensor = (self.real(x) + fit)[:, 0]
        return judged


class TextureCritic(nn.Module):
    """A projected critic (Sauer et al. 2021): small heads on a frozen network's maps, fine and coarse view apart."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.ModuleList(Head(channels) for _ in range(VIEWS) for channels in TAP_CHANNELS)

    def forward(self, seen: list[Tensor], affect: Tensor) -> list[Tensor]:
        """Maps of (2N, C, H, W), the fine view first, and (N, 4) -> logits of eight heads."""
        judged = []
        with torch.autocast(seen[0].device.type, seen[0].dtype, enabled=seen[0].dtype != torch.float32):
            for view in range(VIEWS):
                for level, maps in enumerate(seen):
                    head = self.heads[view * len(TAP_CHANNELS) + level]
                    judged.append(head(maps.chunk(VIEWS)[view], affect).float())
        return judged


def hinge(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """The critic's loss, mean over heads."""
    losses = [
        functional.relu(1 - one).mean() + functional.relu(1 + other).mean()
        for one, other in zip(real, fake, strict=True)
    ]
    return torch.stack(losses).mean()


class StyleEncoder(nn.Module):
    """A crop's style as a Gaussian, from what the frozen network says on average and from the palette."""

    def __init__(self, width: int = 128) -> None:
        super().__init__()
        inward = 2 * VIEWS * sum(TAP_CHANNELS) + PALETTE + AFFECT
        self.body = nn.Sequential(nn.Linear(inward, width), nn.LeakyReLU(0.2), nn.Linear(width, 2 * STYLE))

    def forward(self, seen: list[Tensor], colours: Tensor, affect: Tensor) -> tuple[Tensor, Tensor]:
        """Maps of (2N, C, H, W), (N, 39), (N, 4) -> mean and logarithm of the variance, (N, 32) each."""
        stats = []
        for maps in seen:
            for view in maps.chunk(VIEWS):
                mean, power = view.mean((2, 3), dtype=torch.float32), view.square().mean((2, 3), dtype=torch.float32)
                stats += [mean, ((power - mean.square()).clamp_min(0) + 1e-4).sqrt()]
        mean, spread = self.body(torch.cat([*stats, 4 * colours, affect], 1)).chunk(2, 1)
        return mean, spread.clamp(-8, 4)


def divergence(mean: Tensor, spread: Tensor) -> Tensor:
    """Of the encoder's Gaussians from the standard one, mean over pictures and numbers, in nats."""
    return 0.5 * (mean.square() + spread.exp() - 1 - spread).mean()
