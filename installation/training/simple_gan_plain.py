"""The two plainest networks of older work, and one way to all five by name. 64 pixels.

``basic``: dense layers and nothing else, the network with which Goodfellow et al. 2014 began, as tutorials have it since:
noise of 100, three dense layers, each twice as wide as the one before, and one to all 64 x 64 x 3 numbers of the picture.
``deconv``: noise of 100, a dense layer to 4 x 4 cells of 128, then transposed convolutions of 5 x 5 that double the side. It
stands between the first and Radford, Metz and Chintala 2016: it has their batch normalisation, and half their channels.
Both papers' critics drop values at random; these do not, for a run that resumes must end as one that was not interrupted.
"""

from __future__ import annotations

import itertools

from torch import nn

from installation.training.simple_gan_net import (
    NOISE,
    RECIPES,
    SIDE_PX,
    Critic,
    Generator,
    SimpleCritic,
    SimpleGenerator,
    begin,
)

NUMBERS = 3 * SIDE_PX * SIDE_PX
FILTER_PX, FIRST_SIDE = 5, 4


class DenseGenerator(Generator):
    """``basic``: at width 64 layers of 128, 256 and 512."""

    def __init__(self, width: int, seed: int = 0) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inward, outward in itertools.pairwise((NOISE, 2 * width, 4 * width, 8 * width)):
            layers += [nn.Linear(inward, outward), nn.BatchNorm1d(outward), nn.LeakyReLU(0.2)]
        picture = nn.Unflatten(1, (3, SIDE_PX, SIDE_PX))
        self.layers = nn.Sequential(*layers, nn.Linear(8 * width, NUMBERS), nn.Tanh(), picture)
        begin(self, seed, False)


class DenseCritic(Critic):
    """``basic``: at width 64 layers of 512 and 256."""

    def __init__(self, width: int, seed: int = 0) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        for inward, outward in itertools.pairwise((NUMBERS, 8 * width, 4 * width)):
            layers += [nn.Linear(inward, outward), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(4 * width, 1))
        begin(self, seed + 1, False)


class DeconvGenerator(Generator):
    """``deconv``: at width 64 cells of 128, 128, 64 and 32 channels at 4, 8, 16 and 32 pixels."""

    def __init__(self, width: int, seed: int = 0) -> None:
        super().__init__()
        channels = (2 * width, 2 * width, width, max(1, width // 2))
        cells = FIRST_SIDE * FIRST_SIDE
        layers: list[nn.Module] = [
            nn.Linear(NOISE, cells * channels[0]),
            nn.Unflatten(1, (channels[0], FIRST_SIDE, FIRST_SIDE)),
            nn.BatchNorm2d(channels[0]),
            nn.ReLU(),
        ]
        for inward, outward in itertools.pairwise(channels):
            layers += [
                nn.ConvTranspose2d(inward, outward, FILTER_PX, 2, 2, output_padding=1, bias=False),
                nn.BatchNorm2d(outward),
                nn.ReLU(),
            ]
        last = nn.ConvTranspose2d(channels[-1], 3, FILTER_PX, 2, 2, output_padding=1)
        self.layers = nn.Sequential(*layers, last, nn.Tanh())
        begin(self, seed, False)


class DeconvCritic(Critic):
    """``deconv``: at width 64 convolutions of 5 x 5 with 32, 64, 128 and 128 channels, and a dense layer."""

    def __init__(self, width: int, seed: int = 0) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for level, (inward, outward) in enumerate(
            itertools.pairwise((3, max(1, width // 2), width, 2 * width, 2 * width))
        ):
            layers.append(nn.Conv2d(inward, outward, FILTER_PX, 2, 2))
            if level:
                layers.append(nn.BatchNorm2d(outward))
            layers.append(nn.LeakyReLU(0.2))
        cells = FIRST_SIDE * FIRST_SIDE
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(cells * 2 * width, 1))
        begin(self, seed + 1, False)


def generator_for(network: str, width: int, seed: int = 0) -> Generator:
    """The generator of a network of RECIPES, with its first weights."""
    recipe = RECIPES[network]
    if network == "basic":
        return DenseGenerator(width, seed)
    if network == "deconv":
        return DeconvGenerator(width, seed)
    return SimpleGenerator(width, recipe.labels, seed, recipe.is_wasserstein)


def critic_for(network: str, width: int, seed: int = 0) -> Critic:
    """The critic that such a generator is trained against."""
    recipe = RECIPES[network]
    if network == "basic":
        return DenseCritic(width, seed)
    if network == "deconv":
        return DeconvCritic(width, seed)
    return SimpleCritic(width, recipe.labels, recipe.is_wasserstein, seed)
