"""What a simple generator paints, as a picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional

from installation.base.picture_file import write_bgr
from installation.training.sheets import sheet_of
from installation.training.simple_gan_net import LABELS, NOISE, SIDE_PX, ExportedSimple, Generator
from installation.types import EMOTIONS, ByteArray

COLUMNS, ROWS = 12, 7


def samples(generator: Generator, rows: int = ROWS, columns: int = COLUMNS, seed: int = 5) -> ByteArray:
    """(rows, columns, 64, 64, 3) uint8; a row an emotion where the generator knows emotions. ``seed`` is of the noise."""
    noise = torch.randn(rows * columns, NOISE, generator=torch.Generator().manual_seed(seed))
    device = next(generator.parameters()).device
    label = functional.one_hot(torch.arange(rows).repeat_interleave(columns) % LABELS, LABELS).float()
    exported = ExportedSimple(generator).eval()
    with torch.no_grad():
        made = exported(noise.to(device), label.to(device) if generator.labels else None)
    return np.asarray(made.cpu().numpy().reshape(rows, columns, SIDE_PX, SIDE_PX, 3), np.uint8)


def write_sheet(generator: Generator, path: Path) -> None:
    """The sheet of a generator, at the size it paints."""
    sheet = sheet_of(samples(generator), EMOTIONS if generator.labels else ())
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bgr(path, np.asarray(cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), np.uint8))
