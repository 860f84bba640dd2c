"""Random faults at once. One seed alone: pytest --faults "tests/faults/test_combinations.py::test_faults_at_once[7]"."""

import pytest

from tests.faults.piece import PieceError
from tests.faults.stage import Stage
from tests.faults.table import FAULTS
from tests.faults.timeline import play, timeline

SEEDS = 100


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_faults_at_once(stage: Stage, seed: int) -> None:
    with stage.piece() as piece:
        turns = timeline(seed, [fault for fault in FAULTS if not fault.missing(piece)])
        told = f"seed {seed}: {', '.join(map(str, turns))}"
        try:
            print(f"{told}; all well after {play(piece, turns):.1f} s")
        except PieceError as error:
            raise PieceError(f"{told}: {error}") from None
