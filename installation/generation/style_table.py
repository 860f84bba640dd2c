"""Style vectors by emotion: the stored ones, those of the artist's own paintings, and the mixture for an emotion."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from installation.base.onnx_sessions import UnusableModelError, check_file
from installation.base.picture_file import PictureError, read_picture
from installation.generation.style_networks import LARGEST, STYLE, StyleReader
from installation.types import EMOTIONS, FloatArray

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
MAX_FILE_MB = 50
"""Of the stored styles, packed and unpacked; what is shipped has 10 kB."""
MAX_PICTURES = 24
"""Of one emotion's folder; more would be hours of wandering."""
KEYS_PER_PICTURE = 2.0
"""The style wanders from one painting of an emotion to its next while the latent walk passes so many keys."""


class StyleTable:
    """Style vectors of each emotion, (n, 100) for those of EMOTIONS that have any; the others borrow from neutral or all."""

    def __init__(self, vectors: Mapping[str, FloatArray]) -> None:
        """Raises ValueError for an emotion that is none, vectors of another length, or none at all."""
        for name, values in vectors.items():
            if (
                name not in EMOTIONS
                or values.ndim != 2
                or values.shape[1] != STYLE
                or not (abs(values) <= LARGEST).all()
            ):
                raise ValueError(
                    f"{name}: style vectors must be (n, {STYLE}) numbers from {-LARGEST:g} to {LARGEST:g} of a known emotion"
                )
        self.vectors = {name: np.asarray(values, np.float32) for name, values in vectors.items() if len(values)}
        if not self.vectors:
            raise ValueError("there are no style vectors")

    @classmethod
    def load(cls, path: Path) -> StyleTable:
        """From a file as ``save`` writes it. Raises UnusableModelError."""
        check_file(path, MAX_FILE_MB)
        try:
            with zipfile.ZipFile(path) as packed:
                if sum(member.file_size for member in packed.infolist()) > MAX_FILE_MB * 1e6:
                    raise ValueError(f"it unpacks to more than {MAX_FILE_MB} MB")
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return cls({name: _vectors(name, stored[name]) for name in stored.files})
        except Exception as error:  # numpy and zipfile raise a dozen kinds for files that are damaged or encrypted
            raise UnusableModelError(f"{path} has no style vectors: {error}; restore it, or make it anew") from error

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
            mixture += np.float32(share) * self._at_position(name, position)
        return mixture

    def _at_position(self, name: str, position: float) -> FloatArray:
        values = self.vectors.get(name, self.vectors.get("neutral"))
        if values is None:
            values = np.concatenate(list(self.vectors.values()))
        at = position / KEYS_PER_PICTURE % len(values)
        first = int(at) % len(values)
        # Eased, so that it dwells at each painting: a style in between is paler than either.
        share = np.float32(0.5 - 0.5 * np.cos(np.pi * (at - int(at))))
        return cast(FloatArray, (1 - share) * values[first] + share * values[(first + 1) % len(values)])


def _vectors(name: str, values: Any) -> FloatArray:
    if values.dtype.kind not in "fiu":
        raise ValueError(f"{name} holds {values.dtype}, not numbers")
    with np.errstate(over="ignore"):  # what is too large for a float32 becomes inf, which is refused
        return np.asarray(values, np.float32)


def pictures_of(folder: Path) -> dict[str, list[Path]]:
    """The artist's paintings by emotion: FOLDER/EMOTION/*.jpg and the like, in the order of their names."""
    found = {}
    for name in EMOTIONS:
        files = sorted(path for path in (folder / name).glob("*") if path.suffix.lower() in PICTURES)
        if files:
            found[name] = files[:MAX_PICTURES]
    return found


def unknown_folders(folder: Path) -> list[str]:
    """Folders of paintings that belong to no emotion, such as joy: nothing is read from them."""
    if not folder.is_dir():
        return []
    try:
        found = [path.name for path in folder.iterdir() if path.is_dir() and path.name not in EMOTIONS]
    except OSError:
        return []
    return sorted(ascii(name) if not name.isprintable() else name for name in found if not name.startswith("."))


def read_pictures(
    reader: StyleReader, pictures: Mapping[str, Sequence[Path]]
) -> tuple[dict[str, FloatArray], list[Path]]:
    """(vectors (n, 100) by emotion, files that are no pictures)."""
    vectors, broken = dict[str, FloatArray](), list[Path]()
    for name, files in pictures.items():
        read = []
        for path in files:
            try:
                rgb = read_picture(path)
            except PictureError:
                broken.append(path)
            else:
                read.append(reader.read(rgb))
        if read:
            vectors[name] = np.stack(read)
    return vectors, broken
