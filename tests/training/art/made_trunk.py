"""EfficientNet-Lite0's weights by chance: the shape of the network, without what it learnt."""

import numpy as np

from installation.training.paint_eyes import LITE0

CHANNELS = (16, 24, 24, 40, 40, 80, 80, 80, 112, 112, 112, 192, 192, 192, 192, 320)


def trunk_by_chance(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By the names that paint_eyes.Lite0 wants."""
    stored = {"eff.stem.w": rng.normal(0, 0.3, (32, 3, 3, 3)), "eff.stem.b": rng.normal(0, 0.1, 32)}
    before = 32
    for i, ((kernel, _), after) in enumerate(zip(LITE0, CHANNELS, strict=True)):
        wide = before * 6 if i else before
        if i:
            stored |= {
                f"eff.{i}.expand.w": rng.normal(0, before**-0.5, (wide, before, 1, 1)),
                f"eff.{i}.expand.b": rng.normal(0, 0.05, wide),
            }
        stored |= {
            f"eff.{i}.depth.w": rng.normal(0, 1 / kernel, (wide, 1, kernel, kernel)),
            f"eff.{i}.depth.b": rng.normal(0, 0.05, wide),
            f"eff.{i}.project.w": rng.normal(0, wide**-0.5, (after, wide, 1, 1)),
            f"eff.{i}.project.b": rng.normal(0, 0.05, after),
        }
        before = after
    return stored
