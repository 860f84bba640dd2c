"""Layouts that the painter is asked for: 16 x 16 cells of colour, and how sure each is.

Three kinds train it: a real view's own, loosened; one composed by chance of the paintings' principal components; and what our
scenes draw, from a file of rendered layouts or else drawn here, laid over a composed one by its cover.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from installation.training.paint_affect import held_on, mixtures
from installation.training.paint_augment import graded
from installation.training.paint_composition import TRUST, Composition, laid_over
from installation.training.paint_net import GRID
from installation.training.paint_scenes import scenes
from installation.training.running import DataError

OWN, COMPOSED = 0.35, 0.40
"""Parts of the requests that have a real view's layout, and a composed one; the rest have a scene's."""
LEAST_TRUST, PLAIN_TRUST = 0.5, 0.5
"""Half of the composed parts have the confidence that the piece gives them (TRUST); the others have LEAST_TRUST to 1."""
OTHERS = 0.35
"""Of the real views' layouts so many are those of another picture than that whose affect is asked for."""
_LUMA = torch.tensor([0.2126, 0.7152, 0.0722])[:, None, None]
_LOOSE = torch.tensor([0.5, 0.8, 0.3])


def luma(rgb: Tensor) -> Tensor:
    """(..., 3, H, W) -> (..., H, W)."""
    return (rgb * held_on(rgb.device, "luma", _LUMA)).sum(-3)


