"""Several faults at once, drawn from a seed: which, when each begins, how long it lasts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.faults.fault import Fault, recover
from tests.faults.piece import Piece

SPREAD_S, SHORTEST_S, LONGEST_S = 2.0, 1.0, 6.0


@dataclass(frozen=True)
class Turn:
    """A fault that is on from ``begin_s`` to ``end_s``, seconds from the timeline's start."""

    fault: Fault
    begin_s: float
    end_s: float

    def __str__(self) -> str:
        return f"{self.fault.name} {self.begin_s:.1f} to {self.end_s:.1f} s"


def timeline(seed: int, faults: Sequence[Fault]) -> list[Turn]:
    """Two to four faults of different places that overlap in time."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 5))
    turns: dict[str, Turn] = {}
    for number in rng.permutation(len(faults)):
        fault = faults[number]
        if fault.place in turns:
            continue
        begin_s = float(rng.uniform(0, SPREAD_S))
        turns[fault.place] = Turn(fault, begin_s, SPREAD_S + float(rng.uniform(SHORTEST_S, LONGEST_S)))
        if len(turns) == count:
            break
    return sorted(turns.values(), key=lambda turn: turn.begin_s)


def play(piece: Piece, turns: Sequence[Turn]) -> float:
    """Make and end the faults in their time, then wait until all is well; gives how long that took, in seconds.

    Raises PieceError. What is on is ended in any case.
    """
    start_s = time.monotonic()
    steps = [(turn.begin_s, True, turn.fault) for turn in turns] + [(turn.end_s, False, turn.fault) for turn in turns]
    on: list[Fault] = []
    try:
        for at_s, begins, fault in sorted(steps, key=lambda step: step[:2]):
            piece.hold(max(0.0, start_s + at_s - time.monotonic()))
            if begins:
                on.append(fault)
                fault.inject(piece)
                piece.look_round()
            else:
                on.remove(fault)
                fault.remove(piece)
    finally:
        for fault in on:
            fault.remove(piece)
    took_s = recover(piece, [turn.fault for turn in turns])
    piece.check(start_s)
    return took_s
