"""By what a painter is measured: its pictures' affect, layout, diversity and borders, beside those of real views.

A gauge holds what is needed of the data, so that a run's folder can be exported where the views are not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.training.paint_affect import MOODS, mixtures
from installation.training.paint_composition import COMPOSITION, Composition, laid_over
from installation.training.paint_correct import TOLD, bent, correction, summary
from installation.training.paint_data import Views
from installation.training.paint_layouts import SceneLayouts, cells_of, details_of, luma, plain_layout
from installation.training.paint_losses import agreement
from installation.training.paint_net import GRID, NOISE_PX, Painter, draw
from installation.training.texture_data import AffectScale
from installation.training.texture_net import AFFECT, MAX_ASKED

LABELS, LAYOUTS, BATCH, SIDE = 256, 96, 32, 8
"""Real affects and layouts that a gauge keeps; pictures painted at once; cells by which diversity and layout are measured."""
RING_PX, LAID_SEED = 4, 9
WAVERED = 0.25
"""How far the affects wander by which the correction is fitted."""
Paint = Callable[[Tensor, int, Tensor | None], Tensor]
"""Affects (N, 4), a seed and layouts (N, 4, 16, 16), or None for its own composition, to (N, 3, S, S) in [0, 1]."""


@dataclass
class Gauge:
    """``labels`` (N, 4) of real views; ``apart``: their mean distance at 8 x 8 cells; ``layouts`` (M, 4, 16, 16) of held-out
    views and then of held-out scenes, in [-1, 1] with confidence, and ``moods`` (M, 4) that go with them."""

    labels: Tensor
    apart: float
    apart_fine: float
    layouts: Tensor
    moods: Tensor

    @classmethod
    def of(cls, views: Views, drawn: SceneLayouts) -> Gauge:
        """Of views and scenes that training did not see."""
        device, half = views.real.device, LAYOUTS // 2
        noise = torch.Generator().manual_seed(6)
        chosen = torch.randperm(len(views.labels), generator=noise)[:LABELS].to(device)
        rgb = Views.rgb(views.real[chosen])
        held = views.held[torch.linspace(0, len(views.held) - 1, half, device=device).long()]
        held_rgb = Views.rgb(held)
        cells, cover, moods = drawn.draw(half, device)
        scenes = torch.cat([cells * 2 - 1, cover[:, None]], 1)
        return cls(
            labels=views.labels[chosen].clamp(-1, 1).cpu(),
            apart=_spread(rgb),
            apart_fine=float((details_of(rgb) - details_of(rgb).roll(1, 0)).abs().mean()),
            layouts=torch.cat([plain_layout(cells_of(held_rgb)), scenes]).cpu(),
            moods=torch.cat([views.scale(held_rgb).clamp(-1, 1), moods]).cpu(),
        )

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        found = asdict(self)
        return found | {"layouts": self.layouts.half()}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Gauge:
        """Of what ``state`` gave."""
        return cls(**(state | {"layouts": state["layouts"].float()}))


def painting(painter: Painter, composition: Composition, bend: Tensor | None, device: str) -> Paint:
    """The painter as it stands, corrected by ``bend`` (4, TOLD), as the exported network asks it."""
    bend = torch.zeros(AFFECT, TOLD) if bend is None else bend

    def paint(asked: Tensor, seed: int, layout: Tensor | None = None) -> Tensor:
        with torch.no_grad():
            count = len(asked)
            z, grain, code = by_chance(count, painter.latent, seed)
            laid = laid_over(composed(composition, code), nothing(count) if layout is None else layout.cpu())
            parts = (z, grain, bent(asked.cpu(), summary(laid), bend), laid)
            starts = range(0, count, BATCH)
            made = [painter(*(part[i : i + BATCH].to(device) for part in parts)).float() for i in starts]
            return torch.cat(made)

    return paint


def by_chance(count: int, latent: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """z, noise and composition of ``count`` pictures; the compositions of a seed do not depend on the others."""
    z, grain = draw(count, latent, "cpu", torch.Generator().manual_seed(seed))
    return z, grain, torch.randn(count, COMPOSITION, generator=torch.Generator().manual_seed(seed))


def nothing(count: int) -> Tensor:
    """Layouts that say nothing."""
    return torch.zeros(count, 4, GRID, GRID)


def calibrate(paint: Paint, composition: Composition, gauge: Gauge, scale: AffectScale, count: int) -> Tensor:
    """(4, TOLD): with it the affect of what ``paint`` (uncorrected) paints is nearer to the one asked for. Measured on
    ``count`` pictures: half the piece's mixtures and half real affects, half of each composed by itself."""
    generator = torch.Generator().manual_seed(11)
    torch.manual_seed(11)
    asked = torch.cat([mixtures(count // 2, "cpu"), _some(gauge.labels, count - count // 2, generator)])
    asked = asked + WAVERED * torch.randn(asked.shape, generator=generator)
    asked = asked[torch.randperm(count, generator=generator)].clamp(-MAX_ASKED, MAX_ASKED)
    layouts = _some(gauge.layouts, count, generator)
    layouts[::2] = 0.0
    seen, found = [], []
    for i in range(0, count, BATCH):
        part, layout, seed = asked[i : i + BATCH], layouts[i : i + BATCH], 1700 + i
        _, _, code = by_chance(len(part), 1, seed)
        seen.append(summary(laid_over(composed(composition, code), layout)))
        found.append(scale(paint(part, seed, layout)).cpu())
    wanted = torch.cat([mixtures(1500, "cpu"), _some(gauge.labels, 500, generator)])
    return correction(asked, torch.cat(seen), torch.cat(found), wanted)


def composed(composition: Composition, code: Tensor) -> Tensor:
    """(N, 32) on the processor to (N, 3, 16, 16) there, wherever ``composition`` lies."""
    with torch.no_grad():
        return composition(code.to(composition.get_buffer("mean").device)).cpu()


def measured(rgb: Tensor, scale: AffectScale) -> Tensor:
    """(N, 4) of (N, 3, S, S), in parts: the maps of all at once would not fit."""
    return torch.cat([scale(rgb[i : i + BATCH]) for i in range(0, len(rgb), BATCH)])


def figures(
    paint: Paint, composition: Composition, gauge: Gauge, scale: AffectScale, count: int = LABELS
) -> dict[str, Any]:
    """What the gates ask, by name: correlations of affect, diversity, layouts, borders."""
    found: dict[str, Any] = {}
    real = gauge.labels[:count]
    torch.manual_seed(21)
    for name, asked in (("real", real), ("piece", mixtures(count, "cpu"))):
        made = paint(asked, 7, None)
        got = measured(made, scale).cpu()
        pairs = [float(np.corrcoef(asked[:, k], got[:, k])[0, 1]) for k in range(AFFECT)]
        found[f"affect_correlation_{name}"] = [round(value, 3) for value in pairs]
        found[f"affect_rmse_{name}"] = round(float((asked - got).square().mean().sqrt()), 3)
        if name == "real":
            found["diversity_over_real"] = round(_spread(made) / gauge.apart, 3)
            found["border_ratio"] = round(border_ratio(made), 3)
    return found | _layout_figures(paint, composition, gauge, scale, count)


def _layout_figures(
    paint: Paint, composition: Composition, gauge: Gauge, scale: AffectScale, count: int
) -> dict[str, Any]:
    """Of layouts as the network gets them, with its own composition under them; "strangers": against another picture's."""
    found: dict[str, Any] = {}
    half = len(gauge.layouts) // 2
    for name, part in (("views", slice(0, min(count, half))), ("scenes", slice(half, half + min(count, half)))):
        layout, moods = gauge.layouts[part], gauge.moods[part]
        made = paint(moods, LAID_SEED, layout).cpu()
        _, _, code = by_chance(len(layout), 1, LAID_SEED)
        asked = laid_over(composed(composition, code), layout)[:, :3]
        small, want = luma(cells_of(made, SIDE)), luma((cells_of(asked, SIDE) + 1) / 2)
        for label, target in (("", want), ("_strangers", want.roll(1, 0))):
            same, _, _ = agreement(small, target, torch.ones_like(small))
            found[f"layout_luma_8_{name}{label}"] = round(float(same.mean()), 3)
        apart = (moods - measured(made, scale)).square().mean().sqrt()
        found[f"affect_rmse_layout_{name}"] = round(float(apart), 3)
    twins = paint(gauge.moods[:8].repeat_interleave(2, 0), 13, gauge.layouts[:8].repeat_interleave(2, 0))
    fine = details_of(twins)
    apart_fine = float((fine[::2] - fine[1::2]).abs().mean()) / gauge.apart_fine
    return found | {"details_apart_under_layout_over_real": round(apart_fine, 3)}


def border_ratio(rgb: Tensor) -> float:
    """Mean step between neighbours in the outer RING_PX pixels over that inside, the worst side of (N, 3, S, S)."""
    grey = rgb.mean(1)
    steps = ((grey[:, 1:, :-1] - grey[:, :-1, :-1]).abs() + (grey[:, :-1, 1:] - grey[:, :-1, :-1]).abs()).mean(0)
    inside = steps[RING_PX:-RING_PX, RING_PX:-RING_PX].mean().clamp_min(1e-6)
    sides = steps[:RING_PX], steps[-RING_PX:], steps[:, :RING_PX], steps[:, -RING_PX:]
    worst: float = torch.stack([side.mean() for side in sides]).max().item()
    return worst / float(inside)


def walk_step(painter: Painter, composition: Composition, device: str) -> float:
    """Largest of 16 steps of a slow walk over the whole way: 1 / 16 would be even, 1 a jump."""
    with torch.no_grad():
        noise = torch.Generator().manual_seed(8)
        t = torch.linspace(0, math.pi / 2, 17)[:, None]
        found = []
        for k in range(4):
            ends = [torch.randn(2, size, generator=noise) for size in (painter.latent, COMPOSITION)]
            z, code = ((one[:1] * t.cos() + one[1:] * t.sin()).to(device) for one in ends)
            grain = torch.randn(1, 1, NOISE_PX, NOISE_PX, generator=noise).to(device).expand(17, -1, -1, -1)
            layout = laid_over(composition(code), nothing(17).to(device))
            seen = painter(z, grain, MOODS[k].to(device).expand(17, -1), layout).float()
            found.append(float((seen[1:] - seen[:-1]).abs().mean((1, 2, 3)).max() / (seen[-1] - seen[0]).abs().mean()))
        return float(np.mean(found))


def _spread(rgb: Tensor) -> float:
    return float(torch.pdist(functional.avg_pool2d(rgb, rgb.shape[2] // SIDE).flatten(1)).mean())


def _some(values: Tensor, count: int, generator: torch.Generator) -> Tensor:
    return values[torch.randint(len(values), (count,), generator=generator)].clone()


def parameters(net: nn.Module) -> float:
    """Millions of weights."""
    return float(sum(p.numel() for p in net.parameters())) / 1e6
