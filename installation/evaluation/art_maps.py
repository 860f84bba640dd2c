"""``run.py evaluate art PICTURE [PICTURE ...]``: what pictures evoke by models/art.onnx, and where it looks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from installation.base.model_files import model_path
from installation.base.names import printable
from installation.base.picture_file import PictureError, read_picture, write_bgr
from installation.generation.evoked import EVOKED, EvokedReader
from installation.training.art.maps import activation_maps, laid_over
from installation.training.art.reader import Reader
from installation.training.running import DataError
from installation.types import ByteArray, FloatArray

SHOWN, MANY = 3, 4
"""Emotions that stand out most, with a map each; and so many pictures stand in two columns."""
PANEL_PX, GAP_PX, LINE_PX = 200, 6, 22
GROUND, TEXT = 18, (168, 168, 168)
JPEG_QUALITY = 85


def read_pictures(files: Sequence[Path], out: Path) -> None:
    """Print what each of ``files`` evokes, and write ``out`` (.jpg): each picture beside maps of what stands out. Raises
    DataError for a file that is no picture, ModelError without the model."""
    path = model_path("art")
    reader, network = EvokedReader(path), Reader.load(path)
    readable = [name for name in EVOKED if name in reader.metadata.get("readable", "").split()]
    rows = []
    for file in files:
        try:
            rgb = read_picture(file)
        except PictureError as error:
            raise DataError(f"{file} {error}") from error
        shares = reader.shares(rgb)
        standing = reader.standing(shares)
        order = sorted(readable, key=lambda name: -standing[EVOKED.index(name)])
        print("\n".join([printable(file.name), *_lines(order, shares, standing)]))
        rows.append(_row(rgb, network, reader.side_px, order[:SHOWN], shares))
    if set(EVOKED) - set(readable):
        print(f"not told, as too few works to learn from evoke it: {', '.join(sorted(set(EVOKED) - set(readable)))}")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_bgr(
        out,
        np.asarray(sheet(rows, 1 if len(rows) < MANY else 2)[:, :, ::-1], np.uint8),
        [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY],
    )
    print(f"maps: {out}")


def sheet(rows: Sequence[ByteArray], columns: int = 1) -> ByteArray:
    """Rows of one height and width below one another, in ``columns``."""
    lines = []
    for start in range(0, len(rows), columns):
        line = list(rows[start : start + columns])
        line += [np.full_like(rows[0], GROUND)] * (columns - len(line))
        lines.append(np.concatenate(line, axis=1))
    return np.concatenate(lines)


def _lines(order: Sequence[str], shares: FloatArray, standing: FloatArray) -> list[str]:
    lines = []
    for name in order:
        k = EVOKED.index(name)
        lines.append(f"  {name:14}{shares[k]:5.0%} would name it, {standing[k]:+.1f} against works of art")
    return lines


def _row(rgb: ByteArray, network: Reader, side_px: int, names: Sequence[str], shares: FloatArray) -> ByteArray:
    """The picture, and beside it a map of each of ``names``, squeezed to squares as the network sees them."""
    square = cv2.resize(rgb, (side_px, side_px), interpolation=cv2.INTER_AREA)
    maps = activation_maps(network, square, names)
    panels = [("", square), *((name, laid_over(square, one)) for name, one in zip(names, maps, strict=True))]
    row = np.full((PANEL_PX + LINE_PX + GAP_PX, len(panels) * (PANEL_PX + GAP_PX) + GAP_PX, 3), GROUND, np.uint8)
    for number, (name, panel) in enumerate(panels):
        left = GAP_PX + number * (PANEL_PX + GAP_PX)
        shown = cv2.resize(panel, (PANEL_PX, PANEL_PX), interpolation=cv2.INTER_AREA)
        row[LINE_PX : LINE_PX + PANEL_PX, left : left + PANEL_PX] = shown
        if name:
            told = f"{name} {shares[EVOKED.index(name)]:.0%}"
            cv2.putText(row, told, (left, LINE_PX - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.45, TEXT, 1, cv2.LINE_AA)
    return row
