"""What is done to real views before they are shown, and to all pictures before the critic sees them."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.paint_affect import held_on
from installation.training.texture_data import AffectScale, colour_features

TRIES, CALM = 8, 0.15
"""Gradings tried for a picture, and what a strong one costs."""
REACH = (0.6, 0.7, 0.22)
"""Of a grading: exponent of brightness and of saturation, and warmth."""
CUT, LEAST_ASPECT, MOST_ASPECT, LEAST_AREA = 0.75, 0.75, 1.4, 0.6
"""So many views are cut anew; many are wide pictures squeezed into a square, so their shape may change, too."""
HOLE_GREY = 0.45
_TINT = torch.tensor([1.0, 0.1, -1.0])[:, None, None]


def graded(rgb: Tensor, knobs: Tensor) -> Tensor:
    """Brightness, saturation and temperature of (..., 3, H, W) changed by (..., 3): a painter's other mood of the same view."""
    gamma, saturation, warm = (knobs[..., i, None, None, None] for i in range(3))
    rgb = rgb.clamp(1e-3, 1) ** gamma.exp()
    grey = rgb.mean(-3, keepdim=True)
    rgb = grey + (rgb - grey) * saturation.exp()
    return (rgb * (1 + warm * held_on(rgb.device, "tint", _TINT))).clamp(0, 1)


def grade_towards(rgb: Tensor, wanted: Tensor, scale: AffectScale, strength: float) -> Tensor:
    """Of TRIES random gradings of each picture (the first is none) the one whose colours come nearest to ``wanted`` (N, 4)."""
    count, device = len(rgb), rgb.device
    reach = held_on(device, "reach", torch.tensor(REACH)) * strength
    knobs = (torch.rand(count, TRIES, 3, device=device) * 2 - 1) * reach
    knobs = knobs * (torch.arange(TRIES, device=device) > 0)[None, :, None]
    small = functional.avg_pool2d(rgb, rgb.shape[2] // 32)[:, None].expand(-1, TRIES, -1, -1, -1)
    measured = colour_features(graded(small, knobs).flatten(0, 1))
    asked = wanted[:, None, :3].expand(-1, TRIES, -1).flatten(0, 1)
    apart = (measured - scale.mean[:3]) / (2 * scale.deviation[:3]) - asked
    cost = apart.square().sum(1).view(count, TRIES) + CALM * (knobs / 0.5).square().sum(2)
    return graded(rgb, knobs[torch.arange(count, device=device), cost.argmin(1)])


def _places(px: int, device: torch.device) -> Tensor:
    return (2 * torch.arange(px, device=device).float() + 1) / px - 1


def _sampled(rgb: Tensor, across: Tensor, down: Tensor, how: str = "bilinear") -> Tensor:
    """Pictures read at (N, out) places across and down, each in [-1, 1]; borders mirrored."""
    n, out = across.shape
    with torch.autocast(rgb.device.type, enabled=False):
        grid = torch.stack([across[:, None, :].expand(n, out, out), down[:, :, None].expand(n, out, out)], 3)
        return functional.grid_sample(rgb.float(), grid, mode=how, padding_mode="reflection", align_corners=False)


def disturbed(rgb: Tensor, strength: Tensor, px: int) -> Tensor:
    """(N, 3, S, S) -> (N, 3, px, px) for the eye. ``strength`` (a tensor, 0 to 1) is steered by how far the critic has won.

    DiffAugment (Zhao et al. 2020) without its colours, which are what is asked for: zoomed into, moved, with a hole. The hole
    is grey and borders are mirrored: with black ones the generator learns to paint a frame.
    """
    n, device = len(rgb), rgb.device
    r = torch.rand(n, 12, 1, device=device)
    on = (r[:, 0] < 0.25 + 0.55 * strength).float()
    zoom = 1 - on * (0.15 + 0.27 * strength) * r[:, 1]
    shape = torch.exp(on * (r[:, 2] * 2 - 1) * 0.12)
    moved = (r[:, 3] < 0.5 + 0.35 * strength).float() * 0.25
    at, scales = _places(px, device)[None], (zoom * shape, zoom / shape)
    across, down = (at * s + (r[:, 4 + i] * 2 - 1) * ((1 - s).clamp_min(0) + moved) for i, s in enumerate(scales))
    view = _sampled(rgb, across, down)
    hole = (r[:, 6] < 0.5 + 0.3 * strength) * (0.15 + (0.1 + 0.2 * strength) * r[:, 7])
    rows, columns = ((at - (r[:, 8 + i] * 2 - 1)).abs() > hole for i in range(2))
    return view.masked_fill(~(rows[:, None, :, None] | columns[:, None, None, :]), HOLE_GREY)


def reframed(rgb: Tensor) -> Tensor:
    """(N, 3, S, S) -> the same: half are mirrored; most are cut anew, of another place and shape."""
    n, _, side, _ = rgb.shape
    r = torch.rand(n, 6, 1, device=rgb.device)
    on = (r[:, 0] < CUT).float()
    narrow, wide_most = math.log(LEAST_ASPECT), math.log(MOST_ASPECT)
    aspect = torch.exp(on * (narrow + r[:, 1] * (wide_most - narrow)))
    area = 1 - on * (1 - LEAST_AREA) * r[:, 2]
    high, wide = ((area * a).sqrt().clamp_max(1) for a in (aspect, 1 / aspect))
    at = _places(side, rgb.device)[None]
    flip = 1 - 2 * (r[:, 3] < 0.5).float()
    across = flip * at * wide + (r[:, 4] * 2 - 1) * (1 - wide)
    return _sampled(rgb, across, at * high + (r[:, 5] * 2 - 1) * (1 - high), "bicubic").clamp(0, 1)
