"""The mistake in the thesis's figures, made again: a softmax over one unit."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from installation.training.art.tasks import thesis
from installation.training.art.works import Works
from installation.types import FloatArray

MISTAKE = "A softmax over one unit says 1 of every picture, whatever it learnt. Its accuracy is how many there are:"
STEPS, NUMBERS = 200, 16


def one_unit(works: Works) -> list[str]:
    """Train one network for each group of the thesis, on noise instead of pictures, with a softmax over its one unit and
    accuracy at a half: a line each. That noise scores the same as pictures would is the point."""
    task = thesis(works)
    target = task.target[task.counted]
    noise = np.random.default_rng(0).standard_normal((len(target), NUMBERS)).astype(np.float32)
    lines = ["| group | accuracy, from noise | share of the works |", "|---|---|---|"]
    for k, name in enumerate(task.classes):
        said = _trained(noise, target[:, k])
        right = float(((said >= 0.5) == (target[:, k] >= 0.5)).mean())
        lines.append(f"| {name} | {right:.1%} | {target[:, k].mean(dtype=np.float64):.1%} |")
    return lines


def _trained(seen: FloatArray, target: FloatArray) -> FloatArray:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(seen.shape[1], 1), nn.Softmax(dim=1))
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    x, y = torch.from_numpy(seen), torch.from_numpy(target)[:, None]
    for _ in range(STEPS):
        optimizer.zero_grad()
        nn.functional.binary_cross_entropy(network(x), y).backward()
        optimizer.step()
    with torch.inference_mode():
        return np.asarray(network(x)[:, 0].numpy(), np.float32)
