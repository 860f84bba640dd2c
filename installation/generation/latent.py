"""A walk through the generator's latent space: smooth, endless, the same for the same seed and the same choices."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from installation.types import FloatArray

Latents: TypeAlias = dict[str, FloatArray]
"""A generator's Gaussian inputs by name, each (1, C, h, w) or (1, C)."""


class LatentWalk:
    """Gaussian key points, one a step; between two of them the mix keeps the variance at 1.

    ``shapes`` are those of the generator's latent inputs. ``truncation`` in (0, 1] scales all: lower is calmer and more
    alike. Each key can be had in several variants; variant 0 is walked unless another is chosen with ``choose``.
    """

    def __init__(self, shapes: dict[str, tuple[int, ...]], seed: int, truncation: float = 0.9) -> None:
        self._shapes, self._seed, self._truncation = shapes, seed, truncation
        self._keys: dict[int, Latents] = {}
        self._chosen: dict[int, int] = {}

    def at(self, position: float) -> Latents:
        """The latent inputs at ``position``, counted in keys from 0; ValueError when negative or not finite."""
        if not math.isfinite(position) or position < 0:
            raise ValueError(f"a position on the walk must be finite and not negative, not {position}")
        key = int(position)
        angle = (position - key) * math.pi / 2
        start, end = self._key(key), self._key(key + 1)
        for old in [number for number in self._keys if number not in (key, key + 1)]:
            del self._keys[old]
        for old in [number for number in self._chosen if number < key]:
            del self._chosen[old]
        a, b = np.float32(math.cos(angle) * self._truncation), np.float32(math.sin(angle) * self._truncation)
        return {name: a * start[name] + b * end[name] for name in self._shapes}

    def variant(self, number: int, variant: int) -> Latents:
        """Variant ``variant`` of key ``number`` as it would be shown, truncated."""
        drawn = self._draw(number, variant)
        return {name: np.float32(self._truncation) * values for name, values in drawn.items()}

    def choose(self, number: int, variant: int) -> None:
        """Walk through that variant of key ``number``, which must not have been reached."""
        self._chosen[number] = variant
        self._keys.pop(number, None)

    def _key(self, number: int) -> Latents:
        if number not in self._keys:
            self._keys[number] = self._draw(number, self._chosen.get(number, 0))
        return self._keys[number]

    def _draw(self, number: int, variant: int) -> Latents:
        rng = np.random.default_rng([self._seed, number, variant] if variant else [self._seed, number])
        return {name: rng.standard_normal(shape, np.float32) for name, shape in self._shapes.items()}
