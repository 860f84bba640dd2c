"""The trained generator in ONNX Runtime."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import numpy as np

from installation.base.onnx_sessions import Expected, OnnxModel, Outline, UnusableModelError
from installation.generation.affect import AFFECT
from installation.generation.latent import Latents, LatentWalk
from installation.generation.picture_features import PAINTINGS, AffectScale
from installation.generation.texture_levels import MIN_PX, texture_levels
from installation.types import ByteArray, FloatArray

SURFACE, PICTURE = "surface", "picture"
"""What a generator paints: seamless surfaces, or composed pictures to be seen whole (metadata ``kind``)."""
CELL_PX = 16
"""Pixels of the picture to one cell of the coarsest latent map, where the file does not say (metadata ``cell_px``)."""
MOST_CHANNELS, MOST_FACTOR = 4096, 64
"""Of a latent input: channels, and points to a cell. More is a slip of the export."""


class TextureGenerator(OnnxModel):
    """A generator like models/texture.onnx: an affect and a place on the latent walk give a tileable picture.

    Which latent inputs there are, and how large, is read from the model: every input but ``affect`` is Gaussian, (1, C) or
    (1, C, h, w); a size named "4*h" or "h4" has four points to a cell. It is tried out at the smallest size that is asked
    for. Not thread-safe. Raises UnusableModelError for a file that is missing, broken, another network, or not what it says.
    """

    def __init__(self, path: Path, size_px: int, seed: int, provider: str = "auto", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        if kind_of(self.metadata) != SURFACE:
            raise UnusableModelError(
                f"{path} paints pictures, no seamless surfaces (its metadata kind is {self.metadata['kind']!r}); name it at "
                "picture.model"
            )
        spatial = {name: shape for name, shape in self.inputs.items() if len(shape) == 4}
        if "affect" not in self.inputs or not spatial:
            raise UnusableModelError(f"{path} is not a texture generator: its inputs are {sorted(self.inputs)}")
        for name, shape in self.inputs.items():
            self._check_input(name, shape)
        self._channels = {name: cast(int, shape[1]) for name, shape in self.inputs.items() if name != "affect"}
        self._factors = {name: _factor(shape[2]) for name, shape in spatial.items()}
        self.cell_px = self._read_cell_px()
        self.scale = scale_of(self)
        self.size_px = size_px
        self.walk = LatentWalk(self.shapes(size_px), seed)
        smallest = texture_levels(size_px, self.cell_px, styles=False)[0].made_px
        latents = {name: np.zeros(shape, np.float32) for name, shape in self.shapes(smallest).items()}
        picture = self.try_out(latents | {"affect": np.zeros((1, len(AFFECT)), np.float32)}, _picture(smallest))
        check_opaque(path, picture)

    def shapes(self, size_px: int) -> dict[str, tuple[int, ...]]:
        """Shapes of the latent inputs for a picture of ``size_px``. Raises UnusableModelError for a size that cannot be had."""
        if size_px % self.cell_px or size_px < MIN_PX:
            raise UnusableModelError(
                f"{self.path}: the size must be a multiple of {self.cell_px} and at least {MIN_PX} pixels, not {size_px}"
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
        """(S, S, 4) uint8 sRGB for latent inputs; a ``size_px`` smaller than they are paints their top left corner only.

        Raises UnusableModelError where the network fails or gives anything else, MemoryError.
        """
        if size_px is not None:
            shapes = self.shapes(size_px)
            latents = {name: _corner(values, shapes[name]) for name, values in latents.items()}
        feeds = latents | {"affect": np.asarray(affect, np.float32)[None]}
        return self.answer(feeds, _picture(self.size_px if size_px is None else size_px))

    def _check_input(self, name: str, shape: list[int | str | None]) -> None:
        """Raises UnusableModelError for an input that is none of a generator's."""
        affect = name == "affect"
        wanted = f"(1, {len(AFFECT)})" if affect else "(1, C) or (1, C, h, w) with free h and w"
        channels = shape[1] if len(shape) in ((2,) if affect else (2, 4)) else None
        fits = isinstance(channels, int) and (channels == len(AFFECT) if affect else 0 < channels <= MOST_CHANNELS)
        fixed = any(isinstance(size, int) for size in shape[2:])
        factors = {_factor(size) for size in shape[2:]}
        if not fits or fixed or (shape[0] not in (1, None) and not isinstance(shape[0], str)) or len(factors) > 1:
            raise UnusableModelError(f"{self.path}: its input {name} is {tuple(shape)}; expected is {wanted}")
        if any(not 0 < factor <= MOST_FACTOR for factor in factors):
            raise UnusableModelError(
                f"{self.path}: its input {name} has {max(factors)} points to a cell; at most {MOST_FACTOR}"
            )

    def _read_cell_px(self) -> int:
        text = self.metadata.get("cell_px", str(CELL_PX))
        if re.fullmatch(r"[0-9]{1,4}", text) and int(text) > 0:
            return int(text)
        raise UnusableModelError(
            f"{self.path}: its metadata cell_px is {text!r}; expected is a whole number of pixels above 0, such as {CELL_PX}"
        )


def scale_of(model: OnnxModel) -> AffectScale:
    """The scale that a generator was trained with. Raises UnusableModelError where its metadata has another than numbers."""
    scale = AffectScale.of(model.metadata)
    if scale is PAINTINGS and {"affect_mean", "affect_deviation"} & model.metadata.keys():
        raise UnusableModelError(
            f"{model.path}: its metadata affect_mean and affect_deviation must be four finite numbers each, the deviations "
            "above 0; export it again"
        )
    return scale


def check_opaque(path: Path, rgba: ByteArray) -> None:
    """Raises UnusableModelError for a generator's picture (S, S, 4) that lets anything through."""
    if rgba[:, :, 3].min() < 255:
        raise UnusableModelError(
            f"{path} gives a picture that can be seen through; expected is 255 in its fourth channel"
        )


def looks_like_a_generator(found: Outline) -> bool:
    """Whether a network paints seamless surfaces: an affect, latent maps of any size, and its metadata ``kind`` is "surface"
    or not there."""
    maps = [shape for shape in found.inputs.values() if len(shape) == 4]
    free = not any(isinstance(size, int) for shape in maps for size in shape[2:])
    return "affect" in found.inputs and bool(maps) and free and kind_of(found.metadata) == SURFACE


def kind_of(metadata: Mapping[str, str]) -> str:
    """What a generator paints, by its file's metadata: "surface" (also where it says nothing) or "picture"."""
    return metadata.get("kind", SURFACE)


def _picture(size_px: int) -> Expected:
    return Expected((size_px, size_px, 4), "uint8")


def _factor(size: int | str | None) -> int:
    """Points to a cell, from the name of a free size: 4 for "4*h" and "h4", 1 for "h"."""
    digits = re.findall(r"\d{1,9}", size) if isinstance(size, str) else []
    return int(digits[0]) if digits else 1


def _corner(values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    return values if values.ndim == 2 else np.ascontiguousarray(values[:, :, : shape[2], : shape[3]])
