"""Style vectors by emotion: the stored ones, those of the artist's own paintings, and the mixture for an emotion."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from installation.base.onnx_sessions import UnusableModelError
from installation.base.text_files import printable
from installation.generation.style_networks import STYLE, StyleReader
from installation.types import EMOTIONS, FloatArray

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
MAX_BYTES = 16 * 2**20
"""Of a stored table, unpacked; the shipped one has 80 kB."""
MAX_PICTURES = 24
"""Of one emotion's folder; more would be hours of wandering."""
KEYS_PER_PICTURE = 2.0
"""The style wanders from one painting of an emotion to its next while the latent walk passes so many keys."""


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
        """From a file as ``save`` writes it. Raises UnusableModelError."""
        try:
            with zipfile.ZipFile(path) as packed:
                if sum(part.file_size for part in packed.infolist()) > MAX_BYTES:
                    raise ValueError(f"it unpacks to more than {MAX_BYTES // 2**20} MB")
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return cls({name: _vectors(name, stored[name]) for name in stored.files})
        except Exception as error:  # zip, zlib and numpy each have errors of their own for bytes that are not theirs
            why = printable(str(error) or type(error).__name__)
            fix = "git checkout models/styles.npz brings the shipped ones back"
            raise UnusableModelError(f"{path} has no style vectors: {why}; {fix}") from error

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
    try:
        found = [path for path in folder.iterdir() if path.is_dir() and path.name not in EMOTIONS]
    except OSError:  # there is none, or nobody may look into it: no pictures are found in it either
        return []
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
