"""How far pictures are from the layouts asked for."""

from __future__ import annotations

import torch.nn.functional as functional
from torch import Tensor

from installation.training.paint_layouts import cells_of, luma
from installation.training.paint_net import GRID

CHROMA = 0.2
"""Weight of the layout's colours: level, saturation and warmth are the affect's."""


def agreement(a: Tensor, b: Tensor, weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Weighted correlation of (N, h, w) maps, (N,), and the deviations of each."""
    weight = weight / (weight.sum((1, 2), keepdim=True) + 1e-6)
    a, b = (m - (m * weight).sum((1, 2), keepdim=True) for m in (a, b))
    va, vb, both = (weight * a * a).sum((1, 2)), (weight * b * b).sum((1, 2)), (weight * a * b).sum((1, 2))
    return both / ((va + 1e-4) * (vb + 1e-4)).sqrt(), (va + 1e-6).sqrt(), (vb + 1e-6).sqrt()


def layout_loss(rgb: Tensor, layout: Tensor) -> tuple[Tensor, Tensor]:
    """Of (N, 3, S, S) pictures and their layouts (N, 4, 16, 16): the loss, and the mean correlation of luminance at 8 x 8.

    Luminance goes by correlation, so that the affect stays free, with at least half the contrast; colours weakly.
    """
    got, want, mask = cells_of(rgb), (layout[:, :3] + 1) / 2, layout[:, 3]
    valid = mask.amax((1, 2)) * (mask.mean((1, 2)) > 0.03)
    share = valid / (valid.sum() + 1e-3)
    coarse, same = _at(got, want, mask, 2)
    fine, _ = _at(got, want, mask, 1)
    loss = coarse + fine + CHROMA * _chroma(got, want, mask)
    return (loss * share).sum(), (same * share).sum()


def _pooled(got: Tensor, want: Tensor, mask: Tensor, k: int) -> tuple[Tensor, Tensor, Tensor]:
    """Colours and weights of k x k cells; cells left out say nothing of the pooled colour either."""
    w = functional.avg_pool2d(mask[:, None], k)[:, 0]
    shut = (mask > 0).float()[:, None]
    told = functional.avg_pool2d(shut, k).clamp_min(0.1)
    return functional.avg_pool2d(got * shut, k) / told, functional.avg_pool2d(want * shut, k) / told, w


def _at(got: Tensor, want: Tensor, mask: Tensor, k: int) -> tuple[Tensor, Tensor]:
    mine, asked, w = _pooled(got, want, mask, k)
    same, mine_sd, asked_sd = agreement(luma(mine), luma(asked), w)
    heed = (asked_sd / 0.05).clamp(0, 1).detach()
    return heed * (0.5 * (1 - same) + 0.5 * functional.relu(0.5 * asked_sd - mine_sd) / asked_sd), same


def _chroma(got: Tensor, want: Tensor, mask: Tensor) -> Tensor:
    mine, asked, w = _pooled(got, want, mask, GRID // 8)
    w = (w / (w.sum((1, 2), keepdim=True) + 1e-6))[:, None]
    tones = [m - luma(m)[:, None] for m in (mine, asked)]
    a, b = (m - (m * w).sum((2, 3), keepdim=True) for m in tones)
    va, vb, both = ((w * p * q).sum((1, 2, 3)) for p, q in ((a, a), (b, b), (a, b)))
    return (vb.sqrt() / 0.04).clamp(0, 1) * (1 - both / ((va + 2e-5) * (vb + 2e-5)).sqrt())
