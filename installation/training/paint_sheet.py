"""Sheets of the painter: moods by its own composition; layouts and what becomes of them; a walk as a strip of film."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.base.files import write_whole
from installation.training.paint_affect import MOODS
from installation.training.paint_composition import COMPOSITION, Composition, laid_over
from installation.training.paint_gauge import Gauge, Paint, nothing
from installation.training.paint_net import NOISE_PX, Painter
from installation.training.sheets import GAP_PX, GROUND, sheet_of
from installation.types import EMOTIONS, ByteArray

COLUMNS, LATENTS, FRAMES = 6, 3, 12
LAYOUT_MOODS = (3, 4, 0, 5, 6, 2, 1, 3)
"""A column of the sheet of layouts each."""
MOST_BYTES = 2_900_000


def byte(rgb: Tensor) -> ByteArray:
    """(N, 3, S, S) in [0, 1] -> (N, S, S, 3) uint8."""
    return np.asarray((rgb * 255 + 0.5).clamp(0, 255).to(torch.uint8).cpu().permute(0, 2, 3, 1).numpy())


def write_moods(paint: Paint, path: Path) -> None:
    """A row an emotion, COLUMNS latents, composed by itself."""
    made = byte(paint(MOODS.repeat_interleave(COLUMNS, 0), 5, None))
    _write(sheet_of(made.reshape(len(EMOTIONS), COLUMNS, *made.shape[1:]), EMOTIONS), path)


def write_layouts(paint: Paint, gauge: Gauge, frames: ByteArray, path: Path) -> None:
    """Eight layouts, four of held-out views and four of scenes (grey: nothing is said), and three pictures of each; below them
    a walk's ``frames`` as a strip of film."""
    half = len(gauge.layouts) // 2
    at = torch.cat([torch.linspace(0, half - 1, 4), torch.linspace(half, 2 * half - 1, 4)]).long()
    layout, moods = gauge.layouts[at], MOODS[list(LAYOUT_MOODS)]
    rows = [byte(paint(moods, 20 + k, layout)) for k in range(LATENTS)]
    cells = (layout[:, :3] + 1) / 2 * layout[:, 3:] + 0.25 * (1 - layout[:, 3:])
    asked = byte(functional.interpolate(cells, size=rows[0].shape[1]))
    sheet = sheet_of(np.stack([asked, *rows]), ("asked", *[""] * LATENTS))
    side = sheet.shape[1] // FRAMES - GAP_PX
    small = [cv2.resize(frame, (side, side), interpolation=cv2.INTER_AREA) for frame in frames]
    strip = sheet_of(np.stack(small)[None])
    strip = np.pad(strip, ((0, 0), (0, sheet.shape[1] - strip.shape[1]), (0, 0)), constant_values=GROUND)
    _write(np.concatenate([sheet, strip]), path)


def walk(painter: Painter, composition: Composition, device: str) -> ByteArray:
    """(FRAMES, S, S, 3): latent and composition a quarter round, from sad to happy."""
    with torch.no_grad():
        noise, t = torch.Generator().manual_seed(4), torch.linspace(0, 1, FRAMES)[:, None]
        ends = [torch.randn(2, size, generator=noise) for size in (painter.latent, COMPOSITION)]
        turn = t * math.pi / 2
        z, code = ((one[:1] * turn.cos() + one[1:] * turn.sin()).to(device) for one in ends)
        grain = torch.randn(1, 1, NOISE_PX, NOISE_PX, generator=noise).to(device).expand(FRAMES, -1, -1, -1)
        moods = (MOODS[4] + t * (MOODS[3] - MOODS[4])).to(device)
        layout = laid_over(composition(code), nothing(FRAMES).to(device))
        return byte(painter(z, grain, moods, layout).float())


def _write(rgb: ByteArray, path: Path) -> None:
    for quality in (92, 85, 75, 60):
        data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[:, :, ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        if len(data) < MOST_BYTES:
            break
    write_whole(path, data.tobytes())
