"""What the repainting network is trained on: patches that belong together, steadiness under small motions, what critics see."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

TEMPERATURE = 0.07
PATCHES = 96
SHIFT_PX, HOLE_SHARE = 12, 0.35
TURN_DEGREES, ZOOM, MOVE = 3.0, 0.04, 0.05
"""Largest turn, change of size and move (share of the picture) between one picture and the next."""
NOISE = 0.015


def places(features: list[Tensor], rng: np.random.Generator) -> list[Tensor]:
    """PATCHES random places at each depth, counted in pixels, row by row."""
    counts = [x.shape[2] * x.shape[3] for x in features]
    return [torch.from_numpy(rng.choice(n, min(PATCHES, n), replace=False)).to(features[0].device) for n in counts]


def patch_contrast(of_input: list[Tensor], of_output: list[Tensor]) -> Tensor:
    """The patch-contrastive loss (PatchNCE, Park et al. 2020): of all places of the same input, each place of the output
    must be likest to its own. Per depth (N, P, width) of length 1; the input's side is held still."""
    losses = []
    for key, query in zip(of_input, of_output, strict=True):
        likeness = torch.bmm(query, key.detach().transpose(1, 2)) / TEMPERATURE
        own = torch.arange(query.shape[1], device=query.device).expand(len(query), -1)
        losses.append(functional.cross_entropy(likeness.flatten(0, 1), own.flatten()))
    return torch.stack(losses).mean()


def small_motions(count: int, rng: np.random.Generator) -> Tensor:
    """(count, 2, 3) random affine motions as affine_grid wants them, such as from one picture to the next few."""
    rows = []
    for _ in range(count):
        angle = math.radians(rng.uniform(-TURN_DEGREES, TURN_DEGREES))
        zoom = 1 + rng.uniform(-ZOOM, ZOOM)
        dx, dy = rng.uniform(-2 * MOVE, 2 * MOVE, 2)
        cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
        rows.append([[cos, -sin, dx], [sin, cos, dy]])
    return torch.tensor(rows, dtype=torch.float32)


def moved(rgb: Tensor, motions: Tensor) -> tuple[Tensor, Tensor]:
    """(N, C, H, W) moved by (N, 2, 3), and (N, 1, H, W) 1 where the place moved there came from well inside the picture."""
    grid = functional.affine_grid(motions, list(rgb.shape), align_corners=False)
    inside = (grid.abs().amax(3) < 0.85).float()[:, None]
    return functional.grid_sample(rgb, grid, "bilinear", "border", align_corners=False), inside


def lit(rgb: Tensor) -> Tensor:
    """(N, 1, H, W) in [0, 1]: 0 where pictures (N, 3, H, W) show nothing but the dark room, 1 on a form."""
    near = functional.avg_pool2d(rgb.amax(1, keepdim=True), 5, 1, 2)
    return ((near - 0.08) / 0.10).clamp(0, 1)


def unsteadiness(painted: Tensor, later: Tensor, motions: Tensor, moves: Tensor) -> Tensor:
    """Mean difference between the painting ``later`` of a picture that has moved on, and what it should be.

    Where ``moves`` (N, 1, H, W) is 1, in the later picture, that is the earlier painting moved along; where it is 0 the
    earlier painting as it was, for the room behind a form stays where it is.
    """
    along, inside = moved(painted, motions)
    off = moves * (along - later).abs() + (1 - moves) * (painted - later).abs()
    return (off * inside).sum() / (3 * inside.sum()).clamp(min=1)


def augment(rgb: Tensor, rng: np.random.Generator) -> Tensor:
    """Each picture shifted, half of them with a hole; colours stay (after DiffAugment, Zhao et al. 2020)."""
    size = rgb.shape[2]
    padded = functional.pad(rgb, (SHIFT_PX,) * 4, mode="reflect")
    hole_px = round(HOLE_SHARE * size)
    out = []
    for i in range(len(rgb)):
        top, left = (int(n) for n in rng.integers(2 * SHIFT_PX + 1, size=2))
        one = padded[i : i + 1, :, top : top + size, left : left + size]
        if rng.random() < 0.5:
            keep = torch.ones(1, 1, size, size, device=rgb.device)
            y, x = (int(n) for n in rng.integers(size - hole_px // 2, size=2))
            keep[:, :, y : y + hole_px, x : x + hole_px] = 0
            one = one * keep
        out.append(one)
    return torch.cat(out)
