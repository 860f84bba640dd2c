"""What each of an artist's pictures evokes by models/art.onnx, as a table and a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from installation.base.model_files import ModelError, model_path
from installation.base.onnx_sessions import UnusableModelError
from installation.base.picture_file import write_bgr
from installation.generation.evoked import EVOKED, EvokedReader
from installation.training.ingest_sheet import GAP_PX, GROUND, TEXT, WIDTH_PX
from installation.types import ByteArray, FloatArray

TILE_PX, LINE_PX, MOST = 160, 18, 160
"""Side of a picture on the sheet, height of a line under it, and how many are shown; of more, an even choice."""
COLUMNS = (WIDTH_PX - GAP_PX) // (TILE_PX + GAP_PX)
STANDS_OUT = 0.5
"""Deviations from which an emotion is named under a picture; the strongest is named always."""


@dataclass
class Evoking:
    """Readings of pictures, one after another; none where the model cannot be used, and ``why`` says it."""

    reader: EvokedReader | None
    why: str = ""
    names: list[str] = field(default_factory=list)
    shares: list[FloatArray] = field(default_factory=list)
    tiles: list[ByteArray] = field(default_factory=list)

    @classmethod
    def open(cls) -> Evoking:
        """With the shipped model."""
        try:
            return cls(EvokedReader(model_path("art")))
        except (ModelError, UnusableModelError, MemoryError) as error:
            return cls(None, f"not told what the pictures evoke: {error}")

    def add(self, name: str, rgb: ByteArray) -> None:
        """Read one picture (H, W, 3)."""
        if self.reader is not None:
            self.names.append(name)
            self.shares.append(self.reader.shares(rgb))
            self.tiles.append(_tile(rgb))

    def write(self, folder: Path) -> list[str]:
        """Leave evoked.tsv and evoked.jpg in ``folder``; gives lines to print."""
        if self.reader is None:
            return [self.why]
        readable = [name for name in EVOKED if name in self.reader.metadata.get("readable", "").split()]
        columns = [EVOKED.index(name) for name in readable]
        rows = [
            "\t".join([name, *(f"{shares[k]:.3f}" for k in columns)])
            for name, shares in zip(self.names, self.shares, strict=True)
        ]
        (folder / "evoked.tsv").write_text("\n".join(["\t".join(["file", *readable]), *rows]) + "\n", encoding="utf-8")
        standing = self.reader.standing(np.stack(self.shares))[:, columns]
        bgr = sheet(self.tiles, readable, standing)[:, :, ::-1]
        write_bgr(folder / "evoked.jpg", np.ascontiguousarray(bgr), [cv2.IMWRITE_JPEG_QUALITY, 88])
        first = [readable[k] for k in standing.argmax(1)]
        counts = sorted({name: first.count(name) for name in first}.items(), key=lambda pair: -pair[1])
        return ["what stands out most in what they evoke: " + ", ".join(f"{name} {count}" for name, count in counts)]


def sheet(tiles: Sequence[ByteArray], names: Sequence[str], standing: FloatArray) -> ByteArray:
    """(H, 1440, 3): ``tiles`` (S, S, 3), those that evoke the same together, strongest first; under each the two emotions of
    ``names`` that stand out most by ``standing`` (N, K)."""
    chosen = np.arange(len(tiles))
    if len(chosen) > MOST:
        chosen = np.linspace(0, len(tiles) - 1, MOST).astype(int)
    first = standing.argmax(1)
    order = sorted(map(int, chosen), key=lambda n: (first[n], -standing[n, first[n]]))
    step = TILE_PX + 2 * LINE_PX + GAP_PX
    out = np.full((GAP_PX + -(-len(order) // COLUMNS) * step, WIDTH_PX, 3), GROUND, np.uint8)
    for place, number in enumerate(order):
        top, left = GAP_PX + place // COLUMNS * step, GAP_PX + place % COLUMNS * (TILE_PX + GAP_PX)
        out[top : top + TILE_PX, left : left + TILE_PX] = tiles[number]
        for line, k in enumerate(np.argsort(-standing[number])[:2]):
            if line == 0 or standing[number, k] >= STANDS_OUT:
                told = f"{names[k]} {standing[number, k]:+.1f}"
                at = (left, top + TILE_PX + (line + 1) * LINE_PX - 4)
                cv2.putText(out, told, at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, TEXT, 1, cv2.LINE_AA)
    return out


def _tile(rgb: ByteArray) -> ByteArray:
    """The whole picture within a square."""
    scale = TILE_PX / max(rgb.shape[:2])
    size = max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    out = np.full((TILE_PX, TILE_PX, 3), GROUND, np.uint8)
    top, left = (TILE_PX - small.shape[0]) // 2, (TILE_PX - small.shape[1]) // 2
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out
