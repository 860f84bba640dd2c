"""What the painter does amiss with the affect it is asked for, measured, and the correction for it.

As texture_calibrate.py does, and by the layout, too: a dark composition comes out darker than was asked for, a blue one
bluer. What stays is chance: two pictures of one wish and one layout differ by about 0.15 on each axis.
"""

from __future__ import annotations

import torch
from torch import Tensor

from installation.training.paint_layouts import luma
from installation.training.texture_net import AFFECT, MAX_ASKED, TERMS, terms

SUMMARY = 5
TOLD = TERMS + SUMMARY * (1 + AFFECT)
"""Terms of the correction: those of the affect, what is told of the layout, and the products of both."""
_MEAN, _DEVIATION = (0.53, 0.27, 0.10, 0.093, 0.82), (0.13, 0.12, 0.10, 0.032, 0.042)
"""Of ``summary`` over compositions of paintings' layouts with layouts of scenes over a third of them."""
MOST = 3.0
RIDGE, CALM = 3.0, 5e-4
"""How much weights of the layout's terms, and of the correction, count against an error."""
STEPS, RATE = 200, 0.04


def summary(layout: Tensor) -> Tensor:
    """(N, 4, 16, 16) as ``laid_over`` gives it -> (N, SUMMARY), about in [-1, 1]: brightness, saturation, warmth, steps of
    luminance from cell to cell, confidence."""
    rgb = (layout[:, :3] + 1) / 2
    high, low, light = rgb.amax(1), rgb.amin(1), luma(rgb)
    steps = (light[:, 1:] - light[:, :-1]).abs().mean((1, 2)) + (light[:, :, 1:] - light[:, :, :-1]).abs().mean((1, 2))
    found = torch.stack(
        [
            high.mean((1, 2)),
            ((high - low) / (high + 0.05)).mean((1, 2)),
            (rgb[:, 0] - rgb[:, 2]).mean((1, 2)),
            steps,
            layout[:, 3].mean((1, 2)),
        ],
        1,
    )
    return ((found - torch.tensor(_MEAN)) / torch.tensor(_DEVIATION)).clamp(-MOST, MOST)


def told(affect: Tensor, seen: Tensor) -> Tensor:
    """(N, 4) and (N, SUMMARY) -> (N, TOLD)."""
    both = (seen[:, :, None] * affect[:, None, :]).flatten(1)
    return torch.cat([terms(affect), seen, both], 1)


def bent(affect: Tensor, seen: Tensor, bend: Tensor) -> Tensor:
    """(N, 4) asked for -> (N, 4) to be asked of the network, by the ``summary`` of its layout; ``bend`` (4, TOLD)."""
    return (affect + told(affect, seen) @ bend.T).clamp(-MAX_ASKED, MAX_ASKED)


def correction(asked: Tensor, seen: Tensor, measured: Tensor, wanted: Tensor) -> Tensor:
    """(4, TOLD) by which ``wanted`` (M, 4) is reached best under layouts like those, if ``asked`` (N, 4) of layouts ``seen``
    (N, SUMMARY) came out as ``measured`` (N, 4)."""
    values = told(asked, seen)
    ridge = torch.full((TOLD,), RIDGE)
    ridge[:TERMS] = 1e-4
    model = torch.linalg.solve(values.T @ values + ridge.diag(), values.T @ measured)
    others = seen[torch.arange(len(wanted)) % len(seen)]
    bend = torch.zeros(AFFECT, TOLD, requires_grad=True)
    optimiser = torch.optim.Adam([bend], RATE)
    for _ in range(STEPS):
        reached = told(bent(wanted, others, bend), others) @ model
        loss = (reached - wanted).square().mean() + CALM * bend.square().sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return bend.detach()
