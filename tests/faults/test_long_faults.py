"""Faults that last so long that pauses between tries have grown. Those of different places are on side by side."""

from collections import defaultdict

import pytest

from tests.faults.fault import Fault
from tests.faults.stage import Stage
from tests.faults.table import FAULTS
from tests.faults.timeline import Turn, play

LONG_S = 45.0
APART = {"see": "source", "network": "source", "paint": "source"}
"""Of these places only one at a time: without pictures perception shows none of its trouble, without a network nothing does.
Settings that are saved let painters try at once, so these come where no setting is left to break."""


def groups() -> list[list[Fault]]:
    """All faults that are told, each once, in as few groups as go."""
    found: dict[int, list[Fault]] = defaultdict(list)
    used: dict[str, int] = defaultdict(int)
    for fault in FAULTS:
        if fault.stage:
            place = APART.get(fault.place, fault.place)
            found[used[place]].append(fault)
            used[place] += 1
    return list(found.values())


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("faults", groups(), ids=lambda faults: faults[0].name)
def test_long_faults_side_by_side(stage: Stage, faults: list[Fault]) -> None:
    with stage.piece() as piece:
        turns = [Turn(fault, 0.1 * n, LONG_S) for n, fault in enumerate(faults) if not fault.missing(piece)]
        print(f"{', '.join(map(str, turns))}: all well after {play(piece, turns):.1f} s")
