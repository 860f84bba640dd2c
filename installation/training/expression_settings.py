"""Settings of a training of the expression network, and whether a run in a folder may resume with them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FIXED = ("backbone", "batch", "seed")
"""Settings that a run keeps from its first pass to its last; the others may be changed when it resumes."""


@dataclass(frozen=True)
class FitSettings:
    """``minutes`` ends the run (and its learning-rate schedule) early when ``epochs`` would take longer; 0 is no limit.

    ``learning_rate`` is the peak for a batch of 128 and is scaled with the batch. ``half`` computes convolutions in
    bfloat16, about twice as fast on processors and cards that know it. ``augment`` is the strength of the random
    changes, ``mixup_alpha`` above 0 mixes faces. What each is for shows in the gap between training and new faces: both
    at full strength from the start left none after fourteen passes (60.1 and 59.8 %), a network held back; strength
    fading to 0.45 without mixing left 82 and 67 % after 47, a network learning by heart.

    ``small_share`` of the run is trained on faces of 32 pixels, where a pass takes half the time. ``backbone`` is one of
    ``BACKBONES``.
    """

    epochs: int = 60
    minutes: float = 0.0
    batch: int = 128
    learning_rate: float = 0.1
    weight_decay: float = 5e-4
    label_smoothing: float = 0.1
    augment: float = 0.8
    mixup_alpha: float = 0.2
    small_share: float = 0.5
    ema_decay: float = 0.998
    seed: int = 0
    half: bool = True
    backbone: str = "ours"


def learning_rate_at(progress: float, peak: float) -> float:
    """One cycle: linear up over the first 8 %, then half a cosine down to a thousandth. ``progress`` in [0, 1]."""
    warm = 0.08
    if progress < warm:
        return peak * (0.05 + 0.95 * progress / warm)
    return peak * max(1e-3, 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm) / (1 - warm)))))


def check_fits(state: Mapping[str, Any], settings: FitSettings, folder: Path, device: str, faces: str) -> None:
    """Raise ValueError when the run in the folder is another one. Runs from before this was noted are all "ours"."""
    before = {"backbone": "ours", **state.get("settings", {})}
    now = asdict(settings)
    for name in FIXED:
        if name in before and before[name] != now[name]:
            raise ValueError(
                f"{folder} holds a run with {name} {before[name]}, not {now[name]}; "
                f"give --{name} {before[name]} to resume, or another --run folder"
            )
    before_device = state.get("device", device)
    if before_device != device:  # its random numbers are of another kind
        raise ValueError(
            f"{folder} holds a run on {before_device}; give --device {before_device} to resume, or another --run"
        )
    if state.get("faces", faces) != faces:
        raise ValueError(f"{folder} holds a run on other faces; give their --data to resume, or another --run")
    for name in sorted(set(before) & set(now) - set(FIXED)):
        if before[name] != now[name]:
            print(f"changed since: {name} was {before[name]}, is {now[name]}")
