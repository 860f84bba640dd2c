"""Candidate pictures, and which of them is shown: true to what was asked, and unlike those shown before."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.generation.picture_features import AffectScale, likeness
from installation.types import ByteArray, FloatArray

REMEMBERED = 6
"""How many of the last shown pictures a new one should differ from."""
NEWNESS = 0.5
"""What being clearly another picture is worth, in units of affect."""
TOGETHER = 0.25
"""The same for those that are chosen together: less, or the second best would be an odd one."""
EVOKING = 0.25
"""What evoking the emotion asked for by a deviation more is worth, in units of affect."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """``variant`` is whose picture it is; ``affect`` (4,) what was measured in it; ``likeness`` (23,) how it looks; ``answers``
    how far it evokes what it should, in deviations (0 where nobody asked)."""

    variant: int
    affect: FloatArray
    likeness: FloatArray
    answers: float = 0.0

    @classmethod
    def of(cls, variant: int, rgba: ByteArray, scale: AffectScale, answers: float = 0.0) -> Candidate:
        """Measure a picture."""
        return cls(variant, scale(rgba), likeness(rgba), answers)


def misfit(candidate: Candidate, asked: FloatArray) -> float:
    """Root mean square of measured minus asked affect, of (4,) each."""
    return float(np.sqrt(np.square(candidate.affect - asked).mean()))


def newness(candidate: Candidate, shown: Sequence[FloatArray]) -> float:
    """[0, 1]: how unlike the likest of ``shown`` (each (23,)); 1 where none was shown."""
    return min([1.0, *(float(np.linalg.norm(candidate.likeness - before)) for before in shown)])


def score(candidate: Candidate, asked: FloatArray, shown: Sequence[FloatArray]) -> float:
    """Higher is better: newness and what it evokes, less misfit."""
    return NEWNESS * newness(candidate, shown) + EVOKING * candidate.answers - misfit(candidate, asked)


def best(pool: Sequence[Candidate], asked: FloatArray, shown: Sequence[FloatArray], count: int) -> list[Candidate]:
    """The ``count`` best of ``pool``, the best first; each is also to differ from those before it."""
    left, taken = list(pool), list[Candidate]()
    while left and len(taken) < count:
        beside = [candidate.likeness for candidate in taken]
        one = max(left, key=lambda c: score(c, asked, shown) + TOGETHER * newness(c, beside))
        left.remove(one)
        taken.append(one)
    return taken


class KeyChooser:
    """Gathers candidates for the next key of the walk in spare time, and says which is taken when the walk gets there."""

    def __init__(self, count: int) -> None:
        """``count`` candidates are enough; with 1 nothing is chosen."""
        self.count = count
        self._pool: list[Candidate] = []
        self._number = 0
        self._shown: deque[FloatArray] = deque(maxlen=REMEMBERED)

    def next(self, position: float) -> tuple[int, int] | None:
        """(key, variant) of the candidate to measure next; None when there are enough. The walk is at ``position``."""
        number = int(position) + 2
        if number != self._number:
            self._number, self._pool = number, []
        if self.count < 2 or len(self._pool) >= self.count:
            return None
        return number, len(self._pool)

    def measured(self, candidate: Candidate) -> None:
        """One more for the pool."""
        self._pool.append(candidate)

    def take(self, position: float, asked: FloatArray) -> tuple[int, int] | None:
        """(key, variant) to walk through once ``position`` has come within a key of it; None where none was measured."""
        if not self._pool or int(position) + 1 != self._number:
            return None
        (chosen,) = best(self._pool, asked, list(self._shown), 1)
        self._pool = []
        self._shown.append(chosen.likeness)
        return self._number, chosen.variant
