"""The trained generator in ONNX Runtime."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import numpy as np

from installation.base.onnx_sessions import OnnxModel, UnusableModelError
from installation.generation.affect import AFFECT
from installation.generation.latent import Latents, LatentWalk
from installation.generation.picture_features import AffectScale
from installation.types import ByteArray, FloatArray

CELL_PX = 16
"""Pixels of the picture to one cell of the coarsest latent map, where the file does not say (metadata ``cell_px``)."""
MIN_PX = 64


class TextureGenerator(OnnxModel):
    """A generator like models/texture.onnx: an affect and a place on the latent walk give a tileable picture.

    Which latent inputs there are, and how large, is read from the model: every input but ``affect`` is Gaussian, (1, C) or
    (1, C, h, w); a size named "4*h" or "h4" has four points to a cell. Not thread-safe. Raises UnusableModelError for a file
    that is missing, broken or another network.
    """

    def __init__(self, path: Path, size_px: int, seed: int, provider: str = "auto", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        inputs = self.inputs
        spatial = {name: shape for name, shape in inputs.items() if len(shape) == 4}
        if "affect" not in inputs or inputs["affect"][1] != len(AFFECT) or not spatial:
            raise UnusableModelError(f"{path} is not a texture generator: its inputs are {sorted(inputs)}")
        if any(not isinstance(shape[1], int) for shape in inputs.values()):
            raise UnusableModelError(f"{path} does not say how many channels its inputs have: {dict(inputs)}")
        self._channels = {name: int(shape[1]) for name, shape in inputs.items() if name != "affect"}
        self._factors = {name: _factor(shape[2]) for name, shape in spatial.items()}
        self.cell_px = int(self.metadata.get("cell_px", CELL_PX))
        self.scale = AffectScale.of(self.metadata)
        self.size_px = size_px
        self.walk = LatentWalk(self.shapes(size_px), seed)

    def shapes(self, size_px: int) -> dict[str, tuple[int, ...]]:
        """Shapes of the latent inputs for a picture of ``size_px``. Raises UnusableModelError for a size that cannot be had."""
        if size_px % self.cell_px or size_px < MIN_PX:
            raise UnusableModelError(
                f"the size must be a multiple of {self.cell_px} and at least {MIN_PX} pixels, not {size_px}"
            )
        cells = size_px // self.cell_px
        return {
            name: (1, count, *[self._factors[name] * cells] * 2) if name in self._factors else (1, count)
            for name, count in self._channels.items()
        }

    def generate(self, affect: FloatArray, position: float) -> ByteArray:
        """(S, S, 4) uint8 sRGB, opaque and tileable, for ``affect`` (4,) at ``position`` keys on the walk."""
        return self.paint(affect, self.walk.at(position))

    def paint(self, affect: FloatArray, latents: Latents, size_px: int | None = None) -> ByteArray:
        """(S, S, 4) uint8 sRGB for latent inputs; a ``size_px`` smaller than they are paints their top left corner only."""
        if size_px is not None:
            shapes = self.shapes(size_px)
            latents = {name: _corner(values, shapes[name]) for name, values in latents.items()}
        return cast(ByteArray, self.run(latents | {"affect": np.asarray(affect, np.float32)[None]}))


def _factor(size: int | str) -> int:
    """Points to a cell, from the name of a free size: 4 for "4*h" and "h4", 1 for "h"."""
    digits = re.findall(r"\d+", str(size)) if isinstance(size, str) else []
    return int(digits[0]) if digits else 1


def _corner(values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    return values if values.ndim == 2 else np.ascontiguousarray(values[:, :, : shape[2], : shape[3]])
