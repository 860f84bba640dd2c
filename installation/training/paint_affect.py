"""What the piece asks a picture to depict, and small constants on the device."""

from __future__ import annotations

import torch
from torch import Tensor

from installation.generation.affect import DEPICTED

MOODS = torch.from_numpy(DEPICTED.copy())
"""(7, 4), in the order of EMOTIONS."""
MIXED, SHOWN = 0.3, 0.2
"""Concentration of the emotions' mixtures, and how far what is shown moves valence and arousal."""
_HELD: dict[tuple[str, str], Tensor] = {}


def held_on(device: torch.device | str, name: str, value: Tensor) -> Tensor:
    """A small constant that is copied to the device once: every copy would wait for all that runs there."""
    key = (str(device), name)
    if key not in _HELD:
        _HELD[key] = value.to(device)
    return _HELD[key]


def mixtures(count: int, device: torch.device | str) -> Tensor:
    """(count, 4) in [-1, 1] as the piece asks: mixtures of emotions, moved by what is shown."""
    weights = torch._standard_gamma(torch.full((count, len(MOODS)), MIXED, device=device)) + 1e-6  # Dirichlet's
    asked = weights / weights.sum(1, keepdim=True) @ held_on(device, "moods", MOODS)
    asked[:, :2] += (torch.rand(count, 2, device=device) * 2 - 1) * SHOWN
    return asked.clamp(-1, 1)
