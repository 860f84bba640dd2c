"""What a performance holds of many people in many moments, in few bytes: numbers in steps, and faces as a few of their own.

A column is a table with a row for each person in each observation, in the order in which they were seen; who lacks the part
has no values in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.types import FACE_LANDMARKS, FloatArray, read_only

Ints = npt.NDArray[np.int16]
LARGEST = 32767
FACE_ERROR = 4e-4
"""A face's points are kept to this share of the picture at worst."""
FACE_STEP = 1e-3
"""What a face's values are rounded to: a part spreads it over 1434 numbers. As far as can be from the middle of all is 31
away."""
MOST_PARTS = 96
_SAMPLE = 1500
"""Faces that the parts are found in."""
_FACE = FACE_LANDMARKS * 3


def _places(present: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Of each row, its place among the rows that have values; -1 where it has none."""
    return np.asarray(np.where(present, np.cumsum(present) - 1, -1))


@dataclass(frozen=True, eq=False)
class Column:
    """``values`` (K, ...) int16 in steps of ``step`` (it broadcasts over the last axis); ``place`` (rows,) leads into them."""

    place: npt.NDArray[np.int64]
    values: Ints
    step: FloatArray

    @classmethod
    def of(cls, rows: Sequence[FloatArray | None], shape: tuple[int, ...], step: FloatArray) -> Column:
        """The column of ``rows``, rounded to steps and cut to what 16 bits hold. ValueError for another shape or numbers that
        are not finite."""
        present = np.array([row is not None for row in rows], bool)
        values = np.empty((int(present.sum()), *shape), np.int16)
        # Row by row: a whole recording's faces as floats would take twice the memory again.
        for place, row in enumerate(row for row in rows if row is not None):
            if row.shape != shape or not np.isfinite(row).all():
                raise ValueError(f"there are numbers of the shape {row.shape} that are not finite or should be {shape}")
            values[place] = np.clip(np.round(row / step), -LARGEST, LARGEST)
        return cls(_places(present), values, step)

    def at(self, row: int) -> FloatArray | None:
        """The values of a row, float32 and read-only, or None."""
        place = int(self.place[row])
        return None if place < 0 else np.asarray(read_only(self.values[place].astype(np.float32) * self.step))

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """(rows,) which rows have values."""
        return np.asarray(self.place >= 0)


@dataclass(frozen=True, eq=False)
class Faces:
    """Faces (478, 3), each as ``values`` (K, parts), in steps of FACE_STEP, of ``parts`` (parts, 1434) on a ``middle`` (1434,).

    The parts are the principal components of all faces of a performance, as many as FACE_ERROR takes.
    """

    place: npt.NDArray[np.int64]
    values: Ints
    parts: FloatArray
    middle: FloatArray

    @classmethod
    def of(cls, rows: Sequence[FloatArray | None]) -> Faces:
        """Raises ValueError for faces that more than MOST_PARTS parts would be needed for."""
        present = np.array([row is not None for row in rows], bool)
        all_faces = np.array([row for row in rows if row is not None], np.float64).reshape(-1, _FACE)
        if not len(all_faces):
            none = np.zeros((0, 0), np.int16)
            return cls(_places(present), none, np.zeros((0, _FACE), np.float32), np.zeros(_FACE, np.float32))
        middle = all_faces.mean(axis=0)
        sample = all_faces[np.linspace(0, len(all_faces) - 1, min(_SAMPLE, len(all_faces))).astype(int)] - middle
        _, sizes, directions = np.linalg.svd(sample, full_matrices=False)
        most = min(MOST_PARTS, len(sizes))
        for count in [*range(4, most, 4), most]:
            parts = directions[:count]
            steps, worst = _steps(sample, parts)
            if worst <= FACE_ERROR:
                steps, worst = _steps(all_faces - middle, parts)
            if worst <= FACE_ERROR:
                return cls(_places(present), steps, parts.astype(np.float32), middle.astype(np.float32))
        raise ValueError(f"these faces cannot be kept in {MOST_PARTS} parts; the nearest is {worst:.1e} away")

    def at(self, row: int) -> FloatArray | None:
        """(478, 3) float32, read-only, or None."""
        place = int(self.place[row])
        if place < 0:
            return None
        face = (self.values[place] * np.float32(FACE_STEP) @ self.parts + self.middle).reshape(FACE_LANDMARKS, 3)
        return np.asarray(read_only(np.ascontiguousarray(face, np.float32)))

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """(rows,) which rows have a face."""
        return np.asarray(self.place >= 0)


def _steps(faces: npt.NDArray[np.float64], parts: npt.NDArray[np.float64]) -> tuple[Ints, float]:
    """The values of ``faces`` (N, 1434), less their middle, and how far these are off at worst."""
    steps = np.clip(np.round(faces @ parts.T / FACE_STEP), -LARGEST, LARGEST).astype(np.int16)
    return steps, float(np.abs((steps * FACE_STEP) @ parts - faces).max())
