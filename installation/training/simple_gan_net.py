"""Small generators of older work, as their papers have them, to compare the piece's own with: recipes, losses and the three
of convolutions alone. 64 pixels, no torus.

``dcgan``: Radford, Metz and Chintala 2016. ``cgan``: the same, with an emotion for generator and critic (Mirza and Osindero
2014). ``wgan_gp``: Gulrajani et al. 2017. ``basic`` and ``deconv`` are in simple_gan_plain.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

NOISE, SIDE_PX, LABELS = 100, 64, 7
PENALTY = 10.0
"""Weight of the gradient penalty (Gulrajani et al. 2017)."""


@dataclass(frozen=True)
class Recipe:
    """How a network is trained, after its paper. ``critic_steps`` go before each step of the generator."""

    labels: int
    is_wasserstein: bool
    critic_steps: int
    rate: float
    betas: tuple[float, float]


RECIPES = {
    "basic": Recipe(0, False, 1, 2e-4, (0.5, 0.999)),
    "deconv": Recipe(0, False, 1, 2e-4, (0.5, 0.999)),
    "dcgan": Recipe(0, False, 1, 2e-4, (0.5, 0.999)),
    "cgan": Recipe(LABELS, False, 1, 2e-4, (0.5, 0.999)),
    "wgan_gp": Recipe(0, True, 5, 1e-4, (0.0, 0.9)),
}


class Generator(nn.Module):
    """Noise, and a label where there are ``labels``, to a picture, by ``layers``."""

    layers: nn.Module
    labels: int = 0

    def forward(self, noise: Tensor, label: Tensor) -> Tensor:
        """(N, 100) Gaussian, (N, labels) one of which is 1 -> (N, 3, 64, 64) in [-1, 1]."""
        made: Tensor = self.layers(torch.cat([noise, label], 1))
        return made


class Critic(nn.Module):
    """A picture, and its label where there are ``labels``, to one number, by ``layers``: real is high."""

    layers: nn.Module

    def forward(self, rgb: Tensor, label: Tensor) -> Tensor:
        """(N, 3, 64, 64) in [-1, 1], (N, labels) -> (N,). A label is a plane that is 1 all over."""
        planes = label[:, :, None, None].expand(-1, -1, SIDE_PX, SIDE_PX)
        judged: Tensor = self.layers(torch.cat([rgb, planes], 1))
        return judged.flatten()


class SimpleGenerator(Generator):
    """By five transposed convolutions."""

    def __init__(self, width: int, labels: int, seed: int = 0, is_wasserstein: bool = False) -> None:
        super().__init__()
        self.labels = labels
        channels = (NOISE + labels, 8 * width, 4 * width, 2 * width, width)
        layers: list[nn.Module] = []
        for level, (inward, outward) in enumerate(itertools.pairwise(channels)):
            stride, padding = (1, 0) if level == 0 else (2, 1)
            layers += [
                nn.ConvTranspose2d(inward, outward, 4, stride, padding, bias=False),
                nn.BatchNorm2d(outward),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(width, 3, 4, 2, 1), nn.Tanh())
        begin(self, seed, is_wasserstein)

    def forward(self, noise: Tensor, label: Tensor) -> Tensor:
        """As ``Generator``; noise and label are a picture of one pixel."""
        made: Tensor = self.layers(torch.cat([noise, label], 1)[:, :, None, None])
        return made


class SimpleCritic(Critic):
    """By convolutions alone.

    Batch normalisation after Radford; with a gradient penalty, which asks about each picture alone, layer normalisation.
    """

    def __init__(self, width: int, labels: int, each_alone: bool, seed: int = 0) -> None:
        super().__init__()
        channels = (3 + labels, width, 2 * width, 4 * width, 8 * width)
        layers: list[nn.Module] = []
        for level, (inward, outward) in enumerate(itertools.pairwise(channels)):
            layers.append(nn.Conv2d(inward, outward, 4, 2, 1))
            if level:
                layers.append(nn.GroupNorm(1, outward) if each_alone else nn.BatchNorm2d(outward))
            layers.append(nn.LeakyReLU(0.2))
        self.layers = nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4))
        begin(self, seed + 1, each_alone)


@torch.no_grad()  # type: ignore[untyped-decorator]
def begin(network: nn.Module, seed: int, is_wasserstein: bool) -> None:
    """First weights, the same for the same seed: normal, with a deviation of 0.02 (Radford et al.), or one that keeps the
    variance from level to level (He et al. 2015), as Gulrajani et al. have it."""
    noise = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            # A value of a picture twice the size sees a quarter of a transposed filter.
            seen = module.in_channels * (4 if isinstance(module, nn.ConvTranspose2d) else 16)
            module.weight.normal_(0.0, (2 / seen) ** 0.5 if is_wasserstein else 0.02, generator=noise)
            if module.bias is not None:
                module.bias.zero_()
        elif isinstance(module, nn.Linear):
            module.weight.normal_(0.0, 0.02, generator=noise)
            module.bias.zero_()
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.weight.normal_(1.0, 0.02, generator=noise)


class CriticLoss(nn.Module):
    """The critic with its loss, gradient penalty included."""

    def __init__(self, critic: Critic, is_wasserstein: bool) -> None:
        super().__init__()
        self.critic, self.is_wasserstein = critic, is_wasserstein

    def forward(self, real: Tensor, fake: Tensor, label: Tensor, mix: Tensor) -> Tensor:
        """(N, 3, 64, 64) real and made for the same ``label``; ``mix`` (N,) in [0, 1] says where between the two the slope
        is asked for. Gives the loss."""
        judged, judged_fake = self.critic(real, label), self.critic(fake, label)
        if not self.is_wasserstein:
            return functional.softplus(-judged).mean() + functional.softplus(judged_fake).mean()
        share = mix[:, None, None, None]
        between = (share * real + (1 - share) * fake).requires_grad_(True)
        (slope,) = torch.autograd.grad(self.critic(between, label).sum(), between, create_graph=True)
        penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
        return judged_fake.mean() - judged.mean() + PENALTY * penalty


class GeneratorLoss(nn.Module):
    """The generator with its loss. The critic is looked through, not trained, and is no part of this module."""

    def __init__(self, generator: Generator, critic: Critic, is_wasserstein: bool) -> None:
        super().__init__()
        self.generator, self.is_wasserstein = generator, is_wasserstein
        # In a tuple, so that torch does not count the critic's weights as this module's own.
        self._judge = (critic,)

    def forward(self, noise: Tensor, label: Tensor) -> Tensor:
        """The loss for (N, 100) noise and (N, labels)."""
        judged = self._judge[0](self.generator(noise, label), label)
        return -judged.mean() if self.is_wasserstein else functional.softplus(-judged).mean()


class ExportedSimple(nn.Module):
    """What an ONNX file holds: pictures as (N, 64, 64, 3) uint8 sRGB."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, noise: Tensor, label: Tensor | None = None) -> Tensor:
        """(N, 100) and, for a network with labels, (N, 7)."""
        if label is None:
            label = noise.new_zeros((noise.shape[0], 0))
        rgb = (self.generator(noise, label) + 1) / 2
        return (rgb.permute(0, 2, 3, 1) * 255 + 0.5).clamp(0, 255).to(torch.uint8)
