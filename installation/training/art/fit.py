"""Learning from rows of what was seen; stops where artists that were kept aside are read best."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from installation.types import FloatArray

Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]
Read = Callable[[FloatArray], FloatArray]
"""What was seen (N, ...) -> shares (N, K)."""


@dataclass(frozen=True, eq=False)
class Around:
    """All M works by artists that may be learnt from, also those without an answer: what was ``seen`` (M, ...), the twenty
    ``shares`` (M, 20), the ``artist`` (M,), and the ``rows`` (N,) of a lesson's works among them."""

    seen: FloatArray
    shares: FloatArray
    artist: np.ndarray[tuple[int], np.dtype[np.int64]]
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Lesson:
    """Rows to learn from: what was ``seen`` (N, ...), the ``target`` (N, K) shares, the ``artist`` (N,) of each as a number.
    ``one_of``: exactly one class each, rare ones counted as much as frequent ones."""

    seen: FloatArray
    target: FloatArray
    artist: np.ndarray[tuple[int], np.dtype[np.int64]]
    one_of: bool
    seed: int
    around: Around | None = None


@dataclass(frozen=True)
class Pace:
    """How a network learns."""

    epochs: int
    rate: float
    decay: float = 1e-4
    batch: int = 32
    patience: int = 10
    """Epochs without a better reading of the artists kept aside."""


def shares(logits: Tensor, one_of: bool) -> FloatArray:
    """(N, K) in [0, 1]."""
    return np.asarray((logits.softmax(1) if one_of else logits.sigmoid()).numpy(), np.float32)


def class_weights(target: FloatArray) -> FloatArray:
    """(K,): as ``balanced`` in scikit-learn."""
    count = np.maximum(target.sum(0), 1.0)
    return np.asarray(len(target) / (len(count) * count), np.float32)


def loss_of(logits: Tensor, target: Tensor, weights: Tensor | None) -> Tensor:
    """Cross-entropy; of one class of several with ``weights``, else of each class's own share."""
    if weights is None:
        return functional.binary_cross_entropy_with_logits(logits, target)
    return functional.cross_entropy(logits, target, weight=weights)


def kept_aside(artist: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int, part: float = 0.15) -> Bools:
    """(N,) bool: the works of about ``part`` of the artists, drawn by lot."""
    names = np.unique(artist)
    drawn = np.random.default_rng(seed).permutation(names)[: max(1, round(part * len(names)))]
    return np.asarray(np.isin(artist, drawn), np.bool_).reshape(-1)


def fit_network(build: Callable[[], nn.Module], lesson: Lesson, pace: Pace) -> Read:
    """Train, and give the reading of the best epoch. The same lesson and seed give the same weights on one machine."""
    torch.manual_seed(lesson.seed)
    network = build()
    aside = kept_aside(lesson.artist, lesson.seed)
    seen, target = torch.from_numpy(lesson.seen), torch.from_numpy(lesson.target)
    weights = torch.from_numpy(class_weights(lesson.target[~aside])) if lesson.one_of else None
    rows, held = np.flatnonzero(~aside), torch.from_numpy(np.flatnonzero(aside))
    moving = [one for one in network.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(moving, pace.rate, weight_decay=pace.decay)
    rng = np.random.default_rng(lesson.seed)
    best, best_state, since = float("inf"), copy.deepcopy(network.state_dict()), 0
    for _ in range(pace.epochs):
        network.train()
        for batch in np.array_split(rng.permutation(rows), max(1, len(rows) // pace.batch)):
            picked = torch.from_numpy(batch)
            optimizer.zero_grad()
            loss_of(network(seen[picked]), target[picked], weights).backward()
            optimizer.step()
        network.eval()
        with torch.inference_mode():
            found = float(loss_of(_apply(network, seen[held]), target[held], weights))
        best, best_state, since = (
            (found, copy.deepcopy(network.state_dict()), 0) if found < best else (best, best_state, since + 1)
        )
        if since >= pace.patience:
            break
    network.load_state_dict(best_state)
    network.eval()

    def read(seen: FloatArray) -> FloatArray:
        with torch.inference_mode():
            return shares(_apply(network, torch.from_numpy(seen)), lesson.one_of)

    return read


def _apply(network: nn.Module, seen: Tensor) -> Tensor:
    return torch.cat([network(part) for part in seen.split(64)])
