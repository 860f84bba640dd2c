"""Every way to read drawn faces, on families that it did not learn from."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from installation.base.model_files import model_path
from installation.perception.depicted import DepictedNet, together, views
from installation.training.drawn.data import Drawings
from installation.training.drawn.fit import Plan, fit
from installation.training.drawn.lessons import OF_DEPICTED, Mixture, Photographs
from installation.training.drawn.net import DrawnNet, Expression, Shipped
from installation.training.fer import IntArray
from installation.training.interrupt import Stop
from installation.types import DEPICTED, ByteArray, FloatArray

log = logging.getLogger(__name__)
AT_ONCE = 32
Read = Callable[[IntArray], FloatArray]
"""(N,) rows of the bench's drawings -> (N, len(DEPICTED)) shares."""


class StoppedError(Exception):
    """The end was asked for; what is finished is kept."""


@dataclass(frozen=True, eq=False)
class Bench:
    """What a reader may learn with: the ``drawings``, photographs, where checkpoints go, and a wish to stop."""

    drawings: Drawings
    photographs: Photographs | None
    folder: Path
    stop: Stop
    steps: int

    @cached_property
    def seen(self) -> tuple[FloatArray, FloatArray]:
        """What the expression network sees in each drawing (N, width), and reads (N, len(DEPICTED)); the mean of its views."""
        net = Expression(model_path("expression"))

        def look(faces: torch.Tensor) -> torch.Tensor:
            maps = net.features(faces).mean(dim=(2, 3))
            return torch.cat([maps, torch.softmax(net.head(maps), dim=1)[:, list(OF_DEPICTED)]], dim=1)

        both = of_views(look, self.drawings.pictures).mean(axis=1)
        return both[:, : -len(DEPICTED)], both[:, -len(DEPICTED) :]


@dataclass(frozen=True)
class Reader:
    """``learn`` from rows of the drawings, under a name for its checkpoints; ``once``: it learns from no drawing at all."""

    about: str
    learn: Callable[[Bench, IntArray, str], Read]
    once: bool = False


@dataclass(frozen=True, eq=False)
class Readings:
    """``shares`` (N, len(DEPICTED)) of one reader, each row by a fold that left its family out. ``seconds`` in all."""

    reader: str
    shares: FloatArray
    seconds: float


def folds(drawings: Drawings) -> list[tuple[str, ...]]:
    """The hands that each fold leaves out: one of each kind, in the order of their names, until each was left out."""
    kinds: dict[str, list[str]] = {}
    for hand, kind in sorted(set(zip(drawings.hands, drawings.kinds))):
        kinds.setdefault(kind, []).append(hand)
    most = max(len(hands) for hands in kinds.values())
    return [tuple(hands[k] for hands in kinds.values() if k < len(hands)) for k in range(most)]


def read_all(bench: Bench, readers: Mapping[str, Reader]) -> list[Readings]:
    """Readings of every reader. Raises StoppedError."""
    hands = np.asarray(bench.drawings.hands)
    out = []
    for name, reader in readers.items():
        began_s = time.perf_counter()
        shares = np.zeros((len(bench.drawings), len(DEPICTED)), np.float32)
        parts = [tuple(np.unique(hands))] if reader.once else folds(bench.drawings)
        for left_out in parts:
            held = np.isin(hands, left_out)
            label = "all" if reader.once else "+".join(left_out)
            read = reader.learn(bench, np.flatnonzero(~held), f"{name} without {label}".replace(" ", "-"))
            shares[held] = read(np.flatnonzero(held))
        out.append(Readings(name, shares, time.perf_counter() - began_s))
        log.info("%s: %.0f s", name, out[-1].seconds)
    return out


