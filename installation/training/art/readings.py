"""Every model read on works by artists whom it did not learn from."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from installation.training.art.eyes import POOLED, Vgg16, digest_of, eyes, seen_by
from installation.training.art.fit import Around, Lesson
from installation.training.art.models import Model
from installation.training.art.networks import Vgg16Top
from installation.training.art.scores import SEED, folds
from installation.training.art.tasks import Task, twenty
from installation.training.art.works import Works
from installation.types import FloatArray

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Readings:
    """``shares`` (N, K) of one model, each row read by the fold that did not learn from its artist; NaN where a work does not
    count. ``seconds`` to learn and read all folds on one thread."""

    model: str
    task: Task
    shares: FloatArray
    seconds: float


@dataclass(frozen=True, eq=False)
class Looking:
    """What each way to look sees in ``works``; kept in ``folder`` under the pictures' own contents, so that a changed one is
    looked at again."""

    works: Works
    wheels: Path
    folder: Path

    def seen(self, names: tuple[str, ...]) -> FloatArray:
        """(N, ...) of one way, or (N, D) of several side by side."""
        parts = [self._one(name) for name in names]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)

    def _one(self, name: str) -> FloatArray:
        if name == POOLED:
            return self._pooled
        return seen_by(eyes(self.wheels)[name], self.works.files, self.folder / f"{name}-{self._digest}.npy")

    @cached_property
    def _digest(self) -> str:
        return digest_of(self.works.files)

    @cached_property
    def _pooled(self) -> FloatArray:
        top = Vgg16Top(Vgg16(self.wheels).last, 1, fine_tuned=False)
        with torch.inference_mode():
            parts = torch.from_numpy(self._one("vgg")).split(32)
            return np.asarray(torch.cat([top.pooled(part) for part in parts]).numpy(), np.float32)


def read_all(
    works: Works, tasks: Mapping[str, Task], models: Mapping[str, Model], looking: Looking, kept: Path
) -> list[Readings]:
    """Readings of every model for every task; each is left in the folder ``kept`` at once."""
    out = []
    every = twenty(works).taught
    _, artist = np.unique(np.asarray(works.artists), return_inverse=True)
    for name, model in models.items():
        seen = looking.seen(model.looks)
        for task in tasks.values():
            started = time.perf_counter()
            shares = np.full(task.target.shape, np.nan, np.float32)
            for number, (learn, read) in enumerate(folds(task, works.artists)):
                may = np.flatnonzero(~np.isin(artist, artist[read]))
                around = (
                    Around(seen[may], every[may], artist[may], np.searchsorted(may, learn)) if task.one_of else None
                )
                lesson = Lesson(seen[learn], task.taught[learn], artist[learn], task.one_of, SEED + number, around)
                shares[read] = model.learn(lesson)(seen[read])
            out.append(Readings(name, task, shares, time.perf_counter() - started))
            keep(out[-1], kept)
            log.info("%s, %s: %.0f s", name, task.name, out[-1].seconds)
    return out


def keep(one: Readings, folder: Path) -> None:
    """Leave readings in ``folder`` for ``joined``."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / f"{one.model}, {one.task.name}.npz", shares=one.shares, seconds=one.seconds)


def joined(new: Sequence[Readings], tasks: Mapping[str, Task], order: Sequence[str], folder: Path) -> list[Readings]:
    """``new`` readings and, of models that are not among them, those that were kept of as many works; in ``order``."""
    known = {(one.model, one.task.name): one for one in new}
    for model in order:
        for name, task in tasks.items():
            path = folder / f"{model}, {name}.npz"
            if (model, name) not in known and path.is_file():
                with np.load(path) as stored:
                    if stored["shares"].shape == task.target.shape:
                        known[model, name] = Readings(model, task, stored["shares"], float(stored["seconds"]))
    return [known[model, name] for model in order for name in tasks if (model, name) in known]
