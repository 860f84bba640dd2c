"""The manner of a painting on any picture: style vectors, one mixture of them for each emotion, and what they are put on.

Magenta's arbitrary image stylisation (Ghiasi et al. 2017): one network reads a painting into 100 numbers, another paints a
picture anew in the manner that such numbers say; numbers in between give manners in between.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from installation.generation.grow import wrapped
from installation.generation.sessions import GeneratorError, open_session
from installation.types import EMOTIONS, ByteArray, FloatArray

STYLE = 100
SEEN_PX, PAINTED_PX = 256, 384
"""What the reading and the painting network take; both are square and know no other size."""
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
MOST_PICTURES = 24
"""Of one emotion's folder; more would be hours of wandering."""
KEYS_A_PICTURE = 2.0
"""The manner wanders from one painting of an emotion to its next while the latent walk passes so many keys."""


class StyleReader:
    """models/fetched/style_predict.onnx: a picture to its 100 numbers. Raises GeneratorError for a file that cannot be used."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        self._opened = open_session(path, provider, threads)
        (self._input, *more) = self._opened.inputs
        if more or self._opened.inputs[self._input] != [1, SEEN_PX, SEEN_PX, 3]:
            raise GeneratorError(f"{path} does not read styles: its inputs are {dict(self._opened.inputs)}")

    def read(self, rgb: ByteArray) -> FloatArray:
        """(H, W, 3 or 4) uint8 sRGB -> (100,); the middle square is read."""
        seen = square(rgb, SEEN_PX).astype(np.float32)[None] / 255
        return cast(FloatArray, self._opened.run({self._input: seen}).reshape(STYLE))


class Stylist:
    """models/fetched/style_transform.onnx: paints a picture anew. Raises GeneratorError for a file that cannot be used."""

    def __init__(self, path: Path, provider: str = "cpu", threads: int = 1) -> None:
        self._opened = open_session(path, provider, threads)
        shapes = {tuple(shape): name for name, shape in self._opened.inputs.items()}
        try:
            self._content = shapes[(1, PAINTED_PX, PAINTED_PX, 3)]
            self._style = shapes[(1, 1, 1, STYLE)]
        except KeyError as error:
            raise GeneratorError(f"{path} is no style network: its inputs are {dict(self._opened.inputs)}") from error

    @property
    def providers(self) -> list[str]:
        """What the session runs on, the preferred one first."""
        return self._opened.providers

    def texture(self, rgba: ByteArray, style: FloatArray, colours: float = 1.0) -> ByteArray:
        """(S, S, 4) uint8 sRGB, tileable, S even and at most 384 -> the same in the manner of ``style`` (100,), tileable.

        The strokes become the painting's; the colours too with ``colours`` 1, while 0 keeps mean and spread as they were, for
        they say what was asked for. The network sees the picture with its surroundings on the torus, so that borders go on.
        """
        size = rgba.shape[0]
        if size > PAINTED_PX or size % 2:
            raise ValueError(f"a texture to style must have an even size up to {PAINTED_PX} pixels, not {size}")
        margin = (PAINTED_PX - size) // 2
        painted = self._paint(wrapped(rgba[:, :, :3], margin), style)
        return _opaque(coloured(painted[margin : margin + size, margin : margin + size], rgba, 1 - colours))

    def picture(self, rgb: ByteArray, style: FloatArray) -> ByteArray:
        """The middle square of (H, W, 3) uint8 sRGB as (384, 384, 4), opaque, in the manner of ``style`` (100,)."""
        return _opaque(self._paint(square(rgb, PAINTED_PX), style))

    def whole(self, rgb: ByteArray, style: FloatArray, colours: float = 1.0) -> ByteArray:
        """All of (H, W, 3) uint8 sRGB as (H, W, 4), opaque, in the manner of ``style`` (100,); ``colours`` as ``texture``."""
        height, width = rgb.shape[:2]
        squeezed = np.asarray(cv2.resize(rgb, (PAINTED_PX, PAINTED_PX), interpolation=cv2.INTER_AREA), np.uint8)
        painted = coloured(self._paint(squeezed, style), rgb, 1 - colours)
        return _opaque(np.asarray(cv2.resize(painted, (width, height), interpolation=cv2.INTER_AREA), np.uint8))

    def _paint(self, rgb: ByteArray, style: FloatArray) -> ByteArray:
        content = rgb.astype(np.float32)[None] / 255
        painted = self._opened.run({self._content: content, self._style: style.reshape(1, 1, 1, STYLE)})[0]
        return np.asarray(np.clip(painted, 0, 1) * 255 + 0.5, np.uint8)


def coloured(rgb: ByteArray, like: ByteArray, share: float) -> ByteArray:
    """(H, W, 3) uint8 with mean and spread of each channel moved by ``share`` [0, 1] towards those of ``like`` (after
    Reinhard et al. 2001, who do so in a space of their own)."""
    if share <= 0:
        return rgb
    unit, wanted = rgb.astype(np.float32), like[:, :, :3].astype(np.float32)
    mean, spread = unit.mean((0, 1)), unit.std((0, 1)) + 1
    new_mean = mean + share * (wanted.mean((0, 1)) - mean)
    new_spread = spread + share * (wanted.std((0, 1)) + 1 - spread)
    return np.asarray(np.clip((unit - mean) * (new_spread / spread) + new_mean, 0, 255) + 0.5, np.uint8)


def square(rgb: ByteArray, size_px: int) -> ByteArray:
    """The middle square of (H, W, C) as (size_px, size_px, 3)."""
    side = min(rgb.shape[:2])
    top, left = ((size - side) // 2 for size in rgb.shape[:2])
    middle = rgb[top : top + side, left : left + side, :3]
    how = cv2.INTER_AREA if side > size_px else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(middle, (size_px, size_px), interpolation=how), np.uint8)


def _opaque(rgb: ByteArray) -> ByteArray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


class StyleTable:
    """Style vectors of each emotion, (n, 100) for those of EMOTIONS that have any; the others borrow from neutral or all."""

    def __init__(self, vectors: Mapping[str, FloatArray]) -> None:
        """Raises ValueError for an emotion that is none, vectors of another length, or none at all."""
        for name, values in vectors.items():
            if name not in EMOTIONS or values.ndim != 2 or values.shape[1] != STYLE or not np.isfinite(values).all():
                raise ValueError(f"{name}: style vectors must be (n, {STYLE}) finite numbers of a known emotion")
        self.vectors = {name: np.asarray(values, np.float32) for name, values in vectors.items() if len(values)}
        if not self.vectors:
            raise ValueError("there are no style vectors")

    @classmethod
    def load(cls, path: Path) -> StyleTable:
        """From a file as ``save`` writes it. Raises GeneratorError."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return cls({name: np.asarray(stored[name], np.float32) for name in stored.files})
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            raise GeneratorError(f"{path} has no style vectors: {error}") from error

    def save(self, path: Path) -> None:
        """One array an emotion."""
        np.savez(path, allow_pickle=False, **self.vectors)

    def replaced(self, own: Mapping[str, FloatArray]) -> StyleTable:
        """This table with the artist's ``own`` vectors in the place of those of the same emotions."""
        return StyleTable({**self.vectors, **{name: values for name, values in own.items() if len(values)}})

    def at(self, emotion: FloatArray, position: float) -> FloatArray:
        """(100,) for ``emotion`` (7,) probabilities; within an emotion it wanders from painting to painting."""
        mixture = np.zeros(STYLE, np.float32)
        for share, name in zip(emotion, EMOTIONS, strict=True):
            mixture += np.float32(share) * self._wandering(name, position)
        return mixture

    def _wandering(self, name: str, position: float) -> FloatArray:
        values = self.vectors.get(name, self.vectors.get("neutral"))
        if values is None:
            values = np.concatenate(list(self.vectors.values()))
        at = position / KEYS_A_PICTURE % len(values)
        first = int(at) % len(values)
        # Eased, so that it dwells at each painting: a manner in between is paler than either.
        share = np.float32(0.5 - 0.5 * np.cos(np.pi * (at - int(at))))
        return cast(FloatArray, (1 - share) * values[first] + share * values[(first + 1) % len(values)])


def pictures_of(folder: Path) -> dict[str, list[Path]]:
    """The artist's paintings by emotion: FOLDER/EMOTION/*.jpg and the like, in the order of their names."""
    found = {}
    for name in EMOTIONS:
        files = sorted(path for path in (folder / name).glob("*") if path.suffix.lower() in PICTURES)
        if files:
            found[name] = files[:MOST_PICTURES]
    return found


def unknown_folders(folder: Path) -> list[str]:
    """Folders of paintings that belong to no emotion, such as joy: nothing is read from them."""
    if not folder.is_dir():
        return []
    found = (path for path in folder.iterdir() if path.is_dir() and path.name not in EMOTIONS)
    return sorted(path.name for path in found if not path.name.startswith("."))


def read_pictures(
    reader: StyleReader, pictures: Mapping[str, Sequence[Path]]
) -> tuple[dict[str, FloatArray], list[Path]]:
    """(vectors (n, 100) by emotion, files that are no pictures)."""
    vectors, broken = dict[str, FloatArray](), list[Path]()
    for name, files in pictures.items():
        read = []
        for path in files:
            bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if bgr is None:
                broken.append(path)
            else:
                read.append(reader.read(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)))
        if read:
            vectors[name] = np.stack(read)
    return vectors, broken