def readers() -> dict[str, Reader]:
    """By name, in the order of the table."""
    alone = Mixture(drawings=58, by_rule=0, photographs=0)
    ruled = Mixture(drawings=0, by_rule=42, photographs=16)
    return {
        "happiness": Reader("the same answer always", _one_answer, once=True),
        "pixels": Reader("linear, 16 x 16 greys", _pixels),
        "expression": Reader("the expression network as it is", _as_it_is, once=True),
        "linear": Reader("linear, what the expression network sees", _linear),
        "by rule": Reader("ours, from faces by rule and photographs alone: no family at all", _tuned(ruled), once=True),
        "from nothing": Reader("ours, not begun from the expression network", _tuned(Mixture(), begun=False)),
        "families": Reader("ours, from the families' drawings alone", _tuned(alone)),
        "ours": Reader("drawings, faces by rule, photographs", _tuned(Mixture())),
    }


def of_net(net: DrawnNet, pictures: ByteArray) -> FloatArray:
    """(N, 96, 96, 3) -> (N, len(DEPICTED)): the reading that a network is shipped for."""
    found = of_views(Shipped(net).eval(), pictures)
    return np.stack([together(one[:, :-1], one[:, -1]).shares for one in found])


def of_views(look: Callable[[torch.Tensor], torch.Tensor], pictures: ByteArray) -> FloatArray:
    """(N, 96, 96, 3) -> (N, views, ...): what ``look`` makes of each view of each picture."""
    parts = []
    with torch.inference_mode():
        for start in range(0, len(pictures), AT_ONCE):
            seen = [views(picture) for picture in pictures[start : start + AT_ONCE]]
            found = look(torch.from_numpy(np.concatenate(seen)).to(memory_format=torch.channels_last)).numpy()
            parts.append(found.reshape(len(seen), len(seen[0]), -1))
    return np.concatenate(parts)


def of_file(model: Path, pictures: ByteArray) -> FloatArray:
    """The same by an exported file."""
    net = DepictedNet(model)
    return np.stack([net.read(picture).shares for picture in pictures])


def _one_answer(_bench: Bench, _rows: IntArray, _name: str) -> Read:
    always = np.eye(len(DEPICTED), dtype=np.float32)[DEPICTED.index("happiness")]
    return lambda rows: np.repeat(always[None], len(rows), axis=0)


def _pixels(bench: Bench, rows: IntArray, _name: str) -> Read:
    greys = [cv2.cvtColor(one, cv2.COLOR_RGB2GRAY) for one in bench.drawings.pictures]
    small = [cv2.resize(one, (16, 16), interpolation=cv2.INTER_AREA).ravel() for one in greys]
    return _logistic(np.stack(small).astype(np.float32), bench, rows)


def _as_it_is(bench: Bench, _rows: IntArray, _name: str) -> Read:
    return lambda rows: bench.seen[1][rows]


def _linear(bench: Bench, rows: IntArray, _name: str) -> Read:
    return _logistic(bench.seen[0], bench, rows)


def _logistic(seen: FloatArray, bench: Bench, rows: IntArray) -> Read:
    scale = StandardScaler().fit(seen[rows])
    fitted = LogisticRegression(C=0.01, class_weight="balanced", max_iter=1000).fit(
        scale.transform(seen[rows]), bench.drawings.labels[rows]
    )

    def read(others: IntArray) -> FloatArray:
        out = np.zeros((len(others), len(DEPICTED)), np.float32)
        out[:, fitted.classes_] = fitted.predict_proba(scale.transform(seen[others]))
        return out

    return read


def _tuned(mixture: Mixture, *, begun: bool = True) -> Callable[[Bench, IntArray, str], Read]:
    def learn(bench: Bench, rows: IntArray, name: str) -> Read:
        plan = replace(Plan(), mixture=mixture, from_expression=begun, steps=bench.steps)
        found = fit(bench.drawings, rows, bench.photographs, plan, bench.folder / f"{name}.pt", bench.stop)
        if found is None:
            raise StoppedError
        net = found[0]
        return lambda others: of_net(net, bench.drawings.pictures[others])

    return learn