def cells_of(rgb: Tensor, cells: int = GRID) -> Tensor:
    """(N, 3, S, S) -> (N, 3, cells, cells): means."""
    return functional.avg_pool2d(rgb, rgb.shape[-1] // cells)


def details_of(rgb: Tensor) -> Tensor:
    """What 32 cells a side show and 8 do not."""
    cells = cells_of(rgb, 32)
    return cells - functional.interpolate(functional.avg_pool2d(cells, 4), scale_factor=4.0)


def plain_layout(cells: Tensor) -> Tensor:
    """Cells (N, 3, 16, 16) in [0, 1] -> a layout (N, 4, 16, 16) that is sure of all of them."""
    return torch.cat([cells * 2 - 1, torch.ones_like(cells[:, :1])], 1)


def loosened(cells: Tensor) -> Tensor:
    """Layouts of real views, (N, 3, 16, 16) in [0, 1]: of other colours, blurred, coarse, posterised, or grey."""
    count, device = len(cells), cells.device
    knobs = (torch.rand(count, 3, device=device) * 2 - 1) * held_on(device, "loose", _LOOSE)
    cells = graded(cells, knobs)
    r = torch.rand(count, 6, 1, 1, 1, device=device)
    soft = functional.avg_pool2d(cells, 3, 1, 1, count_include_pad=False)
    cells = cells + r[:, 0] * (soft - cells)
    coarse = functional.interpolate(functional.avg_pool2d(cells, 2), scale_factor=2.0, mode="bilinear")
    cells = torch.where(r[:, 1] < 0.3, coarse, cells)
    steps = (2 + 5 * r[:, 2]).round()
    cells = torch.where(r[:, 3] < 0.35, (cells * steps).round() / steps, cells)
    grey = luma(cells)[:, None].expand_as(cells)
    return torch.where(r[:, 4] < 0.25, grey, cells).clamp(0, 1)


def sureness(count: int, device: torch.device | str) -> Tensor:
    """(N, 16, 16) in [0, 1]: half are quite sure, the others .35 to 1; from a third a box is left out, or all but a box."""
    r = torch.rand(count, 8, 1, 1, device=device)
    sure = (0.35 + 0.65 * r[:, 1] + (r[:, 0] < 0.55)).clamp_max(1.0)
    at = (torch.arange(GRID, device=device) + 0.5) / GRID
    tall, wide = 0.2 + 0.5 * r[:, 2], 0.2 + 0.5 * r[:, 3]
    box = ((at[None, :, None] - r[:, 4]).abs() < tall / 2) & ((at[None, None, :] - r[:, 5]).abs() < wide / 2)
    box = box ^ (r[:, 6] < 0.3)
    return (~((r[:, 7] < 0.3) & box)).float() * sure


class SceneLayouts:
    """Layouts of our scenes: of a file of rendered ones (``evaluate layouts``), or drawn by chance.

    ``cells`` (N, 4, 16, 16) in [0, 1] are sRGB and cover, ``affects`` (N, 4) what the scenes were asked to depict.
    """

    def __init__(self, cells: Tensor | None = None, affects: Tensor | None = None) -> None:
        self.cells, self.affects = cells, affects

    def draw(self, count: int, device: torch.device | str) -> tuple[Tensor, Tensor, Tensor]:
        """Cells (N, 3, 16, 16) in [0, 1], their cover (N, 16, 16), and affects (N, 4); half are mirrored."""
        if self.cells is None or self.affects is None:
            cells = scenes(count, device)
            return cells, torch.ones_like(cells[:, 0]), mixtures(count, device)
        index = torch.randint(len(self.cells), (count,), device=device)
        cells = self.cells[index].float() / 255
        mirrored = torch.rand(count, 1, 1, 1, device=device) < 0.5
        cells = torch.where(mirrored, cells.flip(3), cells)
        return cells[:, :3], cells[:, 3], self.affects[index]


def load_scene_layouts(path: Path | None, device: str) -> tuple[SceneLayouts, SceneLayouts]:
    """(to train on, held out) of a file that ``evaluate layouts`` wrote, or drawn ones. Raises DataError for another file."""
    if path is None:
        return SceneLayouts(), SceneLayouts()
    with np.load(path) as stored:
        if not {"layouts", "affects"} <= set(stored.files) or stored["layouts"].shape[1:] != (GRID, GRID, 4):
            raise DataError(f"{path} holds no layouts; make them: run.py evaluate layouts")
        cells = torch.from_numpy(stored["layouts"]).permute(0, 3, 1, 2).contiguous()
        affects = torch.from_numpy(stored["affects"].astype(np.float32)).clamp(-1, 1)
        held = stored["held"].astype(bool) if "held" in stored.files else np.arange(len(cells)) % 10 == 4
    parts = (torch.from_numpy(~held), torch.from_numpy(held)) if held.any() and not held.all() else (slice(None),) * 2
    mine, kept = (SceneLayouts(cells[part].to(device), affects[part].to(device)) for part in parts)
    return mine, kept


def requests(
    own: Tensor, affect: Tensor, drawn: SceneLayouts, composition: Composition, mixed: bool = True
) -> tuple[Tensor, Tensor]:
    """Full layouts to ask for, (N, 4, 16, 16), and the affects that go with them, (N, 4).

    ``own`` (N, 3, 16, 16) in [0, 1] are cells of real views, ``affect`` what is asked where no scene says otherwise. Where a
    layout is unsure, the painter's own composition lies under it, as the exported network does it.
    """
    count, device = len(own), own.device
    r = torch.rand(count, 3, device=device)
    kind = r[:, 0] if mixed else torch.full((count,), OWN + COMPOSED / 2, device=device)
    is_own, is_scene = (kind < OWN)[:, None, None], (kind >= OWN + COMPOSED)[:, None, None]
    cells, cover, moods = drawn.draw(count, device)
    sure = sureness(count, device)
    sure = torch.where(is_own, sure, torch.where(is_scene, sure * cover, torch.zeros_like(sure)))
    source = torch.where((r[:, 1] < OTHERS)[:, None, None, None], own.roll(1, 0), own)
    asked = torch.where(is_scene[:, None], cells, loosened(source))
    trust = torch.rand(count, 2, device=device)
    own_trust = LEAST_TRUST + (1 - LEAST_TRUST) * trust[:, 0]
    trusted = torch.where(trust[:, 1] < PLAIN_TRUST, torch.full_like(own_trust, TRUST), own_trust)
    layout = torch.cat([asked * 2 - 1, sure[:, None]], 1)
    composed = composition.drawn(count, device)
    return laid_over(composed, layout, trusted[:, None, None, None]), torch.where(is_scene[:, 0], moods, affect)
