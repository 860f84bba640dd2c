"""A walk through the generator's latent space: smooth, endless, the same for the same seed."""

from __future__ import annotations

import math

import numpy as np

from installation.types import FloatArray


class LatentWalk:
    """Gaussian key points, one a step; between two of them the mix keeps the variance at 1.

    ``shapes`` are those of the generator's latent inputs, each (1, C, h, w) or (1, C). ``truncation`` in (0, 1] scales
    all: lower is calmer and more alike.
    """

    def __init__(self, shapes: dict[str, tuple[int, ...]], seed: int, truncation: float = 0.9) -> None:
        self._shapes, self._seed, self._truncation = shapes, seed, truncation
        self._keys: dict[int, dict[str, FloatArray]] = {}

    def at(self, position: float) -> dict[str, FloatArray]:
        """The latent inputs at ``position``, counted in keys from 0; ValueError when negative or not finite."""
        if not math.isfinite(position) or position < 0:
            raise ValueError(f"a position on the walk must be finite and not negative, not {position}")
        key = int(position)
        angle = (position - key) * math.pi / 2
        start, end = self._key(key), self._key(key + 1)
        for old in [number for number in self._keys if number not in (key, key + 1)]:
            del self._keys[old]
        a, b = np.float32(math.cos(angle) * self._truncation), np.float32(math.sin(angle) * self._truncation)
        return {name: a * start[name] + b * end[name] for name in self._shapes}

    def _key(self, number: int) -> dict[str, FloatArray]:
        if number not in self._keys:
            rng = np.random.default_rng([self._seed, number])
            self._keys[number] = {name: rng.standard_normal(shape, np.float32) for name, shape in self._shapes.items()}
        return self._keys[number]
