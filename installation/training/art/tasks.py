"""What is asked about a picture: three questions, each with its classes and what people answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from installation.generation.evoked import EVOKED
from installation.training.art.works import Works
from installation.types import FloatArray

NAMED_BY = 0.3
"""An emotion counts as evoked where this share of annotators named it: the threshold of the data's own groups."""
GROUP4 = ("happiness", "sadness", "fear", "anger")
THESIS: dict[str, tuple[str, ...]] = {
    "negative": ("sadness", "fear", "disgust", "anger"),
    "neutral": ("neutral",),
    "aroused": ("surprise",),
    "positive": ("optimism", "happiness", "love"),
}
"""The thesis's four groups by the emotions that the data has: its joy is happiness, and nobody was asked for lust or envy."""


@dataclass(frozen=True, eq=False)
class Task:
    """``target`` (N, K) shares in [0, 1]; ``counted`` (N,): whether a work has an answer. ``one_of``: rows of ``target`` are
    one-hot and a reading sums to 1; otherwise each class is a share of its own. ``taught`` (N, K) is what models learn from."""

    name: str
    classes: tuple[str, ...]
    target: FloatArray
    counted: np.ndarray[tuple[int], np.dtype[np.bool_]]
    one_of: bool
    taught: FloatArray

    @property
    def labels(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """(N,) the class of each work; only for ``one_of``, and only where ``counted``."""
        return np.asarray(self.target.argmax(1), np.int64)


def group4(works: Works) -> Task:
    """The data's own groups; works without one are not counted."""
    target = np.array([[name == label for name in GROUP4] for label in works.group4], np.float32)
    return Task("group4", GROUP4, target, np.asarray(target.any(1)).reshape(-1), one_of=True, taught=target)


def twenty(works: Works) -> Task:
    """The shares of all twenty emotions, before the picture alone. Models learn from the mean of those and the shares before
    picture and title: other answers of as many people, so that there is less chance in it."""
    taught = np.asarray((works.evoked + works.with_title) / 2, np.float32)
    return Task("twenty", EVOKED, works.evoked, np.ones(len(works), bool), one_of=False, taught=taught)


def thesis(works: Works) -> Task:
    """The thesis's groups: the one with the emotion that most annotators named; ties are not counted."""
    strongest = np.stack(
        [works.evoked[:, [EVOKED.index(name) for name in names]].max(1) for names in THESIS.values()], axis=1
    )
    order = np.sort(strongest, axis=1)
    target = np.eye(len(THESIS), dtype=np.float32)[strongest.argmax(1)]
    return Task("thesis", tuple(THESIS), target, order[:, -1] > order[:, -2], one_of=True, taught=target)


TASKS = {"group4": group4, "twenty": twenty, "thesis": thesis}
