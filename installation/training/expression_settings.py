"""Settings of a training of an expression network, and whether a run in a folder may resume with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FIXED = ("shape", "batch", "seed")
"""Settings that a run keeps from its first pass to its last; the others may be changed when it resumes."""
UNBOUNDED = 1_000_000
"""Passes of a run that time alone ends."""


@dataclass(frozen=True)
class FitSettings:
    """A run and its learning-rate schedule end after ``epochs`` passes or ``seconds`` of training, whichever is first.

    ``seconds`` 0 is no limit. ``learning_rate`` is the peak for a batch of 128 and is scaled with the batch. ``half``
    computes convolutions in bfloat16, about twice as fast on processors and cards that know it. ``augment`` is the
    strength of the random changes. ``small_share`` of the run is trained on faces of 32 pixels, where a pass takes half
    the time. ``shape`` is one of ``SHAPES``.

    ``taught_share`` of what is aimed at is what the teachers read, where there are any. ``label_share`` weighs the loss
    of the label's head beside that of the votes'.
    """

    shape: str = "ours"
    epochs: int = 60
    seconds: float = 0.0
    batch: int = 128
    learning_rate: float = 0.05
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1
    label_share: float = 0.7
    taught_share: float = 0.65
    augment: float = 0.9
    mixup_alpha: float = 0.2
    small_share: float = 0.2
    ema_decay: float = 0.998
    clip: float = 5.0
    seed: int = 0
    half: bool = True


def learning_rate_at(progress: float, peak: float) -> float:
    """One cycle: linear up over the first 6 %, then half a cosine down to a thousandth. ``progress`` in [0, 1]."""
    warm = 0.06
    if progress < warm:
        return peak * (0.05 + 0.95 * progress / warm)
    return peak * max(1e-3, 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm) / (1 - warm)))))


def check_fits(state: Mapping[str, Any], settings: FitSettings, folder: Path, device: str, faces: str) -> None:
    """Raise ValueError when the run in the folder is another one."""
    before, now = state.get("settings", {}), asdict(settings)
    if "shape" not in before:
        raise ValueError(f"{folder} holds a run of before there were two heads; give another --run folder")
    for name in FIXED:
        if before[name] != now[name]:
            raise ValueError(
                f"{folder} holds a run with {name} {before[name]}, not {now[name]}; "
                f"give --{name} {before[name]} to resume, or another --run folder"
            )
    if state["device"] != device:  # its random numbers are of another kind
        raise ValueError(
            f"{folder} holds a run on {state['device']}; give --device {state['device']} to resume, or another --run"
        )
    if state["faces"] != faces:
        raise ValueError(f"{folder} holds a run on other faces; give their --data to resume, or another --run")
    for name in sorted(set(before) & set(now) - set(FIXED)):
        if before[name] != now[name]:
            print(f"changed since: {name} was {before[name]}, is {now[name]}")
