"""Works of art with what people felt before them: WikiArt Emotions (Mohammad and Kiritchenko 2018), read from a folder."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from installation.base.files import ROOT
from installation.generation.evoked import EVOKED
from installation.training.running import DataError
from installation.types import ByteArray, FloatArray

FOLDER = ROOT.parent / "shared" / "wikiart_emotions"
SIDE_PX = 224


@dataclass(frozen=True, eq=False)
class Works:
    """N works. ``evoked`` and ``with_title`` (N, 20): the share of annotators who named each of EVOKED before the picture alone
    and before picture and title; a row need not sum to 1, for several could be named. ``group4`` is "" where none is given."""

    files: tuple[Path, ...]
    artists: tuple[str, ...]
    evoked: FloatArray
    with_title: FloatArray
    group4: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.files)


def load_works(folder: Path = FOLDER) -> Works:
    """Read ``index.tsv`` (columns file, artist, group4, and img_ and art_ of every emotion) and find the pictures in img/.

    Raises DataError, with the line, for a table or a picture that is not as it should be.
    """
    index = folder / "index.tsv"
    if not index.is_file():
        raise DataError(f"{index} is not there; --data FOLDER names the folder of the works")
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    wanted = ["file", "artist", "group4", *(f"{kind}_{name}" for kind in ("img", "art") for name in EVOKED)]
    lacking = [name for name in wanted if rows and name not in rows[0]]
    if not rows or lacking:
        raise DataError(f"{index}: {f'no column {lacking[0]}' if rows else 'no rows'}")
    files = tuple(folder / "img" / row["file"] for row in rows)
    for number, path in enumerate(files, start=2):
        if not path.is_file():
            raise DataError(f"{index}:{number}: {path} is not there")
    return Works(
        files,
        tuple(row["artist"] for row in rows),
        _shares(index, rows, "img"),
        _shares(index, rows, "art"),
        tuple(row["group4"] for row in rows),
    )


def part_of(works: Works, count: int) -> Works:
    """The first works of each artist in turn, ``count`` or all: as many artists as can be."""
    turn: dict[str, int] = {}
    order = []
    for row, artist in enumerate(works.artists):
        turn[artist] = turn.get(artist, 0) + 1
        order.append((turn[artist], row))
    rows = sorted(row for _, row in sorted(order)[:count])
    return Works(
        tuple(works.files[row] for row in rows),
        tuple(works.artists[row] for row in rows),
        works.evoked[rows],
        works.with_title[rows],
        tuple(works.group4[row] for row in rows),
    )


def _shares(index: Path, rows: Sequence[dict[str, str]], kind: str) -> FloatArray:
    out = np.empty((len(rows), len(EVOKED)), np.float32)
    for number, row in enumerate(rows):
        for k, name in enumerate(EVOKED):
            try:
                out[number, k] = float(row[f"{kind}_{name}"])
            except ValueError:
                raise DataError(
                    f"{index}:{number + 2}: {kind}_{name} is no number: {row[f'{kind}_{name}']!r}"
                ) from None
    if not ((out >= 0) & (out <= 1)).all():
        line = int(np.argwhere(~((out >= 0) & (out <= 1)))[0, 0]) + 2
        raise DataError(f"{index}:{line}: a share is not between 0 and 1")
    return out


def read_picture(path: Path, side_px: int = SIDE_PX) -> ByteArray:
    """(side, side, 3) uint8 sRGB: the whole picture, squeezed to a square as these networks were trained. Raises DataError."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise DataError(f"{path} is no picture that can be read")
    if bgr.shape[:2] != (side_px, side_px):
        bgr = cv2.resize(bgr, (side_px, side_px), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(bgr[:, :, ::-1])
