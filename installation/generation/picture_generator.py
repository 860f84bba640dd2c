"""The trained painter of composed pictures in ONNX Runtime."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from installation.base.onnx_sessions import Expected, OnnxModel, UnusableModelError
from installation.generation.affect import AFFECT
from installation.generation.generator import PICTURE, check_opaque, kind_of, scale_of
from installation.generation.latent import Latents, LatentWalk
from installation.types import LAYOUT, ByteArray, FloatArray

SIZE_PX = 256
"""Side of a picture, where the file does not say (metadata ``size_px``)."""
MOST_PX, MOST_NUMBERS = 2048, 2**22
"""Of a picture's side, and of all latent inputs together: more is a slip of the export."""
LAYOUT_SHAPE = (1, 4, LAYOUT, LAYOUT)
NO_LAYOUT = np.zeros(LAYOUT_SHAPE, np.float32)
"""Nothing is laid out: the network composes by itself."""
NO_LAYOUT.setflags(write=False)


class PictureGenerator(OnnxModel):
    """A generator like models/paint.onnx: an affect, a layout and latents give a composed picture, not tileable.

    Every input but ``affect`` (1, 4) and ``layout`` (1, 4, 16, 16) is Gaussian and of fixed size: (1, C), or a map
    (1, C, h, w). One without ``layout`` always composes by itself. Not thread-safe. Raises UnusableModelError for a file that
    is missing, broken, another network, or not what it says, MemoryError.
    """

    def __init__(self, path: Path, provider: str = "auto", threads: int = 1) -> None:
        super().__init__(path, provider, threads)
        if kind_of(self.metadata) != PICTURE:
            raise UnusableModelError(
                f"{path} is no painter of pictures: its metadata kind must be {PICTURE!r}; a generator of surfaces is named at "
                "generation.model"
            )
        if "affect" not in self.inputs:
            raise UnusableModelError(f"{path} is no painter of pictures: its inputs are {sorted(self.inputs)}")
        self.takes_layout = "layout" in self.inputs
        self._check("affect", (1, len(AFFECT)))
        if self.takes_layout:
            self._check("layout", LAYOUT_SHAPE)
        self.shapes = {name: self._latent(name) for name in self.inputs if name not in ("affect", "layout")}
        """Of the latent inputs."""
        if sum(int(np.prod(shape)) for shape in self.shapes.values()) > MOST_NUMBERS:
            raise UnusableModelError(
                f"{path}: its latent inputs have more than {MOST_NUMBERS} numbers; make it smaller"
            )
        self.size_px = self._read_size_px()
        self.scale = scale_of(self)
        zeros = {name: np.zeros(shape, np.float32) for name, shape in self.shapes.items()}
        picture = self.try_out(self._feeds(np.zeros(len(AFFECT), np.float32), zeros, NO_LAYOUT), self._expected)
        check_opaque(path, picture)

    def paint(self, affect: FloatArray, latents: Latents, layout: FloatArray = NO_LAYOUT) -> ByteArray:
        """(S, S, 4) uint8 sRGB, opaque, row 0 on top, for ``affect`` (4,) in [-1, 1] and ``layout`` (1, 4, 16, 16): sRGB in
        [-1, 1] and confidence in [0, 1].

        Raises UnusableModelError where the network fails or gives anything else, MemoryError.
        """
        return self.answer(self._feeds(affect, latents, layout), self._expected)

    @property
    def _expected(self) -> Expected:
        return Expected((self.size_px, self.size_px, 4), "uint8")

    def _feeds(self, affect: FloatArray, latents: Latents, layout: FloatArray) -> Latents:
        feeds = latents | {"affect": np.asarray(affect, np.float32)[None]}
        return feeds | {"layout": layout} if self.takes_layout else feeds

    def _check(self, name: str, wanted: tuple[int, ...]) -> None:
        shape = self.inputs[name]
        fits = len(shape) == len(wanted) and all(
            size == number or not isinstance(size, int) for size, number in zip(shape, wanted, strict=True)
        )
        if not fits:
            raise UnusableModelError(f"{self.path}: its input {name} is {tuple(shape)}; expected is {wanted}")

    def _latent(self, name: str) -> tuple[int, ...]:
        shape = self.inputs[name]
        sizes = tuple(size for size in shape[1:] if isinstance(size, int) and size > 0)
        if len(shape) not in (2, 4) or len(sizes) != len(shape) - 1 or shape[0] not in (1, None, "batch", "n", "N"):
            raise UnusableModelError(
                f"{self.path}: its input {name} is {tuple(shape)}; expected is (1, C) or (1, C, h, w) of fixed size"
            )
        return (1, *sizes)

    def _read_size_px(self) -> int:
        text = self.metadata.get("size_px", str(SIZE_PX))
        if re.fullmatch(r"[0-9]{1,4}", text) and 16 <= int(text) <= MOST_PX:
            return int(text)
        raise UnusableModelError(
            f"{self.path}: its metadata size_px is {text!r}; expected is a whole number of pixels from 16 to {MOST_PX}"
        )


class PictureWalk:
    """One picture's way through the latent space: its vectors wander slowly, its maps of noise stand still, or what they make
    would shimmer. The same seed, number and variant give the same way."""

    def __init__(self, shapes: dict[str, tuple[int, ...]], seed: int, number: int, variant: int) -> None:
        """``number`` is the picture's, ``variant`` one of the candidates for it; ``shapes`` are PictureGenerator's."""
        own = int(np.random.SeedSequence([seed, number, variant]).generate_state(1)[0])
        self._walk = LatentWalk({name: shape for name, shape in shapes.items() if len(shape) == 2}, own)
        rng = np.random.default_rng([own, 7])
        self._still = {
            name: rng.standard_normal(shape, np.float32) for name, shape in shapes.items() if len(shape) == 4
        }

    def at(self, position: float) -> Latents:
        """The latent inputs at ``position``, counted in keys from 0."""
        return self._walk.at(position) | self._still
